"""The data page ⇄ its link."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from legwise.links.params import Dropped, Params, Reader, put
from legwise.tables.catalogue import Catalogue

#: Parts of the data page → their names on screen.
DATA_VIEWS = {"tables": "The tables", "trust": "How far to trust them", "changes": "What changed"}


@dataclass(frozen=True)
class DataState:
    """State of the data page: its open part, and the open table."""

    view: str = "tables"
    table: str = "devices"


def encode_data(state: DataState) -> Params:
    """Link parameters of the data page."""
    params: Params = {}
    put(params, "view", [state.view] if state.view != "tables" else [])
    put(params, "table", [state.table] if state.table != "devices" else [])
    return params


def decode_data(
    params: Mapping[str, Collection[str]], catalogue: Catalogue
) -> tuple[DataState, tuple[Dropped, ...]]:
    """Read the state of the data page from a link."""
    reader = Reader(params)
    view = reader.one("view", DATA_VIEWS, "part of this page", "tables")
    table = reader.one("table", list(catalogue.package.by_name), "table", "devices")
    return DataState(view, table), reader.finish()
