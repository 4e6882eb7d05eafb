"""One search over devices, types, symptoms and conditions."""

import pytest

from legwise.answers.names import search_devices
from legwise.answers.search import nearest, search
from legwise.rules.cautions import conditions


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("boots", "types", "air_compression"),
        ("Massage GUN", "types", "percussion"),
        ("swollen legs", "symptoms", "swelling"),
        ("œdema"[1:], "symptoms", "swelling"),
        ("diabet", "conditions", "diabetes"),
    ],
)
def test_everyday_words_find_what_has_a_page(catalogue, text, kind, key):
    assert key in getattr(search(catalogue, text), kind).names


def test_every_word_must_be_there_and_what_starts_with_the_text_comes_first(catalogue):
    assert search(catalogue, "massage zzyzx").total == 0
    names = list(search(catalogue, "foot", most=50).types.names.values())
    starts = [name.startswith("Foot") for name in names]
    assert len(set(starts)) == 2
    assert starts == sorted(starts, reverse=True)


def test_a_search_shows_few_and_counts_all(catalogue):
    few, all_ = search(catalogue, "massage", most=1), search(catalogue, "massage", most=1000)
    for kind in ("devices", "types"):
        short, whole = getattr(few, kind), getattr(all_, kind)
        assert len(short.names) == 1 < whole.total == short.total == len(whole.names)
    ids, total = search_devices(catalogue, "massage", 1000)
    assert (list(all_.devices.names), all_.devices.total) == (ids, total)


def test_conditions_are_those_that_have_a_caution_and_no_words_find_nothing(catalogue):
    every = search(catalogue, "e", most=1000).conditions.names
    assert every
    assert set(every) <= set(conditions(catalogue)) < set(catalogue.keys("risk_factors"))
    assert search(catalogue, "  ").total == 0


def test_commas_stand_between_words(catalogue):
    assert search(catalogue, "boots,massager") == search(catalogue, "boots massager")
    assert search(catalogue, "boots,massager").total > 0
    assert search_devices(catalogue, "massage, foot") == search_devices(catalogue, "massage foot")


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("boots, swollen legs, diabetes", "types", "air_compression"),
        ("boots, swollen legs, diabetes", "symptoms", "swelling"),
        ("boots, swollen legs, diabetes", "conditions", "diabetes"),
        ("my legs hurt", "symptoms", "pain"),
        ("diabetis", "conditions", "diabetes"),
        ("compresion boots", "types", "air_compression"),
        ("bouts", "types", "air_compression"),
        ("“boots”/massager!", "types", "air_compression"),
    ],
)
def test_what_nothing_has_as_a_whole_leads_to_what_comes_nearest(catalogue, text, kind, key):
    assert search(catalogue, text).total == 0
    assert key in getattr(nearest(catalogue, text), kind).names


def test_what_comes_nearest_has_most_words_and_none_is_lost(catalogue):
    near = nearest(catalogue, "shiatsu foot zzyzx", most=50)
    # Others have "foot" alone.
    assert set(near.types.names) == {"shiatsu_foot_calf"}
    assert near.devices.total == 0
    both = nearest(catalogue, "shiatsu foot boots", most=50).types.names
    assert set(both) == {"shiatsu_foot_calf", "air_compression"}
    few = nearest(catalogue, "massager zzyzx", most=1).types
    assert len(few.names) == 1 < few.total


@pytest.mark.parametrize("text", ["help me", "for the of", "e", "no", "zzyzx qqq", "“,;”", ""])
def test_small_and_strange_words_come_near_to_nothing(catalogue, text):
    assert nearest(catalogue, text).total == 0
