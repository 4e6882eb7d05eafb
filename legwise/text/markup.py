"""Text that is put into Markdown, as text: nothing in it is read as markup."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&^=])")


def plain(text: object) -> str:
    """Escape Markdown, so that ``text`` is drawn as it stands, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))


def web_link(label: str, url: str) -> str:
    """Markdown link with the label as plain text; only web addresses become links."""
    if not url.startswith(("https://", "http://")):
        return plain(label)
    target = (
        url.replace("<", "%3C")
        .replace(">", "%3E")
        .replace(" ", "%20")
        .replace("\\", "%5C")
        .replace("\n", "%0A")
    )
    return f"[{plain(label)}](<{target}>)"
