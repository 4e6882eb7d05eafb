"""The ids of a table by position, in a few bytes each: there may be a million."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from hashlib import blake2b

import numpy as np
import pandas as pd
import pyarrow as pa

from legwise.tables.letters import letters

#: Bytes that are hashed at a time.
_WORD = 8
#: Bytes after which a text is hashed by itself: few are so long.
_LONG = 512
_ALL_BITS = np.uint64(2**64 - 1)
#: An odd number whose bits are spread evenly (2 to the power of 64, by the golden ratio).
_MIXER = np.uint64(0x9E3779B97F4A7C15)


class Keys(Collection[str]):
    """The ids of a table in file order, each with its position.

    They are sorted by hash. A dictionary of texts would take ten times the memory.
    """

    def __init__(self, cells: pd.Series) -> None:
        self._cells = cells
        hashes = text_hashes(cells)
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
        wanted = text_hashes([key])[0]
        start, end = (
            int(np.searchsorted(self._hashes, wanted, side)) for side in ("left", "right")
        )
        # Two ids may share a hash. Of rows with the same id, the last is meant, as in a dictionary.
        rows = self._order[start:end].tolist()
        return max((row for row in rows if self._cells.iat[row] == key), default=None)


def all_differ(cells: pd.Series) -> bool:
    """Whether no text repeats."""
    hashes = np.sort(text_hashes(cells))
    # Two texts may share a hash.
    return bool((hashes[1:] != hashes[:-1]).all()) or cells.is_unique


def text_hashes(cells: pd.Series | Sequence[str]) -> np.ndarray:
    """Return a hash of 64 bits for each text: eight of its bytes at a time, of all rows at once.

    pandas makes an object of each text first.
    """
    texts = pa.array(cells, pa.large_string(), from_pandas=True)
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    content, edges = letters(texts)
    starts, sizes = edges[:-1], np.diff(edges)
    padded = np.zeros(len(content) + _WORD, dtype=np.uint8)
    padded[:-_WORD] = content
    # The eight bytes from each byte on.
    words: np.ndarray = np.ndarray(len(padded) - _WORD + 1, "<u8", padded, strides=(1,))
    hashes, rows, at = sizes.astype(np.uint64), np.arange(len(texts)), 0
    while len(rows) and at < _LONG:
        left = sizes[rows] - at
        beyond = 8 * (_WORD - np.minimum(left, _WORD)).astype(np.uint64)
        here = words[starts[rows] + at] & (_ALL_BITS >> beyond)
        mixed = (hashes[rows] ^ here) * _MIXER
        hashes[rows] = mixed ^ (mixed >> np.uint64(32))
        rows, at = rows[left > _WORD], at + _WORD
    for row in rows.tolist():
        rest = padded[starts[row] + at : starts[row] + sizes[row]].tobytes()
        hashes[row] ^= np.frombuffer(blake2b(rest, digest_size=_WORD).digest(), "<u8")[0]
    return hashes
