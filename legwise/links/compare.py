"""The compare page ⇄ its link."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from legwise.answers.comparison import ROW_CHOICES, RowChoice
from legwise.links.params import Dropped, Params, Reader, put
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import Catalogue
from legwise.text.units import SYSTEMS, System

#: Most items a comparison holds: more columns than that cannot be read side by side.
MOST_COMPARED = 5


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


def decode_compare(
    params: Mapping[str, Collection[str]], catalogue: Catalogue
) -> tuple[CompareState, tuple[Dropped, ...]]:
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
