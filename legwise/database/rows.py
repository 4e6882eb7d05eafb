"""Devices of a database by their ids: the last ones asked for are kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property, reduce
from operator import add, and_, or_
from threading import Lock
from types import MappingProxyType
from typing import Any

import ibis
import pandas as pd
from cachetools import LRUCache
from ibis import _

from legwise.answers.devices import TYPE
from legwise.database.columns import Cells, Expression, Text
from legwise.database.connection import FACTS
from legwise.database.opening import Opened
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.loading import typed_cells
from legwise.tables.stated import is_stated

#: Rows that are kept, some kB each.
MOST_KEPT = 25_000
#: Draws whose ids are kept.
MOST_DRAWS = 64
#: Ids that one query asks for.
AT_ONCE = 1_000
#: Ids that are fetched at a time where someone goes through all of them.
IDS_AT_ONCE = 10_000
#: Names that one query looks for: all that a chart shows, since it reads every row.
NAMES_AT_ONCE = 4_000


class Rows:
    """The devices of a database by id."""

    def __init__(self, opened: Opened, drawn: Catalogue) -> None:
        self.opened = opened
        #: The rows that charts show are at hand: a chart names two thousand of them.
        self.drawn = drawn
        self.table = opened.devices.package["devices"]
        self.source = opened.database.source
        self._kept: LRUCache[str, Record] = LRUCache(MOST_KEPT)
        self._shared: LRUCache[str, bool] = LRUCache(MOST_KEPT)
        self._draws: LRUCache[Hashable, list[str]] = LRUCache(MOST_DRAWS)
        self._lock = Lock()
        opened.database.work_out(self._facts())

    def __len__(self) -> int:
        return self.opened.size

    def __iter__(self) -> Iterator[str]:
        rows = self.source.select(k=self.opened.key).order_by("k")
        some = self.opened.database.ask(rows.limit(IDS_AT_ONCE))
        while some:
            yield from (str(key) for (key,) in some)
            after = rows.filter(rows["k"] > str(some[-1][0])).order_by("k")
            some = self.opened.database.ask(after.limit(IDS_AT_ONCE))

    def __contains__(self, key: object) -> bool:
        try:
            return isinstance(key, str) and bool(self.row(key))
        except KeyError:
            return False

    @property
    def cells(self) -> dict[str, Expression]:
        """What is fetched of a row: its id, then its cells as the database has them."""
        columns = self.opened.columns.values()
        return {"k": self.opened.key} | {f"c{n}": column.raw for n, column in enumerate(columns)}

    @cached_property
    def _whole(self) -> Expression:
        """All rows with these cells."""
        return self.source.select(**self.cells)

    def keep(self, rows: Iterable[Sequence[Any]]) -> list[str]:
        """Keep rows that were fetched as :attr:`cells`; return their ids."""
        fetched = list(rows)
        if not fetched:
            return []
        keys = []
        named = self.table.named_by
        by_key, *raws = zip(*fetched, strict=True)
        columns = self.opened.columns
        cells = [column.read_all(its) for column, its in zip(columns.values(), raws, strict=True)]
        for key, *its in zip(by_key, *cells, strict=True):
            row = dict(zip(columns, its, strict=True))
            row[self.table.key] = str(key)
            if not any(is_stated(row[name]) for name in named):
                row[named[-1]] = str(key)
            keys.append(str(key))
            with self._lock:
                self._kept[str(key)] = MappingProxyType(row)
        return keys

    def row(self, key: str) -> Record:
        """Return the row with that id.

        Raises:
            KeyError: there is none.
        """
        with self._lock:
            row = self._kept.get(key)
        if row is None and key in self.drawn.keys("devices"):
            return self.drawn.row("devices", key)
        if row is None:
            rows = self._whole.filter(self._whole.k == key).limit(1)
            if not self.keep(self.opened.database.ask(rows)):
                raise KeyError(key)
            row = self._kept[key]
        return row

    def fetch(self, keys: Sequence[str]) -> None:
        """Fetch rows that are not at hand, with as few questions as can be."""
        with self._lock:
            unknown = [key for key in keys if key not in self._kept]
        for start in range(0, len(unknown), AT_ONCE):
            some = unknown[start : start + AT_ONCE]
            among = self.opened.database.among(self._whole.k, some)
            self.keep(self.opened.database.ask(self._whole.filter(among)))

    def draw(self, asked: Hashable, rows: Callable[[], Expression]) -> pd.DataFrame:
        """Return rows that chance gave, in the order of ids; who asks the same gets the same."""
        with self._lock:
            keys = self._draws.get(asked)
        if keys is None:
            fetched = self.opened.database.ask(rows().select(**self.cells))
            keys = sorted(self.keep(fetched))
            with self._lock:
                self._draws[asked] = keys
        return self.frame(keys)

    def in_order(
        self, rows: Expression, order: Sequence[Expression], start: int, stop: int
    ) -> list[str]:
        """Fetch the rows from ``start`` to before ``stop`` in an order, and return their ids.

        First the ids alone: to order whole rows would move every column of all of them.
        """
        some = rows.order_by(order).limit(max(0, stop - start), offset=start)
        keys = [str(key) for (key,) in self.opened.ask(some.select(k=self.opened.key))]
        self.fetch(keys)
        return keys

    def frame(self, keys: Sequence[str]) -> pd.DataFrame:
        """Return rows by their ids, typed like those of a table in memory."""
        self.fetch(keys)
        rows = [self.row(key) for key in keys]
        return pd.DataFrame(
            {
                item.name: typed_cells([row[item.name] for row in rows], item)
                for item in self.table.fields
            }
        )

    def page(self, start: int, stop: int) -> pd.DataFrame:
        """Return the rows from ``start`` to before ``stop``, in the order of their ids."""
        return self.frame(self.in_order(self.source, [self.opened.key], start, stop))

    def name_in_order(self) -> Expression:
        """Return what devices are ordered by in the order of their names."""
        parts = []
        for name in self.table.named_by:
            column = self.opened.columns[name]
            text = ibis.cases((column.stated, column.raw.strip().lower()), else_="")
            parts.append(text)
        return reduce(lambda one, other: (one + " " + other).strip(), parts)

    def stated(self, key: str) -> int:
        """Return how many facts the row states; what follows from its kind is not counted."""
        row = self.row(key)
        implied = row[self.table.implied] if self.table.implied else ()
        return sum(
            is_stated(row[item.name]) and item.name not in implied for item in self.table.facts
        )

    @property
    def facts(self) -> Expression:
        """How many facts each row states, as :meth:`stated` counts them."""
        return self.source[FACTS]

    def _facts(self) -> Expression:
        """Return how they are counted."""
        by_kind = self.opened.columns.get(self.table.implied)
        counts = {
            item.name: ibis.cases((self.opened.columns[item.name].stated, 1), else_=0)
            for item in self.table.facts
        }
        every = reduce(add, counts.values())
        if not isinstance(by_kind, Cells):
            return every
        # There are few kinds: told apart once, not once per fact.
        kinds: dict[tuple[str, ...], list[str]] = {}
        for raw, implied in zip(by_kind.texts, by_kind.cells, strict=False):
            if implied:
                kinds.setdefault(implied, []).append(raw)
        steps = []
        for implied, texts in kinds.items():
            others = [count for name, count in counts.items() if name not in implied]
            steps.append((by_kind.text.isin(texts), reduce(add, others, ibis.literal(0))))
        return ibis.cases(*steps, else_=every) if steps else every

    def shares_name(self, key: str) -> bool:
        """Whether another device has the same name; asked for all rows at hand at once.

        Of a row that was drawn for charts, and was in no list, it is told among such rows.
        """
        if key not in self._kept and key in self.drawn.keys("devices"):
            return self.drawn.shares_name(key)
        with self._lock:
            known = self._shared.get(key)
            unknown = [] if known is not None else [k for k in self._kept if k not in self._shared]
        if known is not None:
            return known
        names = {k: self._name(self.row(k)) for k in [*unknown[-NAMES_AT_ONCE:], key]}
        raws = [self.opened.columns[name].raw for name in self.table.named_by]
        # By the last part of a name, the rarest, which rows without it share by the part before.
        alike = [
            raw.strip().isin(
                sorted({name[position] for name in names.values() if _ends(name, position)})
            )
            for position, raw in enumerate(raws)
            if any(_ends(name, position) for name in names.values())
        ]
        groups = (
            self.source.filter(reduce(or_, alike) if alike else ibis.literal(False))
            .group_by(**{f"n{position}": raw for position, raw in enumerate(raws)})
            .aggregate(n=_.count())
        )
        doubled: dict[tuple[Any, ...], int] = {}
        answer = self.opened.database.ask(groups)
        *parts, numbers = zip(*answer, strict=True) if answer else [()] * (1 + len(raws))
        read = [
            self.opened.columns[name].read_all(its)
            for name, its in zip(self.table.named_by, parts, strict=True)
        ]
        for *its, number in zip(*read, numbers, strict=True):
            doubled[tuple(its)] = doubled.get(tuple(its), 0) + int(number)
        with self._lock:
            for other, name in names.items():
                self._shared[other] = doubled.get(name, 0) > 1
            return self._shared[key]

    def _name(self, row: Record) -> tuple[Any, ...]:
        return tuple(row[name] if is_stated(row[name]) else None for name in self.table.named_by)

    def search(self, words: tuple[str, ...], most: int) -> tuple[list[str], int]:
        """Return ids of devices by name; the rule is that of :mod:`legwise.answers.names`."""
        *named, typed = (
            column
            for name in (*self.table.named_by, TYPE)
            if isinstance(column := self.opened.columns[name], (Cells, Text))
        )
        scores, conditions = [], []
        for word in words:
            starts = [column.has(word, start=True) for column in named]
            within = [column.has(word) for column in named]
            steps = [*((each, 3) for each in starts), *((each, 2) for each in within)]
            scores.append(ibis.cases(*steps, (typed.has(word), 1), else_=0))
            # What is quick to tell comes first.
            conditions.append(reduce(or_, [typed.has(word), *within]))
        rows = self.source.filter(reduce(and_, conditions)) if words else self.source
        total = int(self.opened.ask(rows.aggregate(n=_.count()))[0][0]) if words else len(self)
        order = [ibis.desc(reduce(add, scores))] if words else []
        order += [ibis.desc(self.facts), self.opened.key]
        return self.in_order(rows, order, 0, most), total


def _ends(name: tuple[Any, ...], position: int) -> bool:
    """Whether a name states the part at that position, and none after it."""
    return name[position] is not None and not any(name[position + 1 :])
