"""Vocabularies of columns that name rows or columns: the names of these, bound at load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from legwise.tables.schema import Category, Field, Package, Table
from legwise.tables.stated import is_stated

#: Columns with everyday words for a row, to search by.
CALLED = ("also_called", "family")


def bind(package: Package, tables: Mapping[str, pd.DataFrame]) -> Package:
    """Return the package with the names of referenced rows as the vocabulary of its columns.

    Vocabularies that the descriptor declares stay.
    """
    rows = {
        table.name: row_names(table, tables[table.name])
        for table in package.tables
        if table.label_field
    }
    columns = tuple(Category(field.name, field.title) for field in package["devices"].fields)

    def bound(field: Field) -> Field:
        if field.items_are_fields:
            return replace(field, categories=columns)
        return (
            replace(field, categories=rows[field.references]) if field.references in rows else field
        )

    return replace(
        package,
        tables=tuple(
            replace(
                table,
                fields=tuple(
                    replace(bound(field), implied_by=table.implied) for field in table.fields
                ),
            )
            for table in package.tables
        ),
        joins=tuple(replace(join, fields=tuple(map(bound, join.fields))) for join in package.joins),
    )


def row_names(table: Table, frame: pd.DataFrame) -> tuple[Category, ...]:
    """Return one category per row of a table: its key, its name, and what else it is called.

    Rows that share a name have their keys added.
    """
    keys, names = frame[table.key].tolist(), frame[table.label_field].tolist()
    shared = {name for name, number in Counter(names).items() if number > 1}
    called = [field for field in table.fields if field.name in CALLED]
    cells = frame[[field.name for field in called]].to_dict("records")
    return tuple(
        Category(
            key, f"{name} ({key})" if name in shared else name, also=" ".join(_words(row, called))
        )
        for key, name, row in zip(keys, names, cells, strict=True)
    )


def _words(row: Mapping[Any, Any], columns: Iterable[Field]) -> Iterator[str]:
    """Yield the values of those cells, as labels where they have one."""
    for field in columns:
        cell = row[field.name]
        if is_stated(cell):
            values = cell if field.is_list else (cell,)
            yield from (field.labels.get(value, value) for value in values)
