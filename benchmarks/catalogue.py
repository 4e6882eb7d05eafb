"""Measures what every page costs with a long list of devices, beside the shipped list, in one run.

The list is seeded: rows of the shipped table, each column drawn by itself, with names and ids of
their own. A visitor without a browser opens each page and clicks as ``benchmarks/pages.py`` does.
``make bench-catalogue`` writes the table into ``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from benchmarks.pages import PAGES, Cost, measure, put_section
from legwise.tables.catalogue import Catalogue, load_catalogue
from legwise.tables.schema import Table
from tests.browser.websocket import visitor
from tests.conftest import ROOT

SEED = 20261129
#: Columns that the list fills, besides its names; what shops state.
FILLED = 25
#: Never drawn apart: what one of them says limits the others.
TOGETHER = ("device_type", "body_areas", "techniques", "by_nature")
#: No page may send more bytes, and no click may take so many times that of the shipped list.
MOST_BYTES, MOST_TIMES = 500_000, 1.5
MIB = 1 << 20


def draw_list(catalogue: Catalogue, rows: int) -> pa.Table:
    """Draw a list of ``rows`` devices as text cells, lists joined as in a file."""
    table, devices = catalogue.package["devices"], catalogue["devices"]
    chance = np.random.default_rng(SEED)
    stated = {field.name: -int(devices[field.name].notna().sum()) for field in table.fields}
    filled = [*dict.fromkeys([*(f.name for f in table.fields if f.required), *TOGETHER])]
    filled += [name for name in sorted(stated, key=stated.__getitem__) if name not in filled]
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
            ends = pa.array(np.char.add(" ", numbers.astype(str)))
            texts = pa.compute.binary_join_element_wise(texts, ends, "")
        columns[field.name] = texts
    return pa.table(columns)


def _text(cell: object) -> str | None:
    if isinstance(cell, tuple):
        return ";".join(cell) or None
    if isinstance(cell, (bool, np.bool_)):
        return "yes" if cell else "no"
    return None if pd.isna(cell) else f"{cell:.10g}" if isinstance(cell, float) else str(cell)  # type: ignore[call-overload]


def read_list(file: Path) -> Catalogue:
    """Read a list of devices, prepared as Parquet, beside the other shipped tables."""
    shipped = load_catalogue()
    raw = pyarrow.parquet.read_table(file)
    frame = pd.DataFrame(
        {name: _typed(raw, shipped.package["devices"], name) for name in _names(shipped)}
    )
    return Catalogue(shipped.package, {**shipped.tables, "devices": frame})


def _names(catalogue: Catalogue) -> list[str]:
    return [field.name for field in catalogue.package["devices"].fields]


def _typed(raw: pa.Table, table: Table, name: str) -> pd.Series:
    """Return a column with the type that the schema gives it; texts that repeat as categories."""
    field = table[name]
    if name not in raw.column_names:
        texts = pd.Series(pd.Categorical.from_codes(np.full(len(raw), -1), []))
    else:
        texts = raw[name].to_pandas(strings_to_categorical=True)
    codes, distinct = texts.cat.codes.to_numpy(), list(texts.cat.categories)
    if field.type == "boolean":
        states = np.array([*(cell == "yes" for cell in distinct), False], dtype=bool)
        return (
            pd.Series(pd.array(states, dtype="boolean"))
            .take(codes)
            .reset_index(drop=True)
            .mask(codes < 0)
        )
    if field.is_numeric:
        numbers = np.array([*map(float, distinct), np.nan])[codes]
        cells = pd.Series(numbers)
        return cells.astype("Int64") if field.type == "integer" else cells
    if field.is_list:
        lists = np.empty(len(distinct) + 1, dtype=object)
        lists[:] = [*(tuple(cell.split(field.delimiter)) for cell in distinct), ()]
        return pd.Series(lists[codes], dtype="object")
    if 2 * len(distinct) > len(texts):
        return texts.astype("str")
    return texts


def serve(file: str, port: int) -> None:
    """Serve the app on a list; in a process of its own."""
    from streamlit.web import cli

    import ui.cache

    if file:
        ui.cache.load_catalogue = lambda folder: read_list(Path(file))
    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), "--server.headless=true"]
    sys.argv += [f"--server.port={port}", "--server.fileWatcherType=none"]
    cli.main()


@contextmanager
def serving(file: str, log: Path) -> Iterator[tuple[int, str]]:
    """Start the app on a list in a process of its own; yield the process and the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.catalogue", "--serve", str(port), "--file", file]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError(log.read_text())
            with suppress(OSError):
                urllib.request.urlopen(f"{base}/_stcore/health", timeout=1).close()
                break
            time.sleep(0.1)
        yield process.pid, base
    finally:
        process.terminate()
        process.wait(20)


