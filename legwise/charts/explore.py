"""The figures of explored tables and joins: of groups, and of single rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.base import PALETTES, Theme, inert
from legwise.charts.drawing import Draft, Drawing
from legwise.explore import SIDES, ExploreState, value_name, value_title
from legwise.literals import Name, assign, call, literal
from legwise.schema import NOT_STATED_LABEL
from legwise.worksheet import Worksheet

#: Most values of a category that can be told apart: along an axis, and as colours.
MOST_ALONG, MOST_COLOURS = 30, 9
#: A cloud of more marks than this cannot be read, and is slow to draw.
MOST_MARKS = 2000
BINS = 30
#: Number format of texts within figures (d3): thousands separators, no trailing zeros.
NUMBER = ",~f"


@dataclass(frozen=True, eq=False)
class Explored:
    """A figure and what it leaves out, in sentences."""

    figure: go.Figure
    notes: tuple[str, ...]


def draw_groups(
    sheet: Worksheet, table: pd.DataFrame, state: ExploreState, theme: Theme = "light", name: str = "table"
) -> Explored | None:
    """Draw a table of groups, called ``name`` in the code; ``None`` where nothing is left to draw."""
    relation, value = sheet.relation, value_name(state)
    groups = list(state.group)
    titles = {name: relation.table[name].title for name in groups} | {value: value_title(state, relation)}
    draft = Draft(sheet, table, name, state.chart, theme)
    draft.drop_missing([value], "groups", "a number")
    if state.chart in ("treemap", "sunburst"):
        draft.drop_not_above_zero(value)
    for place, name in enumerate(groups):
        is_colour = place == 1 and state.chart in ("bar", "stacked", "line")
        draft.cut(name, MOST_COLOURS if is_colour else MOST_ALONG, sheet.rows[name], "rows", titles[name])
    draft.as_texts(groups)
    if state.chart == "line":
        draft.as_axis(relation, groups[0])
    draft.keep_present()
    draft.escape([name for name in groups if not (state.chart == "line" and name == groups[0])])
    if draft.frame.empty:
        return None
    arguments, updates = _GROUPED[state.chart](draft, groups, value)
    return _finish(sheet, draft, titles, arguments, updates)


def draw_rows(sheet: Worksheet, state: ExploreState, theme: Theme = "light") -> Explored | None:
    """Draw single rows; ``None`` where nothing is left to draw."""
    relation = sheet.relation
    sides = {side: getattr(state, side) for side in SIDES[state.chart] if getattr(state, side)}
    numbers = [name for side, name in sides.items() if SIDES[state.chart][side].takes == "number"]
    categories = [name for name in sides.values() if name not in numbers]
    titles = {name: relation.table[name].heading if name in numbers else relation.table[name].title for name in sides.values()}
    hover = [] if state.chart in ("histogram", "parallel") else _hover(sheet, [*numbers, *categories])
    titles |= {name: relation.table[name].title for name in hover}
    columns = list(dict.fromkeys([*numbers, *categories, *hover]))
    sheet.note("What the figure shows.", f"chart = rows[{literal(columns)}].copy()")
    frame = sheet.rows[columns].copy()
    if categories:
        frame = sheet.categorise(frame, "chart", categories)
    draft = Draft(sheet, frame, "chart", state.chart, theme)
    if numbers:
        nouns = [relation.table[name].noun for name in numbers]
        draft.drop_missing(numbers, "rows", " and ".join(nouns) if len(nouns) == 1 else f"both {' and '.join(nouns)}")
    for name in categories:
        is_colour = name == sides.get("colour") and state.chart != "parallel"
        draft.cut(name, MOST_COLOURS if is_colour else MOST_ALONG, draft.frame[name], "chart", titles[name])
    if state.chart in ("scatter", "strip"):
        draft.head(MOST_MARKS)
    if state.chart == "parallel":
        draft.lines.append(f"chart = chart.sort_values({literal(categories)})")
        draft.frame = draft.frame.sort_values(categories)
    draft.as_texts(categories)
    draft.fill(hover)
    draft.keep_present()
    draft.escape([*categories, *hover])
    if draft.frame.empty:
        return None
    arguments, updates = _OF_ROWS[state.chart](draft, sides, hover)
    return _finish(sheet, draft, titles, arguments, updates)


def _finish(
    sheet: Worksheet,
    draft: Draft,
    titles: Mapping[str, str],
    arguments: dict[str, Any],
    updates: list[tuple[str, dict[str, Any]]],
) -> Explored:
    """Add what all figures have, note the code, draw."""
    palette, chart = PALETTES[draft.theme], draft.chart
    shown = {name: inert(title) for name, title in titles.items()}
    variables = {"chart": draft.frame, "titles": shown, "orders": sheet.orders}
    lines = [*draft.lines, assign("titles", shown)]
    if "color" in arguments:
        variables["colours"] = _colours(draft, arguments["color"])
        lines.append(assign("colours", variables["colours"]))
        arguments["color_discrete_map"] = Name("colours")
    elif chart not in ("heat_map", "parallel"):
        arguments["color_discrete_sequence"] = [palette.kinds[0]]
    data = "chart"
    if chart == "heat_map":
        index, columns, value = arguments.pop("grid")
        data = "grid"
        grid = draft.frame.pivot(index=index, columns=columns, values=value)
        variables["grid"] = grid.loc[sheet.orders[index], sheet.orders[columns]]
        lines += [
            call("grid = chart.pivot", index=index, columns=columns, values=value),
            f"grid = grid.loc[orders[{literal(index)}], orders[{literal(columns)}]]",
        ]
        arguments["labels"] = {"x": shown[columns], "y": shown[index], "color": shown[value]}
    else:
        arguments["labels"] = Name("titles")
    arguments["template"] = "plotly_white" if draft.theme == "light" else "plotly_dark"
    ground = {"paper_bgcolor": palette.page, "plot_bgcolor": palette.page} if draft.theme == "dark" else {}
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    (last, size), before = updates[-1], updates[:-1]
    shared = {"margin": {"l": 10, "r": 20, "t": 40, "b": 10}, "legend": legend, **ground}
    updates = [*before, (last, {**shared, **size})]
    drawing = Drawing(_FUNCTIONS[chart], arguments, tuple(updates), data, variables)
    sheet.note("The figure.", *lines, *drawing.code())
    return Explored(drawing.draw(), tuple(draft.notes))


def _colours(draft: Draft, column: str) -> dict[str, str]:
    """Value → colour of a category, in its order; what is not stated is grey."""
    palette = PALETTES[draft.theme]
    colours = {value: palette.kinds[place % len(palette.kinds)] for place, value in enumerate(draft.sheet.orders[column])}
    return colours | ({NOT_STATED_LABEL: palette.states[2]} if NOT_STATED_LABEL in colours else {})


def _hover(sheet: Worksheet, taken: list[str]) -> list[str]:
    """Text columns that say which row a mark is."""
    texts = [item for item in sheet.relation.table.fields if item.name in sheet.rows and item.name not in taken]
    return [item.name for item in texts if not item.is_numeric and not item.is_list][:2]


_Parts = tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]


def _bar(draft: Draft, groups: list[str], value: str) -> _Parts:
    bars = draft.frame[groups[0]].nunique()
    within = draft.frame[groups[-1]].nunique() if len(groups) == 2 else 1
    more = {"color": groups[1], "barmode": "group"} if len(groups) == 2 else {}
    height = 150 + bars * max(32, 18 * within)
    return _bars(groups, value, more, height)


def _stacked(draft: Draft, groups: list[str], value: str) -> _Parts:
    return _bars(groups, value, {"color": groups[1]}, 190 + 32 * draft.frame[groups[0]].nunique())


def _bars(groups: list[str], value: str, more: dict[str, Any], height: int) -> _Parts:
    arguments = {
        "x": value,
        "y": groups[0],
        **more,
        "orientation": "h",
        "text_auto": NUMBER,
        "category_orders": Name("orders"),
    }
    return arguments, [("update_yaxes", {"type": "category"}), ("update_layout", {"height": height})]


def _heat_map(draft: Draft, groups: list[str], value: str) -> _Parts:
    scale = "Blues" if draft.theme == "light" else "Blues_r"
    rows, columns = (draft.frame[name].nunique() for name in groups)
    arguments = {"grid": (*groups, value), "text_auto": NUMBER, "aspect": "auto", "color_continuous_scale": scale}
    axes = {"type": "category", "showgrid": False}
    height = 240 + 34 * rows + (60 if columns > 5 else 0)
    # Every cell has its number written in, so the scale need not take room.
    size = {"height": height, "coloraxis": {"showscale": False}}
    return arguments, [("update_xaxes", axes), ("update_yaxes", axes), ("update_layout", size)]


def _line(draft: Draft, groups: list[str], value: str) -> _Parts:
    colour = {"color": groups[1], "symbol": groups[1]} if len(groups) == 2 else {}
    orders = {"category_orders": Name("orders")}
    arguments = {"x": groups[0], "y": value, **colour, "markers": True, **orders}
    kind = {} if draft.sheet.relation.table[groups[0]].is_numeric else {"type": "date"}
    return arguments, [*([("update_xaxes", kind)] if kind else []), ("update_layout", {"height": 480})]


def _areas(draft: Draft, groups: list[str], value: str) -> _Parts:
    arguments = {"path": groups, "values": value, "color": groups[0]}
    # A text that would be too small to read is left out; the table has it.
    size = {"height": 560, "uniformtext": {"minsize": 10, "mode": "hide"}}
    turned = {"insidetextorientation": "radial"} if draft.chart == "sunburst" else {}
    return arguments, [("update_traces", {"textinfo": "label+value", **turned}), ("update_layout", size)]


def _histogram(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> _Parts:  # noqa: ARG001
    more = {"color": sides["colour"], "category_orders": Name("orders")} if "colour" in sides else {}
    arguments = {"x": sides["x"], **more, "nbins": BINS}
    return arguments, [("update_yaxes", {"title": "Number of rows"}), ("update_layout", {"height": 460, "bargap": 0.05})]


def _spread(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> _Parts:
    rows = draft.frame[sides["y"]].nunique() if "y" in sides else 1
    more = {"y": sides["y"], "category_orders": Name("orders")} if "y" in sides else {}
    arguments = {"x": sides["x"], **more, "hover_data": hover}
    category = [("update_yaxes", {"type": "category"})] if "y" in sides else []
    return arguments, [*category, ("update_layout", {"height": 190 + 52 * rows})]


def _box(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> _Parts:
    arguments, updates = _spread(draft, sides, hover)
    points = "all" if len(draft.frame) <= MOST_MARKS else "outliers"
    return {**arguments, "points": points, "orientation": "h"}, updates


def _strip(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> _Parts:
    arguments, updates = _spread(draft, sides, hover)
    return {**arguments, "orientation": "h"}, updates


def _scatter(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> _Parts:  # noqa: ARG001
    colour = {"color": sides["colour"], "symbol": sides["colour"], "category_orders": Name("orders")} if "colour" in sides else {}
    arguments = {"x": sides["x"], "y": sides["y"], **colour, "hover_data": hover}
    return arguments, [("update_traces", {"marker": {"size": 10}}), ("update_layout", {"height": 520})]


def _parallel(draft: Draft, sides: Mapping[str, str], hover: list[str]) -> _Parts:  # noqa: ARG001
    colour = PALETTES[draft.theme].kinds[0]
    arguments = {"dimensions": list(sides.values())}
    # The labels stand outside the lines and are not given room by themselves.
    margin = {"l": 110, "r": 110, "t": 40, "b": 10}
    return arguments, [("update_traces", {"line": {"color": colour}}), ("update_layout", {"height": 560, "margin": margin})]


_GROUPED = {
    "bar": _bar,
    "stacked": _stacked,
    "heat_map": _heat_map,
    "line": _line,
    "treemap": _areas,
    "sunburst": _areas,
}
_OF_ROWS = {"histogram": _histogram, "box": _box, "strip": _strip, "scatter": _scatter, "parallel": _parallel}
_FUNCTIONS = {
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
