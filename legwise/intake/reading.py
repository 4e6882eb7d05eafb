"""A file → a sheet of texts: CSV, TSV (packed with gzip or not), Parquet (a folder too), XLSX."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from legwise.intake.attributes import with_attributes
from legwise.intake.dialects import SEPARATORS, Content, Dialect, find_dialect
from legwise.intake.limits import (
    MOST_BAD_ROWS,
    MOST_UNPACKED,
    IntakeError,
    size_in_words,
)
from legwise.intake.sheet import (
    BadRow,
    Progress,
    Sheet,
    Texts,
    as_texts,
    check_rows,
    column_names,
    drop_empty_rows,
    silent,
)
from legwise.intake.spellings import printable
from legwise.intake.workbooks import read_workbook
from legwise.tables.at_once import columns_at_once

#: Bytes of a block that pyarrow parses at once: no cell may be longer.
BLOCK = 8 << 20
#: Bytes that are unpacked at once.
PIECE = 1 << 22
#: Endings of files that can be read, as people call them.
ENDINGS = ("csv", "tsv", "txt", "gz", "parquet", "xlsx")


def read_file(path: Path, known: Collection[str] = (), progress: Progress = silent) -> Sheet:
    """Read a file, or a folder of Parquet files.

    Raises:
        IntakeError: it cannot be read, or is too large.
    """
    try:
        if path.is_dir():
            return _read_folder(path, progress)
        if path.stat().st_size > MOST_UNPACKED:
            raise IntakeError(_too_large(path.stat().st_size))
        # Nothing else holds the bytes, so that those of text can be freed on the way.
        return read_content(path.read_bytes(), known, progress)
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read ({error.strerror}).") from error


def read_content(content: bytes, known: Collection[str] = (), progress: Progress = silent) -> Sheet:
    """Read the bytes of a file. Its first bytes say what it is.

    Raises:
        IntakeError: it cannot be read, or is too large.
    """
    progress(0.02, "Reading the file")
    try:
        rest = _read(content, known, progress)
        del content
        sheet = rest(progress)
    except (pa.ArrowException, zlib.error, MemoryError, UnicodeError, OSError) as error:
        raise IntakeError(
            f"The file cannot be read; it may be cut off or broken ({printable(str(error), 200)})."
        ) from error
    columns, rows, dropped = drop_empty_rows(sheet.columns, sheet.rows)
    if not len(rows) and sheet.bad_rows:
        raise IntakeError(
            f"No row has as many cells as the header, which has {len(columns)}. "
            "Check the separator, and the quotation marks."
        )
    check_rows(len(rows))
    if dropped:
        note = f"{dropped:,} rows without any value were passed over."
        sheet = replace(sheet, columns=columns, rows=rows, notes=(*sheet.notes, note))
    return with_attributes(sheet)


def _read(given: bytes, known: Collection[str], progress: Progress) -> Callable[[Progress], Sheet]:
    """Read a file as far as its bytes are needed; return what reads the rest."""
    notes: tuple[str, ...] = ()
    content: Content = given
    if given[:2] == b"\x1f\x8b":
        content = _unpack(given)
        notes = (f"Unpacked to {size_in_words(len(content))}.",)
    if content[:4] == b"PAR1":
        return partial(_parquet, [pa.py_buffer(content)])
    if content[:4] == b"PK\x03\x04":
        return partial(read_workbook, content, known)
    return partial(_sheet, _text(content, known, progress, notes))


def _too_large(size: int) -> str:
    return (
        f"The file has {size_in_words(size)}; at most {size_in_words(MOST_UNPACKED)} can be read. "
        "Pack it with gzip, save it as Parquet, or split it."
    )


def _unpack(content: bytes) -> bytearray:
    """Unpack in two passes: one that counts, so that a bomb takes no memory, and one that keeps."""
    unpacked = bytearray(sum(map(len, _pieces(content))))
    at = 0
    for piece in _pieces(content):
        unpacked[at : at + len(piece)] = piece
        at += len(piece)
    return unpacked


def _pieces(content: bytes) -> Iterator[bytes]:
    view, at, size = memoryview(content), 0, 0
    while bytes(view[at : at + 2]) == b"\x1f\x8b":
        stream = zlib.decompressobj(wbits=31)
        while not stream.eof:
            given = view[at : at + PIECE]
            piece = stream.decompress(given, PIECE)
            read = len(given) - len(stream.unconsumed_tail) - len(stream.unused_data)
            at, size = at + read, size + len(piece)
            if size > MOST_UNPACKED:
                raise IntakeError(
                    f"The file unpacks to more than {size_in_words(MOST_UNPACKED)}. "
                    "It was not read."
                )
            if not piece and not read and not stream.eof:
                raise IntakeError("The packed file is cut off: its end is missing. Send it again.")
            yield piece


@dataclass(frozen=True, eq=False)
class _Split:
    """A text file, split into columns."""

    columns: dict[str, pa.ChunkedArray]
    rows: int
    #: The line below the header.
    first: int
    bad: tuple[BadRow, ...]
    notes: tuple[str, ...]
    semicolons: bool


def _text(
    content: Content, known: Collection[str], progress: Progress, notes: tuple[str, ...]
) -> _Split:
    dialect = find_dialect(content, known)
    names = column_names(dialect.heads)
    read_as = (
        f"Read as {dialect.encoding.upper().replace('_', '-')}, separated by "
        f"{SEPARATORS[dialect.separator]}s."
    )
    notes = (*notes, read_as)
    if not dialect.encoding.startswith("utf-16") and not dialect.encoding.startswith("utf-32"):
        if b"\0" in content:
            content = content.replace(b"\0", b"")
            notes = (*notes, "Null bytes were left out.")
        if b"\n" not in content and b"\r" in content:
            content = content.replace(b"\r", b"\n")
        if dialect.spaced:
            # The parser takes a quotation mark behind a space for a part of the cell.
            content = re.sub(
                b'(?<=%b) +(?=")' % re.escape(dialect.separator.encode()), b"", content
            )
    if dialect.above > 1:
        notes = (*notes, f"The header is on line {dialect.above}.")
    progress(0.05, "Splitting the rows")
    table, bad = _split_by_any_way(content, names, dialect)
    _check_last_quote(table, dialect.above + len(bad) + table.num_rows, content)
    return _Split(
        dict(zip(names, table.columns, strict=True)),
        table.num_rows,
        dialect.above + 1,
        tuple(bad),
        notes,
        dialect.separator == ";",
    )


def _sheet(split: _Split, progress: Progress) -> Sheet:
    rows, bad, first = split.rows, split.bad, split.first
    columns = _texts(split.columns, progress)
    if rows:
        check_rows(rows)
    numbers = np.arange(rows + len(bad), dtype=np.int32)
    if bad:
        numbers = np.delete(numbers, [item.row for item in bad])
    return Sheet(
        columns,
        numbers + first,
        tuple(replace(item, row=item.row + first) for item in bad if item.text.strip()),
        split.notes,
        split.semicolons,
    )


class _BadRowsError(Exception):
    """Some row has another number of cells than the header."""


def _split_by_any_way(
    content: Content, names: tuple[str, ...], dialect: Dialect
) -> tuple[pa.Table, list[BadRow]]:
    """Split a file into columns, the quickest way first; return its bad rows, too."""
    if dialect.quoted:
        # All processors split, each from the next line break on. Where one is within a cell, there
        # are fewer rows than lines, whatever became of them.
        with suppress(IntakeError, _BadRowsError):
            table = _split(content, names, dialect, across_lines=False)
            lines = _line_breaks(content) + (not content.endswith(b"\n"))
            if table.num_rows == lines - dialect.above:
                return table, []
    try:
        return _split(content, names, dialect), []
    except _BadRowsError:
        bad: list[BadRow] = []
        return _split(content, names, dialect, bad), bad


def _line_breaks(content: Content) -> int:
    """Count them: numpy looks at many bytes at once, where ``count`` looks at each."""
    there, at_once = np.frombuffer(content, np.uint8), 1 << 18
    pieces = (there[start : start + at_once] for start in range(0, len(there), at_once))
    return sum(int(np.count_nonzero(piece == ord("\n"))) for piece in pieces)


def _split(
    content: Content,
    names: tuple[str, ...],
    dialect: Dialect,
    bad: list[BadRow] | None = None,
    *,
    across_lines: bool = True,
) -> pa.Table:
    """Split a file into columns, and note its bad rows: only one thread knows their numbers.

    Raises:
        _BadRowsError: there are some, and they are not asked for.
    """
    some = False

    def note(row: pacsv.InvalidRow) -> str:
        nonlocal some
        some = True
        if bad is None:
            return "error"
        message = f"the row has {row.actual_columns} cells; the header has {len(names)}"
        # pyarrow counts from 1, the lines that were passed over included.
        number = (row.number or dialect.above + 1) - dialect.above - 1
        bad.append(BadRow(number, printable(row.text or "", 200), message))
        if len(bad) > MOST_BAD_ROWS:
            raise IntakeError(
                f"More than {MOST_BAD_ROWS:,} rows do not have as many cells as the header. "
                "Check the separator, and the quotation marks."
            )
        return "skip"

    repeated = pa.dictionary(pa.int32(), pa.string())
    kinds = {
        name: pa.string() if position in dialect.differing else repeated
        for position, name in enumerate(names)
    }
    try:
        return pacsv.read_csv(
            pa.BufferReader(content),
            pacsv.ReadOptions(
                use_threads=bad is None,
                block_size=BLOCK,
                skip_rows=dialect.above,
                column_names=list(names),
                encoding=dialect.encoding.replace("utf-8-sig", "utf-8"),
            ),
            pacsv.ParseOptions(
                delimiter=dialect.separator,
                newlines_in_values=dialect.quoted and across_lines,
                ignore_empty_lines=len(names) == 1,
                invalid_row_handler=note,
            ),
            pacsv.ConvertOptions(
                # What has no mark was checked as a whole.
                check_utf8=dialect.encoding != "utf-8",
                column_types=kinds,
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        if some and bad is None:
            raise _BadRowsError from error
        if "Empty CSV" in str(error):
            raise IntakeError("The file has no rows below its header.") from error
        raise IntakeError(
            "The file cannot be split into rows: a quotation mark that is never closed, or a cell "
            f"of more than {size_in_words(BLOCK)} ({printable(str(error), 160)})."
        ) from error


def _check_last_quote(table: pa.Table, row: int, content: Content) -> None:
    """Refuse a file whose last cell runs on over lines because its quotation mark never closes.

    An odd number of marks alone is no fault: a cell may speak of 12". Nor is a line break at the
    end of a cell.
    """
    last = [(column[-1].as_py() or "").strip() for column in table.columns if len(column)]
    if any("\n" in cell for cell in last) and content.count(b'"') % 2:
        raise IntakeError(
            f"A quotation mark in row {row:,} is never closed, so all that follows it is one "
            "cell. Close it, and send the file again."
        )


def _texts(columns: dict[str, pa.ChunkedArray], progress: Progress) -> dict[str, Texts]:
    """Empty ``columns``: each is freed once it is read, or the file would be in memory twice."""
    names = list(columns)
    texts: dict[str, Texts] = {}

    def read(name: str) -> Texts:
        return as_texts(columns.pop(name))

    with columns_at_once() as pool:
        for number, (name, made) in enumerate(zip(names, pool.map(read, names), strict=True)):
            progress(0.1 + 0.2 * number / len(names), f"Reading the column {name}")
            texts[name] = made
    # The whole file is free now, and what is made of its columns needs as much again.
    pa.default_memory_pool().release_unused()
    return texts


def _read_folder(folder: Path, progress: Progress) -> Sheet:
    paths = sorted(folder.glob("*.parquet"))
    if not paths:
        raise IntakeError(f"{folder}: the folder holds no Parquet files (*.parquet).")
    if sum(path.stat().st_size for path in paths) > MOST_UNPACKED:
        raise IntakeError(_too_large(sum(path.stat().st_size for path in paths)))
    try:
        return _parquet(paths, progress)
    except pa.ArrowException as error:
        raise IntakeError(
            f"{folder}: a file cannot be read ({printable(str(error), 200)})."
        ) from error


def _parquet(sources: Iterable[Path | pa.Buffer], progress: Progress) -> Sheet:
    parts = [(source, pq.ParquetFile(source)) for source in sources]
    rows = sum(file.metadata.num_rows for _, file in parts)
    check_rows(rows)
    size = 0
    for _, file in parts:
        groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
        size += sum(group.total_byte_size for group in groups)
        column_names(file.schema_arrow.names)
    if size > MOST_UNPACKED:
        raise IntakeError(
            f"The file unpacks to more than {size_in_words(MOST_UNPACKED)}. It was not read."
        )
    progress(0.05, "Reading the columns")
    notes: list[str] = []
    tables = []
    for source, file in parts:
        for item in file.schema_arrow:
            if not _is_readable(item.type):
                notes.append(f"The column {printable(item.name, 80)} ({item.type}) was not read.")
        texts = [item.name for item in file.schema_arrow if pa.types.is_string(item.type)]
        columns = [item.name for item in file.schema_arrow if _is_readable(item.type)]
        # Repeated texts stay numbers from the file to the page.
        read = pq.ParquetFile(source, read_dictionary=texts).read(columns)
        # Nothing in the format says that a text is text.
        read.validate(full=True)
        tables.append(read if len(parts) == 1 else _as_strings(read))
    table = tables[0] if len(tables) == 1 else pa.concat_tables(tables, promote_options="default")
    named = dict(zip(column_names(table.column_names), table.columns, strict=True))
    numbers = np.arange(2, table.num_rows + 2, dtype=np.int32)
    del read, table, tables
    return Sheet(_texts(named, progress), numbers, (), tuple(dict.fromkeys(notes)))


def _as_strings(table: pa.Table) -> pa.Table:
    """Return the table with texts in all columns, as files of one folder may differ in types."""
    columns = [as_texts(column).of_rows for column in table.columns]
    return pa.table(dict(zip(table.column_names, columns, strict=True)))


def _is_readable(kind: pa.DataType) -> bool:
    types = pa.types
    if types.is_list(kind) or types.is_large_list(kind):
        return _is_readable(kind.value_type) and not types.is_list(kind.value_type)
    if types.is_dictionary(kind):
        return _is_readable(kind.value_type)
    return not (
        types.is_nested(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
        or types.is_duration(kind)
        or types.is_time(kind)
    )
