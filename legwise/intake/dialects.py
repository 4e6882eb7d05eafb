"""How a text file is written: its encoding, its separator, the line its header stands on."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from legwise.intake.limits import IntakeError
from legwise.intake.spellings import folded

#: The bytes of a file.
Content = bytes | bytearray
#: Bytes that are looked at to tell encoding and separator.
SAMPLE = 1 << 18
#: Lines among which the header is looked for.
MOST_LINES_ABOVE = 30
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Encodings that shops' lists come in, besides UTF-8. A guess among all there are is often wrong.
_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "euc_kr"]
#: First bytes of files that are no tables, whatever they are called.
_OTHER_FILES = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"%PDF": "a PDF",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"Rar!": "an archive (RAR)",
    b"7z\xbc\xaf": "an archive (7z)",
    b"\x28\xb5\x2f\xfd": "a file packed with zstd",
    b"BZh": "a file packed with bzip2",
    b"\xd0\xcf\x11\xe0": "an old Excel file (XLS); save it as XLSX or CSV",
    b"\xfd7zXZ": "a file packed with xz",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
    b"SQLite": "a database",
}


@dataclass(frozen=True)
class Dialect:
    """How a text file is written; ``above`` is the number of lines down to its first row."""

    encoding: str
    separator: str
    heads: tuple[str, ...]
    above: int
    quoted: bool
    #: Whether quoted cells stand behind a space: ``1, "a, b"``.
    spaced: bool = False
    #: Positions of columns in whose first rows no text repeats.
    differing: frozenset[int] = frozenset()


def other_file(content: Content) -> str:
    """Say what a file is that is no table, or ""."""
    starts = (content[:16], content[:16].lstrip().lower())
    return next((what for mark, what in _OTHER_FILES.items() if _starts(starts, mark)), "")


def _starts(starts: tuple[Content, Content], mark: bytes) -> bool:
    # Only the names of HTML may be in capitals.
    return starts[mark.startswith(b"<")].startswith(mark)


def find_encoding(content: Content) -> str:
    """Return the name of the encoding: by its mark, else UTF-8 if it is, else the likeliest."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    start = content[:SAMPLE]
    if name := _utf16_without_mark(start):
        return name
    fault = _not_utf8(content)
    if fault is not None:
        # Only a list in an old encoding needs it.
        from charset_normalizer import from_bytes

        first = max(0, fault - SAMPLE // 4)
        guesses = from_bytes(
            content[first : first + SAMPLE // 2], cp_isolation=_ENCODINGS, threshold=0.4
        )
        best = guesses.best()
        # Of two that read equally well, the one that most lists outside UTF-8 come in.
        usual = [guess for guess in guesses if "cp1252" in guess.could_be_from_charset]
        if not best or any(guess.chaos <= best.chaos + 0.02 for guess in usual):
            return "cp1252"
        return best.encoding
    return "utf-8"


def _not_utf8(content: Content) -> int | None:
    """Return where the content stops being UTF-8, if it does."""
    # The whole is one text to Arrow, which checks it without making one.
    ends = pa.py_buffer(np.array([0, len(content)], dtype=np.int64))
    whole = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(content)])
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return _first_fault(content)
    return None


def _first_fault(content: Content) -> int | None:
    # Piece by piece: the text of the whole file would take up to four times its size.
    view, start, read = memoryview(content), 0, 1
    try:
        while read:
            _, read = codecs.utf_8_decode(view[start : start + (1 << 22)], "strict", False)
            start += read
    except UnicodeDecodeError as error:
        return start + error.start
    # It ends within a letter.
    return start if start < len(view) else None


def _utf16_without_mark(start: Content) -> str:
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = max(1, len(start) // 2)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return ""


def find_dialect(content: Content, known: Collection[str] = ()) -> Dialect:
    """Tell how a text file is written; ``known`` are names (folded) that its header may hold.

    Raises:
        IntakeError: it is not a table of text.
    """
    if what := other_file(content):
        raise IntakeError(f"The file is {what}, whatever its name says. It cannot be read.")
    encoding = find_encoding(content)
    sample = content[:SAMPLE].decode(encoding, errors="ignore").removeprefix("\ufeff")
    if not sample.strip("\0 \r\n\t,;|"):
        raise IntakeError("The file is empty.")
    strange = sum(1 for char in sample if not char.isprintable() and char not in "\r\n\t\0")
    if strange > 0.02 * len(sample):
        raise IntakeError("The file is not text: it cannot be read as CSV.")
    sample = sample.replace("\0", "")
    lines = {mark: _split(sample, mark) for mark in SEPARATORS}
    separator = max(SEPARATORS, key=lambda mark: _evenness(lines[mark]))
    rows = lines[separator]
    spaced = any(
        cell.startswith(" ") and cell.lstrip()[:1] == '"' for row, _ in rows for cell in row
    )
    if spaced:
        rows = _split(sample, separator, spaced=True)
    at, width = _header_line(rows, known)
    heads, above = rows[at] if rows else ([], 0)
    # Rows that end with a separator have a cell more than their header.
    heads = [*heads, *[""] * (width - len(heads))]
    quoted = '"' in sample or b'"' in content
    below = [row for row, _ in rows[at + 1 :] if len(row) == len(heads)]
    differing = {
        position
        for position, cells in enumerate(zip(*below, strict=True))
        if len(set(cells)) == len(below)
    }
    return Dialect(encoding, separator, tuple(heads), above, quoted, spaced, frozenset(differing))


def _split(sample: str, separator: str, *, spaced: bool = False) -> list[tuple[list[str], int]]:
    """Return the first rows, and the number of lines down to the end of each."""
    rows: list[tuple[list[str], int]] = []
    lines = io.StringIO(sample, newline="")
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=spaced)
    try:
        for row in reader:
            rows.append((row, reader.line_num))
            if len(rows) > 4 * MOST_LINES_ABOVE:
                break
    except csv.Error:
        pass
    return rows


def _evenness(rows: list[tuple[list[str], int]]) -> tuple[float, int]:
    """Tell how well a separator splits: how many rows are equally wide, and how wide."""
    widths = Counter(len(row) for row, _ in rows if len(row) > 1)
    if not widths:
        return 0.0, 0
    width, number = widths.most_common(1)[0]
    return number / len(rows), width


def _header_line(rows: list[tuple[list[str], int]], known: Collection[str]) -> tuple[int, int]:
    """Return the position of the header, and how many cells most rows have.

    The header is the row that names most columns of ours; without such names, the first row that is
    as wide as most.
    """
    widths = Counter(len(row) for row, _ in rows if any(row))
    if not widths:
        return 0, 0
    width = max(widths, key=lambda size: (widths[size] * (size > 1), widths[size], -size))

    def score(position: int) -> tuple[int, bool, int, bool, int]:
        row = rows[position][0]
        hits = sum(folded(cell) in known for cell in row)
        # Titles above a table fill one cell, a header fills nearly all.
        full = sum(map(bool, row)) > 0.6 * width
        return hits if hits > 1 else 0, len(row) == width, hits, full, -position

    return max(range(min(len(rows), MOST_LINES_ABOVE)), key=score), width
