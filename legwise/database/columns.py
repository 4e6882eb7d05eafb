"""Columns of ours as expressions over those of a database: filtered, counted, ordered, read.

What has few different cells is converted here, cell by cell, by the rules for files: the database
counts its cells as they are, and :class:`legwise.facets.codes.Column` says what they mean. So a
list, a spelling of yes and a cell that is not stated mean the same in a database as in memory.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

import ibis
import numpy as np
import pandas as pd

from legwise.answers.searched import fold, search_texts
from legwise.facets.bands import Band, cut_bands
from legwise.facets.codes import Column, Counts, NumberCounts, encode_column
from legwise.facets.filters import Filter, Range
from legwise.intake.spellings import EMPTY
from legwise.tables.loading import typed_cells
from legwise.tables.schema import Field
from legwise.tables.stated import is_stated

#: Most different cells that are compared or ordered one by one.
FEW_CELLS = 256
#: What databases take off the ends of a text.
SPACES = tuple(" \t\n\r\v\f")
LONGEST_EMPTY = max(map(len, EMPTY))
#: A number as every database reads it.
PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
#: A condition, a text or a number of each row: an expression of Ibis.
Expression = Any
#: Converts the texts of a column to cells of its field.
Convert = Callable[[Sequence[str | None]], pd.Series]
#: What counts per raw cell or bin come as: the raw texts, how many rows, lowest and highest number.
Group = tuple[str | None, int, float | None, float | None]
#: Letters with a mark, and what they are without it; databases do not agree on how to tell.
MARKED = {
    letter: plain
    for letter in map(chr, [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)])
    if len(plain := fold(letter)) == 1 and plain != letter
}


class DatabaseColumn(ABC):
    """One column of ours."""

    field: Field
    #: What is fetched to read a cell.
    raw: Expression
    stated: Expression

    @abstractmethod
    def order(self, *, descending: bool) -> Sequence[Expression]:
        """Return what rows are ordered by; what is not stated comes last."""

    @abstractmethod
    def read(self, raw: Any) -> Any:
        """Return the typed cell behind what was fetched."""

    def read_all(self, raws: Sequence[Any]) -> list[Any]:
        """Return the typed cells behind what was fetched of several rows."""
        return [self.read(raw) for raw in raws]


class Facet(DatabaseColumn):
    """A column that is filtered and counted."""

    #: By what rows are grouped to be counted.
    group: Expression

    @property
    @abstractmethod
    def groups(self) -> int:
        """How many groups there may be."""

    @property
    @abstractmethod
    def totals(self) -> Counts:
        """Counts over all rows."""

    @abstractmethod
    def where(self, item: Filter) -> Expression:
        """Return the condition that rows match a filter."""

    @abstractmethod
    def tally(self, groups: Iterable[Group]) -> Counts:
        """Return the counts of the facet, given rows per group."""

    @abstractmethod
    def filtered_as(self, field: Field) -> Facet:
        """Return the same column with the filter of a field; itself, if that is its filter."""


@dataclass(frozen=True, eq=False)
class Weighted(Column):
    """A column of which each code stands for so many rows; the last one for all other cells."""

    weights: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def sums(self, per_code: np.ndarray) -> np.ndarray:
        """Return rows per distinct cell, given rows per code."""
        sums = np.zeros(len(self.member), dtype=np.int64)
        np.add.at(sums, self.codes, per_code)
        return sums

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """Bands of all its numbers."""
        if self.numbers is None or not self.banded:
            return ()
        stated = self.sums(self.weights)[~self.missing]
        present = stated > 0
        return cut_bands(self.numbers[~self.missing][present], stated[present])

    @cached_property
    def totals(self) -> Counts:
        """Counts over all rows."""
        return self.tally(self.sums(self.weights))


class Cells(Facet):
    """A column with few different cells, each converted once."""

    def __init__(
        self,
        field: Field,
        text: Expression,
        counts: Mapping[str | None, int],
        convert: Convert,
        default: Any = None,
        *,
        whole: bool = True,
    ) -> None:
        """Convert the texts of ``counts``; ``whole`` if these are all that there are."""
        self.field, self.text = field, text
        self.raw = self.group = text
        self.texts = [raw for raw in counts if raw is not None]
        cells = [_plain(cell) for cell in convert(self.texts)] if self.texts else []
        self.default = () if field.is_list else default
        #: The cells of the texts, then that of all other texts, and of none.
        read = [cell if is_stated(cell) else self.default for cell in cells]
        self.cells: list[Any] = [*read, self.default]
        self.code_of = {raw: number for number, raw in enumerate(self.texts)}
        self.column = self._column(counts)
        self.stated = self._stated(whole=whole)

    @property
    def groups(self) -> int:
        """How many groups there may be."""
        return len(self.cells)

    @property
    def totals(self) -> Counts:
        """Counts over all rows."""
        return self.column.totals

    def filtered_as(self, field: Field) -> Cells:
        """Return the same column with the filter of a field; itself, if that is its filter."""
        if field.filter == self.field.filter:
            return self
        made = copy(self)
        made.field = field
        made.column = made._column(
            dict(zip([*self.texts, None], self.column.weights.tolist(), strict=True))
        )
        return made

    def _column(self, counts: Mapping[str | None, int]) -> Weighted:
        weights = np.array([*(counts[raw] for raw in self.texts), counts.get(None, 0)])
        made = encode_column(typed_cells(self.cells, self.field), self.field)
        if self.field.required and made.missing[made.codes[-1]]:
            # Rows that came since the list was opened may hold what none held then.
            made.member[made.codes[-1]] = False
        return Weighted(
            made.codes,
            made.values,
            made.member,
            made.rank,
            made.missing,
            made.numbers,
            made.banded,
            weights.astype(np.int64),
        )

    def chosen(self, cells: np.ndarray) -> Expression:
        """Return the condition that a row holds one of those distinct cells, given as a mask."""
        return self._those(cells[self.column.codes].tolist())

    def _stated(self, *, whole: bool) -> Expression:
        """Return the condition that a row states something: in the fewest texts that say it."""
        stated = (~self.column.missing)[self.column.codes].tolist()
        silent = [raw for raw, yes in zip(self.texts, stated, strict=False) if not yes]
        if stated[-1] or not whole or 2 * len(silent) > len(self.texts):
            return self._those(stated)
        some = self.text.notnull()
        return some & ~self.text.isin(silent) if silent else some

    @cached_property
    def key(self) -> Expression:
        """One text of all that mean the same, to group by; null for the cell of all others."""
        *codes, other = self.column.codes.tolist()
        alike: dict[int, list[str]] = {}
        for raw, code in zip(self.texts, codes, strict=True):
            if code != other:
                alike.setdefault(code, []).append(raw)
        others = self._those([code == other for code in (*codes, other)])
        steps = [(self.text.isin(its), its[0]) for its in alike.values() if len(its) > 1]
        return ibis.cases((others, ibis.null("string")), *steps, else_=self.text)

    @cached_property
    def number(self) -> Expression | None:
        """The number of each row, if all that is stated is written as databases read it."""
        pairs = list(zip(self.texts, self.cells, strict=False))
        plain = [raw for raw, cell in pairs if is_stated(cell)]
        if not self.field.is_numeric or is_stated(self.default):
            return None
        if any(
            not PLAIN.fullmatch(raw) or float(raw) != cell for raw, cell in pairs if is_stated(cell)
        ):
            return None
        if not plain:
            return ibis.null("float64")
        nothing = ibis.null("float64")
        return ibis.cases((self.text.isin(plain), self.text.cast("float64")), else_=nothing)

    def holding(self, test: Callable[[Any], bool]) -> Expression:
        """Return the condition that a row holds a cell that passes a test."""
        return self._those([test(cell) for cell in self.cells])

    def _those(self, wanted: Sequence[bool]) -> Expression:
        """Return the condition that a row holds one of those texts; the last is any other."""
        if not wanted[-1]:
            return self.among(raw for raw, yes in zip(self.texts, wanted, strict=False) if yes)
        others = [raw for raw, yes in zip(self.texts, wanted, strict=False) if not yes]
        if not others:
            return ibis.literal(True)
        return self.text.isnull() | ~self.text.isin(others)

    def among(self, texts: Iterable[str]) -> Expression:
        """Return the condition that a row holds one of those texts."""
        some = list(texts)
        return self.text.isin(some) if some else ibis.literal(False)

    def where(self, item: Filter) -> Expression:
        """Return the condition that rows match a filter."""
        return self.chosen(item.cells(self.column))

    def sums(self, groups: Iterable[Group]) -> np.ndarray:
        """Return rows per distinct cell."""
        per_code = np.zeros(len(self.cells), dtype=np.int64)
        for raw, number, *_ in groups:
            per_code[self.code_of.get(raw, -1) if raw is not None else -1] += number
        return self.column.sums(per_code)

    def tally(self, groups: Iterable[Group]) -> Counts:
        """Return the counts of the facet, given rows per text."""
        return self.column.tally(self.sums(groups))

    def order(self, *, descending: bool) -> Sequence[Expression]:
        """Return the rank of each row's cell; without a vocabulary, the text itself."""
        if self.number is not None and len(self.texts) > FEW_CELLS:
            number = ibis.desc(self.number) if descending else ibis.asc(self.number)
            return [ibis.cases((self.number.isnull(), 1), else_=0), number]
        plain = self.field.type == "string" and not self.field.labels
        if not plain or len(self.texts) <= FEW_CELLS:
            rank = -self.column.rank if descending else self.column.rank
            rank = np.where(self.column.missing, len(rank), rank - rank.min(initial=0))
            *ranks, other = rank[self.column.codes].tolist()
            texts: dict[int, list[str]] = {}
            for raw, level in zip(self.texts, ranks, strict=True):
                if level != other:
                    texts.setdefault(level, []).append(raw)
            steps = [(self.text.isin(some), level) for level, some in sorted(texts.items())]
            return [ibis.cases(*steps, else_=other)] if steps else []
        return _by_text(self.text, self.stated, descending=descending)

    def read(self, raw: Any) -> Any:
        """Return the typed cell behind a text."""
        return self.cells[self.code_of.get(raw, -1)] if raw is not None else self.cells[-1]

    @cached_property
    def _folded(self) -> list[str]:
        words = search_texts(self.field)
        return [fold(words.get(cell, cell)) if isinstance(cell, str) else "" for cell in self.cells]

    def has(self, word: str, *, start: bool = False) -> Expression:
        """Return the condition that the cell in words has a folded word."""
        word = f" {word}" if start else word
        having = [word in (f" {text}" if start else text) for text in self._folded]
        return self._those(having)


