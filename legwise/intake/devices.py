"""A sheet and its mapping → a device table that every page can work on, and a report on it.

The package is the shipped one with the fields of the device table adapted: further columns of the
file are added, each with a filter that fits its cells. What our pages need and a shop's list does
not state is not stated here either, or says that it comes from such a list.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from string import ascii_lowercase, digits
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from legwise.intake import conversion
from legwise.intake.amounts import (
    currency_of,
    head_and_mark,
    looks_like_decimal_comma,
    read_amounts,
    unit_of,
)
from legwise.intake.conversion import Complaints, Reader
from legwise.intake.faults import (
    Contradiction,
    Faults,
    Report,
    above,
    disagreeing,
    stated_unless,
)
from legwise.intake.limits import IntakeError
from legwise.intake.mapping import FURTHER, LEFT_OUT, TYPES, Mapping, Target, check_mapping
from legwise.intake.sheet import Progress, Sheet, Texts, in_pieces, silent, without_variants
from legwise.intake.spellings import folded, printable
from legwise.intake.vocabulary import words_of
from legwise.tables.at_once import columns_at_once
from legwise.tables.catalogue import Catalogue
from legwise.tables.keys import all_differ
from legwise.tables.letters import letters, outer_letters
from legwise.tables.schema import Category, Field, FilterKind, Note, Package, Table
from legwise.tables.subjects import UNKNOWN_TYPE
from legwise.text.cells import allowed
from legwise.text.units import counted

#: Before the names of further columns, so that none meets a column or a parameter of ours.
FURTHER_PREFIX = "list_"
GROUP = (FURTHER_PREFIX.rstrip("_"), "From your list")
#: Where a column of ours must say something that a list of others does not state.
FROM_LIST = Category("device_list", "The list of this file")
UNKNOWN_NAME = "Type not listed here (nothing is known of it)"
#: Currencies of one list that get a column each.
MOST_CURRENCIES = 12
#: A text column with so few values, each short, is a list of choices.
MOST_CHOICES = 1_000
#: Words for types whose reading is told.
MOST_TYPES_TOLD = 20
#: Byte → whether it may be part of an id.
_OF_SLUGS = np.isin(np.arange(256), [*f"{ascii_lowercase}{digits}-".encode()])


@dataclass(frozen=True, eq=False)
class DeviceList:
    """A device list from elsewhere: the adapted package, the tables that differ, and the report."""

    package: Package
    tables: MappingType[str, pd.DataFrame]
    report: Report
    #: Field → the column of the file that it was made of.
    origins: MappingType[str, str] = dataclasses.field(default_factory=dict)

    def catalogue(self, base: Catalogue) -> Catalogue:
        """Return the catalogue with these devices in the place of those of ``base``."""
        return Catalogue(
            self.package,
            {**base.tables, **self.tables},
            frozenset(self.tables),
            self.report.digest,
        )


def build(
    sheet: Sheet,
    mapping: Mapping,
    base: Catalogue,
    name: str,
    digest: str,
    progress: Progress = silent,
) -> DeviceList:
    """Convert a sheet by its mapping, and check it.

    Raises:
        IntakeError: the mapping does not fit, or no column can be used.
    """
    check_mapping(mapping, base.package)
    targets = [item for item in mapping.targets if item.column in sheet.columns]
    if not any(item.field != LEFT_OUT for item in targets):
        raise IntakeError("No column of the file is used. Map at least one.")
    table = base.package["devices"]
    columns = {item.field: item.column for item in targets}
    if table.key in columns:
        named = [columns[field] for field in table.named_by if field in columns]
        sheet = without_variants(sheet, columns[table.key], named)
    work = _Work(sheet, mapping, base, printable(name, 120))
    with columns_at_once() as pool:
        for item in targets:
            if item.field != LEFT_OUT:
                work.begin(item, pool)
        for number, column in enumerate(work.begun):
            progress(0.3 + 0.6 * number / len(work.begun), f"Checking the column {column.name}")
            work.convert(column)
    progress(0.92, "Checking the rows")
    return work.finish(digest)


@dataclass(frozen=True, eq=False)
class _Begun:
    """A column of the file that is being converted."""

    name: str
    complaints: Complaints
    #: Field → its cells.
    cells: MappingType[str, Future[pd.Series]]


@dataclass(frozen=True, eq=False)
class _Ids:
    """The ids of a list, written so that links and files can carry them."""

    slugs: pa.StringArray
    #: Whether they were so written, but for capitals.
    as_stated: bool
    #: Whether every row has one of its own.
    complete: bool


class _Work:
    """What is being made of one sheet."""

    def __init__(self, sheet: Sheet, mapping: Mapping, base: Catalogue, name: str) -> None:
        self.sheet, self.mapping, self.base, self.name = sheet, mapping, base, name
        self.table: Table = base.package["devices"]
        self.cells: dict[str, pd.Series] = {}
        self.further: list[Field] = []
        self.faults: list[Faults] = []
        self.notes: list[str] = list(sheet.notes)
        self.price: Field | None = None
        self.origins: dict[str, str] = {}
        self.begun: list[_Begun] = []
        self.ids: Future[_Ids] | None = None
        self.mapped = {item.field for item in mapping.targets if item.column in sheet.columns}
        self.decimal_comma = sheet.decimal_comma

    def begin(self, target: Target, pool: Executor) -> None:
        """Begin to convert one column. What makes no columns beside it is left to the pool."""
        texts = self.sheet.columns[target.column]
        complaints = Complaints(target.column, texts, self.sheet.rows)
        cells: dict[str, Future[pd.Series]] = {}
        if target.field == FURTHER:
            field = self._further_field(target, texts)
            self.further.append(field)
        else:
            field = self.table[target.field]
        if field.price:
            self._convert_prices(field, texts, target, complaints)
        elif field.references and not field.is_list:
            self._convert_types(field, texts, target, complaints)
        elif field.name == self.table.key:
            self.ids = pool.submit(_read_ids, texts)
        else:
            cells[field.name] = pool.submit(self._cells, field, texts, target, complaints)
        self.begun.append(_Begun(target.column, complaints, cells))
        made = self.cells.keys() | cells.keys()
        self.origins |= dict.fromkeys(made - self.origins.keys(), target.column)

    def convert(self, column: _Begun) -> None:
        """Convert a column that was begun."""
        self.cells |= {name: cells.result() for name, cells in column.cells.items()}
        self.notes += column.complaints.notes
        self.faults += column.complaints.faults()

    def _cells(
        self, field: Field, texts: Texts, target: Target, complaints: Complaints
    ) -> pd.Series:
        if field.type == "boolean":
            return conversion.to_yes_no(texts, complaints)
        if field.is_numeric:
            comma = self.decimal_comma or looks_like_decimal_comma(texts.texts)
            reader = Reader(field, target.unit or field.unit, comma)
            if field.name.startswith(FURTHER_PREFIX):
                reader = replace(reader, unit=field.unit)
            numbers = conversion.to_numbers(texts, reader, complaints)
            return conversion.number_cells(numbers, texts, field)
        if field.type == "date":
            return conversion.to_dates(texts, complaints)
        words = words_of(field, self.base) if field.labels else None
        if field.is_list:
            return conversion.to_lists(texts, words, allowed(field), complaints)
        if words:
            return conversion.to_words(texts, words, allowed(field), complaints)
        if any(item.dated_by == field.name for item in self.table.fields):
            return conversion.to_months(texts, field, complaints)
        return conversion.to_text(texts, field, complaints)

    def _convert_types(
        self, field: Field, texts: Texts, target: Target, complaints: Complaints
    ) -> None:
        """Convert words for types; one that names none of ours is told, and kept beside it."""
        words = words_of(field, self.base).mapped(self.mapping.types)
        names = self.base.names(field.references)
        mapped = [(word, kind) for word, kind in self.mapping.types if kind in names]
        # A saved mapping may have words of other files.
        there = pc.is_in(pa.array([word for word, _ in mapped], pa.string()), texts.texts)
        read = [pair for pair, is_there in zip(mapped, there.to_pylist(), strict=True) if is_there]
        if read:
            shown = read[:MOST_TYPES_TOLD]
            told = [f"“{printable(word, 60)}” as {names[kind]}" for word, kind in shown]
            if len(read) > len(shown):
                told.append(f"and {len(read) - len(shown):,} more")
            self.notes.append(f"“{target.column}”: Words were read as types: {', '.join(told)}.")
        cells = conversion.to_words(texts, words, "the name of a type; map it", complaints)
        self.cells[field.name] = cells
        original = Target(target.column, FURTHER, "choice")
        if cells.isna().any():
            beside = self._further_field(original, texts, f"{field.title} in the list")
            self.further.append(beside)
            self.cells[beside.name] = conversion.to_text(
                texts, beside, Complaints(target.column, texts, self.sheet.rows)
            )

    def _convert_prices(
        self, field: Field, texts: Texts, target: Target, complaints: Complaints
    ) -> None:
        """Keep each price beside its currency: one column per currency, none converted."""
        comma = self.decimal_comma or looks_like_decimal_comma(texts.texts)
        prices = conversion.to_prices(texts, target.unit, comma, complaints)
        for number, (currency, column) in enumerate(prices.items()):
            if number >= MOST_CURRENCIES:
                for position in np.flatnonzero(~np.isnan(column)):
                    complaints.add(position, conversion.UNKNOWN_UNIT, "fewer currencies")
                continue
            made = field
            if currency != field.unit:
                made = replace(
                    field,
                    name=FURTHER_PREFIX + "_".join(filter(None, ("price", currency.lower()))),
                    title=field.title if currency else f"{field.title}, currency not stated",
                    description=f"Price as the list states it, in {currency}; not converted."
                    if currency
                    else "Price as the list states it, which names no currency.",
                    unit=currency,
                    dated_by=field.dated_by if field.dated_by in self.mapped else "",
                    aliases=(),
                    quick=False,
                    price=False,
                )
                if number and currency:
                    made = replace(made, title=self._free_title(self._other_price(field)))
                self.further.append(made)
            self.cells[made.name] = pd.Series(np.append(column, np.nan)[texts.codes])
            if not number:
                self.price = made
            stated = int(self.cells[made.name].notna().sum())
            in_words = currency or "no stated currency"
            complaints.notes.append(f"“{target.column}”: {counted(stated, 'price')} in {in_words}.")

    def _other_price(self, field: Field) -> str:
        return f"Other {field.noun}"

    def _further_field(self, target: Target, texts: Texts, title: str = "") -> Field:
        unit = ""
        if target.kind == "number":
            unit = target.unit or self._usual_mark(texts)
            unit = currency_of(unit) or unit_of(unit) or printable(unit, 12)
        head = head_and_mark(target.column)[0] if unit else target.column
        title = self._free_title(title or printable(head, 60))
        filters: dict[str, FilterKind] = {
            "choice": "choice",
            "yes_no": "yes_no",
            "number": "range",
            "date": "range",
        }
        filter_kind = filters.get(target.kind)
        if target.kind == "choice" and len(texts.texts) > MOST_CHOICES:
            filter_kind = None
        return Field(
            name=self._free_name(title),
            type=TYPES[target.kind],
            title=title,
            description=f"Column “{printable(target.column, 60)}” of the list.",
            unit=unit,
            group=GROUP[0],
            filter=filter_kind,
            fact=True,
        )

    def _usual_mark(self, texts: Texts) -> str:
        marks = pd.Series(read_amounts(texts.texts[:1000]).marks)
        return str(marks.mode().iloc[0]) if len(marks) else ""

    def _free_title(self, title: str) -> str:
        taken = {item.title.casefold() for item in (*self.table.fields, *self.further)}
        number, free = 1, title
        while free.casefold() in taken:
            free = f"{title} (in the list)" if number == 1 else f"{title} ({number})"
            number += 1
        return free

    def _free_name(self, title: str) -> str:
        words = "".join(char if char.isascii() else " " for char in folded(title)).split()
        base = FURTHER_PREFIX + ("_".join(words)[:40].strip("_") or "column")
        taken = {item.name for item in self.further}
        number, name = 1, base
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        return name

    def finish(self, digest: str) -> DeviceList:
        """Fill what pages need, check the rows, and put the tables together."""
        self._name_rows()
        self._check_rows()
        fields = []
        package = self.base.package
        for field in self.table.fields:
            made = self._settled(field)
            if made.references and not made.is_list:
                package = self._with_unknown_type(package, made)
            fields.append(made)
        order = [*(item.name for item in fields), *(item.name for item in self.further)]
        frame = as_frame({name: self.cells[name] for name in order})
        fields += [
            replace(item, price=True, quick=True) if item is self.price else item
            for item in self.further
        ]
        prices = {item.name for item in self.table.fields if item.price}
        shown = self.price.name if self.price else ""
        listed = [shown if shown and name in prices else name for name in self.table.listed]
        table = replace(self.table, fields=tuple(fields), listed=tuple(listed))
        package = replace(
            package,
            groups=(*package.groups, GROUP) if self.further else package.groups,
            tables=tuple(table if item.name == table.name else item for item in package.tables),
            notes=(self._note(),),
        )
        bad = _bad_rows(self.sheet)
        report = Report(
            self.name,
            digest,
            len(frame),
            len(self.sheet.columns),
            (*bad, *self.faults),
            tuple(self.notes),
        )
        tables = tables_with(frame, package, self.base)
        return DeviceList(package, tables, report, self.origins)

    def _note(self) -> Note:
        return Note(
            "device_list",
            "A list of your own",
            f"The devices are those of the file {self.name}. Legwise has not checked what it says "
            "of them, and has no source for it but the file. Evidence and cautions are those of "
            "the shipped tables: they attach through the type, the techniques and the features "
            "of a device. A type that is not listed here has none, because nothing is known.",
        )

    def _settled(self, field: Field) -> Field:
        """Fill a column that the file does not have, and adapt its field."""
        size = len(self.sheet)
        stated = field.name in self.cells
        if not stated:
            self.cells[field.name] = conversion.nothing(field, size)
        if field.dated_by and field.dated_by not in self.mapped:
            # A list that dates nothing has no date to be asked for.
            field = replace(field, dated_by="")
        if field.price and self.price is not None and self.price.name != field.name:
            field = replace(field, price=False, quick=False, title=self._other_price(field))
        if field.name == self.table.key or not field.required:
            seen = stated or field.filter is None or field in self.table.features or field.quick
            return field if seen else replace(field, filter=None)
        if field.labels and not field.references:
            # Such a column says how we know. We know from the list.
            self.cells[field.name] = _filled(self.cells[field.name], FROM_LIST.value)
            # The package of a list that was served and brought again has it already.
            if FROM_LIST.value in field.labels:
                return field
            return replace(field, categories=(*field.categories, FROM_LIST))
        return field if field.references else replace(field, required=False)

    def _with_unknown_type(self, package: Package, field: Field) -> Package:
        """Give rows without a known type one of which nothing is known."""
        cells = self.cells[field.name]
        if not cells.isna().any():
            return package
        self.cells[field.name] = _filled(cells, UNKNOWN_TYPE)
        number = int(np.count_nonzero(self.cells[field.name] == UNKNOWN_TYPE))
        self.notes.append(
            f"Rows of a type that is not listed here: {number:,}. No evidence and no cautions "
            "attach to such a type, because nothing is known of it, not because there is nothing "
            "to fear."
        )
        table = package[field.references]
        kind = Category("not_listed", "Not listed here")
        fields = tuple(
            replace(item, categories=(*item.categories, kind))
            if item.required and item.categories and not item.references
            else item
            for item in table.fields
        )
        changed = replace(table, fields=fields)
        listed = tuple(changed if item.name == table.name else item for item in package.tables)
        return replace(package, tables=listed)

    def _name_rows(self) -> None:
        """Give every row an id, and a name where it states none."""
        size = len(self.sheet)
        names = [self.table[name] for name in self.table.named_by]
        for field in names:
            if field.name not in self.cells:
                self.cells[field.name] = conversion.nothing(field, size)
        nameless = np.ones(size, dtype=bool)
        for field in names:
            nameless &= self.cells[field.name].isna().to_numpy()
        if nameless.any():
            field = names[-1]
            cells = self.cells[field.name].astype("object").to_numpy(copy=True)
            cells[nameless] = [f"Row {row}" for row in self.sheet.rows[nameless]]
            self.cells[field.name] = pd.Series(cells, dtype="str")
            may = f"a cell in one of: {', '.join(item.title for item in names)}"
            self.faults.append(Faults("no name", "", "", may, self.sheet.rows[nameless]))
        ids = self.ids.result() if self.ids else None
        if ids is None or ids.slugs.null_count == size:
            self.notes.append("Ids were made from the names, as the list has none.")
            made = self._made_ids(names)
            self.cells[self.table.key] = self._unique(conversion.text_series(made), stated=False)
            return
        if not ids.as_stated:
            column = self.mapping.column_of(self.table.key)
            texts = self.sheet.columns[column]
            field = self._further_field(Target(column, FURTHER, "text"), texts, column)
            self.further.append(field)
            self.cells[field.name] = conversion.text_cells(texts.texts.to_pylist(), texts.codes)
            self.notes.append(
                f"“{column}”: Ids were written in small letters, digits and hyphens for links."
            )
        keys = conversion.text_series(ids.slugs)
        if not ids.complete:
            made, slugs = self._made_ids(names), ids.slugs
            every = pc.coalesce(pc.if_else(pc.equal(slugs, ""), made, slugs), made)
            keys = self._unique(conversion.text_series(every), stated=True)
        self.cells[self.table.key] = keys

    def _made_ids(self, names: list[Field]) -> pa.Array:
        parts = [
            pa.array(self.cells[field.name].astype("str"), pa.string(), from_pandas=True).fill_null(
                ""
            )
            for field in names
        ]
        joined = pc.binary_join_element_wise(*parts, "-")
        joined = joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
        short = pc.utf8_slice_codeunits(_slugs(pc.utf8_lower(joined)), 0, 60)
        short = pc.utf8_trim(short, "-")
        rows = pc.binary_join_element_wise("row", pa.array(self.sheet.rows).cast(pa.string()), "-")
        return pc.if_else(pc.equal(short, ""), rows, short)

    def _unique(self, keys: pd.Series, *, stated: bool) -> pd.Series:
        if all_differ(keys):
            return keys
        again = keys.duplicated(keep="first").to_numpy()
        if stated:
            column = self.mapping.column_of(self.table.key)
            self.faults.append(
                Faults("id there before", column, "", "each id once", self.sheet.rows[again])
            )
        keys = keys.astype("object")
        keys[again] = [
            f"{key}-r{row}" for key, row in zip(keys[again], self.sheet.rows[again], strict=True)
        ]
        left = keys.duplicated(keep="first").to_numpy()
        keys[left] = [f"row-{row}-{row}" for row in self.sheet.rows[left]]
        return keys.astype("str")

    def _check_rows(self) -> None:
        """Check what must hold between cells of a row; the cell that cannot be right is emptied."""
        for field in self.table.fields:
            if field.name not in self.cells:
                continue
            if field.not_above and field.not_above in self.cells:
                low, high = self.cells[field.name], self.cells[field.not_above]
                wrong = (low.astype("float64") > high.astype("float64")).to_numpy()
                self._empty(field, wrong, above(self.table[field.not_above]))
            if field.only_if and field.only_if[0] in self.cells:
                other = self.table[field.only_if[0]]
                if other.type == "boolean":
                    holds = self.cells[other.name] == (field.only_if[1] == "yes")
                    wrong = (~holds.fillna(False)).to_numpy(dtype=bool)
                    wrong &= self.cells[field.name].notna().to_numpy()
                    self._empty(field, wrong, stated_unless(other, field.only_if[1]))
        for field, other, category, forbidden in disagreements(self.table):
            if field.name in self.cells and other.name in self.cells:
                typed = [item == "yes" for item in forbidden] if _is_bool(field) else [*forbidden]
                of_it = self.cells[other.name].eq(category.value).fillna(False)
                rows = np.flatnonzero(of_it.to_numpy(bool))
                wrong = np.zeros(len(of_it), dtype=bool)
                wrong[rows] = self.cells[field.name].iloc[rows].isin(typed).to_numpy(bool)
                self._empty(field, wrong, disagreeing(other, category))

    def _empty(self, field: Field, wrong: np.ndarray, why: Contradiction) -> None:
        if wrong.any():
            rows = self.sheet.rows[wrong]
            self.faults.append(Faults(why.kind, field.title, "", why.allowed, rows))
            self.cells[field.name] = self.cells[field.name].mask(wrong)


def disagreements(table: Table) -> Iterator[tuple[Field, Field, Category, tuple[str, ...]]]:
    """Yield (column, another, category of that, values of the first that contradict it)."""
    for field in table.fields:
        values = ("yes", "no") if _is_bool(field) else tuple(field.labels)
        for other in map(table.__getitem__, field.agrees_with):
            for category in other.categories:
                if category.allows is not None:
                    forbidden = tuple(value for value in values if value not in category.allows)
                    yield field, other, category, forbidden


def _is_bool(field: Field) -> bool:
    return field.type == "boolean"


def _filled(cells: pd.Series, value: str) -> pd.Series:
    """Return cells with that value where nothing is stated."""
    if isinstance(cells.dtype, pd.CategoricalDtype) and value not in cells.cat.categories:
        cells = cells.cat.add_categories([value])
    return cells.fillna(value)


def as_frame(columns: MappingType[str, pd.Series]) -> pd.DataFrame:
    """Put columns together as they are: a million rows are not copied."""
    return pd.DataFrame(columns, copy=False)


def tables_with(frame: pd.DataFrame, package: Package, base: Catalogue) -> dict[str, pd.DataFrame]:
    """Return the tables that differ from those of ``base`` when these are the devices."""
    tables = {"devices": frame}
    for table in package.tables:
        # What is recorded there is about the shipped list; words are about the pages.
        if table.bookkeeping and "also_called" not in table.by_name:
            tables[table.name] = base.tables[table.name].head(0)
    for field in package["devices"].fields:
        if field.references and not field.is_list and (frame[field.name] == UNKNOWN_TYPE).any():
            table = package[field.references]
            row: dict[str, Any] = {item.name: _blank(item) for item in table.fields}
            row |= {table.key: UNKNOWN_TYPE, table.label_field: UNKNOWN_NAME}
            old = base.tables[table.name]
            new = {name: pd.Series([row[name]], dtype=old[name].dtype) for name in old.columns}
            tables[table.name] = pd.concat([old, pd.DataFrame(new)], ignore_index=True)
    return tables


def _bad_rows(sheet: Sheet) -> list[Faults]:
    return [
        Faults(
            "row of another length",
            "",
            item.text,
            item.message,
            np.array([item.row], dtype=np.int32),
            row_lost=True,
        )
        for item in sheet.bad_rows
    ]


def _read_ids(texts: Texts) -> _Ids:
    """Return the ids of a column, one per row."""
    ids = pc.utf8_lower(texts.of_rows.cast(pa.string()))
    slugs = _slugs(ids)
    empty = bool(slugs.null_count) or pc.any(pc.equal(slugs, "")).as_py()
    return _Ids(slugs, slugs.equals(ids), not empty and all_differ(conversion.text_series(slugs)))


def _slugs(lower: pa.Array) -> pa.Array:
    """Write ids with letters, digits and single hyphens, which links and files can carry.

    ``lower`` are the ids in small letters.
    """
    return lower if _are_slugs(lower) else in_pieces(lower, _slugs_of_piece)


def _are_slugs(texts: pa.Array) -> bool:
    """Whether all texts are so written. One pass over their bytes tells."""
    content, _ = letters(texts)
    hyphens = content == ord("-")
    return bool(
        _OF_SLUGS[content].all()
        and not (hyphens[1:] & hyphens[:-1]).any()
        and not any((ends == ord("-")).any() for ends in outer_letters(texts))
    )


def _slugs_of_piece(lower: pa.Array) -> pa.Array:
    as_wanted = pc.match_substring_regex(lower, r"^[a-z0-9]+(?:-[a-z0-9]+)*$").fill_null(True)
    strange = pc.invert(as_wanted)
    some = pc.utf8_lower(pc.utf8_normalize(lower.filter(strange), "NFKD"))
    some = pc.replace_substring_regex(some, r"\p{Mn}+", "")
    some = pc.utf8_trim(pc.replace_substring_regex(some, r"[^a-z0-9]+", "-"), "-")
    return pc.replace_with_mask(lower, strange, some)


def _blank(field: Field) -> Any:
    if field.is_list:
        return ()
    if field.required and field.type == "boolean":
        return False
    return "not_listed" if field.required and field.categories else None
