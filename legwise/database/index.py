"""The device list in a database: total, counts and pages of one query, as SQL.

Counts are those of :mod:`legwise.facets.index`. One query groups the rows that pass every filter by
several columns at once, and the rows that pass all filters but one by that column; one query
fetches the rows of a page.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_, or_
from threading import Lock
from typing import Any, cast

import ibis
from cachetools import LRUCache
from ibis import _

from legwise.answers.devices import (
    TYPE,
    Answer,
    FacetIndex,
    Near,
    near_types,
    symptom_column,
)
from legwise.answers.query import BY_FACTS, SYMPTOM, TEXT, DeviceQuery
from legwise.database.address import Address
from legwise.database.columns import Cells, Expression, Facet, Numbers, Text
from legwise.database.connection import MOST_AT_ONCE
from legwise.database.elsewhere import Devices
from legwise.database.opening import Opened, open_database
from legwise.database.tallies import DatabaseTallies
from legwise.facets.codes import LARGEST_GRID, Counts, ValueCounts
from legwise.facets.codes import Rows as Positions
from legwise.facets.filters import Choice, Filter
from legwise.facets.index import MatchesElsewhere
from legwise.facets.tallies import Tallies
from legwise.intake.mapping import Mapping as Targets
from legwise.rules.cautions import caution_classes
from legwise.rules.verdicts import verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Table

#: Most columns that are grouped by at once.
WIDEST = 6
#: Pages of answers whose ids are kept.
MOST_PAGES = 256
#: Sets of filters whose counts are kept.
MOST_MATCHES = 64


@dataclass(frozen=True, eq=False)
class DatabaseAnswer(Answer):
    """An answer whose rows are in the database: those of a page are fetched when it is shown."""

    index: DatabaseIndex

    def keys(self, some: slice) -> list[str]:
        """Return the ids of some of its devices, in their order."""
        return self.index.keys(self.query, *some.indices(self.total)[:2])

    @property
    def rows_to_count(self) -> Tallies:
        """All of its devices, counted by the database."""
        return self.index.tallies(self.query)

    @property
    def drawn(self) -> Positions:
        """Those of its devices that were drawn when the list was opened."""
        return self.index.drawn.ask(self.query).rows


#: The texts of some cells, how many rows have them, and position → lowest and highest number.
Combination = tuple[Sequence[str | None], int, dict[int, tuple[float, float]]]


@dataclass(frozen=True)
class _Part:
    """Rows that are grouped by the cells of some columns."""

    names: tuple[str, ...]
    rows: Expression


class DatabaseIndex:
    """Index over the devices of an opened database."""

    def __init__(self, opened: Opened, base: Catalogue) -> None:
        self.opened = opened
        drawn = opened.devices.catalogue(base)
        self.rows = Devices(opened, drawn, self._by_facets_of)
        self.catalogue = replace(drawn, elsewhere=self.rows)
        self.table = self.catalogue.package["devices"]
        self.size = opened.size
        self._drawn = drawn
        self._verdicts = verdicts(self.catalogue)
        self._symptoms = tuple(self.catalogue["symptoms"]["symptom"])
        self._take_facets()
        self._pages: LRUCache[tuple[DeviceQuery, int, int], list[str]] = LRUCache(MOST_PAGES)
        self._lock = Lock()

    @cached_property
    def drawn(self) -> FacetIndex:
        """The same questions of the rows that were drawn, for the notebook of Find."""
        return FacetIndex(self._drawn)

    def _take_facets(self) -> None:
        self._columns = {
            field.name: column.filtered_as(field)
            for field in self.table.facets
            if isinstance(column := self.opened.columns[field.name], Facet)
        }
        self._packs = tuple(self._packed())

    def _by_facets_of(self, table: Table) -> DatabaseTable:
        index = copy(self)
        index.table = table
        index._take_facets()
        return DatabaseTable(index)

    def _packed(self) -> Iterator[tuple[str, ...]]:
        """Group columns whose cells are counted together, while they have few combinations."""
        for kind in (Cells, Numbers):
            sizes = {n: c.groups for n, c in self._columns.items() if isinstance(c, kind)}
            names: tuple[str, ...] = ()
            grid = 1
            for name, size in sorted(sizes.items(), key=lambda item: item[1]):
                if names and (grid * size > LARGEST_GRID or len(names) == WIDEST):
                    yield names
                    names, grid = (), 1
                names, grid = (*names, name), grid * size
            if names:
                yield names

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values of a choice facet, in order, "not stated" last."""
        if facet == SYMPTOM:
            return self._symptoms
        column = self._columns[facet]
        return column.column.values if isinstance(column, Cells) else ()

    def totals(self, facet: str) -> Counts:
        """Return the counts of a facet over all rows."""
        return self._columns[facet].totals

    def ask(self, query: DeviceQuery, *, counts: bool = True) -> DatabaseAnswer:
        """Return total and all counts for ``query``; without ``counts``, the total alone.

        Raises:
            KeyError: the query names an unknown facet. An unknown value matches no row.
            DatabaseError: the database cannot be asked.
        """
        conditions = self._conditions(query)
        if not conditions:
            totals = {name: self.totals(name) for name in self._columns}
            types = self._types
            totals[SYMPTOM] = self._symptom_column(query).tally(
                types.column.sums(types.column.weights)
            )
            return DatabaseAnswer(query, self.size, self.size, totals, {}, self)
        source = self.opened.database.source
        matching = source.filter(_all(conditions.values()))
        if not counts:
            return DatabaseAnswer(query, self._total(query, matching), self.size, {}, {}, self)
        narrowing = {name for name, item in query.filters if item.narrows}
        parts = [_Part((), matching)]
        parts += [
            _Part((name,), source.filter(_all(c for n, c in conditions.items() if n != name)))
            for name in conditions
        ]
        free = [*(name for name in self._columns if name not in conditions)]
        free += [name for name in narrowing if name != SYMPTOM]
        packs = [tuple(name for name in pack if name in free) for pack in self._packs]
        # Symptoms follow from the type.
        symptoms = SYMPTOM not in conditions or SYMPTOM in narrowing
        if symptoms and TYPE not in free:
            packs.append((TYPE,))
        parts += [_Part(names, matching) for names in packs if names]
        groups = self._groups(parts)
        total = sum(number for _, number, *_ in groups[0])
        counted, without = {}, {}
        for part, its_groups in zip(parts[1:], groups[1:], strict=True):
            if part.rows is not matching:
                without[part.names[0]] = sum(number for _, number, *_ in its_groups)
                if part.names[0] in narrowing or part.names[0] == TEXT:
                    continue
            for position, name in enumerate(part.names):
                its = [
                    (texts[position], number, *ends.get(position, (None, None)))
                    for texts, number, ends in its_groups
                ]
                if name == SYMPTOM or (name == TYPE and part.rows is matching and symptoms):
                    column = self._symptom_column(query)
                    counted[SYMPTOM] = column.tally(self._types.sums(its))
                if name in self._columns and (part.rows is not matching or name in free):
                    counted[name] = self._columns[name].tally(its)
        return DatabaseAnswer(query, total, self.size, counted, without, self)

    def _total(self, query: DeviceQuery, matching: Expression) -> int:
        """Return how many rows match."""
        if [name for name, _ in query.filters] == [TYPE] and not query.words:
            # Counted at the start: a page of one type need not ask.
            by_type = dict(cast(ValueCounts, self.totals(TYPE)).counts)
            values = cast(Choice, query.filter(TYPE)).values
            return sum(by_type.get(value, 0) for value in values)
        ((total,),) = self.opened.ask(matching.aggregate(n=_.count()))
        return int(total)

    def tallies(self, query: DeviceQuery) -> DatabaseTallies:
        """Return what counts the rows that match."""
        conditions = self._conditions(query).values()
        return DatabaseTallies(self.rows, _all(conditions) if conditions else None)

    def _groups(self, parts: Sequence[_Part]) -> list[list[Combination]]:
        """Return, for each part, its groups.

        Parts of the same rows are counted in one pass over them, where the database can. Numbers
        are counted apart: their ends would be worked out for every group of the others too.
        """
        database = self.opened.database
        numbered = [
            bool(part.names) and isinstance(self._column(part.names[0]), Numbers) for part in parts
        ]
        waiting = list(range(len(parts)))
        jobs: list[list[int]] = []
        while waiting:
            first = waiting[0]
            same = [
                number
                for number in waiting
                if database.groups_at_once
                and not (numbered[first] or numbered[number])
                and parts[number].rows is parts[first].rows
            ] or [first]
            names = {name for number in same for name in parts[number].names}
            if len(names) > MOST_AT_ONCE:
                same = [first]
            waiting = [number for number in waiting if number not in same]
            jobs.append(same)
        if not database.groups_at_once:
            jobs = [[number for job in jobs for number in job]]

        def count(job: list[int]) -> list[list[Combination]]:
            its = [parts[number] for number in job]
            at_once = len(its) > 1 and database.groups_at_once
            return self._at_once(its) if at_once else self._one_by_one(its)

        # The longest come first, so that none of them is left for the end.
        jobs.sort(key=len, reverse=True)
        with ThreadPoolExecutor(database.questions_at_once) as pool:
            counted = list(pool.map(count, jobs))
        made = {
            number: answer
            for job, its in zip(jobs, counted, strict=True)
            for number, answer in zip(job, its, strict=True)
        }
        return [made[number] for number in range(len(parts))]

    def _at_once(self, parts: Sequence[_Part]) -> list[list[Combination]]:
        """Count parts of the same rows in one pass, by grouping sets, which Ibis does not know."""
        names = list(dict.fromkeys(name for part in parts for name in part.names))
        columns = [self._column(name) for name in names]
        cells = {f"g{n}": column.group for n, column in enumerate(columns) if column is not None}
        positions = [[names.index(name) for name in part.names] for part in parts]
        sets = self.opened.count_sets(parts[0].rows.select(**cells), positions)
        return [[(texts, number, {}) for texts, number in its] for its in sets]

    def _one_by_one(self, parts: Sequence[_Part]) -> list[list[Combination]]:
        """Count each part by itself, in one question."""
        width = max(1, *(len(part.names) for part in parts))
        selects = []
        for number, part in enumerate(parts):
            columns = [self._column(name) for name in part.names]
            by = {f"c{n}": column.group for n, column in enumerate(columns) if column is not None}
            numbers = {n: c.number for n, c in enumerate(columns) if isinstance(c, Numbers)}
            ends = {f"low{n}": item.min().cast("float64") for n, item in numbers.items()}
            ends |= {f"high{n}": item.max().cast("float64") for n, item in numbers.items()}
            groups = part.rows.group_by(**by) if by else part.rows
            counted = groups.aggregate(n=_.count(), **ends)
            texts = {
                f"c{n}": counted[f"c{n}"] if f"c{n}" in by else ibis.null("string")
                for n in range(width)
            }
            every = [f"{end}{n}" for n in range(width) for end in ("low", "high")]
            selects.append(
                counted.select(
                    part=ibis.literal(number, "int64"),
                    **texts,
                    n=counted["n"],
                    **{
                        name: counted[name] if name in ends else ibis.null("float64")
                        for name in every
                    },
                )
            )
        made: list[list[Combination]] = [[] for _ in parts]
        for number, *row in self.opened.database.ask(ibis.union(*selects)):
            cells, n, every = row[:width], row[width], row[width + 1 :]
            its_ends = {
                position: (float(every[2 * position]), float(every[2 * position + 1]))
                for position in range(width)
                if every[2 * position] is not None
            }
            made[int(number)].append((cells, int(n), its_ends))
        return made

    @property
    def _types(self) -> Cells:
        column = self._columns[TYPE]
        assert isinstance(column, Cells)
        return column

    def _column(self, name: str) -> Facet | None:
        """Return the column by which a facet is grouped; words are none."""
        return None if name == TEXT else self._columns[TYPE if name == SYMPTOM else name]

    def _symptom_column(self, query: DeviceQuery) -> Any:
        return symptom_column(self._types.column, self._symptoms, self._verdicts, query)

    def _conditions(self, query: DeviceQuery) -> dict[str, Expression]:
        """Return facet → the condition of its filter, then that of the words."""
        conditions = {}
        for name, item in query.filters:
            if name == SYMPTOM:
                conditions[name] = self._types.chosen(item.cells(self._symptom_column(query)))
            else:
                conditions[name] = self._columns[name].where(item)
        if query.words:
            conditions[TEXT] = self._with_words(query.words)
        return conditions

    def _with_words(self, words: Sequence[str]) -> Expression:
        columns = [self.opened.columns[field.name] for field in self.table.fields if field.search]
        searched = [column for column in columns if isinstance(column, (Cells, Text))]
        return _all(reduce(or_, (column.has(word) for column in searched)) for word in words)

    def keys(self, query: DeviceQuery, start: int, stop: int) -> list[str]:
        """Return the ids of the devices from ``start`` to before ``stop``, in order."""
        asked = (replace(query, page=1), start, stop)
        with self._lock:
            if asked in self._pages:
                return list(self._pages[asked])
        rows = self.opened.database.source.filter(_all(self._conditions(query).values()))
        keys = self.rows.in_order(rows, self._order(query), start, stop)
        with self._lock:
            self._pages[asked] = keys
        return list(keys)

    def _order(self, query: DeviceQuery) -> list[Expression]:
        """Return what rows are ordered by: cautions, the order asked for, the id."""
        order = []
        if query.conditions and (rank := self._caution_rank(query)) is not None:
            order.append(rank)
        if query.sort and query.sort != BY_FACTS:
            if self.table[query.sort].is_list and query.sort not in self._columns:
                raise KeyError(query.sort)
            order += self.opened.columns[query.sort].order(descending=query.descending)
        elif query.descending or not query.sort:
            order.append(ibis.desc(self.rows.facts))
        else:
            order.append(self.rows.facts)
        return [*order, self.opened.key]

    def _caution_rank(self, query: DeviceQuery) -> Expression | None:
        """Return each device's severity rank for the conditions, by type, technique or feature."""
        by_rank: dict[int, list[Expression]] = {}
        for (kind, subject), rank in caution_classes(self.catalogue, query.conditions).items():
            name, value = {
                "device_type": (TYPE, subject),
                "technique": ("techniques", subject),
                "feature": (subject, "yes"),
            }[kind]
            if rank and name in self._columns and value in self.values(name):
                condition = self._columns[name].where(Choice((value,)))
                by_rank.setdefault(rank, []).append(condition)
        steps = [(reduce(or_, by_rank[rank]), rank) for rank in sorted(by_rank, reverse=True)]
        return ibis.cases(*steps, else_=0) if steps else None

    def nearest(self, query: DeviceQuery) -> tuple[Near, ...]:
        """Return, for each type not asked for, the most of what is asked that a device meets."""
        conditions = self._conditions(query)
        asked = [name for name, _ in query.filters if name != TYPE]
        asked += [TEXT] if TEXT in conditions else []
        if not asked:
            return ()
        types = self._types
        by = {f"m{n}": ibis.cases((conditions[name], 1), else_=0) for n, name in enumerate(asked)}
        source = self.opened.database.source
        groups = source.group_by(c=types.text, **by).aggregate(n=_.count())
        merged: dict[tuple[int, int], int] = {}
        for raw, *bits, number in self.opened.database.ask(groups):
            code = types.code_of.get(raw, -1) if raw is not None else -1
            met = sum(int(bit) << position for position, bit in enumerate(bits))
            key = (int(types.column.codes[code]), met)
            merged[key] = merged.get(key, 0) + int(number)
        met_by = sorted((cell, met, number) for (cell, met), number in merged.items())
        return near_types(self.table, types.column, query, met_by)