class Numbers(Facet):
    """A column of numbers or dates that the database holds as such; dates by their day's number."""

    def __init__(self, field: Field, cell: Expression, wrong: Sequence[Expression] = ()) -> None:
        """Take the cells as the database has them, and when one of them cannot be right.

        A later reason is asked for only where no earlier one holds. Reasons are kept in one flat
        expression: each one around the others would double what is worked out of every row.
        """
        self.field, self.cell, self.wrong = field, cell, tuple(wrong)
        nothing = [(bad, ibis.null(cell.type())) for bad in self.wrong]
        self.number = ibis.cases(*nothing, else_=cell) if nothing else cell
        self.raw = self.number
        self.stated = self.number.notnull()
        self.key = self.number
        self.bands: tuple[Band, ...] = ()
        self._counted: Sequence[Group] = ()
        self.group = self.bins([])
        self._totals = NumberCounts(None, None, 0, 0)

    def count(self, groups: Sequence[Group]) -> None:
        """Take the bands and totals of all rows, grouped by the bins of round numbers."""
        self._counted = groups
        stated = sorted(
            (group for group in groups if group[0] is not None),
            key=lambda group: float(group[2] or 0),
        )
        numbers: list[float] = []
        counts: list[int] = []
        for _, number, least, most in stated:
            assert least is not None
            assert most is not None
            # Where a bin begins and ends is all that bands ask of it.
            parts = [(least, number - 1), (most, 1)] if most > least else [(least, number)]
            numbers += [value for value, _ in parts]
            counts += [many for _, many in parts]
        if self.field.is_numeric and self.field.filter == "range":
            self.bands = cut_bands(np.array(numbers), np.array(counts, dtype=np.int64))
        missing = sum(number for raw, number, *_ in groups if raw is None)
        total = sum(counts)
        in_bands = [0] * len(self.bands)
        for value, many in zip(numbers, counts, strict=True):
            if self.bands:
                in_bands[self._band(value)] += many
        self.group = self.bins([band.low for band in self.bands if band.low is not None])
        self._totals = NumberCounts(
            min(numbers, default=None),
            max(numbers, default=None),
            total,
            missing,
            tuple(zip(self.bands, in_bands, strict=True)),
        )

    def filtered_as(self, field: Field) -> Numbers:
        """Return the same column with the filter of a field; itself, if that is its filter."""
        if field.filter == self.field.filter:
            return self
        made = Numbers(field, self.cell, self.wrong)
        made.count(self._counted)
        return made

    def _band(self, value: float) -> int:
        return sum(value >= band.low for band in self.bands if band.low is not None)

    @property
    def groups(self) -> int:
        """How many groups there may be."""
        return len(self.bands) + 2

    @property
    def totals(self) -> Counts:
        """Counts over all rows."""
        return self._totals

    def bins(self, breaks: Sequence[float]) -> Expression:
        """Return the number of the bin between breaks that a row is in, as text."""
        nothing = [(bad, ibis.null("string")) for bad in (*self.wrong, self.cell.isnull())]
        steps = [(self.cell < value, str(number)) for number, value in enumerate(breaks)]
        return ibis.cases(*nothing, *steps, else_=str(len(breaks)))

    def where(self, item: Filter) -> Expression:
        """Return the condition that rows lie within a range."""
        if not isinstance(item, Range):
            return ibis.literal(False)
        parts = [self.number.isnull()] if item.not_stated else []
        if item.bounded:
            ends = []
            if item.low is not None:
                ends.append(self.number >= item.number(item.low))
            if item.high is not None:
                ends.append(self.number <= item.number(item.high))
            parts.append(reduce(and_, ends))
        return reduce(or_, parts) if parts else ibis.literal(False)

    def tally(self, groups: Iterable[Group]) -> Counts:
        """Return the counts of the facet, given rows per band."""
        lows, highs, in_bands, stated, missing = [], [], [0] * max(1, len(self.bands)), 0, 0
        for raw, number, low, high in groups:
            if raw is None:
                missing += number
                continue
            assert low is not None
            assert high is not None
            stated += number
            in_bands[int(raw)] += number
            lows.append(float(low))
            highs.append(float(high))
        return NumberCounts(
            min(lows, default=None),
            max(highs, default=None),
            stated,
            missing,
            tuple(zip(self.bands, in_bands, strict=False)),
        )

    def order(self, *, descending: bool) -> Sequence[Expression]:
        """Return whether it is missing, then the number."""
        number = ibis.desc(self.number) if descending else ibis.asc(self.number)
        return [ibis.cases((self.number.isnull(), 1), else_=0), number]

    def read(self, raw: Any) -> Any:
        """Return the number; a day as a date."""
        if raw is None:
            return None
        if self.field.type == "date":
            return pd.Timestamp.fromordinal(int(raw))
        return int(raw) if self.field.type == "integer" else float(raw)


