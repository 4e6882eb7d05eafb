"""What 60 visitors may notice while replicas come and go behind the proxy, however they are run."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from benchmarks.pages import PAGES
from benchmarks.visitors import Seen, crowd

VISITORS = 60
#: How long the visitors stay, in seconds.
STAY = 60
#: What is in the links of the visitors, and must be in no log.
SECRET = ("diabetes", "swelling", "heat=", "symptom=", "condition=", "knee", "zzsearch")
LINKS = (*PAGES.values(), "/find?q=zzsearch&condition=diabetes", "/?area=knee&q=zzsearch")


def killed(port: int, kill: Callable[[], None]) -> None:
    """Assert that the visitors of a replica that is killed have their views again in 3 s."""
    seen = Seen()
    threads, _ = come(port, seen)
    time.sleep(STAY / 2)
    before = list(seen.returns)
    kill()
    leave(threads, seen)
    assert not before
    assert len(seen.returns) > 5
    assert not seen.lost
    assert not seen.errors
    assert p95(seen.returns) < 3


def rolled(port: int, roll: Callable[[], None]) -> None:
    """Assert that nobody sees an error or loses a view while each replica is started again."""
    seen = Seen()
    threads, until = come(port, seen)
    time.sleep(10)
    roll()
    assert time.monotonic() < until
    leave(threads, seen)
    assert len(seen.returns) > 20
    assert not seen.lost
    assert not seen.errors


def come(port: int, seen: Seen) -> tuple[list[threading.Thread], float]:
    until = time.monotonic() + STAY
    return crowd([f"http://127.0.0.1:{port}"], VISITORS, until, seen, LINKS), until


def leave(threads: list[threading.Thread], seen: Seen) -> None:
    for thread in threads:
        thread.join()
    print(f"steps {len(seen.waits)}, came back {len(seen.returns)}, p95 {p95(seen.returns):.2f} s")


def p95(waits: list[float]) -> float:
    return sorted(waits)[int(0.95 * len(waits))] if waits else 0.0


def guards(port: int) -> None:
    """Assert that the proxy keeps figures inside and has headers on its answers."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics")
    with refused.value as answer:
        assert answer.code == 404
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/find") as answer:
        assert len(answer.headers.get_all("Content-Security-Policy")) == 1
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("legwise_replica=")
    assert "httponly" in cookie.lower()


def tells_nothing(log: str) -> None:
    """Assert that a log has the steps of visitors, and not what they asked."""
    lines = [line for line in log.lower().splitlines() if '"event": "start"' not in line]
    text = "\n".join(lines)
    assert '"event": "step"' in text
    assert "/_stcore/stream" in text
    assert not [word for word in SECRET if word in text]
