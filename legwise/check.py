"""Every fault of a package at once, each with file, line, column, value and what is allowed.

The rules come from the descriptor; pandera runs them column by column and gathers all failures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from legwise.load import Problem, RawTable, read_raw
from legwise.schema import NOT_STATED, Field, Package, Table

CellRule = Callable[[pd.Series], pd.Series]
Keys = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Report:
    """What a check found: rows per table, and every problem in file and line order."""

    rows: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


def check_package(package: Package) -> tuple[Report, dict[str, RawTable]]:
    """Read and check every table of ``package``; also returns the text cells that were read."""
    raws = {table.name: read_raw(table, package.directory / table.path) for table in package.tables}
    # A table that could not be read names nothing: references to it are not blamed on the rows that hold them.
    keys = {name: frozenset(raw.frame[raw.table.key].dropna()) for name, raw in raws.items() if raw.readable}
    problems = [problem for raw in raws.values() for problem in (*raw.problems, *check_table(raw, package, keys))]
    order = {raw.file: place for place, raw in enumerate(raws.values())}
    problems.sort(key=lambda problem: (order[problem.file], problem.line))
    return Report(tuple((raw.file, len(raw.frame)) for raw in raws.values()), tuple(problems)), raws


def check_table(raw: RawTable, package: Package, keys: Keys) -> list[Problem]:
    """Check the text cells of one table against the descriptor.

    ``keys`` maps a table's name to the ids it holds, for references between tables.
    """
    missing = {problem.column for problem in raw.problems if problem.line == 1}
    problems: list[Problem] = []
    for field in raw.table.fields:
        if field.name not in missing:
            cells = _items(raw.frame[field.name], field)
            problems += _run(raw, field.name, cells, _cell_schema(field, package, keys))
    problems += _row_problems(raw, package, keys)
    return problems


def _items(cells: pd.Series, field: Field) -> pd.Series:
    """Return the cells to test: for a list column one row an item, under its row's index."""
    # A column without a single value would lose its text type on the way.
    return cells.str.split(field.delimiter).explode().astype("str") if field.is_list else cells


def _cell_schema(field: Field, package: Package, keys: Keys) -> pa.SeriesSchema:
    return pa.SeriesSchema(
        checks=list(_cell_checks(field, package, keys)),
        nullable=not field.required,
        unique=field.unique and not field.is_list,
    )


def _cell_checks(field: Field, package: Package, keys: Keys) -> Iterator[pa.Check]:
    """Yield one vectorised pandera check a rule; its error text says what is allowed."""
    yield pa.Check(lambda cells: cells.str.strip() == cells, error="has spaces or line ends around it; remove them")
    yield pa.Check(lambda cells: cells != NOT_STATED, error="is how links write a missing cell; leave the cell empty")
    if field.type in TYPE_RULES:
        rule, message = TYPE_RULES[field.type]
        yield pa.Check(rule, error=message)
    if field.is_list:
        yield pa.Check(lambda items: items != "", error="holds an empty item; remove the extra separator")
        yield pa.Check(_first_of_its_kind, error="is named twice in the list; name it once")
    if field.minimum is not None or field.maximum is not None:
        yield _within(field)
    for pattern in filter(None, (field.pattern, field.item_pattern)):
        yield pa.Check(_matches(pattern), error=f"does not have the form {pattern}")
    if field.categories:
        yield _one_of(field.labels, "is not in the vocabulary")
    if field.items_are_fields:
        table = next(table for table in package.tables if field in table.fields)
        yield _one_of(table.by_name, f"is not a column of {table.name}")
    if field.references in keys:
        known = keys[field.references]
        yield pa.Check.isin(known, error=f"names no row of {field.references}; add it there or mend the id")


def _matches(pattern: str) -> CellRule:
    return lambda cells: cells.str.fullmatch(pattern).astype(bool)


def _is_date(cells: pd.Series) -> pd.Series:
    return _matches(r"\d{4}-\d{2}-\d{2}")(cells) & pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce").notna()


