"""Legwise: leg massage devices, their evidence and their cautions, as tables to query.

The names below are the public API.
"""

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
