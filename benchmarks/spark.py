"""Spark as a database: a folder of Parquet files, asked by Spark in local mode.

The app does not know it. It shows that the same expressions are answered by an engine of another
kind: ``pip install --target FOLDER pyspark``, then ``make bench-database SPARK=FOLDER``.
"""

from __future__ import annotations

from pathlib import Path

from ibis.backends.sql.compilers import PySparkCompiler

from legwise.database.address import DatabaseError
from legwise.database.connection import REFUSED, Database, Row


class Spark(Database):
    """A folder of Parquet files; it needs pyspark, and Java."""

    compiler = PySparkCompiler()
    mark = ":{}"
    # It groups by several sets at once too, under other names for its columns.
    groups_at_once = False

    def __init__(self, address) -> None:
        from ibis.backends.pyspark import Backend
        from pyspark.sql import SparkSession

        # What compiles for Spark asks for its options.
        Backend.register_options()
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.ansi.enabled": "false",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "4",
            "spark.driver.memory": "2g",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
        }
        builder = SparkSession.builder.master("local[2]").appName("legwise")
        self._spark = builder.config(map=settings).getOrCreate()
        self._spark.sparkContext.setLogLevel("ERROR")
        frame = self._spark.read.parquet(str(Path(address.target).resolve()))
        frame.createOrReplaceTempView("devices")
        self._types = frame.dtypes
        super().__init__(address)

    def run(self, sql: str, texts: dict[str, str] | None = None) -> list[Row]:
        """Run SQL that only reads, and return its rows."""
        from pyspark.errors import PySparkException

        try:
            return [tuple(row) for row in self._spark.sql(sql, args=texts or None).collect()]
        except PySparkException as error:
            raise DatabaseError(REFUSED) from error

    def _columns(self) -> list[tuple[str, str]]:
        return [
            (name, "text[]" if kind.startswith("array") else kind) for name, kind in self._types
        ]

    def _tables(self) -> list[str]:
        return ["devices"]
