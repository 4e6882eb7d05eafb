"""Charts of a comparison: one axis per number, a strip of verdicts. No chart picks a winner."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from legwise.answers.comparison import Comparison
from legwise.answers.type_facts import TypeFacts, ends_of_types
from legwise.charts.evidence import MARKS_IN_WORDS, verdict_chart, verdict_table
from legwise.charts.grid import crossed
from legwise.charts.theme import PALETTES, SYMBOLS, Chart, Palette, Theme, axis, inert, layout
from legwise.tables.catalogue import Catalogue
from legwise.text.cells import format_number, with_unit
from legwise.text.units import System, convert

#: Name of the band behind the dots.
SAME_TYPES = "All products of the same types"


def number_dots(
    catalogue: Catalogue,
    comparison: Comparison,
    system: System = "metric",
    theme: Theme = "light",
    counted_before: Mapping[str, TypeFacts] | None = None,
) -> Chart | None:
    """Draw the numbers that at least two products state; ``None`` if there are none.

    ``counted_before`` is what all products of each type state, where the tables do not have them.
    """
    table = number_table(catalogue, comparison, system, counted_before)
    if table.empty:
        return None
    texts, rows = crossed(table, "Attribute", "Item", "text"), table.drop_duplicates("y")
    texts[SAME_TYPES] = [*map(with_unit, rows["span"], rows["unit"])]
    return Chart(
        draw_numbers(table, theme),
        texts,
        "Numbers stated by at least two products, each on its own axis",
        "Only what at least two products state. A higher number is not a better one.",
    )


def number_table(
    catalogue: Catalogue,
    comparison: Comparison,
    system: System = "metric",
    counted_before: Mapping[str, TypeFacts] | None = None,
) -> pd.DataFrame:
    """Return the numbers that at least two products state.

    One row per attribute (``y``) and item (``x``). Columns: Attribute, unit, Item, text, value
    (missing if not stated); stated (how many products of the same types state it), low, high, span.
    """
    fields = catalogue.package["devices"].by_name
    rows = [
        row
        for group in comparison.groups
        for row in group.rows
        if row.name in fields and sum(cell.value is not None for cell in row.cells) >= 2
    ]
    if not rows:
        return pd.DataFrame()
    types = {item.device_type for item in comparison.items if item.kind == "device"}
    names = [row.name for row in rows]
    every, cells = ends_of_types(catalogue, types, names, counted_before), []
    for y, row in enumerate(rows):
        stated, *ends = every[row.name]
        (low, unit), (high, _) = (convert(end, fields[row.name].unit, system) for end in ends)
        span = f"{format_number(low)} to {format_number(high)}"
        about = {"y": y, "Attribute": row.title, "unit": unit, "stated": stated}
        about |= {"low": low, "high": high, "span": span}
        for x, (name, cell) in enumerate(zip(comparison.labels, row.cells, strict=True)):
            cells.append({**about, "x": x, "Item": name, "text": cell.text, "value": cell.value})
    return pd.DataFrame(cells)


def draw_numbers(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw a number table: one axis per attribute; the band spans all products of the types.

    Each item has its lane, so that equal numbers do not hide each other.
    """
    palette = PALETTES[theme]
    count, items = table["y"].nunique(), table["x"].nunique()
    figure = make_subplots(rows=count, cols=1, vertical_spacing=0.6 / count)
    dots = table.assign(lane=0.7 - 1.4 * (table["x"] + 0.5) / items).dropna(subset="value")
    dots["in_legend"] = ~dots.duplicated("Item")
    for number, (_, cells) in enumerate(dots.groupby("y"), 1):
        row = cells.iloc[0]
        traces = [_band(row, palette), *(_dot(cell, palette) for _, cell in cells.iterrows())]
        figure.add_traces(traces, rows=number, cols=1)
        title = f"{row['Attribute']} ({row['unit']})" if row["unit"] else row["Attribute"]
        figure.update_xaxes(axis(palette, title), row=number, col=1)
    figure.update_layout(layout(palette, height=120 + 135 * count))
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


def _dot(cell: pd.Series, palette: Palette) -> go.Scatter:
    name, outline = inert(cell["Item"]), {"width": 1, "color": palette.text}
    mark = {"symbol": SYMBOLS[cell["x"]], "color": palette.kinds[cell["x"]]}
    return go.Scatter(
        x=[cell["value"]],
        y=[cell["lane"]],
        mode="markers",
        marker={**mark, "size": 14, "line": outline},
        name=name,
        legendgroup=name,
        showlegend=bool(cell["in_legend"]),
        hovertemplate=f"<b>{name}</b>: {inert(cell['text'])}<extra></extra>",
    )


def evidence_strip(
    catalogue: Catalogue, comparison: Comparison, theme: Theme = "light"
) -> Chart | None:
    """Draw the verdicts of the items' types by symptom, one row per item; ``None`` without one."""
    rows = [
        ("", name, "device_type", item.device_type)
        for name, item in zip(comparison.labels, comparison.items, strict=True)
        if not item.is_nothing
    ]
    if not rows:
        return None
    alt = "Evidence by symptom for the types compared"
    note = f"Found for the type, not for the single product. {MARKS_IN_WORDS}"
    return verdict_chart(verdict_table(catalogue, rows), alt, theme, note)
