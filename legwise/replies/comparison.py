"""The reply about a comparison: its columns, and its rows with every cell and where it is from."""

from __future__ import annotations

import pandas as pd

from legwise.answers.comparison import Cell, Comparison
from legwise.answers.side_by_side import compare, suggestions
from legwise.links.compare import COMPARE, CompareState
from legwise.links.form import Scope
from legwise.replies.reply import Json, Reply, address, as_values, of_frame, of_rows
from legwise.text.units import counted


def comparison(scope: Scope, state: CompareState) -> Reply:
    """Return the rows that the page shows; without an item, what one could compare."""
    catalogue = scope.catalogue
    if not state.items:
        starts = [
            {"name": name, "link": address("compare", COMPARE.encode(CompareState(items), scope))}
            for name, items in suggestions(catalogue).items()
        ]
        return of_frame(
            "Choose at least two devices or device types.",
            pd.DataFrame(),
            more={"items": [], "suggestions": starts},
        )
    whole = compare(catalogue, state.items, state.conditions, state.units)
    shown = whole.only(state.shown_rows)
    return of_rows(
        f"{', '.join(shown.labels)}: {shown.size:,} of {counted(whole.size, 'row')}",
        _rows(shown),
        shown.frame(),
        more={"items": as_values(shown.items), "labels": list(shown.labels)},
    )


def _rows(shown: Comparison) -> list[dict[str, Json]]:
    return [
        {
            "group": group.name,
            "group_title": group.title,
            "name": row.name,
            "title": row.title,
            "differs": row.differs,
            "cells": [_cell(cell) for cell in row.cells],
        }
        for group in shown.groups
        for row in group.rows
    ]


def _cell(cell: Cell) -> dict[str, Json]:
    return {
        "text": cell.text,
        "stated": cell.stated,
        "value": as_values(cell.value),
        "unit": cell.unit or None,
        "sums_up_products": cell.derived,
        "page": cell.link or None,
        "sources": [
            {"id": source.source_id, "citation": source.citation, "link": source.link}
            for source in cell.sources
        ],
    }
