"""How much one file may hold. What is larger is refused before it is read."""

from __future__ import annotations

from legwise.tables.schema import TablesError

#: Bytes of a file, as the visitor sends it.
MOST_BYTES = 200 * 1024 * 1024
#: Bytes of what a packed file unpacks to: a bomb stops here.
MOST_UNPACKED = 512 * 1024 * 1024
#: Bytes of memory of all lists in use at once, by all visitors of one server; files on their way to
#: it may have as many.
MOST_HELD = 1024 * 1024 * 1024
#: Rows: what one sheet of a spreadsheet program can hold.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 250
#: Characters of one cell; pages show cells whole.
MOST_CHARACTERS = 4_000
#: Rows whose number of cells is wrong; a file with more is not read with the right separator.
MOST_BAD_ROWS = 20_000


class IntakeError(TablesError):
    """The file cannot be used; the message says why and what to do."""


def size_in_words(size: int) -> str:
    """Write a number of bytes: "1.2 MB"."""
    return f"{size / 1024**2:,.3g} MB" if size >= 100_000 else f"{size:,} bytes"
