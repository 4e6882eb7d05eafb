"""Charts of a device list: a number and a feature by type, two numbers, how much is stated."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd
import plotly.graph_objects as go

from legwise.answers.devices import marked_name
from legwise.charts.bars import HIDE_SMALL, bar_axes, draw_bars, stacked
from legwise.charts.theme import PALETTES, SYMBOLS, Chart, Theme, axis, inert, layout
from legwise.facets.tallies import Condition, Every, FrameTallies, Has, States, Tallies
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED_LABEL, Field
from legwise.text.cells import format_number

#: More points than this are slow to draw and cannot be read.
MOST_POINTS = 2000
#: Fewer points than this are no picture.
FEW_POINTS = 10
#: A column whose numbers reach over more than this factor is drawn on a logarithmic axis.
WIDE_REACH = 50


#: Devices: a frame of them, or all that some answer has, wherever these are.
Devices = pd.DataFrame | Tallies


def number_by_type(
    catalogue: Catalogue, devices: Devices, field: Field, theme: Theme = "light"
) -> Chart:
    """Draw a number column as one strip of marks per type; the note says what is left out."""
    rows, states = _counted(catalogue, devices), States(field.name)
    of, stated = _numbers(rows, [states])
    table = number_table(catalogue, rows.draw(states, MOST_POINTS), field)
    left_out = of - stated
    cut = _cut(len(table), stated)
    scale = (
        " Each step of the scale is ten times the last."
        if reaches_far(table[field.heading])
        else ""
    )
    return Chart(
        draw_strips(table, field.heading, theme),
        table.assign(**{field.heading: table[field.heading].map(format_number)}),
        f"{field.title} of {len(table):,} devices, by type",
        f"{stated:,} of {of:,} devices state {field.noun}; "
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


def _counted(catalogue: Catalogue, devices: Devices) -> Tallies:
    """Return devices to be counted."""
    if isinstance(devices, pd.DataFrame):
        return FrameTallies(catalogue.package["devices"], devices)
    return devices


def _numbers(rows: Tallies, conditions: Sequence[Condition]) -> list[int]:
    """Return how many rows there are, and how many fulfil each condition."""
    groups = rows.tally((), conditions)
    return list(groups.get((), (0,) * (1 + len(conditions))))


def _cut(drawn: int, of: int) -> str:
    """Say that not all are drawn; the first of a long list may all be of one kind."""
    return f" {drawn:,} of them are drawn, chosen at random." if drawn < of else ""


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
    catalogue: Catalogue, devices: Devices, fields: Sequence[Field], most: int = 5
) -> list[tuple[Field, Field, int]]:
    """Return the pairs of columns that most devices state together, with how many do."""
    pairs = list(combinations(fields, 2))
    both = [Every((States(one.name), States(other.name))) for one, other in pairs]
    _, *numbers = _numbers(_counted(catalogue, devices), both)
    counted = [(*pair, n) for pair, n in zip(pairs, numbers, strict=True) if n >= FEW_POINTS]
    return sorted(counted, key=lambda pair: -pair[2])[:most]


def feature_by_type(
    catalogue: Catalogue, devices: Devices, field: Field, theme: Theme = "light"
) -> Chart:
    """Count the devices of each type that have a feature, lack it or do not state it."""
    table = feature_table(catalogue, devices, field)
    number = int(table.iloc[:, 1:].to_numpy().sum())
    alt = f"{field.title} by device type: yes, no and not stated, {number:,} devices"
    return Chart(draw_feature(table, field.title, theme), table, alt)


def feature_table(catalogue: Catalogue, devices: Devices, field: Field) -> pd.DataFrame:
    """Return one row per type: Type, then the number of devices as yes, no, not stated."""
    states = [Has(field.name, (answer,)) for answer in (True, False)]
    groups = _counted(catalogue, devices).tally(("device_type",), states)
    rows = [
        [name, yes, no, of - yes - no]
        for key, name in catalogue.names("device_types").items()
        if (key,) in groups
        for of, yes, no in [groups[key,]]
    ]
    return pd.DataFrame(rows, columns=["Type", "yes", "no", NOT_STATED_LABEL])


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
    axes = bar_axes(palette, "Devices", table["Type"])
    figure = go.Figure(parts, layout(palette, **size, **axes))
    return figure.update_layout(legend_traceorder="normal")


def two_numbers(
    catalogue: Catalogue, devices: Devices, x: Field, y: Field, theme: Theme = "light"
) -> Chart:
    """Draw two number columns against each other; the note says what is left out."""
    rows, states = _counted(catalogue, devices), Every((States(x.name), States(y.name)))
    of, both = _numbers(rows, [states])
    table = number_pairs(catalogue, rows.draw(states, MOST_POINTS), x, y)
    left_out = of - both
    cut = _cut(len(table), both)
    texts = {field.heading: table[field.heading].map(format_number) for field in (x, y)}
    return Chart(
        draw_pairs(table, x.heading, y.heading, theme),
        table.assign(**texts),
        f"{y.title} against {x.title} of {len(table):,} devices, by type",
        f"{both:,} devices state both; {left_out:,} do not and are left out.{cut}",
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


def share_stated(catalogue: Catalogue, devices: Devices, theme: Theme = "light") -> Chart:
    """Draw how many devices state each fact."""
    rows = _counted(catalogue, devices)
    table, of = stated_table(catalogue, rows), _numbers(rows, [])[0]
    return Chart(
        draw_stated(table, of, theme),
        table.assign(Share=table["Share"].map("{:.0%}".format)),
        f"Share of {of:,} devices that state each column",
    )


def stated_table(catalogue: Catalogue, devices: Devices) -> pd.DataFrame:
    """Return one row per fact, most stated first: Column, Stated by (devices), Share (0 to 1)."""
    fields = catalogue.package["devices"].facts
    states = [States(field.name) for field in fields]
    of, *counts = _numbers(_counted(catalogue, devices), states)
    table = pd.DataFrame({"Column": [field.title for field in fields], "Stated by": counts})
    table["Share"] = table["Stated by"] / max(1, of)
    return table.sort_values("Stated by", ascending=False, kind="stable", ignore_index=True)


def draw_stated(table: pd.DataFrame, devices: int, theme: Theme) -> go.Figure:
    """Draw a stated table as bars, in per cent of ``devices``."""
    shares = table["Share"]
    texts = [f"{share:.0%} ({n})" for share, n in zip(shares, table["Stated by"], strict=True)]
    title, hover = f"Share of {devices:,} devices (%)", "%{y}: %{text}<extra></extra>"
    height, about = 90 + 26 * len(table), {"text": texts, "hovertemplate": hover}
    figure = draw_bars(table["Column"], shares * 100, title, height, theme, **about)
    return figure.update_xaxes(range=[0, 115])
