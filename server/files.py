"""Streamlit's scripts and style sheets, compressed once.

Streamlit sends them as they are, so that no request waits for a compression. Their names change
with their content: what was compressed stays true, and there are only so many.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

_STATIC = Path(file_util.get_static_dir()) / "static"
#: Folder → kind of what is in it.
KINDS = {"js": "text/javascript", "css": "text/css"}
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
}
#: What nearly every page draws with. Else a browser asks for their scripts one after the other, and
#: only when it has begun to draw.
WIDGETS = (
    "BidiComponent",
    "ButtonGroup",
    "DownloadButton",
    "Html",
    "Multiselect",
    "PageLink",
    "Selectbox",
    "TextInput",
)
_IMPORTED = re.compile(r'\b(?:from|import)\s*"\./([\w.-]+\.js)"')


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


@cache
def _files() -> dict[str, Path]:
    """Address → file."""
    return {
        f"/static/{folder}/{path.name}": path
        for folder in KINDS
        for path in (_STATIC / folder).iterdir()
    }


class CompressedFiles:
    """Answers for Streamlit's scripts and style sheets, to browsers that take them compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        app = self.app
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            path = _files().get(scope["path"])
            if path and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
                app = Response(
                    await run_in_threadpool(_compressed, path),
                    headers=HEADERS,
                    media_type=KINDS[path.parent.name],
                )
        await app(scope, receive, send)


@cache
def scripts_of_widgets() -> tuple[str, ...]:
    """Return names of the scripts of ``WIDGETS`` and of all that these import."""
    folder = _STATIC / "js"
    waiting = [path.name for path in folder.iterdir() if path.name.partition(".")[0] in WIDGETS]
    needed: dict[str, None] = {}
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = None
            text = (folder / name).read_text(encoding="utf-8")
            waiting += _IMPORTED.findall(text)
    return tuple(sorted(needed))
