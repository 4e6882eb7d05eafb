"""What is wrong with the cells and rows of a file: by kind, and cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from legwise.tables.schema import Category, Field
from legwise.text.units import counted

COLUMNS = ("kind", "row", "column", "value", "allowed")


@dataclass(frozen=True, eq=False)
class Faults:
    """Faults of one kind with one value in one column.

    The rows are as a spreadsheet counts them, or the ids of rows of a database, where ``number``
    says how many there are if only some are named. A cell with a fault is read as not stated. A
    ``row_lost`` fault makes the row unusable.
    """

    kind: str
    column: str
    value: str
    allowed: str
    rows: np.ndarray
    row_lost: bool = False
    number: int = 0

    def __len__(self) -> int:
        return max(self.number, len(self.rows))


@dataclass(frozen=True)
class Contradiction:
    """What is wrong with a cell beside another cell of its row, and what may stand there."""

    kind: str
    allowed: str


def above(other: Field) -> Contradiction:
    """Return what is wrong with a number above that of another column."""
    return Contradiction(f"above “{other.title}”", f"at most “{other.title}”")


def stated_unless(other: Field, answer: str) -> Contradiction:
    """Return what is wrong with a cell that only another answer leaves room for."""
    return Contradiction("contradicts the row", f"empty unless “{other.title}” is {answer}")


def disagreeing(other: Field, category: Category) -> Contradiction:
    """Return what is wrong with a cell that a category of another column does not allow."""
    allows = " or ".join(item or "empty" for item in category.allows or ())
    may = f"{allows} where “{other.title}” is {category.label}"
    return Contradiction(f"does not agree with “{other.title}”", may)


@dataclass(frozen=True, eq=False)
class Report:
    """What was read, what was done to it, and every fault."""

    name: str
    #: First digits of the SHA-256 of the file.
    digest: str
    rows: int
    columns: int
    faults: tuple[Faults, ...] = ()
    #: What was converted or assumed, one sentence each.
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def total(self) -> int:
        """Number of faults."""
        return sum(map(len, self.faults))

    @cached_property
    def rows_lost(self) -> int:
        """Number of rows that could not be used."""
        return sum(len(item) for item in self.faults if item.row_lost)

    @property
    def unnamed(self) -> tuple[Faults, ...]:
        """Faults of which a database has more than are named here."""
        return tuple(item for item in self.faults if len(item) > len(item.rows))

    @property
    def summary(self) -> str:
        """What came of the file, in one sentence."""
        text = f"{counted(self.rows, 'row')} of {counted(self.columns, 'column')} can be used"
        if not self.total:
            return f"{text}; no faults."
        cells = self.total - self.rows_lost
        parts = []
        if cells:
            parts.append(f"{counted(cells, 'cell')} cannot be read and will be “not stated”")
        if self.rows_lost:
            parts.append(f"{counted(self.rows_lost, 'row')} cannot be used")
        return f"{text}; {' and '.join(parts)}."

    def kinds(self) -> pd.DataFrame:
        """Return how many faults of each kind each column has, most first."""
        counts: Counter[tuple[str, str, str]] = Counter()
        for item in self.faults:
            counts[item.kind, item.column, item.allowed] += len(item)
        rows = [(*key, number) for key, number in counts.most_common()]
        return pd.DataFrame(rows, columns=["kind", "column", "allowed", "cells"])

    def frame(self, most: int | None = None) -> pd.DataFrame:
        """Return one row per fault, in the order of the file; the first of each if ``most``."""
        parts = list(self._first(most))
        if not parts:
            return pd.DataFrame(columns=list(COLUMNS))
        rows = [item.rows[:most] for item in parts]
        frame = pd.DataFrame(
            [(item.kind, item.column, item.value, item.allowed) for item in parts],
            columns=["kind", "column", "value", "allowed"],
        )
        frame = frame.loc[frame.index.repeat([len(item) for item in rows])]
        frame.insert(1, "row", np.concatenate(rows))
        frame = frame.sort_values(["row", "column"], kind="stable")
        return frame.head(most).reset_index(drop=True) if most else frame.reset_index(drop=True)

    def _first(self, most: int | None) -> Iterator[Faults]:
        """Yield faults until there are as many as asked for, of every kind in turn."""
        if most is None:
            yield from self.faults
            return
        seen: Counter[tuple[str, str]] = Counter()
        limit = max(5, most // max(1, len({(item.kind, item.column) for item in self.faults})))
        for item in self.faults:
            if seen[item.kind, item.column] < limit:
                seen[item.kind, item.column] += len(item)
                yield item
