"""Find every fault of a package at once, each with file, line, column, value and what is allowed.

The rules come from the descriptor. A rule is a pair: what breaks it, and a message that says what
is allowed. Cell rules see the distinct values of one column, row rules a whole table. All of them
read plain text cells: building frames for two hundred short columns would take longer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from legwise.tables.loading import Problem, RawTable, read_raw
from legwise.tables.schema import NOT_STATED, Field, Package, Rule

#: What is wrong, or a function that tells it from the position of the row.
Message = str | Callable[[int], str]
#: Text cells of a column; an empty one is not stated.
Cells = Sequence[str]
#: Position of a row, and the cell there or one item of its list.
Item = tuple[int, str]
#: Positions of the rows that break a rule, and the message.
Broken = tuple[Iterable[int], Message]
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
    keys = {
        name: frozenset(filter(None, raw.cells[raw.table.key])) for name, raw in readable.items()
    }
    context = Context(package, readable, keys)
    problems = [
        problem for raw in raws.values() for problem in (*raw.problems, *check_table(raw, context))
    ]
    order = {raw.file: position for position, raw in enumerate(raws.values())}
    problems.sort(key=lambda problem: (order[problem.file], problem.line))
    return Report(tuple((raw.file, len(raw.lines)) for raw in raws.values()), tuple(problems)), raws


def check_table(raw: RawTable, context: Context) -> list[Problem]:
    """Check the text cells of one table against the descriptor."""
    missing = {problem.column for problem in raw.problems if problem.line == 1}
    problems: list[Problem] = []
    for field in raw.table.fields:
        if field.name not in missing:
            for items, message in _cell_rules(raw.cells[field.name], field, context):
                problems += _problems(raw, field.name, items, message)
    for rules, tolerable in ((_row_rules, False), (_consistency_rules, True)):
        for column, rows, message in rules(raw, context):
            cells = raw.cells[column]
            items = ((row, cells[row]) for row in rows)
            problems += _problems(raw, column, items, message, tolerable=tolerable)
    return problems


def _problems(
    raw: RawTable, column: str, items: Iterable[Item], message: Message, *, tolerable: bool = False
) -> Iterator[Problem]:
    for position, value in dict.fromkeys(items):
        text = message if isinstance(message, str) else message(position)
        yield Problem(raw.file, raw.lines[position], column, value, text, tolerable)


def _items(cells: Cells, field: Field) -> list[Item]:
    """Return what is stated to test: one per cell, or per item of a list, with its row."""
    if not field.is_list:
        return list(_stated(cells))
    return [(row, item) for row, cell in _stated(cells) for item in cell.split(field.delimiter)]


def _cell_rules(
    cells: Cells, field: Field, context: Context
) -> Iterator[tuple[Iterable[Item], Message]]:
    items = _items(cells, field)
    if field.required:
        empty = [(row, cell) for row, cell in enumerate(cells) if not cell]
        yield empty, "is empty; a value is required"
    if field.is_list:
        # Count each item with its row, so that it is compared within its list only.
        twice = [item for item, count in Counter(items).items() if count > 1]
        yield twice, "is in the list twice; keep one"
    elif field.unique:
        rows = Counter(cells)
        yield [item for item in items if rows[item[1]] > 1], "is in more than one row"
    for wrong, message in _value_rules({text for _, text in items}, field, context):
        if wrong:
            yield [item for item in items if item[1] in wrong], message


def _value_rules(
    values: set[str], field: Field, context: Context
) -> Iterator[tuple[set[str], str]]:
    """Yield the distinct values that break a rule, and the message."""
    spaced = {value for value in values if value.strip() != value}
    yield spaced, "has spaces or line ends around it; remove them"
    yield values & {NOT_STATED}, "is how links write a missing cell; leave the cell empty"
    if field.is_list:
        yield values & {""}, "holds an empty item; remove the extra separator"
        values = values - {""}
    if field.type in TYPE_RULES:
        rule, message = TYPE_RULES[field.type]
        yield {value for value in values if not rule(value)}, message
    if field.minimum is not None or field.maximum is not None:
        yield _out_of_range(values, field)
    if field.max_length is not None:
        yield (
            {value for value in values if len(value) > field.max_length},
            f"is longer than {field.max_length} characters; shorten it",
        )
    for pattern in filter(None, (field.pattern, field.item_pattern)):
        matches = _form(pattern)
        yield (
            {value for value in values if not matches(value)},
            f"does not have the form {pattern}",
        )
    if field.categories:
        yield (
            values - field.labels.keys(),
            f"is not in the vocabulary; allowed: {', '.join(field.labels)}",
        )
    if field.items_are_fields:
        table = next(table for table in context.package.tables if field in table.fields)
        yield (
            values - table.by_name.keys(),
            f"is not a column of {table.name}; allowed: {', '.join(table.by_name)}",
        )
    if field.references in context.keys:
        unknown = values - context.keys[field.references]
        yield unknown, f"names no row of {field.references}; add it there or fix the id"


def _form(pattern: str) -> Callable[[str], object]:
    # Digits are those of ASCII: others would be read as text.
    return re.compile(pattern, re.ASCII).fullmatch


# More digits may not fit in 64 bits.
_is_integer = _form(r"[+-]?[0-9]{1,18}")
_has_form_of_number = _form(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_has_form_of_date = _form(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_number(text: str) -> bool:
    # A number too large for a float would become infinite.
    return bool(_has_form_of_number(text)) and math.isfinite(float(text))


def _is_date(text: str) -> bool:
    try:
        return bool(_has_form_of_date(text) and date.fromisoformat(text))
    except ValueError:
        return False


TYPE_RULES: dict[str, tuple[Callable[[str], object], str]] = {
    "integer": (
        _is_integer,
        "is not a whole number of at most 18 digits; write digits only, such as 12",
    ),
    "number": (
        _is_number,
        "is not a number, or is too large; write digits with a decimal point, such as 1.5",
    ),
    "boolean": (
        {"yes", "no"}.__contains__,
        "is not allowed; allowed: yes, no, or empty for not stated",
    ),
    "date": (_is_date, "is not a date; write year-month-day, such as 2024-05-31"),
}


def _out_of_range(values: Iterable[str], field: Field) -> tuple[set[str], str]:
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
    least, most = -math.inf if low is None else low, math.inf if high is None else high
    wrong = {
        value
        for value in values
        if rule(value) and _is_number(value) and not least <= float(value) <= most
    }
    return wrong, f"is out of range; allowed: {span} {field.unit}".rstrip()


def _row_rules(raw: RawTable, context: Context) -> Iterator[tuple[str, Iterable[int], Message]]:
    """Yield (column, rows, message) for cells that contradict another cell of their row."""
    table = raw.table
    for field in table.fields:
        cells = raw.cells[field.name]
        if field.not_above:
            pairs = enumerate(zip(cells, raw.cells[field.not_above], strict=True))
            yield (
                field.name,
                [
                    row
                    for row, (cell, limit) in pairs
                    if _is_number(cell) and _is_number(limit) and float(cell) > float(limit)
                ],
                f"is above {field.not_above} of the same row",
            )
        if field.only_if:
            name, value = field.only_if
            yield (
                field.name,
                [row for row, _ in _stated(cells) if raw.cells[name][row] != value],
                f"is stated, so {name} must be {value}",
            )
        for name in field.agrees_with:
            for rows, message in _disagrees(cells, raw.cells[name], table[name]):
                yield field.name, rows, message
        if field.subject_of:
            for rows, message in _no_subject(cells, raw.cells[field.subject_of], context):
                yield field.name, rows, message


def _consistency_rules(
    raw: RawTable, context: Context
) -> Iterator[tuple[str, Iterable[int], Message]]:
    """Yield (column, rows, message) for rows that can be read but cannot all be right."""
    table = raw.table
    for field in table.fields:
        cells = raw.cells[field.name]
        dates = [
            field.dated_by,
            *(other.name for other in table.fields if other.dated_by == field.name),
        ]
        for name in filter(None, dates):
            yield (
                field.name,
                [row for row, _ in _stated(cells) if not raw.cells[name][row]],
                f"is stated without {name}; state both or neither",
            )
        if field.one_spelling:
            yield field.name, *_spelt_otherwise(cells)
        if field.among:
            yield field.name, *_outside(raw, field, context)
        if field.adds_to:
            other = table[field.adds_to]
            yield field.name, *_repeats(cells, raw.cells[other.name], other, context)
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
    all_but_key = [field.name for field in table.fields if field.name != table.key]
    yield table.key, *_same(raw, all_but_key, "remove one of them")


def _stated(cells: Cells) -> Iterator[Item]:
    return ((row, cell) for row, cell in enumerate(cells) if cell)


def _no_subject(cells: Cells, kinds: Cells, context: Context) -> Iterator[Broken]:
    if "device_types" in context.keys:
        for kind, ids in subject_ids(context.package, context.keys["device_types"]).items():
            rows = [row for row, cell in _stated(cells) if kinds[row] == kind and cell not in ids]
            yield rows, f"is not a {kind.replace('_', ' ')}; known: {', '.join(sorted(ids))}"


def _disagrees(cells: Cells, others: Cells, other: Field) -> Iterator[Broken]:
    for category in other.categories:
        if category.allows is not None:
            allowed = " or ".join(value or "an empty cell" for value in category.allows)
            rows = [
                row
                for row, value in enumerate(others)
                if value == category.value and cells[row] not in category.allows
            ]
            yield rows, f"does not agree with {other.name} {category.value}; allowed: {allowed}"


def _spelt_otherwise(cells: Cells) -> Broken:
    folded = {cell: _folded(cell) for cell in set(cells)}
    first: dict[str, str] = {}
    for _, cell in _stated(cells):
        first.setdefault(folded[cell], cell)
    rows = [row for row, cell in _stated(cells) if first[folded[cell]] != cell]
    return rows, lambda row: f"is also spelt {first[folded[cells[row]]]!r}; use one spelling"


def _folded(name: str) -> str:
    """Return a name without what is in brackets, other spaces and capitals."""
    without = re.sub(r"\s*[(\[].*?[)\]]", "", name)
    return re.sub(r"\s+", " ", without).strip().casefold()


def _outside(raw: RawTable, field: Field, context: Context) -> Broken:
    """Allow only items that the row named by the reference lists; an empty range allows all."""
    assert field.among
    reference, column = field.among
    other = context.raws.get(raw.table[reference].references)
    if other is None:
        return (), ""
    ranges = {
        key: set(cell.split(field.delimiter))
        for key, cell in zip(other.cells[other.table.key], other.cells[column], strict=True)
        if key and cell
    }
    names = raw.cells[reference]
    outside: dict[int, list[str]] = {}
    for row, item in _items(raw.cells[field.name], field):
        if names[row] in ranges and item not in ranges[names[row]]:
            outside.setdefault(row, []).append(item)

    def message(row: int) -> str:
        wrong, allowed = ", ".join(outside[row]), ", ".join(sorted(ranges[names[row]]))
        return f"{wrong} is outside the range of {names[row]}; allowed: {allowed}"

    return outside, message


def _repeats(cells: Cells, others: Cells, other: Field, context: Context) -> Broken:
    """Refuse a cell that only repeats the cell it should narrow down."""
    names: Mapping[str, str] = other.labels
    if other.references in context.raws:
        raw = context.raws[other.references]
        labels = raw.cells[raw.table.label_field or raw.table.key]
        names = dict(zip(raw.cells[raw.table.key], labels, strict=True))

    def words(text: str) -> set[str]:
        return set(re.findall(r"\w+", text.casefold())) - EMPTY_WORDS

    rows = [row for row, cell in _stated(cells) if words(cell) <= words(names.get(others[row], ""))]
    return rows, f"only repeats {other.name}; narrow it down or leave the cell empty"


def _same(
    raw: RawTable, columns: Sequence[str], advice: str, where: Iterable[tuple[str, str]] = ()
) -> Broken:
    """Find rows that agree with an earlier row in all these columns."""
    first: dict[tuple[str, ...], int] = {}
    later: dict[int, int] = {}
    for row, values in _alike(raw, columns, where):
        before = first.setdefault(values, row)
        if before != row:
            later.setdefault(row, before)
    all_but_key = len(columns) == len(raw.table.fields) - 1
    what = "all but the id" if all_but_key else ", ".join(columns)
    return (
        later,
        lambda row: f"is the same as line {raw.lines[later[row]]} in {what}; {advice}",
    )


def _alike(
    raw: RawTable, columns: Iterable[str], where: Iterable[tuple[str, str]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (row, values in these columns) of rows that another may equal, lists item by item."""
    fields = [raw.table[name] for name in columns]
    lists = [field for field in fields if field.is_list]
    plain = [raw.cells[field.name] for field in fields if not field.is_list]
    rows = _meant(raw, where)
    # Items of lists multiply: they are only looked at where the other columns agree.
    keys = [tuple(cells[row] for cells in plain) for row in rows]
    times = Counter(keys)
    for row, key in zip(rows, keys, strict=True):
        if times[key] > 1:
            items = [raw.cells[field.name][row].split(field.delimiter) for field in lists]
            yield from ((row, (*key, *chosen)) for chosen in product(*items))


