"""How many rows hold what: counts over the rows of a table, wherever these are.

What a page says of many rows (a share, a range, that none states something) is asked here, by
conditions on columns. :class:`FrameTallies` answers for rows in memory; where the rows are in a
database, it counts them itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, Protocol, Self, cast

import numpy as np
import pandas as pd

from legwise.tables.catalogue import Catalogue
from legwise.tables.distinct import distinct_cells
from legwise.tables.schema import Field, Table
from legwise.tables.stated import is_stated, stated_cells


@dataclass(frozen=True)
class States:
    """A row states something in a column."""

    column: str


@dataclass(frozen=True)
class Has:
    """The cell of a row is one of those values, or lists one of them."""

    column: str
    values: tuple[Hashable, ...]

    def of(self, cell: Any) -> bool:
        """Whether a typed cell does."""
        if isinstance(cell, tuple):
            return any(item in self.values for item in cell)
        return is_stated(cell) and cell in self.values


@dataclass(frozen=True)
class Above:
    """The number of a row is stated, and greater."""

    column: str
    number: float


@dataclass(frozen=True)
class Not:
    """The other rows."""

    part: Condition


@dataclass(frozen=True)
class Every:
    """Rows of which all parts hold; without any, all rows."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Some:
    """Rows of which one part holds at least; without any, none."""

    parts: tuple[Condition, ...]


Condition = States | Has | Above | Not | Every | Some
#: A column, by its typed cells, or a condition, by whether it holds.
Part = str | Condition


def states_fact(table: Table, item: Field) -> Condition:
    """Return when a row states a fact; what follows from its kind is not counted."""
    implied: Condition = Has(table.implied, (item.name,)) if table.implied else Some(())
    return Every((States(item.name), Not(implied)))


@dataclass(frozen=True)
class Spread:
    """The numbers of a column: how many rows state one, the ends, the median."""

    stated: int
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Glance:
    """What a column holds. A row with a list holds each of its values."""

    #: How many rows state it.
    stated: int
    #: How many different values there are; ``None`` where they are too many to be told apart.
    different: int | None = 0
    #: The most frequent ones, with how many rows have each; of equals, the first as text.
    frequent: tuple[tuple[Any, int], ...] = ()
    #: Of numbers: the ends and the median, and rows per bin between the ends.
    spread: Spread | None = None
    bins: tuple[int, ...] = ()


@dataclass(frozen=True)
class Group:
    """Rows with the same values: how many, how many state a column, and a number from those."""

    rows: int
    stated: int
    number: float | None = None


