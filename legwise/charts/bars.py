"""Horizontal bars, plain or stacked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.theme import PALETTES, Palette, Theme, axis, inert, layout, names_from_top

#: A number that does not fit inside its part of a bar is hidden; the table has it.
HIDE_SMALL = {"mode": "hide", "minsize": 11}


def bar_axes(palette: Palette, title: str, names: Iterable[str], **across: Any) -> dict[str, Any]:
    """Return the layout options of horizontal bars: the axis of numbers, names from the top."""
    return {"xaxis": axis(palette, title, **across), "yaxis": names_from_top(palette, names)}


def draw_bars(
    names: Iterable[str], numbers: pd.Series, title: str, height: int, theme: Theme, **more: Any
) -> go.Figure:
    """Draw plain bars with texts at their ends. ``title`` is the title of the numbers."""
    palette = PALETTES[theme]
    shown = [inert(name) for name in names]
    bars = go.Bar(
        y=shown,
        x=numbers.tolist(),
        orientation="h",
        textposition="outside",
        cliponaxis=False,
        marker={"color": palette.states[0]},
        **more,
    )
    return go.Figure(bars, layout(palette, height=height, **bar_axes(palette, title, shown)))


def stacked(
    names: Iterable[str], numbers: pd.Series, colour: str, ink: str, pattern: Any, **more: Any
) -> go.Bar:
    """Draw one part of stacked bars with its numbers inside; zeros are not written."""
    return go.Bar(
        y=[inert(name) for name in names],
        x=numbers.tolist(),
        orientation="h",
        text=[str(number) if number else "" for number in numbers],
        textposition="inside",
        insidetextanchor="middle",
        textfont={"color": ink},
        marker={"color": colour, "pattern": {"fillmode": "overlay", **pattern}},
        **more,
    )
