"""Which cells hold a value, and how many facts a row states. Empty never means no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from legwise.tables.schema import Field, Table


def stated_facts(table: Table, frame: pd.DataFrame) -> Iterator[tuple[Field, np.ndarray]]:
    """Yield each fact of the table with a mask of the rows that state it.

    What follows from the kind of product (an unpowered roller has no heat) is not counted.
    """
    implied = frame[table.implied].to_numpy() if table.implied else np.array([], dtype=object)
    rows = np.flatnonzero(implied.astype(bool))
    codes, kinds = pd.factorize(implied[rows])
    for item in table.facts:
        cells = frame[item.name]
        # In a typed table every cell of lists is one, which says by itself whether it is empty.
        stated = cells.to_numpy().astype(bool) if item.is_list else cells.notna().to_numpy()
        by_nature = np.array([item.name in kind for kind in kinds], dtype=bool)
        if by_nature.any():
            stated = stated.copy()
            stated[rows] &= ~by_nature[codes]
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
    stated = cells.notna()
    # Only lists are objects.
    return stated & cells.astype(bool) if cells.dtype == object else stated