class Tallies(Protocol):
    """Some rows of a table, to be counted."""

    @property
    def size(self) -> int:
        """How many rows there are."""

    def only(self, condition: Condition) -> Self:
        """Return those of the rows that fulfil a condition."""

    def tally(
        self, by: Sequence[Part] = (), sums: Sequence[Condition] = ()
    ) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
        """Return group → how many rows it has, then how many of them fulfil each condition.

        Groups without rows are left out.
        """

    def values(self, columns: Sequence[str]) -> Mapping[str, Mapping[Any, int]]:
        """Return column → typed cell → how many rows have it; ``None`` if not stated."""

    def different(self, columns: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """Return column of texts → how many different ones there are, and rows that state none."""

    def spread(self, columns: Sequence[str]) -> Mapping[str, Spread | None]:
        """Return column of numbers → its spread, ``None`` if no row states one."""

    def glance(self, columns: Sequence[str], most: int) -> Mapping[str, Glance]:
        """Return column → what it holds: ``most`` frequent values, or so many bins of numbers."""

    def draw(self, condition: Condition, most: int) -> pd.DataFrame:
        """Return rows that fulfil a condition, in file order: of many, so many at random."""


class GroupTallies(Tallies, Protocol):
    """Rows that are not in memory, to be counted by groups."""

    def groups(self, by: Sequence[str], number: str, of: str) -> Mapping[tuple[Any, ...], Group]:
        """Return values → their group; a row with a list is in the group of each of its values.

        ``number`` is the mean, median, min or max of a column of numbers, or ``distinct``: how many
        different cells the column has. Any other is not worked out.
        """


def glance_at(field: Field, cells: Sequence[Any], numbers: np.ndarray, most: int) -> Glance:
    """Return what a column holds, given its different cells and how many rows have each."""
    lists = field.is_list
    has = [is_stated(cell) for cell in cells] if lists else pd.notna(pd.Series(cells, dtype=object))
    here = np.flatnonzero(np.asarray(has, dtype=bool) & (numbers > 0)).tolist()
    stated = int(numbers[here].sum())
    if not stated:
        return Glance(0)
    if field.is_numeric:
        values = np.array([cells[position] for position in here], dtype=float)
        weights = numbers[here]
        spread = spread_of(dict(zip(values.tolist(), weights.tolist(), strict=True)))
        bins = np.histogram(values, bins=most, weights=weights)[0].astype(int)
        return Glance(stated, len(values), (), spread, tuple(bins.tolist()))
    rows: dict[Any, int] = {}
    for position, number in zip(here, numbers[here].tolist(), strict=True):
        for value in cells[position] if lists else (cells[position],):
            rows[value] = rows.get(value, 0) + number
    first = nsmallest(most, rows.items(), key=lambda item: (-item[1], str(item[0])))
    return Glance(stated, len(rows), tuple(first))


def spread_of(values: Mapping[Any, int]) -> Spread | None:
    """Return the spread of numbers, given how many rows have each; ``None`` if none states one."""
    pairs = sorted((float(cell), number) for cell, number in values.items() if cell is not None)
    if not pairs:
        return None
    cells = np.array([cell for cell, _ in pairs])
    upto = np.cumsum([number for _, number in pairs])
    total = int(upto[-1])
    middle = [
        cells[np.searchsorted(upto, position, side="right")]
        for position in ((total - 1) // 2, total // 2)
    ]
    return Spread(total, float(cells[0]), float(sum(middle) / 2), float(cells[-1]))


def tallies(catalogue: Catalogue, table: Table | None = None) -> Tallies:
    """Return all rows of a table (default: the devices), to be counted."""
    table = table or catalogue.package["devices"]
    if catalogue.elsewhere is not None and table.name == "devices":
        return cast(Tallies, catalogue.elsewhere.tallies)
    return FrameTallies(table, catalogue[table.name])


class FrameTallies:
    """Rows of a frame, to be counted; ``rows`` are their positions."""

    def __init__(self, table: Table, frame: pd.DataFrame, rows: np.ndarray | None = None) -> None:
        self.table, self._frame, self._rows = table, frame, rows
        self._lists: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self._frame) if self._rows is None else len(self._rows)

    def _cells(self, column: str) -> pd.Series:
        cells = self._frame[column]
        return cells if self._rows is None else cells.iloc[self._rows]

    def only(self, condition: Condition) -> FrameTallies:
        """Return those of the rows that fulfil a condition."""
        rows = np.flatnonzero(self._mask(condition))
        rows = rows if self._rows is None else self._rows[rows]
        return FrameTallies(self.table, self._frame, rows)

    def _mask(self, condition: Condition) -> np.ndarray:
        match condition:
            case States(column):
                return stated_cells(self._cells(column)).to_numpy(dtype=bool)
            case Has(column, values):
                return self._with(column, values, condition.of)
            case Above(column, number):
                return (self._cells(column) > number).fillna(False).to_numpy(dtype=bool)
            case Not(part):
                return ~self._mask(part)
            case Every(parts):
                masks = [np.ones(self.size, dtype=bool), *map(self._mask, parts)]
                return np.asarray(np.logical_and.reduce(masks))
            case Some(parts):
                masks = [np.zeros(self.size, dtype=bool), *map(self._mask, parts)]
                return np.asarray(np.logical_or.reduce(masks))

    def _with(
        self, column: str, values: tuple[Hashable, ...], holds: Callable[[Any], bool]
    ) -> np.ndarray:
        cells = self._cells(column)
        if self.table[column].is_list:
            if column not in self._lists:
                self._lists[column] = distinct_cells(cells)
            codes, distinct = self._lists[column]
            return np.asarray(np.array([holds(cell) for cell in distinct], dtype=bool)[codes])
        return cells.isin(list(values)).fillna(False).to_numpy(dtype=bool)

    def tally(
        self, by: Sequence[Part] = (), sums: Sequence[Condition] = ()
    ) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
        """Return group → how many rows it has, then how many of them fulfil each condition."""
        group = np.zeros(self.size, dtype=np.int64)
        keys: list[tuple[Any, ...]] = [()] if self.size else []
        for part in by:
            if isinstance(part, str):
                codes, cells = pd.factorize(self._cells(part).to_numpy(), use_na_sentinel=False)
                distinct = [cell if is_stated(cell) else None for cell in cells]
            else:
                codes, distinct = self._mask(part).astype(np.int64), [False, True]
            present, group = np.unique(group * len(distinct) + codes, return_inverse=True)
            pairs = (divmod(int(code), len(distinct)) for code in present)
            keys = [(*keys[first], distinct[second]) for first, second in pairs]
        counts = [np.bincount(group, minlength=len(keys))]
        counts += [np.bincount(group[self._mask(item)], minlength=len(keys)) for item in sums]
        numbers = zip(*(part.tolist() for part in counts), strict=True)
        return dict(zip(keys, numbers, strict=True))

    def values(self, columns: Sequence[str]) -> Mapping[str, Mapping[Any, int]]:
        """Return column → typed cell → how many rows have it; ``None`` if not stated."""
        return {
            column: {cell: number for (cell,), (number,) in self.tally((column,)).items()}
            for column in columns
        }

    def different(self, columns: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """Return column of texts → how many different ones there are, and rows that state none."""
        cells = {column: self._cells(column) for column in columns}
        return {name: (its.nunique(), int(its.isna().sum())) for name, its in cells.items()}

    def spread(self, columns: Sequence[str]) -> Mapping[str, Spread | None]:
        """Return column of numbers → its spread, ``None`` if no row states one."""
        spreads: dict[str, Spread | None] = {}
        for column in columns:
            cells = self._cells(column).dropna()
            spreads[column] = (
                Spread(len(cells), float(cells.min()), float(cells.median()), float(cells.max()))
                if len(cells)
                else None
            )
        return spreads

    def glance(self, columns: Sequence[str], most: int) -> Mapping[str, Glance]:
        """Return column → what it holds: ``most`` frequent values, or so many bins of numbers."""
        made = {}
        for name in columns:
            codes, cells = distinct_cells(self._cells(name))
            numbers = np.bincount(codes, minlength=len(cells))
            made[name] = glance_at(self.table[name], cells.tolist(), numbers, most)
        return made

    def draw(self, condition: Condition, most: int) -> pd.DataFrame:
        """Return rows that fulfil a condition, in file order: of many, so many at random."""
        rows = np.flatnonzero(self._mask(condition))
        rows = rows if self._rows is None else self._rows[rows]
        frame = self._frame.iloc[rows]
        return frame if len(frame) <= most else frame.sample(most, random_state=0).sort_index()
