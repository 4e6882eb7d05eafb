"""What to look at: a table or join, filters, groups and a chart as one frozen value.

Widgets, link, figure, code and tests all share it. :func:`settle` makes any value possible, so that
later steps need not check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from legwise.explore.relations import Relation
from legwise.facets.filters import Filter
from legwise.tables.schema import Field, within_sentence

#: Most columns to group by: more cannot be read in one figure.
MOST_GROUPS = 3
#: Columns shown unless others are chosen.
USUAL_COLUMNS = 8
#: A column stated by a smaller share of rows is shown only if chosen.
LEAST_STATED = 0.1
#: Aggregate → its title; "rows" counts rows and needs no column.
AGGREGATES = {
    "rows": "Number of rows",
    "distinct": "Different values of",
    "stated": "Share of rows that state",
    "mean": "Mean of",
    "median": "Median of",
    "min": "Lowest",
    "max": "Highest",
}
#: Aggregates of numbers. No sum: the people of several findings do not add up, nor do prices.
OF_NUMBERS = ("mean", "median", "min", "max")
#: Aggregates with parts that add up to the whole, so that they can be stacked.
ADDITIVE = ("rows",)


@dataclass(frozen=True)
class Role:
    """What one side of a chart of single rows takes: a number or a category, needed or not."""

    takes: str
    title: str
    needed: bool = True


#: Chart → title.
CHARTS = {
    "bar": "Bars",
    "stacked": "Stacked bars",
    "heat_map": "Heat map",
    "line": "Line",
    "treemap": "Treemap",
    "sunburst": "Sunburst",
    "histogram": "Histogram",
    "box": "Box plot",
    "strip": "Strip plot",
    "scatter": "Scatter plot",
    "parallel": "Parallel categories",
}
#: Charts of single rows → their sides.
SIDES: Mapping[str, Mapping[str, Role]] = {
    "histogram": {
        "x": Role("number", "Horizontal axis"),
        "colour": Role("category", "Colour", needed=False),
    },
    "box": {"x": Role("number", "Horizontal axis"), "y": Role("category", "By", needed=False)},
    "strip": {"x": Role("number", "Horizontal axis"), "y": Role("category", "By", needed=False)},
    "scatter": {
        "x": Role("number", "Horizontal axis"),
        "y": Role("number", "Vertical axis"),
        "colour": Role("category", "Colour", needed=False),
    },
    "parallel": {
        "x": Role("category", "First"),
        "y": Role("category", "Second"),
        "colour": Role("category", "Third", needed=False),
    },
}


@dataclass(frozen=True)
class ExploreState:
    """State of the explore page.

    With ``group`` the table has one row per group, with the ``aggregate`` of the ``measure``;
    without, it has single rows. Empty ``columns`` means the usual ones. ``x``, ``y`` and
    ``colour`` are the sides of a chart of single rows.
    """

    relation: str = "devices"
    columns: tuple[str, ...] = ()
    filters: tuple[tuple[str, Filter], ...] = ()
    group: tuple[str, ...] = ()
    aggregate: str = "rows"
    measure: str = ""
    chart: str = ""
    x: str = ""
    y: str = ""
    colour: str = ""

    def without(self, name: str) -> ExploreState:
        """Return the same state without that column's filter."""
        return replace(self, filters=tuple(pair for pair in self.filters if pair[0] != name))


def first_look(relation: Relation) -> ExploreState:
    """Return the first view of a table: rows counted by its most telling column."""
    return settle(ExploreState(relation.name, group=relation.usual_group), relation)


def usual_columns(relation: Relation) -> tuple[str, ...]:
    """Return the columns shown by default: the first that tell a reader something."""
    shown = [field.name for field in shown_fields(relation) if "url" not in field.name]
    telling = [name for name in shown if relation.share_stated[name] >= LEAST_STATED] or shown
    return tuple(telling[:USUAL_COLUMNS])


def shown_fields(relation: Relation) -> tuple[Field, ...]:
    """Return the columns to show; a key is for machines, unless there is nothing else."""
    return (
        tuple(field for field in relation.table.fields if field.name != relation.table.key)
        or relation.table.fields
    )


