"""The form of the data page."""

from __future__ import annotations

from dataclasses import dataclass

from legwise.links.form import Form, OneOf, param

#: Parts of the data page → their names on screen.
DATA_VIEWS = {
    "tables": "The tables",
    "trust": "How far to trust them",
    "changes": "What changed",
    "words": "Words",
}


@dataclass(frozen=True)
class DataState:
    """The open part of the page, and the open table."""

    view: str = param("tables", OneOf("part of this page", known=DATA_VIEWS))
    table: str = param("devices", OneOf("table", known=lambda s: s.catalogue.package.by_name))


DATA = Form("data", DataState)
