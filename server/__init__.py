"""What ``serve.py`` adds to the pages: headers, figures to watch, a log, a check before the start.

``ROUTES`` and ``MIDDLEWARE`` are what a server of the app has besides Streamlit's own.
"""

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from server.headers import SecurityHeaders
from server.metrics import metrics

ROUTES: list[BaseRoute] = [Route("/metrics", metrics)]
MIDDLEWARE = [Middleware(SecurityHeaders)]
