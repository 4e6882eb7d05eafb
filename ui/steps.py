"""What is counted and logged of each step of a visit: the page, how long it took, how it ended.

Never what was asked: no condition, symptom, search word, body area or link. A step is one run of a
page; what a fragment draws alone is part of the step before it.
"""

from __future__ import annotations

import logging
import traceback
from contextlib import AbstractContextManager
from pathlib import Path
from time import monotonic
from types import TracebackType

import streamlit as st
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector

from legwise.database.address import DatabaseError, TooLongError
from legwise.text.markup import plain

LOG = logging.getLogger("legwise")
#: Memory and CPU of this process are in it too.
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
#: Upper ends of the seconds that are told apart.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SECONDS = Histogram(
    "legwise_step_seconds",
    "Seconds that a run of a page took, by page and how it ended.",
    ("page", "status"),
    buckets=BUCKETS,
    registry=REGISTRY,
)
BEGAN = "step.began"
#: Title of the page of this run while its head is not drawn, and whether its database was gone.
HEAD, GONE = "step.head", "step.gone"


def begin(page: str, title: str) -> None:
    """Note that a run of ``page`` begins."""
    st.session_state.update({BEGAN: (page, monotonic()), HEAD: title, GONE: False})


def head_drawn() -> None:
    """Note that the page of this run has its head."""
    st.session_state[HEAD] = ""


def end(status: str) -> None:
    """Count and log the run that is under way, once."""
    page, began = st.session_state.get(BEGAN) or ("", 0.0)
    if page:
        st.session_state[BEGAN] = None
        seconds = monotonic() - began
        SECONDS.labels(page, status).observe(seconds)
        fields = {"page": page, "ms": round(1000 * seconds), "status": status}
        LOG.info("step", extra={"fields": fields})


def log_error(error: BaseException) -> None:
    """Log where a run went wrong. The message may hold what a visitor asked: not that."""
    fields = {"kind": type(error).__name__, "where": where(error)}
    LOG.error("exception", extra={"fields": fields})


def fail(error: Exception) -> bool:
    """Log where a run failed, and end it.

    A database that cannot be asked is told in the words that were written for readers; return
    whether the error was.
    """
    log_error(error)
    end("failed")
    told = isinstance(error, DatabaseError)
    if told:
        if title := st.session_state.get(HEAD):
            st.title(title, anchor=False)
        tell_gone(str(error), "page")
    return told


def tell_gone(words: str, key: str) -> None:
    """Say that a database cannot be asked, and offer to try again: the next run asks it again."""
    st.error(plain(words), icon=":material/database_off:")
    st.button("Try again", key=f"step.again.{key}", icon=":material/refresh:")


class as_far_as_it_goes(AbstractContextManager[None, bool]):  # noqa: N801
    """Let the rest of a page be shown where a database cannot be asked for one part of it.

    ``key`` is that of a part that is drawn again by itself.
    """

    def __init__(self, part: str, key: str = "") -> None:
        self.part, self.key = part, key

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Tell that the part is missing, and why; of a database that is gone, once a run."""
        if not isinstance(error, DatabaseError):
            return False
        log_error(error)
        text = f"{self.part} could not be shown"
        if isinstance(error, TooLongError):
            st.warning(plain(f"{text}. {error}"), icon=":material/database_off:")
        elif st.session_state.get(GONE) and not self.key:
            st.warning(plain(f"{text} either."), icon=":material/database_off:")
        else:
            tell_gone(f"{text}. {error}", self.key or "part")
            st.session_state[GONE] = True
        return True


def where(error: BaseException) -> list[str]:
    """Return the last steps to an error as file and line."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)[-5:]
    ]
