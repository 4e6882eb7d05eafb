"""What is stated: which cells hold a value, and how many facts a row states. Empty never means no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from legwise.tables.schema import Field, Table


def stated_facts(table: Table, frame: pd.DataFrame) -> Iterator[tuple[Field, np.ndarray]]:
    """Yield each fact of the table with a boolean per row: the row states it.

    What follows from the kind of product, such as an unpowered roller without heat, is not something its page states.
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
    """Boolean per cell of a typed column: it holds a value. Total also for a column without rows."""
    stated = cells.notna()
    return (
        stated & cells.astype(bool) if cells.dtype == object else stated
    )  # only lists are objects
