"""Tables and their columns, for people."""

from __future__ import annotations

import pandas as pd

from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Table
from legwise.tables.stated import stated_cells
from legwise.text.cells import allowed, format_cell


def table_frame(catalogue: Catalogue, table: Table, rows: slice = slice(None)) -> pd.DataFrame:
    """Return rows of a table for people, in file order; all of them unless ``rows`` says which."""
    frame = catalogue[table.name].iloc[rows]
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
    frame = catalogue[table.name]
    rows = []
    for field in table.fields:
        stated = int(stated_cells(frame[field.name]).sum())
        rows.append(
            {
                "Column": field.name,
                "Label": field.title,
                "Type": field.type,
                "Unit": field.unit,
                "Meaning": field.description,
                "Allowed": allowed(field),
                "Stated": f"{stated} of {len(frame)}",
            }
        )
    return pd.DataFrame(rows)
