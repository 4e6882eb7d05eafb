"""Tables and their columns, for people."""

from __future__ import annotations

import pandas as pd

from legwise.facets.tallies import States, tallies
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Table
from legwise.text.cells import allowed, format_cell


def table_frame(catalogue: Catalogue, table: Table, rows: slice = slice(None)) -> pd.DataFrame:
    """Return rows of a table for people, in file order; all of them unless ``rows`` says which."""
    frame = catalogue.rows(table.name, rows)
    columns = {
        field.heading: [format_cell(field, cell, unit=False) for cell in frame[field.name]]
        for field in table.fields
    }
    for field in table.fields:
        if field.subject_of:
            pairs = zip(frame[field.subject_of], frame[field.name], strict=True)
            columns[field.heading] = [
                catalogue.subject_label(kind, subject) for kind, subject in pairs
            ]
    return pd.DataFrame(columns)


def dictionary_frame(catalogue: Catalogue, table: Table) -> pd.DataFrame:
    """Return the data dictionary of a table, one row per column."""
    whole = tallies(catalogue, table)
    (counts,) = whole.tally((), [States(field.name) for field in table.fields]).values() or (
        [0] * (1 + len(table.fields)),
    )
    rows = []
    for field, stated in zip(table.fields, counts[1:], strict=True):
        rows.append(
            {
                "Column": field.name,
                "Label": field.title,
                "Type": field.type,
                "Unit": field.unit,
                "Meaning": field.description,
                "Allowed": allowed(field),
                "Stated": f"{stated:,} of {counts[0]:,}",
            }
        )
    return pd.DataFrame(rows)
