"""The kinds of figures: what each asks of plotly express, and what is set on it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from legwise.charts.theme import PALETTES
from legwise.explore.drawing import Draft
from legwise.explore.literals import Name, literal
from legwise.explore.state import AGGREGATES

#: Most values of a category that can be told apart: along an axis, and as colours.
MOST_ALONG, MOST_COLOURS = 30, 9
#: Most areas and most ends of ribbons that leave room for their names.
MOST_AREAS, MOST_ENDS = 15, 12
#: A longer name is cut beside its axis; the hover text has it whole.
LONGEST_NAME = 44
#: A cloud of more marks than this cannot be read, and is slow to draw.
MOST_MARKS = 2000
BINS = 30
#: Title of the axis of counts.
COUNTED = AGGREGATES["rows"]

#: Arguments of the call, and (method, settings) of what is set afterwards.
Parts = tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]


def _bar(draft: Draft, groups: list[str], value: str, number: str) -> Parts:
    bars = draft.frame[groups[0]].nunique()
    if len(groups) == 1:
        arguments, updates = _bars(draft, groups, value, number, {}, 150 + 32 * bars)
        return arguments, [("update_traces", {"textangle": 0, "cliponaxis": False}), *updates]
    within = draft.frame[groups[1]].nunique()
    arguments, updates = _bars(
        draft,
        groups,
        value,
        number,
        {"color": groups[1], "barmode": "group"},
        190 + bars * (12 + 20 * within),
    )
    # From the top, as the legend has them.
    order = Name(f"orders[{literal(groups[0])}]")
    upside = {"autorange": "reversed", "categoryorder": "array", "categoryarray": order}
    outside = {"textangle": 0, "textposition": "outside", "cliponaxis": False}
    return arguments, [("update_traces", outside), ("update_yaxes", upside), *updates]


def _stacked(draft: Draft, groups: list[str], value: str, number: str) -> Parts:
    height = 190 + 32 * draft.frame[groups[0]].nunique()
    arguments, updates = _bars(draft, groups, value, number, {"color": groups[1]}, height)
    # A number beside a bar would look like its total; one that does not fit is left to the table.
    (last, size), before = updates[-1], updates[:-1]
    inside = {"textposition": "inside", "insidetextanchor": "middle", "textangle": 0}
    size = {**size, "uniformtext": {"minsize": 10, "mode": "hide"}}
    return arguments, [("update_traces", inside), *before, (last, size)]


def _bars(
    draft: Draft, groups: list[str], value: str, number: str, more: dict[str, Any], height: int
) -> Parts:
    arguments = {
        "x": value,
        "y": groups[0],
        **more,
        "orientation": "h",
        "text_auto": number,
        "category_orders": Name("orders"),
        **_hover(draft),
    }
    return arguments, [*_short_names(draft, groups[0]), ("update_layout", {"height": height})]


def _hover(draft: Draft) -> dict[str, Any]:
    return {"hover_data": draft.hover} if draft.hover else {}


def _short_names(draft: Draft, column: str) -> list[tuple[str, dict[str, Any]]]:
    """Settings of an axis of categories; long names are cut there, so that the figure has room."""
    settings: dict[str, Any] = {"type": "category"}
    if any(len(name) > LONGEST_NAME for name in draft.sheet.orders[column]):
        own = f"orders[{literal(column)}]"
        draft.lines.append(
            f'short = [name if len(name) <= {LONGEST_NAME} else name[:{LONGEST_NAME - 1}] + "…" for name in {own}]'
        )
        draft.short = [
            name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
            for name in draft.sheet.orders[column]
        ]
        settings |= {"tickvals": Name(own), "ticktext": Name("short")}
    return [("update_yaxes", settings)]


def _heat_map(draft: Draft, groups: list[str], value: str, number: str) -> Parts:
    scale = "Blues" if draft.theme == "light" else "Blues_r"
    rows, columns = (draft.frame[name].nunique() for name in groups)
    arguments = {
        "grid": (*groups, value),
        "text_auto": number,
        "aspect": "auto",
        "color_continuous_scale": scale,
    }
    (_, names), *_ = _short_names(draft, groups[0])
    # Every cell has its number written in, so the scale need not take room.
    size = {
        "height": 240 + 34 * rows + (60 if columns > 5 else 0),
        "coloraxis": {"showscale": False},
    }
    return arguments, [
        ("update_traces", {"hoverongaps": False}),
        ("update_xaxes", {"type": "category", "showgrid": False, "side": "top"}),
        ("update_yaxes", {**names, "showgrid": False}),
        ("update_layout", size),
    ]


def _line(draft: Draft, groups: list[str], value: str, number: str) -> Parts:  # noqa: ARG001 (all drawers take the same)
    colour = {"color": groups[1], "symbol": groups[1]} if len(groups) == 2 else {}
    arguments = {
        "x": groups[0],
        "y": value,
        **colour,
        "markers": True,
        "category_orders": Name("orders"),
        **_hover(draft),
    }
    kind = {} if draft.sheet.relation.table[groups[0]].is_numeric else {"type": "date"}
    updates: list[tuple[str, dict[str, Any]]] = [
        ("update_yaxes", {"rangemode": "tozero"}),
        ("update_layout", {"height": 480}),
    ]
    return arguments, [*([("update_xaxes", kind)] if kind else []), *updates]


def _areas(draft: Draft, groups: list[str], value: str, number: str) -> Parts:  # noqa: ARG001
    arguments: dict[str, Any] = {"path": groups, "values": value}
    few = [name for name in reversed(groups) if draft.frame[name].nunique() <= MOST_COLOURS]
    if few:
        arguments["color"] = few[0]
    # A text that would be too small to read is left out; the table has it.
    size = {"height": 560, "uniformtext": {"minsize": 10, "mode": "hide"}}
    words = {
        "textinfo": "label+value",
        "hovertemplate": "%{currentPath}%{label}: %{value:,}<extra></extra>",
    }
    turned = (
        {"insidetextorientation": "radial", "leaf": {"opacity": 1}}
        if draft.chart == "sunburst"
        else {}
    )
    return arguments, [("update_traces", {**words, **turned}), ("update_layout", size)]


def _histogram(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> Parts:  # noqa: ARG001
    more = (
        {"color": sides["colour"], "category_orders": Name("orders")} if "colour" in sides else {}
    )
    arguments = {"x": sides["x"], **more, "nbins": BINS}
    return arguments, [
        ("update_yaxes", {"title": COUNTED}),
        ("update_layout", {"height": 460, "bargap": 0.05}),
    ]


def _spread(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> Parts:
    rows = draft.frame[sides["y"]].nunique() if "y" in sides else 1
    more = {"y": sides["y"], "category_orders": Name("orders")} if "y" in sides else {}
    arguments = {"x": sides["x"], **more, "hover_data": hover, "orientation": "h"}
    names = _short_names(draft, sides["y"]) if "y" in sides else []
    return arguments, [
        *names,
        *_whole_ranks(draft, sides),
        ("update_layout", {"height": 190 + 52 * rows}),
    ]


def _whole_ranks(draft: Draft, sides: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """Settings of axes of ranks: there is nothing between two of them."""
    axes = {"x": "update_xaxes", "y": "update_yaxes"}
    table = draft.sheet.relation.table
    return [
        (method, {"dtick": 1})
        for side, method in axes.items()
        if side in sides and table[sides[side]].ordinal
    ]


def _box(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> Parts:
    arguments, updates = _spread(draft, sides, hover)
    return {**arguments, "points": "all" if len(draft.frame) <= MOST_MARKS else "outliers"}, updates


def _scatter(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> Parts:
    colour = (
        {"color": sides["colour"], "symbol": sides["colour"], "category_orders": Name("orders")}
        if "colour" in sides
        else {}
    )
    arguments = {"x": sides["x"], "y": sides["y"], **colour, "hover_data": hover, "opacity": 0.7}
    marks: dict[str, Any] = {"marker": {"size": 10}}
    return arguments, [
        ("update_traces", marks),
        *_whole_ranks(draft, sides),
        ("update_layout", {"height": 520}),
    ]


def _parallel(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> Parts:  # noqa: ARG001
    colour = PALETTES[draft.theme].kinds[0]
    arguments = {"dimensions": list(sides.values())}
    # The labels stand outside the ribbons and are not given room by themselves.
    margin = {"l": 150, "r": 150, "t": 40, "b": 10}
    return arguments, [
        ("update_traces", {"line": {"color": colour}}),
        ("update_layout", {"height": 560, "margin": margin}),
    ]


OF_GROUPS: Mapping[str, Callable[[Draft, list[str], str, str], Parts]] = {
    "bar": _bar,
    "stacked": _stacked,
    "heat_map": _heat_map,
    "line": _line,
    "treemap": _areas,
    "sunburst": _areas,
}
OF_ROWS: Mapping[str, Callable[[Draft, Mapping[str, str], list[str]], Parts]] = {
    "histogram": _histogram,
    "box": _box,
    "strip": _spread,
    "scatter": _scatter,
    "parallel": _parallel,
}
FUNCTIONS = {
    "bar": "bar",
    "stacked": "bar",
    "heat_map": "imshow",
    "line": "line",
    "treemap": "treemap",
    "sunburst": "sunburst",
    "histogram": "histogram",
    "box": "box",
    "strip": "strip",
    "scatter": "scatter",
    "parallel": "parallel_categories",
}