def memory(process: int) -> tuple[float, float]:
    """Return resident memory and its peak, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    values = {line.partition(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
    return int(values["VmRSS"]) / 1024, int(values["VmHWM"]) / 1024


def visited(
    file: str, device: str, runs: int, only: str, log: Path
) -> tuple[dict[str, Cost | str], tuple[float, float]]:
    """Visit every page; return its costs, or why it has none, and the server's memory."""
    costs: dict[str, Cost | str] = {}
    with serving(file, log) as (process, base):
        # Where the tables and joins are loaded is no click: it is the first page.
        for name, path in {**PAGES, **MORE}.items():
            if only not in name:
                continue
            path = path.replace("hyperice-normatec-3", device)
            try:
                costs[name] = measure(process, base, path, runs)
                with visitor(base) as visit:
                    visit.open(path)
                    if faults := visit.all("exception"):
                        costs[name] = faults[0].type
            except Exception as error:
                costs[name] = type(error).__name__
            print(f"  {name}: {_brief(costs[name])}", flush=True)
        return costs, memory(process)


#: Pages of a long list that the shipped one hardly notices.
MORE = {
    "explore, joined": "/explore?table=devices_by_symptom",
    "explore, rows": "/explore?table=devices&group=none",
    "data, devices": "/data?table=devices",
}


def _brief(cost: Cost | str) -> str:
    if isinstance(cost, str):
        return cost
    return f"{cost.first:.2f} s, click {cost.median:.3f} s, {cost.received / 1000:.0f} kB"


def lines(short: dict[str, Cost | str], long: dict[str, Cost | str]) -> list[str]:
    """Return the table: each page with the long list, and its click as times the short one's."""
    head = ["page", "first page s", "click ms", "CPU ms", "kB", "× shipped", "holds"]
    rows = [head, ["---"] * len(head)]
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
    return [f"| {' | '.join(row)} |" for row in rows]


def main() -> None:
    """Draw a list and measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--only", default="", help="measure pages whose name contains this")
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--file", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.file, options.serve)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn = draw_list(load_catalogue(), options.rows)
        pyarrow.csv.write_csv(drawn, folder / "devices.csv")
        pyarrow.parquet.write_table(drawn, folder / "devices.parquet")
        size = (folder / "devices.csv").stat().st_size / MIB
        print(f"{options.rows:,} rows, {len(drawn.column_names)} columns, {size:.0f} MiB as CSV")
        start = time.perf_counter()
        read_list(folder / "devices.parquet")
        read = time.perf_counter() - start
        short, _ = visited("", "hyperice-normatec-3", options.runs, options.only, folder / "short")
        long, (resident, peak) = visited(
            str(folder / "devices.parquet"), "d0", options.runs, options.only, folder / "long"
        )
    table = [
        *lines(short, long),
        "",
        f"The file as CSV: {size:.0f} MiB, read from Parquet in {read:.1f} s. The server after "
        f"all visits: {resident:.0f} MiB resident ({resident / size:.1f} × the file), "
        f"at its peak {peak:.0f} MiB ({peak / size:.1f} ×).",
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