def _meant(raw: RawTable, where: Iterable[tuple[str, str]]) -> list[int]:
    """Return the rows that have these values in these columns."""
    wanted = [(raw.cells[name], value) for name, value in where]
    return [
        row for row in range(len(raw.lines)) if all(cells[row] == value for cells, value in wanted)
    ]


def _unique(rule: Rule, raw: RawTable) -> Broken:
    return _same(raw, rule.columns, rule.advice or "merge the two rows", rule.where)


def _agree(rule: Rule, raw: RawTable) -> Broken:
    answers = raw.cells[rule.on]
    alike = [pair for pair in _alike(raw, rule.columns, rule.where) if all(pair[1])]
    first: dict[tuple[str, ...], int] = {}
    for row, values in alike:
        if answers[row]:
            first.setdefault(values, row)
    later: dict[int, int] = {}
    for row, values in alike:
        before = first.get(values, row)
        if answers[before] != answers[row]:
            later.setdefault(row, before)

    def message(row: int) -> str:
        other = f"{answers[later[row]]!r} in line {raw.lines[later[row]]}"
        return f"disagrees with {other}, with the same {', '.join(rule.columns)}; {rule.advice}"

    return later, message


def _one_of(rule: Rule, raw: RawTable) -> Broken:
    columns = [raw.cells[name] for name in rule.columns]
    rows = [row for row in _meant(raw, rule.where) if not any(cells[row] for cells in columns)]
    because = " and ".join(f"{name} is {value}" for name, value in rule.where)
    although = f" although {because}" if because else ""
    return rows, f"states none of {', '.join(rule.columns)}{although}; {rule.advice}"


def _uncited(raw: RawTable, context: Context) -> list[int]:
    """Return the rows that no table cites."""
    named: set[str] = set()
    for other in context.package.tables:
        for field in other.fields:
            if field.references == raw.table.name:
                if other.name not in context.raws:  # it could not be read, and may cite them
                    return []
                cells = context.raws[other.name].cells[field.name]
                named |= {item for _, item in _items(cells, field)}
    return [row for row, key in enumerate(raw.cells[raw.table.key]) if key not in named]


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
