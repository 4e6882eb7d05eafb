"""Charts of a list of devices: a feature by type, two numbers against each other, how much is stated."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from legwise.answers.devices import marked_name
from legwise.charts.theme import PALETTES, SYMBOLS, Chart, Theme, axis, inert, layout
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED_LABEL, Field
from legwise.tables.stated import stated_cells
from legwise.text.cells import format_number

#: A scatter of more points is a cloud, and slow to draw.
MOST_POINTS = 2000


def device_charts(
    catalogue: Catalogue,
    devices: pd.DataFrame,
    feature: str,
    x: str,
    y: str,
    theme: Theme = "light",
) -> dict[str, Chart]:
    """Return heading → chart of a list of devices: one feature by type, two numbers, how much is stated."""
    table = catalogue.package["devices"]
    return {
        f"{table[feature].title} by type": feature_by_type(
            catalogue, devices, table[feature], theme
        ),
        f"{table[y].title} against {table[x].title.lower()}": two_numbers(
            catalogue, devices, table[x], table[y], theme
        ),
        "How much is stated": share_stated(catalogue, devices, theme),
    }


def feature_by_type(
    catalogue: Catalogue, devices: pd.DataFrame, field: Field, theme: Theme = "light"
) -> Chart:
    """Stacked bars a device type: how many have the feature, how many do not, how many do not say."""
    palette = PALETTES[theme]
    names = catalogue.names("device_types")
    types = devices["device_type"].map(names)
    states = (
        devices[field.name]
        .map({True: "yes", False: "no"})
        .astype("object")
        .fillna(NOT_STATED_LABEL)
    )
    table = pd.crosstab(types, states).reindex(
        columns=["yes", "no", NOT_STATED_LABEL], fill_value=0
    )
    table = table.reindex([name for name in names.values() if name in table.index])
    figure = go.Figure(
        [
            go.Bar(
                name=f"{field.title}: {state}",
                y=[inert(name) for name in table.index],
                x=table[state].tolist(),
                orientation="h",
                text=[str(number) if number else "" for number in table[state]],
                marker={
                    "color": colour,
                    "pattern": {
                        "shape": pattern,
                        "fillmode": "overlay",
                        "fgopacity": 0.3,
                        "solidity": 0.15,
                    },
                },
                textposition="inside",
                insidetextanchor="middle",
                textfont={"color": ink},
                hovertemplate="%{y}: %{x}<extra>" + state + "</extra>",
            )
            for state, colour, ink, pattern in zip(
                table.columns, palette.states, palette.on_states, ("", "/", "."), strict=True
            )
        ]
    )
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    size = {"height": 130 + 36 * len(table), "uniformtext": {"mode": "hide", "minsize": 11}}
    figure.update_layout(**layout(palette, barmode="stack", legend=legend, **size))
    figure.update_xaxes(axis(palette, "Devices"))
    figure.update_yaxes(axis(palette, autorange="reversed"))
    twin = table.rename_axis(columns=None).reset_index(names="Type")
    return Chart(
        figure,
        twin,
        f"{field.title} by device type: yes, no and not stated, {len(devices):,} devices",
    )


def two_numbers(
    catalogue: Catalogue, devices: pd.DataFrame, x: Field, y: Field, theme: Theme = "light"
) -> Chart:
    """Scatter of two number columns, one mark a device, colour and shape by type; says what it leaves out."""
    palette = PALETTES[theme]
    both = devices[devices[x.name].notna() & devices[y.name].notna()]
    left_out = len(devices) - len(both)
    shown = both.head(MOST_POINTS)
    labels = [marked_name(catalogue, device) for device in shown["device_id"]]
    names = catalogue.names("device_types")
    table = pd.DataFrame(
        {
            "Device": labels,
            "Type": shown["device_type"].map(names).tolist(),
            x.heading: [format_number(value) for value in shown[x.name]],
            y.heading: [format_number(value) for value in shown[y.name]],
        }
    )
    figure = go.Figure()
    for place, (key, name) in enumerate(names.items()):
        rows = shown["device_type"] == key
        if not rows.any():
            continue
        figure.add_trace(
            go.Scatter(
                name=inert(name),
                x=shown.loc[rows, x.name].astype(float).tolist(),
                y=shown.loc[rows, y.name].astype(float).tolist(),
                text=[inert(label) for label, own in zip(labels, rows, strict=True) if own],
                mode="markers",
                marker={
                    "color": palette.kinds[place % len(palette.kinds)],
                    "symbol": SYMBOLS[place % len(SYMBOLS)],
                    "size": 11,
                    "line": {"width": 1, "color": palette.text},
                },
                hovertemplate=f"<b>%{{text}}</b><br>{x.heading} %{{x}}<br>{y.heading} %{{y}}<extra>{inert(name)}</extra>",
            )
        )
    legend = {"orientation": "h", "y": -0.25, "x": 0}
    figure.update_layout(**layout(palette, height=460, showlegend=True, legend=legend))
    figure.update_xaxes(axis(palette, x.heading))
    figure.update_yaxes(axis(palette, y.heading))
    cut = f" Only the first {MOST_POINTS:,} are drawn." if len(both) > MOST_POINTS else ""
    note = f"{len(both):,} devices state both; {left_out:,} do not and are left out.{cut}"
    return Chart(
        figure, table, f"{y.title} against {x.title} of {len(shown):,} devices, by type", note
    )


def share_stated(catalogue: Catalogue, devices: pd.DataFrame, theme: Theme = "light") -> Chart:
    """Bars a column: share of the devices whose pages state it."""
    palette = PALETTES[theme]
    fields = catalogue.package["devices"].facts
    counts = {field.title: int(stated_cells(devices[field.name]).sum()) for field in fields}
    of = max(1, len(devices))
    table = pd.DataFrame(
        {
            "Column": list(counts),
            "Stated by": list(counts.values()),
            "Share": [f"{number / of:.0%}" for number in counts.values()],
        }
    ).sort_values("Stated by", ascending=False, kind="stable", ignore_index=True)
    figure = go.Figure(
        go.Bar(
            y=table["Column"].tolist(),
            x=[number / of * 100 for number in table["Stated by"]],
            orientation="h",
            text=[
                f"{share} ({number})"
                for share, number in zip(table["Share"], table["Stated by"], strict=True)
            ],
            textposition="outside",
            cliponaxis=False,
            marker={"color": palette.states[0]},
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(**layout(palette, height=90 + 26 * len(table)))
    figure.update_xaxes(axis(palette, f"Share of {len(devices):,} devices (%)", range=[0, 115]))
    figure.update_yaxes(axis(palette, autorange="reversed"))
    return Chart(figure, table, f"Share of {len(devices):,} devices that state each column")
