"""A database that is only read: SQL with bound texts, a time limit, and errors without secrets."""

from __future__ import annotations

import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any

import duckdb
import ibis
import sqlglot
from ibis.backends.sql.compilers import DuckDBCompiler, PostgresCompiler, SQLiteCompiler
from sqlglot import exp

from legwise.database.address import SCHEMES, Address, DatabaseError, TooLongError

Row = tuple[Any, ...]
#: Seconds that one query may take.
LONGEST = 30
#: Seconds that a server may take to answer a call, and how long one that did not is left alone.
LONGEST_CALL, PAUSE = 5, 1.0
#: Most columns that PostgreSQL tells apart in grouping sets.
MOST_AT_ONCE = 31
#: What DuckDB may hold at once, and its threads come with the machine.
MEMORY = "700MB"
#: The table of the address, as expressions name it.
SOURCE = "legwise_devices"
#: A column of that table that is worked out: how many facts a row states.
FACTS = "legwise_facts"
GONE = "The database cannot be reached now. The page works again when it is back."
TOO_LONG = (
    f"The database took longer than {LONGEST} seconds and was stopped. Ask for less, or ask "
    "whoever runs it for an index on the columns in question."
)
REFUSED = (
    "The database refused the question. Whoever runs it can see why: its table may have changed."
)
#: How types begin → the types that we tell apart; all others are read as texts.
NUMBERS = ("int", "bigint", "smallint", "tinyint", "hugeint", "uint", "ubigint", "usmallint")
FRACTIONS = ("double", "real", "float", "numeric", "decimal")


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]  # ibis has no types for it
def octet_length(text: str) -> int:
    """Return the bytes of a text, which PostgreSQL counts."""
    raise NotImplementedError


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]  # ibis has no types for it
def strlen(text: str) -> int:
    """Return the bytes of a text, which DuckDB counts."""
    raise NotImplementedError


