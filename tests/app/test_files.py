"""Streamlit's files on their way to a browser: compressed once, and asked for early."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import file_util

from server.files import WIDGETS, CompressedFiles, scripts_of_widgets
from server.head import HEADS

STATIC = Path(file_util.get_static_dir()) / "static"
(STYLE,) = [path.name for path in (STATIC / "css").glob("index.*.css")]
PAGE = [f"/static/js/{scripts_of_widgets()[0]}", f"/static/css/{STYLE}"]


async def streamlit(request):
    return PlainTextResponse("as it is")


@pytest.fixture
def client():
    app = Starlette(routes=[Route("/{path:path}", streamlit, methods=["GET", "POST"])])
    app.add_middleware(CompressedFiles)
    return TestClient(app)


@pytest.mark.parametrize("address", PAGE)
def test_a_file_is_compressed_for_those_who_take_it(client, address):
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        sent = b"".join(answer.iter_raw())
    content = (STATIC.parent / address[1:]).read_bytes()
    assert gzip.decompress(sent) == content
    assert len(sent) < len(content) or len(content) < 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["cache-control"]
    head = client.head(address, headers={"Accept-Encoding": "gzip"})
    assert head.headers["content-length"] == str(len(sent))
    assert not head.content


@pytest.mark.parametrize(
    ("method", "address", "accepted"),
    [
        ("GET", PAGE[0], "identity"),
        ("POST", PAGE[0], "gzip"),
        ("GET", "/static/js/../index.html", "gzip"),
        ("GET", "/static/js/none.js", "gzip"),
        ("GET", "/find", "gzip"),
    ],
)
def test_all_else_is_left_to_streamlit(client, method, address, accepted):
    answer = client.request(method, address, headers={"Accept-Encoding": accepted})
    assert answer.text == "as it is"


def test_scripts_of_widgets_are_asked_for_with_the_page_and_once():
    text = TestClient(Starlette(routes=HEADS)).get("/find").text
    asked = re.findall(r'"\./static/js/([^"]+)"', text)
    assert sorted(asked) == sorted(set(asked))
    assert set(scripts_of_widgets()) <= set(asked)
    # Streamlit still has a script of each name, and nothing that they import is missing.
    names = [name.partition(".")[0] for name in scripts_of_widgets()]
    assert all(names.count(widget) == 1 for widget in WIDGETS)
    for name in scripts_of_widgets():
        imported = re.findall(r'from"\./([^"]+)"', (STATIC / "js" / name).read_text())
        assert set(imported) <= set(asked), name
