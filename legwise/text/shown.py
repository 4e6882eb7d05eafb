"""A table of texts for people, with the numbers and dates behind the texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from legwise.tables.catalogue import Record
from legwise.tables.schema import Field
from legwise.tables.stated import is_stated


@dataclass(frozen=True, eq=False)
class Shown:
    """A table for people: a frame of texts, and heading → the numbers or dates behind them."""

    frame: pd.DataFrame
    values: Mapping[str, Sequence[Any]]


def numbers_and_dates(fields: Iterable[Field], rows: Sequence[Record]) -> dict[str, list[Any]]:
    """Return heading → cells of the number and date fields; ``None`` where not stated."""
    return {
        field.heading: [row[field.name] if is_stated(row[field.name]) else None for row in rows]
        for field in fields
        if field.is_numeric or field.type == "date"
    }
