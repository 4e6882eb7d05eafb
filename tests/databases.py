"""Tables in databases, for tests: the same rows as Parquet, in DuckDB, SQLite and PostgreSQL."""

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tests.postgresql import MISSING, find


@contextmanager
def postgres():
    """Start a server of our own on loopback, and yield its address; a superuser may not run it."""
    programs = find()
    assert programs, MISSING
    user = pwd.getpwnam("nobody").pw_name if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="legwise-pg-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]

        def run(program, *arguments):
            subprocess.run(
                [str(programs / program), "-D", str(folder / "data"), *arguments],
                check=True,
                user=user,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

        run("initdb", "-U", "shop", "-A", "trust", "--no-sync", "--locale=C.UTF-8", "-E", "UTF8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        run("pg_ctl", "start", "-w", "-o", options)
        try:
            yield Server(f"postgresql://shop@127.0.0.1:{port}/postgres", run, options)
        finally:
            run("pg_ctl", "stop", "-m", "immediate")


class Server:
    """A server that runs, and can be stopped and started again."""

    def __init__(self, url, run, options):
        self.url, self._run, self._options = url, run, options

    def stop(self):
        self._run("pg_ctl", "stop", "-m", "immediate")

    def start(self):
        self._run("pg_ctl", "start", "-w", "-o", self._options)


def as_parquet(table, folder):
    """Write the rows as two files of a folder."""
    folder.mkdir(exist_ok=True)
    half = len(table) // 2
    pq.write_table(table[:half], folder / "a.parquet")
    pq.write_table(table[half:], folder / "b.parquet")
    return f"parquet:{folder}"


def as_duckdb(table, folder):
    file = folder / "shop.duckdb"
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.register("made", table)
        connection.execute('CREATE TABLE "the ""devices""" AS SELECT * FROM made')
    return f"duckdb:{file}?table=the+%22devices%22"


def as_sqlite(table, folder):
    """Write the rows; SQLite has no lists, so these are texts."""
    file = folder / "shop.sqlite"
    file.unlink(missing_ok=True)
    names = ", ".join(f'"{name}"' for name in table.column_names)
    with sqlite3.connect(file) as connection:
        connection.execute(f"CREATE TABLE devices ({names})")
        marks = ", ".join("?" * table.num_columns)
        rows = [tuple(_plain(cell) for cell in row.values()) for row in table.to_pylist()]
        connection.executemany(f"INSERT INTO devices VALUES ({marks})", rows)
    connection.close()
    return f"sqlite:{file}"


def _plain(cell):
    return ";".join(cell) if isinstance(cell, list) else cell


def as_postgres(table, url):
    import psycopg

    kinds = {pa.bool_(): "boolean", pa.float64(): "double precision", pa.int64(): "bigint"}
    kinds[pa.list_(pa.string())] = "text[]"
    columns = ", ".join(f'"{f.name}" {kinds.get(f.type, "text")}' for f in table.schema)
    with psycopg.connect(url) as connection:
        connection.execute('DROP TABLE IF EXISTS "100% devices"')
        connection.execute(f'CREATE TABLE "100% devices" ({columns})')
        marks = ", ".join(["%s"] * table.num_columns)
        rows = [tuple(row.values()) for row in table.to_pylist()]
        connection.cursor().executemany(
            f'INSERT INTO "100% devices" VALUES ({marks})'.replace("100%", "100%%"), rows
        )
    return f"{url}?table=100%25+devices"
