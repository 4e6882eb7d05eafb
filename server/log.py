"""The log: one line of JSON per event, with nothing that a visitor asked."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """Writes a record as one line: time, level, event, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        return json.dumps(line, ensure_ascii=False)


def start_log() -> None:
    """Send what the app logs to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("legwise")
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)
    # Streamlit logs an error of a page with its message, which may hold what a visitor asked.
    # `ui.steps.fail` logs it without.
    streamlit = logging.getLogger("streamlit.error_util")
    streamlit.addFilter(lambda record: record.msg != "Uncaught app execution")
