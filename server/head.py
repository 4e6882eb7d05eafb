"""What a page says of itself before it is drawn: to search engines, previews, and without scripts.

Streamlit serves one empty page at every address. Here its head is filled page by page. A link may
hold what someone states about health: nothing of it is repeated but the id of a device or type.
"""

from __future__ import annotations

import os
import re
from functools import cache, partial
from html import escape
from itertools import chain, islice
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import file_util

from legwise.answers.side_by_side import item_name
from legwise.links.detail import DEVICE, TYPE
from legwise.tables.schema import TablesError
from legwise.text.markup import templates
from server.files import scripts_of_widgets
from ui.cache import load
from ui.drawings import ICON
from ui.page import BY_NAME, PAGES, Page

#: Where the app is found, as ``https://legwise.example``; else what the request says is taken.
ORIGIN_VARIABLE = "LEGWISE_ORIGIN"
#: One picture per page, for previews: ``make shots`` takes them.
CARDS = Path(__file__).parent / "cards"
#: Most addresses that a sitemap may have.
MOST_ADDRESSES = 50_000
#: Nothing else may be a host: it is sent by whoever asks.
_HOST = re.compile(r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?", re.I)
_TEMPLATES = templates(Path(__file__).parent)
#: Pages of one thing.
_FORMS = {form.page: form for form in (DEVICE, TYPE)}
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_NO_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_AGENT = re.compile(r'<!--(?:(?!-->).)*-->\s*<link rel="service-desc"[^>]*>\s*', re.DOTALL)
#: Stands for the origin in the kept sitemap; no path has braces.
_ANY = "{origin}"
_ICON = 'href="./favicon.png"'
_SCRIPT = re.compile(r"/static/js/([^\"]+)\"")
_PRELOAD = '<link rel="modulepreload" crossorigin href="./static/js/{}">\n'


def origin(request: Request) -> str:
    """Return scheme and host under which the app is asked for; empty if none can be told."""
    if stated := os.environ.get(ORIGIN_VARIABLE):
        return stated.rstrip("/")
    host = request.headers.get("host", "")
    scheme = request.headers.get("x-forwarded-proto", request.scope["scheme"])
    is_one = _HOST.fullmatch(host) and scheme in ("http", "https")
    return f"{scheme}://{host}" if is_one else ""


def path_of(page: Page, key: str = "") -> str:
    """Return the path of a page, or of the page of one thing, without any other state."""
    path = "/" if page.name == "app" else f"/{page.name}"
    return f"{path}?{urlencode({'id': key})}" if key else path


@cache
def _index() -> str:
    """Return Streamlit's page without what it says of itself, with what its widgets load later."""
    path = Path(file_util.get_static_dir()) / "index.html"
    text = _AGENT.sub("", path.read_text(encoding="utf-8"))
    text = text.replace(_ICON, 'href="./cards/icon.png"')
    there = set(_SCRIPT.findall(text))
    links = [_PRELOAD.format(name) for name in scripts_of_widgets() if name not in there]
    return text.replace("</head>", "".join([*links, "</head>"]), 1)


def fill(page: Page, base: str, key: str = "", thing: str = "") -> str:
    """Return the index page with the head of ``page``, or of the thing it is about."""
    values = {
        "title": page.head(thing),
        "about": f"{thing}. {page.about}" if thing else page.about,
        "address": base and base + path_of(page, key),
        "card": f"{base}/cards/{page.name}.png",
        "pages": [(other, f".{path_of(other)}") for other in PAGES if other.group],
    }
    text = _index()
    for pattern, name in ((_TITLE, "head.html.j2"), (_NO_SCRIPT, "noscript.html.j2")):
        before, after = pattern.split(text, maxsplit=1)
        text = before + _TEMPLATES.get_template(name).render(values) + after
    return text


def _thing(page: Page, request: Request) -> tuple[str, str]:
    """Return id and name of the device or type that a link names, if there is one of that id."""
    form = _FORMS.get(page.name)
    asked = parse_qs(request.scope["query_string"].decode("latin-1")).get("id") if form else None
    if not form or not asked:
        return "", ""
    try:
        loaded = load()
        state, _ = form.decode({"id": asked}, loaded.scope)
        return state.id, item_name(loaded.catalogue, (page.name, state.id)) if state.id else ""
    except TablesError:  # the page itself says what is wrong
        return "", ""


def _head(page: Page, request: Request) -> Response:
    text = fill(page, origin(request), *_thing(page, request))
    return HTMLResponse(text, headers={"Cache-Control": "no-cache"})


def _card(request: Request) -> Response:
    name = request.path_params["name"]
    path = ICON if name == "icon" else CARDS / f"{name}.png"
    if name not in {"icon", *BY_NAME}:
        return PlainTextResponse("Not found", 404)
    return FileResponse(path, headers={"Cache-Control": "public, max-age=86400"})


def _robots(request: Request) -> Response:
    base = origin(request)
    lines = ["User-agent: *", "Disallow: /api/", "Disallow: /metrics"]
    if base:
        lines.append(f"Sitemap: {base}/sitemap.xml")
    return PlainTextResponse("\n".join([*lines, ""]))


def _sitemap(request: Request) -> Response:
    base = origin(request)
    if not base:
        return PlainTextResponse("The request names no host", 400)

    def make() -> str:
        catalogue = loaded.catalogue
        things = chain(
            ((TYPE, key) for key in catalogue.keys("device_types")),
            ((DEVICE, key) for key in catalogue.keys("devices")),
        )
        paths = [path_of(page) for page in PAGES if page.group]
        some = islice(things, MOST_ADDRESSES - len(paths))
        paths += [path_of(BY_NAME[form.page], key) for form, key in some]
        template = _TEMPLATES.get_template("sitemap.xml.j2")
        day = catalogue.package.created[:10]
        return template.render(origin=_ANY, paths=paths, day=day)

    try:
        loaded = load()
        # One for all hosts that may be asked for: whoever asks can name any.
        text = loaded.keep("sitemap", make).replace(_ANY, escape(base))
    except TablesError:
        return PlainTextResponse("The tables cannot be read", 503)
    return Response(text, media_type="application/xml")


HEADS: list[BaseRoute] = [
    *(Route(path_of(page), partial(_head, page)) for page in PAGES),
    Route("/cards/{name}.png", _card),
    Route("/robots.txt", _robots),
    Route("/sitemap.xml", _sitemap),
]
