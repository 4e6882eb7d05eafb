"""Text that is put into Markdown or HTML, as text: nothing in it is read as markup."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

# A hyphen within a word means nothing in Markdown, and dates and words stay readable without it.
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+.!|~:$^=]|(?<!\w)-|-(?!\w))")
_TARGET = str.maketrans({"<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C", "\n": "%0A"})


def plain(text: object) -> str:
    """Escape Markdown, so that ``text`` is drawn as it stands, on one line."""
    # Not every reader of Markdown knows "\<": what could be a tag is written as entities.
    return _MARKUP.sub(r"\\\1", escape(" ".join(str(text).split()), quote=False))


def plain_lines(text: str) -> str:
    """Escape Markdown for a cell of a table, which holds no line breaks but may show them."""
    return "<br>".join(map(plain, text.split("\n")))


def is_web_link(url: str) -> bool:
    """Whether an address leads to the web: no other one becomes a link."""
    return url.startswith(("https://", "http://"))


def web_link(label: str, url: str) -> str:
    """Markdown link with the label as plain text; only web addresses become links."""
    return f"[{plain(label)}](<{url.translate(_TARGET)}>)" if is_web_link(url) else plain(label)


def templates(folder: Path) -> Environment:
    """Return the HTML templates of a folder: values are escaped, a name without one is an error."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["web_link"] = is_web_link
    return environment
