"""A table of a database → device list: mapped by a sample, converted by its different cells."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
from cachetools import LRUCache
from ibis import _

from legwise.database.address import Address, DatabaseError, TooLongError
from legwise.database.columns import (
    FEW_CELLS,
    Cells,
    Convert,
    DatabaseColumn,
    Expression,
    Numbers,
    Text,
    absent,
)
from legwise.database.connection import Database, Row, connect
from legwise.facets.bands import round_numbers
from legwise.facets.filters import Choice
from legwise.intake import conversion
from legwise.intake.amounts import factor, looks_like_decimal_comma
from legwise.intake.conversion import Complaints, Reader
from legwise.intake.devices import FROM_LIST, DeviceList, build, disagreements
from legwise.intake.faults import (
    Contradiction,
    Faults,
    above,
    disagreeing,
    stated_unless,
)
from legwise.intake.mapping import Mapping as Targets
from legwise.intake.mapping import Target
from legwise.intake.opening import DIGITS
from legwise.intake.proposals import propose
from legwise.intake.sheet import Sheet, Texts, as_texts
from legwise.intake.vocabulary import Words, words_of
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Field, Table
from legwise.tables.stated import is_stated
from legwise.tables.subjects import UNKNOWN_TYPE
from legwise.text.cells import allowed
from legwise.text.units import counted

#: Rows that the mapping is proposed by.
LOOKED_AT = 5_000
#: Floats are told apart as whole numbers up to here.
LARGEST_WHOLE = 2.0**53
#: Counts that are kept by their question.
MOST_ASKED = 512
#: Answers of more rows are not kept.
MOST_ROWS_KEPT = 20_000
#: Rows that are drawn for joins and files.
MOST_DRAWN = 20_000
#: Rows that are put in an order by chance in no time: of few, chance may give too few.
FEW_ROWS = 50_000
#: Most different cells of a column that are converted here one by one.
MOST_CELLS = 5_000


@dataclass(frozen=True, eq=False)
class Opened:
    """A database that was opened: its columns as ours, some rows for charts, and what to tell."""

    database: Database
    columns: Mapping[str, DatabaseColumn]
    #: Its id of each row.
    key: Expression
    size: int
    devices: DeviceList
    _kept: LRUCache[Hashable, list[Row]] = dataclasses.field(
        default_factory=lambda: LRUCache(MOST_ASKED), repr=False
    )
    _lock: Lock = dataclasses.field(default_factory=Lock, repr=False)

    def ask(self, expression: Expression) -> list[Row]:
        """Return the rows of an expression that has few; the last ones asked for are kept.

        Raises:
            DatabaseError: the database cannot be asked.
        """
        return self._run(*self.database.sql(expression))

    def count_sets(
        self, cells: Expression, sets: Sequence[Sequence[int]]
    ) -> list[list[tuple[list[Any], int]]]:
        """Return, for each set of columns of a selection, its groups: their cells, how many rows.

        One pass counts them all, by grouping sets, which Ibis does not know.

        Raises:
            DatabaseError: the database cannot be asked.
        """
        inner, texts = self.database.sql(cells)
        names = [f'"{name}"' for name in cells.columns]
        every = ", ".join(names)
        listed = ", ".join("(" + ", ".join(names[n] for n in its) + ")" for its in sets)
        sql = (
            f"SELECT GROUPING({every}), {every}, count(*) FROM ({inner}) AS q "  # noqa: S608
            f"GROUP BY GROUPING SETS ({listed})"
        )
        # A bit is set for each column that a group is not told apart by, the first one highest.
        masks = {
            sum(1 << (len(names) - 1 - n) for n in range(len(names)) if n not in its): position
            for position, its in enumerate(sets)
        }
        made: list[list[tuple[list[Any], int]]] = [[] for _ in sets]
        for mask, *row in self._run(sql, texts):
            position = masks[int(mask)]
            made[position].append(([row[n] for n in sets[position]], int(row[-1])))
        return made

    def _run(self, sql: str, texts: dict[str, str]) -> list[Row]:
        asked = (sql, *texts.items())
        with self._lock:
            if asked in self._kept:
                return self._kept[asked]
        rows = self.database.run(sql, texts)
        if len(rows) <= MOST_ROWS_KEPT:
            with self._lock:
                self._kept[asked] = rows
        return rows


def open_database(
    address: Address, base: Catalogue, saved: Targets | None = None
) -> tuple[Opened, Targets]:
    """Open a database, propose what its columns become, and convert them.

    Raises:
        DatabaseError: it cannot be reached, or its table cannot be used.
        IntakeError: the mapping does not fit.
    """
    return open_connected(connect(address), base, saved)


def open_connected(
    database: Database, base: Catalogue, saved: Targets | None = None
) -> tuple[Opened, Targets]:
    """Do the same with a database that is connected to."""
    size = int(database.ask(database.source.aggregate(n=_.count()))[0][0])
    if not size:
        raise DatabaseError("The table has no rows.")
    first = _fetched(database, database.source.limit(LOOKED_AT))
    mapping = propose(_sheet(database, first), base, saved)
    work = _Work(database, base, mapping, size)
    return work.opened(), mapping


def as_text(column: Expression) -> Expression:
    """Return a column of any type as texts, as in a file."""
    kind = column.type()
    if kind.is_array():
        return column.join(";")
    return column if kind.is_string() else column.cast("string")


def _fetched(database: Database, *parts: Expression) -> list[Row]:
    """Return rows as texts."""
    fetched: list[Row] = []
    for rows in parts:
        texts = {f"c{number}": as_text(rows[name]) for number, name in enumerate(database.types)}
        fetched += database.ask(rows.select(**texts))
    return fetched


def _sheet(database: Database, rows: Iterable[Row]) -> Sheet:
    """Return rows as a file would hold them, each once."""
    names, fetched = list(database.types), list(dict.fromkeys(rows))
    cells = zip(*fetched, strict=True) if fetched else [()] * len(names)
    columns = {
        name: as_texts(pa.array([_line(cell) for cell in column], pa.string()))
        for name, column in zip(names, cells, strict=True)
    }
    return Sheet(columns, np.arange(2, len(fetched) + 2))


def _line(cell: object) -> str | None:
    return None if cell is None else str(cell)


class _Work:
    """What is being made of one table."""

    def __init__(self, database: Database, base: Catalogue, mapping: Targets, size: int) -> None:
        self.database, self.base, self.mapping, self.size = database, base, mapping, size
        self.source = database.source
        table = base.package["devices"]
        self.key_column = mapping.column_of(table.key)
        if not self.key_column:
            raise DatabaseError(
                f"A table in a database needs a column with an id of each device, to be mapped to "
                f"“{table[table.key].title}”."
            )
        self.key = as_text(self.source[self.key_column])
        self.columns: dict[str, DatabaseColumn] = {}
        self.notes: list[str] = []
        #: What may contradict another cell of its row: the column, how, and where.
        self.contradictions: list[tuple[Field, Contradiction, Expression]] = []

    def opened(self) -> Opened:
        """Draw rows, adapt the package by them, and make the columns."""
        drawn = _fetched(self.database, *self._draw())
        rare = _fetched(self.database, *self._stating(drawn))
        sheet = _sheet(self.database, [*drawn, *rare])
        list_ = build(sheet, self.mapping, self.base, self.database.address.name, self._digest())
        # A catalogue binds the names of types, among them that of a type that is not listed.
        table = list_.catalogue(self.base).package["devices"]
        for field in table.fields:
            self.columns[field.name] = self._column(field, list_.origins.get(field.name, ""))
        self._check_rows(table)
        self._band()
        list_ = self._told(list_, sheet)
        return Opened(self.database, self.columns, self.key, self.size, list_)

    def _digest(self) -> str:
        """Return what names the content; that of a database changes, so only its place counts."""
        address = self.database.address
        text = f"{address}{self.size}{self.mapping.to_json()}"
        return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]

    def _draw(self) -> list[Expression]:
        """Return the rows to draw charts of: all of a short table, else some at random.

        One of a type that is not listed here is among them if there is one: pages must know it.
        """
        if self.size <= MOST_DRAWN:
            return [self.source.order_by(self.key)]
        some = (
            self.source.order_by(ibis.random()).limit(MOST_DRAWN)
            if self.size <= FEW_ROWS
            else self.source.filter(ibis.random() < MOST_DRAWN / self.size).limit(2 * MOST_DRAWN)
        )
        fields = self.base.package["devices"].fields
        field = next(item for item in fields if item.references and not item.is_list)
        column = self.mapping.column_of(field.name)
        if not column:
            return [some]
        text, words = as_text(self.source[column]), self._words(field)
        unknown = [raw for raw in self._counts(text) if raw and not words.value(raw.strip())]
        unlisted = text.isnull() | text.isin(unknown[:FEW_CELLS])
        return [some, self.source.filter(unlisted).limit(1)]

    def _stating(self, drawn: Sequence[Row]) -> list[Expression]:
        """Return a row for each column that none of those states, but others do.

        What such a column holds, the currency of a price for one, is told by its cells.
        """
        if self.size <= MOST_DRAWN:
            return []
        mapped = {target.column for target in self.mapping.targets if target.field}
        cells = dict(zip(self.database.types, zip(*drawn, strict=True), strict=False))
        empty = [name for name in mapped if not any(map(_line, cells.get(name, ())))]
        texts = {name: as_text(self.source[name]) for name in sorted(empty)}
        stated = {name: text.notnull() & (text.strip() != "") for name, text in texts.items()}
        if not stated:
            return []
        counts = {
            f"c{position}": ibis.cases((holds, 1), else_=0).sum()
            for position, holds in enumerate(stated.values())
        }
        (numbers,) = self.database.ask(self.source.aggregate(**counts))
        return [
            self.source.filter(holds).limit(1)
            for holds, number in zip(stated.values(), numbers, strict=True)
            if number
        ]

    def _counts(self, text: Expression) -> dict[str | None, int]:
        """Return the commonest texts of a column, one more than are converted here."""
        groups = (
            self.source.group_by(c=text)
            .aggregate(n=_.count())
            .order_by([ibis.desc("n"), "c"])
            .limit(MOST_CELLS + 1)
        )
        return {raw: int(number) for raw, number in self.database.ask(groups)}

    def _column(self, field: Field, origin: str) -> DatabaseColumn:
        default = _default(field)
        if not origin and field.name != self.base.package["devices"].key:
            return absent(field, self.size, default)
        column = self.source[origin or self.key_column]
        if field.name == self.base.package["devices"].key:
            return Text(field, self.key, lambda texts: pd.Series(list(texts), dtype="str"))
        kind = column.type()
        target = next(item for item in self.mapping.targets if item.column == origin)
        if field.is_numeric and kind.is_numeric():
            return self._numbers(field, column, target)
        if field.type == "date" and (kind.is_date() or kind.is_timestamp()):
            days = column.cast("timestamp").epoch_seconds() // 86_400 + 719_163
            return Numbers(field, days)
        text, convert = as_text(column), partial(self._convert, field, target)
        # A day that dates another cell is read as its month.
        dates = [item.dated_by for item in self.base.package["devices"].fields]
        few = field.labels or field.filter or field.name in dates
        if field.type in ("string", "list") and not few:
            return Text(field, text, convert, self.database.is_ascii)
        counts = self._counts(text)
        if len(counts) <= MOST_CELLS:
            return Cells(field, text, counts, convert, default)
        return self._long(field, origin, text, convert, counts, default)

    def _long(
        self,
        field: Field,
        origin: str,
        text: Expression,
        convert: Convert,
        counts: dict[str | None, int],
        default: Any,
    ) -> DatabaseColumn:
        """Return a column with more different cells than are converted here."""
        if field.type == "string" and not field.labels:
            self.notes.append(
                f"“{origin}”: It has more than {MOST_CELLS:,} different texts, so that it is "
                "searched and shown, and no filter."
            )
            return Text(field, text, convert, self.database.is_ascii)
        kept = dict(list(counts.items())[:MOST_CELLS])
        rest = self.size - sum(kept.values())
        kept[None] = kept.get(None, 0) + rest
        self.notes.append(
            f"“{origin}”: It has more than {MOST_CELLS:,} different texts. The commonest are read; "
            f"{counted(rest, 'cell')} with others will be “not stated”. A column of numbers, or a "
            "vocabulary, in the database would be read whole."
        )
        return Cells(field, text, kept, convert, default, whole=False)

    def _numbers(self, field: Field, column: Expression, target: Target) -> Numbers:
        """Return the numbers of a column that a field can hold, in its unit."""
        number, wrong = column, []
        if column.type().is_floating() and self.database.address.scheme != "sqlite":
            wrong.append(column.isnan())
        unit = target.unit or field.unit
        times = 1.0 if unit == field.unit else factor(unit, field.unit)
        if times is None:
            times = 1.0
            number = ibis.null("float64")
            self.notes.append(f"“{target.column}”: Its unit cannot be converted to {field.unit}.")
        elif times != 1.0:
            number = number * times
            self.notes.append(
                f"“{target.column}”: Numbers in {unit} were converted to {field.unit}."
            )
        low = 0.0 if field.price else field.minimum
        if low is not None:
            wrong.append(number < low)
        if field.maximum is not None:
            wrong.append(number > field.maximum)
        if field.type == "integer" and not column.type().is_integer():
            # Rounding gives a whole number of the database, which holds no greater ones.
            wrong += [number.abs() > LARGEST_WHOLE, number != number.round(0)]
        return Numbers(field, number, wrong)

    def _convert(self, field: Field, target: Target, texts: Sequence[str | None]) -> pd.Series:
        """Convert texts as those of a file; what cannot be read is not stated."""
        made = as_texts(pa.array(list(texts), pa.string()))
        if not len(made.texts):
            return pd.Series([None] * len(texts), dtype=object)
        nobody = Complaints(target.column, made, np.arange(len(texts)))
        return self._cells(field, target, made, nobody)

    def _cells(self, field: Field, target: Target, texts: Texts, told: Complaints) -> pd.Series:
        comma = looks_like_decimal_comma(texts.texts)
        if field.type == "boolean":
            return conversion.to_yes_no(texts, told)
        if field.is_numeric and target.field and self.base.package["devices"][target.field].price:
            prices = conversion.to_prices(texts, target.unit, comma, told)
            one = prices.get(field.unit, np.full(len(texts.texts), np.nan))
            return conversion.number_cells(one, texts, field)
        if field.is_numeric:
            unit = (target.unit if target.field else "") or field.unit
            numbers = conversion.to_numbers(texts, Reader(field, unit, comma), told)
            return conversion.number_cells(numbers, texts, field)
        if field.type == "date":
            return conversion.to_dates(texts, told)
        ours = field.name in self.base.package["devices"].by_name and field.labels
        words = self._words(field) if ours else None
        if field.is_list:
            return conversion.to_lists(texts, words, allowed(field), told)
        if words:
            return conversion.to_words(texts, words, allowed(field), told)
        if any(item.dated_by == field.name for item in self.base.package["devices"].fields):
            return conversion.to_months(texts, field, told)
        return conversion.to_text(texts, field, told)

    def _words(self, field: Field) -> Words:
        words = words_of(self.base.package["devices"][field.name], self.base)
        if not field.references or field.is_list:
            return words
        return words.mapped(self.mapping.types)

    def _check_rows(self, table: Table) -> None:
        """Hold what must hold between cells of a row; the cell that cannot be right is emptied."""
        for field in table.fields:
            column = self.columns[field.name]
            if field.not_above:
                self._hold_below(table, column, self.columns[field.not_above])
            if field.only_if and isinstance(column, Cells):
                other = self.columns[field.only_if[0]]
                if isinstance(other, Cells) and other.texts and other.field.type == "boolean":
                    holds = other.where(Choice((field.only_if[1],)))
                    why = stated_unless(other.field, field.only_if[1])
                    self._empty(column, other.text.isnull() | ~holds, why)
        for field, against, category, forbidden in disagreements(table):
            column, other = self.columns[field.name], self.columns[against.name]
            if isinstance(column, Cells) and isinstance(other, Cells):
                both = column.where(Choice(forbidden)) & other.where(Choice((category.value,)))
                self._empty(column, both, disagreeing(against, category))

    def _hold_below(self, table: Table, column: DatabaseColumn, other: DatabaseColumn) -> None:
        # Of numbers that cannot be right for another reason it is not asked.
        low = column.cell if isinstance(column, Numbers) else _as_number(column)
        high = _as_number(other)
        if low is not None and high is not None:
            self._empty(column, low > high, above(table[column.field.not_above]))
        elif not (_is_absent(column) or _is_absent(other)):
            title = table[column.field.not_above].title
            self.notes.append(f"“{column.field.title}” is not checked against “{title}”.")

    def _empty(self, column: DatabaseColumn, wrong: Expression, why: Contradiction) -> None:
        """Let rows state nothing where it is wrong."""
        field = column.field
        contradicts = column.stated & wrong
        if not isinstance(contradicts, ibis.expr.types.Scalar):  # of a column that is not there
            self.contradictions.append((field, why, contradicts))
        if isinstance(column, Numbers):
            self.columns[field.name] = Numbers(field, column.cell, [*column.wrong, wrong])
        elif isinstance(column, Cells):
            text = ibis.cases((wrong, ibis.null("string")), else_=column.text)
            cells = dict(zip(column.texts, column.cells, strict=False))
            made = Cells(field, text, self._counts(text), _known(cells), column.default)
            self.columns[field.name] = made

    def _band(self) -> None:
        """Ask for the bands of all columns of numbers."""
        numbers = [column for column in self.columns.values() if isinstance(column, Numbers)]
        if not numbers:
            return
        ends = {
            f"{what}{position}": getattr(column.number, what)()
            for position, column in enumerate(numbers)
            for what in ("min", "max")
        }
        row = iter(self.database.ask(self.source.aggregate(**ends))[0])
        for column in numbers:
            low, high = next(row), next(row)
            breaks = [] if low is None else list(round_numbers(float(low), float(high)))
            groups = self.source.group_by(c=column.bins(breaks)).aggregate(
                n=_.count(), low=column.number.min(), high=column.number.max()
            )
            bins = [
                (raw, int(n), *(None if end is None else float(end) for end in (least, most)))
                for raw, n, least, most in self.database.ask(groups)
            ]
            column.count(bins)

    def _contradicting(self) -> list[Faults] | None:
        """Count what contradicts another cell of its row, in one question; name two of each.

        ``None`` if it takes too long: what it is about is emptied all the same.
        """
        asked = {}
        for number, (*__, wrong) in enumerate(self.contradictions):
            key = ibis.cases((wrong, self.key), else_=ibis.null("string"))
            asked[f"n{number}"] = ibis.cases((wrong, 1), else_=0).sum()
            asked[f"first{number}"], asked[f"last{number}"] = key.min(), key.max()
        try:
            row = iter(self.database.ask(self.source.aggregate(**asked))[0] if asked else ())
        except TooLongError:
            self.notes.append("To count contradictions within all rows took too long.")
            return None
        faults = []
        for field, why, *__ in self.contradictions:
            number, *ends = int(next(row) or 0), next(row), next(row)
            if number:
                ids = dict.fromkeys(str(end) for end in ends if end is not None)
                rows = np.array([*ids], dtype=object)
                faults.append(Faults(why.kind, field.title, "", why.allowed, rows, number=number))
        return faults

    def _told(self, list_: DeviceList, sheet: Sheet) -> DeviceList:
        """Return the device list with the facets and the report of the whole table."""
        package = list_.package
        table = package["devices"]
        fields = tuple(
            replace(field, filter=None)
            if isinstance(self.columns[field.name], Text) and field.filter
            else field
            for field in table.fields
        )
        frame = list_.tables["devices"]
        # The ids of the database: they are what rows are asked for by.
        texts = sheet.columns[self.key_column]
        ids = np.array([*texts.texts.to_pylist(), None], dtype=object)[texts.codes]
        frame = frame.assign(**{table.key: pd.Series(ids, dtype="str")})
        # A database has no numbers of rows: faults are told by ids.
        faults = [replace(item, rows=ids[item.rows - 2]) for item in list_.report.faults]
        contradicting = self._contradicting()
        if contradicting is not None:
            told = {(field.title, why.kind) for field, why, _ in self.contradictions}
            faults = [
                item for item in faults if (item.column, item.kind) not in told
            ] + contradicting
        notes = [*list_.report.notes, *self.notes]
        if len(frame) < self.size:
            notes.insert(
                0,
                f"{len(frame):,} of {self.size:,} rows were drawn to adapt the pages to the table, "
                "for the joins of Explore, and for files. The faults are those of these rows"
                + ("." if contradicting is None else ", but contradictions are those of all."),
            )
        report = replace(
            list_.report,
            rows=self.size,
            columns=len(self.database.types),
            faults=tuple(faults),
            notes=tuple(notes),
        )
        changed = replace(table, fields=fields)
        tables = tuple(changed if item.name == table.name else item for item in package.tables)
        return replace(
            list_,
            package=replace(package, tables=tables),
            tables={**list_.tables, "devices": frame},
            report=report,
        )


def _as_number(column: DatabaseColumn) -> Expression | None:
    """Return the number of each row, if that can be said in few words."""
    if isinstance(column, Numbers):
        return column.number
    if not isinstance(column, Cells) or not column.texts:
        return None
    if column.number is not None:
        return column.number
    if len(column.texts) > FEW_CELLS:
        return None
    steps = [
        (column.text == raw, float(cell))
        for raw, cell in zip(column.texts, column.cells, strict=False)
        if is_stated(cell)
    ]
    return ibis.cases(*steps, else_=ibis.null("float64")) if steps else ibis.null("float64")


def _is_absent(column: DatabaseColumn) -> bool:
    return isinstance(column, Cells) and not column.texts


def _known(cells: Mapping[str, Any]) -> Callable[[Sequence[str | None]], pd.Series]:
    return lambda texts: pd.Series([cells.get(text or "") for text in texts], dtype=object)


def _default(field: Field) -> Any:
    """Return what a required column of ours says where a list does not state it."""
    words = (UNKNOWN_TYPE if field.references else FROM_LIST.value,) if field.required else ()
    return next((word for word in words if word in field.labels), None)
