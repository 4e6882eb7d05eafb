"""What ``serve.py`` adds to the pages: heads, compressed files, an API, figures, a log, a check.

``ROUTES`` and ``MIDDLEWARE`` are what a server of the app has besides Streamlit's own.
"""

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from server.api import Api
from server.files import CompressedFiles
from server.head import HEADS
from server.headers import SecurityHeaders
from server.metrics import metrics
from server.uploads import BoundedUploads, keep_in_memory

ROUTES: list[BaseRoute] = [Route("/metrics", metrics), Api(), *HEADS]
MIDDLEWARE = [Middleware(SecurityHeaders), Middleware(CompressedFiles), Middleware(BoundedUploads)]
keep_in_memory()
