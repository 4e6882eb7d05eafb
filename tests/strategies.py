"""Hypothesis strategies for the states of every page, on the small package."""

from __future__ import annotations

from functools import cache

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from legwise.answers.comparison import NOTHING, ROW_CHOICES
from legwise.answers.query import EVIDENCE_STEPS, SYMPTOM, DeviceQuery
from legwise.answers.risk_factors import EVERY, LARGEST, outcomes
from legwise.explore.relations import load_relation, relation_names
from legwise.explore.state import (
    ADDITIVE,
    CHARTS,
    MOST_GROUPS,
    SIDES,
    ExploreState,
    aggregates,
    first_look,
    measures,
    settle,
    shown_fields,
    side_columns,
)
from legwise.facets.filters import Choice, DateSpan, Span, span_of
from legwise.links.compare import CompareState
from legwise.links.data import DATA_VIEWS, DataState
from legwise.links.detail import DetailState
from legwise.links.find import (
    VIEWS,
    FindState,
    column_names,
    feature_names,
    number_names,
    sort_keys,
)
from legwise.links.form import Scope
from legwise.links.home import HomeState
from legwise.links.match import SIGNS, MatchState, area_names
from legwise.links.risks import (
    MOST_SIDE_BY_SIDE,
    RISK_TABS,
    RisksState,
    circulation_factors,
    flow_factors,
)
from legwise.links.symptoms import MAP_VIEWS, SYMPTOM_TABS, SymptomsState
from legwise.rules.cautions import conditions
from legwise.rules.findings import EvidenceFilter
from legwise.rules.shortlist import BY, Wish
from legwise.rules.verdicts import subjects
from legwise.text.units import SYSTEMS
from tests.packages import small, small_index

CATALOGUE = small()
INDEX = small_index()
TABLE = CATALOGUE.package["devices"]
EVIDENCE = CATALOGUE.package["evidence"]
ITEMS = [
    *(("device", key) for key in CATALOGUE.keys("devices")),
    *(("type", key) for key in CATALOGUE.keys("device_types")),
    NOTHING,
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
    return Span(*ends, span.not_stated)  # type: ignore[call-arg]


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
    st.sampled_from(number_names(CATALOGUE)),
    st.sampled_from(feature_names(CATALOGUE)),
    st.sampled_from(number_names(CATALOGUE)),
    st.sampled_from(number_names(CATALOGUE)),
)

#: The state of the comparison: any items in any order.
compare_states = st.builds(
    CompareState,
    st.lists(st.sampled_from(ITEMS), unique=True, max_size=5).map(tuple),
    in_order(conditions(CATALOGUE)),
    st.sampled_from(list(ROW_CHOICES)),
    st.sampled_from(list(SYSTEMS)),
)

evidence_filters = st.builds(
    EvidenceFilter,
    max_level=st.sampled_from([1, 2, 3, 4]),
    direct=st.booleans(),
    populations=in_order(EVIDENCE["population_group"].labels),
    designs=in_order(EVIDENCE["design"].labels),
    directions=in_order(EVIDENCE["direction"].labels),
    year_from=st.none() | st.integers(1990, 2030),
    claims=st.booleans(),
)
symptoms_states = st.builds(
    SymptomsState,
    st.sampled_from(["", *(subject.id for subject in subjects(CATALOGUE))]),
    st.sampled_from(["", *CATALOGUE.keys("symptoms")]),
    evidence_filters,
    st.sampled_from(MAP_VIEWS),
    st.sampled_from(list(SYMPTOM_TABS)),
)

risks_states = st.builds(
    RisksState,
    in_order(conditions(CATALOGUE)),
    in_order(CATALOGUE.package["risk_factors"]["kind"].labels),
    in_order(CATALOGUE.package["risk_factors"]["modifiable"].labels),
    st.booleans(),
    st.lists(
        st.sampled_from(circulation_factors(CATALOGUE)), unique=True, max_size=MOST_SIDE_BY_SIDE
    ).map(tuple),
    st.sampled_from(flow_factors(CATALOGUE)),
    st.sampled_from([LARGEST, EVERY, *outcomes(CATALOGUE)]),
    st.sampled_from(list(RISK_TABS)),
)

match_states = st.builds(
    MatchState,
    st.builds(
        Wish,
        in_order(CATALOGUE.keys("symptoms")),
        in_order(conditions(CATALOGUE)),
        in_order(feature_names(CATALOGUE)),
        st.none() | st.integers(1, 20_000).map(float),
        st.sampled_from(list(BY)),
        in_order(area_names(CATALOGUE)),
    ),
    st.sampled_from(["", *SIGNS]),
)