class Database(ABC):
    """One table or query of a database, which answers expressions over :attr:`source`."""

    compiler: Any
    #: How a bound text is written.
    mark: str
    #: Whether it counts by several groups in one pass.
    groups_at_once = True
    #: How many questions it is asked at the same time.
    questions_at_once = 1
    #: What tells how many bytes a text has; a letter with a mark has several.
    byte_length: Callable[[Any], Any] | None = None

    def __init__(self, address: Address) -> None:
        self.address = address
        self.relation = self._relation()
        self.types = {name: _kind(kind) for name, kind in self._columns()}
        if not self.types:
            raise DatabaseError("The table has no columns.")
        self.source: Any = ibis.table({**self.types, FACTS: "int64"}, name=SOURCE)
        self._facts: Any = None

    def ask(self, expression: Any) -> list[Row]:
        """Return the rows of an expression.

        Raises:
            DatabaseError: the database is gone, refuses, or takes too long.
        """
        return self.run(*self.sql(expression))

    def work_out(self, facts: Any) -> None:
        """Take what :data:`FACTS` means."""
        self._facts = facts

    @cached_property
    def _with_facts(self) -> tuple[str, dict[str, str]]:
        """The rows with their facts as SQL: long, and in many questions, so it is made once."""
        select = self.compiler.to_sqlglot(self.source.select(facts=self._facts))
        (worked_out,) = select.expressions
        (under,) = (table.alias for table in select.find_all(exp.Table))
        relation = self.relation.copy()
        named = (
            exp.alias_(relation, under, table=True)
            if isinstance(relation, exp.Table)
            else relation.subquery(under)
        )
        every = exp.Column(this=exp.Star(), table=exp.to_identifier(under, quoted=True))
        fact = exp.alias_(worked_out.unalias(), FACTS, quoted=True)
        names: dict[str, str] = {}
        # Its texts are bound by names that no other text of a question has.
        fact = fact.transform(lambda node: self._bound(node, names, "f"), copy=False)
        rows = exp.select(every, fact, copy=False).from_(named, copy=False)
        return rows.sql(self.compiler.dialect), names

    def _bound(self, node: Any, names: dict[str, str], letter: str) -> Any:
        """Bind a text: one name per text, for what is grouped by must be what is selected."""
        if isinstance(node, exp.Literal) and node.is_string:
            name = names.setdefault(node.this, f"{letter}{len(names)}")
            return exp.Var(this=self.mark.format(name))
        return node

    def sql(self, expression: Any) -> tuple[str, dict[str, str]]:
        """Return an expression as SQL, and its texts by the names that they are bound to."""
        tree = self.compiler.to_sqlglot(expression)
        names: dict[str, str] = {}
        asks_facts = any(column.name == FACTS for column in tree.find_all(exp.Column))
        rows, texts = self._with_facts if asks_facts else ("", {})

        def bound(node: Any) -> Any:
            if isinstance(node, exp.Table) and node.name == SOURCE:
                alias = node.alias or SOURCE
                if asks_facts:
                    name = exp.to_identifier(alias, quoted=True).sql(self.compiler.dialect)
                    return exp.Var(this=f"({rows}) AS {name}")
                if isinstance(self.relation, exp.Table):
                    return exp.alias_(self.relation, alias, table=True)
                return self.relation.copy().subquery(alias)
            return self._bound(node, names, "p")

        # Copied, for the same part may stand in several places of a tree.
        text = tree.transform(bound).sql(self.compiler.dialect)
        return text, {name: value for its in (names, texts) for value, name in its.items()}

    @abstractmethod
    def run(self, sql: str, texts: dict[str, str] | None = None) -> list[Row]:
        """Run SQL that only reads, and return its rows.

        Raises:
            DatabaseError: the database is gone, refuses, or takes too long.
        """

    @abstractmethod
    def _columns(self) -> list[tuple[str, str]]:
        """Return the columns of the relation, each with the name of its type."""

    @abstractmethod
    def _tables(self) -> list[str]:
        """Return the tables that there are, for an address that names none."""

    def indexed(self) -> set[str] | None:
        """Return the columns that an index begins with; ``None`` where indexes are of no use."""
        return None

    def is_ascii(self, text: Any) -> Any:
        """Return the condition that a text has letters without marks alone, where it is quick."""
        return None if self.byte_length is None else self.byte_length(text) == text.length()

    def among(self, text: Any, some: Sequence[str]) -> Any:
        """Return the condition that a text is one of some."""
        return text.isin(some)

    def index_command(self, column: str) -> str:
        """Return the command that makes an index."""
        name = exp.to_identifier(column, quoted=True).sql(self.compiler.dialect)
        return f"CREATE INDEX ON {self.relation.sql(self.compiler.dialect)} ({name});"

    def _relation(self) -> Any:
        """Return the table or query of the address, as SQL."""
        address = self.address
        if address.query:
            try:
                tree = sqlglot.parse_one(address.query, read=self.compiler.dialect)
            except sqlglot.ParseError as error:
                raise DatabaseError("The query of the address cannot be read.") from error
            if not isinstance(tree, exp.Query):
                raise DatabaseError("The query of the address must be a SELECT.")
            return tree
        table = address.table
        if not table:
            tables = self._tables()
            if len(tables) != 1:
                raise DatabaseError("Name a table or a query: …?table=NAME or …?query=SELECT … .")
            return exp.Table(this=exp.to_identifier(tables[0], quoted=True))
        parts = [exp.to_identifier(part, quoted=True) for part in table.split(".")]
        return exp.Table(**dict(zip(("this", "db", "catalog"), reversed(parts), strict=False)))


def _kind(name: str) -> str:
    """Return the type that a column is read as."""
    kind = name.casefold()
    if kind.endswith("[]"):
        return "array<string>"
    if kind.startswith(NUMBERS):
        return "int64"
    if kind.startswith(FRACTIONS):
        return "float64"
    for known in ("bool", "timestamp", "date"):
        if kind.startswith(known):
            return {"bool": "boolean"}.get(known, known)
    return "string"


