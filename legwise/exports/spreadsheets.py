"""Files to download, with what people need to read them later."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from legwise.tables.catalogue import Catalogue
from legwise.tables.descriptor import DESCRIPTOR
from legwise.tables.writing import descriptor_bytes, table_file
from legwise.text.shown import Shown

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: Spreadsheets run a cell that starts like this as a formula (OWASP ASVS 1.2.10); some skip blanks
#: and accept full-width marks as well.
_FORMULA = re.compile(r"^([\t\r]|\s*[=+\-@＝＋－＠])")
_NUMBER = re.compile(r"^[+-]?\d[\d,]*(\.\d+)?$")
_LEADING = re.compile(r"[+-]?\d[\d,]*(\.\d+)?(e[+-]?\d+)?")
#: Most rows in a sheet, including the head.
SHEET_ROWS = 1_048_576


def harmless(cell: object) -> str:
    """Return the cell as text; an apostrophe keeps spreadsheets from running it as a formula."""
    text = str(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def to_csv(frame: pd.DataFrame) -> bytes:
    """Return a frame as CSV in UTF-8 with harmless cells."""
    return (
        frame.map(harmless)
        .rename(columns=harmless)
        .to_csv(index=False, lineterminator="\n")
        .encode("utf-8")
    )


def to_xlsx(shown: Shown, sheet: str, about: Mapping[str, str]) -> bytes:
    """Return a workbook of two sheets: the table, and what it is and where it comes from.

    Numbers and dates are stored as such; what follows a number on screen, such as "kg" or
    "(seen 2025)", becomes its format.

    Raises:
        ValueError: the frame has too many rows for a sheet.
    """
    # A server starts sooner without it.
    import xlsxwriter

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
        for line, (name, text) in enumerate(about.items()):
            notes.write_string(line, 0, name, bold)
            notes.write_string(line, 1, harmless(text), wrap)
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
    for line, (text, value) in enumerate(
        zip(map(str, texts), values or [None] * len(texts), strict=True), 1
    ):
        form = _number_format(text, value)
        if form is None:
            rows.write(line, column, harmless(text))
            continue
        if form not in formats:
            formats[form] = book.add_format({"num_format": form})
        width = max(width, len(text))
        write = rows.write_datetime if isinstance(value, date) else rows.write_number
        write(line, column, value, formats[form])
    # A number wider than its column shows as "####", and autofit ignores its format.
    if width:
        rows.set_column(column, column, width + 1)


def _number_format(text: str, value: Any) -> str | None:
    """Return the format that shows a number or date as ``text``; ``None`` if it must stay text."""
    if isinstance(value, date):
        return "yyyy-mm-dd" if value.year > 1900 else None  # sheets have no earlier dates
    number = _LEADING.match(text)
    # Sheets keep 15 digits.
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
    """Return what every export says about itself: content, link back, data and licence."""
    package = catalogue.package
    return {
        "What this is": what,
        "Link": link,
        "Made on": today,
        "Data": f"{package.title}, version {package.version} of {package.created[:10]}",
        "Data version (hash)": catalogue.version,
        "Sources": "Each row names the page or work it is based on.",
        "Missing": "“not stated” means that the page read does not say; it never means no.",
        "Care": "This is not medical advice. No record of a caution is not proof of safety.",
        "Licence": f"{package.licence}; facts are cited",
    }


def package_zip(catalogue: Catalogue) -> bytes:
    """Return the whole data package: every table and the descriptor that explains them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DESCRIPTOR, descriptor_bytes(catalogue))
        for table in catalogue.package.tables:
            archive.writestr(table.path, table_file(catalogue, table))
    return buffer.getvalue()
