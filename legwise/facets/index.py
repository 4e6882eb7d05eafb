"""Rows and disjunctive counts of any table, for a set of filters.

Columns are indexed as codes (see :mod:`legwise.facets.codes`). Counts are disjunctive: a facet is
counted without its filter, so that its counts show what choosing another value would give: a row
that passes every filter counts everywhere, a row that fails just one counts for that facet. A
facet that wants all of its values (AND) is counted with its filter, because another value would
narrow the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from legwise.facets.codes import Column, Counts, Pack, Rows, encode_column, pack_columns
from legwise.facets.filters import Filter
from legwise.facets.tallies import GroupTallies
from legwise.tables.at_once import columns_at_once
from legwise.tables.schema import Field, Table


@dataclass(frozen=True, eq=False)
class Matches:
    """Rows that satisfy every filter (sorted positions), and the counts of every facet.

    ``without`` is how many rows dropping a facet's filter would give.
    """

    rows: Rows
    counts: Mapping[str, Counts]
    without: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class MatchesElsewhere:
    """The same where the rows are not in memory: how many there are, and what counts them."""

    total: int
    counts: Mapping[str, Counts]
    without: Mapping[str, int]
    rows_to_count: GroupTallies


class Index(Protocol):
    """What filters need of the rows they are about, wherever these are."""

    table: Table
    size: int

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values of a choice facet, in order, "not stated" last."""

    def totals(self, facet: str) -> Counts:
        """Return the counts of a facet over all rows."""


class IndexElsewhere(Index, Protocol):
    """An index over rows that are not in memory."""

    def find(self, filters: Mapping[str, Filter], *, counts: bool = True) -> MatchesElsewhere:
        """Return the rows that satisfy every filter; without ``counts``, these are of all rows."""


class TableIndex:
    """Index over one frame with the columns of ``table``.

    ``facets`` names the columns to count (default: all that have a filter).
    """

    def __init__(
        self, table: Table, frame: pd.DataFrame, facets: Sequence[str] | None = None
    ) -> None:
        self.table = table
        self.size = len(frame)
        counted = [field.name for field in table.facets if facets is None or field.name in facets]

        def encode(field: Field) -> Column:
            column = encode_column(frame[field.name], field)
            if field.name in counted:
                _ = column.totals  # kept
            return column

        with columns_at_once() as pool:
            columns = pool.map(encode, table.facets)
            names = (field.name for field in table.facets)
            self._columns = dict(zip(names, columns, strict=True))
        self._packs = pack_columns({name: self._columns[name] for name in counted})
        self._totals = {name: self._columns[name].totals for name in counted}

    @cached_property
    def _every_row(self) -> Rows:
        rows = np.arange(self.size)
        rows.flags.writeable = False
        return rows

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values of a choice facet, in order, "not stated" last."""
        return self._columns[facet].values

    def totals(self, facet: str) -> Counts:
        """Return the counts of a facet over all rows."""
        return self._totals[facet]

    def find(
        self,
        filters: Mapping[str, Filter],
        masks: Mapping[str, np.ndarray] | None = None,
        columns: Mapping[str, Column] | None = None,
    ) -> Matches:
        """Return rows and all counts for ``filters``, joined by AND.

        ``masks`` are further filters, already evaluated; ``columns`` are further facets.

        Raises:
            KeyError: a filter names an unknown facet. An unknown value matches no row.
        """
        extra = columns or {}
        every = {**self._columns, **extra}
        active = {name: every[name].rows_that_match(item) for name, item in filters.items()} | dict(
            masks or {}
        )
        if not active:
            totals = {**self._totals, **{name: column.totals for name, column in extra.items()}}
            return Matches(self._every_row, totals, {})
        full, lacking = _split_rows(self.size, active)
        rows = np.flatnonzero(full)
        names = (*(name for pack in self._packs for name in pack.names), *extra)
        counts = _CountsOfRows(names, every, self._packs, filters, rows, active)
        without = {
            name: len(rows) + int(np.count_nonzero(failed)) for name, failed in lacking.items()
        }
        return Matches(rows, counts, without)


class _CountsOfRows(Mapping[str, Counts]):
    """What each facet would give. It is counted when it is asked for: most facets are closed."""

    def __init__(
        self,
        names: tuple[str, ...],
        columns: Mapping[str, Column],
        packs: Sequence[Pack],
        filters: Mapping[str, Filter],
        rows: Rows,
        masks: Mapping[str, np.ndarray],
    ) -> None:
        self._names, self._columns, self._filters, self._rows = names, columns, filters, rows
        self._packs = {name: pack for pack in packs for name in pack.names}
        # As bits, because answers are kept.
        self._size = len(next(iter(masks.values())))
        self._masks = {name: np.packbits(mask) for name, mask in masks.items()}
        self._matching: dict[str, np.ndarray] = {}
        self._counts: dict[str, Counts] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, name: str) -> Counts:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._counts:
            per_cell = self._matching_per_cell(name)
            item = self._filters.get(name)
            # Where all values are wanted, another one would narrow the result that there is.
            if item is not None and not item.narrows:
                per_cell = per_cell + self._failing_only[name]
            self._counts[name] = self._columns[name].tally(per_cell)
        return self._counts[name]

    def _matching_per_cell(self, name: str) -> np.ndarray:
        """Count the rows that match every filter, per distinct cell of a column."""
        if name not in self._matching:
            column, pack = self._columns[name], self._packs.get(name)
            same = [key for key in self._packs if self._columns[key].codes is column.codes]
            if pack:
                self._matching |= pack.per_cell(self._rows)
            elif same:  # what a type targets is counted with the types
                self._matching[name] = self._matching_per_cell(same[0])
            else:
                cells = np.bincount(column.codes[self._rows], minlength=len(column.member))
                self._matching[name] = cells
        return self._matching[name]

    @cached_property
    def _failing_only(self) -> Mapping[str, np.ndarray]:
        """Facet → how many rows fail its filter alone, per distinct cell."""
        masks = {
            name: np.unpackbits(bits, count=self._size).view(bool)
            for name, bits in self._masks.items()
        }
        _, lacking = _split_rows(self._size, masks)
        wanted = [name for name, item in self._filters.items() if not item.narrows]
        return {name: self._columns[name].per_cell(lacking[name]) for name in wanted}


def _split_rows(
    size: int, masks: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return a mask of the rows that pass all filters, and filter → those that fail only it."""
    failed = np.zeros(size, dtype=np.min_scalar_type(len(masks)))
    for mask in masks.values():
        failed += ~mask
    one = failed == 1
    return failed == 0, {name: one & ~mask for name, mask in masks.items()}
