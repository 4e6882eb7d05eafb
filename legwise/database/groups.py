"""Groups of the rows of a database, and its columns at a glance, each in few questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from functools import partial, reduce
from itertools import product
from operator import and_
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
from ibis import _

from legwise.database.address import TooLongError
from legwise.database.columns import Cells, Expression, Numbers, Text
from legwise.database.connection import Row
from legwise.database.opening import MOST_CELLS
from legwise.facets.tallies import Glance, Group, States, glance_at, spread_of

if TYPE_CHECKING:
    from legwise.database.tallies import DatabaseTallies

#: Most groups of a view: its code carries them, and nobody reads more.
MOST_GROUPS = 10_000
#: Most rows that one question about groups may give, before lists and spellings are put together.
MOST_ANSWER_ROWS = 200_000
TOO_MANY = (
    f"It has more than {MOST_GROUPS:,} groups, which are not counted in a database. Group by fewer "
    "columns, or choose a filter."
)
#: What is worked out of numbers, for which their count and one number of each part are enough.
MERGED = ("mean", "min", "max")

Key = tuple[Any, ...]


def count_groups(
    rows: DatabaseTallies, by: Sequence[str], number: str, of: str
) -> dict[Key, Group]:
    """Return values → their group; see :class:`~legwise.facets.tallies.GroupTallies`.

    Raises:
        DatabaseError: the database cannot be asked, or there are too many groups.
    """
    column = rows.columns[of] if of else None
    of_numbers = isinstance(column, Numbers)
    if number not in (*MERGED, "median", "distinct"):
        made = _counted(rows, by, of)
    elif isinstance(column, Cells) or (of_numbers and number == "median" and not rows.has_medians):
        made = _from_cells(rows, by, number, of)
    elif of_numbers and number in MERGED:
        made = _merged(rows, by, number, of)
    else:
        made = _worked_out(rows, by, number, of)
    if len(made) > MOST_GROUPS:
        raise TooLongError(TOO_MANY)
    return made


def _counted(rows: DatabaseTallies, by: Sequence[str], of: str) -> dict[Key, Group]:
    """Count the rows of each group, and those that state a column."""
    made: dict[Key, Group] = {}
    for cells, (number, *stated) in _tally(rows, by, [States(of)] if of else []):
        for key in _values(cells):
            known = made.get(key, Group(0, 0))
            made[key] = Group(known.rows + number, known.stated + (stated or [number])[0])
    return made


def _tally(
    rows: DatabaseTallies, by: Sequence[str], sums: Sequence[States] = ()
) -> Iterator[tuple[Key, tuple[int, ...]]]:
    answer = rows.tally(by, sums, MOST_ANSWER_ROWS + 1)
    _hold_few(answer)
    yield from answer.items()


def _ask(rows: DatabaseTallies, groups: Expression) -> list[Row]:
    answer = rows.opened.ask(groups.limit(MOST_ANSWER_ROWS + 1))
    _hold_few(answer)
    return answer


def _hold_few(answer: Sized) -> None:
    if len(answer) > MOST_ANSWER_ROWS:
        raise TooLongError(TOO_MANY)


def _values(cells: Iterable[Any]) -> Iterator[Key]:
    """Yield the groups of a row: one for each value of its lists."""
    return product(*((cell or (None,)) if isinstance(cell, tuple) else (cell,) for cell in cells))


def _from_cells(rows: DatabaseTallies, by: Sequence[str], number: str, of: str) -> dict[Key, Group]:
    """Work a number out of how many rows of each group have which cell: a column of few cells."""
    values: dict[Key, dict[Any, int]] = {}
    for (*cells, cell), (many,) in _tally(rows, (*by, of)):
        for key in _values(cells):
            its = values.setdefault(key, {})
            its[cell] = its.get(cell, 0) + many
    made = {}
    for key, its in values.items():
        every = sum(its.values())
        missing = its.pop(None, 0)
        made[key] = Group(every, every - missing, _number(number, its))
    return made


def _number(number: str, values: Mapping[Any, int]) -> float | None:
    """Return a number of cells, given how many rows have each."""
    if number == "distinct":
        return len(values)
    if number == "mean" and values:
        weights = list(values.values())
        return float(np.average([float(cell) for cell in values], weights=weights))
    spread = spread_of(values)
    ends = {"median": "median", "min": "low", "max": "high"}
    return getattr(spread, ends[number]) if spread else None


def _merged(rows: DatabaseTallies, by: Sequence[str], number: str, of: str) -> dict[Key, Group]:
    """Work a number out of those of the parts of each group, told apart by their raw cells."""
    cells = rows.columns[of].raw.cast("float64")
    asked = {"min": cells.min(), "max": cells.max(), "mean": cells.sum()}[number]
    raws = {f"g{position}": rows.columns[name].raw for position, name in enumerate(by)}
    groups = rows.source.group_by(**raws).aggregate(n=_.count(), s=cells.count(), v=asked)
    values: dict[Key, list[float]] = {}
    counts: dict[Key, tuple[int, int]] = {}
    for *texts, many, stated, value in _ask(rows, groups):
        for key in _values(rows.cell(name, raw) for name, raw in zip(by, texts, strict=True)):
            before = counts.get(key, (0, 0))
            counts[key] = (before[0] + int(many), before[1] + int(stated))
            if value is not None:
                values.setdefault(key, []).append(float(value))
    made = {}
    for key, (many, stated) in counts.items():
        its = values.get(key, [])
        mean = sum(its) / stated if stated else None
        made[key] = Group(
            many,
            stated,
            mean if number == "mean" else (min if number == "min" else max)(its, default=None),
        )
    return made


def _worked_out(rows: DatabaseTallies, by: Sequence[str], number: str, of: str) -> dict[Key, Group]:
    """Let the database work a number out that parts of a group do not tell: one pass.

    It tells values of lists apart by a condition of each, for a row may have several.
    """
    column = rows.columns[of]
    cells = _text(column) if isinstance(column, Text) else column.raw.cast("float64")
    lists = [name for name in by if rows.table[name].is_list]
    plain = [name for name in by if name not in lists]
    combinations = list(product(*(_holding(rows.columns[name]) for name in lists)))
    asked = {}
    for position, parts in enumerate(combinations):
        holds = reduce(and_, (condition for _, condition in parts), ibis.literal(True))
        some = ibis.cases((holds, cells), else_=ibis.null(cells.type())) if parts else cells
        asked[f"n{position}"] = ibis.cases((holds, 1), else_=0).sum() if parts else _.count()
        asked[f"s{position}"] = some.count()
        asked[f"v{position}"] = some.median() if number == "median" else some.nunique()
    columns = [rows.columns[name] for name in plain]
    raws = {
        f"g{position}": its.key
        for position, its in enumerate(columns)
        if isinstance(its, (Cells, Numbers))
    }
    groups = (rows.source.group_by(**raws) if raws else rows.source).aggregate(**asked)
    made = {}
    for row in _ask(rows, groups):
        named = dict(zip(plain, row, strict=False))
        for position, parts in enumerate(combinations):
            start = len(plain) + 3 * position
            many, stated, value = row[start : start + 3]
            listed = dict(zip(lists, (value_ for value_, _ in parts), strict=True))
            key = tuple(
                listed[name] if name in listed else rows.cell(name, named[name]) for name in by
            )
            if many:
                made[key] = Group(int(many), int(stated), None if value is None else float(value))
    return made


def _holding(column: Any) -> list[tuple[Any, Expression]]:
    """Return each value of a column of lists with the condition that a row lists it."""
    assert isinstance(column, Cells)
    values = dict.fromkeys(value for cell in column.cells for value in cell)
    return [
        *((value, column.holding(partial(_lists, value))) for value in values),
        (None, column.holding(lambda cell: not cell)),
    ]


def _lists(value: Any, cell: Any) -> bool:
    return value in cell


def _text(column: Text) -> Expression:
    return ibis.cases((column.stated, column.stripped), else_=ibis.null("string"))


def glance(rows: DatabaseTallies, names: Sequence[str], most: int) -> dict[str, Glance]:
    """Return column → what it holds, in a question for each kind of column."""
    columns = rows.columns
    numbers = [
        name
        for name in names
        if rows.has_medians and isinstance(columns[name], Numbers) and rows.table[name].is_numeric
    ]
    texts = [name for name in names if isinstance(columns[name], Text)]
    made = {}
    for name, values in rows.values([n for n in names if n not in (*numbers, *texts)]).items():
        counts = np.array([*values.values()], dtype=np.int64)
        made[name] = glance_at(rows.table[name], list(values), counts, most)
    made |= _glance_at_numbers(rows, numbers, most)
    for name in texts:
        made[name] = (
            _glance_at_lists(rows, name, most)
            if rows.table[name].is_list
            else _glance_at_texts(rows, name, most)
        )
    return {name: made[name] for name in names}


def _glance_at_numbers(rows: DatabaseTallies, names: Sequence[str], most: int) -> dict[str, Glance]:
    if not names:
        return {}
    asked = {
        f"d{position}": rows.columns[name].raw.nunique() for position, name in enumerate(names)
    }
    spreads = rows.spread(names)
    row = rows.opened.ask(rows.source.aggregate(**asked))[0]
    different = dict(zip(names, map(int, row), strict=True))
    some = {name: spread for name, spread in spreads.items() if spread}
    binned = {}
    for name, spread in some.items():
        column = rows.columns[name]
        assert isinstance(column, Numbers)
        edges = np.histogram_bin_edges([spread.low, spread.high], most)[1:-1].tolist()
        binned[name] = column.bins(edges)
    bins = {name: [0] * most for name in some}
    for name, counts in rows.count_each(binned).items():
        for text, many in counts:
            if text is not None:
                bins[name][int(text)] = many
    return {
        name: Glance(spread.stated, different[name], (), spread, tuple(bins[name]))
        if spread
        else Glance(0)
        for name, spread in spreads.items()
    }


def _glance_at_texts(rows: DatabaseTallies, name: str, most: int) -> Glance:
    """Look at texts, as many as there are rows: grouped once, of which the first are fetched."""
    column = rows.columns[name]
    assert isinstance(column, Text)
    groups = rows.source.group_by(c=_text(column)).aggregate(n=_.count())
    groups = groups.filter(groups["c"].notnull())
    told = groups.mutate(d=_.n.count().over(), s=_.n.sum().over())
    first = told.order_by([ibis.desc("n"), "c"]).limit(most)
    answer = rows.opened.ask(first)
    if not answer:
        return Glance(0)
    frequent = tuple((str(text), int(many)) for text, many, *_ends in answer)
    return Glance(int(answer[0][3]), int(answer[0][2]), frequent)


def _glance_at_lists(rows: DatabaseTallies, name: str, most: int) -> Glance:
    """Look at lists of any texts, whose values are told apart where there are few."""
    column = rows.columns[name]
    groups = rows.source.group_by(c=column.raw).aggregate(n=_.count())
    answer = rows.opened.ask(groups.limit(MOST_CELLS + 1))
    if len(answer) > MOST_CELLS:
        stated = sum(number[1] for number in rows.tally((), (States(name),)).values())
        return Glance(stated, None)
    numbers = np.array([int(many) for _text_, many in answer], dtype=np.int64)
    cells = column.read_all([text for text, _ in answer])
    return glance_at(rows.table[name], cells, numbers, most)
