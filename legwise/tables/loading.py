"""CSV → text cells with their line numbers → typed frames.

Text is read as text: the words "None" and "NA" survive, and an empty cell means not stated.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from legwise.tables.schema import Field, Table, TablesError
from legwise.tables.stated import is_stated

# The csv module refuses cells above 128 KiB by default; ours are far below a mebibyte.
csv.field_size_limit(1 << 20)


@dataclass(frozen=True)
class Problem:
    """One fault in one file: where it is, the value there, what is allowed.

    ``line`` is the line in the file; 1 is the header, 0 the whole file. A ``tolerable`` fault
    (Windows line ends, two rows that cannot both be right) leaves every cell readable.
    """

    file: str
    line: int
    column: str
    value: str
    message: str
    tolerable: bool = False

    def __str__(self) -> str:
        value = self.value if len(self.value) <= 80 else f"{self.value[:79]}…"
        return f"{self.file}:{self.line}: {self.column or '-'}: {value!r}: {self.message}"


class DataError(TablesError):
    """The tables have faults; ``problems`` lists them all."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"faults in the tables: {len(problems)}, the first of them: {problems[0]}")
        self.problems = problems


@dataclass(frozen=True)
class RawTable:
    """The text cells of one file by column (empty = not stated), and each row's line."""

    table: Table
    file: str
    cells: Mapping[str, Sequence[str]]
    lines: tuple[int, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The cells as a frame of ``str``; an empty cell is missing."""
        return pd.DataFrame(
            {name: [cell or None for cell in cells] for name, cells in self.cells.items()},
            dtype="str",
        )

    @property
    def readable(self) -> bool:
        """Whether the file could be split into rows (single faulty rows do not count)."""
        return not any(problem.line <= 1 and not problem.tolerable for problem in self.problems)


def read_raw(table: Table, path: Path) -> RawTable:
    """Read the file of ``table``; collect faults of form, never raise them."""
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = Problem(
            path.name,
            0,
            "",
            "",
            f"the file cannot be read ({error.strerror}); the package needs it",
        )
        return RawTable(table, path.name, _empty(table), (), (problem,))
    return parse_raw(table, path.name, content)


def parse_raw(table: Table, file: str, content: bytes) -> RawTable:
    """Split ``content`` into text cells, collecting every fault of form.

    Such faults are a wrong encoding, a byte order mark, Windows line ends, a missing, repeated or
    unknown column, a row that is too short or too long, an empty line, an empty file.
    """
    problems: list[Problem] = []
    text = _decode(file, content, problems)
    if not text.strip():
        if not problems or all(problem.tolerable for problem in problems):
            problems.append(Problem(file, 0, "", "", "the file is empty; it needs a header line"))
        return RawTable(table, file, _empty(table), (), tuple(problems))
    header, rows, lines = _split(file, text, problems)
    problems += _header_problems(table, file, header)
    positions = {name: header.index(name) for name in table.by_name if name in header}
    cells = {
        name: [row[positions[name]] if name in positions else "" for row in rows]
        for name in table.by_name
    }
    return RawTable(table, file, cells, tuple(lines), tuple(problems))


def _decode(file: str, content: bytes, problems: list[Problem]) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        message = "the file starts with a byte order mark; save it as UTF-8 without one"
        problems.append(Problem(file, 1, "", "", message, tolerable=True))
        content = content[3:]
    if b"\r" in content:
        line = content[: content.index(b"\r")].count(b"\n") + 1
        message = "the file has Windows or old Mac line ends; save it with line feeds only"
        problems.append(Problem(file, line, "", "", message, tolerable=True))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        wrong = content[error.start : error.end].hex(" ")
        # No cell of a file in another encoding can be trusted: a fault of the whole file.
        problems.append(
            Problem(
                file,
                0,
                "",
                wrong,
                f"line {line} holds bytes that are not UTF-8; save the file as UTF-8",
            )
        )
        return ""


def _split(
    file: str, text: str, problems: list[Problem]
) -> tuple[list[str], list[list[str]], list[int]]:
    """Return header, rows of the header's length, and the line each row starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    before = 0
    try:
        for row in reader:
            line, before = before + 1, reader.line_num
            if not header:
                header = row
            elif not row:
                problems.append(Problem(file, line, "", "", "the line is empty; remove it"))
            elif len(row) != len(header):
                message = f"the row has {len(row)} cells; the header has {len(header)}"
                problems.append(Problem(file, line, "", row[0], message))
            else:
                rows.append(row)
                lines.append(line)
    except csv.Error as error:
        message = f"the row cannot be read ({error}); check its quotation marks"
        problems.append(Problem(file, reader.line_num, "", "", message))
    return header, rows, lines


def _header_problems(table: Table, file: str, header: list[str]) -> Iterator[Problem]:
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            yield Problem(file, 1, name, name, "the column is there more than once; keep one")
        if name not in table.by_name:
            yield Problem(file, 1, name, name, f"unknown column; known: {', '.join(table.by_name)}")
    for name, field in table.by_name.items():
        if name not in header:
            may = "" if field.required else " (its cells may be empty)"
            yield Problem(file, 1, name, "", f"the column is missing; add it{may}")


def to_typed(raw: RawTable) -> pd.DataFrame:
    """Convert checked text cells by the schema; rows and columns keep their order.

    ``boolean`` → nullable boolean, ``integer`` → Int64, ``number`` → float64, ``date`` →
    datetime64, ``list`` → tuple of str (empty = not stated), else ``str`` with missing cells.

    Raises:
        ValueError: a cell is not of its column's type (so check first).
    """
    return pd.DataFrame(
        {field.name: _convert(raw.frame[field.name], field) for field in raw.table.fields}
    )


def _convert(cells: pd.Series, field: Field) -> pd.Series:
    if field.type == "boolean":
        return cells.map({"yes": True, "no": False}).astype("boolean")
    if field.type == "integer":
        return pd.to_numeric(cells).astype("Int64")
    if field.type == "number":
        return pd.to_numeric(cells).astype("float64")
    if field.type == "date":
        return pd.to_datetime(cells, format="%Y-%m-%d")
    if field.is_list:
        items = [
            tuple(cell.split(field.delimiter)) if isinstance(cell, str) else () for cell in cells
        ]
        return pd.Series(items, index=cells.index, dtype="object")
    return cells


def typed_cells(cells: Sequence[Any], field: Field) -> pd.Series:
    """Return cells with the type that loaded tables have."""
    if field.is_list:
        made = np.empty(len(cells), dtype=object)
        made[:] = [tuple(cell) for cell in cells]
        return pd.Series(made, dtype=object)
    missing = [None if not is_stated(cell) else cell for cell in cells]
    types = {"boolean": "boolean", "integer": "Int64", "number": "float64", "string": "str"}
    if field.type == "date":
        return pd.Series(missing, dtype="datetime64[us]")
    return pd.Series(missing, dtype=types[field.type])


def _empty(table: Table) -> dict[str, list[str]]:
    return {name: [] for name in table.by_name}
