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
    nowhere = np.zeros(len(frame), dtype=np.intp)
    codes, kinds = (
        pd.factorize(frame[table.implied].to_numpy())
        if table.implied
        else (nowhere, np.array([()]))
    )
    for item in table.facts:
        by_nature = np.array([item.name in kind for kind in kinds], dtype=bool)
        yield item, stated_cells(frame[item.name]).to_numpy() & ~by_nature[codes]


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
