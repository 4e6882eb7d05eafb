"""Measures half an hour of visits: how memory grows, and what ended visits leave behind.

``make bench-soak`` writes it into ``RESULTS.md``. The visitors are those of ``benchmarks/crowd.py``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.crowd import memory_of, slope
from benchmarks.pages import put_section, serving
from benchmarks.visitors import Seen, crowd
from tests.conftest import ROOT

VISITORS = 24
#: Streamlit keeps the session of a visitor who left for two minutes, in case they come back.
GONE = 180
#: Seconds between two looks at the memory.
PAUSE = 10


def visit(
    process: int, base: str, seconds: float, visitors: int
) -> tuple[Seen, list[tuple[float, float]]]:
    """Let visitors come and go for that time; return what they met and seconds → MB on the way."""
    seen, memory = Seen(), []
    start = time.monotonic()
    threads = crowd([base], visitors, start + seconds, seen)
    while any(thread.is_alive() for thread in threads):
        memory.append((time.monotonic() - start, memory_of(process)))
        time.sleep(PAUSE)
    return seen, memory


def left_behind(process: int) -> float:
    """Return the MB that a server holds once its visitors are forgotten: the median of six looks."""
    time.sleep(GONE)
    looks = []
    for _ in range(6):
        looks.append(memory_of(process))
        time.sleep(PAUSE)
    return statistics.median(looks)


def main() -> None:
    """Measure a short time of visits, and a long one after it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--visitors", type=int, default=VISITORS)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "log", "serve.py", ROOT) as (process, base),
    ):
        before = memory_of(process)
        few, _ = visit(process, base, 150, options.visitors)
        after_few = left_behind(process)
        many, memory = visit(process, base, 60 * options.minutes, options.visitors)
        after_many = left_behind(process)
    lines = [
        "# Half an hour of visits",
        "",
        f"Made by `make bench-soak`: {options.visitors} visitors at a time on one process. The "
        "memory of a server, in MB; once visitors left, it is read when their sessions are gone.",
        "",
        "| | visits ended | actions | errors | MB a minute, second half | MB when all are gone |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| started | 0 | 0 | 0 | | {before:.0f} |",
        f"| 2.5 minutes | {few.visits} | {len(few.waits)} | {len(few.errors)} | "
        f"| {after_few:.0f} |",
        f"| {options.minutes:g} minutes more | {many.visits} | {len(many.waits)} | "
        f"{len(many.errors)} | {slope(memory):+.2f} | {after_many:.0f} |",
    ]
    print("\n".join(lines))
    put_section("soak", lines)


if __name__ == "__main__":
    main()
