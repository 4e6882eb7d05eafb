"""A column at a glance: how much is stated, how many values, which ones, in what shape."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from legwise.explore.relations import Relation
from legwise.explore.state import shown_fields
from legwise.facets.codes import Rows
from legwise.tables.schema import Field
from legwise.tables.stated import stated_cells
from legwise.text.cells import format_number

#: Bars in the small histogram, and values named in words.
BARS, NAMED = 12, 3


def profile_frame(relation: Relation, rows: Rows) -> pd.DataFrame:
    """Return one row per column, for the rows at those positions.

    Columns: Column, Stated (%), Shape (list of counts: bins of numbers from low to high, else the
    most frequent values first), Values (how many different ones), Most frequent (in words).
    """
    frame = relation.frame.iloc[rows]
    return pd.DataFrame(
        [_profile(field, frame[field.name]) for field in shown_fields(relation)],
        columns=["Column", "Stated (%)", "Values", "Most frequent", "Shape"],
    )[["Column", "Stated (%)", "Shape", "Values", "Most frequent"]]


def _profile(field: Field, cells: pd.Series) -> tuple[str, float, int, str, list[int]]:
    stated = cells[stated_cells(cells)]
    share = round(100 * len(stated) / max(1, len(cells)), 1)
    if stated.empty:
        return field.title, share, 0, "", []
    if field.is_numeric:
        numbers = stated.to_numpy(dtype=float)
        low, middle, high = (
            _number(field, end) for end in (numbers.min(), float(np.median(numbers)), numbers.max())
        )
        unit = f" {field.unit}" if field.unit else ""
        words = f"{low} to {high}{unit}, median {middle}" if low != high else f"{low}{unit}"
        counts = np.histogram(numbers, bins=BARS)[0].tolist()
        return field.title, share, len(np.unique(numbers)), words, counts
    counter = Counter(value for cell in stated for value in (cell if field.is_list else (cell,)))
    ranked = counter.most_common()
    labels = field.labels
    named = [f"{_label(field, labels, value)} ({number:,})" for value, number in ranked[:NAMED]]
    # Naming a few values says nothing where each occurs once.
    words = "all different" if ranked[0][1] == 1 and len(ranked) > NAMED else ", ".join(named)
    return field.title, share, len(ranked), words, [number for _, number in ranked[:BARS]]


def _label(field: Field, labels: dict[str, str], value: object) -> str:
    if field.type == "boolean":
        return "yes" if value else "no"
    if field.type == "date":
        return f"{value:%Y-%m-%d}"
    text = labels.get(str(value), str(value))
    return text if len(text) <= 60 else f"{text[:59]}…"


def _number(field: Field, value: float) -> str:
    return f"{value:.10g}" if field.plain else format_number(round(value, 2))
