import pytest

from legwise.answers.query import SYMPTOM, DeviceQuery, describe
from legwise.facets.filters import Choice, Span


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (DeviceQuery(), "12 of 234 devices"),
        (
            DeviceQuery(filters=(("heat", Choice(("yes",))), ("remote_control", Choice(("yes",))))),
            "12 of 234 devices with heat and a remote control",
        ),
        (
            DeviceQuery(filters=(("heat", Choice(("yes", "not_stated"))),)),
            "12 of 234 devices with heat or not stated",
        ),
        (
            DeviceQuery(filters=(("techniques", Choice(("kneading", "rolling"), True)),)),
            "12 of 234 devices with techniques Kneading (shiatsu) and Rolling",
        ),
        (
            DeviceQuery(filters=(("weight_kg", Span(high=2)),)),
            "12 of 234 devices with weight at most 2 kg",
        ),
        (
            DeviceQuery(filters=(("weight_kg", Span(1, 2.5, True)),)),
            "12 of 234 devices with weight 1 to 2.5 kg or not stated",
        ),
        (
            DeviceQuery(filters=(("weight_kg", Span(not_stated=True)),)),
            "12 of 234 devices, weight not stated",
        ),
        (
            DeviceQuery(filters=(("fsa_hsa_eligible", Choice(("yes",))),)),
            "12 of 234 devices that are FSA / HSA eligible",
        ),
        (
            DeviceQuery(
                filters=(
                    ("device_type", Choice(("foot_bath", "percussion"))),
                    ("heat", Choice(("yes",))),
                    ("washable", Choice(("yes",))),
                    ("remote_control", Choice(("no",))),
                    ("cordless", Choice(("no", "not_stated"))),
                    ("recalled", Choice(("not_stated",))),
                ),
                text="boots",
            ),
            "12 of 234 devices of type Foot bath with massage or Percussion massager, with heat, "
            "that are washable, without a remote control, that are not cordless or not stated, "
            "recalled not stated, matching “boots”",
        ),
        (DeviceQuery(text=" normatec "), "12 of 234 devices matching “normatec”"),
        (
            DeviceQuery(
                filters=((SYMPTOM, Choice(("swelling",))),),
                evidence="randomised",
                directions=("benefit",),
            ),
            "12 of 234 devices whose type targets Swelling (oedema) "
            "(studied in randomised trials or reviews of them, with findings that point to benefit)",  # noqa: E501
        ),
    ],
)
def test_a_query_is_said_back_in_words(catalogue, query, words):
    assert describe(query, catalogue, 12, 234) == words


def test_clearing_takes_filters_only():
    query = DeviceQuery(
        filters=(("heat", Choice(("yes",))),),
        text="x",
        conditions=("diabetes",),
        sort="weight_kg",
        page=3,
    )
    cleared = query.cleared()
    assert cleared.filters == ()
    assert (cleared.text, cleared.conditions, cleared.sort, cleared.page) == (
        "x",
        ("diabetes",),
        "weight_kg",
        1,
    )


def test_an_empty_filter_is_no_filter():
    assert (
        DeviceQuery().with_filter("heat", Choice(()))
        == DeviceQuery().with_filter("weight_kg", Span())
        == DeviceQuery()
    )
