"""The link of a page as a notebook, which is written to a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from legwise.commands.printing import print_dropped
from legwise.commands.views import Tables
from legwise.explore.view import look
from legwise.exports.comparison_notebook import compare_notebook
from legwise.exports.page_notebooks import explore_notebook, find_notebook, symptoms_notebook
from legwise.replies.asking import Answer, ask
from legwise.replies.routes import BY_PAGE


def write_notebook(tables: Tables, link: str, target: Path) -> int:
    """Write the notebook of a page's link.

    Raises:
        ValueError: there is no such page, or it has no notebook.
    """
    parts = urlsplit(link)
    page = parts.path.strip("/").rpartition("/")[2]
    if page not in NOTEBOOKS:
        raise ValueError(f"{link} has no notebook; these pages have one: {', '.join(NOTEBOOKS)}")
    answer = ask(BY_PAGE[page], tables.scope(), parse_qs(parts.query, keep_blank_values=True))
    target.write_text(NOTEBOOKS[page](answer, link, f"{date.today():%Y-%m-%d}"), encoding="utf-8")
    print(f"{target}: {answer.reply.summary}")
    return print_dropped(answer.not_applied)


def _find(answer: Answer, link: str, today: str) -> str:
    state, scope = answer.state, answer.scope
    matches = scope.index.ask(state.query)
    return find_notebook(
        scope.relation("devices"), matches, state.columns, state.feature, link, today
    )


def _explore(answer: Answer, link: str, today: str) -> str:
    view = look(answer.scope.relation(answer.state.relation), answer.state)
    return explore_notebook(view, link, today)


def _symptoms(answer: Answer, link: str, today: str) -> str:
    state = answer.state
    return symptoms_notebook(
        answer.scope.catalogue,
        state.wanted,
        state.subject,
        state.symptom,
        answer.reply.total,
        link,
        today,
    )


def _compare(answer: Answer, link: str, today: str) -> str:
    state = answer.state
    if not state.items:
        raise ValueError("the link names nothing to compare")
    return compare_notebook(
        answer.scope.catalogue,
        state.items,
        state.conditions,
        state.units,
        state.shown_rows,
        link,
        today,
    )


#: Page → what writes its notebook.
NOTEBOOKS = {"find": _find, "explore": _explore, "symptoms": _symptoms, "compare": _compare}
