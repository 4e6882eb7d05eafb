"""Measures what every page costs with a long list of devices, beside the shipped list, in one run.

The list is seeded: rows of the shipped table, each column drawn by itself, with names and ids of
their own. A visitor without a browser opens each page and clicks as ``benchmarks/pages.py`` does.
``make bench-catalogue`` writes the table into ``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from benchmarks.pages import PAGES, Cost, as_table, measure, put_section
from legwise.tables.catalogue import Catalogue, load_catalogue
from tests.browser.conftest import start_server
from tests.browser.websocket import visitor

SEED = 20261129
#: Columns that the list fills, besides its names; what shops state.
FILLED = 25
#: Never drawn apart: what one of them says limits the others.
TOGETHER = ("device_type", "body_areas", "techniques", "by_nature")
#: No page may send more bytes, and no click may take so many times that of the shipped list.
MOST_BYTES, MOST_TIMES = 500_000, 1.5
MIB = 1 << 20
#: Mean number of characters of a cell above which it is prose.
LONGEST = 40


def draw_list(catalogue: Catalogue, rows: int) -> pa.Table:
    """Draw a list of ``rows`` devices as text cells, lists joined as in a file."""
    table, devices = catalogue.package["devices"], catalogue["devices"]
    chance = np.random.default_rng(SEED)
    stated = {field.name: -int(devices[field.name].notna().sum()) for field in table.fields}
    filled = [*dict.fromkeys([*(f.name for f in table.fields if f.required), *TOGETHER])]
    # Shops state facts, in few words.
    brief = [field.name for field in table.fields if _brief_cells(devices[field.name])]
    filled += [name for name in sorted(brief, key=stated.__getitem__) if name not in filled]
    kinds = chance.integers(0, len(devices), rows)
    numbers = np.arange(rows)
    columns: dict[str, pa.Array] = {}
    for field in table.fields:
        if field.name not in filled[:FILLED]:
            continue
        drawn = kinds if field.name in TOGETHER else chance.integers(0, len(devices), rows)
        cells = [_text(cell) for cell in devices[field.name]]
        texts = pa.array(cells, pa.string()).take(pa.array(drawn))
        if field.name == table.key:
            texts = pa.array(np.char.add("d", numbers.astype(str)))
        elif field.name in (table.named_by[-1], table.summary, table.page):
            mark = "#" if field.name == table.page else " "
            ends = pa.array(np.char.add(mark, numbers.astype(str)))
            texts = pa.compute.binary_join_element_wise(texts, ends, "")
        columns[field.name] = texts
    return pa.table(columns)


def _brief_cells(cells: pd.Series) -> bool:
    lengths = [len(text) for cell in cells if (text := _text(cell))]
    return bool(lengths) and sum(lengths) < LONGEST * len(lengths)


def _text(cell: object) -> str | None:
    if isinstance(cell, tuple):
        return ";".join(cell) or None
    if isinstance(cell, (bool, np.bool_)):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return None if math.isnan(cell) else f"{cell:.10g}"
    return None if cell is None or cell is pd.NA else str(cell)


@contextmanager
def serving(devices: str, folder: Path) -> Iterator[tuple[int, str, float]]:
    """Start the app on a list; yield the process, the address, and the seconds to the first page."""
    start = time.perf_counter()
    process, base = start_server(
        folder / "log",
        script="serve.py",
        LEGWISE_DEVICES=devices,
        LEGWISE_CACHE=str(folder / "prepared"),
    )
    try:
        with visitor(base) as first:
            first.open("/")
        yield process.pid, base, time.perf_counter() - start
    finally:
        process.terminate()
        process.wait(20)


def memory(process: int) -> tuple[float, float]:
    """Return resident memory and its peak, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    values = {line.partition(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
    return int(values["VmRSS"]) / 1024, int(values["VmHWM"]) / 1024


def visited(process: int, base: str, device: str, runs: int, only: str) -> dict[str, Cost | str]:
    """Visit every page; return its costs, or why it has none."""
    costs: dict[str, Cost | str] = {}
    for name, path in {**PAGES, **MORE}.items():
        if only not in name:
            continue
        path = path.replace("hyperice-normatec-3", device)
        try:
            costs[name] = measure(process, base, path, runs)
            with visitor(base) as visit:
                visit.open(path.format(0))
                if faults := visit.all("exception"):
                    costs[name] = faults[0].type
        except Exception as error:
            costs[name] = type(error).__name__
        print(f"  {name}: {_brief(costs[name])}", flush=True)
    return costs


#: Pages of a long list that the shipped one hardly notices.
MORE = {
    "find, another filter": "/find?heat=yes&weight_kg=..{}",
    "explore, another filter": "/explore?table=devices&weight_kg=..{}",
    "explore, joined": "/explore?table=devices_by_symptom",
    "explore, rows": "/explore?table=devices&group=none",
    "data, devices": "/data?table=devices",
}


def _times(mib: float, size: float) -> str:
    return f"{mib:.0f} MiB ({mib / size:.1f} × the file)"


#: Seconds after which a list that was read has been written for the next start, too.
WRITTEN = 5
#: Memory is taken as a server takes it.
AS_A_SERVER = "from legwise.intake.memory import keep_little; keep_little(); "
#: How often what is compared is timed, in turn.
ROUNDS = 5
#: What is timed in a process of its own: code before it, and the code.
READINGS = {
    "pandas": ("import pandas", "pandas.read_csv(path)"),
    "opened": (
        f"{AS_A_SERVER}from pathlib import Path; from legwise.answers.devices import FacetIndex; "
        "from legwise.intake.opening import open_list; from legwise.tables.catalogue import "
        "load_catalogue; base = load_catalogue()",
        "FacetIndex(open_list(Path(path), base)[0].catalogue(base))",
    ),
    "prepared": (
        f"{AS_A_SERVER}from pathlib import Path; from legwise.answers.devices import FacetIndex; "
        "from legwise.intake.prepared import prepare; from legwise.tables.catalogue import "
        "load_catalogue; base = load_catalogue()",
        "FacetIndex(prepare(Path(path), base).catalogue(base))",
    ),
}


def read_in_turn(readings: Sequence[tuple[str, Path]], folder: Path) -> list[list[float]]:
    """Return how long each way of reading a file takes, up to the index, round by round.

    In turn, each in a process of its own: a machine is now fast, now slow.
    """
    environment = {**os.environ, "LEGWISE_CACHE": str(folder / "prepared")}

    def took(way: str, file: Path) -> float:
        before, timed = READINGS[way]
        code = f"import sys, time; path = sys.argv[1]; {before}; t = time.perf_counter(); {timed}"
        command = [sys.executable, "-c", f"{code}; print(time.perf_counter() - t)", str(file)]
        done = subprocess.run(command, check=True, capture_output=True, env=environment)
        return float(done.stdout)

    rounds = [[took(*reading) for reading in readings] for _ in range(ROUNDS)]
    return [list(times) for times in zip(*rounds, strict=True)]


def starts_in_turn(lists: Sequence[str], folder: Path) -> list[float]:
    """Return the seconds from the start of a server to the first page of each list, the median."""
    times: dict[str, list[float]] = {devices: [] for devices in lists}
    for _ in range(ROUNDS):
        for devices in lists:
            with serving(devices, folder) as (_, _, seconds):
                times[devices].append(seconds)
    return [statistics.median(taken) for taken in times.values()]


def _brief(cost: Cost | str) -> str:
    if isinstance(cost, str):
        return cost
    return f"{cost.first:.2f} s, click {cost.median:.3f} s, {cost.received / 1000:.0f} kB"


def lines(short: dict[str, Cost | str], long: dict[str, Cost | str]) -> list[str]:
    """Return the table: each page with the long list, and its click as times the short one's."""
    head = ["page", "first page s", "click ms", "CPU ms", "kB", "× shipped", "holds"]
    rows = []
    for name, cost in long.items():
        before = short[name]
        if isinstance(cost, str) or isinstance(before, str):
            rows.append([name, str(cost), "", "", "", "", "no"])
            continue
        times = cost.median / before.median
        holds = times <= MOST_TIMES and cost.received <= MOST_BYTES
        rows.append(
            [
                name,
                f"{cost.first:.2f}",
                f"{1000 * cost.median:.0f}",
                f"{1000 * cost.cpu:.0f}",
                f"{cost.received / 1000:.0f}",
                f"{times:.2f}",
                "yes" if holds else "no",
            ]
        )
    return as_table(head, rows)


def main() -> None:
    """Draw a list and measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--only", default="", help="measure pages whose name contains this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn = draw_list(load_catalogue(), options.rows)
        files = {kind: folder / f"devices.{kind}" for kind in ("csv", "parquet")}
        pyarrow.csv.write_csv(drawn, files["csv"])
        pyarrow.parquet.write_table(drawn, files["parquet"])
        size = files["csv"].stat().st_size / MIB
        print(f"{options.rows:,} rows, {len(drawn.column_names)} columns, {size:.0f} MiB as CSV")
        readings = [("pandas", files["csv"]), *(("opened", file) for file in files.values())]
        pandas, csv, parquet = read_in_turn(readings, folder)
        with serving("", folder) as (process, base, _):
            short = visited(process, base, "hyperice-normatec-3", options.runs, options.only)
            before, _ = memory(process)
        with serving(str(files["parquet"]), folder) as (_, _, first_parquet):
            pass
        with serving(str(files["csv"]), folder) as (process, _, first_csv):
            # For a second more it is written for the next start.
            time.sleep(WRITTEN)
            loaded, peak = memory(process)
        with serving(str(files["csv"]), folder) as (process, base, _):
            long = visited(process, base, "d0", options.runs, options.only)
            resident, _ = memory(process)
        (prepared,) = read_in_turn([("prepared", files["csv"])], folder)
        shipped, again = starts_in_turn(["", str(files["csv"])], folder)
    median = statistics.median
    times = median(ours / theirs for ours, theirs in zip(csv, pandas, strict=True))
    table = [
        *lines(short, long),
        "",
        f"Read, checked and indexed, the medians of {ROUNDS} rounds: CSV ({size:.0f} MiB) "
        f"{median(csv):.1f} s, which is {times:.1f} × plain `pandas.read_csv` of the same round "
        f"({median(pandas):.1f} s); Parquet {median(parquet):.1f} s; the CSV once it is prepared "
        f"{median(prepared):.1f} s. From the start of the server to the first page: the shipped "
        f"list {shipped:.1f} s, the CSV once it is prepared {again:.1f} s; once, Parquet "
        f"{first_parquet:.1f} s and the CSV {first_csv:.1f} s.",
        "",
        f"Memory beyond that of the server with the shipped list ({before:.0f} MiB): at its peak "
        f"while the CSV is read {_times(peak - before, size)}, once it is loaded "
        f"{_times(loaded - before, size)}, after all visits {_times(resident - before, size)}.",
    ]
    print("\n".join(table))
    if not options.only:
        put_section(
            "catalogue",
            [
                "# A long list",
                "",
                f"Made by `make bench-catalogue`: {options.rows:,} rows × "
                f"{len(drawn.column_names)} columns, each page as above.",
                "",
                *table,
            ],
        )


if __name__ == "__main__":
    main()
