"""Which cells hold a value, and how many facts a row states. Empty never means no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from legwise.tables.distinct import distinct_cells
from legwise.tables.schema import Field, Table


def stated_facts(table: Table, frame: pd.DataFrame) -> Iterator[tuple[Field, np.ndarray]]:
    """Yield each fact of the table with a mask of the rows that state it.

    What follows from the kind of product (an unpowered roller has no heat) is not counted.
    """
    codes, kinds = np.zeros(0, dtype=np.intp), np.array([], dtype=object)
    if table.implied:
        codes, kinds = distinct_cells(frame[table.implied])
    rows = np.flatnonzero(np.array([bool(kind) for kind in kinds], dtype=bool)[codes])
    for item in table.facts:
        stated = stated_cells(frame[item.name]).to_numpy(dtype=bool)
        by_nature = np.array([item.name in kind for kind in kinds], dtype=bool)
        if by_nature.any():
            stated = stated.copy()
            stated[rows] &= ~by_nature[codes[rows]]
        yield item, stated


def count_facts(table: Table, frame: pd.DataFrame) -> np.ndarray:
    """Return how many facts each row states."""
    counts = np.zeros(len(frame), dtype=np.int16)
    for _, stated in stated_facts(table, frame):
        counts += stated
    return counts


def is_stated(value: Any) -> bool:
    """Whether a typed cell holds a value (an empty list and a missing cell do not)."""
    return bool(value) if isinstance(value, tuple) else not pd.isna(value)


def stated_cells(cells: pd.Series) -> pd.Series:
    """Return a mask of the cells of a typed column that hold a value; columns may be empty."""
    # Only lists are objects.
    if cells.dtype != object:
        return cells.notna()
    codes, lists = distinct_cells(cells)
    return pd.Series(np.array([*map(is_stated, lists)], dtype=bool)[codes], index=cells.index)
