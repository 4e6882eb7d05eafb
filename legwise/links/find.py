"""The form of the find page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from legwise.answers.query import BY_FACTS, EVIDENCE_STEPS, SYMPTOM, DeviceQuery
from legwise.links.compare import MOST_COMPARED
from legwise.links.filters import Facets
from legwise.links.form import (
    CONDITIONS,
    Accepted,
    Form,
    OneOf,
    Scope,
    Several,
    SomeOf,
    Text,
    Values,
    Whole,
    Widgets,
    param,
    part,
)
from legwise.links.params import Params, Reader
from legwise.tables.catalogue import Catalogue

VIEWS = ("table", "cards", "charts")


def feature_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the yes/no columns a chart can show."""
    facets = catalogue.package["devices"].facets
    return tuple(item.name for item in facets if item.filter == "yes_no")


def number_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the number columns a chart can show."""
    facets = catalogue.package["devices"].facets
    return tuple(item.name for item in facets if item.filter == "range")


def column_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the columns the device list can show besides a product's name and summary."""
    table = catalogue.package["devices"]
    heads = (*table.named_by, table.summary)
    return tuple(
        item.name
        for item in table.fields
        if item.group and item.group != "sources" and item.name not in heads
    )


def sort_keys(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the columns to sort by; :data:`~legwise.answers.query.BY_FACTS` comes first."""
    table = catalogue.package["devices"]
    fields = (item for item in table.fields if item.group and (item.filter or item.search))
    return (BY_FACTS, *(item.name for item in fields))


class Order(OneOf):
    """The column to sort by; a minus before it means descending."""

    def accepted(self, name: str, default: Any, scope: Scope) -> dict[str, Accepted]:
        words = "Column to sort by; a minus before it means descending"
        return {name: {"description": words, **self.schema(default, scope)}}

    def encode(self, name: str, values: Values, default: Any, scope: Scope) -> Params:
        return {name: [_signed(values)]} if values[name] else {}

    def decode(self, name: str, reader: Reader, default: Any, scope: Scope) -> Values:
        return _order(self.read(reader, name, default, scope))

    def seed(self, key: str, name: str, values: Values, scope: Scope) -> Widgets:
        return {key: _signed(values)}

    def hear(self, key: str, name: str, widgets: Widgets, default: Any, scope: Scope) -> Values:
        return _order(widgets[key])


def _signed(values: Values) -> str:
    return f"-{values['sort']}" if values["descending"] else values["sort"]


def _order(text: str) -> Values:
    return {"sort": text.lstrip("-"), "descending": text.startswith("-")}


@dataclass(frozen=True)
class FindState:
    """The query, the devices picked for comparison, the view, its columns and charts.

    Empty ``columns`` means the usual ones. The charts show ``number`` and ``feature`` by type, and
    ``x`` against ``y``.
    """

    query: DeviceQuery = part(
        DeviceQuery,
        filters=Facets(extra=((SYMPTOM, "symptom"),)),
        text=Text(link="q"),
        evidence=OneOf("step of evidence", known=EVIDENCE_STEPS),
        directions=SomeOf(
            "direction",
            link="direction",
            known=lambda s: s.catalogue.package["evidence"]["direction"].labels,
        ),
        conditions=CONDITIONS,
        sort=Order(
            "column to sort by",
            known=lambda s: [sign + key for key in sort_keys(s.catalogue) for sign in ("", "-")],
        ),
        page=Whole(),
    )
    picks: tuple[str, ...] = param(
        (),
        Several(
            "device", link="pick", known=lambda s: s.catalogue.keys("devices"), most=MOST_COMPARED
        ),
    )
    view: str = param("table", OneOf("view", known=VIEWS))
    columns: tuple[str, ...] = param(
        (),
        Several(
            "column",
            link="column",
            known=lambda s: column_names(s.catalogue),
            usual=lambda s: s.catalogue.package["devices"].listed,
        ),
    )
    number: str = param(
        "price_usd", OneOf("number column", known=lambda s: number_names(s.catalogue))
    )
    feature: str = param("heat", OneOf("feature", known=lambda s: feature_names(s.catalogue)))
    x: str = param(
        "pressure_min_mmhg", OneOf("number column", known=lambda s: number_names(s.catalogue))
    )
    y: str = param(
        "pressure_max_mmhg", OneOf("number column", known=lambda s: number_names(s.catalogue))
    )


def _first_page(state: FindState, before: FindState, scope: Scope) -> FindState:
    """Go back to the first page when the question changes."""
    if replace(state.query, page=1) == replace(before.query, page=1):
        return state
    return replace(state, query=replace(state.query, page=1))


FIND = Form("find", FindState, settle=_first_page)
