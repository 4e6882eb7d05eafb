"""A column at a glance: how much is stated, how many values, which ones, in what shape."""

from __future__ import annotations

from typing import Any

import pandas as pd

from legwise.explore.relations import Relation
from legwise.explore.state import shown_fields
from legwise.facets.tallies import Glance, Tallies
from legwise.tables.schema import Field
from legwise.text.cells import format_number

#: Bars in the small histogram, and values named in words.
BARS, NAMED = 12, 3


def profile_frame(relation: Relation, rows: Tallies) -> pd.DataFrame:
    """Return one row per column, for some rows of the relation.

    Columns: Column, Stated (%), Shape (list of counts: bins of numbers from low to high, else the
    most frequent values first), Values (how many different ones; missing where they are too many
    to be told apart), Most frequent (in words).

    Raises:
        DatabaseError: the rows are in a database, which cannot be asked.
    """
    fields, size = shown_fields(relation), rows.size
    glances = rows.glance([field.name for field in fields], BARS)
    made = pd.DataFrame(
        [_profile(field, glances[field.name], size) for field in fields],
        columns=["Column", "Stated (%)", "Shape", "Values", "Most frequent"],
    )
    return made.astype({"Values": "Int64"})


def _profile(field: Field, its: Glance, size: int) -> tuple[str, float, list[int], Any, str]:
    share = round(100 * its.stated / max(1, size), 1)
    shape = [*its.bins, *(number for _, number in its.frequent)]
    return field.title, share, shape, its.different, _words(field, its)


def _words(field: Field, its: Glance) -> str:
    if its.spread:
        ends = (its.spread.low, its.spread.median, its.spread.high)
        low, middle, high = (_number(field, end) for end in ends)
        unit = f" {field.unit}" if field.unit else ""
        return f"{low} to {high}{unit}, median {middle}" if low != high else f"{low}{unit}"
    if its.different is None:
        return "too many to be told apart"
    # Naming a few values says nothing where each occurs once.
    if its.different > NAMED and its.frequent[0][1] == 1:
        return "all different"
    labels = field.labels
    return ", ".join(
        f"{_label(field, labels, value)} ({number:,})" for value, number in its.frequent[:NAMED]
    )


def _label(field: Field, labels: dict[str, str], value: Any) -> str:
    if field.type == "boolean":
        return "yes" if value else "no"
    if field.type == "date":
        return f"{pd.Timestamp(value):%Y-%m-%d}"
    text = labels.get(str(value), str(value))
    return text if len(text) <= 60 else f"{text[:59]}…"


def _number(field: Field, value: float) -> str:
    return f"{value:.10g}" if field.plain else format_number(round(value, 2))
