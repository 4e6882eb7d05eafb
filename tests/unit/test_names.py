import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.names import search_devices
from legwise.answers.searched import fold
from legwise.tables.catalogue import Catalogue
from tests.packages import small

CATALOGUE = small()
DEVICES, TYPES = CATALOGUE.package["devices"], CATALOGUE.package["device_types"]
#: Whole words, parts of words, and words that no device has.
WORDS = sorted(
    {
        part
        for device in CATALOGUE.keys("devices")
        for word in fold(CATALOGUE.device_name(device)).split()
        for part in (word, word[:2], word[1:3])
    }
    | {"boots", "compression", "massage", "zzz", "é", "Z"}
)


def ranks(device, words):
    """Return the rank of each word, counted in a plain way."""
    row = CATALOGUE.row("devices", device)
    kind = CATALOGUE.row("device_types", row["device_type"])
    family = TYPES["family"].labels[kind["family"]]
    name = [fold(str(row[column])) for column in DEVICES.named_by if not pd.isna(row[column])]
    called = fold(" ".join([kind["name"], *kind["also_called"], family]))
    for word in map(fold, words):
        if any(f" {word}" in f" {part}" for part in name):
            yield 3
        elif any(word in part for part in name):
            yield 2
        else:
            yield int(word in called)


@given(st.lists(st.sampled_from(WORDS), max_size=3), st.integers(1, 12))
def test_a_search_by_name_is_the_plain_search(words, most):
    ids, total = search_devices(CATALOGUE, " ".join(words), most)
    by_device = {device: list(ranks(device, words)) for device in CATALOGUE.keys("devices")}

    def order(device):
        return (-sum(by_device[device]), -CATALOGUE.stated(DEVICES, device)[0])

    expected = sorted((device for device, its in by_device.items() if all(its)), key=order)
    assert (ids, total) == (expected[:most], len(expected))


def test_everyday_words_find_devices_and_brands_come_first():
    ids, total = search_devices(CATALOGUE, "BOOTS")
    types = {CATALOGUE.row("devices", device)["device_type"] for device in ids}
    assert types == {"air_compression"}
    assert total == len(ids)
    ids, _ = search_devices(CATALOGUE, "norma boots")
    assert "Normatec" in CATALOGUE.device_name(ids[0])


@pytest.fixture
def large():
    """A hundred thousand products, of a few names each."""
    devices = CATALOGUE["devices"]
    many = devices.iloc[np.resize(np.arange(len(devices)), 100_000)].reset_index(drop=True)
    number = many.index.astype(str)
    many = many.assign(device_id=many["device_id"] + "-" + number, model="Model " + number)
    return Catalogue(CATALOGUE.package, {**CATALOGUE.tables, "devices": many})


def test_a_hundred_thousand_products_are_searched_and_fifty_are_returned(large):
    ids, total = search_devices(large, "model 999")
    assert len(ids) == 50
    assert total == sum("999" in str(number) for number in range(100_000))
    assert "Model 999" in large.device_name(ids[0])
