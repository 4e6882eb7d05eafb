"""Grids of cells: a table with one row per cell, at column ``x`` of row ``y``, both from 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.theme import inert


def crossed(cells: pd.DataFrame, rows: str, columns: str, values: str) -> pd.DataFrame:
    """Return the cells as a cross table: ``rows`` in the first column, ``columns`` as heads."""
    wide = cells.pivot(index="y", columns="x", values=values).reset_index(drop=True)
    wide.columns = pd.Index(cells.drop_duplicates("x")[columns].tolist())
    wide.insert(0, rows, cells.drop_duplicates("y")[rows].tolist())
    return wide


def matrix(cells: pd.DataFrame, values: str) -> list[list[Any]]:
    """Return one column of the cells as lists, one list per row."""
    lines: list[list[Any]] = cells.pivot(index="y", columns="x", values=values).to_numpy().tolist()
    return lines


def headed_lines(headings: pd.Series, labels: Iterable[str]) -> tuple[pd.Series, dict[str, Any]]:
    """Lay out rows from the top, each heading (unless empty) on a line before its rows.

    ``headings`` and ``labels`` have one entry per row. Returns the line of each row, and the
    options of an axis that labels every line.
    """
    begins = headings.ne(headings.shift()) & headings.ne("")
    lines = (begins + 1).cumsum() - 1
    texts = dict(zip(lines.tolist(), map(inert, labels), strict=True))
    for line, heading in zip((lines - 1)[begins].tolist(), headings[begins], strict=True):
        texts[line] = f"<b>{inert(heading)}</b>"
    ticks = sorted(texts)
    ends = [len(ticks) - 0.5, -0.5]
    return lines, {"tickvals": ticks, "ticktext": [texts[line] for line in ticks], "range": ends}


def heat_map(steps: list[list[Any]], colours: Sequence[str], **more: Any) -> go.Heatmap:
    """Draw coloured cells: step 0 has the first colour; ``None`` has none."""
    count = len(colours)
    scale = [
        (edge / count, colour) for step, colour in enumerate(colours) for edge in (step, step + 1)
    ]
    span = {"zmin": -0.5, "zmax": count - 0.5, "xgap": 2, "ygap": 2}
    return go.Heatmap(z=steps, colorscale=scale, showscale=False, **span, **more)
