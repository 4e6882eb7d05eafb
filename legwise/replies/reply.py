"""A reply: one table of rows, as values and as texts, and what else the page of the link shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from legwise.links.params import Params
from legwise.rules.cautions import Caution
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import Table
from legwise.tables.stated import is_stated

#: A value that JSON can hold.
Json = Any
#: Most rows in one answer.
MOST_ROWS = 1000


@dataclass(frozen=True, eq=False)
class Reply:
    """What a link asks for.

    ``rows`` and ``frame`` give some of the ``total`` rows: as values by column, and as the texts
    that people read. ``more`` is what else the page shows. ``usual`` is how many rows a page has,
    ``page`` the one asked for, if the page of the link has pages.
    """

    summary: str
    total: int
    rows: Callable[[slice], list[dict[str, Json]]]
    frame: Callable[[slice], pd.DataFrame]
    more: Mapping[str, Json] = field(default_factory=dict)
    usual: int = MOST_ROWS
    page: int | None = None


def of_frame(summary: str, frame: pd.DataFrame, **rest: Any) -> Reply:
    """Return the reply whose rows are those of a table for people."""
    return Reply(
        summary,
        len(frame),
        lambda some: records(frame.iloc[some]),
        lambda some: frame.iloc[some],
        **rest,
    )


def of_rows(
    summary: str, rows: Sequence[dict[str, Json]], frame: pd.DataFrame, **rest: Any
) -> Reply:
    """Return the reply of those rows, which ``frame`` has as texts."""
    return Reply(
        summary, len(rows), lambda some: list(rows[some]), lambda some: frame.iloc[some], **rest
    )


def records(frame: pd.DataFrame) -> list[dict[str, Json]]:
    """Return the rows of a frame as values by column."""
    return [
        {str(name): value(cell) for name, cell in row.items()} for row in frame.to_dict("records")
    ]


def record(table: Table, row: Record) -> dict[str, Json]:
    """Return a row of a table: ids, numbers and words as the files have them, null if missing."""
    return {item.name: value(row[item.name]) for item in table.fields}


def value(cell: Any) -> Json:
    """Return a cell as JSON can hold it; what is not stated is null."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, (tuple, list, set, frozenset)):
        return [value(item) for item in cell] or None
    if not is_stated(cell):
        return None
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return cell if isinstance(cell, (str, int, float, bool)) else str(cell)


def as_values(item: Any) -> Json:
    """Return a frozen value of the core as JSON can hold it."""
    if is_dataclass(item) and not isinstance(item, type):
        return {part.name: as_values(getattr(item, part.name)) for part in fields(item)}
    if isinstance(item, Mapping):
        return {str(key): as_values(inner) for key, inner in item.items()}
    if isinstance(item, (tuple, list)):
        return [as_values(inner) for inner in item]
    if item is None or isinstance(item, str):
        return item
    return value(item)


def works(catalogue: Catalogue, ids: Iterable[str]) -> list[dict[str, Json]]:
    """Return sources as id, citation and link."""
    return [
        {"id": source.source_id, "citation": source.citation, "link": source.link}
        for source in catalogue.sources(dict.fromkeys(ids))
    ]


def caution(catalogue: Catalogue, item: Caution) -> dict[str, Json]:
    """Return a caution as values, with its line on screen and its sources."""
    its = as_values(item)
    del its["source_ids"]
    return {**its, "label": item.label, "sources": works(catalogue, item.source_ids)}


def address(page: str, params: Params) -> str:
    """Return the address of a page with a state, from the root of the app."""
    query = urlencode({name: texts for name, texts in params.items() if texts}, doseq=True)
    return f"/{page}?{query}" if query else f"/{page}"
