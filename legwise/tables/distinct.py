"""The distinct cells of a column, and which of them each row has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


class _Addresses:
    """Where the objects of an array are in memory, as numbers."""

    def __init__(self, cells: np.ndarray) -> None:
        number = np.dtype(np.intp).str
        self.__array_interface__ = {
            **cells.__array_interface__,
            "typestr": number,
            "descr": [("", number)],
        }


def distinct_cells(cells: pd.Series) -> tuple[np.ndarray, Any]:
    """Return each row's position among the distinct cells, and these, as they first appear.

    A missing cell is one of them. A column of lists shares them among its rows: one that is the
    same object needs no comparing, which takes ten times as long.
    """
    if cells.dtype != object:
        codes, distinct = pd.factorize(cells, use_na_sentinel=False)
        return codes, distinct
    objects = cells.to_numpy()
    codes, addresses = pd.factorize(np.asarray(_Addresses(objects)))
    # Of each object the first row stays, as it is written last.
    first = np.zeros(len(addresses), dtype=np.intp)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    same, lists = pd.factorize(objects[first], use_na_sentinel=False)
    return same[codes], lists
