"""An answer in a terminal or a file: a table, CSV, Markdown or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from legwise.exports.spreadsheets import to_csv
from legwise.links.params import Dropped
from legwise.replies.reply import Json
from legwise.text.markup import is_web_link, plain, plain_lines, web_link

#: Wider than any line: what goes to a file or another program is not wrapped.
UNWRAPPED = 100_000


def print_answer(
    summary: str,
    frame: Callable[[], pd.DataFrame],
    document: Callable[[], Json],
    form: str,
    notes: Iterable[str] = (),
) -> None:
    """Print an answer in the format ``form``; what is not a row of a file goes to the side."""
    if form == "json":
        print(json.dumps(document(), ensure_ascii=False, indent=2))
        return
    rows = frame()
    if form == "csv":
        sys.stdout.write(to_csv(rows).decode())
        return
    if form == "md":
        print(_markdown(summary, rows, notes))
        return
    console = Console() if sys.stdout.isatty() else Console(width=UNWRAPPED, no_color=True)
    console.print(Text(summary, style="bold"))
    if len(rows):
        console.print(_table(rows))
    for note in notes:
        console.print(Text(note, style="dim"))


def print_dropped(dropped: Iterable[Dropped]) -> int:
    """Say what could not be applied; return the exit status that goes with it."""
    items = list(dropped)
    for item in items:
        print(f"not applied: {item.name}={item.value}: {item.reason}", file=sys.stderr)
    return 1 if items else 0


def _table(rows: pd.DataFrame) -> Table:
    table = Table(show_lines=sys.stdout.isatty())
    for name in rows.columns:
        table.add_column(Text(str(name)), overflow="fold")
    for cells in rows.itertuples(index=False):
        # Text, not markup: a cell may hold brackets.
        table.add_row(*(Text(str(cell)) for cell in cells))
    return table


def _markdown(summary: str, rows: pd.DataFrame, notes: Iterable[str]) -> str:
    lines = [plain(summary), ""]
    if len(rows):
        lines += [_line(rows.columns), _line(["---"] * len(rows.columns), as_it_is=True)]
        lines += [_line(cells) for cells in rows.itertuples(index=False)]
    return "\n".join([*lines, *(f"\n{plain(note)}" for note in notes)])


def _line(cells: Iterable[object], *, as_it_is: bool = False) -> str:
    return f"| {' | '.join(str(cell) if as_it_is else _cell(str(cell)) for cell in cells)} |"


def _cell(text: str) -> str:
    return web_link(text, text) if is_web_link(text) and "\n" not in text else plain_lines(text)
