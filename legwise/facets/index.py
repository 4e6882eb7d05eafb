"""Rows and disjunctive counts of any table, for a set of filters.

Columns are indexed as codes (see :mod:`legwise.facets.codes`). Counts are disjunctive: a facet is
counted without its filter, so that its counts show what choosing another value would give. One
pass gives them all: a row that passes every filter counts everywhere, a row that fails just one
counts for that facet. A facet that wants all of its values (AND) is counted with its filter,
because another value would narrow the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from legwise.facets.codes import Column, Counts, Rows, encode_column, pack_columns
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
            counts = {**self._totals, **{name: column.totals for name, column in extra.items()}}
            return Matches(self._every_row, counts, {})
        full, lacking = _split_rows(self.size, active)
        rows = np.flatnonzero(full)
        per_cell = {
            name: cells for pack in self._packs for name, cells in pack.per_cell(rows).items()
        }
        per_cell |= {name: column.per_cell(full) for name, column in extra.items()}
        for name in set(active) & set(per_cell):
            if filters[name].narrows:
                continue  # counted within the current result, which another value would narrow
            per_cell[name] = per_cell[name] + every[name].per_cell(lacking[name])
        counts = {name: every[name].tally(cells) for name, cells in per_cell.items()}
        without = {
            name: len(rows) + int(np.count_nonzero(failed)) for name, failed in lacking.items()
        }
        return Matches(rows, counts, without)


def _split_rows(
    size: int, masks: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return a mask of the rows that pass all filters, and filter → those that fail only it."""
    everything = (1 << len(masks)) - 1
    bits = np.zeros(size, dtype=np.min_scalar_type(everything))  # one bit per filter
    for bit, mask in enumerate(masks.values()):
        bits |= mask.astype(bits.dtype) << bit
    return bits == everything, {
        name: bits == everything ^ (1 << bit) for bit, name in enumerate(masks)
    }
