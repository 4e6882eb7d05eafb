"""Page states ⇄ link parameters: pure, total and canonical.

``encode_*`` turns a state into ``dict[str, list[str]]`` and leaves defaults out. ``decode_*`` takes any
such dictionary, never raises, and returns the state together with what it had to drop and why, so that a
page can say so. ``decode(encode(state)) == state`` holds for every state a page can produce.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from legwise.catalogue import Catalogue
from legwise.comparison import ROW_CHOICES, RowChoice
from legwise.facets import FacetIndex
from legwise.index import TableIndex
from legwise.query import BY_FACTS, EVIDENCE_STEPS, SYMPTOM, Choice, DeviceQuery, Filter, Span
from legwise.safety import conditions
from legwise.schema import NOT_STATED
from legwise.units import SYSTEMS, System
from legwise.urlreader import Dropped, Params, Reader, put

#: Most items a comparison holds: more columns than that cannot be read side by side.
MOST_COMPARED = 5
VIEWS = ("table", "cards", "charts")


@dataclass(frozen=True)
class FindState:
    """State of the find page: the query, the devices picked for comparison, the view, its columns and chart.

    Empty ``columns`` stands for the default ones; ``feature``, ``x`` and ``y`` are what the charts show.
    """

    query: DeviceQuery = field(default_factory=DeviceQuery)
    picks: tuple[str, ...] = ()
    view: str = "table"
    columns: tuple[str, ...] = ()
    feature: str = "heat"
    x: str = "pressure_min_mmhg"
    y: str = "pressure_max_mmhg"


def encode_filters(filters: Sequence[tuple[str, Filter]], prefix: str = "") -> Params:
    """Link parameters of filters: a parameter a column, named with ``prefix`` before it."""
    params: Params = {}
    for name, item in filters:
        if isinstance(item, Choice):
            params[prefix + name] = list(item.values)
        else:
            params[prefix + name] = [*([str(item)] if item.bounded else []), *([NOT_STATED] if item.not_stated else [])]
    put(params, "all", [name for name, item in filters if isinstance(item, Choice) and item.match_all])
    return params


def read_filters(reader: Reader, index: TableIndex, match_all: Collection[str], prefix: str = "") -> list[tuple[str, Filter]]:
    """Take the filters of a table's columns out of ``reader``, in the order of the columns."""
    filters: list[tuple[str, Filter]] = []
    for facet in index.table.facets:
        if facet.filter == "range":
            span = reader.span(prefix + facet.name, whole=facet.type == "integer")
            if span != Span():
                filters.append((facet.name, span))
        else:
            values = reader.choices(prefix + facet.name, index.values(facet.name), f"value of “{facet.title}”")
            if values:
                filters.append((facet.name, Choice(values, facet.name in match_all)))
    return filters


def read_match_all(reader: Reader, index: TableIndex, *more: str) -> tuple[str, ...]:
    """Take the names of the list filters that want all of their values out of ``reader``."""
    return reader.choices("all", [*(facet.name for facet in index.table.facets if facet.is_list), *more], "list filter")


def encode_query(query: DeviceQuery) -> Params:
    """Link parameters of a query; defaults left out."""
    params = encode_filters(query.filters)
    put(params, "q", [query.text] if query.text else [])
    put(params, "evidence", [query.evidence] if query.evidence != "claimed" else [])
    put(params, "direction", list(query.directions))
    put(params, "condition", list(query.conditions))
    put(params, "sort", [f"-{query.sort}" if query.descending else query.sort] if query.sort else [])
    put(params, "page", [str(query.page)] if query.page > 1 else [])
    return params


def encode_find(state: FindState) -> Params:
    """Link parameters of the find page."""
    params = encode_query(state.query)
    put(params, "view", [state.view] if state.view != "table" else [])
    put(params, "column", list(state.columns))
    for name, value in (("feature", state.feature), ("x", state.x), ("y", state.y)):
        put(params, name, [value] if value != getattr(FindState, name) else [])
    put(params, "pick", list(state.picks))
    return params


def decode_find(params: Mapping[str, Collection[str]], index: FacetIndex) -> tuple[FindState, tuple[Dropped, ...]]:
    """Read the state of the find page from a link."""
    reader = Reader(params)
    picks = reader.ids("pick", index.catalogue.keys("devices"), "device", MOST_COMPARED)
    state = FindState(
        query=read_query(reader, index),
        picks=picks,
        view=reader.one("view", VIEWS, "view", "table"),
        columns=reader.ids("column", column_names(index.catalogue), "column"),
        feature=reader.one("feature", feature_names(index.catalogue), "feature", FindState.feature),
        x=reader.one("x", number_names(index.catalogue), "number column", FindState.x),
        y=reader.one("y", number_names(index.catalogue), "number column", FindState.y),
    )
    return state, reader.finish()


