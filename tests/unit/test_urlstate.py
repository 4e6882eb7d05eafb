from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legwise.answers.comparison import ROW_CHOICES
from legwise.answers.query import EVIDENCE_STEPS, SYMPTOM, DeviceQuery
from legwise.explore.relations import load_relation, relation_names
from legwise.explore.state import (
    CHARTS,
    ExploreState,
    aggregates,
    charts,
    first_look,
    measures,
    settle,
)
from legwise.facets.filters import Choice, Span
from legwise.links.compare import COMPARE, CompareState
from legwise.links.data import DATA
from legwise.links.explore import EXPLORE
from legwise.links.find import (
    FIND,
    VIEWS,
    FindState,
    column_names,
    feature_names,
    number_names,
    sort_keys,
)
from legwise.links.form import Scope
from legwise.links.risks import RISKS
from legwise.links.symptoms import SYMPTOMS
from legwise.rules.cautions import conditions
from legwise.tables.schema import NOT_STATED
from legwise.text.units import SYSTEMS
from tests.packages import small, small_index
from tests.unit.states import random_state

CATALOGUE = small()
INDEX = small_index()
TABLE = CATALOGUE.package["devices"]
ITEMS = [
    *(("device", key) for key in CATALOGUE.keys("devices")),
    *(("type", key) for key in CATALOGUE.keys("device_types")),
]


@cache
def relation(name):
    return load_relation(CATALOGUE, name)


SCOPE = Scope(CATALOGUE, INDEX, relation)


def in_order(values, most=5):
    """Subsets in vocabulary order: what a page produces."""
    return st.sets(st.sampled_from(list(values)), max_size=most).map(
        lambda chosen: tuple(v for v in values if v in chosen)
    )


def whole(span):
    """Draw the ends in, as a link does for columns of whole numbers."""
    ends = (None if end is None else float(round(end)) for end in (span.low, span.high))
    return Span(*ends, span.not_stated)


def choices(facet):
    values = INDEX.values(facet)
    is_list = facet == SYMPTOM or TABLE[facet].is_list
    return st.builds(
        Choice, in_order(values).filter(bool), st.booleans() if is_list else st.just(False)
    )


numbers = (
    st.none() | st.integers(-1000, 10_000).map(float) | st.floats(0, 1e6).map(lambda x: round(x, 3))
)
spans = (
    st.builds(Span, numbers, numbers, st.booleans())
    .filter(lambda s: s != Span())
    .filter(lambda s: s.low is None or s.high is None or s.low <= s.high)
)


kinds = {"number": spans, "integer": spans.map(whole)}


@st.composite
def queries(draw):
    filters = []
    for field in TABLE.facets:
        if draw(st.integers(0, 4)) == 0:
            filters.append(
                (
                    field.name,
                    draw(kinds[field.type] if field.filter == "range" else choices(field.name)),
                )
            )
    if draw(st.booleans()):
        filters.append((SYMPTOM, draw(choices(SYMPTOM))))
    sort = draw(st.sampled_from(["", *sort_keys(CATALOGUE)]))
    return DeviceQuery(
        filters=tuple(filters),
        text=" ".join(draw(st.text("abc é<>&", max_size=20)).split()),
        evidence=draw(st.sampled_from(list(EVIDENCE_STEPS))),
        directions=draw(in_order(CATALOGUE.package["evidence"]["direction"].labels)),
        conditions=draw(in_order(conditions(CATALOGUE))),
        sort=sort,
        descending=bool(sort) and draw(st.booleans()),
        page=draw(st.integers(1, 999)),
    )


def ids(table, most):
    return st.lists(st.sampled_from(list(CATALOGUE.keys(table))), unique=True, max_size=most).map(
        tuple
    )


find_states = st.builds(
    FindState,
    queries(),
    ids("devices", 5),
    st.sampled_from(VIEWS),
    st.lists(st.sampled_from(column_names(CATALOGUE)), unique=True, max_size=6).map(tuple),
    st.sampled_from(feature_names(CATALOGUE)),
    st.sampled_from(number_names(CATALOGUE)),
    st.sampled_from(number_names(CATALOGUE)),
)


@given(find_states)
@settings(max_examples=150, deadline=None)
def test_find_state_survives_its_link(state):
    decoded, dropped = FIND.decode(FIND.encode(state, SCOPE), SCOPE)
    assert decoded == state
    assert dropped == ()


@given(find_states)
@settings(max_examples=50, deadline=None)
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
@settings(max_examples=300, deadline=None)
def test_no_link_makes_decoding_raise(params):
    state, _ = FIND.decode(params, SCOPE)
    assert FIND.decode(FIND.encode(state, SCOPE), SCOPE)[0] == state
    INDEX.ask(state.query)
    compared, _ = COMPARE.decode(params, SCOPE)
    assert COMPARE.decode(COMPARE.encode(compared, SCOPE), SCOPE)[0] == compared
    SYMPTOMS.decode(params, SCOPE)
    RISKS.decode(params, SCOPE)
    DATA.decode(params, SCOPE)


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


@given(
    st.lists(st.sampled_from(ITEMS), unique=True, max_size=5),
    in_order(conditions(CATALOGUE)),
    st.sampled_from(list(ROW_CHOICES)),
    st.sampled_from(list(SYSTEMS)),
)
@settings(deadline=None)
def test_compare_state_survives_its_link_order_included(items, chosen, rows, units):
    state = CompareState(tuple(items), chosen, rows, units)
    assert COMPARE.decode(COMPARE.encode(state, SCOPE), SCOPE) == (state, ())


def test_an_order_that_does_not_fit_is_said():
    state, dropped = COMPARE.decode(
        {"type": ["percussion", "massage_chair"], "order": ["0,2"]}, SCOPE
    )
    assert state.items == (("type", "percussion"), ("type", "massage_chair"))
    assert [item.name for item in dropped] == ["order"]


def test_a_flood_of_values_is_cut():
    state, _ = FIND.decode({"brand": [f"b{i}" for i in range(10_000)], "q": ["x" * 10_000]}, SCOPE)
    assert len(state.query.text) == 200


@given(
    st.sampled_from(list(relation_names(CATALOGUE.package))),
    st.integers(0, 2**32),
    st.sampled_from(["", *CHARTS]),
)
@settings(max_examples=150, deadline=None)
def test_explore_state_survives_its_link(name, seed, chart):
    chosen = relation(name)
    state = random_state(chosen, Random(seed), chart) if chosen.groupable else first_look(chosen)
    assert settle(state, chosen) == state
    decoded, dropped = EXPLORE.decode(EXPLORE.encode(state, SCOPE), SCOPE)
    assert decoded == state
    assert dropped == ()


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
    assert charts(relation("red_flags"), (), "rows") == ()
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
