"""Measures what a visit of each page costs, beside a two-line Streamlit app, in one run.

A visitor speaks Streamlit's own messages over the websocket and sends the state of every widget, as
a browser does. Wall time is what the visitor waits; CPU is that of the server's process. Runs are
paced: back to back, TCP's delayed acknowledgement would add 40 ms that no reader waits for.
``make bench-pages`` writes the table into ``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.browser.conftest import start_server
from tests.browser.websocket import Visitor, visitor
from tests.conftest import ROOT

TWO_LINES = 'import streamlit as st\nst.write("Hello")\n'
#: What is measured of Legwise: name → address.
PAGES = {
    "home": "/",
    "find": "/find?heat=yes&remote_control=yes",
    "find, charts": "/find?heat=yes&view=charts",
    "match": "/match?signs=none&symptom=swelling&condition=diabetes",
    "compare": "/compare?type=air_compression&type=compression_stockings&condition=diabetes",
    "symptoms": "/symptoms",
    "symptoms, swelling": "/symptoms?symptom=swelling",
    "risks": "/risks?condition=diabetes",
    "explore": "/explore",
    "data": "/data",
    "device": "/device?id=hyperice-normatec-3",
    "type": "/type?id=air_compression",
}
PAUSE = 0.15
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Costs of one page: seconds, bytes and numbers of elements."""

    first: float
    wall: list[float]
    cpu: float
    received: int
    elements: int
    #: Reruns of the two-line app in between: the speed of a machine changes within minutes.
    floor: Sequence[float] = ()

    @property
    def median(self) -> float:
        """Median wall time of a rerun."""
        return statistics.median(self.wall)

    @property
    def times(self) -> float | None:
        """How many times as long a rerun takes as one of the two-line app, where both were run."""
        return self.median / statistics.median(self.floor) if self.floor else None

    @property
    def p95(self) -> float:
        """The 95th percentile of the wall time of a rerun."""
        return sorted(self.wall)[max(0, round(0.95 * len(self.wall)) - 1)]


def cpu_of(process: int) -> float:
    """Return the CPU seconds that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def two_line_app(folder: Path, *, ours: bool) -> Iterator[tuple[int, str]]:
    """Serve a two-line app, with Streamlit's default settings or with ours."""
    (folder / "two_lines.py").write_text(TWO_LINES)
    if ours:
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit/config.toml").write_text(
            (ROOT / ".streamlit/config.toml").read_text()
        )
    with serving(folder / "log", "two_lines.py", folder) as served:
        yield served


@contextmanager
def serving(log: Path, script: str, folder: Path) -> Iterator[tuple[int, str]]:
    """Serve a script; yield the process id and the address."""
    process, base = start_server(log, script=script, folder=folder)
    try:
        yield process.pid, base
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def measure(
    process: int, base: str, path: str, runs: int, floor: Callable[[], float] | None = None
) -> Cost:
    """Open a page as a new visitor and run it again and again, each time after a run of ``floor``.

    An address with ``{}`` is another one at every run, which is a number there.
    """
    with visitor(base) as warm:  # what all visitors share is made by the first of them
        warm.open(path.format(0))
    with visitor(base) as visit:
        start = time.perf_counter()
        visit.open(path.format(0))
        first = time.perf_counter() - start
        wall: list[float] = []
        beside: list[float] = []
        before = used = 0.0
        for number in range(runs + 2):
            if floor and number >= 2:
                beside.append(floor())
            time.sleep(PAUSE)
            if number == 2:
                before = cpu_of(process)
            start = time.perf_counter()
            if "{}" in path:
                visit.open(path.format(number + 1))
            else:
                visit.rerun(visit.states())
            if number >= 2:  # the first rerun still settles links and widgets
                wall.append(time.perf_counter() - start)
        used = cpu_of(process) - before
        return Cost(first, wall, used / runs, visit.received, len(visit.elements), beside)


def rerun(visit: Visitor) -> float:
    """Run the page of a visitor again after a pause; return how long that took."""
    time.sleep(PAUSE)
    start = time.perf_counter()
    visit.rerun(visit.states())
    return time.perf_counter() - start


def lines(costs: dict[str, Cost]) -> list[str]:
    """Return the table; ratios are to the two-line app with default settings, run in between."""
    head = [
        "page",
        "first page ms",
        "rerun ms",
        "p95 ms",
        "× two lines",
        "CPU ms",
        "kB",
        "elements",
    ]
    rows = [
        [
            name,
            f"{1000 * cost.first:.0f}",
            f"{1000 * cost.median:.0f}",
            f"{1000 * cost.p95:.0f}",
            f"{cost.times:.2f}" if cost.times else "",
            f"{1000 * cost.cpu:.0f}",
            f"{cost.received / 1000:.0f}",
            f"{cost.elements}",
        ]
        for name, cost in costs.items()
    ]
    return as_table(head, rows)


def as_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table in Markdown."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def import_time() -> float:
    """Return the seconds that importing what a page needs takes, the median of five."""
    code = "import time; a = time.perf_counter(); import ui.page; print(time.perf_counter() - a)"
    took = [
        float(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT)) for _ in range(5)
    ]
    return statistics.median(took)


def put_section(name: str, lines: list[str]) -> None:
    """Put a section into the results, in the same position every time."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = RESULTS.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2] if rest else "\n"
    section = "\n".join([begin, *lines, end])
    RESULTS.write_text(f"{before.rstrip()}\n\n{section}{after}", encoding="utf-8")


def main() -> None:
    """Measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--only", default="", help="measure pages whose name contains this")
    options = parser.parse_args()
    costs = {}
    with tempfile.TemporaryDirectory() as folder:
        default, ours = Path(folder) / "default", Path(folder) / "ours"
        default.mkdir()
        ours.mkdir()
        with two_line_app(ours, ours=True) as (process, base):
            costs["two lines, our settings"] = measure(process, base, "/", options.runs)
        with (
            two_line_app(default, ours=False) as (process, base),
            visitor(base) as beside,
        ):
            costs["two lines, default settings"] = measure(process, base, "/", options.runs)
            beside.open("/")
            floor = partial(rerun, beside)
            with serving(Path(folder) / "log", "serve.py", ROOT) as (process, base):
                for name, path in PAGES.items():
                    if options.only in name:
                        costs[name] = measure(process, base, path, options.runs, floor)
    table = lines(costs)
    print("\n".join(table))
    if not options.only:
        put_section(
            "pages",
            [
                "# Pages",
                "",
                "Made by `make bench-pages`: one visitor, runs 150 ms apart, the state of every "
                "widget sent as a browser does. Each run of a page comes after one of the two-line "
                "app with default settings, to whose median the ratio is; the two-line apps are "
                f"measured alone. Importing what every page needs takes {import_time():.2f} s.",
                "",
                *table,
            ],
        )


if __name__ == "__main__":
    main()