data_states = st.builds(
    DataState, st.sampled_from(list(DATA_VIEWS)), st.sampled_from(list(CATALOGUE.package.by_name))
)

device_states = st.builds(
    DetailState,
    st.sampled_from(["", *CATALOGUE.keys("devices")]),
    in_order(conditions(CATALOGUE)),
)
type_states = st.builds(
    DetailState,
    st.sampled_from(["", *CATALOGUE.keys("device_types")]),
    in_order(conditions(CATALOGUE)),
)

#: Charts of groups → the fewest and the most groups that they take.
GROUPS = {"bar": (1, 2), "stacked": (2, 2), "heat_map": (2, 2), "line": (1, 2)}


@st.composite
def explore_filters(draw, explored, field):
    """A filter of a column: bounds that its cells have, or some of its values."""
    if field.filter == "range":
        kind = span_of(field)
        cells = sorted(explored.frame[field.name].dropna())
        cells = [cell.date() if kind is DateSpan else float(cell) for cell in cells]
        low, high = sorted(draw(st.sampled_from(cells)) for _ in "ab") if cells else (None, None)
        ends = [(low, high), (low, None), (None, high), (None, None)]
        span = kind(*draw(st.sampled_from(ends)), draw(st.booleans()))  # type: ignore[call-arg]
        return span if not span.empty else kind(not_stated=True)
    values = draw(in_order(explored.index.values(field.name), most=20).filter(bool))
    return Choice(values, field.is_list and draw(st.booleans()))


@st.composite
def explore_states(draw, explored=None, chart=None):
    """A possible state of the explore page, of that table and chart as far as it can have it."""
    explored = explored or relation(draw(st.sampled_from(list(relation_names(CATALOGUE.package)))))
    if not explored.groupable:
        return first_look(explored)
    chart = draw(st.sampled_from(["", *CHARTS])) if chart is None else chart
    facets = list(explored.table.facets)
    filtered = draw(st.lists(st.sampled_from(facets), unique=True, max_size=3)) if facets else []
    state = ExploreState(
        relation=explored.name,
        columns=draw(in_order([field.name for field in shown_fields(explored)], most=8)),
        filters=tuple(
            (field.name, draw(explore_filters(explored, field)))
            for field in facets
            if field in filtered
        ),
        chart=chart,
    )
    if chart in SIDES or (not chart and draw(st.booleans())):
        sides = {
            side: draw(st.sampled_from([*side_columns(explored, role), ""]))
            for side, role in SIDES.get(chart, {}).items()
        }
        return settle(ExploreState(**{**vars(state), **sides}), explored)
    group = draw(explore_groups(explored, chart))
    additive = chart in GROUPS and chart != "stacked"
    possible = [key for key in aggregates(explored, group) if additive or key in ADDITIVE]
    aggregate = draw(st.sampled_from(possible))
    of = measures(explored, aggregate, group)
    measure = draw(st.sampled_from(of)) if of else ""
    made = {"group": group, "aggregate": aggregate, "measure": measure}
    return settle(ExploreState(**{**vars(state), **made}), explored)


@st.composite
def explore_groups(draw, explored, chart):
    """The columns to group by; a line needs one with an order first."""
    names = [field.name for field in explored.groupable]
    fewest, most = GROUPS.get(chart, (1, MOST_GROUPS))
    size = {"min_size": min(fewest, len(names)), "max_size": min(most, len(names))}
    group = draw(st.lists(st.sampled_from(names), unique=True, **size))
    ordered = [
        field.name for field in explored.groupable if field.is_numeric or field.type == "date"
    ]
    if chart == "line" and ordered:
        first = draw(st.sampled_from(ordered))
        group = [first, *(name for name in group if name != first)][:most]
    return tuple(group)


home_states = st.builds(
    HomeState,
    st.text("abc é<>&", max_size=20).map(lambda text: " ".join(text.split())),
    in_order(area_names(CATALOGUE)),
)

#: Page → its states.
STATES = {
    "app": home_states,
    "find": find_states,
    "compare": compare_states,
    "symptoms": symptoms_states,
    "risks": risks_states,
    "match": match_states,
    "explore": explore_states(),
    "data": data_states,
    "device": device_states,
    "type": type_states,
}


def asking(number: int) -> settings:
    """Ask a test that many questions, or a few in the profile ``fast``."""
    is_fast = settings.get_current_profile_name() == "fast"
    return settings(max_examples=settings().max_examples if is_fast else number, deadline=None)


def examples(strategy, number):
    """Return as many examples, the same in every run: to be worked on all at once."""
    drawn = []

    @settings(max_examples=number, derandomize=True, database=None, phases=[Phase.generate])
    @given(strategy)
    def draw(example):
        drawn.append(example)

    draw()
    return drawn
