"""Where a database is, without what opens it: no password is ever part of an address."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pyarrow.parquet as pq

from legwise.intake.limits import MOST_ROWS
from legwise.tables.schema import TablesError

#: Scheme of an address → what people call the database.
SCHEMES = {
    "parquet": "Parquet files",
    "duckdb": "DuckDB",
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
}
ADVICE = (
    "Leave the password out of the address, which others can see. Put it into the variable "
    "PGPASSWORD, or into the file that PGPASSFILE names."
)
MISSING = "To ask a database, install what that takes: pip install 'legwise[app,database]'."


class DatabaseError(TablesError):
    """A database cannot be asked. The message names no host, no user and no password."""


class TooLongError(DatabaseError):
    """A question took too long, and was stopped: others may be answered."""


@dataclass(frozen=True)
class Address:
    """A database, and the table or query in it that holds the devices.

    ``target`` is a file, a folder, or the address of a server without table and query.
    """

    scheme: str
    target: str
    table: str = ""
    query: str = ""

    @property
    def text(self) -> str:
        """The address as it is read again, from any folder."""
        target = self.target if self.scheme == "postgresql" else Path(self.target).resolve()
        pairs = {"table": self.table, "query": self.query}
        options = urlencode({name: value for name, value in pairs.items() if value})
        start = f"{target}" if self.scheme == "postgresql" else f"{self.scheme}:{target}"
        return f"{start}?{options}" if options else start

    @property
    def name(self) -> str:
        """What pages call it; nothing of the server is in it."""
        what = self.table or ("a query" if self.query else "")
        if self.scheme == "postgresql":
            return f"{what or 'a table'} ({SCHEMES[self.scheme]})"
        file = Path(self.target).name
        return f"{file}, {what}" if what else file


def read_address(text: str) -> Address | None:
    """Read the address of a database; ``None`` if the text names a file to be read into memory.

    A folder of Parquet files with more rows than memory is meant for is read in place.

    Raises:
        DatabaseError: the address is none, or holds a password, or what asks it is not installed.
    """
    address = _read(text)
    if address and not find_spec("ibis"):
        raise DatabaseError(MISSING)
    return address


def _read(text: str) -> Address | None:
    scheme, colon, rest = text.partition(":")
    if not colon or scheme not in (*SCHEMES, "postgres"):
        folder = Path(text)
        return Address("parquet", text) if folder.is_dir() and is_long(folder) else None
    if scheme in ("postgresql", "postgres"):
        return _server(text)
    path, _, options = rest.partition("?")
    # sqlite:///file is how others write sqlite:/file.
    path = "/" + path.lstrip("/") if path.startswith("//") else path
    if not path or not Path(path).exists():
        raise DatabaseError(f"There is no {Path(path).name or 'file'} to read with {scheme}.")
    return Address(scheme, path, **_options(options))


def _server(text: str) -> Address:
    parts = urlsplit(text)
    try:
        secret = parts.password is not None
    except ValueError as error:
        raise DatabaseError("The address of the database cannot be read.") from error
    pairs = dict(parse_qsl(parts.query))
    if secret or "password" in pairs:
        raise DatabaseError(ADVICE)
    target = urlunsplit(("postgresql", parts.netloc, parts.path, "", ""))
    return Address("postgresql", target, **_options(parts.query))


def _options(text: str) -> dict[str, str]:
    pairs = dict(parse_qsl(text))
    if unknown := pairs.keys() - {"table", "query"}:
        raise DatabaseError(f"An address takes table or query, not {', '.join(sorted(unknown))}.")
    return pairs


def is_long(folder: Path) -> bool:
    """Whether the Parquet files of a folder have more rows than are read into memory."""
    rows = 0
    for file in sorted(folder.glob("*.parquet")):
        rows += pq.ParquetFile(file).metadata.num_rows
        if rows > MOST_ROWS:
            return True
    return False
