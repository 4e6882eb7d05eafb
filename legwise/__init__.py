"""Legwise: leg massage devices, their evidence and their cautions, as tables to query.

The names below are the public API. They are imported when they are asked for: the command line
need not load pandas to print its help.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legwise.answers.devices import FacetIndex
    from legwise.answers.query import DeviceQuery
    from legwise.answers.side_by_side import compare
    from legwise.facets.filters import Choice, Span
    from legwise.rules.cautions import cautions_for
    from legwise.rules.shortlist import Wish, rank_device_types
    from legwise.rules.verdicts import Verdict, verdicts
    from legwise.tables.catalogue import Catalogue, load_catalogue

__version__ = "1.1.0"

__all__ = [
    "Catalogue",
    "Choice",
    "DeviceQuery",
    "FacetIndex",
    "Span",
    "Verdict",
    "Wish",
    "cautions_for",
    "compare",
    "load_catalogue",
    "rank_device_types",
    "verdicts",
]
_ROOMS = {
    "answers.devices": ("FacetIndex",),
    "answers.query": ("DeviceQuery",),
    "answers.side_by_side": ("compare",),
    "facets.filters": ("Choice", "Span"),
    "rules.cautions": ("cautions_for",),
    "rules.shortlist": ("Wish", "rank_device_types"),
    "rules.verdicts": ("Verdict", "verdicts"),
    "tables.catalogue": ("Catalogue", "load_catalogue"),
}
_MODULES = {name: f"legwise.{room}" for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
