"""The two packages that tests read.

``SMALL`` is what tests of code read: 12 products, and rows of every other table so that each rule
has a case.
Its rows are cut from the shipped tables (``python -m tests.fixtures.cut``). The shipped tables
are for ``tests/data``: a correction of a row, or one more product, must turn no test of code red.
"""

from functools import cache
from pathlib import Path

from legwise.answers.devices import FacetIndex
from legwise.tables.catalogue import Catalogue, load_catalogue

SMALL = Path(__file__).resolve().parent / "fixtures" / "small"


@cache
def small() -> Catalogue:
    """Return the small package, loaded once per process."""
    return load_catalogue(SMALL)


@cache
def small_index() -> FacetIndex:
    """Return the index of the small package's products."""
    return FacetIndex(small())


@cache
def shipped() -> Catalogue:
    """Return the shipped package, loaded once per process."""
    return load_catalogue()
