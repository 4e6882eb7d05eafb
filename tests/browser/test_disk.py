"""Nothing can be written: a read-only system, and a full disk with the log on it.

Permissions do not bind root, and mounts are not everyone's to make. So the server's Python starts
with a module that lets every write fail, for whoever runs the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.browser.conftest import serve, settle
from tests.browser.test_restart import VIEWS
from tests.browser.test_serving import upload
from tests.browser.websocket import visitor
from tests.packages import SMALL

READ_ONLY = """
import errno, os, sys

CHANGES = {f"os.{name}" for name in ("mkdir", "rename", "remove", "rmdir", "link", "symlink")}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

def refuse(event, arguments):
    file = event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike))
    if event in CHANGES or (file and arguments[2] & WRITES):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(arguments[0]))

sys.addaudithook(refuse)
"""
#: A file can be made, and not a byte written into it.
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))"


@pytest.fixture(scope="module", params=[READ_ONLY, FULL], ids=["read-only", "full"])
def environment(request, tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("start")
    (folder / "sitecustomize.py").write_text(request.param)
    return {
        "PYTHONPATH": str(folder),
        "HOME": str(folder / "nowhere"),
        # As in deploy/.
        "STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE": "true",
    }


@pytest.fixture(scope="module")
def serving(environment, tmp_path_factory):
    full = "RLIMIT" in Path(environment["PYTHONPATH"], "sitecustomize.py").read_text()
    log = Path("/dev/full") if full else tmp_path_factory.mktemp("serving") / "log"
    yield from serve(log, SMALL, **environment)


def test_writing_fails_in_these_tests(environment, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", "with open('file', 'w') as file: file.write('word')"],
        cwd=tmp_path,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "OSError: [Errno" in ended.stderr


def test_every_page_is_served_where_nothing_can_be_written(serving):
    with visitor(serving) as someone:
        for link, _ in VIEWS.values():
            someone.open(link)
            assert someone.elements
            assert not someone.all("exception")
            someone.rerun(someone.states())
    with urllib.request.urlopen(f"{serving}/metrics", timeout=10) as answer:
        figures = answer.read().decode()
    for name in VIEWS:
        assert f'legwise_step_seconds_count{{page="{name}",status="done"}} 2.0' in figures
    assert "failed" not in figures


def test_a_workbook_can_be_taken_away_where_nothing_can_be_written(serving, visit):
    page = visit(VIEWS["device"][0], base=serving)
    page.get_by_text("Download", exact=True).click()
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download XLSX").click()
    assert download.value.path().stat().st_size


def test_a_list_can_be_uploaded_where_nothing_can_be_written(serving):
    head = b'--part\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
    body = head + b"brand;model\n" * 200_000 + b"\r\n--part--\r\n"
    with visitor(serving) as someone:
        someone.open("/data")
        assert upload(serving, someone.session, len(body), body) == (204, "")
