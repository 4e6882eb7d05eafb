"""A view of a table or join: its rows, table and figure, and the code that makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from legwise.charts.theme import Chart, Theme
from legwise.explore.figures import draw_groups, draw_rows
from legwise.explore.matching import Matching, match
from legwise.explore.program import Program
from legwise.explore.reading import ROWS, show_rows
from legwise.explore.relations import MOST_JOINED, VERDICTS, Relation
from legwise.explore.state import (
    OF_NUMBERS,
    ExploreState,
    describe_view,
    filter_phrases,
    stated_name,
    usual_columns,
    value_name,
    value_title,
)
from legwise.facets.filters import Choice
from legwise.facets.tallies import States
from legwise.tables.schema import NOT_STATED_LABEL, Field
from legwise.text.shown import Shown
from legwise.text.units import counted

#: Head of the column with how many rows a number is based on.
STATED_BY = "Rows that state it"


@dataclass(frozen=True, eq=False)
class View:
    """What a settled state shows. ``explored`` is the figure, if any; ``table`` is beside it."""

    relation: Relation
    state: ExploreState
    matches: Matching
    table: pd.DataFrame
    explored: Chart | None
    notes: tuple[str, ...]
    program: Program
    #: Which of the rows that match are shown, if not all.
    drawn: str = ""
    #: The ids of single rows, in the order of the table.
    keys: tuple[str, ...] = ()

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
        """How many rows match, of how many, and which filters apply."""
        groups = f" in {counted(len(self.table), 'group')}" if self.state.group else ""
        where = f" where {' and '.join(self.phrases.values())}" if self.phrases else ""
        rows = f"{self.matches.total:,} of {counted(self.relation.index.size, 'row')}"
        return f"{rows}{groups}{where}{self.relation.chance}"

    @property
    def summary(self) -> str:
        """Title and sentence, and which rows are shown."""
        return ". ".join([self.title, self.sentence, *filter(None, [self.drawn.rstrip(".")])])

    @property
    def headings(self) -> dict[str, str]:
        """Column of the table → its head, with the unit of numbers."""
        fields = self.relation.table
        if self.state.group:
            heads = {name: fields[name].heading for name in self.state.group}
            heads |= (
                {stated_name(self.state.group): STATED_BY}
                if self.state.aggregate in OF_NUMBERS
                else {}
            )
            return heads | {value_name(self.state): value_title(self.state, self.relation)}
        return {name: fields[name].heading for name in self.table.columns}

    @property
    def numbers(self) -> tuple[str, ...]:
        """Columns of the table that hold numbers."""
        return tuple(self.table.select_dtypes("number").columns)

    def is_plain(self, name: str) -> bool:
        """Whether numbers of a column have no separators, like years."""
        state, fields = self.state, self.relation.table.by_name
        column = (
            state.measure
            if state.group and state.aggregate in OF_NUMBERS and name == value_name(state)
            else name
        )
        return column in fields and fields[column].plain

    def texts(self, *, separators: bool = False) -> pd.DataFrame:
        """Return the table as texts under its headings; ``separators`` are for reading numbers."""
        commas = {
            name: "," if separators and not self.is_plain(name) else ""
            for name in map(str, self.table.columns)
        }
        texts = {
            name: [_text(cell, commas[str(name)]) for cell in cells]
            for name, cells in self.table.items()
        }
        heads = self.headings
        doubled = [head for head in heads.values() if list(heads.values()).count(head) > 1]
        return pd.DataFrame(texts).rename(
            columns={name: f"{h} ({name})" if h in doubled else h for name, h in heads.items()}
        )

    @cached_property
    def texts_to_read(self) -> pd.DataFrame:
        """The table as texts, with separators in numbers."""
        return self.texts(separators=True)

    def shown(self) -> Shown:
        """Return :meth:`texts` with the numbers and dates behind them."""
        texts, fields = self.texts(), self.relation.table.by_name
        named = zip(map(str, texts.columns), self.table.items(), strict=True)
        return Shown(
            texts,
            {
                head: [_value(cell, fields.get(str(name))) for cell in cells]
                for head, (name, cells) in named
            },
        )

    @cached_property
    def code(self) -> str:
        """Code that makes ``table`` and ``figure``: it needs the CSV files, or holds its rows."""
        return self.program.source()


def _text(cell: object, separator: str) -> str:
    if isinstance(cell, (int, float)):
        return NOT_STATED_LABEL if pd.isna(cell) else f"{cell:{separator}.10g}"
    return str(cell)


def _value(cell: object, field: Field | None) -> float | date | None:
    """Return the number or date behind a cell; dates and groups of numbers are texts there."""
    if isinstance(cell, (int, float)):
        return None if pd.isna(cell) else cell
    if field is None or cell == NOT_STATED_LABEL:
        return None
    return (
        date.fromisoformat(str(cell))
        if field.type == "date"
        else float(str(cell))
        if field.is_numeric
        else None
    )


def look(
    relation: Relation,
    state: ExploreState,
    theme: Theme = "light",
    matching: Matching | None = None,
) -> View:
    """Return what a state shows; it must be :func:`~legwise.explore.state.settle`-d.

    Single rows of a long list are some of them, at random: nobody reads a million. Who has the
    rows that match its filters passes them on.

    Raises:
        DatabaseError: the rows are in a database, which cannot be asked.
    """
    matching = matching or match(relation, dict(state.filters))
    program = Program()
    drawn, keys = "", ()
    if state.group:
        counts = matching.group(program, state)
        left_out = draw_groups(program, relation, state, theme, counts=counts)
    else:
        columns = state.columns or usual_columns(relation)
        sides = (state.x, state.y, state.colour)
        drawn = matching.give(program, {*columns, *filter(None, sides), relation.table.key})
        keys = tuple(program.names[ROWS.name][relation.table.key])
        show_rows(program, relation, columns)
        left_out = draw_rows(program, relation, state, theme) if state.chart else None
    table, explored = program.names["table"], None
    if left_out is not None:
        title, note = describe_view(state, relation), " ".join(left_out)
        explored = Chart(program.names["figure"], table, title, note)
    notes = (*_notes(state, matching), *filter(None, [drawn]), *(left_out or ()))
    return View(relation, state, matching, table, explored, notes, program, drawn, keys)


def _notes(state: ExploreState, matching: Matching) -> Iterator[str]:
    """Yield what a reader must know before reading a view."""
    relation = matching.relation
    table = relation.table
    if relation.join and relation.join.join == VERDICTS:
        yield "Each product appears once per symptom: rows are not products."
    if relation.drawn_from:
        yield (
            f"The list is too long to join: these are {MOST_JOINED:,} of "
            f"{relation.drawn_from:,} products, drawn at random, the same each time."
        )
    if relation.chance:
        yield (
            "Counts and shares here are those of the drawn rows, so they are estimates, and what "
            "is rare may be missing. Find devices counts all rows."
        )
    used = [
        table[name]
        for name in (*state.group, state.x, state.y, state.colour, *_measured(state))
        if name
    ]
    for field in used:
        if field.is_list:
            yield f"{field.title}: a row counts once for each of its values."
        if field.ordinal:
            yield f"{field.title}: {field.ordinal}."
    for name in _measured(state):
        if state.aggregate in OF_NUMBERS:
            yield from _notes_on_numbers(name, state, matching)


def _notes_on_numbers(name: str, state: ExploreState, matching: Matching) -> Iterator[str]:
    table = matching.relation.table
    if matching.total:
        ((of, stated),) = matching.rows_to_count.tally((), (States(name),)).values()
        if stated < of:
            yield (
                f"{of - stated:,} of {of:,} rows do not state {table[name].noun}; "
                "each number is based on those of its group that do."
            )
    within = table[name].within
    if within and within not in state.group and not _one_of(state, within):
        noun = table[within].noun
        yield f"These numbers mix different kinds: group or filter by {noun}."


def _measured(state: ExploreState) -> tuple[str, ...]:
    return (state.measure,) if state.group and state.measure else ()


def _one_of(state: ExploreState, name: str) -> bool:
    item = dict(state.filters).get(name)
    return isinstance(item, Choice) and len(item.values) == 1
