"""Rows of tables that have a page of their own: a column, or the first cell, leads there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st

from ui.page import address

#: Tables whose rows have a page → its name.
DETAILS = {"devices": "device", "device_types": "type"}
#: Head of the column that leads there.
PAGE = "Page"


def row_pages(table: str, keys: Iterable[str]) -> list[str]:
    """Return the addresses of the pages of rows; a table whose rows have none gives none."""
    page = DETAILS.get(table)
    return [address(page, {"id": [key]}) for key in keys] if page else []


def with_pages(rows: pd.DataFrame, table: str, keys: Iterable[str]) -> pd.DataFrame:
    """Return rows with the addresses of their pages in a first column, if they have any."""
    pages = row_pages(table, keys)
    if not pages or PAGE in rows:
        return rows
    return pd.concat([pd.Series(pages, rows.index, name=PAGE), rows], axis="columns")


def page_column() -> Any:
    """Return how that column is drawn."""
    return st.column_config.LinkColumn(display_text="open", width=70, pinned=True)
