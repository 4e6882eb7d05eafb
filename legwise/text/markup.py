"""Put text into Markdown or HTML so that nothing in it is read as markup."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

# A hyphen within a word means nothing in Markdown: dates stay readable without the escape.
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+.!|~:$^=]|(?<!\w)-|-(?!\w))")
#: Folder of the templates and style sheets that other folders share.
SHARED = Path(__file__).parent
_TARGET = str.maketrans({"<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C", "\n": "%0A"})


def plain(text: object) -> str:
    """Escape Markdown, so that ``text`` is shown as it is, on one line."""
    # Not every Markdown renderer knows "\<", so tags are escaped as entities.
    return _MARKUP.sub(r"\\\1", escape(" ".join(str(text).split()), quote=False))


def plain_lines(text: str) -> str:
    """Escape Markdown for a table cell, which can only show line breaks as HTML."""
    return "<br>".join(map(plain, text.split("\n")))


def is_web_link(url: object) -> bool:
    """Whether this is a web address; nothing else becomes a link, a missing cell neither."""
    return isinstance(url, str) and url.startswith(("https://", "http://"))


def web_link(label: str, url: str) -> str:
    """Write a Markdown link with a plain label; only web addresses become links."""
    return f"[{plain(label)}](<{url.translate(_TARGET)}>)" if is_web_link(url) else plain(label)


def templates(folder: Path) -> Environment:
    """Load the HTML templates of a folder, and those that folders share.

    Values are escaped, undefined names are errors.
    """
    environment = Environment(
        loader=FileSystemLoader([folder, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["web_link"] = is_web_link
    return environment
