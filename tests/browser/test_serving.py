"""What ``serve.py`` adds: headers that the pages live with, figures, a log that keeps secrets."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from server.headers import HEADERS
from tests.browser.conftest import inside, serve
from tests.browser.websocket import visitor
from tests.conftest import ROOT
from tests.packages import SMALL

#: Links that ask for what nobody else may learn, and the words that must not be in the log.
ASKING = (
    "/find?heat=yes&condition=diabetes&body_areas=foot&q=normatec&view=charts",
    "/match?signs=none&symptom=swelling&condition=pregnancy&area=calf",
    "/symptoms?subject=percussion&symptom=poor_blood_flow&view=bubbles",
    "/risks?condition=diabetes&flow=varicose_veins",
    "/explore?table=devices&group=device_type&chart=treemap",
    "/?q=cramps&area=knee",
)
SECRET = (
    "diabetes",
    "swelling",
    "pregnancy",
    "poor_blood_flow",
    "varicose",
    "normatec",
    "cramps",
    "foot",
    "calf",
    "knee",
    "condition",
    "symptom=",
)


ANSWERS = ("/", "/find", "/metrics", "/_stcore/health", "/nothing-here")


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("serving") / "log"


@pytest.fixture(scope="module")
def serving(log):
    yield from serve(log, SMALL)


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def lines(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


@pytest.mark.parametrize("path", [*ANSWERS, "/api", "/api/find", "/api/none"])
def test_every_answer_has_the_headers(serving, path):
    try:
        answer = urllib.request.urlopen(serving + path, timeout=10)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    with answer:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_another_site_can_neither_read_nor_connect(serving):
    host = {"Origin": "https://elsewhere.example"}
    request = urllib.request.Request(f"{serving}/_stcore/health", headers=host)
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] is None
    assert upgrade(serving, "https://elsewhere.example") == 403
    assert upgrade(serving, serving) == 101


def upgrade(base: str, origin: str) -> int:
    """Ask for a websocket as a page of ``origin`` does; return the status of the answer."""
    # urllib closes every connection, and a websocket stays open.
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    headers = {
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    try:
        connection.request("GET", "/_stcore/stream", headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


# Figures that no other test in a browser draws: all of them load their pages under the policy.
@pytest.mark.parametrize(
    "path", [link for link in ASKING if "bubbles" in link or "treemap" in link]
)
def test_figures_are_drawn_under_the_policy(serving, visit, path):
    page = visit(path, base=serving)  # what the policy forbids is an error in the console
    expect(page.locator(".js-plotly-plot").first).to_be_visible()


def test_a_view_leads_to_its_answer_as_json_and_to_all_of_the_api(serving, visit):
    page = visit("/find?heat=yes&condition=diabetes", base=serving)
    sentence = page.get_by_test_id("stMain").locator("h2").first.inner_text()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="This view as JSON").click()
    answer = json.loads(opened.value.locator("body").inner_text())
    assert answer["summary"] == sentence
    assert answer["link"] == "/find?heat=yes&condition=diabetes"
    with page.expect_popup() as opened:
        page.get_by_role("link", name="All of the API").click()
    for width in (1280, 390):
        opened.value.set_viewport_size({"width": width, "height": 800})
        expect(opened.value.get_by_role("heading", name="/api/find")).to_be_visible()
        assert opened.value.evaluate("document.documentElement.scrollWidth") == width


def test_the_api_is_compressed_and_read_by_any_site(serving):
    headers = {"Accept-Encoding": "gzip", "Origin": "https://elsewhere.example"}
    request = urllib.request.Request(f"{serving}/api/find", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        etag = answer.headers["ETag"]
    again = urllib.request.Request(f"{serving}/api/find", headers={"If-None-Match": etag})
    with pytest.raises(urllib.error.HTTPError, match="304"):
        urllib.request.urlopen(again, timeout=10)


def test_the_log_has_nothing_that_the_api_was_asked(serving, log):
    for path, _, query in (link.partition("?") for link in ASKING):
        read(f"{serving}/api/{path.strip('/') or 'search'}?{query}&zzz=diabetes")
    assert status(serving, "/api/devices/diabetes?condition=pregnancy") == 404
    assert 'route="match",status="200"' in read(f"{serving}/metrics")
    text = "\n".join(
        line for line in log.read_text().splitlines() if '"event": "start"' not in line
    )
    assert not [word for word in SECRET if word in text.lower()]
    assert "ScriptRunContext" not in text  # Streamlit's warning where no page runs


def test_a_download_works_under_the_policy(serving, visit):
    page = visit("/data?view=tables", base=serving)
    with page.expect_download() as download:
        page.get_by_role("button", name="This table (CSV)").click()
    assert download.value.path().stat().st_size
    expect(inside(page, "data.view")).to_be_visible()


def test_what_is_no_message_and_a_flood_of_it_harm_no_other_visitor(serving):
    address = f"ws://{urlsplit(serving).netloc}/_stcore/stream"
    with visitor(serving) as other:
        other.open("/find?heat=yes")
        drawn = len(other.elements)
        for sent in (b"", b"\xff" * 1000, random.Random(1).randbytes(100_000), "text"):
            with (
                connect(address, subprotocols=["streamlit"], max_size=None) as socket,
                suppress(ConnectionClosed),
            ):
                for _ in range(20):
                    socket.send(sent)
        with ExitStack() as stack:  # a hundred who never ask for anything
            for _ in range(100):
                stack.enter_context(connect(address, subprotocols=["streamlit"], max_size=None))
            other.rerun(other.states())
        other.open("/find?heat=yes")
        assert len(other.elements) == drawn
    assert read(f"{serving}/_stcore/health") == "ok"


def test_a_link_of_100_kb_is_refused_or_opens_the_page(serving):
    with visitor(serving) as someone:
        someone.open("/find?q=" + "a" * 100_000)
        assert not someone.all("exception")
        assert someone.elements
    assert status(serving, "/find?q=" + "a" * 100_000) in (200, 400, 414, 431)
    assert read(f"{serving}/_stcore/health") == "ok"


def status(base: str, path: str) -> int:
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(serving):
    limit = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["server"]["maxUploadSize"]
    with visitor(serving) as someone:
        someone.open("/find")
        assert upload(serving, someone.session, (limit << 20) + 1) == (413, "File too large")
    assert read(f"{serving}/_stcore/health") == "ok"


def upload(base: str, session: str, size: int, body: bytes = b"") -> tuple[int, str]:
    """Announce a form of that size, and send what there is of it; return the answer."""
    with urllib.request.urlopen(f"{base}/_stcore/health", timeout=10) as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    headers = {"Cookie": cookie, "X-Xsrftoken": cookie.partition("=")[2], "Content-Length": size}
    headers["Content-Type"] = "multipart/form-data; boundary=part"
    try:
        connection.request("PUT", f"/_stcore/upload_file/{session}/a", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_figures_count_steps_and_visitors(serving):
    with visitor(serving) as someone:
        someone.open("/find?condition=diabetes")
        text = read(f"{serving}/metrics")
    assert 'legwise_step_seconds_count{page="find",status="done"}' in text
    visitors = next(line for line in text.splitlines() if line.startswith("legwise_visitors "))
    assert float(visitors.split()[1]) >= 1
    assert "process_resident_memory_bytes" in text
    assert "diabetes" not in text


def test_the_log_has_a_line_per_step_and_nothing_that_was_asked(serving, log):
    before = len(lines(log))
    with visitor(serving) as someone:
        for link in ASKING:
            someone.open(link)
            someone.rerun(someone.states())
    steps = [line for line in lines(log)[before:] if line["event"] == "step"]
    names = [link.partition("?")[0].strip("/") or "app" for link in ASKING]
    assert [step["page"] for step in steps] == [name for name in names for _ in range(2)]
    for step in steps:
        assert set(step) == {"time", "level", "event", "page", "ms", "status"}
        assert step["status"] == "done"
    # The first line names the tables, such as symptoms.
    text = "\n".join(
        line for line in log.read_text().splitlines() if '"event": "start"' not in line
    )
    assert not [word for word in SECRET if word in text.lower()]


def test_the_first_line_says_what_is_served(serving, log):
    first = lines(log)[0]
    assert first["event"] == "start"
    assert {"legwise", "streamlit", "python", "data", "rows"} <= set(first)
    assert first["rows"]["devices"]
    assert "ScriptRunContext" not in log.read_text()


def test_each_fault_of_the_tables_is_logged_once_at_start_and_again_after_an_edit(copied, tmp_path):
    log, table = tmp_path / "log", copied / "devices.csv"
    good = table.read_text(encoding="utf-8")
    table.write_text(good.replace("air_compression", "no_such_type"), encoding="utf-8")
    with contextmanager(serve)(log, copied) as base:
        first, *faults = lines(log)
        assert first["event"] == "start, with faults in the tables"
        assert {line["event"] for line in faults} == {"fault"}
        assert len({line["what"] for line in faults}) == len(faults) > 1
        table.write_text(good + "half a row", encoding="utf-8")
        with visitor(base) as someone:
            someone.open("/find")
        edited = lines(log)[1 + len(faults)]
        assert edited["event"] == "faults in the tables"
        assert "ScriptRunContext" not in log.read_text()


def test_a_folder_that_cannot_be_read_ends_the_start_with_a_message(tmp_path):
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.headless=true"]
    ended = subprocess.run(
        [*command, "--server.port=0"],
        cwd=ROOT,
        env={**os.environ, "LEGWISE_DATA": str(tmp_path / "nowhere")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode
    assert "Legwise cannot start" in ended.stderr
    assert "no such folder" in ended.stderr
    assert "Traceback" not in ended.stderr