@contextmanager
def _limited(stop: Callable[[], object]) -> Iterator[threading.Event]:
    """Call ``stop`` after the longest time that a query may take, and tell that it was."""
    late = threading.Event()

    def end() -> None:
        late.set()
        stop()

    timer = threading.Timer(LONGEST, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


class DuckDB(Database):
    """A file of DuckDB, or a folder of Parquet files read in place."""

    compiler = DuckDBCompiler()
    mark = "${}"
    byte_length = staticmethod(strlen)

    def __init__(self, address: Address) -> None:
        try:
            self._open(address)
        except duckdb.Error as error:
            raise DatabaseError(GONE) from _without_words(error)
        super().__init__(address)

    def _open(self, address: Address) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "preserve_insertion_order": False,
        }
        if address.scheme == "duckdb":
            self._connection = duckdb.connect(address.target, read_only=True, config=config)
            return
        self._connection = duckdb.connect(config=config)
        target = Path(address.target)
        files = exp.Literal.string(str(target / "*.parquet" if target.is_dir() else target))
        self._connection.execute(
            f"CREATE VIEW devices AS SELECT * FROM read_parquet({files.sql('duckdb')})"  # noqa: S608
        )

    def among(self, text: Any, some: Sequence[str]) -> Any:
        """Return the condition that a text is one of some: joined, other columns are not read."""
        return text.isin(ibis.literal(list(some), "array<string>").unnest().name("k").as_table().k)

    def run(self, sql: str, texts: dict[str, str] | None = None) -> list[Row]:
        """Run SQL that only reads, and return its rows."""
        cursor = self._connection.cursor()
        with _limited(cursor.interrupt) as late:
            try:
                return cursor.execute(sql, texts or None).fetchall()
            except duckdb.Error as error:
                if late.is_set():
                    raise TooLongError(TOO_LONG) from _without_words(error)
                gone = isinstance(error, (duckdb.IOException, duckdb.ConnectionException))
                raise DatabaseError(GONE if gone else REFUSED) from _without_words(error)
            finally:
                cursor.close()

    def _columns(self) -> list[tuple[str, str]]:
        select = exp.select("*").from_(_as_source(self.relation)).sql("duckdb")
        return [(str(row[0]), str(row[1])) for row in self.run(f"DESCRIBE {select}")]

    def _tables(self) -> list[str]:
        rows = self.run("SELECT table_name FROM information_schema.tables ORDER BY 1")
        return [str(name) for (name,) in rows]


