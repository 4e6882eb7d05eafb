"""A view of a table or join: its rows, its table, its figure, and the code that gives just these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from legwise.charts.base import Theme
from legwise.charts.explore import Explored, draw_groups, draw_rows
from legwise.explore import ExploreState, describe_view, filter_phrases, usual_columns, value_name, value_title
from legwise.index import Found
from legwise.relations import Relation
from legwise.schema import NOT_STATED_LABEL
from legwise.worksheet import Block, Worksheet, source


@dataclass(frozen=True, eq=False)
class View:
    """What a settled state shows. ``table`` is what stands beside the figure, ``explored`` the figure, if any."""

    relation: Relation
    state: ExploreState
    found: Found
    table: pd.DataFrame
    explored: Explored | None
    notes: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """What the view shows, in one line."""
        return describe_view(self.state, self.relation)

    @cached_property
    def phrases(self) -> dict[str, str]:
        """Column → its filter in words."""
        return filter_phrases(self.state, self.relation)

    @property
    def sentence(self) -> str:
        """How many rows there are, of how many, and where."""
        groups = f" in {len(self.table):,} groups" if self.state.group else ""
        where = f" where {' and '.join(self.phrases.values())}" if self.phrases else ""
        return f"{len(self.found.rows):,} of {self.relation.index.size:,} rows{groups}{where}"

    @property
    def headings(self) -> dict[str, str]:
        """Column of the table → its head, with the unit of numbers."""
        fields = self.relation.table
        if self.state.group:
            value = value_name(self.state)
            return {name: fields[name].heading for name in self.state.group} | {value: value_title(self.state, self.relation)}
        return {name: fields[name].heading for name in self.table.columns}

    @property
    def numbers(self) -> tuple[str, ...]:
        """Columns of the table that hold numbers."""
        return tuple(self.table.select_dtypes("number").columns)

    def texts(self, *, separators: bool = False) -> pd.DataFrame:
        """Return the table as texts under its headings, "not stated" in words; numbers with separators to be read."""
        texts = {name: [_text(cell, "," if separators else "") for cell in cells] for name, cells in self.table.items()}
        heads = self.headings
        doubled = [head for head in heads.values() if list(heads.values()).count(head) > 1]
        return pd.DataFrame(texts).rename(columns={name: f"{h} ({name})" if h in doubled else h for name, h in heads.items()})

    @cached_property
    def code(self) -> str:
        """Code that makes ``table`` and ``figure`` from the CSV files alone."""
        return source(self.blocks)


def _text(cell: object, separator: str) -> str:
    if isinstance(cell, (int, float)):
        return NOT_STATED_LABEL if pd.isna(cell) else f"{cell:{separator}.10g}"
    return str(cell)


def look(relation: Relation, state: ExploreState, theme: Theme = "light") -> View:
    """Return what a state shows; ``state`` must be possible (see :func:`legwise.explore.settle`)."""
    filters = dict(state.filters)
    found = relation.index.find(filters)
    columns = state.columns or usual_columns(relation)
    if state.group:
        sheet = Worksheet(relation, {*state.group, *([state.measure] if state.measure else [])}, filters, found.rows)
        sheet.rows = sheet.categorise(sheet.rows, "rows", state.group)
        table = sheet.grouped(state.group, state.aggregate, state.measure, value_name(state))
        explored = draw_groups(sheet, table, state, theme)
    else:
        sides = {name for name in (state.x, state.y, state.colour) if name}
        sheet = Worksheet(relation, {*columns, *sides}, filters, found.rows)
        table = sheet.shown(columns)
        explored = draw_rows(sheet, state, theme) if state.chart else None
    used = [relation.table[name] for name in (*state.group, state.x, state.y, state.colour) if name]
    lists = [field.title for field in used if field.is_list]
    notes = tuple(f"{title}: a row counts once for each of its values." for title in lists)
    return View(relation, state, found, table, explored, (*notes, *(explored.notes if explored else ())), tuple(sheet.blocks))