class DatabaseTable:
    """The devices as any other table: filtered by its facets alone, without words or symptoms."""

    def __init__(self, index: DatabaseIndex) -> None:
        self._index = index
        self.table, self.size = index.table, index.size
        self.values, self.totals = index.values, index.totals
        self._kept: LRUCache[Hashable, MatchesElsewhere] = LRUCache(MOST_MATCHES)
        self._lock = Lock()

    def find(self, filters: Mapping[str, Filter], *, counts: bool = True) -> MatchesElsewhere:
        """Return the rows that satisfy every filter; without ``counts``, these are of all rows.

        Raises:
            KeyError: a filter names an unknown facet. An unknown value matches no row.
            DatabaseError: the database cannot be asked.
        """
        query = DeviceQuery(tuple(filters.items()))
        with self._lock:
            kept = self._kept.get((query, counts))
        if kept:
            return kept
        answer = self._index.ask(query, counts=counts)
        known = answer.counts if counts else self._index.ask(DeviceQuery()).counts
        tallies = self._index.tallies(query)
        made = MatchesElsewhere(answer.total, known, answer.without, tallies)
        with self._lock:
            self._kept[query, counts] = made
        return made


def serve(address: Address, base: Catalogue, saved: Targets | None = None) -> DatabaseIndex:
    """Open a database and return the index over its devices.

    Raises:
        DatabaseError: it cannot be reached, or its table cannot be used.
        IntakeError: the mapping does not fit.
    """
    return DatabaseIndex(open_database(address, base, saved)[0], base)


def _all(conditions: Iterable[Expression]) -> Expression:
    some = list(conditions)
    return reduce(and_, some) if some else ibis.literal(True)
