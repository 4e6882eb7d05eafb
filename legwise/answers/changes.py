"""What changed between two packages: rows, cells, and the resulting verdicts and cautions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from legwise.rules.cautions import NOTHING_RECORDED_LABEL, grade_of_row
from legwise.rules.verdicts import verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.descriptor import DESCRIPTOR, existing, read_package
from legwise.tables.loading import DataError, Problem, RawTable, read_raw, to_typed
from legwise.tables.schema import Package, Table

#: Folder of the previous package, next to the tables.
PREVIOUS = "previous"
EMPTY = "(empty)"


@dataclass(frozen=True)
class CellChange:
    """One changed cell; texts are as in the files."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """A row that was ``added``, ``removed`` or ``changed``; only changed rows have cells."""

    table: str
    key: str
    what: str
    cells: tuple[CellChange, ...] = ()


@dataclass(frozen=True)
class Consequence:
    """A changed verdict, or a changed severity of the cautions of a subject and condition."""

    kind: str
    subject: str
    about: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """All changes from one version to another, in the order of tables and rows."""

    before: str
    after: str
    rows: tuple[RowChange, ...]
    consequences: tuple[Consequence, ...]

    def frame(self) -> pd.DataFrame:
        """Return one row per changed cell, and per row that was added or removed."""
        lines = [
            (row.table, row.key, row.what, cell.column, cell.before, cell.after)
            for row in self.rows
            for cell in row.cells or (CellChange("", "", ""),)
        ]
        return pd.DataFrame(lines, columns=["Table", "Row", "What", "Column", "Before", "After"])

    def effects(self) -> pd.DataFrame:
        """Return one row per changed verdict or caution."""
        lines = [
            (item.kind, item.subject, item.about, item.before, item.after)
            for item in self.consequences
        ]
        return pd.DataFrame(lines, columns=["Kind", "Of", "About", "Before", "After"])

    def counts(self) -> pd.DataFrame:
        """Return one row per table that changed: rows added, removed, changed."""
        frame = pd.DataFrame(
            [(row.table, row.what) for row in self.rows], columns=["Table", "What"]
        )
        table = pd.crosstab(frame["Table"], frame["What"]).reindex(
            columns=["added", "removed", "changed"], fill_value=0
        )
        return table.reindex(frame["Table"].unique()).reset_index().rename_axis(columns=None)


def previous(catalogue: Catalogue) -> Path | None:
    """Return the folder of the previous version, if the package has one."""
    folder = catalogue.package.directory / PREVIOUS
    return folder if folder.is_dir() else None


def changes(old: Path, new: Path) -> Changes:
    """Compare the packages in two folders.

    Both are read with the new descriptor; a column that the old files lack is empty.

    Raises:
        SchemaError: a folder, or the new descriptor, cannot be read.
        DataError: a table cannot be read; all faults are listed.
    """
    package = read_package(new)
    package = replace(
        package, tables=tuple(table for table in package.tables if not table.bookkeeping)
    )
    before, after = _read(replace(package, directory=existing(old))), _read(package)
    rows = tuple(
        row
        for table in package.tables
        for row in _rows(table, before[table.name], after[table.name])
    )
    catalogues = [_catalogue(package, raws) for raws in (before, after)]
    return Changes(
        version(old), package.version, rows, (*_verdicts(*catalogues), *_cautions(*catalogues))
    )


def version(folder: Path) -> str:
    """Return the version from the descriptor in a folder, else the name of the folder."""
    try:
        return str(json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return folder.name


def _read(package: Package) -> dict[str, RawTable]:
    raws = {table.name: read_raw(table, package.directory / table.path) for table in package.tables}
    # A table or column that one version does not have yet is empty, not a fault.
    faults = [
        fault
        for raw in raws.values()
        for fault in raw.problems
        if fault.line > 1 and not fault.tolerable
    ]
    if faults:
        raise DataError(tuple(faults))
    return raws


def _catalogue(package: Package, raws: dict[str, RawTable]) -> Catalogue:
    try:
        return Catalogue(package, {name: to_typed(raw) for name, raw in raws.items()})
    except ValueError as error:
        message = f"a table has a cell of the wrong type ({error}); check it first"
        raise DataError((Problem("", 0, "", "", message),)) from error


def _rows(table: Table, before: RawTable, after: RawTable) -> Iterator[RowChange]:
    old, new = _texts(before), _texts(after)
    for key, row in new.items():
        if key not in old:
            yield RowChange(table.name, key, "added")
        elif row != old[key]:
            pairs = zip(before.table.by_name, old[key], row, strict=True)
            cells = tuple(CellChange(name, was, now) for name, was, now in pairs if was != now)
            yield RowChange(table.name, key, "changed", cells)
    for key in old:
        if key not in new:
            yield RowChange(table.name, key, "removed")


def _texts(raw: RawTable) -> dict[str, tuple[str, ...]]:
    keys = raw.frame[raw.table.key].fillna("")
    return dict(zip(keys, raw.frame.fillna("").itertuples(index=False, name=None), strict=True))


def _verdicts(before: Catalogue, after: Catalogue) -> Iterator[Consequence]:
    old, new = verdicts(before), verdicts(after)
    for kind, subject, symptom in dict.fromkeys((*new, *old)):
        cell = (kind, subject, symptom)
        was, now = (cells[cell].words if cell in cells else EMPTY for cells in (old, new))
        if was != now:
            symptoms = {**before.names("symptoms"), **after.names("symptoms")}
            yield Consequence(
                "verdict", _subject(before, after, kind, subject), symptoms[symptom], was, now
            )


def _cautions(before: Catalogue, after: Catalogue) -> Iterator[Consequence]:
    old, new = _grades(before), _grades(after)
    names = {**before.names("risk_factors"), **after.names("risk_factors")}
    for cell in dict.fromkeys((*new, *old)):
        kind, subject, condition = cell
        was, now = (grades.get(cell, NOTHING_RECORDED_LABEL) for grades in (old, new))
        if was != now:
            about = names.get(condition, condition)
            yield Consequence(
                "caution",
                _subject(before, after, kind, subject),
                about,
                was,
                now,
            )


def _grades(catalogue: Catalogue) -> dict[tuple[str, str, str], str]:
    """Return (kind, subject, condition) → what its most severe class is called."""
    grades: dict[tuple[str, str, str], tuple[int, str]] = {}
    for row in catalogue.records("cautions"):
        cell = (row["subject_kind"], row["subject"], row["risk_factor"])
        its = grade_of_row(catalogue, row)
        grades[cell] = min(grades.get(cell, its), its)
    return {cell: words for cell, (_, words) in grades.items()}


def _subject(before: Catalogue, after: Catalogue, kind: str, subject: str) -> str:
    for catalogue in (after, before):
        try:
            return catalogue.subject_label(kind, subject)
        except KeyError:
            continue
    return subject
