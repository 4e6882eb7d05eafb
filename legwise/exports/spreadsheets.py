"""Files for people to take away, with what one needs to read them later."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from legwise.tables.catalogue import Catalogue
from legwise.tables.descriptor import DESCRIPTOR, SHIPPED
from legwise.tables.schema import Table
from legwise.text.shown import Shown

#: A spreadsheet takes a cell that starts so for a formula (OWASP ASVS 1.2.10); some skip blanks, and take wide marks as well.
_FORMULA = re.compile(r"^([\t\r]|\s*[=+\-@＝＋－＠])")
_NUMBER = re.compile(r"^[+-]?\d[\d,]*(\.\d+)?$")
_LEADING = re.compile(r"[+-]?\d[\d,]*(\.\d+)?(e[+-]?\d+)?")
#: Rows one sheet of a workbook can hold, its head included.
SHEET_ROWS = 1_048_576


def harmless(cell: object) -> str:
    """Return the cell as text that no spreadsheet runs: an apostrophe goes before what looks like a formula."""
    text = str(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def to_csv(frame: pd.DataFrame) -> bytes:
    """Return a frame as CSV in UTF-8, every cell harmless."""
    return (
        frame.map(harmless)
        .rename(columns=harmless)
        .to_csv(index=False, lineterminator="\n")
        .encode("utf-8")
    )


def to_xlsx(shown: Shown, sheet: str, about: Mapping[str, str]) -> bytes:
    """Return a workbook of two sheets: the table, and what it is and where it comes from.

    Numbers and dates are such; what stands behind a number on screen, as "kg" or "(seen 2025)", is its format.

    Raises:
        ValueError: the frame has more rows than a sheet can hold.
    """
    frame = shown.frame
    if len(frame) >= SHEET_ROWS:
        raise ValueError(f"{len(frame):,} rows do not fit into a sheet; take the CSV file")
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        rows = book.add_worksheet(sheet)
        rows.freeze_panes(1, 1)
        rows.write_row(0, 0, [harmless(name) for name in frame.columns], bold)
        for column, name in enumerate(frame.columns):
            _write_column(book, rows, column, frame.iloc[:, column], shown.values.get(name))
        rows.autofit(300)
        notes = book.add_worksheet("About")
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 100)
        for place, (name, text) in enumerate(about.items()):
            notes.write_string(place, 0, name, bold)
            notes.write_string(place, 1, harmless(text), wrap)
    return buffer.getvalue()


def _write_column(
    book: xlsxwriter.Workbook,
    rows: Worksheet,
    column: int,
    texts: pd.Series,
    values: Sequence[Any] | None,
) -> None:
    formats: dict[str, Format] = {}
    width = 0
    for place, (text, value) in enumerate(
        zip(map(str, texts), values or [None] * len(texts), strict=True), 1
    ):
        form = _number_format(text, value)
        if form is None:
            rows.write(place, column, harmless(text))
            continue
        if form not in formats:
            formats[form] = book.add_format({"num_format": form})
        width = max(width, len(text))
        write = rows.write_datetime if isinstance(value, date) else rows.write_number
        write(place, column, value, formats[form])
    # A number that is wider than its column shows as "####", and fitting does not see its format.
    if width:
        rows.set_column(column, column, width + 1)


def _number_format(text: str, value: Any) -> str | None:
    """Return the format in which a sheet shows a number or date as ``text`` does; ``None`` where it must stay text."""
    if isinstance(value, date):
        return "yyyy-mm-dd" if value.year > 1900 else None  # a sheet has no earlier days
    number = _LEADING.match(text)
    # A sheet keeps 15 digits.
    if value is None or number is None or not abs(value) < 1e15:
        return None
    tail = text[number.end() :]
    return (
        None
        if len(tail) > 100 or set(tail) & set('";\n')
        else f'General"{tail}"'
        if tail
        else "General"
    )


def about(catalogue: Catalogue, what: str, link: str, today: str) -> dict[str, str]:
    """What every export says of itself: what it shows, the link back, the data and its licence."""
    package = catalogue.package
    return {
        "What this is": what,
        "Link": link,
        "Made on": today,
        "Data": f"{package.title}, version {package.version} of {package.created[:10]}",
        "Data version (hash)": catalogue.version,
        "Sources": "Each row names the page or work it rests on.",
        "Missing": "“not stated” means that the page read does not say; it never means no.",
        "Care": "This is not medical advice. No record of a caution is not proof of safety.",
        "Licence": f"{package.licence}; facts are cited",
    }


def table_csv(catalogue: Catalogue, table: Table) -> bytes:
    """Return the file of one table, byte for byte as it was read."""
    return (catalogue.package.directory / table.path).read_bytes()


def package_zip(catalogue: Catalogue) -> bytes:
    """Return the whole data package: every table and the descriptor that explains them."""
    folder = catalogue.package.directory
    descriptor = folder / DESCRIPTOR if (folder / DESCRIPTOR).is_file() else SHIPPED / DESCRIPTOR
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DESCRIPTOR, descriptor.read_bytes())
        for table in catalogue.package.tables:
            archive.writestr(table.path, table_csv(catalogue, table))
    return buffer.getvalue()
