"""Legwise: leg massage devices, their evidence and their cautions, as tables one can question.

The names below are the library; everything else is how they work.
"""

from legwise.catalogue import Catalogue, load_catalogue
from legwise.compare import compare
from legwise.evidence import Verdict, verdicts
from legwise.facets import FacetIndex
from legwise.match import Wish, rank_device_types
from legwise.query import Choice, DeviceQuery, Span
from legwise.safety import cautions_for

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
