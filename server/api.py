"""``/api``: what every page shows, as JSON or CSV, under the parameters of its link.

A link may hold what someone states about health: nothing of it is logged, and no cache that
several people share may keep an answer.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from time import monotonic
from urllib.parse import parse_qs

from prometheus_client import Histogram
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from legwise import __version__
from legwise.database.address import DatabaseError
from legwise.replies.asking import FORMATS, Answer, ask
from legwise.replies.openapi import ABOUT, LONGEST_LINK, PROBLEM, document, parameters
from legwise.replies.routes import BY_NAME, ROUTES, Route
from legwise.tables.schema import TablesError
from legwise.text.markup import templates
from ui.cache import Loaded, load
from ui.steps import BUCKETS, REGISTRY, where

ROOT = "/api"
METHODS = "GET, HEAD, OPTIONS"
LOG = logging.getLogger("legwise")
SECONDS = Histogram(
    "legwise_api_seconds",
    "Seconds that an answer of the API took, by route and status.",
    ("route", "status"),
    buckets=BUCKETS,
    registry=REGISTRY,
)
_PAGE = templates(Path(__file__).parent)
HTML, JSON = "text/html; charset=utf-8", FORMATS["json"]
#: Any site may read, none may send anything.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
#: An answer is asked for again each time, with its ETag; only the reader's browser may keep it.
KEEPING = {"Cache-Control": "private, no-cache", "Vary": "Accept"}


class RefusedError(Exception):
    """A request that is not answered; ``detail`` never holds what was asked."""

    def __init__(self, status: int, title: str, detail: str = "") -> None:
        self.status, self.title, self.detail = status, title, detail

    def response(self) -> Response:
        """Return the refusal as a problem document (RFC 9457)."""
        body = {"type": "about:blank", "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        headers = {"Allow": METHODS} if self.status == 405 else {}
        return Response(json.dumps(body), self.status, headers, PROBLEM)


class Api(BaseRoute):
    """Everything under ``/api``: it answers every method and every address there itself.

    A route of Starlette would leave an address with a line break in it to the pages.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for the API."""
        path = scope.get("path", "")
        is_ours = scope["type"] == "http" and (path == ROOT or path.startswith(f"{ROOT}/"))
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; what takes time runs in a thread."""
        began, request = monotonic(), Request(scope)
        route = ""
        try:
            route, name = _taken_apart(request)
            response = await run_in_threadpool(_answer, request, route, name)
        except RefusedError as refusal:
            response = refusal.response()
        except DatabaseError as error:
            response = RefusedError(503, "The database cannot be asked", str(error)).response()
        except TablesError:
            response = RefusedError(503, "The tables cannot be read").response()
        except Exception as error:
            # Its message may hold what was asked: the log has where it failed, and no more.
            fields = {"route": route, "kind": type(error).__name__, "where": where(error)}
            LOG.exception("exception in the API", exc_info=False, extra={"fields": fields})
            response = RefusedError(500, "This is our mistake").response()
        response.headers.update(CORS)
        SECONDS.labels(route or "none", str(response.status_code)).observe(monotonic() - began)
        if request.method == "HEAD":
            response.body = b""
        await response(scope, receive, send)


def _taken_apart(request: Request) -> tuple[str, str]:
    """Return the route and what its path names; refuse what is no request for one of them."""
    route, _, name = request.scope["path"].removeprefix(ROOT).strip("/").partition("/")
    known = BY_NAME.get(route)
    is_whole = bool(known.within) == bool(name) if known else route in ("", "schema") and not name
    if not is_whole or "/" in name:
        raise RefusedError(404, "Not found", f"{ROOT}/schema lists what there is.")
    if request.method not in METHODS.split(", "):
        raise RefusedError(405, "This can only be read", f"Allowed are {METHODS}.")
    if len(request.url.path) + len(request.url.query) > LONGEST_LINK:
        raise RefusedError(414, "The link is too long", f"It may have {LONGEST_LINK:,} characters.")
    return route, name


def _answer(request: Request, route: str, name: str) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=PREFLIGHT)
    loaded = load()
    params = _params(request)
    etag = _etag(loaded, request, _format(request, params))
    headers = {**KEEPING, "ETag": etag}
    if _is_known(request, etag):
        return Response(status_code=304, headers=headers)
    if route == "":
        return Response(_page(loaded), headers=headers, media_type=HTML)
    if route == "schema":
        text = loaded.keep("api.schema", lambda: json.dumps(document(loaded.scope, ROOT)))
        return Response(text, headers=headers, media_type=JSON)
    return _data(BY_NAME[route], loaded, request, params, name, headers)


def _data(
    route: Route,
    loaded: Loaded,
    request: Request,
    params: dict[str, list[str]],
    name: str,
    headers: dict[str, str],
) -> Response:
    params["format"] = params.get("format") or [_format(request, params)]
    try:
        answer: Answer = ask(route, loaded.scope, params, name)
    except KeyError as error:
        if error.args != (name,):
            raise
        raise RefusedError(404, "Not found", "There is nothing of that name.") from None
    if any(item.name == "format" for item in answer.not_applied):
        raise RefusedError(400, "There is no such format", f"Formats are {', '.join(FORMATS)}.")
    if answer.next:
        headers = {**headers, "Link": f'<{ROOT}{answer.next}>; rel="next"'}
    is_csv = answer.cut.format == "csv"
    body = answer.to_csv() if is_csv else answer.to_json(ROOT)
    return Response(body, headers=headers, media_type=FORMATS[answer.cut.format])


def _params(request: Request) -> dict[str, list[str]]:
    try:
        return parse_qs(request.url.query, keep_blank_values=True, errors="replace")
    except ValueError:
        raise RefusedError(400, "The link has too many parameters") from None


def _format(request: Request, params: dict[str, list[str]]) -> str:
    """Return the format asked for, by the link or by the header that says what is read."""
    accept = request.headers.get("accept", "")
    return (params.get("format") or ["csv" if accept.startswith("text/csv") else "json"])[-1]


def _etag(loaded: Loaded, request: Request, form: str) -> str:
    told = (__version__, loaded.catalogue.version, *loaded.stamp, str(request.url.path))
    text = "\n".join((*told, request.url.query, form))
    # Weak: compressed or not, it is the same answer.
    return f'W/"{hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]}"'


def _is_known(request: Request, etag: str) -> bool:
    known = [item.strip() for item in request.headers.get("if-none-match", "").split(",")]
    return "*" in known or etag in known


def _page(loaded: Loaded) -> str:
    """Return the document as a page to read."""

    def make() -> str:
        scope = loaded.scope
        routes = [(route, list(parameters(route, scope))) for route in ROUTES]
        package = loaded.catalogue.package
        return _PAGE.get_template("api.html.j2").render(
            root=ROOT, routes=routes, about=ABOUT, package=package
        )

    return loaded.keep("api.page", make)
