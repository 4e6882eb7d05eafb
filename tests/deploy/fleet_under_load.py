"""Replicas behind nginx with visitors on them: one is killed, then all are started again.

``make test-deploy`` runs it; it needs nginx and two minutes, so it is not part of ``make test``.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from benchmarks.pages import PAGES
from benchmarks.visitors import Seen, crowd
from deploy import fleet as fleets
from deploy.fleet import Fleet, FleetError

PORT = 8790
VISITORS = 60
#: What is in the links of the visitors, and must be in no log.
SECRET = ("diabetes", "swelling", "heat=", "symptom=", "condition=", "knee", "zzsearch")
LINKS = (*PAGES.values(), "/find?q=zzsearch&condition=diabetes", "/?area=knee&q=zzsearch")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path_factory.mktemp("fleet"), 2, PORT)
    fleet.up()
    yield fleet
    fleet.down()


def come(seconds: float, seen: Seen) -> tuple[list[threading.Thread], float]:
    until = time.monotonic() + seconds
    return crowd([f"http://127.0.0.1:{PORT}"], VISITORS, until, seen, LINKS), until


def p95(waits: list[float]) -> float:
    return sorted(waits)[int(0.95 * len(waits))]


def test_visitors_of_a_killed_replica_come_back_to_the_same_view(fleet):
    seen = Seen()
    threads, _ = come(60, seen)
    time.sleep(30)
    before = list(seen.returns)
    fleet.kill(0)
    for thread in threads:
        thread.join()
    print(f"steps {len(seen.waits)}, came back {len(seen.returns)}, p95 {p95(seen.returns):.2f} s")
    assert not before
    assert len(seen.returns) > 5
    assert not seen.lost
    assert not seen.errors
    assert p95(seen.returns) < 3
    fleet.start(0)
    fleet.wait(0)


def test_a_rolling_restart_is_not_an_error_for_anyone(fleet):
    seen = Seen()
    threads, until = come(60, seen)
    time.sleep(10)
    fleet.roll()
    assert time.monotonic() < until
    for thread in threads:
        thread.join()
    print(f"steps {len(seen.waits)}, came back {len(seen.returns)}, p95 {p95(seen.returns):.2f} s")
    assert len(seen.returns) > 20
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