class SQLite(Database):
    """A file of SQLite, opened for each question."""

    compiler = SQLiteCompiler()
    groups_at_once = False
    mark = ":{}"

    def _connect(self) -> sqlite3.Connection:
        file = f"{Path(self.address.target).resolve().as_uri()}?mode=ro"
        try:
            return sqlite3.connect(file, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise DatabaseError(GONE) from _without_words(error)

    def run(self, sql: str, texts: dict[str, str] | None = None) -> list[Row]:
        """Run SQL that only reads, and return its rows."""
        connection = self._connect()
        # Expressions of Ibis call it by this name.
        connection.create_function("_IBIS_TRANSLATE", 3, _translate, deterministic=True)
        with _limited(connection.interrupt) as late:
            try:
                return connection.execute(sql, texts or {}).fetchall()
            except sqlite3.Error as error:
                if late.is_set():
                    raise TooLongError(TOO_LONG) from _without_words(error)
                gone = "open" in str(error)
                raise DatabaseError(GONE if gone else REFUSED) from _without_words(error)
            finally:
                connection.close()

    def indexed(self) -> set[str] | None:
        """Return the columns that an index begins with; of a query, none can be told."""
        if not isinstance(self.relation, exp.Table):
            return None
        rows = self.run(
            "SELECT c.name FROM pragma_index_list(:table) i, pragma_index_info(i.name) c "
            "WHERE c.seqno = 0",
            {"table": self.relation.name},
        )
        return {str(name) for (name,) in rows}

    def index_command(self, column: str) -> str:
        """Return the command that makes an index; SQLite wants a name for it."""
        name = exp.to_identifier(f"legwise_{column}", quoted=True).sql("sqlite")
        return super().index_command(column).replace("INDEX ON", f"INDEX {name} ON", 1)

    def _columns(self) -> list[tuple[str, str]]:
        # Cells have types in SQLite, not columns: numbers are those that hold nothing else.
        source = _as_source(self.relation)
        first = exp.select("*").from_(source.copy()).limit(1000).sql("sqlite")
        connection = sqlite3.connect(
            f"{Path(self.address.target).resolve().as_uri()}?mode=ro", uri=True
        )
        try:
            cursor = connection.execute(first)
            names = [str(item[0]) for item in cursor.description]
            cells = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(names)
        except sqlite3.Error as error:
            raise DatabaseError(REFUSED) from _without_words(error)
        finally:
            connection.close()
        return [
            (name, _sqlite_kind([cell for cell in column if cell is not None]))
            for name, column in zip(names, cells, strict=True)
        ]

    def _tables(self) -> list[str]:
        rows = self.run("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY 1")
        return [str(name) for (name,) in rows]


def _sqlite_kind(cells: Sequence[object]) -> str:
    kinds = {type(cell) for cell in cells}
    if not cells or not kinds <= {int, float}:
        return "text"
    return "integer" if kinds == {int} else "real"


def _translate(text: str | None, old: str, new: str) -> str | None:
    return None if text is None else text.translate(str.maketrans(old, new))


class PostgreSQL(Database):
    """A table of a PostgreSQL server, connected to for each question, in a read-only transaction.

    User and password are found as by ``psql``: in PGUSER, PGPASSWORD, or the file PGPASSFILE.
    """

    compiler = PostgresCompiler()
    #: Marks that no name has, until percent signs of names are doubled.
    mark = "\ue000{}\ue001"
    # One process counts by several groups, so that a second one can count others.
    questions_at_once = 2
    byte_length = staticmethod(octet_length)
    #: When a server that is silent is tried again.
    _silent_until = 0.0

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        """Connect, to read only; of the parts of a page, one alone waits for a silent server."""
        import psycopg

        start = monotonic()
        if start < self._silent_until:
            raise DatabaseError(GONE)
        try:
            connection = psycopg.connect(self.address.target, connect_timeout=LONGEST_CALL)
        except psycopg.OperationalError:
            now = monotonic()
            # A server that refuses says so at once: that is asked again.
            if now - start > PAUSE:
                self._silent_until = now + PAUSE
            raise
        with connection:
            connection.read_only = True
            yield connection

    def sql(self, expression: Any) -> tuple[str, dict[str, str]]:
        """Return an expression as SQL, and its texts by the names that they are bound to."""
        text, texts = super().sql(expression)
        if not texts:
            return text, texts
        doubled = text.replace("%", "%%")
        return doubled.replace("\ue000", "%(").replace("\ue001", ")s"), texts

    def run(self, sql: str, texts: dict[str, str] | None = None) -> list[Row]:
        """Run SQL that only reads, and return its rows."""
        import psycopg

        try:
            with self._connected() as connection:
                connection.execute(f"SET LOCAL statement_timeout = {1000 * LONGEST}")
                # Compiling one long question takes longer than answering it.
                connection.execute("SET LOCAL jit = off")
                rows: list[Row] = connection.execute(sql, texts or None).fetchall()
                return rows
        except psycopg.errors.QueryCanceled as error:
            raise TooLongError(TOO_LONG) from _without_words(error)
        except psycopg.OperationalError as error:
            raise DatabaseError(GONE) from _without_words(error)
        except psycopg.Error as error:
            raise DatabaseError(REFUSED) from _without_words(error)

    def indexed(self) -> set[str] | None:
        """Return the columns that an index begins with; of a query or view, none can be told."""
        if not isinstance(self.relation, exp.Table):
            return None
        rows = self.run(
            "SELECT a.attname FROM pg_class c LEFT JOIN pg_index i ON i.indrelid = c.oid "
            "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] "
            "WHERE c.oid = to_regclass(%(table)s) AND c.relkind IN ('r', 'm', 'p')",
            {"table": self.relation.sql("postgres")},
        )
        return {str(name) for (name,) in rows if name} if rows else None

    def _columns(self) -> list[tuple[str, str]]:
        import psycopg

        select = exp.select("*").from_(_as_source(self.relation)).limit(0).sql("postgres")
        try:
            with self._connected() as connection:
                columns = connection.execute(select).description or []
                types = {
                    column.type_code: connection.execute(
                        "SELECT format_type(%s::oid, NULL)", [column.type_code]
                    ).fetchall()[0][0]
                    for column in columns
                }
        except psycopg.OperationalError as error:
            raise DatabaseError(GONE) from _without_words(error)
        except psycopg.Error as error:
            raise DatabaseError(REFUSED) from _without_words(error)
        return [(column.name, str(types[column.type_code])) for column in columns]

    def _tables(self) -> list[str]:
        rows = self.run(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
            " ORDER BY 1"
        )
        return [str(name) for (name,) in rows]


def _as_source(relation: Any) -> Any:
    """Return a table or query as what a SELECT reads from."""
    if isinstance(relation, exp.Table):
        return relation.copy()
    return relation.copy().subquery(SOURCE)


def _without_words(error: Exception) -> Exception:
    """Return an error that says its kind alone: its words may name a host, a user or a cell."""
    return RuntimeError(type(error).__name__)


def connect(address: Address) -> Database:
    """Open a database.

    Raises:
        DatabaseError: it cannot be reached or read.
    """
    kinds: dict[str, type[Database]] = {"postgresql": PostgreSQL, "sqlite": SQLite}
    assert address.scheme in SCHEMES
    return kinds.get(address.scheme, DuckDB)(address)
