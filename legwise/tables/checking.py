"""Find every fault of a package at once, each with file, line, column, value and what is allowed.

The rules come from the descriptor. A rule is a pair: a mask of the cells or rows that break it, and
a message that says what is allowed. Cell rules see the distinct values of one column, row rules a
whole table.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from legwise.tables.loading import Problem, RawTable, read_raw
from legwise.tables.schema import NOT_STATED, Field, Package, Rule, Table

#: What is wrong, or a function that tells it from the position of the row.
Message = str | Callable[[int], str]
#: One boolean per cell or row, true where it breaks the rule, and the message.
Broken = tuple[pd.Series, Message]
#: Words that narrow nothing down.
EMPTY_WORDS = {"a", "an", "any", "in", "of", "only", "or", "the", "with"}


@dataclass(frozen=True)
class Report:
    """The result of a check: rows per table, and every problem in file and line order."""

    rows: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Context:
    """What a rule sees besides its table: the package, the readable tables and their ids."""

    package: Package
    raws: Mapping[str, RawTable]
    keys: Mapping[str, frozenset[str]]


def check_package(package: Package) -> tuple[Report, dict[str, RawTable]]:
    """Read and check every table of ``package``; also return the text cells."""
    raws = {table.name: read_raw(table, package.directory / table.path) for table in package.tables}
    # Rows are not blamed for references to a table that could not be read.
    readable = {name: raw for name, raw in raws.items() if raw.readable}
    keys = {name: frozenset(raw.frame[raw.table.key].dropna()) for name, raw in readable.items()}
    context = Context(package, readable, keys)
    problems = [
        problem for raw in raws.values() for problem in (*raw.problems, *check_table(raw, context))
    ]
    order = {raw.file: position for position, raw in enumerate(raws.values())}
    problems.sort(key=lambda problem: (order[problem.file], problem.line))
    return Report(tuple((raw.file, len(raw.frame)) for raw in raws.values()), tuple(problems)), raws


def check_table(raw: RawTable, context: Context) -> list[Problem]:
    """Check the text cells of one table against the descriptor."""
    missing = {problem.column for problem in raw.problems if problem.line == 1}
    problems: list[Problem] = []
    for field in raw.table.fields:
        if field.name not in missing:
            cells = _items(raw.frame[field.name], field)
            for wrong, message in _cell_rules(cells, field, context):
                problems += _problems(raw, field.name, cells[wrong], message)
    for column, wrong, message in _row_rules(raw, context):
        problems += _problems(
            raw, column, raw.frame[column][wrong.fillna(False).astype(bool)], message
        )
    for column, wrong, message in _consistency_rules(raw, context):
        problems += _problems(raw, column, raw.frame[column][wrong], message, tolerable=True)
    return problems


def _problems(
    raw: RawTable, column: str, cells: pd.Series, message: Message, *, tolerable: bool = False
) -> Iterator[Problem]:
    for position, value in dict.fromkeys(
        zip(cells.index.tolist(), cells.fillna("").tolist(), strict=True)
    ):
        text = message if isinstance(message, str) else message(position)
        yield Problem(raw.file, raw.lines[position], column, value, text, tolerable)


def _items(cells: pd.Series, field: Field) -> pd.Series:
    """Return the cells to test: one row per item of a list, under the index of its row."""
    # Without astype, a column without any value would lose its text type.
    return cells.str.split(field.delimiter).explode().astype("str") if field.is_list else cells


def _cell_rules(cells: pd.Series, field: Field, context: Context) -> Iterator[Broken]:
    if field.required:
        yield cells.isna(), "is empty; a value is required"
    if field.unique and not field.is_list:
        yield cells.notna() & cells.duplicated(keep=False), "is in more than one row"
    if field.is_list:
        # Pair each item with its row, so that it is compared within its list only.
        pairs = pd.DataFrame({"row": cells.index, "item": cells.array}, index=cells.index)
        yield cells.notna() & pairs.duplicated(), "is in the list twice; keep one"
    values = pd.Series(cells.dropna().unique(), dtype="str")
    for wrong, message in _value_rules(values, field, context):
        if wrong.any():
            yield cells.isin(values[wrong]), message


def _value_rules(
    values: pd.Series, field: Field, context: Context
) -> Iterator[tuple[pd.Series, str]]:
    yield values.str.strip() != values, "has spaces or line ends around it; remove them"
    yield values == NOT_STATED, "is how links write a missing cell; leave the cell empty"
    if field.is_list:
        yield values == "", "holds an empty item; remove the extra separator"
        values = values[values != ""]
    if field.type in TYPE_RULES:
        rule, message = TYPE_RULES[field.type]
        yield ~rule(values), message
    if field.minimum is not None or field.maximum is not None:
        yield _out_of_range(values, field)
    if field.max_length is not None:
        yield (
            values.str.len() > field.max_length,
            f"is longer than {field.max_length} characters; shorten it",
        )
    for pattern in filter(None, (field.pattern, field.item_pattern)):
        yield ~_matches(pattern)(values), f"does not have the form {pattern}"
    if field.categories:
        yield (
            ~values.isin(field.labels),
            f"is not in the vocabulary; allowed: {', '.join(field.labels)}",
        )
    if field.items_are_fields:
        table = next(table for table in context.package.tables if field in table.fields)
        yield (
            ~values.isin(table.by_name),
            f"is not a column of {table.name}; allowed: {', '.join(table.by_name)}",
        )
    if field.references in context.keys:
        known = context.keys[field.references]
        yield ~values.isin(known), f"names no row of {field.references}; add it there or fix the id"


def _matches(pattern: str) -> Callable[[pd.Series], pd.Series]:
    return lambda values: values.str.fullmatch(pattern).astype(bool)


def _is_number(values: pd.Series) -> pd.Series:
    # A number too large for a float would become infinite.
    form = _matches(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")(values)
    finite = [math.isfinite(float(text)) for text in values.where(form, "0")]
    return form & pd.Series(finite, index=values.index, dtype=bool)


def _is_date(values: pd.Series) -> pd.Series:
    form = _matches(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}")(values)
    return form & pd.to_datetime(values.where(form), format="%Y-%m-%d", errors="coerce").notna()


TYPE_RULES: dict[str, tuple[Callable[[pd.Series], pd.Series], str]] = {
    # More digits may not fit in 64 bits.
    "integer": (
        _matches(r"[+-]?[0-9]{1,18}"),
        "is not a whole number of at most 18 digits; write digits only, such as 12",
    ),
    "number": (
        _is_number,
        "is not a number, or is too large; write digits with a decimal point, such as 1.5",
    ),
    "boolean": (
        lambda values: values.isin(["yes", "no"]),
        "is not allowed; allowed: yes, no, or empty for not stated",
    ),
    "date": (_is_date, "is not a date; write year-month-day, such as 2024-05-31"),
}


def _numbers(cells: pd.Series) -> pd.Series:
    """Return the cells as numbers; missing where a cell is not a number."""
    return cells.where(_is_number(cells.fillna(""))).astype("float64")


def _out_of_range(values: pd.Series, field: Field) -> tuple[pd.Series, str]:
    low, high = field.minimum, field.maximum
    span = (
        f"at least {low:g}"
        if high is None
        else f"at most {high:g}"
        if low is None
        else f"{low:g} to {high:g}"
    )
    # A cell of the wrong type is reported once, not twice.
    rule, _ = TYPE_RULES[field.type]
    numbers = _numbers(values.where(rule(values)))
    wrong = (numbers < (-math.inf if low is None else low)) | (
        numbers > (math.inf if high is None else high)
    )
    return wrong, f"is out of range; allowed: {span} {field.unit}".rstrip()


def _spelt_otherwise(cells: pd.Series) -> Broken:
    folded = (
        cells.str.replace(r"\s*[(\[].*?[)\]]", "", regex=True)
        .str.replace(r"\s+", " ", regex=True)
        .str.strip()
        .str.casefold()
    )
    first = cells.groupby(folded).transform("first")
    return cells.notna() & (
        cells != first
    ), lambda position: f"is also spelt {first[position]!r}; use one spelling"


def _row_rules(raw: RawTable, context: Context) -> Iterator[tuple[str, pd.Series, Message]]:
    """Yield (column, mask, message) for cells that contradict another cell of their row."""
    table, frame = raw.table, raw.frame
    for field in table.fields:
        cells = frame[field.name]
        if field.not_above:
            yield (
                field.name,
                _numbers(cells) > _numbers(frame[field.not_above]),
                f"is above {field.not_above} of the same row",
            )
        if field.only_if:
            name, value = field.only_if
            yield (
                field.name,
                cells.notna() & (frame[name] != value),
                f"is stated, so {name} must be {value}",
            )
        for name in field.agrees_with:
            for wrong, message in _disagrees(cells, frame[name], table[name]):
                yield field.name, wrong, message
        if field.subject_of:
            for wrong, message in _no_subject(cells, frame[field.subject_of], context):
                yield field.name, wrong, message


def _consistency_rules(raw: RawTable, context: Context) -> Iterator[tuple[str, pd.Series, Message]]:
    """Yield (column, mask, message) for rows that can be read but cannot all be right."""
    table, frame = raw.table, raw.frame
    for field in table.fields:
        cells = frame[field.name]
        dates = [
            field.dated_by,
            *(other.name for other in table.fields if other.dated_by == field.name),
        ]
        for name in filter(None, dates):
            yield (
                field.name,
                cells.notna() & frame[name].isna(),
                f"is stated without {name}; state both or neither",
            )
        if field.one_spelling:
            yield field.name, *_spelt_otherwise(cells)
        if field.among:
            yield field.name, *_outside(cells, frame[field.among[0]], field, table, context)
        if field.adds_to:
            yield field.name, *_repeats(cells, frame[field.adds_to], table[field.adds_to], context)
    for rule in table.rules:
        column = rule.on or next(iter(rule.columns), table.key)
        if rule.kind == "cited":
            yield (
                column,
                _uncited(raw, context),
                "is not cited by any table; cite it or remove it",
            )
        else:
            yield column, *_RULES[rule.kind](rule, raw)
    yield (
        table.key,
        *_same(
            raw,
            [field.name for field in table.fields if field.name != table.key],
            "remove one of them",
        ),
    )


def _no_subject(cells: pd.Series, kinds: pd.Series, context: Context) -> Iterator[Broken]:
    if "device_types" in context.keys:
        for kind, ids in subject_ids(context.package, context.keys["device_types"]).items():
            wrong = (kinds == kind) & cells.notna() & ~cells.isin(ids)
            yield wrong, f"is not a {kind.replace('_', ' ')}; known: {', '.join(sorted(ids))}"


def _disagrees(cells: pd.Series, others: pd.Series, other: Field) -> Iterator[Broken]:
    for category in other.categories:
        if category.allows is not None:
            allowed = " or ".join(value or "an empty cell" for value in category.allows)
            wrong = (others == category.value) & ~cells.fillna("").isin(category.allows)
            yield wrong, f"does not agree with {other.name} {category.value}; allowed: {allowed}"


def _outside(
    cells: pd.Series, references: pd.Series, field: Field, table: Table, context: Context
) -> Broken:
    """Allow only items that the row named by ``references`` lists; an empty range allows all."""
    assert field.among
    reference, column = field.among
    other = context.raws.get(table[reference].references)
    if other is None:
        return pd.Series(False, index=cells.index), ""
    keys, ranges = other.frame[other.table.key], other.frame[column]
    split = {
        key: set(cell.split(field.delimiter))
        for key, cell in zip(keys, ranges, strict=True)
        if isinstance(cell, str)
    }
    items = _items(cells, field).dropna()
    pairs = zip(items, references[items.index], strict=True)
    outside = items[
        [reference in split and item not in split[reference] for item, reference in pairs]
    ]

    def message(position: int) -> str:
        wrong, name = ", ".join(outside[[position]]), references[position]
        return f"{wrong} is outside the range of {name}; allowed: {', '.join(sorted(split[name]))}"

    return pd.Series(cells.index.isin(outside.index), index=cells.index), message


def _repeats(cells: pd.Series, others: pd.Series, other: Field, context: Context) -> Broken:
    """Refuse a cell that only repeats the cell it should narrow down."""
    names: Mapping[str, str] = other.labels
    if other.references in context.raws:
        raw = context.raws[other.references]
        labels = raw.frame[raw.table.label_field or raw.table.key].fillna("")
        names = dict(zip(raw.frame[raw.table.key], labels, strict=True))

    def words(text: str) -> set[str]:
        return set(re.findall(r"\w+", text.casefold())) - EMPTY_WORDS

    pairs = zip(cells.fillna(""), others.fillna(""), strict=True)
    wrong = [
        bool(cell) and words(cell) <= words(names.get(reference, "")) for cell, reference in pairs
    ]
    return pd.Series(
        wrong, index=cells.index, dtype=bool
    ), f"only repeats {other.name}; narrow it down or leave the cell empty"


def _same(
    raw: RawTable, columns: Iterable[str], advice: str, where: Iterable[tuple[str, str]] = ()
) -> Broken:
    """Find rows that agree with an earlier row in all these columns."""
    names = list(columns)
    frame = _exploded(raw, names, where)
    first = (
        pd.Series(frame.index, index=frame.index)
        .groupby([frame[name] for name in names], dropna=False)
        .transform("first")
    )
    later = first[first.to_numpy() != first.index.to_numpy()].groupby(level=0).first()
    all_but_key = len(names) == len(raw.table.fields) - 1
    what = "all but the id" if all_but_key else ", ".join(names)

    def message(position: int) -> str:
        return f"is the same as line {raw.lines[int(later[position])]} in {what}; {advice}"

    return pd.Series(raw.frame.index.isin(later.index), index=raw.frame.index), message


def _exploded(
    raw: RawTable, columns: Iterable[str], where: Iterable[tuple[str, str]] = ()
) -> pd.DataFrame:
    """Return those columns, lists exploded to one row per item under the index of their row."""
    frame = raw.frame.loc[_meant(raw, where), list(columns)]
    for name in frame.columns:
        field = raw.table[name]
        if field.is_list:
            frame = frame.assign(**{name: frame[name].str.split(field.delimiter)}).explode(name)
    return frame


def _meant(raw: RawTable, where: Iterable[tuple[str, str]]) -> pd.Series:
    """Return a mask of the rows that have these values in these columns."""
    mask = pd.Series(True, index=raw.frame.index)
    for name, value in where:
        mask &= raw.frame[name].eq(value).fillna(False)
    return mask


def _unique(rule: Rule, raw: RawTable) -> Broken:
    return _same(raw, rule.columns, rule.advice or "merge the two rows", rule.where)


def _agree(rule: Rule, raw: RawTable) -> Broken:
    names = [*rule.columns, rule.on]
    frame = _exploded(raw, names, rule.where).dropna(subset=list(rule.columns))
    groups = [frame[name] for name in rule.columns]
    first = frame[rule.on].groupby(groups).transform("first")
    lines = pd.Series(frame.index, index=frame.index).groupby(groups).transform("first")
    differs = frame[rule.on] != first
    first, lines = (part[differs].groupby(level=0).first() for part in (first, lines))

    def message(position: int) -> str:
        other = f"{first[position]!r} in line {raw.lines[int(lines[position])]}"
        return f"disagrees with {other}, with the same {', '.join(rule.columns)}; {rule.advice}"

    return pd.Series(raw.frame.index.isin(lines.index), index=raw.frame.index), message


def _one_of(rule: Rule, raw: RawTable) -> Broken:
    wrong = _meant(raw, rule.where) & raw.frame[list(rule.columns)].isna().all(axis=1)
    because = " and ".join(f"{name} is {value}" for name, value in rule.where)
    although = f" although {because}" if because else ""
    return wrong, f"states none of {', '.join(rule.columns)}{although}; {rule.advice}"


def _uncited(raw: RawTable, context: Context) -> pd.Series:
    """Return a mask of the rows that no table cites."""
    named: set[str] = set()
    for other in context.package.tables:
        for field in other.fields:
            if field.references == raw.table.name:
                if other.name not in context.raws:  # it could not be read, and may cite them
                    return pd.Series(False, index=raw.frame.index)
                named |= set(_items(context.raws[other.name].frame[field.name], field).dropna())
    return ~raw.frame[raw.table.key].isin(named)


#: Kind of rule → the rows that break it.
_RULES: dict[str, Callable[[Rule, RawTable], Broken]] = {
    "unique": _unique,
    "agree": _agree,
    "one_of": _one_of,
}


def subject_ids(package: Package, device_types: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return kind of subject → its ids: device types, techniques, yes/no features of devices."""
    devices = package["devices"]
    return {
        "device_type": device_types,
        "technique": frozenset(devices["techniques"].labels),
        "feature": frozenset(item.name for item in devices.features),
    }
