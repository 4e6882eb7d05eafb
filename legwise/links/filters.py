"""The filters of a table as one parameter: a link parameter and a few widgets per column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from legwise.facets.filters import Choice, Filter, Range, span_of
from legwise.facets.index import Index
from legwise.links.form import MOST_LISTED, Accepted, Kind, Scope, Values, Widgets, listed
from legwise.links.params import Params, Reader
from legwise.tables.schema import NOT_STATED, Field

Filters = tuple[tuple[str, Filter], ...]
#: Link parameter that names the list columns where a row must have all chosen values.
ALL = "all"


def facet_key(page: str, name: str, part: str) -> str:
    """Return the session key of a widget; ``page`` names the page, or the page and its table."""
    return f"{page}.{name}.{part}"


def value_key(page: str, name: str, value: str) -> str:
    """Return the session key of the box of one value; no value can clash with another part."""
    return facet_key(page, name, f"value.{value}")


@dataclass(frozen=True)
class Facets(Kind):
    """The filters of a table's columns, in the order of the columns.

    ``index`` gives the table, ``page`` the first part of the widgets' keys, ``prefix`` goes before
    the name of a column in the link. ``extra`` are facets that are not columns: name → its word.
    """

    index: Callable[[Scope], Index] = lambda scope: scope.index
    page: Callable[[Scope], str] = lambda scope: "find"
    prefix: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def names(self, name: str) -> tuple[str, ...]:
        return (*dict(self.extra), ALL)

    def columns(self, scope: Scope) -> tuple[str, ...]:
        if self.prefix:
            return ()
        return tuple(field.name for field in self.index(scope).table.facets)

    def accepted(self, name: str, default: Any, scope: Scope) -> dict[str, Accepted]:
        every = {
            "description": "List filters of which a row must have every chosen value",
            "type": "array",
            "items": {"type": "string"},
        }
        if self.prefix:
            # The columns depend on the table: any name behind the prefix.
            names = f"^{re.escape(self.prefix)}"
            where = {
                "description": f"Filters: the name of a column behind “{self.prefix}”",
                "type": "object",
                "patternProperties": {names: {"type": "string"}},
                "additionalProperties": False,
            }
            return {self.prefix.rstrip("."): where, ALL: every}
        index = self.index(scope)
        lists = [field.name for field in index.table.facets if field.is_list]
        facets = {field.name: _accepted(index, field) for field in index.table.facets}
        for facet, what in self.extra:
            values = {"type": "array", "items": listed(index.values(facet), scope)}
            facets[facet] = {"description": f"{what[:1].upper()}{what[1:]}", **values}
        every["items"] = listed([*lists, *dict(self.extra)], scope)
        return {**facets, ALL: every}

    def encode(self, name: str, values: Values, default: Any, scope: Scope) -> Params:
        filters: Filters = values[name]
        params = {self.prefix + facet: item.link() for facet, item in filters}
        return {**params, ALL: [facet for facet, item in filters if item.narrows]}

    def decode(self, name: str, reader: Reader, default: Any, scope: Scope) -> Values:
        index, filters = self.index(scope), []
        lists = [field.name for field in index.table.facets if field.is_list]
        match_all = reader.choices(ALL, [*lists, *dict(self.extra)], "list filter")
        for field in index.table.facets:
            name_in_link = self.prefix + field.name
            if field.filter == "range":
                item: Filter = reader.span(
                    name_in_link, span_of(field), whole=field.type == "integer"
                )
            else:
                what = f"value of “{field.title}”"
                chosen = reader.choices(name_in_link, index.values(field.name), what)
                item = Choice(chosen, field.name in match_all)
            filters.append((field.name, item))
        for facet, what in self.extra:
            chosen = reader.choices(self.prefix + facet, index.values(facet), what)
            filters.append((facet, Choice(chosen, facet in match_all)))
        return {name: _set(filters)}

    def seed(self, key: str, name: str, values: Values, scope: Scope) -> Widgets:
        filters, index, page = dict(values[name]), self.index(scope), self.page(scope)
        widgets: dict[str, Any] = {}
        for field in index.table.facets:
            item = filters.get(field.name)
            if field.filter == "range":
                widgets |= _seed_span(
                    page, field, item if isinstance(item, Range) else span_of(field)()
                )
            else:
                widgets |= _seed_choice(page, field.name, index.values(field.name), item)
        for facet, _ in self.extra:
            widgets |= _seed_choice(page, facet, index.values(facet), filters.get(facet))
        return widgets

    def hear(self, key: str, name: str, widgets: Widgets, default: Any, scope: Scope) -> Values:
        index, page = self.index(scope), self.page(scope)
        filters: list[tuple[str, Filter]] = [
            (field.name, _hear_span(page, field, widgets))
            if field.filter == "range"
            else (field.name, _hear_choice(page, field.name, index.values(field.name), widgets))
            for field in index.table.facets
        ]
        for facet, _ in self.extra:
            filters.append((facet, _hear_choice(page, facet, index.values(facet), widgets)))
        return {name: _set(filters)}


def _accepted(index: Index, field: Field) -> Accepted:
    """Return what the filter of a column accepts."""
    about = {"title": field.heading, "description": field.description, "type": "array"}
    if field.filter == "range":
        words = f"A range such as {span_of(field).EXAMPLE}; {NOT_STATED} admits empty cells"
        return {**about, "items": {"type": "string", "description": words}}
    values = index.values(field.name)
    if len(values) > MOST_LISTED:
        return {**about, "items": {"type": "string"}}
    labels = {value: field.label(value) for value in values}
    return {**about, "items": {"type": "string", "enum": list(values), "x-labels": labels}}


def _set(filters: Iterable[tuple[str, Filter]]) -> Filters:
    return tuple((name, item) for name, item in filters if not item.empty)


def _seed_span(page: str, field: Field, span: Range[Any]) -> Mapping[str, Any]:
    low, high = (
        int(end) if field.type == "integer" and end is not None else end
        for end in (span.low, span.high)
    )
    return {
        facet_key(page, field.name, "low"): low,
        facet_key(page, field.name, "high"): high,
        facet_key(page, field.name, NOT_STATED): span.not_stated,
    }


def _seed_choice(
    page: str, name: str, values: Sequence[str], item: Filter | None
) -> Mapping[str, bool]:
    chosen = item if isinstance(item, Choice) else Choice(())
    # A page has hundreds of values, and seeds them at every run: what is the same is made once.
    start = value_key(page, name, "")
    boxes = {start + value: value in chosen.values for value in values}
    return {**boxes, facet_key(page, name, ALL): chosen.match_all}


def _hear_span(page: str, field: Field, widgets: Widgets) -> Range[Any]:
    kind = span_of(field)
    low, high = (widgets[facet_key(page, field.name, end)] for end in ("low", "high"))
    if low is not None and high is not None and low > high:
        return kind()  # an error beside the boxes explains it
    return kind(low, high, widgets[facet_key(page, field.name, NOT_STATED)])


def _hear_choice(page: str, name: str, values: Sequence[str], widgets: Widgets) -> Choice:
    start = value_key(page, name, "")
    chosen = tuple(value for value in values if widgets[start + value])
    return Choice(chosen, widgets[facet_key(page, name, ALL)])
