"""Files that visitors send: bounded in number, and never written to disk."""

from __future__ import annotations

import asyncio
import tempfile
import time
import weakref
from types import SimpleNamespace

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

import server
from legwise.intake.memory import give_back
from server import uploads
from server.uploads import PATH, BoundedUploads


def client(most, endpoint):
    app = Starlette(routes=[Route(f"{PATH}{{session}}/{{file}}", endpoint, methods=["PUT"])])
    return TestClient(BoundedUploads(app, most))


async def answer(request: Request):
    await request.body()
    return PlainTextResponse("kept")


def test_a_file_is_refused_while_there_is_no_room_for_it(monkeypatch):
    visitor = client(100, answer)
    assert visitor.put(f"{PATH}s/f", content=b"x" * 100).status_code == 200
    refused = visitor.put(f"{PATH}s/f", content=b"x" * 101)
    assert (refused.status_code, "try again" in refused.text) == (503, True)
    monkeypatch.setattr(uploads, "held", lambda: 60)
    assert visitor.put(f"{PATH}s/f", content=b"x" * 50).status_code == 503
    assert visitor.put(f"{PATH}s/f", content=b"x" * 40).status_code == 200


def test_files_on_their_way_count():
    seen = []

    async def slow(request: Request):
        seen.append(1)
        await asyncio.sleep(0.2)
        return PlainTextResponse("kept")

    app = BoundedUploads(Starlette(routes=[Route(f"{PATH}f", slow, methods=["PUT"])]), 150)

    async def put():
        sent = []
        scope = {"type": "http", "method": "PUT", "path": f"{PATH}f", "raw_path": b""}
        scope |= {"root_path": "", "query_string": b"", "http_version": "1.1"}
        scope["headers"] = [(b"content-length", b"100")]

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request", "body": b""}

        await app(scope, receive, send)
        return sent[0]["status"]

    async def both():
        return await asyncio.gather(put(), put())

    assert sorted(asyncio.run(both())) == [200, 503]
    assert len(seen) == 1
    assert app.coming == 0


def test_a_large_file_stays_in_memory(monkeypatch):
    def refuse(self):
        raise AssertionError("written to disk")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)

    async def form(request: Request):
        async with request.form() as parts:
            return PlainTextResponse(str(len(await parts["file"].read())))

    assert server.MIDDLEWARE
    sent = client(1 << 30, form).put(f"{PATH}s/f", files={"file": ("a.csv", b"x" * (5 << 20))})
    assert sent.text == str(5 << 20)


class Visit:
    """What Streamlit keeps of a visit."""

    id = "s"

    def __init__(self):
        self.session_state = {"upload.used": "a list"}
        # As in Streamlit's, everything in it knows it.
        self.itself = self
        self.is_shut = False

    def shutdown(self):
        self.is_shut = True


def test_a_visit_that_streamlit_need_not_keep_is_dropped(monkeypatch):
    storage = MemorySessionStorage(ttl_seconds=60)
    visits = WebsocketSessionManager(storage, None, None, None)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=visits))
    kept = SessionInfo(client=None, session=Visit())
    visit = weakref.ref(kept.session)
    storage.save(kept)
    del kept
    assert uploads.visit_of("s") is visit()
    now = time.monotonic()
    monkeypatch.setattr(storage._cache, "_timer", lambda: now + 61)
    assert uploads.visit_of("s") is None
    give_back()
    assert visit() is None


def test_memory_is_given_back_when_a_sender_is_gone(monkeypatch):
    known, given = {"here": Visit(), "gone": Visit()}, []
    visits = list(known.values())
    monkeypatch.setattr(uploads, "EVERY", 0.01)
    monkeypatch.setattr(uploads, "visit_of", known.get)
    monkeypatch.setattr(uploads, "give_back", lambda: given.append(set(known)))
    with client(1 << 20, answer) as visitor:
        for session in [*known]:
            visitor.put(f"{PATH}{session}/f", content=b"x")
        for session in ("gone", "here"):
            time.sleep(0.1)
            known.pop(session)
        time.sleep(0.1)
    assert given == [{"here"}, set()]
    assert not any(visit.session_state for visit in visits)
    assert all(visit.is_shut for visit in visits)
