"""What happens before the first visitor: the tables are read, and the log says what is served."""

from __future__ import annotations

import logging
import os
import platform
import sys
from importlib.metadata import version

from legwise import __version__
from legwise.tables.loading import DataError
from legwise.tables.schema import TablesError
from server.log import start_log
from ui.cache import load
from ui.page import API_VARIABLE

LOG = logging.getLogger("legwise")


def start() -> None:
    """Read the tables; end the process with a message if the folder cannot be read.

    Tables with faults do not end it: every page lists them, for whoever edits the tables.
    """
    start_log()
    os.environ[API_VARIABLE] = "yes"
    fields: dict[str, object] = {
        "legwise": __version__,
        "streamlit": version("streamlit"),
        "python": platform.python_version(),
    }
    try:
        catalogue = load().catalogue
    except DataError as error:
        LOG.error("start, with faults in the tables", extra={"fields": fields})
        for problem in error.problems[:10]:
            LOG.error("fault", extra={"fields": {"what": str(problem)}})
        return
    except (TablesError, OSError) as error:
        sys.exit(f"Legwise cannot start: {error}")
    package = catalogue.package
    fields["data"] = package.version
    fields["rows"] = {table.name: catalogue.size(table.name) for table in package.tables}
    LOG.info("start", extra={"fields": fields})
