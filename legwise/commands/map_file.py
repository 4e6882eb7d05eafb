"""The evidence map as one file, written from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from legwise.commands.printing import print_dropped
from legwise.commands.views import Tables, read_pairs
from legwise.exports.map_file import map_file
from legwise.replies.asking import ask
from legwise.replies.routes import BY_NAME


def write_map(tables: Tables, words: Sequence[str], target: Path) -> int:
    """Write the map; words such as ``level=2`` say which findings count when it is opened.

    Raises:
        ValueError: a word is not a name and a value.
    """
    scope = tables.scope()
    params, others = read_pairs(words)
    if others:
        raise ValueError(f"{others[0]!r} is not a setting; write it as name=value")
    answer = ask(BY_NAME["symptoms"], scope, params)
    page = map_file(scope.catalogue, answer.state.wanted, today=f"{date.today():%Y-%m-%d}")
    content = page.encode()
    target.write_bytes(content)
    size = len(content) / 1000
    print(f"{target}: the evidence map, {size:,.0f} kB; {answer.reply.summary} at first")
    return print_dropped(answer.not_applied)
