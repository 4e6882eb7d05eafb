"""A list to fill in: our columns, one line that says what each may hold, and one example."""

from __future__ import annotations

import csv
import io

from legwise.tables.catalogue import Catalogue
from legwise.text.cells import allowed

#: Rows of the shipped list that serve as examples.
EXAMPLES = 2


def template_columns(catalogue: Catalogue) -> list[str]:
    """Return the names of the columns that a device list can state."""
    return [item.name for item in catalogue.package["devices"].fields if item.aliases]


def template_csv(catalogue: Catalogue) -> bytes:
    """Return a CSV file with our columns and a few filled rows, to be written over.

    It is read back without faults: the words for what a cell may hold are in
    :func:`template_words`, not among the rows.
    """
    names = template_columns(catalogue)
    table = catalogue.package["devices"]
    frame = catalogue["devices"]
    best = frame[names].notna().sum(axis=1).nlargest(EXAMPLES).index
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in frame.loc[best, names].to_dict("records"):
        writer.writerow([_text(row[name], table[name].delimiter) for name in names])
    return "\ufeff".encode() + text.getvalue().encode()


def template_words(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return name, title and what may stand there, for every column of the template."""
    table = catalogue.package["devices"]
    return [
        (name, table[name].heading, allowed(table[name]) or "text")
        for name in template_columns(catalogue)
    ]


def _text(cell: object, delimiter: str) -> str:
    if isinstance(cell, tuple):
        return delimiter.join(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None or cell != cell or str(cell) == "<NA>" else str(cell)