TYPE_RULES: dict[str, tuple[CellRule, str]] = {
    "integer": (_matches(r"[+-]?\d+"), "is not a whole number; write digits only, such as 12"),
    "number": (
        _matches(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"),
        "is not a number; write it with a decimal point, such as 1.5",
    ),
    "boolean": (lambda cells: cells.isin(["yes", "no"]), "is not allowed; allowed: yes, no, or empty for not stated"),
    "date": (_is_date, "is not a date; write year-month-day, such as 2024-05-31"),
}


def _one_of(values: Mapping[str, object], what: str) -> pa.Check:
    # The empty string can only be an empty item of a list, which has a message of its own.
    return pa.Check.isin(["", *values], error=f"{what}; allowed: {', '.join(values)}")


def _first_of_its_kind(items: pd.Series) -> pd.Series:
    return ~pd.DataFrame({"row": items.index, "item": items.array}, index=items.index).duplicated()


def _within(field: Field) -> pa.Check:
    low, high = field.minimum, field.maximum
    span = f"at least {low:g}" if high is None else f"at most {high:g}" if low is None else f"{low:g} to {high:g}"

    def rule(cells: pd.Series) -> pd.Series:
        numbers = pd.to_numeric(cells, errors="coerce")
        # A cell that is no number fails the rule of its type; naming it again here would be noise.
        return numbers.isna() | numbers.between(-math.inf if low is None else low, math.inf if high is None else high)

    return pa.Check(rule, error=f"is out of range; allowed: {span} {field.unit}".rstrip())


def _run(raw: RawTable, column: str, cells: pd.Series, schema: pa.SeriesSchema) -> list[Problem]:
    try:
        schema.validate(cells, lazy=True)
    except SchemaErrors as errors:
        failures = errors.failure_cases
    else:
        return []
    words = {"not_nullable": "is empty; a value is required", "field_uniqueness": "stands in more than one row"}
    return [
        Problem(
            raw.file,
            raw.lines[int(row.index)],
            column,
            "" if pd.isna(row.failure_case) else str(row.failure_case),
            words.get(row.check, row.check),
        )
        for row in failures[["index", "failure_case", "check"]].drop_duplicates().itertuples(index=False)
    ]


def _row_problems(raw: RawTable, package: Package, keys: Keys) -> Iterator[Problem]:
    """Yield the faults that only two cells of a row show together."""
    frame, table = raw.frame, raw.table
    for field in table.fields:
        for wrong, message in _row_rules(field, table, frame, package, keys):
            for place in frame.index[wrong.fillna(False).astype(bool)]:
                value = frame[field.name].fillna("")[place]
                yield Problem(raw.file, raw.lines[place], field.name, str(value), message)


def _row_rules(field: Field, table: Table, frame: pd.DataFrame, package: Package, keys: Keys) -> Iterator[tuple[pd.Series, str]]:
    cells = frame[field.name]
    if field.not_above:
        other = pd.to_numeric(frame[field.not_above], errors="coerce")
        yield pd.to_numeric(cells, errors="coerce") > other, f"is above {field.not_above} of the same row"
    if field.only_if:
        name, value = field.only_if
        yield cells.notna() & (frame[name] != value), f"is stated, so {name} must be {value}"
    if field.category_property:
        name, prop = field.category_property
        # One or more values a category; null among them, or none at all, is an empty cell.
        dues = {item.value: item.properties.get(prop, [None]) for item in table[name].categories}
        allowed = {value: ["" if item is None else str(item) for item in due] for value, due in dues.items()}
        rule = "; ".join(f"{value} → {' or '.join(item or 'empty' for item in due)}" for value, due in allowed.items())
        agree = [cell in allowed.get(of, ()) for cell, of in zip(cells.fillna(""), frame[name], strict=True)]
        yield ~pd.Series(agree, index=frame.index, dtype=bool), f"does not agree with {name}; {rule}"
    if field.subject_of and "device_types" in keys:
        kinds = subject_ids(package, keys["device_types"])
        for kind, ids in kinds.items():
            wrong = (frame[field.subject_of] == kind) & cells.notna() & ~cells.isin(ids)
            yield wrong, f"is no {kind.replace('_', ' ')}; known: {', '.join(sorted(ids))}"


def subject_ids(package: Package, device_types: frozenset[str]) -> dict[str, frozenset[str]]:
    """Kind of subject → ids it may name: device types, techniques, and yes/no features of devices."""
    devices = package["devices"]
    return {
        "device_type": device_types,
        "technique": frozenset(devices["techniques"].labels),
        "feature": frozenset(item.name for item in devices.features),
    }
