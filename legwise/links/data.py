"""The form of the data page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from legwise.links.form import Form, OneOf, Scope, Whole, param

#: Rows on a page of a table: a browser takes long to draw more, and every shipped table has fewer.
ROWS_OF_A_PAGE = 400
#: Parts of the data page → their names on screen.
DATA_VIEWS = {
    "tables": "The tables",
    "upload": "Your own list",
    "trust": "How far to trust them",
    "changes": "What changed",
    "words": "Words",
}


@dataclass(frozen=True)
class DataState:
    """The open part of the page, the open table, and the page of its rows."""

    view: str = param("tables", OneOf("part of this page", known=DATA_VIEWS))
    table: str = param("devices", OneOf("table", known=lambda s: s.catalogue.package.by_name))
    page: int = param(1, Whole())


def _first_page(state: DataState, before: DataState, scope: Scope) -> DataState:
    """Go back to the first page when another table is opened."""
    return state if state.table == before.table else replace(state, page=1)


DATA = Form("data", DataState, settle=_first_page)
