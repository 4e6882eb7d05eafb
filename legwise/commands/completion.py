"""What a shell can complete: names and values of a page's parameters, and ids."""

from __future__ import annotations

from collections.abc import Iterator

from legwise.commands.views import Tables
from legwise.links.form import Accepted
from legwise.replies.routes import BY_NAME

#: More are of no help.
MOST = 200


def pairs(page: str, word: str) -> list[str]:
    """Return what ``word`` can become: ``name=`` first, then ``name=value``."""
    accepted = BY_NAME[page].form.accepted(Tables().scope())
    name, is_pair, _ = word.partition("=")
    if is_pair and name in accepted:
        options = [f"{name}={value}" for value in _values(accepted[name])]
    else:
        options = [f"{name}=" for name in accepted]
    return [option for option in options if option.startswith(word)][:MOST]


def _values(schema: Accepted) -> Iterator[str]:
    yield from schema.get("enum") or schema.get("items", {}).get("enum") or ()
