"""The first sheet of an XLSX workbook that holds a table. Formulas come as their last values."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, ZipError

from legwise.intake.limits import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_UNPACKED,
    IntakeError,
    size_in_words,
)
from legwise.intake.sheet import Progress, Sheet, Texts, as_texts, check_rows, column_names
from legwise.intake.spellings import folded

#: Rows that are turned into columns at once.
BATCH = 20_000
#: A workbook takes several times its XML in memory.
MOST_XML = MOST_UNPACKED // 2
MOST_LINES_ABOVE = 30


def read_workbook(content: bytes | bytearray, known: Collection[str], progress: Progress) -> Sheet:
    """Read the first sheet with more than one row.

    Raises:
        IntakeError: the file is no workbook, or is too large.
    """
    _check_archive(content)
    progress(0.05, "Reading the workbook")
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height > 1:
                return _read(sheet, str(name), len(workbook.sheet_names), known, progress)
    except (CalamineError, ZipError) as error:
        raise IntakeError(f"The workbook cannot be read ({error}).") from error
    raise IntakeError("The workbook has no sheet with rows below a header.")


def _check_archive(content: bytes | bytearray) -> None:
    """Unpack the archive once, counting: what its directory says of sizes may be a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if not any(entry.filename.startswith("xl/") for entry in entries):
                raise IntakeError("The file is a ZIP archive. Unpack it, and send the table in it.")
            size = 0
            for entry in entries:
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    # Unpacking the others can take any memory; no program saves workbooks so.
                    raise IntakeError("The workbook is packed in an unusual way. Save it again.")
                with archive.open(entry) as part:
                    while piece := part.read(1 << 20):
                        size += len(piece)
                        if size > MOST_XML:
                            raise IntakeError(
                                f"The workbook unpacks to more than {size_in_words(MOST_XML)}. "
                                "Save it as CSV."
                            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        if isinstance(error, IntakeError):
            raise
        raise IntakeError(f"The workbook cannot be unpacked ({error}).") from error


def _read(sheet: Any, name: str, sheets: int, known: Collection[str], progress: Progress) -> Sheet:
    if sheet.width > MOST_COLUMNS:
        column_names([""] * sheet.width)
    if sheet.total_height > MOST_ROWS + MOST_LINES_ABOVE:
        check_rows(sheet.total_height)
    rows = sheet.iter_rows()
    top = [row for row, _ in zip(rows, range(MOST_LINES_ABOVE), strict=False)]
    at = _header_line(top, known)
    names = column_names([_text(cell) or "" for cell in top[at]])
    chunks: list[list[pa.DictionaryArray]] = [[] for _ in names]
    total = max(1, sheet.height)
    done = 0
    for batch in _batches(top[at + 1 :], rows):
        done += len(batch)
        progress(0.05 + 0.2 * min(1, done / total), f"Reading row {done:,}")
        for column, cells in enumerate(zip(*batch, strict=True)):
            texts = pa.array(map(_text, cells), pa.string(), size=len(cells))
            chunks[column].append(texts.dictionary_encode())
    check_rows(done)
    columns: dict[str, Texts] = {}
    for column, column_name in enumerate(names):
        columns[column_name] = as_texts(pa.chunked_array(chunks[column]))
        chunks[column] = []
    notes = [f"The sheet “{name}” was read, the first of {sheets} with rows."] if sheets > 1 else []
    if at:
        notes.append(f"The header is on row {at + 1}.")
    numbers = np.arange(done, dtype=np.int32) + at + 2
    return Sheet(columns, numbers, (), tuple(notes))


def _batches(start: list[Any], rows: Iterator[Any]) -> Iterator[list[Any]]:
    batch = start
    for row in rows:
        batch.append(row)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _header_line(top: list[list[Any]], known: Collection[str]) -> int:
    """Return the row that names most columns of ours, else the first that is as wide as most."""
    widths = [sum(cell not in ("", None) for cell in row) for row in top]
    usual = Counter(width for width in widths if width > 1).most_common(1)
    least = 0.6 * (usual[0][0] if usual else 1)

    def score(position: int) -> tuple[int, bool, int]:
        texts = [_text(cell) or "" for cell in top[position]]
        return (
            sum(folded(text) in known for text in texts),
            widths[position] >= least,
            -position,
        )

    return max(range(len(top)), key=score, default=0)


def _text(cell: Any) -> str | None:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time | timedelta | int):
        return str(cell)
    return None
