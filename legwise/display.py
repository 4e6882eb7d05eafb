"""Cells for people: labels for ids, units behind numbers, "not stated" for what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from legwise.catalogue import Catalogue, Record, is_stated, stated_cells
from legwise.safety import NOTHING_RECORDED_MARK, cautions_for, worst
from legwise.schema import NOT_STATED_LABEL, Field, Table
from legwise.units import System, convert

CAUTION_COLUMN = "For my conditions"
#: Columns of the device list that are shown unless others are chosen.
DEFAULT_COLUMNS = ("device_type", "heat", "remote_control", "techniques", "body_areas", "power", "price_usd")


@dataclass(frozen=True, eq=False)
class Shown:
    """A table for people: a frame of texts, and heading → the numbers and dates behind them (``None``: none)."""

    frame: pd.DataFrame
    values: Mapping[str, Sequence[Any]]


def numbers_and_dates(fields: Iterable[Field], rows: Sequence[Record]) -> dict[str, list[Any]]:
    """Heading → cells of the rows, of those fields that hold numbers or dates; ``None`` where not stated."""
    return {
        field.heading: [row[field.name] if is_stated(row[field.name]) else None for row in rows]
        for field in fields
        if field.is_numeric or field.type == "date"
    }


def format_number(value: float) -> str:
    """Write a number with thousands separators and without trailing zeros."""
    return f"{value:,.10g}"


def with_unit(number: str, unit: str) -> str:
    """Put a unit behind a number, as is usual for it."""
    return f"{number}%" if unit == "%" else f"{number} {unit}" if unit else number


def format_cell(catalogue: Catalogue, field: Field, value: Any, *, unit: bool = True, system: System = "metric") -> str:
    """Write one typed cell for people."""
    if not is_stated(value):
        return NOT_STATED_LABEL
    if field.type == "boolean":
        return field.labels["yes" if value else "no"]
    if field.is_list:
        names = catalogue.package["devices"].by_name if field.items_are_fields else {}
        return ", ".join(names[item].title if item in names else catalogue.label(field, item) for item in value)
    if field.type == "date":
        return f"{value:%Y-%m-%d}"
    if field.is_numeric:
        number, its_unit = convert(value, field.unit, system)
        text = str(value) if field.plain else format_number(number)
        return with_unit(text, its_unit) if unit else text
    return catalogue.label(field, str(value))


def format_device_cell(catalogue: Catalogue, field: Field, row: Record, *, unit: bool = True, system: System = "metric") -> str:
    """Write one cell of a product; what follows from the kind of product says so: "no (unpowered)"."""
    text = format_cell(catalogue, field, row[field.name], unit=unit, system=system)
    if field.dated_by and is_stated(row[field.name]):
        when = row[field.dated_by]
        text = f"{text} (seen {when})" if is_stated(when) else f"{text} (date not stated)"
    if field.name not in row["by_nature"] or not is_stated(row[field.name]):
        return text
    if field.type == "boolean":
        return f"{text} (unpowered)"
    return f"{text} (by its kind)" if field.is_list else text


def summarise(catalogue: Catalogue, field: Field, cells: pd.Series, system: System = "metric") -> str:
    """Say in one cell what a column holds for many rows: counts of values, or range and median of numbers."""
    stated = cells[stated_cells(cells)]
    missing = len(cells) - len(stated)
    tail = f" ({missing} {NOT_STATED_LABEL})" if missing else ""
    if stated.empty:
        return NOT_STATED_LABEL
    if field.type == "boolean":
        return f"{int(stated.sum())} of {len(stated)} that state it{tail}"
    if field.is_numeric:
        ends = [convert(value, field.unit, system) for value in (stated.min(), stated.median(), stated.max())]
        (low, unit), (middle, _), (high, _) = ((format_number(number), its_unit) for number, its_unit in ends)
        rest = f"({len(stated)} of {len(cells)} state it)"
        if low == high:
            return f"{with_unit(low, unit)} {rest}"
        return f"{with_unit(f'{low} to {high}', unit)}, median {middle} {rest}"
    values = [value for cell in stated for value in (cell if field.is_list else (cell,))]
    counts = Counter(values).most_common()
    if not catalogue.labels(field):
        return f"{len(counts)} different{tail}"
    if len(counts) == 1 and not missing:
        return catalogue.label(field, counts[0][0])
    return ", ".join(f"{catalogue.label(field, value)} {number}" for value, number in counts) + tail


def device_notices(catalogue: Catalogue, device: str) -> tuple[str, ...]:
    """What must stand wherever the product stands: a recall, and facts that are second-hand."""
    row, table = catalogue.row("devices", device), catalogue.package["devices"]
    notices = []
    if row["recalled"] is True:
        notices.append("Recall notice exists")
    if row["provenance"] != "direct":
        notices.append(table["provenance"].labels[row["provenance"]])
    return tuple(notices)


def marked_name(catalogue: Catalogue, device: str) -> str:
    """Name of a product with its notices, for where it stands without more of its row."""
    return " ⚠ ".join((catalogue.device_name(device), *device_notices(catalogue, device)))


def device_frame(
    catalogue: Catalogue, devices: Sequence[str], fields: Iterable[Field], conditions: Collection[str] = ()
) -> pd.DataFrame:
    """Table of products for people: name, what the chosen conditions call for, what it is, the fields, notes."""
    table = catalogue.package["devices"]
    chosen = [table["summary"], *fields]
    rows = []
    for device in devices:
        row = catalogue.row("devices", device)
        stated, of = catalogue.stated(table, device)
        rows.append(
            {
                "Device": catalogue.device_name(device) + (" ⚠ recall notice" if row["recalled"] is True else ""),
                **({CAUTION_COLUMN: caution_mark(catalogue, device, conditions)} if conditions else {}),
                **{field.heading: format_device_cell(catalogue, field, row, unit=False) for field in chosen},
                "Facts stated": f"{stated} of {of}",
                "Notes": "; ".join(device_notices(catalogue, device)),
                "Source": row["source_url"],
            }
        )
    names = [
        "Device",
        *([CAUTION_COLUMN] if conditions else []),
        *(field.heading for field in chosen),
        "Facts stated",
        "Notes",
        "Source",
    ]
    return pd.DataFrame(rows, columns=names)


def shown_devices(
    catalogue: Catalogue, devices: Sequence[str], fields: Iterable[Field], conditions: Collection[str] = ()
) -> Shown:
    """Return :func:`device_frame` with the numbers and dates behind its texts."""
    chosen = list(fields)
    values = numbers_and_dates(chosen, [catalogue.row("devices", device) for device in devices])
    return Shown(device_frame(catalogue, devices, chosen, conditions), values)


def caution_mark(catalogue: Catalogue, device: str, conditions: Collection[str]) -> str:
    """The most severe cautions of a product for those conditions, in words."""
    cautions = cautions_for(catalogue, catalogue.device_subjects(device), conditions)
    most = [caution for caution in cautions if caution.severity == worst(cautions)]
    # Limits may not meet the one who reads: then what else is recorded counts, too.
    told = cautions if all(caution.limits for caution in most) else most
    return "; ".join(caution.label for caution in told) or NOTHING_RECORDED_MARK


def table_frame(catalogue: Catalogue, table: Table) -> pd.DataFrame:
    """Return any table for people, all rows and columns, in file order."""
    frame = catalogue[table.name]
    columns = {
        field.heading: [format_cell(catalogue, field, cell, unit=False) for cell in frame[field.name]] for field in table.fields
    }
    for field in table.fields:
        if field.subject_of:
            pairs = zip(frame[field.subject_of], frame[field.name], strict=True)
            columns[field.heading] = [catalogue.subject_label(kind, subject) for kind, subject in pairs]
    return pd.DataFrame(columns)


def dictionary_frame(catalogue: Catalogue, table: Table) -> pd.DataFrame:
    """Data dictionary of a table, a row a column: what it holds, what is allowed, how much is stated."""
    frame = catalogue[table.name]
    rows = []
    for field in table.fields:
        stated = int(stated_cells(frame[field.name]).sum())
        rows.append(
            {
                "Column": field.name,
                "Label": field.title,
                "Type": field.type,
                "Unit": field.unit,
                "Meaning": field.description,
                "Allowed": allowed(field),
                "Stated": f"{stated} of {len(frame)}",
            }
        )
    return pd.DataFrame(rows)


def allowed(field: Field) -> str:
    """Say what may stand in a column, in words."""
    parts = []
    if field.required:
        parts.append("required")
    if field.unique:
        parts.append("unique")
    if field.type == "boolean":
        parts.append("yes or no")
    if field.categories:
        parts.append(", ".join(field.labels))
    if field.references:
        parts.append(f"an id of {field.references}" if not field.is_list else f"ids of {field.references}")
    if field.minimum is not None:
        parts.append(f"from {format_number(field.minimum)}")
    if field.maximum is not None:
        parts.append(f"to {format_number(field.maximum)}")
    return "; ".join(parts)
