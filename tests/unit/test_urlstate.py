from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.explore.state import (
    ExploreState,
    aggregates,
    charts,
    first_look,
    measures,
    settle,
)
from legwise.facets.filters import Choice
from legwise.links import FORMS
from legwise.links.compare import COMPARE
from legwise.links.explore import EXPLORE
from legwise.links.find import FIND, FindState
from legwise.tables.schema import NOT_STATED
from tests.strategies import CATALOGUE, INDEX, SCOPE, STATES, TABLE, asking, find_states, relation


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.page)
def test_the_state_of_a_page_survives_its_link(form):
    @given(STATES[form.page])
    @asking(150)
    def holds(state):
        assert form.decode(form.encode(state, SCOPE), SCOPE) == (state, ())

    holds()


@given(STATES["explore"])
def test_a_state_to_explore_is_a_possible_one(state):
    assert settle(state, relation(state.relation)) == state


@given(find_states)
@asking(50)
def test_encoding_is_canonical(state):
    params = FIND.encode(state, SCOPE)
    assert FIND.encode(FIND.decode(params, SCOPE)[0], SCOPE) == params


@given(
    st.dictionaries(
        st.text(max_size=12)
        | st.sampled_from(
            [
                *TABLE.by_name,
                "q",
                "sort",
                "page",
                "condition",
                "pick",
                "all",
                "symptom",
                "device",
                "type",
            ]
        ),
        st.lists(
            st.text(max_size=30)
            | st.sampled_from(
                ["yes", "..", "1..", "nan..1", "9..1", NOT_STATED, "0", "-1", "²", "1e999.."]
            ),
            max_size=4,
        ),
        max_size=6,
    )
)
@asking(300)
def test_no_link_makes_decoding_raise(params):
    state, _ = FIND.decode(params, SCOPE)
    assert FIND.decode(FIND.encode(state, SCOPE), SCOPE)[0] == state
    INDEX.ask(state.query)
    compared, _ = COMPARE.decode(params, SCOPE)
    assert COMPARE.decode(COMPARE.encode(compared, SCOPE), SCOPE)[0] == compared
    for form in FORMS:
        form.decode(params, SCOPE)


@pytest.mark.parametrize(
    ("params", "name", "value"),
    [
        ({"heat": ["maybe"]}, "heat", "maybe"),
        ({"device_type": ["hover"]}, "device_type", "hover"),
        ({"price_usd": ["cheap"]}, "price_usd", "cheap"),
        ({"price_usd": ["9..1"]}, "price_usd", "9..1"),
        ({"auto_shutoff_min": ["10.5..10.7"]}, "auto_shutoff_min", "10.5..10.7"),
        ({"programs": ["..1e20"]}, "programs", "..1e20"),
        ({"page": ["0"]}, "page", "0"),
        ({"page": ["²"]}, "page", "²"),
        ({"colour": ["red"]}, "colour", "red"),
        ({"pick": ["gone"]}, "pick", "gone"),
        ({"sort": ["source_url"]}, "sort", "source_url"),
        ({"notes": ["x"]}, "notes", "x"),
    ],
)
def test_unknown_parts_of_a_link_are_dropped_and_said(params, name, value):
    state, dropped = FIND.decode({**params, "remote_control": ["yes"]}, SCOPE)
    assert [(item.name, item.value) for item in dropped] == [(name, value)]
    assert state.query.filter("remote_control") == Choice(("yes",))


def test_foreign_parameters_are_nobodys_mistake():
    assert FIND.decode({"utm_source": ["mail"], "fbclid": ["1"]}, SCOPE) == (FindState(), ())


def test_six_items_keep_the_first_five_and_name_the_rest():
    devices = list(CATALOGUE.keys("devices"))[:4]
    state, dropped = COMPARE.decode(
        {"device": devices, "type": ["percussion", "massage_chair"]}, SCOPE
    )
    assert len(state.items) == 5
    assert [(item.name, item.value) for item in dropped] == [("type", "massage_chair")]


