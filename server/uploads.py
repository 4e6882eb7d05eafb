"""Files that visitors send: never on disk, and never more at once than the memory can hold."""

from __future__ import annotations

from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.stats import CacheStat

from legwise.intake.limits import MOST_BYTES, MOST_HELD

#: Where Streamlit takes files.
PATH = "/_stcore/upload_file/"
BUSY = "Too many files are being sent at the moment. Please try again in a minute."


def keep_in_memory() -> None:
    """Keep every part of a form in memory: Starlette writes those above 1 MB to a temporary file.

    How large a file may be is Streamlit's ``server.maxUploadSize``.
    """
    MultiPartParser.spool_max_size = MOST_BYTES + (1 << 20)


def held() -> int:
    """Return the bytes of all files that visitors have sent and not yet given back."""
    if not runtime.exists():
        return 0
    stats = runtime.get_instance().uploaded_file_mgr.get_stats()
    sizes = [item for items in stats.values() for item in items if isinstance(item, CacheStat)]
    return sum(item.byte_length for item in sizes)


class BoundedUploads:
    """Refuses a file while those that are held or on their way leave no room for it."""

    def __init__(self, app: ASGIApp, most: int = MOST_HELD) -> None:
        self.app, self.most = app, most
        self.coming = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 503."""
        if scope["type"] != "http" or scope["method"] != "PUT" or PATH not in scope["path"]:
            await self.app(scope, receive, send)
            return
        # A file without a length may be as large as any.
        size = int(dict(scope["headers"]).get(b"content-length", MOST_BYTES))
        if held() + self.coming + size > self.most:
            await PlainTextResponse(BUSY, 503)(scope, receive, send)
            return
        self.coming += size
        try:
            await self.app(scope, receive, send)
        finally:
            self.coming -= size
