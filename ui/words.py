"""Words that a reader may not know, as help texts."""

from __future__ import annotations

from legwise.tables.catalogue import Catalogue
from legwise.text.markup import plain


def meanings(catalogue: Catalogue, *terms: str) -> str:
    """Return what those words mean, as Markdown, one line each; the glossary may lack some."""
    known = catalogue.keys("glossary")
    rows = (catalogue.row("glossary", term) for term in terms if term in known)
    return "\n\n".join(f"**{plain(row['name'])}:** {plain(row['meaning'])}" for row in rows)
