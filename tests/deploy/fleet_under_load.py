"""Replicas behind nginx with visitors on them: one is killed, then all are started again.

``make test-deploy`` runs it; it needs nginx and two minutes, so it is not part of ``make test``.
"""

from __future__ import annotations

import random
import re
import shutil
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection

import pytest
from websockets.exceptions import WebSocketException

from benchmarks.crowd import THINK
from benchmarks.pages import PAGES
from deploy import fleet as fleets
from deploy.fleet import Fleet, FleetError
from tests.browser.websocket import Visitor, visitor

PORT = 8790
VISITORS = 60
#: What is in the links of the visitors, and must be in no log.
SECRET = ("diabetes", "swelling", "heat=", "symptom=", "condition=", "knee", "zzsearch")
LINKS = (*PAGES.values(), "/find?q=zzsearch&condition=diabetes", "/?area=knee&q=zzsearch")


@dataclass
class Seen:
    """What all visitors met. ``lost`` are links that did not come back."""

    after: list[float] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    steps: int = 0


@pytest.fixture(scope="module")
def fleet(tmp_path_factory) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path_factory.mktemp("fleet"), 2, PORT)
    fleet.up()
    yield fleet
    fleet.down()


@dataclass
class Person:
    """A visitor who, like a browser, connects again and asks for the page by its link."""

    base: str
    seen: Seen
    chance: random.Random
    stack: ExitStack = field(default_factory=ExitStack)
    path: str = ""
    visit: Visitor | None = None
    #: Headings of the page that is shown; none while it is drawn for the first time.
    words: set[str] = field(default_factory=set)

    def come(self) -> None:
        self.stack.close()
        self.visit = self.stack.enter_context(visitor(self.base))

    def step(self) -> None:
        try:
            self._act()
        except (WebSocketException, OSError):
            self._come_back()
        self.seen.steps += 1
        self.words = headings(self.visit) if self.visit else set()
        if self.visit and self.visit.all("exception"):
            self.seen.errors.append("a page showed an exception")

    def _act(self) -> None:
        if not self.visit:
            self.come()
        if not self.path or self.chance.random() < 0.4:
            self.path, self.words = self.chance.choice(LINKS), set()
            self.visit.open(self.path)
        else:
            self.visit.rerun(self.visit.states())

    def _come_back(self) -> None:
        began = time.monotonic()
        link = self.path.partition("?")[0] + "?" + self.visit.query
        query = self.visit.query
        while True:
            try:
                self.come()
                self.visit.open(link)
                break
            except (WebSocketException, OSError) as error:
                if time.monotonic() > began + 15:
                    self.seen.errors.append(f"{type(error).__name__}: {error}")
                    self.visit = None
                    return
                time.sleep(0.2)
        self.seen.after.append(time.monotonic() - began)
        if self.visit.query != query or not self.words <= headings(self.visit):
            self.seen.lost.append((link, self.visit.query))


def headings(visit: Visitor) -> set[str]:
    return {item.body for item in visit.all("heading")}


def stroll(base: str, seed: int, until: float, seen: Seen) -> None:
    person = Person(base, seen, random.Random(seed))
    time.sleep(person.chance.uniform(0, THINK[1]))
    with person.stack:
        while time.monotonic() < until:
            person.step()
            time.sleep(person.chance.uniform(*THINK))


def crowd(seconds: float, seen: Seen) -> tuple[list[threading.Thread], float]:
    until = time.monotonic() + seconds
    base = f"http://127.0.0.1:{PORT}"
    threads = [
        threading.Thread(target=stroll, args=(base, seed, until, seen)) for seed in range(VISITORS)
    ]
    for thread in threads:
        thread.start()
    return threads, until


def p95(waits: list[float]) -> float:
    return sorted(waits)[int(0.95 * len(waits))]


def test_visitors_of_a_killed_replica_come_back_to_the_same_view(fleet):
    seen = Seen()
    threads, _ = crowd(60, seen)
    time.sleep(30)
    before = list(seen.after)
    fleet.kill(0)
    for thread in threads:
        thread.join()
    print(f"steps {seen.steps}, came back {len(seen.after)}, p95 {p95(seen.after):.2f} s")
    assert not before
    assert len(seen.after) > 5
    assert not seen.lost
    assert not seen.errors
    assert p95(seen.after) < 3
    fleet.start(0)
    fleet.wait(0)


def test_a_rolling_restart_is_not_an_error_for_anyone(fleet):
    seen = Seen()
    threads, until = crowd(60, seen)
    time.sleep(10)
    fleet.roll()
    assert time.monotonic() < until
    for thread in threads:
        thread.join()
    print(f"steps {seen.steps}, came back {len(seen.after)}, p95 {p95(seen.after):.2f} s")
    assert len(seen.after) > 20
    assert not seen.lost
    assert not seen.errors


def test_a_fleet_is_known_by_its_folder_and_not_started_twice(fleet):
    running = Fleet.running(fleet.folder)
    assert (running.size, running.port) == (fleet.size, fleet.port)
    with pytest.raises(FleetError, match="make roll starts them again"):
        Fleet(fleet.folder, 1, PORT).up()
    fleet.wait(1)


def test_a_file_that_is_too_large_is_refused_in_plain_words(fleet):
    size = int(re.search(r"client_max_body_size (\d+)m", fleets.CONF.read_text())[1]) << 20
    connection = HTTPConnection("127.0.0.1", PORT, timeout=10)
    connection.putrequest("PUT", "/_stcore/upload_file/someone/some-file")
    connection.putheader("Content-Length", str(size + 1))
    connection.endheaders()
    with connection.getresponse() as answer:
        assert answer.status == 413
        assert "This file is too large" in answer.read().decode()
    connection.close()


def test_the_fault_of_a_full_disk_is_no_leak(fleet):
    # What is sent goes through a file, which cannot be made.
    shutil.rmtree(fleet.folder / "body")
    address = f"http://127.0.0.1:{PORT}/find?condition=diabetes"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address, data=b" " * 300_000)
    refused.value.close()
    assert refused.value.code == 500
    (fleet.folder / "body").mkdir(mode=0o777)


def test_no_log_says_what_a_visitor_asked(fleet):
    text = "".join(
        line
        for path in fleet.folder.glob("*.log")
        for line in path.read_text().splitlines(keepends=True)
        if '"event": "start"' not in line
    ).lower()
    assert '"event": "step"' in text
    assert "/_stcore/stream" in text
    assert not [word for word in SECRET if word in text]


def test_the_proxy_keeps_figures_inside_and_has_headers_on_its_answers(fleet):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics")
    with refused.value as answer:
        assert answer.code == 404
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/find") as answer:
        assert len(answer.headers.get_all("Content-Security-Policy")) == 1
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("legwise_replica=")
    assert "httponly" in cookie.lower()


def test_a_wrong_configuration_is_told(tmp_path, monkeypatch):
    wrong = tmp_path / "nginx.conf"
    wrong.write_text(fleets.CONF.read_text().replace("userid on;", "userid_maybe on;"))
    monkeypatch.setattr(fleets, "CONF", wrong)
    with pytest.raises(FleetError, match=r'unknown directive "userid_maybe" in .*nginx.conf:\d+'):
        Fleet(tmp_path / "run", 1, PORT + 50).up()


def test_tables_that_cannot_be_read_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("LEGWISE_DATA", str(tmp_path / "nowhere"))
    fleet = Fleet(tmp_path / "run", 1, PORT + 60)
    with pytest.raises(FleetError, match=r"(?s)replica 0 did not start.*no such folder"):
        fleet.up()
    fleet.down()
