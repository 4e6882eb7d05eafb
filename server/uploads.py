"""Files that visitors send: never on disk, and never more at once than the memory can hold."""

from __future__ import annotations

import asyncio

from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.stats import CacheStat

from legwise.intake.limits import MOST_BYTES, MOST_HELD
from legwise.intake.memory import give_back

#: Where Streamlit takes files.
PATH = "/_stcore/upload_file/"
#: Seconds between two looks for visitors who sent a file and are gone.
EVERY = 20
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


def visit_of(session: str) -> AppSession | None:
    """Return the visit of someone who is there, or who left so lately that they may come back.

    Streamlit keeps a visit for two minutes after its connection ended, and until the next visit
    ends: what it need not keep any longer is dropped here.
    """
    if not runtime.exists():
        return None
    # Streamlit has no other way; a test holds that there is this one.
    visits = runtime.get_instance()._session_mgr
    visits._session_storage._cache.expire()  # type: ignore[attr-defined]
    info = visits.get_session_info(session)
    return info.session if info else None


class BoundedUploads:
    """Refuses a file while those that are held or on their way leave no room for it.

    The memory of visitors who sent a file is given back to the system when they are gone.
    """

    def __init__(self, app: ASGIApp, most: int = MOST_HELD) -> None:
        self.app, self.most = app, most
        self.coming = 0
        self.senders: dict[str, AppSession | None] = {}
        self.watch: asyncio.Task[None] | None = None

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
        sender = scope["path"].partition(PATH)[2].partition("/")[0]
        self.senders[sender] = visit_of(sender)
        if not self.watch or self.watch.done():
            self.watch = asyncio.create_task(self._await_their_end())
        try:
            await self.app(scope, receive, send)
        finally:
            self.coming -= size

    async def _await_their_end(self) -> None:
        while self.senders:
            await asyncio.sleep(EVERY)
            gone = [session for session in self.senders if not visit_of(session)]
            for session in gone:
                # What a visit leaves behind has its list: its state, and downloads not yet made.
                if visit := self.senders.pop(session):
                    visit.shutdown()
                    visit.session_state.clear()
            if gone:
                await asyncio.to_thread(give_back)
