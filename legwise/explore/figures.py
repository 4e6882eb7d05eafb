"""The figures of explored tables and joins: of groups, and of single rows.

The program of a view cuts a frame named ``chart`` to what can be drawn, then draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from legwise.charts.theme import PALETTES, Palette, Theme, axis, inert, ink_areas, ink_on, layout
from legwise.explore.chart_kinds import (
    CHART,
    COUNTED,
    KINDS,
    MOST_ALONG,
    MOST_AREAS,
    MOST_COLOURS,
    MOST_ENDS,
    MOST_MARKS,
    Drawn,
)
from legwise.explore.grouping import order_values
from legwise.explore.program import Program
from legwise.explore.relations import Relation
from legwise.explore.state import (
    OF_NUMBERS,
    SIDES,
    ExploreState,
    stated_name,
    value_name,
    value_title,
)
from legwise.explore.steps import (
    fill_zeros,
    most_frequent,
    reworded,
    values_in_order,
    without_slash,
)
from legwise.tables.schema import NOT_STATED_LABEL
from legwise.text.literals import Call, Name
from legwise.text.units import counted

#: Number formats in figures (d3): thousands separators, no trailing zeros; plain for years.
NUMBER, PLAIN = ",~f", "~f"
#: Longest run of whole numbers that is filled with zeros.
MOST_STEPS = 300
#: Options of the house axis not used here: these axes have other titles and can be zoomed.
PER_AXIS = ("title", "fixedrange")
AREAS = ("treemap", "sunburst")
#: Charts that show the second group as colour.
COLOURED = ("bar", "stacked", "line")


class Draft:
    """A frame being cut to what can be drawn, with notes on what that leaves out."""

    def __init__(self, program: Program, value: Any) -> None:
        self.program = program
        self.notes: list[str] = []
        self.steps_before = len(program.steps)
        program.do("chart", value, "What the figure shows.")

    def give_up(self) -> None:
        """Undo the steps: nothing is left to draw."""
        del self.program.steps[self.steps_before :]

    @property
    def frame(self) -> pd.DataFrame:
        """The frame after the cuts so far."""
        return pd.DataFrame(self.program.names["chart"])

    def cut(self, value: Any) -> int:
        """Cut the frame and return how many rows that removes; drop a step that cuts none."""
        before = self.frame
        self.program.do("chart", value)
        left = len(before) - len(self.frame)
        if not left:
            self.program.steps.pop()
        return left

    def keep_frequent(self, column: str, most: int, title: str, counts: Call) -> None:
        """Keep the values of a category with the highest ``counts``, which come first."""
        present = self.frame[column].nunique()
        if present > most:
            self.program.do("chart", Call(most_frequent, CHART, column, counts, most))
            self.notes.append(
                f"{title}: the {most} most frequent of {present:,} values are drawn; "
                f"{present - most:,} {_are(present - most)} left out."
            )

    def to_texts(self, columns: Sequence[str], words: Iterable[Any]) -> None:
        """Turn categories into texts that plotly shows literally, and note their order."""
        orders = {column: Call(values_in_order, Name("chart", column)) for column in columns}
        for word in words:
            for column in columns:
                values = values_in_order(self.frame[column])
                if any(word(value) != value for value in values):
                    self.program.do(
                        Name("chart", column), Call(reworded, Name("chart", column), word)
                    )
        if columns:
            self.program.do("orders", orders)
            self.program.do("chart", Call("astype", CHART, dict.fromkeys(columns, "str")))

    def fill(self, columns: Sequence[str]) -> None:
        """Fill missing texts with words, and escape all texts for plotly."""
        for column in columns:
            cells = Name("chart", column)
            self.program.do(cells, Call("fillna", cells, NOT_STATED_LABEL))
            if any(inert(text) != text for text in self.frame[column].unique()):
                self.program.do(cells, Call("map", cells, inert))

    def to_axis(self, relation: Relation, column: str) -> None:
        """Turn a category into numbers or dates; such an axis has no position for "not stated"."""
        cells = Name("chart", column)
        self.program.do("chart", Call("astype", CHART, {column: "str"}))
        if relation.table[column].is_numeric:
            self.program.do(cells, Call(pd.to_numeric, cells, errors="coerce"))
            left = self.cut(Call("dropna", CHART, subset=[column]))
        else:
            left = self.cut(Name("chart", Call("ne", cells, NOT_STATED_LABEL)))
        if left:
            title = relation.table[column].title
            self.notes.append(f"{title}: groups that do not state it are left out of the line.")


def rows_with(column: str) -> Call:
    """Return the step that counts the rows with each value of a column."""
    return Call("value_counts", Name("rows", column))


def draw_groups(
    program: Program,
    relation: Relation,
    state: ExploreState,
    theme: Theme = "light",
    name: str = "table",
    counts: Callable[[str], Call] = rows_with,
) -> list[str] | None:
    """Draw the table of groups ``name`` as ``figure``; return what is left out (``None``: all).

    ``counts`` tells how many rows have each value of a column.
    """
    groups, value = list(state.group), value_name(state)
    titles = {column: relation.table[column].title for column in groups}
    titles |= {value: value_title(state, relation)}
    draft = Draft(program, Call("copy", Name(name)))
    of = len(draft.frame)
    if left := draft.cut(Call("dropna", CHART, subset=[value])):
        left_out = f"{left:,} of {of:,} groups {_are(left)} left out"
        draft.notes.append(f"{left_out}: none of their rows states it.")
    if state.chart in AREAS and (
        left := draft.cut(Name("chart", Call("gt", Name("chart", value), 0)))
    ):
        left_out = f"{counted(left, 'group')} {_are(left)} left out"
        draft.notes.append(f"{left_out}: an area cannot show zero or less.")
    for number, column in enumerate(groups):
        is_colour = number == 1 and state.chart in COLOURED
        most = MOST_COLOURS if is_colour else MOST_AREAS if state.chart in AREAS else MOST_ALONG
        draft.keep_frequent(column, most, titles[column], counts(column))
    is_line = state.chart == "line"
    if is_line:
        draft.to_axis(relation, groups[0])
    is_path = state.chart in AREAS and len(groups) > 1
    draft.to_texts(groups[is_line:], [*([without_slash] if is_path else []), inert])
    if draft.frame.empty:
        draft.give_up()
        return None
    if is_line and state.aggregate == "rows" and relation.table[groups[0]].type == "integer":
        across = draft.frame[groups[0]]
        if across.max() - across.min() <= MOST_STEPS:
            program.do("chart", Call(fill_zeros, CHART, groups, value))
    form = NUMBER
    hover: tuple[str, ...] = ()
    if state.aggregate in OF_NUMBERS:
        hover = (stated_name(groups),)
        titles |= {hover[0]: "Rows that state it"}
        form = PLAIN if relation.table[state.measure].plain else NUMBER
    shown = Drawn(relation, draft.frame, theme, form, hover, state.group, value)
    _draw(program, state.chart, shown, titles)
    return draft.notes


def draw_rows(
    program: Program, relation: Relation, state: ExploreState, theme: Theme = "light"
) -> list[str] | None:
    """Draw single rows as ``figure``; return what is left out (``None``: all)."""
    sides = {side: getattr(state, side) for side in SIDES[state.chart] if getattr(state, side)}
    numbers = [name for side, name in sides.items() if SIDES[state.chart][side].takes == "number"]
    categories = [name for name in sides.values() if name not in numbers]
    fields = relation.table
    titles = {
        name: fields[name].heading if name in numbers else fields[name].title
        for name in sides.values()
    }
    rows = program.names["rows"]
    is_single = state.chart not in ("histogram", "parallel")
    hover = _hover(relation, rows, [*numbers, *categories]) if is_single else []
    titles |= {name: fields[name].title for name in hover}
    if state.chart == "histogram":
        titles.setdefault("count", COUNTED)
    columns = list(dict.fromkeys([*numbers, *categories, *hover]))
    draft = Draft(program, Name("rows", columns))
    if numbers:
        draft.cut(Call("dropna", CHART, subset=numbers))
    draft.notes += _left_out(relation, numbers, len(rows), len(draft.frame))
    if categories:
        order_values(program, relation, categories, "chart")
    for name in categories:
        is_colour = name == sides.get("colour") and state.chart != "parallel"
        most = MOST_COLOURS if is_colour else MOST_ENDS if state.chart == "parallel" else MOST_ALONG
        draft.keep_frequent(name, most, titles[name], Call("value_counts", Name("chart", name)))
    if state.chart in ("scatter", "strip"):
        of = len(draft.frame)
        if draft.cut(Call("head", CHART, MOST_MARKS)):
            draft.notes.append(f"Only the first {MOST_MARKS:,} of {of:,} marks are drawn.")
    if state.chart == "parallel":
        program.do("chart", Call("sort_values", CHART, categories))
    draft.to_texts(categories, [inert])
    draft.fill(hover)
    if draft.frame.empty:
        draft.give_up()
        return None
    shown = Drawn(relation, draft.frame, theme, hover=tuple(hover), sides=sides)
    _draw(program, state.chart, shown, titles)
    return draft.notes


def _left_out(relation: Relation, numbers: list[str], of: int, kept: int) -> list[str]:
    """Return a sentence on how many rows lack the numbers that the figure shows."""
    if of == kept:
        return []
    nouns = [relation.table[name].noun for name in numbers]
    lacking = nouns[0] if len(nouns) == 1 else f"both {' and '.join(nouns)}"
    left = of - kept
    do = "does" if left == 1 else "do"
    return [f"{kept:,} of {of:,} rows are drawn; {left:,} {do} not state {lacking}."]


def _draw(program: Program, chart: str, drawn: Drawn, titles: Mapping[str, str]) -> None:
    """Draw, with what all figures share."""
    # Most pages draw no figure of this kind.
    import plotly.express as px

    palette = PALETTES[drawn.theme]
    spec = KINDS[chart](drawn)
    arguments = {**spec.arguments}
    look: dict[str, Any] = {"layout": Name("LAYOUT")}
    # Parallel categories show titles literally; all other figures read them as markup.
    shown = {name: title if chart == "parallel" else inert(title) for name, title in titles.items()}
    if chart == "heat_map":
        rows, columns = drawn.groups
        shown = {"x": shown[columns], "y": shown[rows], "color": shown[drawn.value]}
    elif "color" in arguments:
        colours = _colours(palette, program.names["orders"][arguments["color"]])
        # Plotly express uses "(?)" for an area with parts of different colours.
        colours |= {"(?)": palette.grid} if chart in AREAS else {}
        arguments["color_discrete_map"] = colours
        if chart == "stacked":
            # Plotly would write in grey on what is light.
            inks = [{"insidetextfont": {"color": ink_on(colour)}} for colour in colours.values()]
            look["data"] = {"bar": inks}
    elif chart != "parallel":
        arguments["color_discrete_sequence"] = [palette.kinds[0]]
    arguments |= {"labels": shown, "template": look}
    lines = {key: value for key, value in axis(palette).items() if key not in PER_AXIS}
    lines |= {"ticks": "", "title": {"standoff": 15}}
    if spec.grid:
        program.do("grid", spec.grid)
    program.do("AXIS", lines, "How figures look.")
    program.do("LAYOUT", _layout(palette))
    data = Name("grid") if spec.grid else CHART
    program.do("figure", Call(getattr(px, spec.function), data, **arguments), "The figure.")
    settings = {
        "update_traces": spec.traces,
        "update_xaxes": spec.xaxis,
        "update_yaxes": spec.yaxis,
        "update_layout": spec.layout,
    }
    for method, values in settings.items():
        if values:
            program.do(None, Call(method, Name("figure"), **values))
    if chart in AREAS and "color" in arguments:
        program.do(None, Call(ink_areas, Name("figure")))


def _layout(palette: Palette) -> dict[str, Any]:
    """Return the look of all figures: font, ink, background and grid."""
    axes = {"xaxis": Name("AXIS"), "yaxis": Name("AXIS")}
    look = layout(palette, margin={"l": 10, "r": 20, "t": 40, "b": 10}, **axes)
    return {key: value for key, value in look.items() if key != "template"}


def _colours(palette: Palette, values: Sequence[str]) -> dict[str, str]:
    """Return value → colour of a category, in order; "not stated" is grey."""
    colours = {
        value: palette.kinds[number % len(palette.kinds)] for number, value in enumerate(values)
    }
    return colours | ({NOT_STATED_LABEL: palette.states[2]} if NOT_STATED_LABEL in colours else {})


def _hover(relation: Relation, rows: pd.DataFrame, taken: list[str]) -> list[str]:
    """Return text columns that identify the row of a mark."""
    texts = [
        field.name
        for field in relation.table.fields
        if field.name in rows and field.name not in taken
        if not field.is_numeric and not field.is_list
    ]
    return texts[:2]


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