def read_query(reader: Reader, index: FacetIndex) -> DeviceQuery:
    """Take the parameters of a query out of ``reader``."""
    catalogue = index.catalogue
    match_all = read_match_all(reader, index, SYMPTOM)
    filters = read_filters(reader, index, match_all)
    symptoms = reader.choices(SYMPTOM, list(catalogue.names("symptoms")), "symptom")
    if symptoms:
        filters.append((SYMPTOM, Choice(symptoms, SYMPTOM in match_all)))
    sort = reader.one("sort", [sign + name for name in sort_keys(catalogue) for sign in ("", "-")], "column to sort by", "")
    return DeviceQuery(
        filters=tuple(filters),
        text=reader.text("q"),
        evidence=reader.one("evidence", list(EVIDENCE_STEPS), "step of evidence", "claimed"),
        directions=reader.choices("direction", list(catalogue.package["evidence"]["direction"].labels), "direction"),
        conditions=reader.choices("condition", list(conditions(catalogue)), "condition"),
        sort=sort.lstrip("-"),
        descending=sort.startswith("-"),
        page=reader.whole("page", 1),
    )


def feature_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Yes/no columns a chart can show."""
    return tuple(item.name for item in catalogue.package["devices"].facets if item.filter == "yes_no")


def number_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Number columns a chart can show."""
    return tuple(item.name for item in catalogue.package["devices"].facets if item.filter == "range")


def column_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Columns the device list can show, besides the product's name and what it is in short."""
    return tuple(
        item.name
        for item in catalogue.package["devices"].fields
        if item.group and item.group != "sources" and item.name not in ("brand", "model", "summary")
    )


def sort_keys(catalogue: Catalogue) -> tuple[str, ...]:
    """Columns the device list can be ordered by; :data:`~legwise.query.BY_FACTS` first."""
    table = catalogue.package["devices"]
    return (BY_FACTS, *(item.name for item in table.fields if item.group and (item.filter or item.search)))


@dataclass(frozen=True)
class CompareState:
    """State of the compare page: ``items`` are (kind, id) pairs in column order, kind being device or type."""

    items: tuple[tuple[str, str], ...] = ()
    conditions: tuple[str, ...] = ()
    rows: RowChoice = "all"
    units: System = "metric"


def encode_compare(state: CompareState) -> Params:
    """Link parameters of the compare page; ``order`` only where types stand before devices."""
    params: Params = {}
    natural = sorted(state.items, key=lambda item: ("device", "type").index(item[0]))
    for kind in ("device", "type"):
        put(params, kind, [key for own, key in natural if own == kind])
    order = [natural.index(item) for item in state.items]
    put(params, "order", [",".join(map(str, order))] if order != sorted(order) else [])
    put(params, "condition", list(state.conditions))
    put(params, "rows", [state.rows] if state.rows != "all" else [])
    put(params, "units", [state.units] if state.units != "metric" else [])
    return params


def decode_compare(params: Mapping[str, Collection[str]], catalogue: Catalogue) -> tuple[CompareState, tuple[Dropped, ...]]:
    """Read the state of the compare page from a link; devices stand before types unless it names an order."""
    reader = Reader(params)
    devices = reader.ids("device", catalogue.keys("devices"), "device", MOST_COMPARED)
    types = reader.ids("type", catalogue.keys("device_types"), "device type", MOST_COMPARED)
    items = [*(("device", key) for key in devices), *(("type", key) for key in types)]
    for kind, key in items[MOST_COMPARED:]:
        reader.drop(kind, key, f"only {MOST_COMPARED} can be shown at once")
    items = items[:MOST_COMPARED]
    for order in reader.values("order"):
        places = order.split(",")
        if sorted(places) == [str(place) for place in range(len(items))]:
            items = [items[int(place)] for place in places]
        else:
            reader.drop("order", order, "it does not name each item once")
    state = CompareState(
        items=tuple(items),
        conditions=reader.choices("condition", list(conditions(catalogue)), "condition"),
        rows=cast(RowChoice, reader.one("rows", list(ROW_CHOICES), "choice of rows", "all")),
        units=cast(System, reader.one("units", list(SYSTEMS), "system of units", "metric")),
    )
    return state, reader.finish()
