"""Bars that go down the page, plain or stacked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.theme import PALETTES, Palette, Theme, axis, inert, layout

#: Numbers that do not fit within a part of a bar are left to the table.
HIDE_SMALL = {"mode": "hide", "minsize": 11}


def bar_axes(palette: Palette, title: str, **across: Any) -> dict[str, Any]:
    """Layout options of bars down the page: the axis of the numbers, the names from the top."""
    down = axis(palette, autorange="reversed")
    return {"xaxis": axis(palette, title, **across), "yaxis": down}


def draw_bars(
    names: Iterable[str], numbers: pd.Series, title: str, height: int, theme: Theme, **more: Any
) -> go.Figure:
    """Plain bars, their texts at their ends. ``title`` is that of the numbers."""
    palette = PALETTES[theme]
    bars = go.Bar(
        y=[inert(name) for name in names],
        x=numbers.tolist(),
        orientation="h",
        textposition="outside",
        cliponaxis=False,
        marker={"color": palette.states[0]},
        **more,
    )
    return go.Figure(bars, layout(palette, height=height, **bar_axes(palette, title)))


def stacked(
    names: Iterable[str], numbers: pd.Series, colour: str, ink: str, pattern: Any, **more: Any
) -> go.Bar:
    """One part of stacked bars, its numbers inside; a zero is not written."""
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
