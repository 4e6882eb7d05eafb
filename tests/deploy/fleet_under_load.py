"""Replicas behind nginx with visitors on them: one is killed, then all are started again.

``make test-deploy`` runs it; it needs nginx and two minutes, so it is not part of ``make test``.
"""

from __future__ import annotations

import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest

from deploy import fleet as fleets
from deploy.fleet import Fleet, FleetError
from tests.browser.websocket import visitor
from tests.deploy import load

PORT = 8790


@pytest.fixture(scope="module")
def fleet(tmp_path_factory) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path_factory.mktemp("fleet"), 2, PORT)
    fleet.up()
    yield fleet
    fleet.down()


def test_visitors_of_a_killed_replica_come_back_to_the_same_view(fleet):
    load.killed(PORT, lambda: fleet.kill(0))
    fleet.start(0)
    fleet.wait(0)


def test_a_rolling_restart_is_not_an_error_for_anyone(fleet):
    load.rolled(PORT, fleet.roll)


def test_the_other_replica_may_fail_as_soon_as_the_first_is_back(fleet):
    # They stay: nginx would take a replica for well again only when a visit to it ends.
    with ExitStack() as visits:

        def come():
            for link in load.LINKS:
                visit = visits.enter_context(visitor(f"http://127.0.0.1:{PORT}"))
                visit.open(link)
                assert not visit.all("exception")

        for first, other in ((0, 1), (1, 0)):
            fleet.kill(first)
            come()
            fleet.start(first)
            fleet.wait(first)
            fleet.kill(other)
            come()
            fleet.start(other)
            fleet.wait(other)


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
    load.tells_nothing("".join(path.read_text() for path in fleet.folder.glob("*.log")))


def test_the_proxy_keeps_figures_inside_and_has_headers_on_its_answers(fleet):
    load.guards(PORT)


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