def test_an_order_that_does_not_fit_is_said():
    state, dropped = COMPARE.decode(
        {"type": ["percussion", "massage_chair"], "order": ["0,2"]}, SCOPE
    )
    assert state.items == (("type", "percussion"), ("type", "massage_chair"))
    assert [item.name for item in dropped] == ["order"]


def test_a_flood_of_values_is_cut():
    state, _ = FIND.decode({"brand": [f"b{i}" for i in range(10_000)], "q": ["x" * 10_000]}, SCOPE)
    assert len(state.query.text) == 200


def test_the_first_look_at_devices_has_an_empty_link():
    assert EXPLORE.encode(first_look(relation("devices")), SCOPE) == {}
    assert EXPLORE.decode({}, SCOPE)[0] == first_look(relation("devices"))


def test_what_does_not_go_together_is_dropped_and_said():
    params = {
        "group": ["heat"],
        "chart": ["heat_map"],
        "aggregate": ["mean"],
        "measure": ["brand"],
        "where.brand": ["Nobody"],
    }
    state, dropped = EXPLORE.decode(params, SCOPE)
    assert (state.group, state.chart, state.aggregate) == (("heat",), "bar", "mean")
    assert {(item.name, item.value) for item in dropped} == {
        ("chart", "heat_map"),
        ("measure", "brand"),
        ("where.brand", "Nobody"),
    }


@given(
    st.dictionaries(
        st.text(max_size=8) | st.sampled_from(["table", "group", "chart", "x", "where.heat"]),
        st.lists(st.text(max_size=9), max_size=4),
    )
)
def test_any_link_opens_the_explore_page(params):
    state, _ = EXPLORE.decode(params, SCOPE)
    assert settle(state, relation(state.relation)) == state


def test_what_cannot_be_drawn_is_not_offered():
    devices = relation("devices")
    three = ("device_type", "heat", "power")
    assert aggregates(devices, three) == ("rows",)
    assert charts(devices, three, "rows") == ("treemap", "sunburst")
    assert charts(devices, three[:2], "median") == ("bar", "heat_map")
    assert "line" in charts(devices, ("intensity_levels", "heat"), "rows")
    assert "line" not in charts(devices, ("heat",), "rows")
    assert charts(relation("symptoms"), (), "rows") == ()
    assert "brand" not in measures(devices, "mean", ())
    assert "heat" not in measures(devices, "stated", ("heat",))
    assert "level" not in measures(relation("evidence"), "mean", ())
    assert "level" in measures(relation("evidence"), "median", ())


def test_the_number_waits_while_there_are_no_groups():
    devices = relation("devices")
    state = settle(ExploreState(group=("heat",), aggregate="median", measure="price_usd"), devices)
    bare = settle(replace(state, group=()), devices)
    assert settle(replace(bare, group=("power",)), devices).measure == "price_usd"
    decoded, dropped = EXPLORE.decode(EXPLORE.encode(bare, SCOPE), SCOPE)
    assert (decoded, dropped) == (bare, ())


@pytest.mark.parametrize(
    ("params", "lost"),
    [
        ({"group": ["none"], "chart": ["scatter"], "x": ["brand"], "y": ["heat"]}, {"x", "y"}),
        ({"group": ["heat"], "x": ["price_usd"]}, {"x"}),
        ({"where.brand": [f"no brand {number}" for number in range(600)]}, {"where.brand"}),
    ],
)
def test_what_of_a_link_cannot_be_applied_is_said(params, lost):
    _, dropped = EXPLORE.decode(params, SCOPE)
    assert {item.name for item in dropped} == lost


def test_every_brand_can_be_chosen_in_one_link():
    devices = relation("devices")
    state = replace(
        first_look(devices), filters=(("brand", Choice(devices.index.values("brand"))),)
    )
    assert EXPLORE.decode(EXPLORE.encode(state, SCOPE), SCOPE)[0] == state
