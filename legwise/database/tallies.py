"""Counts over all rows of a database, as :mod:`legwise.facets.tallies` asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
import pandas as pd
from ibis import _

from legwise.database.columns import Cells, Expression, Numbers, Text
from legwise.database.connection import MOST_AT_ONCE
from legwise.database.groups import count_groups, glance
from legwise.database.opening import FEW_ROWS
from legwise.database.rows import Rows
from legwise.facets.tallies import (
    Above,
    Condition,
    Every,
    Glance,
    Group,
    Has,
    Not,
    Part,
    Some,
    Spread,
    States,
    spread_of,
)
from legwise.tables.stated import is_stated

#: Of so many times the rows that are wanted, the first are taken: chance may give fewer.
MORE = 1.3
#: So many times the devices that are wanted are asked for, where an id may stand in several rows.
SPARE = 3
#: So many columns are counted in one question where each takes a pass: a question has its time.
FEW_AT_ONCE = 8


class DatabaseTallies:
    """Rows of a database that fulfil a condition of it, to be counted there."""

    def __init__(self, rows: Rows, where: Expression | None = None) -> None:
        self.rows, self.where = rows, where
        self.opened, self.columns, self.table = rows.opened, rows.opened.columns, rows.table

    @property
    def source(self) -> Expression:
        """The rows."""
        source = self.rows.source
        return source if self.where is None else source.filter(self.where)

    @property
    def size(self) -> int:
        """How many rows there are."""
        if self.where is None:
            return self.opened.size
        return sum(number for number, *_ in self.tally().values())

    @property
    def has_medians(self) -> bool:
        """Whether the database works out medians."""
        return self.opened.database.address.scheme != "sqlite"

    def only(self, condition: Condition) -> DatabaseTallies:
        """Return those of the rows that fulfil a condition."""
        wanted = self.expression(condition)
        return DatabaseTallies(self.rows, wanted if self.where is None else self.where & wanted)

    def expression(self, condition: Condition) -> Expression:
        """Return a condition as one of the database, true or false of every row."""
        match condition:
            case States(column):
                return _sure(self.columns[column].stated)
            case Has(column, values):
                its = self.columns[column]
                if isinstance(its, Cells):
                    return _sure(its.holding(condition.of))
                some = [value for value in values if value is not None]
                raw = its.number if isinstance(its, Numbers) else its.raw
                return _sure(raw.isin(some)) if some else ibis.literal(False)
            case Above(column, number):
                its = self.columns[column]
                if isinstance(its, Numbers):
                    return _sure(its.number > number)
                assert isinstance(its, Cells)
                return _sure(its.holding(lambda cell: is_stated(cell) and cell > number))
            case Not(part):
                return ~self.expression(part)
            case Every(parts):
                return reduce(and_, map(self.expression, parts), ibis.literal(True))
            case Some(parts):
                return reduce(or_, map(self.expression, parts), ibis.literal(False))

    def _bit(self, condition: Condition) -> Expression:
        holds = self.expression(condition)
        if isinstance(holds, ibis.expr.types.Scalar):
            # What holds of all rows or of none is said of each row, to be summed up.
            holds = holds & (self.opened.key.isnull() | self.opened.key.notnull())
        return ibis.cases((holds, 1), else_=0)

    def tally(
        self, by: Sequence[Part] = (), sums: Sequence[Condition] = (), most: int | None = None
    ) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
        """Return group → how many rows it has, then how many of them fulfil each condition.

        With ``most``, of so many groups of the database alone.
        """
        groups = {
            f"g{position}": self.columns[part].raw if isinstance(part, str) else self._bit(part)
            for position, part in enumerate(by)
        }
        counts = {"n": _.count()}
        counts |= {f"s{position}": self._bit(item).sum() for position, item in enumerate(sums)}
        rows = self.source
        totals = (rows.group_by(**groups) if groups else rows).aggregate(**counts)
        made: dict[tuple[Any, ...], tuple[int, ...]] = {}
        for row in self.opened.ask(totals if most is None else totals.limit(most)):
            key = tuple(
                self.cell(part, raw) if isinstance(part, str) else bool(raw)
                for part, raw in zip(by, row, strict=False)
            )
            numbers = tuple(int(number or 0) for number in row[len(by) :])
            # Several texts may mean the same.
            known = made.get(key, (0,) * len(numbers))
            made[key] = tuple(one + more for one, more in zip(known, numbers, strict=True))
        return {key: numbers for key, numbers in made.items() if numbers[0]}

    def cell(self, column: str, raw: Any) -> Any:
        """Return the typed cell behind what was fetched of a column; ``None`` if not stated."""
        cell = self.columns[column].read(raw)
        return cell if is_stated(cell) else None

    def values(self, columns: Sequence[str]) -> Mapping[str, Mapping[Any, int]]:
        """Return column → typed cell → how many rows have it; ``None`` if not stated."""
        made: dict[str, dict[Any, int]] = {column: {} for column in columns}
        for name, raws in self.count_each(
            {name: self.columns[name].raw for name in columns}
        ).items():
            for raw, number in raws:
                cell = self.cell(name, raw)
                made[name][cell] = made[name].get(cell, 0) + number
        return made

    def count_each(self, cells: Mapping[str, Expression]) -> dict[str, list[tuple[Any, int]]]:
        """Return, for each expression of texts or numbers, its values and how many rows have each.

        In one pass, where the database can.
        """
        if self.opened.database.groups_at_once:
            return dict(self._in_one_pass(list(cells.items())))
        names = list(cells)
        made: dict[str, list[tuple[Any, int]]] = {}
        for start in range(0, len(names), FEW_AT_ONCE):
            made |= self._one_by_one({name: cells[name] for name in names[start:][:FEW_AT_ONCE]})
        return made

    def _one_by_one(self, cells: Mapping[str, Expression]) -> dict[str, list[tuple[Any, int]]]:
        made: dict[str, list[tuple[Any, int]]] = {name: [] for name in cells}
        parts = []
        for position, cell in enumerate(cells.values()):
            is_number = cell.type().is_numeric()
            counted = self.source.group_by(c=cell).aggregate(n=_.count())
            parts.append(
                counted.select(
                    part=ibis.literal(position, "int64"),
                    text=ibis.null("string") if is_number else counted["c"],
                    number=counted["c"].cast("float64") if is_number else ibis.null("float64"),
                    n=counted["n"],
                )
            )
        names = list(cells)
        for position, text, number, n in self.opened.ask(ibis.union(*parts)) if parts else ():
            made[names[int(position)]].append((text if number is None else number, int(n)))
        return made

    def _in_one_pass(
        self, cells: Sequence[tuple[str, Expression]]
    ) -> Iterator[tuple[str, list[tuple[Any, int]]]]:
        for start in range(0, len(cells), MOST_AT_ONCE):
            some = cells[start : start + MOST_AT_ONCE]
            columns = {f"g{position}": cell for position, (_name, cell) in enumerate(some)}
            sets = [[position] for position in range(len(some))]
            counted = self.opened.count_sets(self.source.select(**columns), sets)
            for (name, _cell), groups in zip(some, counted, strict=True):
                yield name, [(raw, number) for (raw,), number in groups]

    def different(self, columns: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """Return column of texts → how many different ones there are, and rows that state none."""
        long = [name for name in columns if isinstance(self.columns[name], Text)]
        made = {}
        for name, values in self.values([name for name in columns if name not in long]).items():
            missing = values.get(None, 0)
            made[name] = (len(values) - (None in values), missing)
        if long:
            asked = {}
            for position, name in enumerate(long):
                column = self.columns[name]
                assert isinstance(column, Text)
                stated = _sure(column.stated)
                text = ibis.cases((stated, column.stripped), else_=ibis.null("string"))
                asked[f"d{position}"] = text.nunique()
                asked[f"m{position}"] = ibis.cases((stated, 0), else_=1).sum()
            row = [
                int(number or 0) for number in self.opened.ask(self.source.aggregate(**asked))[0]
            ]
            made |= {
                name: (row[2 * position], row[2 * position + 1])
                for position, name in enumerate(long)
            }
        return made

    def spread(self, columns: Sequence[str]) -> Mapping[str, Spread | None]:
        """Return column of numbers → its spread, ``None`` if no row states one."""
        numbers = [
            name for name in columns if self.has_medians and isinstance(self.columns[name], Numbers)
        ]
        spreads = {
            name: spread_of(values)
            for name, values in self.values([n for n in columns if n not in numbers]).items()
        }
        if numbers:
            asked = {}
            for position, name in enumerate(numbers):
                number = self.columns[name].raw.cast("float64")
                asked[f"n{position}"] = number.count()
                asked[f"l{position}"], asked[f"h{position}"] = number.min(), number.max()
                asked[f"m{position}"] = number.median()
            row = self.opened.ask(self.source.aggregate(**asked))[0]
            for position, name in enumerate(numbers):
                stated, low, high, median = row[4 * position : 4 * position + 4]
                spreads[name] = (
                    Spread(int(stated), float(low), float(median), float(high)) if stated else None
                )
        return {name: spreads[name] for name in columns}

    def groups(self, by: Sequence[str], number: str, of: str) -> Mapping[tuple[Any, ...], Group]:
        """Return values → their group; a row with a list is in the group of each of its values."""
        return count_groups(self, by, number, of)

    def glance(self, columns: Sequence[str], most: int) -> Mapping[str, Glance]:
        """Return column → what it holds: ``most`` frequent values, or so many bins of numbers."""
        return glance(self, columns, most)

    def draw(self, condition: Condition, most: int) -> pd.DataFrame:
        """Return rows that fulfil a condition, in the order of ids: of many, many at random."""
        rows = self.only(condition).source

        def some() -> Expression:
            # Who draws asked how many there are, in the same words: the answer is at hand.
            total = sum(number for _, number in self.tally((), (condition,)).values())
            if total <= most:
                return rows
            if total <= FEW_ROWS:
                return rows.order_by(ibis.random()).limit(most)
            # Not all of those that chance gives: it may give more.
            return rows.filter(ibis.random() < MORE * most / total).limit(most)

        sql, texts = self.opened.database.sql(rows.select(k=self.opened.key))
        return self.rows.draw((sql, *texts.items(), most), some)

    def best(
        self, of: Condition, parts: Mapping[str, Condition], most: int
    ) -> dict[str, list[str]]:
        """Return condition → ids of the devices, among others, that state most facts."""
        if not parts:
            return {}
        selects = []
        for position, part in enumerate(parts.values()):
            rows = self.only(Every((of, part))).source
            facts = self.rows.facts
            first = rows.select(k=self.opened.key, f=facts)
            first = first.order_by([ibis.desc("f"), "k"]).limit(most)
            selects.append(first.mutate(part=ibis.literal(position, "int64")))
        best: dict[str, list[tuple[int, str]]] = {name: [] for name in parts}
        names = list(parts)
        for key, facts, position in self.opened.ask(ibis.union(*selects)):
            best[names[int(position)]].append((-int(facts), str(key)))
        return {name: [key for _, key in sorted(some)] for name, some in best.items()}

    def closest(
        self, of: Condition, alike: Sequence[Condition], differs: Sequence[Condition], most: int
    ) -> pd.DataFrame:
        """Return the devices with most alike, then with fewest differences, then by name."""
        rows = self.only(of).source
        scored = rows.select(
            k=self.opened.key,
            a=_sum(self._bit(item) for item in alike),
            d=_sum(self._bit(item) for item in differs),
            n=self.rows.name_in_order(),
        )
        scored = scored.filter(scored["a"] > 0)
        # Some more, since an id that stands in several rows is one device.
        first = scored.order_by([ibis.desc("a"), "d", "n", "k"]).limit(SPARE * most)
        keys = dict.fromkeys(str(key) for key, *_ in self.opened.ask(first))
        return self.rows.frame(list(keys)[:most])


def _sure(condition: Expression) -> Expression:
    """Return a condition that is false where it is unknown, so that it can be turned round."""
    return ibis.coalesce(condition, False)


def _sum(parts: Iterable[Expression]) -> Expression:
    return reduce(lambda one, other: one + other, parts, ibis.literal(0))
