"""The rows that match the filters of a view, wherever they are: counted, grouped, listed.

Rows in memory are read, filtered and grouped by steps of the program. Those of a database are
counted there; the program then holds what was counted, or the rows that were drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import pandas as pd

from legwise.explore.figures import rows_with
from legwise.explore.grouping import group_rows, order_values
from legwise.explore.program import Program
from legwise.explore.reading import ROWS, carry_rows, give_rows, note_reading
from legwise.explore.relations import SEED, Relation
from legwise.explore.state import OF_NUMBERS, ExploreState, stated_name, value_name
from legwise.explore.steps import rows_by_value
from legwise.facets.codes import Counts, Rows
from legwise.facets.filters import Filter
from legwise.facets.index import TableIndex
from legwise.facets.tallies import Every, FrameTallies, GroupTallies, Tallies
from legwise.tables.loading import typed_cells
from legwise.tables.schema import Field
from legwise.text.literals import Call, Name, literal

#: Most rows that are shown one by one, in a chart and beside it: of those in memory, and of those
#: of a database, which the code of a view holds.
MOST_DRAWN, MOST_CARRIED = 5_000, 2_000


class Matching(Protocol):
    """Rows of a relation that match filters, with what filters show."""

    @property
    def relation(self) -> Relation:
        """What they are rows of."""

    @property
    def counts(self) -> Mapping[str, Counts]:
        """What each value of a filter would give."""

    @property
    def without(self) -> Mapping[str, int]:
        """How many rows dropping the filter of a column would give."""

    @property
    def total(self) -> int:
        """How many rows there are."""

    @property
    def held(self) -> int:
        """How many rows stay in memory with a view of them."""

    @property
    def rows_to_count(self) -> Tallies:
        """All of them, to be counted."""

    def some(self, columns: Sequence[str], most: int | None = None) -> pd.DataFrame:
        """Return these columns of the rows at hand, of the first ``most`` of them."""

    def group(self, program: Program, state: ExploreState) -> Callable[[str], Call]:
        """Make the table of groups, ``table`` in the code.

        Return what gives the step that counts the rows with each value of a column.
        """

    def give(self, program: Program, used: Collection[str]) -> str:
        """Give the program single rows, as ``rows``; say which, where these are not all."""


@dataclass(frozen=True, eq=False)
class MatchingInMemory:
    """The rows at some positions of a relation."""

    relation: Relation
    rows: Rows
    filters: Mapping[str, Filter] = field(default_factory=dict)
    counts: Mapping[str, Counts] = field(default_factory=dict)
    without: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    @property
    def held(self) -> int:
        """How many rows stay in memory with a view of them."""
        return len(self.relation.frame)

    @property
    def rows_to_count(self) -> Tallies:
        """All of them, to be counted."""
        return FrameTallies(self.relation.table, self.relation.frame, self.rows)

    def some(self, columns: Sequence[str], most: int | None = None) -> pd.DataFrame:
        """Return these columns of the rows, of the first ``most`` of them."""
        return self.relation.frame[list(columns)].iloc[self.rows[:most]]

    def group(self, program: Program, state: ExploreState) -> Callable[[str], Call]:
        """Make the table of groups, ``table`` in the code."""
        used = {*state.group, *([state.measure] if state.measure else [])}
        note_reading(program, self.relation, used, self.filters)
        give_rows(program, self.relation, used, self.rows, texts=False)
        order_values(program, self.relation, state.group)
        group_rows(program, state)
        return rows_with

    def give(self, program: Program, used: Collection[str]) -> str:
        """Give the program single rows, as ``rows``; say which, where these are not all."""
        note_reading(program, self.relation, used, self.filters)
        rows, told = self.rows, ""
        if len(rows) > MOST_DRAWN:
            drawn = Call("sample", ROWS, MOST_DRAWN, random_state=SEED)
            program.note("rows", drawn, "Too many to show them all.")
            rows = pd.Series(rows).sample(MOST_DRAWN, random_state=SEED).to_numpy()
            told = (
                f"{MOST_DRAWN:,} of {self.total:,} rows are shown, chosen at random, "
                "the same each time."
            )
        give_rows(program, self.relation, used, rows)
        return told


@dataclass(frozen=True, eq=False)
class MatchingElsewhere:
    """Rows that are counted where they are."""

    relation: Relation
    filters: Mapping[str, Filter]
    total: int
    counts: Mapping[str, Counts]
    without: Mapping[str, int]
    rows_to_count: GroupTallies
    #: A view holds what it shows, and no more.
    held: int = 0

    def some(self, columns: Sequence[str], most: int | None = None) -> pd.DataFrame:
        """Return these columns of the rows that are drawn, of the first ``most`` of them."""
        return self.rows_to_count.draw(Every(()), MOST_CARRIED)[list(columns)].iloc[:most]

    def group(self, program: Program, state: ExploreState) -> Callable[[str], Call]:
        """Make the table of groups, ``table`` in the code."""
        made = self.rows_to_count.groups(state.group, state.aggregate, state.measure)
        groups = sorted(made.items(), key=lambda item: (-item[1].rows, str(item[0])))
        # Lists come apart: each group is of one value.
        fields = [_of_one(self.relation.table[name]) for name in state.group]
        cells = {
            its.name: typed_cells([key[position] for key, _ in groups], its)
            for position, its in enumerate(fields)
        }
        counts, value = value_name(replace(state, aggregate="rows")), value_name(state)
        rows = pd.Series([its.rows for _, its in groups], dtype="int64")
        numbers: dict[str, pd.Series] = {counts: rows}
        stated = pd.Series([its.stated for _, its in groups], dtype="int64")
        worked_out = pd.Series([its.number for _, its in groups], dtype="float64")
        if state.aggregate in OF_NUMBERS:
            numbers |= {stated_name(state.group): stated, value: worked_out.round(2)}
        elif state.aggregate == "stated":
            numbers[value] = (stated / rows * 100).round(1)
        elif state.aggregate == "distinct":
            numbers[value] = worked_out.astype("int64")
        frame = pd.DataFrame(cells | numbers)
        carry_rows(program, fields, frame, self._comment("counted the groups of"), "groups")
        of_groups = replace(self.relation.table, fields=tuple(fields))
        order_values(
            program, replace(self.relation, table=of_groups), state.group, "groups", counts
        )
        ordered = Call("sort_values", Name("groups"), list(state.group), ignore_index=True)
        program.do("table", ordered, "The table: one row per group.")
        shown = [name for name in frame if name != counts or counts == value]
        if len(shown) < len(frame.columns):
            program.do("table", Name("table", shown))
        return lambda column: Call(rows_by_value, Name("groups"), column, counts)

    def give(self, program: Program, used: Collection[str]) -> str:
        """Give the program single rows, as ``rows``; say which, where these are not all."""
        fields = [its for its in self.relation.table.fields if its.name in used]
        frame = self.some([its.name for its in fields])
        drawn = len(frame) < self.total
        verb = "drew these at random from" if drawn else "gave these, all of"
        carry_rows(program, fields, frame, self._comment(verb))
        return (
            f"The rows shown, and drawn in a chart, are {len(frame):,} of {self.total:,}, "
            "chosen at random from all that match."
            if drawn
            else ""
        )

    def _comment(self, verb: str) -> str:
        """Say what the database did. Names of columns and values are a literal: one line."""
        words = [item.words(self.relation.table[name]) for name, item in self.filters.items()]
        where = f" where {' and '.join(words)}" if words else ""
        rows = f"{self.total:,} of {self.relation.index.size:,} rows{where}"
        return f"The database {verb} {literal(rows)}."


def match(relation: Relation, filters: Mapping[str, Filter], *, counts: bool = True) -> Matching:
    """Return the rows that match filters; without ``counts``, these may be those of all rows.

    Raises:
        DatabaseError: the rows are in a database, which cannot be asked.
    """
    index = relation.index
    if isinstance(index, TableIndex):
        its = index.find(filters)
        return MatchingInMemory(relation, its.rows, filters, its.counts, its.without)
    matches = index.find(filters, counts=counts)
    return MatchingElsewhere(
        relation, filters, matches.total, matches.counts, matches.without, matches.rows_to_count
    )


def _of_one(column: Field) -> Field:
    """Return the field of one value of a list."""
    return replace(column, type="string") if column.is_list else column
