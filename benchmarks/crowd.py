"""Measures a crowd: many visitors on seeded journeys over all pages, with time to think.

Every visitor is a thread that speaks Streamlit's own messages and sends the state of every widget,
as a browser does. With several processes each visitor stays with one of them, as behind a proxy
with affinity. The visitors run on the same machine; what they cost is told. ``make bench-crowd``
writes the table into ``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.pages import PAGES, cpu_of, put_section, serving
from tests.browser.websocket import Visitor, visitor
from tests.conftest import ROOT

THINK = (2.0, 5.0)
#: Actions of one visit; then the next visitor comes.
VISIT = (6, 14)
#: Visitors, processes of what is written down.
CROWDS = ((1, 1), (30, 1), (50, 1), (100, 2))


@dataclass
class Log:
    """What the visitors of one crowd met."""

    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    visits: int = 0


def act(visit: Visitor, chance: random.Random) -> None:
    """Do what a visitor does next: open a page by the menu or a link, or use a widget."""
    if not visit.elements or chance.random() < 0.4:
        visit.open(chance.choice([*PAGES.values()]))
    else:
        states = visit.states()
        switches = [state for state in states if state.WhichOneof("value") == "bool_value"]
        if switches:
            switch = chance.choice(switches)
            switch.bool_value = not switch.bool_value
        visit.rerun(states)


def come_and_go(base: str, seed: int, until: float, start: float, log: Log) -> None:
    """Be one visitor after another until the time is over; waits before ``start`` do not count."""
    chance = random.Random(seed)
    time.sleep(chance.uniform(0, THINK[1]))
    while time.monotonic() < until:
        try:
            with visitor(base) as visit:
                for _ in range(chance.randint(*VISIT)):
                    began = time.monotonic()
                    act(visit, chance)
                    if began >= start:
                        log.waits.append(time.monotonic() - began)
                    if visit.all("exception"):
                        log.errors.append("a page showed an exception")
                    if time.monotonic() >= until:
                        break
                    time.sleep(chance.uniform(*THINK))
            log.visits += 1
        except (OSError, TimeoutError, ValueError) as error:
            log.errors.append(f"{type(error).__name__}: {error}")
            time.sleep(1)


def memory_of(process: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def crowd(visitors: int, processes: int, seconds: float, warm_up: float) -> dict[str, str]:
    """Let a crowd visit; return one row of the table."""
    log, memory = Log(), []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        servers = [
            stack.enter_context(serving(Path(folder) / f"log{number}", "app.py", ROOT))
            for number in range(processes)
        ]
        start = time.monotonic() + warm_up
        until = start + seconds
        threads = [
            threading.Thread(
                target=come_and_go,
                args=(servers[number % processes][1], number, until, start, log),
            )
            for number in range(visitors)
        ]
        client = -_client_cpu()
        for thread in threads:
            thread.start()
        time.sleep(max(0, start - time.monotonic()))
        used = -sum(cpu_of(process) for process, _ in servers)
        client = -_client_cpu()
        while (left := until - time.monotonic()) > 0:
            memory.append((time.monotonic() - start, sum(memory_of(pid) for pid, _ in servers)))
            time.sleep(min(10, left))
        used += sum(cpu_of(process) for process, _ in servers)
        client += _client_cpu()
        for thread in threads:
            thread.join()
        memory.append((time.monotonic() - start, sum(memory_of(pid) for pid, _ in servers)))
    for error, times in Counter(log.errors).most_common():
        print(f"{times} × {error}", file=sys.stderr)
    waits = sorted(log.waits)
    return {
        "visitors": str(visitors),
        "processes": str(processes),
        "reruns/s": f"{len(waits) / seconds:.1f}",
        **{
            name: f"{1000 * waits[min(len(waits) - 1, int(share * len(waits)))]:.0f}"
            for name, share in (("p50 ms", 0.5), ("p95 ms", 0.95), ("p99 ms", 0.99))
        },
        "errors": str(len(log.errors)),
        "CPU ms a rerun": f"{1000 * used / max(1, len(waits)):.0f}",
        "of the visitors": f"{1000 * client / max(1, len(waits)):.0f}",
        "memory MB": f"{memory[-1][1]:.0f}",
        "MB a minute": f"{_slope(memory):+.1f}",
        "visits": str(log.visits),
    }


def _client_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _slope(memory: list[tuple[float, float]]) -> float:
    """Return how memory grows in MB a minute, in the second half of the time."""
    half = memory[len(memory) // 2 :]
    if len(half) < 3:
        return 0.0
    return 60 * statistics.linear_regression(*zip(*half, strict=True)).slope


def main() -> None:
    """Measure every crowd, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm-up", type=float, default=20)
    options = parser.parse_args()
    crowds = ((options.visitors, options.processes),) if options.visitors else CROWDS
    rows = [
        crowd(visitors, processes, options.seconds, options.warm_up)
        for visitors, processes in crowds
    ]
    heads = list(rows[0])
    table = [heads, ["---"] * len(heads), *(list(row.values()) for row in rows)]
    lines = [f"| {' | '.join(row)} |" for row in table]
    print("\n".join(lines))
    if not options.visitors:
        put_section(
            "crowd",
            [
                "# A crowd",
                "",
                f"Made by `make bench-crowd`: visitors with {THINK[0]:.0f} to {THINK[1]:.0f} s to "
                f"think, {options.seconds:.0f} s after a warm-up of {options.warm_up:.0f} s.",
                "",
                *lines,
            ],
        )


if __name__ == "__main__":
    main()
