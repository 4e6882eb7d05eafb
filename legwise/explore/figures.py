"""The figures of explored tables and joins: of groups, and of single rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.theme import PALETTES, Theme, inert
from legwise.explore.chart_kinds import (
    COUNTED,
    FUNCTIONS,
    MOST_ALONG,
    MOST_AREAS,
    MOST_COLOURS,
    MOST_ENDS,
    MOST_MARKS,
    OF_GROUPS,
    OF_ROWS,
)
from legwise.explore.drawing import Draft, Drawing
from legwise.explore.literals import Name, assign, call, literal
from legwise.explore.relations import Relation
from legwise.explore.state import (
    OF_NUMBERS,
    SIDES,
    ExploreState,
    stated_name,
    value_name,
    value_title,
)
from legwise.explore.worksheet import Worksheet
from legwise.tables.schema import NOT_STATED_LABEL

#: Number format of texts within figures (d3): thousands separators, no trailing zeros; plain for years.
NUMBER, PLAIN = ",~f", "~f"


@dataclass(frozen=True, eq=False)
class Explored:
    """A figure and what it leaves out, in sentences."""

    figure: go.Figure
    notes: tuple[str, ...]


def draw_groups(
    sheet: Worksheet,
    table: pd.DataFrame,
    state: ExploreState,
    theme: Theme = "light",
    name: str = "table",
) -> Explored | None:
    """Draw a table of groups, called ``name`` in the code; ``None`` where nothing is left to draw."""
    relation, value = sheet.relation, value_name(state)
    groups = list(state.group)
    titles = {name: relation.table[name].title for name in groups} | {
        value: value_title(state, relation)
    }
    draft = Draft(sheet, table, name, state.chart, theme)
    draft.drop_missing(value)
    areas = state.chart in ("treemap", "sunburst")
    if areas:
        draft.drop_not_above_zero(value)
    for place, column in enumerate(groups):
        is_colour = place == 1 and state.chart in ("bar", "stacked", "line")
        most = MOST_COLOURS if is_colour else MOST_AREAS if areas else MOST_ALONG
        draft.cut(column, most, titles[column], sheet.rows[column])
    draft.as_texts(groups)
    if state.chart == "line":
        draft.as_axis(relation, groups[0])
    draft.keep_present()
    if areas:
        draft.part_names(groups)
    draft.escape(
        [column for column in groups if not (state.chart == "line" and column == groups[0])]
    )
    if draft.frame.empty:
        return None
    if (
        state.chart == "line"
        and state.aggregate == "rows"
        and relation.table[groups[0]].type == "integer"
    ):
        draft.fill_zeros(groups[0], value, groups[1] if len(groups) == 2 else "")
    number = NUMBER
    if state.aggregate in OF_NUMBERS:
        draft.hover = [stated_name(groups)]
        titles |= {stated_name(groups): "Rows that state it"}
        number = PLAIN if relation.table[state.measure].plain else NUMBER
    arguments, updates = OF_GROUPS[state.chart](draft, groups, value, number)
    return _finish(sheet, draft, titles, arguments, updates)


def draw_rows(sheet: Worksheet, state: ExploreState, theme: Theme = "light") -> Explored | None:
    """Draw single rows; ``None`` where nothing is left to draw."""
    relation = sheet.relation
    sides = {side: getattr(state, side) for side in SIDES[state.chart] if getattr(state, side)}
    numbers = [name for side, name in sides.items() if SIDES[state.chart][side].takes == "number"]
    categories = [name for name in sides.values() if name not in numbers]
    titles = {
        name: relation.table[name].heading if name in numbers else relation.table[name].title
        for name in sides.values()
    }
    hover = (
        [] if state.chart in ("histogram", "parallel") else _hover(sheet, [*numbers, *categories])
    )
    titles |= {name: relation.table[name].title for name in hover}
    if state.chart == "histogram":
        titles.setdefault("count", COUNTED)
    columns = list(dict.fromkeys([*numbers, *categories, *hover]))
    stated = f".dropna(subset={literal(numbers)})" if numbers else ""
    sheet.note("What the figure shows.", f"chart = rows[{literal(columns)}]{stated}.copy()")
    frame = sheet.rows[columns].dropna(subset=numbers).copy()
    notes = _left_out(relation, numbers, len(sheet.rows), len(frame))
    if categories:
        frame = sheet.categorise(frame, "chart", categories)
    draft = Draft(sheet, frame, "chart", state.chart, theme)
    draft.notes += notes
    for name in categories:
        is_colour = name == sides.get("colour") and state.chart != "parallel"
        most = MOST_COLOURS if is_colour else MOST_ENDS if state.chart == "parallel" else MOST_ALONG
        draft.cut(name, most, titles[name])
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
    arguments, updates = OF_ROWS[state.chart](draft, sides, hover)
    return _finish(sheet, draft, titles, arguments, updates)


def _left_out(relation: Relation, numbers: list[str], of: int, kept: int) -> list[str]:
    """Say how many rows lack the numbers that the figure shows."""
    if of == kept:
        return []
    nouns = [relation.table[name].noun for name in numbers]
    lacking = nouns[0] if len(nouns) == 1 else f"both {' and '.join(nouns)}"
    left = of - kept
    do = "does" if left == 1 else "do"
    return [f"{kept:,} of {of:,} rows are drawn; {left:,} {do} not state {lacking}."]


def _finish(
    sheet: Worksheet,
    draft: Draft,
    titles: Mapping[str, str],
    arguments: dict[str, Any],
    updates: list[tuple[str, dict[str, Any]]],
) -> Explored:
    """Add what all figures have, note the code, draw."""
    palette, chart = PALETTES[draft.theme], draft.chart
    # Parallel categories show their titles as they stand; all other figures read them as markup.
    shown = (
        dict(titles)
        if chart == "parallel"
        else {name: inert(title) for name, title in titles.items()}
    )
    variables = {
        "chart": draft.frame,
        "titles": shown,
        "orders": sheet.orders,
        "short": draft.short,
    }
    variables |= {f"orders[{literal(column)}]": order for column, order in sheet.orders.items()}
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
    ground = (
        {"paper_bgcolor": palette.page, "plot_bgcolor": palette.page}
        if draft.theme == "dark"
        else {}
    )
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    (last, size), before = updates[-1], updates[:-1]
    shared = {"margin": {"l": 10, "r": 20, "t": 40, "b": 10}, "legend": legend, **ground}
    updates = [*before, (last, {**shared, **size})]
    drawing = Drawing(FUNCTIONS[chart], arguments, tuple(updates), data, variables)
    sheet.note("The figure.", *lines, *drawing.code())
    return Explored(drawing.draw(), tuple(draft.notes))


def _colours(draft: Draft, column: str) -> dict[str, str]:
    """Value → colour of a category, in its order; what is not stated is grey."""
    palette = PALETTES[draft.theme]
    colours = {
        value: palette.kinds[place % len(palette.kinds)]
        for place, value in enumerate(draft.sheet.orders[column])
    }
    colours |= {NOT_STATED_LABEL: palette.states[2]} if NOT_STATED_LABEL in colours else {}
    # Plotly express calls the colour of an area whose parts differ so.
    return colours | ({"(?)": palette.grid} if draft.chart in ("treemap", "sunburst") else {})


def _hover(sheet: Worksheet, taken: list[str]) -> list[str]:
    """Text columns that say which row a mark is."""
    texts = [
        item
        for item in sheet.relation.table.fields
        if item.name in sheet.rows and item.name not in taken
    ]
    return [item.name for item in texts if not item.is_numeric and not item.is_list][:2]
