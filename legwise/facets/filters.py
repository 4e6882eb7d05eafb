"""Filters of one column: which cells they take, and what they say in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from legwise.tables.schema import NOT_STATED, NOT_STATED_LABEL, Field


@dataclass(frozen=True)
class Choice:
    """Values of one facet: any of them, or (list columns) all of them. May hold :data:`NOT_STATED`."""

    values: tuple[str, ...]
    match_all: bool = False


@dataclass(frozen=True)
class Span:
    """A number range, both ends inclusive, either end open; ``not_stated`` also lets missing numbers in.

    Without any bound and with ``not_stated`` it asks for the rows that state no number.
    """

    low: float | None = None
    high: float | None = None
    not_stated: bool = False

    @property
    def bounded(self) -> bool:
        """Whether either end is set."""
        return self.low is not None or self.high is not None

    def __str__(self) -> str:
        return f"{_number(self.low)}..{_number(self.high)}" if self.bounded else ""


Filter = Choice | Span


def filter_phrase(field: Field, item: Filter, labels: Callable[[Field], Mapping[str, str]]) -> str:
    """Say one filter in words, such as "heat is yes"; ``labels`` gives the words of a field's values."""
    if isinstance(item, Choice):
        names = labels(field)
        words = [
            NOT_STATED_LABEL if value == NOT_STATED else names.get(value, value)
            for value in item.values
        ]
        verb = "are" if field.is_list else "is"
        return f"{field.noun} {verb} {(' and ' if item.match_all else ' or ').join(words)}"
    unit = f" {field.unit}" if field.unit else ""
    if item.low is not None and item.high is not None:
        said = f"{field.noun} is {_number(item.low)} to {_number(item.high)}{unit}"
    elif item.low is not None:
        said = f"{field.noun} is at least {_number(item.low)}{unit}"
    elif item.high is not None:
        said = f"{field.noun} is at most {_number(item.high)}{unit}"
    else:
        return f"{field.noun} is {NOT_STATED_LABEL}"
    return f"{said} or {NOT_STATED_LABEL}" if item.not_stated else said


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
