"""Charts beside a comparison: numbers on an axis each, verdicts as a strip. None crowns a winner."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from legwise.answers.comparison import Comparison
from legwise.charts.evidence import MARKS_IN_WORDS, verdict_chart, verdict_table
from legwise.charts.grid import crossed
from legwise.charts.theme import (
    PALETTES,
    SYMBOLS,
    Chart,
    Palette,
    Theme,
    axis,
    inert,
    layout,
    legend_above,
)
from legwise.tables.catalogue import Catalogue
from legwise.text.cells import format_number, with_unit
from legwise.text.units import System, convert

#: What the band behind the dots spans.
SAME_TYPES = "All products of the same types"


def number_dots(
    catalogue: Catalogue, comparison: Comparison, system: System = "metric", theme: Theme = "light"
) -> Chart | None:
    """Dots of the numbers that at least two products state; ``None`` where there are none."""
    table = number_table(catalogue, comparison, system)
    if table.empty:
        return None
    return Chart(
        draw_numbers(table, theme),
        crossed(table, "Attribute", "Item", "text").assign(
            **{SAME_TYPES: table.drop_duplicates("y")["same_types"].tolist()}
        ),
        "Numbers stated by at least two products, each on its own axis",
        "Only what at least two products state. A higher number is not a better one.",
    )


def number_table(
    catalogue: Catalogue, comparison: Comparison, system: System = "metric"
) -> pd.DataFrame:
    """Numbers that at least two products state, one row per attribute and item (``y`` and ``x``).

    Beside them: Attribute, unit, Item, text, value (missing where not stated), and what all
    products of the same types state: low, high, their number as stated, all in words as same_types.
    """
    fields, devices = catalogue.package["devices"].by_name, catalogue["devices"]
    types = {
        device_type(catalogue, item.kind, item.key)
        for item in comparison.items
        if item.kind == "device"
    }
    rows = [
        row
        for group in comparison.groups
        for row in group.rows
        if row.name in fields and sum(cell.value is not None for cell in row.cells) >= 2
    ]
    cells = []
    for y, row in enumerate(rows):
        stated = devices.loc[devices["device_type"].isin(types), row.name].dropna()
        (low, unit), (high, _) = (
            convert(float(end), fields[row.name].unit, system)
            for end in (stated.min(), stated.max())
        )
        span = f"{format_number(low)} to {format_number(high)}"
        about = {"y": y, "Attribute": row.title, "unit": unit, "low": low, "high": high}
        about |= {"stated": len(stated), "span": span, "same_types": with_unit(span, unit)}
        for x, (name, cell) in enumerate(zip(comparison.labels, row.cells, strict=True)):
            cells.append({**about, "x": x, "Item": name, "text": cell.text, "value": cell.value})
    return pd.DataFrame(cells)


def draw_numbers(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Dot plot of a number table, an axis per attribute; a lane per item, so that equal numbers
    do not hide each other; the band behind them spans all products of the same types."""
    palette = PALETTES[theme]
    count, items = table["y"].nunique(), table["x"].nunique()
    figure = make_subplots(rows=count, cols=1, vertical_spacing=0.6 / count)
    stated = table.dropna(subset="value")
    first = ~stated.duplicated("Item")
    for y, cells in stated.groupby("y"):
        row = cells.iloc[0]
        where: dict[str, Any] = {"row": y + 1, "col": 1}
        figure.add_trace(_band(row, palette), **where)
        for line, cell in cells.iterrows():
            lane = 0.7 - 1.4 * (cell["x"] + 0.5) / items
            figure.add_trace(_dot(cell, lane, palette, legend=bool(first[line])), **where)
        title = f"{row['Attribute']} ({row['unit']})" if row["unit"] else row["Attribute"]
        figure.update_xaxes(axis(palette, title), **where)
    figure.update_layout(**layout(palette, height=120 + 135 * count, legend=legend_above()))
    figure.update_yaxes(visible=False, range=[-1, 1], fixedrange=True)
    return figure


def _band(row: pd.Series, palette: Palette) -> go.Scatter:
    return go.Scatter(
        x=[row["low"], row["high"]],
        y=[0, 0],
        mode="lines",
        line={"color": palette.grid, "width": 40},
        name=SAME_TYPES,
        showlegend=bool(row["y"] == 0),
        hovertemplate=f"All {row['stated']} that state it: {row['span']}<extra></extra>",
    )


def _dot(cell: pd.Series, lane: float, palette: Palette, *, legend: bool) -> go.Scatter:
    name = inert(cell["Item"])
    return go.Scatter(
        x=[cell["value"]],
        y=[lane],
        mode="markers",
        marker={
            "symbol": SYMBOLS[cell["x"]],
            "color": palette.kinds[cell["x"]],
            "size": 14,
            "line": {"width": 1, "color": palette.text},
        },
        name=name,
        legendgroup=name,
        showlegend=legend,
        hovertemplate=f"<b>{name}</b>: {inert(cell['text'])}<extra></extra>",
    )


def evidence_strip(catalogue: Catalogue, comparison: Comparison, theme: Theme = "light") -> Chart:
    """Verdicts of the items' types by symptom, one row of the evidence map per item."""
    rows = [
        ("", name, "device_type", device_type(catalogue, item.kind, item.key))
        for name, item in zip(comparison.labels, comparison.items, strict=True)
    ]
    return verdict_chart(
        verdict_table(catalogue, rows),
        "Evidence by symptom for the types compared",
        theme,
        f"Found for the type, not for the single product. {MARKS_IN_WORDS}",
    )


def device_type(catalogue: Catalogue, kind: str, key: str) -> str:
    """Type of an item that is compared: of a product, or the type itself."""
    return str(catalogue.row("devices", key)["device_type"]) if kind == "device" else key