def measures(relation: Relation, aggregate: str, group: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that can be aggregated this way."""
    if aggregate == "rows":
        return ()
    fields = relation.numeric if aggregate in OF_NUMBERS else shown_fields(relation)
    if aggregate == "mean":
        fields = tuple(field for field in fields if not field.ordinal)
    lists = aggregate == "distinct"
    return tuple(
        field.name
        for field in fields
        if field.name not in set(group) and not (lists and field.is_list)
    )


def aggregates(relation: Relation, group: Iterable[str]) -> tuple[str, ...]:
    """Return the possible aggregates; three groups need one that can be drawn as nested parts."""
    names = tuple(group)
    keys = ADDITIVE if len(names) > most_groups("mean") else tuple(AGGREGATES)
    return tuple(key for key in keys if key == "rows" or measures(relation, key, names))


def most_groups(aggregate: str) -> int:
    """Return the most groups that an aggregate can be drawn by."""
    return MOST_GROUPS if aggregate in ADDITIVE else 2


def side_columns(relation: Relation, role: Role) -> tuple[str, ...]:
    """Return the columns that a side of a chart can take."""
    fields = relation.numeric if role.takes == "number" else relation.groupable
    return tuple(field.name for field in fields)


def charts(relation: Relation, group: tuple[str, ...], aggregate: str) -> tuple[str, ...]:
    """Return the charts that suit these groups (or single rows), the most telling first."""
    if not group:
        numbers, categories = len(relation.numeric), len(relation.groupable)
        offered = {
            "strip": numbers > 0,
            "box": numbers > 0,
            "scatter": numbers > 1,
            "histogram": numbers > 0,
            "parallel": categories > 1,
        }
        return tuple(name for name, possible in offered.items() if possible)
    first = relation.table[group[0]]
    ordered = (first.is_numeric or first.type == "date") and len(group) < 3
    parts = aggregate in ADDITIVE
    offered = {
        "stacked": parts and len(group) == 2,
        "bar": len(group) < 3,
        "line": ordered,
        "heat_map": len(group) == 2,
        "treemap": parts,
        "sunburst": parts,
    }
    return tuple(name for name, possible in offered.items() if possible)


def settle(state: ExploreState, relation: Relation) -> ExploreState:
    """Return the nearest possible state; what does not fit falls back to a default."""
    known = relation.table.by_name
    shown = {field.name for field in shown_fields(relation)}
    groupable = [field.name for field in relation.groupable]
    columns = tuple(dict.fromkeys(name for name in state.columns if name in shown))
    group = tuple(dict.fromkeys(name for name in state.group if name in groupable))[:MOST_GROUPS]
    # Keep the aggregate while no group is chosen, so that it is back when one is.
    aggregate = state.aggregate if state.aggregate in aggregates(relation, group) else "rows"
    of = measures(relation, aggregate, group)
    offered = charts(relation, group, aggregate)
    chart = state.chart if state.chart in offered else next(iter(offered), "")
    sides = _settle_sides(state, relation, chart) if not group else {"x": "", "y": "", "colour": ""}
    return replace(
        state,
        relation=relation.name,
        columns=() if columns == usual_columns(relation) else columns,
        filters=tuple(
            (name, item) for name, item in state.filters if name in known and known[name].filter
        ),
        group=group,
        aggregate=aggregate,
        measure=state.measure if state.measure in of else next(iter(of), ""),
        chart=chart,
        **sides,
    )


def _settle_sides(state: ExploreState, relation: Relation, chart: str) -> dict[str, str]:
    """Return a different column for each side of a chart; a needed side is never empty."""
    chosen = {"x": "", "y": "", "colour": ""}
    for side, role in SIDES.get(chart, {}).items():
        free = [name for name in side_columns(relation, role) if name not in chosen.values()]
        wanted = getattr(state, side)
        if wanted in free:
            chosen[side] = wanted
        elif role.needed:
            chosen[side] = _fullest(relation, free, [name for name in chosen.values() if name])
    return chosen


def _fullest(relation: Relation, names: list[str], beside: list[str]) -> str:
    """Return the column stated by most of the rows that state the columns ``beside``.

    The first of equals wins. Columns with one value, and ranks, come last.
    """
    rows = np.logical_and.reduce(
        [np.ones(len(relation.frame), dtype=bool), *(relation.stated(name) for name in beside)]
    )

    def worth(name: str) -> tuple[bool, bool, int]:
        is_rank, several = bool(relation.table[name].ordinal), relation.frame[name].nunique() > 1
        return several, not is_rank, int(np.count_nonzero(rows & relation.stated(name)))

    return max(names, key=worth)


def value_name(state: ExploreState) -> str:
    """Return a name for the aggregated column that no group has."""
    name = "rows" if state.aggregate == "rows" else f"{state.aggregate}_{state.measure}"
    while name in state.group:
        name += "_"
    return name


def stated_name(group: Iterable[str]) -> str:
    """Return a name for the count of rows that state the number, other than any group's."""
    name = "stated_by"
    while name in set(group):
        name += "_"
    return name


def value_title(state: ExploreState, relation: Relation) -> str:
    """Return the title of the aggregated column, with its unit."""
    words = AGGREGATES[state.aggregate]
    if state.aggregate == "rows":
        return words
    field = relation.table[state.measure]
    if state.aggregate == "stated":
        return f"{words} {field.noun} (%)"
    unit = f" ({field.unit})" if field.unit and state.aggregate in OF_NUMBERS else ""
    return f"{words} {field.noun}{unit}"


def describe_view(state: ExploreState, relation: Relation) -> str:
    """Return what the view shows: "Devices by type and heat: number of rows"."""
    table = relation.table
    if not state.group:
        sides = [table[name].noun for name in (state.y, state.x, state.colour) if name]
        return f"{table.title}, row by row" + (f": {_listed(sides)}" if sides else "")
    value = value_title(state, relation)
    groups = _listed([table[name].noun for name in state.group])
    return f"{table.title} by {groups}: {within_sentence(value)}"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def filter_phrases(state: ExploreState, relation: Relation) -> dict[str, str]:
    """Return column → its filter in words."""
    return {name: item.words(relation.table[name]) for name, item in state.filters}
