"""What a comparison needs of a database, carried to where there is none.

A notebook runs beside files that hold some devices of a database, drawn at random. The few that are
compared need not be among them, and what is said of a type was counted over all of its products.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from legwise.answers.side_by_side import compared_fields
from legwise.answers.type_facts import TypeFacts, type_facts
from legwise.facets.tallies import Spread
from legwise.tables.catalogue import Catalogue
from legwise.tables.loading import RawTable, to_typed, typed_cells
from legwise.tables.schema import Table
from legwise.tables.writing import table_texts


@dataclass(frozen=True)
class Carried:
    """Devices by column as texts, and what was counted of types, as literals of Python."""

    #: One per device: column → its text as in a CSV file; what is not stated is left out.
    devices: list[dict[str, str]]
    #: Devices that share their name with another of the database.
    namesakes: list[str]
    #: Type → how many products it has, their numbers (stated by, lowest, median, highest), the rest
    #: in words.
    types: dict[str, dict[str, Any]]


def carry(catalogue: Catalogue, items: Sequence[tuple[str, str]]) -> Carried:
    """Take what a comparison of (kind, id) pairs asks a database for."""
    table = catalogue.package["devices"]
    keys = [key for kind, key in items if kind == "device"]
    rows = [catalogue.row("devices", key) for key in keys]
    fields = compared_fields(catalogue, items)
    numbers = [item for item in fields if item.is_numeric]
    wanted = {str(row["device_type"]): numbers for row in rows}
    wanted |= {key: fields for kind, key in items if kind == "type"}
    return Carried(
        _texts(rows, table),
        [key for key in keys if catalogue.shares_name(key)],
        {key: _literals(type_facts(catalogue, key, some)) for key, some in wanted.items()},
    )


def _texts(rows: Sequence[Mapping[str, Any]], table: Table) -> list[dict[str, str]]:
    cells = {
        item.name: typed_cells([row[item.name] for row in rows], item) for item in table.fields
    }
    return [
        {str(name): cell for name, cell in row.items() if isinstance(cell, str) and cell}
        for row in table_texts(pd.DataFrame(cells), table).to_dict("records")
    ]


def _literals(facts: TypeFacts) -> dict[str, Any]:
    numbers = {
        name: (spread.stated, spread.low, spread.median, spread.high)
        for name, spread in facts.numbers.items()
        if spread
    }
    return {"size": facts.size, "numbers": numbers, "texts": dict(facts.texts)}


def with_devices(
    catalogue: Catalogue, devices: Sequence[Mapping[str, str]], namesakes: Collection[str]
) -> Catalogue:
    """Return the tables with the carried devices instead of those they hold."""
    table = catalogue.package["devices"]
    cells = {name: [row.get(name, "") for row in devices] for name in table.by_name}
    raw = RawTable(table, table.path, cells, tuple(range(2, len(devices) + 2)), ())
    tables = {**catalogue.tables, table.name: to_typed(raw)}
    return replace(catalogue, tables=tables, namesakes=frozenset(namesakes))


def counted(catalogue: Catalogue, types: Mapping[str, Mapping[str, Any]]) -> dict[str, TypeFacts]:
    """Return what was counted of types, as a comparison takes it."""
    names = [item.name for item in catalogue.package["devices"].fields if item.is_numeric]
    return {
        key: TypeFacts(
            facts["size"],
            {
                name: Spread(*facts["numbers"][name]) if name in facts["numbers"] else None
                for name in names
            },
            facts["texts"],
        )
        for key, facts in types.items()
    }
