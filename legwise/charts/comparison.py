"""Charts beside a comparison: numbers on their own axes, verdicts as a strip. Neither crowns a winner."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from legwise.answers.comparison import Comparison, Row
from legwise.charts.evidence import MARKS_IN_WORDS, verdict_grid
from legwise.charts.theme import PALETTES, SYMBOLS, Chart, Theme, axis, inert, layout
from legwise.tables.catalogue import Catalogue
from legwise.text.cells import format_number, with_unit
from legwise.text.units import System, convert


def number_dots(
    catalogue: Catalogue, comparison: Comparison, system: System = "metric", theme: Theme = "light"
) -> Chart | None:
    """Dot plot of the numbers that at least two products state, each on its own axis.

    The bar behind the dots spans what all products of the same types state. ``None`` where no number is
    stated twice.
    """
    table = catalogue.package["devices"]
    rows = [
        row
        for group in comparison.groups
        for row in group.rows
        if _stated_numbers(row) >= 2 and row.name in table.by_name
    ]
    if not rows:
        return None
    palette = PALETTES[theme]
    devices = catalogue["devices"]
    types = {
        catalogue.row("devices", item.key)["device_type"]
        for item in comparison.items
        if item.kind == "device"
    }
    # A lane an item, so that equal numbers do not hide each other.
    lanes = [
        0.7 - 1.4 * (place + 0.5) / len(comparison.items) for place in range(len(comparison.items))
    ]
    figure = make_subplots(rows=len(rows), cols=1, vertical_spacing=0.6 / len(rows))
    twin = []
    for place, row in enumerate(rows, 1):
        field = table[row.name]
        stated = devices.loc[devices["device_type"].isin(types), row.name].dropna()
        (low, unit), (high, _) = (
            convert(float(end), field.unit, system) for end in (stated.min(), stated.max())
        )
        span = f"{format_number(low)} to {format_number(high)}"
        band = go.Scatter(
            x=[low, high],
            y=[0, 0],
            mode="lines",
            line={"color": palette.grid, "width": 40},
            name="All products of the same types",
            showlegend=place == 1,
            hovertemplate=f"All {len(stated)} that state it: {span}<extra></extra>",
        )
        figure.add_trace(band, row=place, col=1)
        for column, (name, cell) in enumerate(
            zip(map(inert, comparison.labels), row.cells, strict=True)
        ):
            if cell.value is None:
                continue
            mark = {
                "symbol": SYMBOLS[column],
                "color": palette.kinds[column],
                "size": 14,
                "line": {"width": 1, "color": palette.text},
            }
            first = not any(trace.name == name for trace in figure.data)
            dot = go.Scatter(
                x=[cell.value],
                y=[lanes[column]],
                mode="markers",
                marker=mark,
                name=name,
                legendgroup=name,
            )
            dot.update(
                showlegend=first, hovertemplate=f"<b>{name}</b>: {inert(cell.text)}<extra></extra>"
            )
            figure.add_trace(dot, row=place, col=1)
        figure.update_xaxes(
            axis(palette, f"{row.title} ({unit})" if unit else row.title), row=place, col=1
        )
        texts = dict(zip(comparison.labels, (cell.text for cell in row.cells), strict=True))
        twin.append(
            {
                "Attribute": row.title,
                **texts,
                "All products of the same types": with_unit(span, unit),
            }
        )
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    figure.update_layout(**layout(palette, height=120 + 135 * len(rows), legend=legend))
    figure.update_yaxes(visible=False, range=[-1, 1], fixedrange=True)
    note = "Only what at least two products state. A higher number is not a better one."
    return Chart(
        figure,
        pd.DataFrame(twin),
        "Numbers stated by at least two products, each on its own axis",
        note,
    )


def evidence_strip(catalogue: Catalogue, comparison: Comparison, theme: Theme = "light") -> Chart:
    """Verdicts of the items' types by symptom, a strip an item, as in the evidence map."""
    rows = []
    for name, item in zip(comparison.labels, comparison.items, strict=True):
        key = (
            catalogue.row("devices", item.key)["device_type"] if item.kind == "device" else item.key
        )
        rows.append((name, "device_type", key))
    figure, table = verdict_grid(catalogue, {"": rows}, theme)
    note = f"Found for the type, not for the single product. {MARKS_IN_WORDS}"
    return Chart(figure, table, "Evidence by symptom for the types compared", note)


def _stated_numbers(row: Row) -> int:
    return sum(cell.value is not None for cell in row.cells)
