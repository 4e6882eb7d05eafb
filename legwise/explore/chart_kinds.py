"""The kinds of figures: the call of plotly express for each, and the settings after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from legwise.charts.theme import PALETTES, Theme, ink_on
from legwise.explore.relations import Relation
from legwise.explore.state import AGGREGATES
from legwise.explore.steps import shortened
from legwise.text.literals import Call, Name

#: Most values of a category that can be told apart, along an axis and as colours.
MOST_ALONG, MOST_COLOURS = 30, 9
#: Most areas, and most ends of ribbons, with room for their names.
MOST_AREAS, MOST_ENDS = 15, 12
#: Longer names are cut beside the axis; the hover text has the whole name.
LONGEST_NAME = 44
#: More marks than this cannot be read and are slow to draw.
MOST_MARKS = 2000
BINS = 30
#: Title of the axis of counts.
COUNTED = AGGREGATES["rows"]

CHART, ORDERS = Name("chart"), Name("orders")
#: Write numbers outside the bars, in the same ink as the names.
BESIDE = {"textangle": 0, "textposition": "outside", "cliponaxis": False}
#: Hide texts that would be too small to read; the table has them.
READABLE = {"uniformtext": {"minsize": 10, "mode": "hide"}}

Settings = dict[str, Any]


@dataclass(frozen=True)
class FigureSpec:
    """A call of plotly express, by its name, and settings of its traces, axes and layout."""

    function: str
    arguments: Settings
    traces: Settings = field(default_factory=dict)
    xaxis: Settings = field(default_factory=dict)
    yaxis: Settings = field(default_factory=dict)
    layout: Settings = field(default_factory=dict)
    #: The frame as a grid, for figures that are not drawn row by row.
    grid: Call | None = None


@dataclass(frozen=True)
class Drawn:
    """What a figure shows: the frame to draw, and the roles of its columns.

    ``groups`` and ``value`` are columns of a table of groups, ``sides`` columns of single rows.
    """

    relation: Relation
    frame: pd.DataFrame
    theme: Theme
    number: str = ""
    hover: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    value: str = ""
    sides: Mapping[str, str] = field(default_factory=dict)

    def many(self, column: str) -> int:
        """Count the different values of a column."""
        return int(self.frame[column].nunique())

    def names(self, column: str) -> Settings:
        """Return the settings of a category axis; long names are cut to leave room."""
        if all(len(name) <= LONGEST_NAME for name in self.frame[column].unique()):
            return {"type": "category"}
        order = Name("orders", column)
        texts = Call(shortened, order, LONGEST_NAME)
        return {"type": "category", "tickvals": order, "ticktext": texts}

    def whole_ranks(self, side: str) -> Settings:
        """Return the settings of an axis of ranks: there is nothing between two ranks."""
        is_rank = side in self.sides and self.relation.table[self.sides[side]].ordinal
        return {"dtick": 1} if is_rank else {}

    @property
    def hover_data(self) -> Settings:
        """Columns that the hover text has besides those drawn."""
        return {"hover_data": list(self.hover)} if self.hover else {}


def _bar(drawn: Drawn) -> FigureSpec:
    first, *second = drawn.groups
    if not second:
        height = {"height": 150 + 32 * drawn.many(first)}
        return FigureSpec("bar", _bars(drawn), BESIDE, yaxis=drawn.names(first), layout=height)
    return FigureSpec(
        "bar",
        {**_bars(drawn), "color": second[0], "barmode": "group"},
        BESIDE,
        # From the top, in the order of the legend.
        yaxis={
            "autorange": "reversed",
            "categoryorder": "array",
            "categoryarray": Name("orders", first),
            **drawn.names(first),
        },
        layout={"height": 190 + drawn.many(first) * (12 + 20 * drawn.many(second[0]))},
    )


def _stacked(drawn: Drawn) -> FigureSpec:
    first, second = drawn.groups
    return FigureSpec(
        "bar",
        {**_bars(drawn), "color": second},
        # A number beside a bar would look like its total. The table has those that do not fit.
        {"textposition": "inside", "insidetextanchor": "middle", "textangle": 0},
        yaxis=drawn.names(first),
        layout={"height": 190 + 32 * drawn.many(first), **READABLE},
    )


def _bars(drawn: Drawn) -> Settings:
    return {
        "x": drawn.value,
        "y": drawn.groups[0],
        "orientation": "h",
        "text_auto": drawn.number,
        "category_orders": ORDERS,
        **drawn.hover_data,
    }


def _heat_map(drawn: Drawn) -> FigureSpec:
    first, second = drawn.groups
    orders = {"index": Name("orders", first), "columns": Name("orders", second)}
    palette = PALETTES[drawn.theme]
    return FigureSpec(
        "imshow",
        {
            "text_auto": drawn.number,
            "aspect": "auto",
            # All its numbers have one colour, so it ends where that is still easy to read.
            "color_continuous_scale": [palette.searched, palette.tiers[1]],
        },
        {"hoverongaps": False, "textfont": {"color": palette.on_tiers[1]}},
        {"type": "category", "showgrid": False, "side": "top"},
        {**drawn.names(first), "showgrid": False},
        {
            "height": 240 + 34 * drawn.many(first) + (60 if drawn.many(second) > 5 else 0),
            # Every cell has its number, so the scale would waste room.
            "coloraxis": {"showscale": False},
        },
        Call(
            "reindex",
            Call("pivot", CHART, index=first, columns=second, values=drawn.value),
            **orders,
        ),
    )


def _line(drawn: Drawn) -> FigureSpec:
    first, *second = drawn.groups
    lines = {"color": second[0], "symbol": second[0], "category_orders": ORDERS} if second else {}
    return FigureSpec(
        "line",
        {"x": first, "y": drawn.value, **lines, "markers": True, **drawn.hover_data},
        xaxis={} if drawn.relation.table[first].is_numeric else {"type": "date"},
        yaxis={"rangemode": "tozero"},
        layout={"height": 480},
    )


def _areas(drawn: Drawn) -> FigureSpec:
    few = [name for name in reversed(drawn.groups) if drawn.many(name) <= MOST_COLOURS]
    arguments: Settings = {"path": list(drawn.groups), "values": drawn.value}
    traces: Settings = {
        "textinfo": "label+value",
        "hovertemplate": "%{currentPath}%{label}: %{value:,}<extra></extra>",
    }
    layout: Settings = {"height": 560, **READABLE}
    if few:
        arguments["color"] = few[0]
    else:
        traces["textfont"] = {"color": ink_on(PALETTES[drawn.theme].kinds[0])}
        # Plotly would make up lighter and darker colours, which mean nothing.
        layout |= {"extendtreemapcolors": False, "extendsunburstcolors": False}
    return FigureSpec("treemap", arguments, traces, layout=layout)


def _sunburst(drawn: Drawn) -> FigureSpec:
    areas = _areas(drawn)
    turned = {"insidetextorientation": "radial", "leaf": {"opacity": 1}}
    traces = {**areas.traces, **turned}
    return FigureSpec("sunburst", areas.arguments, traces, layout=areas.layout)


def _histogram(drawn: Drawn) -> FigureSpec:
    colour = drawn.sides.get("colour", "")
    marks = {"color": colour, "category_orders": ORDERS} if colour else {}
    return FigureSpec(
        "histogram",
        {"x": drawn.sides["x"], **marks, "nbins": BINS},
        yaxis={"title": COUNTED},
        layout={"height": 460, "bargap": 0.05},
    )


def _strip(drawn: Drawn) -> FigureSpec:
    by = drawn.sides.get("y", "")
    return FigureSpec(
        "strip",
        {
            "x": drawn.sides["x"],
            **({"y": by, "category_orders": ORDERS} if by else {}),
            "hover_data": list(drawn.hover),
            "orientation": "h",
        },
        xaxis=drawn.whole_ranks("x"),
        yaxis={**(drawn.names(by) if by else {}), **drawn.whole_ranks("y")},
        layout={"height": 190 + 52 * (drawn.many(by) if by else 1)},
    )


def _box(drawn: Drawn) -> FigureSpec:
    strip = _strip(drawn)
    points = {"points": "all" if len(drawn.frame) <= MOST_MARKS else "outliers"}
    arguments = {**strip.arguments, **points}
    return FigureSpec("box", arguments, {}, strip.xaxis, strip.yaxis, strip.layout)


def _scatter(drawn: Drawn) -> FigureSpec:
    colour = drawn.sides.get("colour", "")
    marks = {"color": colour, "symbol": colour, "category_orders": ORDERS} if colour else {}
    return FigureSpec(
        "scatter",
        {
            "x": drawn.sides["x"],
            "y": drawn.sides["y"],
            **marks,
            "hover_data": list(drawn.hover),
            "opacity": 0.7,
        },
        {"marker": {"size": 10}},
        drawn.whole_ranks("x"),
        drawn.whole_ranks("y"),
        {"height": 520},
    )


def _parallel(drawn: Drawn) -> FigureSpec:
    return FigureSpec(
        "parallel_categories",
        {"dimensions": list(drawn.sides.values())},
        {"line": {"color": PALETTES[drawn.theme].kinds[0]}},
        # Plotly reserves no room for the labels outside the ribbons.
        layout={"height": 560, "margin": {"l": 150, "r": 150, "t": 40, "b": 10}},
    )


KINDS: Mapping[str, Callable[[Drawn], FigureSpec]] = {
    "bar": _bar,
    "stacked": _stacked,
    "heat_map": _heat_map,
    "line": _line,
    "treemap": _areas,
    "sunburst": _sunburst,
    "histogram": _histogram,
    "box": _box,
    "strip": _strip,
    "scatter": _scatter,
    "parallel": _parallel,
}
