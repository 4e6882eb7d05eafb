"""The form of the compare page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from legwise.answers.absolute_numbers import NOT_TOLD, tells_of_nothing
from legwise.answers.comparison import NOTHING, ROW_CHOICES, RowChoice
from legwise.links.form import (
    CONDITIONS,
    Accepted,
    Form,
    Kind,
    OneOf,
    Scope,
    Values,
    listed,
    param,
)
from legwise.links.params import Params, Reader
from legwise.tables.catalogue import Catalogue
from legwise.text.units import SYSTEMS, System

#: Most items in a comparison: more columns cannot be read side by side.
MOST_COMPARED = 5
#: Kind of an item, also its link parameter → the word for it.
KINDS = {"device": "device", "type": "device type", NOTHING[0]: "column without a device"}
_TABLES = {"device": "devices", "type": "device_types"}


def keys_of(catalogue: Catalogue, kind: str) -> Collection[str]:
    """Return the ids of a kind; none of the column without a device where no study tells of it."""
    if kind in _TABLES:
        return catalogue.keys(_TABLES[kind])
    return NOTHING[1:] if tells_of_nothing(catalogue) else ()


class Items(Kind):
    """The columns: (kind, id) pairs. A link lists them by kind, and their order if it differs."""

    def names(self, name: str) -> tuple[str, ...]:
        return (*KINDS, "order")

    def accepted(self, name: str, default: Any, scope: Scope) -> dict[str, Accepted]:
        items = {
            kind: {
                "description": f"{what[:1].upper()}{what[1:]}, by its id",
                "type": "array",
                "items": listed(keys_of(scope.catalogue, kind), scope),
                "maxItems": MOST_COMPARED if kind in _TABLES else 1,
            }
            for kind, what in KINDS.items()
            if kind in _TABLES or keys_of(scope.catalogue, kind)
        }
        words = "Positions of the items, devices first, in the order of the columns, such as 2,0,1"
        return {**items, "order": {"description": words, "type": "string"}}

    def encode(self, name: str, values: Values, default: Any, scope: Scope) -> Params:
        items = values[name]
        natural = sorted(items, key=lambda item: list(KINDS).index(item[0]))
        params = {kind: [key for its, key in natural if its == kind] for kind in KINDS}
        order = [natural.index(item) for item in items]
        return params | {"order": [",".join(map(str, order))] if order != sorted(order) else []}

    def decode(self, name: str, reader: Reader, default: Any, scope: Scope) -> Values:
        for kind in KINDS:
            if kind not in _TABLES and not keys_of(scope.catalogue, kind):
                for value in reader.values(kind):
                    reader.drop(kind, value, NOT_TOLD)
        items = [
            (kind, key)
            for kind, what in KINDS.items()
            for key in reader.ids(kind, keys_of(scope.catalogue, kind), what, MOST_COMPARED)
        ]
        for kind, key in items[MOST_COMPARED:]:
            reader.drop(kind, key, f"only {MOST_COMPARED} can be shown at once")
        items = items[:MOST_COMPARED]
        for order in reader.values("order"):
            positions = order.split(",")
            if sorted(positions) == [str(position) for position in range(len(items))]:
                items = [items[int(position)] for position in positions]
            else:
                reader.drop("order", order, "it does not name each item once")
        return {name: tuple(items)}

    def to_widget(self, value: Any, scope: Scope) -> Any:
        return list(value)

    def from_widget(self, value: Any, default: Any, scope: Scope) -> Any:
        return tuple(value)


@dataclass(frozen=True)
class CompareState:
    """The items, as (kind, id) pairs in column order, and how they are shown."""

    items: tuple[tuple[str, str], ...] = param((), Items())
    conditions: tuple[str, ...] = param((), CONDITIONS)
    rows: RowChoice = param("all", OneOf("choice of rows", known=ROW_CHOICES))
    units: System = param("metric", OneOf("system of units", known=SYSTEMS))

    @property
    def shown_rows(self) -> RowChoice:
        """The rows that are shown: one item alone has nothing to differ from, so all."""
        return self.rows if len(self.items) > 1 else "all"


COMPARE = Form("compare", CompareState)
