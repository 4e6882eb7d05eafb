"""Rows and disjunctive counts of any table, for a set of filters.

Every column becomes *codes* into the list of its distinct cells. A filter is decided once per distinct cell
and looked up per row; a count is a ``bincount`` of codes, spread over the facet's values by the cells'
membership. Lists, three-state booleans and "not stated" are all the same thing then.

Counts are disjunctive: a facet's own choice is left out when its values are counted, so that they show
what choosing another value would give. A running number of satisfied filters per row gives them all: a
row that satisfies every filter counts everywhere, a row that fails exactly one counts for that facet. Only
where a facet wants all of its values (AND) does its own choice stay in: there it narrows, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from legwise.facets.codes import Column, Counts, Rows, encode_column, pack_columns
from legwise.facets.filters import Filter
from legwise.tables.schema import Table


@dataclass(frozen=True, eq=False)
class Found:
    """Rows that satisfy every filter (sorted positions), and the counts of every facet.

    ``without`` says how many rows dropping a facet's filter would give.
    """

    rows: Rows
    counts: Mapping[str, Counts]
    without: Mapping[str, int]


class TableIndex:
    """Index over one frame with the columns of ``table``.

    ``facets`` names the columns to index and count (default: every one of the table that has a filter).
    """

    def __init__(
        self, table: Table, frame: pd.DataFrame, facets: Sequence[str] | None = None
    ) -> None:
        self.table = table
        self.size = len(frame)
        self._columns = {
            field.name: encode_column(frame[field.name], field) for field in table.facets
        }
        names = [field.name for field in table.facets if facets is None or field.name in facets]
        self._packs = pack_columns({name: self._columns[name] for name in names})
        self._totals = {name: self._columns[name].totals for name in names}

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values a choice facet offers, in their order, "not stated" last."""
        return self._columns[facet].values

    def totals(self, facet: str) -> Counts:
        """Return the counts of a facet over all rows."""
        return self._totals[facet]

    def find(
        self,
        filters: Mapping[str, Filter],
        masks: Mapping[str, np.ndarray] | None = None,
        columns: Mapping[str, Column] | None = None,
    ) -> Found:
        """Rows and all counts for ``filters``, joined by AND.

        ``masks`` are further filters decided already (a boolean per row), ``columns`` further facets.

        Raises:
            KeyError: a filter names a facet that is not there. A value that is not there fits no row.
        """
        extra = columns or {}
        every = {**self._columns, **extra}
        active = {name: every[name].rows_that_match(item) for name, item in filters.items()} | dict(
            masks or {}
        )
        if not active:
            counts = {**self._totals, **{name: column.totals for name, column in extra.items()}}
            return Found(np.arange(self.size), counts, {})
        full, lacking = _split_rows(self.size, active)
        rows = np.flatnonzero(full)
        per_cell = {
            name: cells for pack in self._packs for name, cells in pack.per_cell(rows).items()
        }
        per_cell |= {name: column.per_cell(full) for name, column in extra.items()}
        for name in set(active) & set(per_cell):
            if filters[name].narrows:
                continue  # count within the current result: that is what its next value narrows
            per_cell[name] = per_cell[name] + every[name].per_cell(lacking[name])
        counts = {name: every[name].tally(cells) for name, cells in per_cell.items()}
        without = {
            name: len(rows) + int(np.count_nonzero(failed)) for name, failed in lacking.items()
        }
        return Found(rows, counts, without)


def _split_rows(
    size: int, masks: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Mask of the rows that satisfy every filter, and filter → mask of those that fail it and no other."""
    everything = (1 << len(masks)) - 1
    bits = np.zeros(size, dtype=np.min_scalar_type(everything))  # one bit a filter
    for place, mask in enumerate(masks.values()):
        bits |= mask.astype(bits.dtype) << place
    return bits == everything, {
        name: bits == everything ^ (1 << place) for place, name in enumerate(masks)
    }
