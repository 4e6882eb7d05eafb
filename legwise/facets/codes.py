"""Columns as codes: each row is a small integer into the list of the column's distinct cells.

A filter is evaluated once per distinct cell, a count is a ``bincount`` of codes. ``member`` maps
distinct cells to facet values: lists, yes/no columns and "not stated" all work the same way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from legwise.facets.bands import Band, count_bands, cut_bands
from legwise.facets.filters import Filter
from legwise.tables.distinct import distinct_cells
from legwise.tables.schema import NOT_STATED, Field
from legwise.tables.stated import is_stated

#: Positions of rows in a table.
Rows = np.ndarray
#: A filter that matches more runs of codes than this is looked up row by row.
FEW_RUNS = 12
#: Up to this many distinct cells, counting by comparison is faster than by lookup.
FEW_CELLS = 8
#: Most cells of a pack's grid; a larger one costs more than it saves.
LARGEST_GRID = 4096


@dataclass(frozen=True)
class ValueCounts:
    """How many rows each value of a choice facet would give, in facet order, with zeros."""

    counts: tuple[tuple[str, int], ...]

    def __getitem__(self, value: str) -> int:
        return dict(self.counts)[value]


@dataclass(frozen=True)
class NumberCounts:
    """What a range facet would give: extremes, and how many values are stated and not stated.

    ``bands`` pairs the bands of all numbers of the column with what each would give.
    """

    low: float | None
    high: float | None
    stated: int
    not_stated: int
    bands: tuple[tuple[Band, int], ...] = ()


Counts = ValueCounts | NumberCounts


@dataclass(frozen=True, eq=False)
class Column:
    """A column as codes. ``member[cell, value]`` tells whether a distinct cell has a facet value.

    ``numbers`` holds the distinct cells of a number column (NaN = not stated), ``banded`` tells
    whether bands of them are offered. ``rank`` orders
    distinct cells, ``missing`` marks the one that is not stated.
    """

    codes: np.ndarray
    values: tuple[str, ...]
    member: np.ndarray
    rank: np.ndarray
    missing: np.ndarray
    numbers: np.ndarray | None = None
    banded: bool = False

    def rows_that_match(self, item: Filter) -> np.ndarray:
        """Return a mask of the rows that satisfy the filter."""
        cells = item.cells(self)
        edges = np.flatnonzero(np.diff(cells, prepend=False, append=False))
        if len(edges) > 2 * FEW_RUNS:
            return np.asarray(cells[self.codes])
        # Comparing small codes runs at memory speed; looking up every row does not.
        mask = np.zeros(len(self.codes), dtype=bool)
        for first, after in edges.reshape(-1, 2).tolist():
            mask |= (
                self.codes == first
                if after == first + 1
                else (self.codes >= first) & (self.codes < after)
            )
        return mask

    def tally(self, per_cell: np.ndarray) -> Counts:
        """Count the facet, given the number of rows per distinct cell."""
        if self.numbers is None:
            return ValueCounts(
                tuple(zip(self.values, (per_cell @ self.member).tolist(), strict=True))
            )
        present = (per_cell > 0) & ~self.missing
        numbers = self.numbers[present]
        stated = per_cell[~self.missing]
        in_bands = count_bands(self.bands, self.numbers[~self.missing], stated)
        return NumberCounts(
            low=float(numbers.min()) if len(numbers) else None,
            high=float(numbers.max()) if len(numbers) else None,
            stated=int(stated.sum()),
            not_stated=int(per_cell[self.missing].sum()),
            bands=tuple(zip(self.bands, in_bands, strict=True)),
        )

    def per_cell(self, mask: np.ndarray) -> np.ndarray:
        """Count the rows of a mask per distinct cell."""
        if len(self.member) <= FEW_CELLS:
            return np.array(
                [np.count_nonzero(mask & (self.codes == cell)) for cell in range(len(self.member))],
                dtype=np.intp,
            )
        return np.bincount(self.codes[np.flatnonzero(mask)], minlength=len(self.member))

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """Bands of all its numbers; none for a column of other things."""
        if self.numbers is None or not self.banded:
            return ()
        return cut_bands(self.numbers[~self.missing], self._every_row[~self.missing])

    @cached_property
    def totals(self) -> Counts:
        """Counts over all rows."""
        return self.tally(self._every_row)

    @cached_property
    def _every_row(self) -> np.ndarray:
        """How many rows each distinct cell has."""
        return np.bincount(self.codes, minlength=len(self.member))


@dataclass(frozen=True, eq=False)
class Pack:
    """Several small columns as one, so that one count serves them all.

    A code of the pack is an index into the grid of its columns' codes; ``shape`` is that grid.
    """

    names: tuple[str, ...]
    shape: tuple[int, ...]
    codes: np.ndarray

    def per_cell(self, rows: Rows) -> dict[str, np.ndarray]:
        """Return column → number of rows per distinct cell, for the rows at those positions."""
        grid = np.bincount(self.codes[rows], minlength=math.prod(self.shape)).reshape(self.shape)
        axes = range(len(self.shape))
        return {
            name: grid.sum(axis=tuple(other for other in axes if other != axis))
            for axis, name in enumerate(self.names)
        }


def pack_columns(columns: Mapping[str, Column]) -> tuple[Pack, ...]:
    """Group columns into packs, smallest first, while the grid stays small."""
    packs: list[Pack] = []
    for name, column in sorted(columns.items(), key=lambda item: len(item[1].member)):
        size = len(column.member)
        last = packs[-1] if packs else None
        if last and math.prod(last.shape) * size <= LARGEST_GRID:
            codes = last.codes.astype(np.uint16) * np.uint16(size) + column.codes
            packs[-1] = Pack((*last.names, name), (*last.shape, size), codes)
        else:
            packs.append(Pack((name,), (size,), column.codes))
    return tuple(packs)


def encode_column(cells: pd.Series, field: Field) -> Column:
    """Turn typed cells into a :class:`Column`.

    Facet values come from the field's vocabulary, in its order; without one they are the distinct
    cells, in alphabetical order.
    """
    if field.is_numeric or field.type == "date":
        plain = _day_numbers(cells) if field.type == "date" else cells
        codes, numbers = pd.factorize(
            plain.to_numpy(dtype=float, na_value=np.nan), sort=True, use_na_sentinel=False
        )
        missing = np.isnan(numbers)
        rank, banded = np.arange(len(numbers)), field.is_numeric and field.filter == "range"
        return Column(small(codes), (), missing[:, None], rank, missing, numbers, banded)
    if field.type == "boolean":
        states = (1 - cells.astype("Int8")).fillna(2).to_numpy(dtype=np.uint8)
        missing = np.array([False, False, True])
        return Column(
            states, ("yes", "no", NOT_STATED), np.eye(3, dtype=bool), np.arange(3), missing
        )
    codes, distinct = distinct_cells(cells)
    lists = [
        cell if isinstance(cell, tuple) else (cell,) if is_stated(cell) else () for cell in distinct
    ]
    missing = np.array([not cell for cell in lists], dtype=bool)
    known = list(field.labels) or sorted(
        {item for cell in lists for item in cell},
        key=lambda item: (str(item).casefold(), str(item)),
    )
    if field.filter == "choice":
        order = {value: position for position, value in enumerate(known)}
        values = tuple(known) if field.required else (*known, NOT_STATED)
        member = np.zeros((len(lists), len(values)), dtype=bool)
        for row, cell in enumerate(lists):
            member[row, [order[item] for item in cell] or [-1]] = True
    else:
        member, values = missing[:, None], ()
    words = np.array(
        [", ".join(str(field.label(item)) for item in cell).casefold() for cell in lists],
        dtype=object,
    )
    return Column(small(codes), values, member, _ranks(words, missing), missing)


def _day_numbers(dates: pd.Series) -> pd.Series:
    """Return the number of each day, as ``date.toordinal`` counts them."""
    return (dates - pd.Timestamp(1970, 1, 1)).dt.days + date(1970, 1, 1).toordinal()


def _ranks(words: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Rank the distinct cells in ascending order; equal words tie, "not stated" comes last."""
    order = np.where(missing, len(words), pd.factorize(words, sort=True)[0])
    return pd.factorize(order, sort=True)[0].astype(np.int32)


def small(codes: np.ndarray) -> np.ndarray:
    """Return the codes in the smallest unsigned type that holds them, to move fewer bytes."""
    return codes.astype(np.min_scalar_type(int(codes.max()) if len(codes) else 0))
