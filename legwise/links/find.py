"""The find page ⇄ its link."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from legwise.answers.devices import FacetIndex
from legwise.answers.query import BY_FACTS, EVIDENCE_STEPS, SYMPTOM, DeviceQuery
from legwise.facets.filters import Choice, Filter, Span
from legwise.facets.index import TableIndex
from legwise.links.compare import MOST_COMPARED
from legwise.links.params import Dropped, Params, Reader, put
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED

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
            params[prefix + name] = [
                *([str(item)] if item.bounded else []),
                *([NOT_STATED] if item.not_stated else []),
            ]
    put(
        params,
        "all",
        [name for name, item in filters if isinstance(item, Choice) and item.match_all],
    )
    return params


def read_filters(
    reader: Reader, index: TableIndex, match_all: Collection[str], prefix: str = ""
) -> list[tuple[str, Filter]]:
    """Take the filters of a table's columns out of ``reader``, in the order of the columns."""
    filters: list[tuple[str, Filter]] = []
    for facet in index.table.facets:
        if facet.filter == "range":
            span = reader.span(prefix + facet.name, whole=facet.type == "integer")
            if span != Span():
                filters.append((facet.name, span))
        else:
            values = reader.choices(
                prefix + facet.name, index.values(facet.name), f"value of “{facet.title}”"
            )
            if values:
                filters.append((facet.name, Choice(values, facet.name in match_all)))
    return filters


def read_match_all(reader: Reader, index: TableIndex, *more: str) -> tuple[str, ...]:
    """Take the names of the list filters that want all of their values out of ``reader``."""
    return reader.choices(
        "all",
        [*(facet.name for facet in index.table.facets if facet.is_list), *more],
        "list filter",
    )


def encode_query(query: DeviceQuery) -> Params:
    """Link parameters of a query; defaults left out."""
    params = encode_filters(query.filters)
    put(params, "q", [query.text] if query.text else [])
    put(params, "evidence", [query.evidence] if query.evidence != "claimed" else [])
    put(params, "direction", list(query.directions))
    put(params, "condition", list(query.conditions))
    put(
        params, "sort", [f"-{query.sort}" if query.descending else query.sort] if query.sort else []
    )
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


def decode_find(
    params: Mapping[str, Collection[str]], index: FacetIndex
) -> tuple[FindState, tuple[Dropped, ...]]:
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
    sort = reader.one(
        "sort",
        [sign + name for name in sort_keys(catalogue) for sign in ("", "-")],
        "column to sort by",
        "",
    )
    return DeviceQuery(
        filters=tuple(filters),
        text=reader.text("q"),
        evidence=reader.one("evidence", list(EVIDENCE_STEPS), "step of evidence", "claimed"),
        directions=reader.choices(
            "direction", list(catalogue.package["evidence"]["direction"].labels), "direction"
        ),
        conditions=reader.choices("condition", list(conditions(catalogue)), "condition"),
        sort=sort.lstrip("-"),
        descending=sort.startswith("-"),
        page=reader.whole("page", 1),
    )


def feature_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Yes/no columns a chart can show."""
    return tuple(
        item.name for item in catalogue.package["devices"].facets if item.filter == "yes_no"
    )


def number_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Number columns a chart can show."""
    return tuple(
        item.name for item in catalogue.package["devices"].facets if item.filter == "range"
    )


def column_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Columns the device list can show, besides the product's name and what it is in short."""
    return tuple(
        item.name
        for item in catalogue.package["devices"].fields
        if item.group and item.group != "sources" and item.name not in ("brand", "model", "summary")
    )


def sort_keys(catalogue: Catalogue) -> tuple[str, ...]:
    """Columns the device list can be ordered by; :data:`~legwise.answers.query.BY_FACTS` first."""
    table = catalogue.package["devices"]
    return (
        BY_FACTS,
        *(item.name for item in table.fields if item.group and (item.filter or item.search)),
    )
