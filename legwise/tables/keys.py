"""The ids of a table by position, in a few bytes each: there may be a million."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd


class Keys(Collection[str]):
    """The ids of a table in file order, each with its position.

    They are sorted by hash. A dictionary of texts would take ten times the memory.
    """

    def __init__(self, cells: pd.Series) -> None:
        self._cells = cells
        hashes = _hashes(cells)
        self._order = np.argsort(hashes).astype(np.int32)
        self._hashes = hashes[self._order]

    def __len__(self) -> int:
        return len(self._cells)

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells.tolist())

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._at(key) is not None

    def __getitem__(self, key: str) -> int:
        """Return the position of an id.

        Raises:
            KeyError: there is no such id.
        """
        position = self._at(key)
        if position is None:
            raise KeyError(key)
        return position

    def _at(self, key: str) -> int | None:
        wanted = pd.util.hash_array(np.array([key], dtype=object), categorize=False)[0]
        start, end = (
            int(np.searchsorted(self._hashes, wanted, side)) for side in ("left", "right")
        )
        # Two ids may share a hash. Of rows with the same id, the last is meant, as in a dictionary.
        rows = self._order[start:end].tolist()
        return max((row for row in rows if self._cells.iat[row] == key), default=None)


def _hashes(cells: pd.Series) -> np.ndarray:
    return pd.util.hash_array(cells.to_numpy(dtype=object), categorize=False)