class Text(DatabaseColumn):
    """A column of texts, as many as there are rows."""

    def __init__(
        self,
        field: Field,
        text: Expression,
        convert: Convert,
        is_ascii: Callable[[Expression], Expression] | None = None,
    ) -> None:
        """Take the texts; ``is_ascii`` tells those without marked letters, where it is quick."""
        self.field, self.text, self.raw = field, text, text
        self._convert = convert
        self._is_ascii = is_ascii(text) if is_ascii else None
        empty = sorted(EMPTY - {""})
        # To strip every text takes longer than to count them, and few begin or end with a space.
        ends = text.left(1).isin(SPACES) | text.right(1).isin(SPACES)
        self.stripped = trimmed = ibis.cases((ends, text.strip()), else_=text)
        # Most texts are longer than any spelling of nothing: those are not looked at.
        self.stated = ibis.cases(
            (text.isnull(), False),
            (trimmed.length() > LONGEST_EMPTY, True),
            else_=(trimmed != "") & ~trimmed.lower().isin(empty),
        )

    def order(self, *, descending: bool) -> Sequence[Expression]:
        """Return whether it is missing, then the text."""
        return _by_text(self.text, self.stated, descending=descending)

    def read(self, raw: Any) -> Any:
        """Return the text as it is read from a file."""
        return self.read_all([raw])[0]

    def read_all(self, raws: Sequence[Any]) -> list[Any]:
        """Return texts as they are read from a file: all at once, which costs little more."""
        texts = [None if raw is None else str(raw) for raw in raws]
        nothing = () if self.field.is_list else None
        return [cell if is_stated(cell) else nothing for cell in self._convert(texts)]

    def has(self, word: str, *, start: bool = False) -> Expression:
        """Return the condition that the text has a folded word."""
        plain = self.text.lower()
        # To look for marks in each letter takes most of the time, and few texts have any.
        folded = self.text.translate("".join(MARKED), "".join(MARKED.values())).lower()
        text = (
            folded if self._is_ascii is None else ibis.cases((self._is_ascii, plain), else_=folded)
        )
        has = text.contains(word)
        if start:
            # Few texts have it at all: only those are looked at for where it begins.
            has = ibis.cases((has, (ibis.literal(" ") + text).contains(f" {word}")), else_=False)
        return ibis.coalesce(has, False)


def absent(field: Field, size: int, default: Any = None) -> Cells:
    """Return a column that the database does not have: all rows have the same cell, or none."""
    nothing = pd.Series([], dtype=object)
    return Cells(field, ibis.null("string"), {None: size}, lambda _: nothing, default)


def _plain(cell: Any) -> Any:
    """Return a cell as rows in memory have it: a yes that is not Python's is no notice."""
    return cell.item() if isinstance(cell, np.generic) else cell


def _by_text(text: Expression, stated: Expression, *, descending: bool) -> list[Expression]:
    lower = ibis.cases((stated, text.strip().lower()), else_=ibis.null("string"))
    return [
        ibis.cases((stated, 0), else_=1),
        ibis.desc(lower) if descending else ibis.asc(lower),
    ]
