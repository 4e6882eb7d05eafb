"""Filters on one column. Each knows its cells, its words, its code and its text in a link."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, Self, TypeVar

import numpy as np

from legwise.tables.schema import NOT_STATED, NOT_STATED_LABEL, Field
from legwise.text.literals import Call, Name, literal

if TYPE_CHECKING:
    from legwise.facets.codes import Column

#: What an end of a range is.
E = TypeVar("E", float, date)


class Filter(Protocol):
    """A filter on one column."""

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""

    @property
    def narrows(self) -> bool:
        """Whether another value would narrow the result (AND) instead of adding rows (OR)."""

    def cells(self, column: Column) -> np.ndarray:
        """Return a mask of the distinct cells of the column that satisfy the filter."""

    def words(self, field: Field) -> str:
        """Say it in words, such as "heat is yes"."""

    def phrase(self, field: Field) -> str:
        """Say it of the rows that match, such as "with heat"."""

    def code(self, field: Field) -> list[str]:
        """Return the conditions on the frame ``rows`` as pandas code."""

    def link(self) -> list[str]:
        """Return its texts in a link."""


@dataclass(frozen=True)
class Choice:
    """Values of one facet: any of them, or (list columns) all. May include ``NOT_STATED``."""

    values: tuple[str, ...]
    match_all: bool = False

    @property
    def empty(self) -> bool:
        """Whether no value is chosen."""
        return not self.values

    @property
    def narrows(self) -> bool:
        """Whether all values are wanted."""
        return self.match_all

    def cells(self, column: Column) -> np.ndarray:
        """Return a mask of the distinct cells that hold one of the values, or all of them."""
        known = [column.values.index(value) for value in self.values if value in column.values]
        if self.match_all and len(known) < len(self.values):
            return np.zeros(len(column.member), dtype=bool)
        chosen = column.member[:, known]
        return np.asarray(chosen.all(axis=1) if self.match_all else chosen.any(axis=1))

    def words(self, field: Field) -> str:
        """Say it in words."""
        labels = {**field.labels, NOT_STATED: NOT_STATED_LABEL}
        verb = "are" if field.is_list else "is"
        joined = (" and " if self.match_all else " or ").join(
            labels.get(value, value) for value in self.values
        )
        return f"{field.noun} {verb} {joined}"

    def phrase(self, field: Field) -> str:
        """Say it of the rows that match."""
        missing = NOT_STATED_LABEL if len(self.values) > 1 else f"{field.noun} {NOT_STATED_LABEL}"
        joined = " and " if self.match_all else " or "
        if field.type == "boolean":
            words = {"yes": field.with_phrase, "no": field.without_phrase, NOT_STATED: missing}
            return joined.join(words[value] for value in self.values)
        if self.values == (NOT_STATED,):
            return missing
        labels = {**field.labels, NOT_STATED: NOT_STATED_LABEL}
        return f"{field.with_phrase} {joined.join(labels.get(v, v) for v in self.values)}"

    def code(self, field: Field) -> list[str]:
        """Return one condition for any of the values, or one for each."""
        missing = literal(Call("isna", Name("rows", field.name)))
        stated = [value for value in self.values if value != NOT_STATED]
        groups = [[value] for value in stated] if self.match_all else [stated] if stated else []
        conditions = [_any_of(field, values) for values in groups]
        if NOT_STATED not in self.values:
            return conditions
        return [*conditions, missing] if self.match_all else [" | ".join([*conditions, missing])]

    def link(self) -> list[str]:
        """Return the values."""
        return list(self.values)


@dataclass(frozen=True)
class Range(ABC, Generic[E]):
    """A range of numbers or dates, both ends inclusive, either end open.

    ``not_stated`` also admits missing numbers; without any bound it admits only those.
    """

    low: E | None = None
    high: E | None = None
    not_stated: bool = False

    #: Ranges as a link has them, for the notice about one that is not.
    EXAMPLE: ClassVar[str]

    @property
    def bounded(self) -> bool:
        """Whether either end is set."""
        return self.low is not None or self.high is not None

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.bounded and not self.not_stated

    @property
    def narrows(self) -> bool:
        """A range has no next value."""
        return False

    def cells(self, column: Column) -> np.ndarray:
        """Return a mask of the distinct cells within the range."""
        assert column.numbers is not None
        low = -np.inf if self.low is None else self.number(self.low)
        high = np.inf if self.high is None else self.number(self.high)
        within = (column.numbers >= low) & (column.numbers <= high) & self.bounded
        return np.asarray(within | (column.missing & self.not_stated))

    def words(self, field: Field) -> str:
        """Say it in words, with the unit of the column."""
        if not self.bounded:
            return f"{field.noun} is {NOT_STATED_LABEL}"
        return f"{field.noun} is {self._ends(field)}"

    def phrase(self, field: Field) -> str:
        """Say it of the rows that match, with the unit of the column."""
        if not self.bounded:
            return f"{field.noun} {NOT_STATED_LABEL}"
        return f"{field.with_phrase} {self._ends(field)}"

    def _ends(self, field: Field) -> str:
        """Write the ends, the unit, and whether missing values are admitted."""
        low, high = (self.text(end) for end in (self.low, self.high))
        between = (
            f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
        )
        unit = f" {field.unit}" if field.unit else ""
        missing = f" or {NOT_STATED_LABEL}" if self.not_stated else ""
        return f"{between}{unit}{missing}"

    def code(self, field: Field) -> list[str]:
        """Return the condition for numbers between the ends."""
        column = literal(Name("rows", field.name))
        missing = f"{column}.isna()"
        if not self.bounded:
            return [missing]
        if self.low is not None and self.high is not None:
            within = f"{column}.between({self.value(self.low)}, {self.value(self.high)})"
        else:
            end = (
                f">= {self.value(self.low)}" if self.high is None else f"<= {self.value(self.high)}"
            )
            within = f"({column} {end})" if self.not_stated else f"{column} {end}"
        return [f"{within} | {missing}" if self.not_stated else within]

    def link(self) -> list[str]:
        """Return the range as ``low..high``, and ``NOT_STATED`` if missing numbers are admitted."""
        return [
            *([f"{self.text(self.low)}..{self.text(self.high)}"] if self.bounded else []),
            *([NOT_STATED] if self.not_stated else []),
        ]

    @classmethod
    def parse(cls, text: str, *, whole: bool = False) -> Self | None:
        """Read ``low..high``; ``None`` if the text is not a range.

        ``whole`` rounds the ends inwards, for columns of whole numbers.
        """
        parts = text.split("..")
        if len(parts) != 2 or not any(parts):
            return None
        try:
            low, high = (cls.end(part) if part else None for part in parts)
        except ValueError:
            return None
        if whole:
            low, high = cls.rounded(low, high)
        return None if low is not None and high is not None and low > high else cls(low, high)

    @staticmethod
    @abstractmethod
    def end(text: str) -> E:
        """Read an end.

        Raises:
            ValueError: it is none, or one that a browser cannot show.
        """

    @staticmethod
    def rounded(low: E | None, high: E | None) -> tuple[E | None, E | None]:
        """Return the ends rounded inwards to whole numbers."""
        return low, high

    @staticmethod
    @abstractmethod
    def text(end: E | None) -> str:
        """Write an end; an open one is empty."""

    @staticmethod
    @abstractmethod
    def value(end: E | None) -> str:
        """Write an end as code."""

    @staticmethod
    @abstractmethod
    def number(end: E) -> float:
        """Return the number that stands for an end in a column."""


@dataclass(frozen=True)
class Span(Range[float]):
    """A range of numbers."""

    EXAMPLE: ClassVar[str] = "10..20, 10.. or ..20"

    @staticmethod
    def end(text: str) -> float:
        """Read a number that a browser keeps exactly."""
        number = float(text)
        if not abs(number) < 2**53:
            raise ValueError(f"{text} is too large")
        return number

    @staticmethod
    def rounded(low: float | None, high: float | None) -> tuple[float | None, float | None]:
        """Return the ends rounded inwards to whole numbers."""
        return (
            None if low is None else math.ceil(low),
            None if high is None else math.floor(high),
        )

    @staticmethod
    def text(end: float | None) -> str:
        """Write a number."""
        return "" if end is None else f"{end:.10g}"

    @staticmethod
    def value(end: float | None) -> str:
        """Write a number as code."""
        return literal(end)

    @staticmethod
    def number(end: float) -> float:
        """Return the number itself."""
        return end


@dataclass(frozen=True)
class DateSpan(Range[date]):
    """A range of dates."""

    FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
    EXAMPLE: ClassVar[str] = "2020-01-01..2020-12-31, 2020-01-01.. or ..2020-12-31"

    @staticmethod
    def end(text: str) -> date:
        """Read a date that a calendar on screen offers."""
        day = date.fromisoformat(text)
        if not DateSpan.FIRST <= day <= DateSpan.LAST:
            raise ValueError(f"{text} is out of range")
        return day

    @staticmethod
    def text(end: date | None) -> str:
        """Write a date."""
        return "" if end is None else f"{end:%Y-%m-%d}"

    @staticmethod
    def value(end: date | None) -> str:
        """Write a date as the files have it: in code, cells are text."""
        return literal(DateSpan.text(end))

    @staticmethod
    def number(end: date) -> float:
        """Return the day's number."""
        return float(end.toordinal())


def span_of(field: Field) -> type[Span] | type[DateSpan]:
    """Return the kind of range that a column is filtered by."""
    return DateSpan if field.type == "date" else Span


def _any_of(field: Field, values: list[str]) -> str:
    """Return the condition that a cell is, or lists, one of the values."""
    column = Name("rows", field.name)
    if not field.is_list:
        return literal(Call("isin", column, values))
    listed = Call("isin", Call("explode", column), values)
    return literal(Call("any", Call("groupby", listed, level=0)))
