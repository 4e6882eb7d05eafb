"""Charts of a device list: a number and a feature by type, two numbers, how much is stated."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from legwise.answers.devices import marked_name
from legwise.charts.bars import HIDE_SMALL, bar_axes, draw_bars, stacked
from legwise.charts.theme import PALETTES, SYMBOLS, Chart, Theme, axis, inert, layout
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED_LABEL, Field
from legwise.tables.stated import stated_cells
from legwise.text.cells import format_number

#: More points than this are slow to draw and cannot be read.
MOST_POINTS = 2000
CUT = f" {MOST_POINTS:,} of them are drawn, chosen at random."


#: Fewer points than this are no picture.
FEW_POINTS = 10
#: A column whose numbers reach over more than this factor is drawn on a logarithmic axis.
WIDE_REACH = 50


def number_by_type(
    catalogue: Catalogue, devices: pd.DataFrame, field: Field, theme: Theme = "light"
) -> Chart:
    """Draw a number column as one strip of marks per type; the note says what is left out."""
    stated = devices.dropna(subset=[field.name])
    table = number_table(catalogue, _drawn(stated), field)
    left_out = len(devices) - len(stated)
    cut = (
        f" {MOST_POINTS:,} of them are drawn, chosen at random."
        if len(stated) > MOST_POINTS
        else ""
    )
    scale = (
        " Each step of the scale is ten times the last."
        if reaches_far(table[field.heading])
        else ""
    )
    return Chart(
        draw_strips(table, field.heading, theme),
        table.assign(**{field.heading: table[field.heading].map(format_number)}),
        f"{field.title} of {len(table):,} devices, by type",
        f"{len(stated):,} of {len(devices):,} devices state {field.noun}; "
        f"{left_out:,} do not and are left out.{cut}{scale}",
    )


def number_table(catalogue: Catalogue, devices: pd.DataFrame, field: Field) -> pd.DataFrame:
    """Return one row per device: Device, Type (categorical over all types), the number."""
    return pd.DataFrame(
        {
            "Device": [marked_name(catalogue, device) for device in devices["device_id"]],
            "Type": _types(catalogue, devices),
            field.heading: devices[field.name].astype(float).tolist(),
        }
    )


def _drawn(devices: pd.DataFrame) -> pd.DataFrame:
    """Return devices few enough to draw; the first of a long list may all be of one kind."""
    if len(devices) <= MOST_POINTS:
        return devices
    return devices.sample(MOST_POINTS, random_state=0).sort_index()


def _types(catalogue: Catalogue, devices: pd.DataFrame) -> pd.Categorical[str]:
    """Return the types of products by name, in the order of the types."""
    names = catalogue.names("device_types")
    return pd.Categorical(devices["device_type"].astype("str").map(names), list(names.values()))


def reaches_far(numbers: pd.Series) -> bool:
    """Whether numbers reach so far that small ones could not be told apart."""
    return bool(len(numbers)) and 0 < numbers.min() * WIDE_REACH < numbers.max()


def draw_strips(table: pd.DataFrame, number: str, theme: Theme) -> go.Figure:
    """Draw a number table: a strip per type, one mark per device."""
    palette = PALETTES[theme]
    across = axis(palette, number)
    if reaches_far(table[number]):
        across |= {"type": "log", "dtick": 1, "tickformat": ",~r"}
    types = [name for name in table["Type"].cat.categories if (table["Type"] == name).any()]
    up = axis(palette, "") | {"categoryorder": "array", "categoryarray": types[::-1]}
    figure = go.Figure(
        layout=layout(palette, height=110 + 34 * max(1, len(types)), xaxis=across, yaxis=up)
    )
    figure.add_scatter(
        x=table[number].tolist(),
        y=[inert(name) for name in table["Type"]],
        text=[inert(device) for device in table["Device"]],
        mode="markers",
        marker={
            "color": palette.kinds[0],
            "size": 11,
            "opacity": 0.75,
            "line": {"width": 1, "color": palette.text},
        },
        hovertemplate=f"<b>%{{text}}</b><br>{inert(number)} %{{x}}<extra>%{{y}}</extra>",
    )
    return figure


def pairs_with_points(
    devices: pd.DataFrame, fields: Sequence[Field], most: int = 5
) -> list[tuple[Field, Field, int]]:
    """Return the pairs of columns that most devices state together, with how many do."""
    stated = devices[[field.name for field in fields]].notna().to_numpy(dtype=int)
    both = stated.T @ stated
    pairs = [
        (fields[one], fields[other], int(both[one, other]))
        for one in range(len(fields))
        for other in range(one + 1, len(fields))
        if both[one, other] >= FEW_POINTS
    ]
    return sorted(pairs, key=lambda pair: -pair[2])[:most]


def feature_by_type(
    catalogue: Catalogue, devices: pd.DataFrame, field: Field, theme: Theme = "light"
) -> Chart:
    """Count the devices of each type that have a feature, lack it or do not state it."""
    table = feature_table(catalogue, devices, field)
    alt = f"{field.title} by device type: yes, no and not stated, {len(devices):,} devices"
    return Chart(draw_feature(table, field.title, theme), table, alt)


def feature_table(catalogue: Catalogue, devices: pd.DataFrame, field: Field) -> pd.DataFrame:
    """Return one row per type: Type, then the number of devices as yes, no, not stated."""
    names = catalogue.names("device_types")
    states = devices[field.name].map({True: "yes", False: "no"}).astype("object")
    counts = pd.crosstab(devices["device_type"], states.fillna(NOT_STATED_LABEL)).reindex(
        index=[key for key in names if (devices["device_type"] == key).any()],
        columns=["yes", "no", NOT_STATED_LABEL],
        fill_value=0,
    )
    return counts.rename(index=names).rename_axis(columns=None).reset_index(names="Type")


def draw_feature(table: pd.DataFrame, title: str, theme: Theme) -> go.Figure:
    """Draw a feature table as stacked bars, one per type."""
    palette = PALETTES[theme]
    parts = [
        stacked(
            table["Type"],
            table[state],
            colour,
            ink,
            {"shape": shape, "fgopacity": 0.3, "solidity": 0.15},
            name=f"{title}: {state}",
            hovertemplate=f"%{{y}}: %{{x}}<extra>{state}</extra>",
        )
        for state, colour, ink, shape in zip(
            table.columns[1:], palette.states, palette.on_states, ("", "/", "."), strict=True
        )
    ]
    size = {"height": 130 + 36 * len(table), "uniformtext": HIDE_SMALL, "barmode": "stack"}
    figure = go.Figure(parts, layout(palette, **size, **bar_axes(palette, "Devices")))
    return figure.update_layout(legend_traceorder="normal")


def two_numbers(
    catalogue: Catalogue, devices: pd.DataFrame, x: Field, y: Field, theme: Theme = "light"
) -> Chart:
    """Draw two number columns against each other; the note says what is left out."""
    both = devices.dropna(subset=[x.name, y.name])
    table = number_pairs(catalogue, _drawn(both), x, y)
    left_out = len(devices) - len(both)
    cut = CUT if len(both) > MOST_POINTS else ""
    texts = {field.heading: table[field.heading].map(format_number) for field in (x, y)}
    return Chart(
        draw_pairs(table, x.heading, y.heading, theme),
        table.assign(**texts),
        f"{y.title} against {x.title} of {len(table):,} devices, by type",
        f"{len(both):,} devices state both; {left_out:,} do not and are left out.{cut}",
    )


def number_pairs(catalogue: Catalogue, devices: pd.DataFrame, x: Field, y: Field) -> pd.DataFrame:
    """Return one row per device: Device, Type (categorical over all types), both numbers."""
    return pd.DataFrame(
        {
            "Device": [marked_name(catalogue, device) for device in devices["device_id"]],
            "Type": _types(catalogue, devices),
            x.heading: devices[x.name].tolist(),
            y.heading: devices[y.name].tolist(),
        }
    )


def draw_pairs(table: pd.DataFrame, x: str, y: str, theme: Theme) -> go.Figure:
    """Draw pairs as a scatter plot, one mark per device; colour and shape show the type."""
    palette = PALETTES[theme]
    axes = {"xaxis": axis(palette, x), "yaxis": axis(palette, y)}
    legend = {"orientation": "h", "y": -0.25, "x": 0}
    figure = go.Figure(layout=layout(palette, height=460, showlegend=True, legend=legend, **axes))
    for name, rows in table.groupby("Type", observed=True):
        number = rows["Type"].cat.codes.iloc[0]
        color, symbol = palette.kinds[number % len(palette.kinds)], SYMBOLS[number % len(SYMBOLS)]
        outline = {"width": 1, "color": palette.text}
        figure.add_scatter(
            name=inert(name),
            x=rows[x].astype(float).tolist(),
            y=rows[y].astype(float).tolist(),
            text=[inert(device) for device in rows["Device"]],
            mode="markers",
            marker={"color": color, "symbol": symbol, "size": 11, "line": outline},
            hovertemplate=f"<b>%{{text}}</b><br>{x} %{{x}}<br>{y} %{{y}}"
            f"<extra>{inert(name)}</extra>",
        )
    return figure


def share_stated(catalogue: Catalogue, devices: pd.DataFrame, theme: Theme = "light") -> Chart:
    """Draw how many devices state each fact."""
    table = stated_table(catalogue, devices)
    return Chart(
        draw_stated(table, len(devices), theme),
        table.assign(Share=table["Share"].map("{:.0%}".format)),
        f"Share of {len(devices):,} devices that state each column",
    )


def stated_table(catalogue: Catalogue, devices: pd.DataFrame) -> pd.DataFrame:
    """Return one row per fact, most stated first: Column, Stated by (devices), Share (0 to 1)."""
    fields = catalogue.package["devices"].facts
    counts = [int(stated_cells(devices[field.name]).sum()) for field in fields]
    table = pd.DataFrame({"Column": [field.title for field in fields], "Stated by": counts})
    table["Share"] = table["Stated by"] / max(1, len(devices))
    return table.sort_values("Stated by", ascending=False, kind="stable", ignore_index=True)


def draw_stated(table: pd.DataFrame, devices: int, theme: Theme) -> go.Figure:
    """Draw a stated table as bars, in per cent of ``devices``."""
    shares = table["Share"]
    texts = [f"{share:.0%} ({n})" for share, n in zip(shares, table["Stated by"], strict=True)]
    title, hover = f"Share of {devices:,} devices (%)", "%{y}: %{text}<extra></extra>"
    height, about = 90 + 26 * len(table), {"text": texts, "hovertemplate": hover}
    figure = draw_bars(table["Column"], shares * 100, title, height, theme, **about)
    return figure.update_xaxes(range=[0, 115])
