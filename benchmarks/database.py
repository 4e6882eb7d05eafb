"""Measures the device list in a database: what a filter click costs, and what memory it takes.

A seeded list as in ``benchmarks/catalogue.py``, written in batches as a folder of Parquet files and
read in place, beside a query written by hand for the same counts, the engine in memory, and the SQL
that Datasette sends to SQLite. ``make bench-database`` writes the table into ``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.catalogue import SEED, TOGETHER, draw_list
from benchmarks.pages import put_section
from legwise.answers.devices import PAGE_SIZE, FacetIndex
from legwise.answers.query import DeviceQuery
from legwise.database.address import read_address
from legwise.database.index import DatabaseIndex, serve
from legwise.database.opening import open_connected
from legwise.facets.codes import NumberCounts, ValueCounts
from legwise.facets.filters import Choice, Span
from legwise.intake.devices import disagreements
from legwise.intake.opening import open_list
from legwise.tables.catalogue import load_catalogue
from legwise.tables.schema import NOT_STATED, Table

BATCH = 1_000_000
#: Bounds of the second filter: every click asks something new.
WEIGHTS = (0.5, 0.8, 1.1, 1.5, 2.2, 3.1, 4.5)


def write_list(folder: Path, rows: int) -> None:
    """Write a list in batches: the first is drawn, the others draw its cells again."""
    catalogue = load_catalogue()
    table, first = catalogue.package["devices"], draw_list(catalogue, min(rows, BATCH))
    chance = np.random.default_rng(SEED)
    folder.mkdir(parents=True)
    for number, start in enumerate(range(0, rows, BATCH)):
        size = min(BATCH, rows - start)
        together, columns = chance.permutation(len(first))[:size], {}
        for name in first.column_names:
            one = name in TOGETHER
            columns[name] = first[name].take(
                together if one else chance.permutation(len(first))[:size]
            )
        columns[table.key] = pa.array(np.char.add("d", np.arange(start, start + size).astype(str)))
        last = table.named_by[-1]
        columns[last] = pa.compute.binary_join_element_wise(columns[last], f"b{number}", "-")
        pq.write_table(pa.table(columns), folder / f"{number:03}.parquet")


def question(weight: float) -> DeviceQuery:
    """Return two filters, as a visitor sets them."""
    return DeviceQuery((("heat", Choice(("yes",))), ("weight_kg", Span(None, weight))))


def memory() -> dict[str, float]:
    """Return resident memory of this process and its peak, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    values = {line.partition(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
    return {"resident": int(values["VmRSS"]) / 1024, "peak": int(values["VmHWM"]) / 1024}


def timed(work) -> float:
    """Return the seconds that it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ours(folder: str, runs: int) -> dict[str, float]:
    """Ask the list in place."""
    start = time.perf_counter()
    index = serve(read_address(f"parquet:{folder}"), load_catalogue())
    opened = time.perf_counter() - start
    after = memory()["resident"]
    clicks, pages = [], []
    for weight in WEIGHTS[:runs]:
        answers = []
        clicks.append(
            timed(
                lambda weight=weight, answers=answers: answers.append(index.ask(question(weight)))
            )
        )
        pages.append(timed(lambda answers=answers: answers[0].keys(slice(PAGE_SIZE))))
    counts = flat(index.ask(question(WEIGHTS[0])))
    return {
        "open": opened,
        "click": median(clicks),
        "page": median(pages),
        "opened": after,
        "counts": counts,
        **memory(),
    }


def in_memory(folder: str, runs: int) -> dict[str, float]:
    """Read the list into memory, and ask it."""
    start = time.perf_counter()
    base = load_catalogue()
    index = FacetIndex(open_list(Path(folder), base)[0].catalogue(base))
    opened = time.perf_counter() - start
    clicks = [timed(lambda weight=weight: index.ask(question(weight))) for weight in WEIGHTS[:runs]]
    counts = flat(index.ask(question(WEIGHTS[0])))
    return {"open": opened, "click": median(clicks), "page": 0.0, "counts": counts, **memory()}


def flat(answer) -> dict[str, int]:
    """Return facet and value → count, without zeros; numbers by how many are stated."""
    counts = {"": answer.total}
    for name, item in answer.counts.items():
        if isinstance(item, ValueCounts):
            counts |= {f"{name}={value}": n for value, n in item.counts if n}
        elif isinstance(item, NumberCounts) and item.stated:
            counts[f"{name} stated"] = item.stated
    return counts


def agreeing(table: Table, names: list[str]) -> dict[str, str]:
    """Return column → its cells in SQL: what contradicts another cell of its row is not stated."""
    cells = dict(zip(names, names, strict=True))
    for field, other, category, forbidden in disagreements(table):
        if field.name in cells and other.name in cells:
            some = ", ".join(f"'{value}'" for value in forbidden)
            wrong = f"{other.name} = '{category.value}' AND {field.name} IN ({some})"
            cells[field.name] = f"CASE WHEN {wrong} THEN NULL ELSE {cells[field.name]} END"
    return cells


def by_hand(folder: str, runs: int) -> dict[str, float]:
    """Send DuckDB the query that one would write for the same counts."""
    table = load_catalogue().package["devices"]
    connection = duckdb.connect(config={"memory_limit": "700MB", "preserve_insertion_order": False})
    files = f"read_parquet('{folder}/*.parquet')"
    names = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {files}").fetchall()]
    cells = agreeing(table, names)

    def sql(weight: float) -> str:
        filters = {
            "heat": "heat = 'yes'",
            "weight_kg": f"try_cast(weight_kg AS double) <= {weight}",
        }
        parts = [
            f"SELECT '' f, '' v, count(*) n, NULL l, NULL h FROM {files} WHERE {' AND '.join(filters.values())}"
        ]
        for field in table.facets:
            if field.name not in names:
                continue
            where = " AND ".join(text for name, text in filters.items() if name != field.name)
            if field.filter == "range":
                number = f"try_cast({field.name} AS double)"
                if field.not_above in names:
                    above = f"{number} > try_cast({field.not_above} AS double)"
                    number = f"CASE WHEN {above} THEN NULL ELSE {number} END"
                parts.append(
                    f"SELECT '{field.name} stated', '', count({number}), min({number}), max({number}) FROM {files} WHERE {where}"
                )
            elif field.is_list:
                parts.append(
                    f"SELECT '{field.name}', v, count(*), NULL, NULL FROM (SELECT unnest(string_split(coalesce({field.name}, '{NOT_STATED}'), ';')) v FROM {files} WHERE {where}) GROUP BY 2"
                )
            else:
                parts.append(
                    f"SELECT '{field.name}', coalesce({cells[field.name]}, '{NOT_STATED}'), count(*), NULL, NULL FROM {files} WHERE {where} GROUP BY 2"
                )
        return " UNION ALL ".join(parts)

    clicks = [
        timed(lambda weight=weight: connection.execute(sql(weight)).fetchall())
        for weight in WEIGHTS[:runs]
    ]
    counts = {}
    for name, value, number, *_ in connection.execute(sql(WEIGHTS[0])).fetchall():
        if number:
            counts[f"{name}={value}" if value else name] = number
    return {"click": median(clicks), "counts": counts, **memory()}


def datasette(folder: str, runs: int) -> dict[str, float]:
    """Send SQLite what Datasette sends for the same filters: the rows, their number, its facets."""
    table = load_catalogue().package["devices"]
    file = Path(folder).with_suffix(".sqlite")
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    files = [pq.ParquetFile(path) for path in sorted(Path(folder).glob("*.parquet"))]
    names = files[0].schema_arrow.names
    connection.execute(f"CREATE TABLE devices ({', '.join(names)})")
    marks = ", ".join("?" * len(names))
    for batch in (part for one in files for part in one.iter_batches()):
        cells = zip(*(column.to_pylist() for column in batch.columns), strict=True)
        connection.executemany(f"INSERT INTO devices VALUES ({marks})", cells)
    connection.commit()

    def click(weight: float) -> None:
        where = f"heat = 'yes' AND CAST(weight_kg AS REAL) <= {weight} AND weight_kg IS NOT NULL"
        connection.execute(
            f"SELECT * FROM devices WHERE {where} ORDER BY rowid LIMIT 101"
        ).fetchall()
        connection.execute(f"SELECT count(*) FROM devices WHERE {where}").fetchall()
        for field in table.facets:
            if field.name in names:
                connection.execute(
                    f"SELECT {field.name}, count(*) n FROM devices WHERE {where} AND {field.name} IS NOT NULL "
                    f"GROUP BY 1 ORDER BY n DESC, 1 LIMIT 31"
                ).fetchall()

    clicks = [timed(lambda weight=weight: click(weight)) for weight in WEIGHTS[:runs]]
    return {"click": median(clicks), **memory()}


def by_spark(folder: str, runs: int) -> dict[str, float]:
    """Ask Spark what DuckDB is asked."""
    from benchmarks.spark import Spark

    start = time.perf_counter()
    base = load_catalogue()
    database = Spark(read_address(f"parquet:{folder}"))
    index = DatabaseIndex(open_connected(database, base)[0], base)
    opened = time.perf_counter() - start
    clicks, pages = [], []
    for weight in WEIGHTS[:runs]:
        answers = []
        clicks.append(timed(lambda w=weight, a=answers: a.append(index.ask(question(w)))))
        pages.append(timed(lambda a=answers: a[0].keys(slice(PAGE_SIZE))))
    return {
        "open": opened,
        "click": median(clicks),
        "page": median(pages),
        "counts": flat(index.ask(question(WEIGHTS[0]))),
        **memory(),
    }


WAYS = {
    "by_spark": by_spark,
    "ours": ours,
    "in_memory": in_memory,
    "by_hand": by_hand,
    "datasette": datasette,
}


def measured(way: str, folder: Path, runs: int, libraries: str = "") -> dict:
    """Measure one way in a process of its own; ``libraries`` is a folder with more of them."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.database",
        "--way",
        way,
        "--folder",
        str(folder),
        "--runs",
        str(runs),
    ]
    paths = [os.environ.get("PYTHONPATH", ""), libraries]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    figures = json.loads(done.stdout.splitlines()[-1])
    shown = {name: round(value, 3) for name, value in figures.items() if name != "counts"}
    print(way, folder.name, shown, flush=True)
    return figures


def same_counts(one: dict[str, int], other: dict[str, int]) -> bool:
    """Whether two ways count alike; symptoms, which SQL by hand leaves out, and texts in other words aside."""
    shared = one.keys() & other.keys()
    return len(shared) > 40 and all(one[key] == other[key] for key in shared)


def beside_spark(kept: Path, rows: int, runs: int, libraries: str) -> None:
    """Measure Spark in local mode beside the others, and hold that all count alike."""
    folder = kept / f"{rows}"
    if not folder.exists():
        write_list(folder, rows)
    lines = ["| way | start s | click: counts s | page of rows s |", "|" + " --- |" * 4]
    counts = {}
    for way in ("ours", "in_memory", "by_spark"):
        cost = measured(way, folder, runs, libraries if way == "by_spark" else "")
        counts[way] = cost["counts"]
        cells = [f"{cost[key]:.2f}" if cost.get(key) else "" for key in ("open", "click", "page")]
        lines.append(f"| {WORDS[way]} | {' | '.join(cells)} |")
    if not counts["ours"] == counts["in_memory"] == counts["by_spark"]:
        differ = {key for its in counts.values() for key in its}
        differ = {k: [its.get(k) for its in counts.values()] for k in sorted(differ)}
        sys.exit(f"They count otherwise: { {k: v for k, v in differ.items() if len(set(v)) > 1} }")
    lines += ["", f"All three give the same {len(counts['ours']):,} counts."]
    print("\n".join(lines))
    put_section(
        "spark",
        [
            "# By Spark",
            "",
            f"Made by `make bench-database SPARK=FOLDER`: {rows:,} rows × 25 columns in a folder of Parquet files, by Spark in local mode with two threads, asked the same expressions as DuckDB.",
            f"Load of the machine at the end: {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors.",
            "",
            *lines,
        ],
    )


def main() -> None:
    """Write lists, measure each way, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--lists", type=Path, help="a folder to keep the lists in for another run")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--spark", help="a folder with pyspark: pip install --target FOLDER pyspark"
    )
    parser.add_argument("--spark-rows", type=int, default=100_000)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(WAYS[options.way](str(options.folder), options.runs)))
        return
    with tempfile.TemporaryDirectory() as name:
        kept = options.lists or Path(name)
        if options.spark:
            beside_spark(kept, options.spark_rows, options.runs, options.spark)
        if not options.rows:  # Spark alone
            return
        folders = {rows: kept / f"{rows}" for rows in (BATCH, options.rows)}
        for rows, folder in folders.items():
            if not folder.exists():
                write_list(folder, rows)
        size = sum(file.stat().st_size for file in folders[options.rows].iterdir()) / 2**20
        print(f"{options.rows:,} rows: {size:.0f} MiB of Parquet", flush=True)
        lines = [
            "| rows | way | start s | click: counts s | page of rows s | resident MiB | peak MiB |",
            "|" + " --- |" * 7,
        ]
        all_figures = {}
        for rows, folder in folders.items():
            ways = ["ours", "by_hand", *(["in_memory", "datasette"] if rows == BATCH else [])]
            for way in ways:
                figures = all_figures[rows, way] = measured(way, folder, options.runs)
                cells = [
                    f"{figures[key]:.2f}" if figures.get(key) else ""
                    for key in ("open", "click", "page")
                ]
                cells += [f"{figures[key]:.0f}" for key in ("resident", "peak")]
                lines.append(f"| {rows:,} | {WORDS[way]} | {' | '.join(cells)} |")
            if not same_counts(
                counts_of(all_figures, rows, "ours"), counts_of(all_figures, rows, "by_hand")
            ):
                sys.exit("The query by hand counts otherwise.")
        few, many = all_figures[BATCH, "ours"], all_figures[options.rows, "ours"]
        hand, sqlite = all_figures[options.rows, "by_hand"], all_figures[BATCH, "datasette"]
        lines += [
            "",
            f"{options.rows:,} rows: the click takes {many['click'] / hand['click']:.2f} × the query by hand, and "
            f"{many['click'] / few['click']:.1f} × that of {BATCH:,} rows; counts and page together "
            f"take {(many['click'] + many['page']) / (few['click'] + few['page']):.1f} ×. "
            f"{BATCH:,} rows: Datasette's queries for its counts and page take "
            f"{sqlite['click'] / (few['click'] + few['page']):.0f} × as long as ours for both, with "
            f"all rows in the order of facts stated, and {sqlite['click'] / few['click']:.0f} × as "
            "long as our counts.",
        ]
        print("\n".join(lines))
        put_section(
            "database",
            [
                "# In a database",
                "",
                f"Made by `make bench-database`: {options.rows:,} rows × 25 columns, {size:.0f} MiB of Parquet, read in place by DuckDB with a limit of 700 MB.",
                f"Load of the machine at the end: {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors; more than that many means that other work shared it, so that only ratios count.",
                "",
                *lines,
            ],
        )
        shutil.rmtree(name, ignore_errors=True)


def counts_of(figures: dict, rows: int, way: str) -> dict[str, int]:
    """Return the counts of one way."""
    return figures[rows, way]["counts"]


WORDS = {
    "ours": "Legwise, Parquet in place",
    "by_spark": "Legwise, by Spark in local mode",
    "by_hand": "the same counts by hand in DuckDB",
    "in_memory": "Legwise in memory",
    "datasette": "what Datasette sends to SQLite",
}

if __name__ == "__main__":
    main()
