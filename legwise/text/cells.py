"""Cells for people: labels for ids, numbers with units, "not stated" for missing values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from legwise.tables.catalogue import Record
from legwise.tables.schema import NOT_STATED_LABEL, Field
from legwise.tables.stated import is_stated
from legwise.text.units import System, convert


def format_number(value: float) -> str:
    """Write a number with thousands separators and without trailing zeros."""
    return f"{value:,.10g}"


def format_price(value: float) -> str:
    """Write a price as shops do: "149.50", "99"."""
    text = format_number(value)
    return f"{text}0" if text[-2:-1] == "." else text


def with_unit(number: str, unit: str) -> str:
    """Append a unit to a number: "12 cm", "12%"."""
    return f"{number}%" if unit == "%" else f"{number} {unit}" if unit else number


def format_month(month: str) -> str:
    """Write a month such as 2026-11 in words."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def format_cell(field: Field, value: Any, *, unit: bool = True, system: System = "metric") -> str:
    """Write one typed cell for people."""
    if not is_stated(value):
        return NOT_STATED_LABEL
    if field.type == "boolean":
        return field.labels["yes" if value else "no"]
    if field.is_list:
        return ", ".join(map(field.label, value))
    if field.type == "date":
        return f"{value:%Y-%m-%d}"
    if field.is_numeric:
        number, its_unit = convert(value, field.unit, system)
        write = format_price if field.price else format_number
        text = str(value) if field.plain else write(number)
        return with_unit(text, its_unit) if unit else text
    return field.label(str(value))


def format_device_cell(
    field: Field, row: Record, *, unit: bool = True, system: System = "metric"
) -> str:
    """Write one cell of a product; mark what follows from its kind, as in "no (unpowered)"."""
    text = format_cell(field, row[field.name], unit=unit, system=system)
    if field.dated_by and is_stated(row[field.name]):
        when = row[field.dated_by]
        text = f"{text} (seen {when})" if is_stated(when) else f"{text} (date not stated)"
    if not field.implied_by or field.name not in row[field.implied_by]:
        return text
    if not is_stated(row[field.name]):
        return text
    if field.type == "boolean":
        return f"{text} (unpowered)"
    return f"{text} (by its kind)" if field.is_list else text


def sum_up_numbers(
    field: Field, ends: tuple[float, float, float], stated: int, of: int, system: System
) -> str:
    """Sum up a column of numbers: lowest, median and highest, and how many rows state one."""
    converted = [convert(value, field.unit, system) for value in ends]
    (low, unit), (middle, _), (high, _) = (
        (format_number(number), its_unit) for number, its_unit in converted
    )
    rest = f"({stated:,} of {of:,} state it)"
    if low == high:
        return f"{with_unit(low, unit)} {rest}"
    return f"{with_unit(f'{low} to {high}', unit)}, median {middle} {rest}"


def sum_up_texts(different: int, missing: int) -> str:
    """Sum up a column of texts: how many different ones there are, and rows that state none."""
    tail = f" ({missing:,} {NOT_STATED_LABEL})" if missing else ""
    return f"{different:,} different{tail}" if different else NOT_STATED_LABEL


def sum_up_cells(field: Field, cells: Mapping[Any, int]) -> str:
    """Sum up a column of other things, given its cells and how many rows have each."""
    missing = sum(number for cell, number in cells.items() if not is_stated(cell))
    stated = {cell: number for cell, number in cells.items() if is_stated(cell)}
    tail = f" ({missing:,} {NOT_STATED_LABEL})" if missing else ""
    if not stated:
        return NOT_STATED_LABEL
    if field.type == "boolean":
        return f"{stated.get(True, 0):,} of {sum(stated.values()):,} that state it{tail}"
    counter: Counter[Any] = Counter()
    for cell, number in stated.items():
        for value in cell if field.is_list else (cell,):
            counter[value] += number
    order = {value: rank for rank, value in enumerate(field.labels)}
    counts = sorted(
        counter.items(), key=lambda pair: (-pair[1], order.get(pair[0], 0), str(pair[0]))
    )
    if not field.labels:
        return f"{len(counts):,} different{tail}"
    if len(counts) == 1 and not missing:
        return field.label(counts[0][0])
    return ", ".join(f"{field.label(value)} {number:,}" for value, number in counts) + tail


def allowed(field: Field) -> str:
    """Say in words what a column may hold."""
    parts = []
    if field.required:
        parts.append("required")
    if field.unique:
        parts.append("unique")
    if field.type == "boolean":
        parts.append("yes or no")
    if field.categories and not field.references and not field.items_are_fields:
        parts.append(", ".join(field.labels))
    if field.references:
        parts.append(
            f"an id of {field.references}" if not field.is_list else f"ids of {field.references}"
        )
    if field.minimum is not None:
        parts.append(f"from {format_number(field.minimum)}")
    if field.maximum is not None:
        parts.append(f"to {format_number(field.maximum)}")
    return "; ".join(parts)
