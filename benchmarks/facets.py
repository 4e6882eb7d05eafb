"""Measures a faceted question against named peers, in one run, as ratios.

Every engine runs in a process of its own, so that its peak memory is its own. It first answers, the answers
are compared, and only then is it told to measure. Run it with ``make bench-facets``; it writes ``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ENGINES = ("legwise", "polars", "pandas", "duckdb", "sqlite", "datasette", "dataframe_explorer")
REPEATS = 9
#: Ratios of Legwise's time that must hold at the largest size.
TARGETS = {"duckdb": 0.15, "polars": 1.0, "datasette": 0.02}


def work(engine: str, rows: int) -> None:
    """Child process: answer, wait for the word, measure."""
    from benchmarks import engines
    from legwise.tables.catalogue import load_catalogue

    catalogue = load_catalogue()
    frame = engines.bootstrap(catalogue, rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        makers = {
            "legwise": lambda: engines.legwise_engine(catalogue, frame),
            "pandas": lambda: engines.pandas_engine(catalogue, frame),
            "polars": lambda: engines.polars_engine(catalogue, frame),
            "duckdb": lambda: engines.duckdb_engine(catalogue, frame),
            "sqlite": lambda: engines.sqlite_engine(catalogue, frame, path),
            "datasette": lambda: engines.datasette_engine(catalogue, frame, path),
            "dataframe_explorer": lambda: engines.explorer_engine(catalogue, frame),
        }
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        ask = makers[engine]()
        build = time.perf_counter() - start
        total, page, counts = ask()
        print(json.dumps({"total": total, "page": page, "counts": counts}), flush=True)
        sys.stdin.readline()
        times = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            ask()
            times.append(time.perf_counter() - start)
            if sum(times) > 60 and len(times) >= 7:
                break
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(
            json.dumps({"build": build, "times": times, "memory": max(0, peak - before) / 1024}),
            flush=True,
        )


def measure(engine: str, rows: int, truth: dict | None) -> tuple[dict, dict]:
    """Run one engine at one size; its answer must equal ``truth`` as far as it can be asked."""
    command = [sys.executable, "-m", "benchmarks.facets", "--engine", engine, "--rows", str(rows)]
    child = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    answer = json.loads(child.stdout.readline())
    if truth is not None:
        same_question = engine != "dataframe_explorer"
        wrong = [
            name for name, answers in answer["counts"].items() if answers != truth["counts"][name]
        ]
        if same_question and answer["total"] != truth["total"]:
            wrong.append("total")
        if answer["page"] and answer["page"] != truth["page"]:
            wrong.append("page")
        if wrong:
            child.kill()
            raise SystemExit(f"{engine} at {rows} rows answers differently: {', '.join(wrong)}")
    child.stdin.write("go\n")
    child.stdin.flush()
    result = json.loads(child.stdout.readline())
    child.wait()
    return answer, result


def report(results: dict[int, dict[str, dict]]) -> str:
    """Return the results as Markdown."""
    packages = ("pandas", "numpy", "polars", "duckdb", "datasette", "streamlit-extras")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    import sqlite3

    lines = [
        "# Faceted search against its peers",
        "",
        "Made by `make bench-facets`. The same question (see `benchmarks/engines.py`) on a seeded bootstrap of `data/devices.csv`; answers compared for",
        f"equality before anything is timed; median of at least 7 runs, each engine in its own process. {platform.machine()}, "
        f"Python {platform.python_version()}, {versions}, SQLite {sqlite3.sqlite_version}.",
        "",
        "Datasette answers six of the eight facets, without leaving a facet's own choice out; `dataframe_explorer` only filters two columns and counts nothing.",
        "",
    ]
    for rows, by_engine in results.items():
        ours = statistics.median(by_engine["legwise"]["times"])
        lines += [
            f"## {rows:,} rows",
            "",
            "| engine | median ms | Legwise's time ÷ its time | million rows/s | build s | peak memory, MiB above the table |",
            "|---|---|---|---|---|---|",
        ]
        for engine, result in by_engine.items():
            middle = statistics.median(result["times"])
            lines.append(
                f"| {engine} | {middle * 1000:.2f} | {ours / middle:.3f} | {rows / middle / 1e6:.1f} | {result['build']:.2f} | {result['memory']:.0f} |"
            )
        lines.append("")
    ours = {
        rows: statistics.median(answers["legwise"]["times"]) for rows, answers in results.items()
    }
    if 10_000 in ours and 1_000_000 in ours:
        lines.append(
            f"Growth of Legwise from 10,000 to 1,000,000 rows (100 times the rows): {ours[1_000_000] / ours[10_000]:.1f} times the time."
        )
    last = results[max(results)]
    for engine, target in TARGETS.items():
        ratio = statistics.median(last["legwise"]["times"]) / statistics.median(
            last[engine]["times"]
        )
        lines.append(
            f"Against {engine} at {max(results):,} rows: {ratio:.4f} (to hold: at most {target}) {'holds' if ratio <= target else 'DOES NOT HOLD'}."
        )
    return "\n\n".join(["\n".join(lines[: -len(TARGETS) - 1]), *lines[-len(TARGETS) - 1 :]]) + "\n"


def main() -> int:
    """Measure every engine at every size and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    options = parser.parse_args()
    if options.engine:
        work(options.engine, options.rows)
        return 0
    results: dict[int, dict[str, dict]] = {}
    for rows in options.sizes:
        truth = None
        results[rows] = {}
        for engine in ENGINES:
            answer, result = measure(engine, rows, truth)
            truth = truth or answer
            results[rows][engine] = result
            print(
                f"{rows:>9,} {engine:<20} {statistics.median(result['times']) * 1000:10.2f} ms",
                flush=True,
            )
    text = report(results)
    if tuple(options.sizes) == SIZES:
        (ROOT / "benchmarks" / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
    return 0 if "DOES NOT HOLD" not in text else 1


if __name__ == "__main__":
    sys.exit(main())
