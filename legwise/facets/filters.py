"""Filters on one column. Each knows its cells, its words, its code and its text in a link."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from legwise.tables.schema import NOT_STATED, NOT_STATED_LABEL, Field
from legwise.text.literals import Call, Name, literal

if TYPE_CHECKING:
    from legwise.facets.codes import Column


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
class Span:
    """A number range, both ends inclusive, either end open.

    ``not_stated`` also admits missing numbers; without any bound it admits only those.
    """

    low: float | None = None
    high: float | None = None
    not_stated: bool = False

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
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        within = (column.numbers >= low) & (column.numbers <= high) & self.bounded
        return np.asarray(within | (column.missing & self.not_stated))

    def words(self, field: Field) -> str:
        """Say it in words, with the unit of the column."""
        if not self.bounded:
            return f"{field.noun} is {NOT_STATED_LABEL}"
        low, high = (self.text(end) for end in (self.low, self.high))
        between = (
            f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
        )
        unit = f" {field.unit}" if field.unit else ""
        missing = f" or {NOT_STATED_LABEL}" if self.not_stated else ""
        return f"{field.noun} is {between}{unit}{missing}"

    def code(self, field: Field) -> list[str]:
        """Return the condition for numbers between the ends."""
        column = literal(Name("rows", field.name))
        missing = f"{column}.isna()"
        if not self.bounded:
            return [missing]
        if self.low is not None and self.high is not None:
            within = f"{column}.between({literal(self.low)}, {literal(self.high)})"
        else:
            end = f">= {literal(self.low)}" if self.high is None else f"<= {literal(self.high)}"
            within = f"({column} {end})" if self.not_stated else f"{column} {end}"
        return [f"{within} | {missing}" if self.not_stated else within]

    def link(self) -> list[str]:
        """Return the range as ``low..high``, and ``NOT_STATED`` if missing numbers are admitted."""
        ends = f"{self.text(self.low)}..{self.text(self.high)}"
        return [*([ends] if self.bounded else []), *([NOT_STATED] if self.not_stated else [])]

    @staticmethod
    def text(end: float | None) -> str:
        """Write an end; an open one is empty."""
        return "" if end is None else f"{end:.10g}"

    @staticmethod
    def ends(text: str, *, whole: bool = False) -> tuple[float | None, float | None] | None:
        """Read the ends from ``low..high``; ``None`` if the text is not a range.

        ``whole`` rounds the ends inwards, for columns of whole numbers.
        """
        parts = text.split("..")
        if len(parts) != 2 or not any(parts):
            return None
        try:
            low, high = (float(part) if part else None for part in parts)
        except ValueError:
            return None
        # A browser does not keep larger whole numbers exactly.
        if any(end is not None and not abs(end) < 2**53 for end in (low, high)):
            return None
        if whole:
            low = low if low is None else math.ceil(low)
            high = high if high is None else math.floor(high)
        return None if low is not None and high is not None and low > high else (low, high)


def _any_of(field: Field, values: list[str]) -> str:
    """Return the condition that a cell is, or lists, one of the values."""
    column = Name("rows", field.name)
    if not field.is_list:
        return literal(Call("isin", column, values))
    listed = Call("isin", Call("explode", column), values)
    return literal(Call("any", Call("groupby", listed, level=0)))
