"""Measures a crowd: many visitors (see ``benchmarks/visitors.py``) on one or more processes.

With several processes each visitor stays with one of them, as behind a proxy with affinity. The
visitors run on the same machine; what they cost is told. ``make bench-crowd`` writes the table into
``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from benchmarks.pages import as_table, cpu_of, put_section, serving
from benchmarks.visitors import THINK, Seen, crowd
from tests.conftest import ROOT

#: Visitors, processes of what is written down.
CROWDS = ((1, 1), (10, 1), (25, 1), (50, 1), (100, 2))


def memory_of(process: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def measure(visitors: int, processes: int, seconds: float, warm_up: float) -> dict[str, str]:
    """Let a crowd visit; return one row of the table."""
    seen, memory = Seen(), []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        servers = [
            stack.enter_context(serving(Path(folder) / f"log{number}", "serve.py", ROOT))
            for number in range(processes)
        ]
        start = time.monotonic() + warm_up
        until = start + seconds
        threads = crowd([base for _, base in servers], visitors, until, seen)
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
    if seen.returns:
        seen.errors.append(f"{len(seen.returns)} connections were lost")
    for error, times in Counter(seen.errors).most_common():
        print(f"{times} × {error}", file=sys.stderr)
    waits = sorted(seconds for began, seconds in seen.waits if began >= start)
    return {
        "visitors": str(visitors),
        "processes": str(processes),
        "reruns/s": f"{len(waits) / seconds:.1f}",
        **{
            name: f"{1000 * waits[min(len(waits) - 1, int(share * len(waits)))]:.0f}"
            for name, share in (("p50 ms", 0.5), ("p95 ms", 0.95), ("p99 ms", 0.99))
        },
        "errors": str(len(seen.errors)),
        "CPU ms a rerun": f"{1000 * used / max(1, len(waits)):.0f}",
        "of the visitors": f"{1000 * client / max(1, len(waits)):.0f}",
        "memory MB": f"{memory[-1][1]:.0f}",
        "MB a minute": f"{slope(memory):+.1f}",
        "visits": str(seen.visits),
    }


def _client_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def slope(memory: list[tuple[float, float]]) -> float:
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
        measure(visitors, processes, options.seconds, options.warm_up)
        for visitors, processes in crowds
    ]
    lines = as_table(list(rows[0]), [list(row.values()) for row in rows])
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
