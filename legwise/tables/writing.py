"""Typed tables → the files of a package, as :func:`legwise.tables.catalogue.load_catalogue` reads.

It undoes what :mod:`legwise.tables.loading` and :mod:`legwise.tables.descriptor` do. Tables that
are those of the folder are copied byte for byte; only others, such as a device list from elsewhere,
are written from their cells.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING
from dataclasses import fields as fields_of
from typing import Any

import numpy as np
import pandas as pd

from legwise.tables.catalogue import Catalogue
from legwise.tables.descriptor import FOR_OTHER_TOOLS, alias, descriptor_file
from legwise.tables.schema import Category, Field, Table

#: What tools that know the standard, and not us, need to know of a type.
STANDARD_KEYS: dict[str, dict[str, Any]] = {
    "boolean": {"trueValues": ["yes"], "falseValues": ["no"]},
    "list": {"itemType": "string"},
}


def table_file(catalogue: Catalogue, table: Table) -> bytes:
    """Return the CSV file of a table."""
    if table.name not in catalogue.replaced:
        return (catalogue.package.directory / table.path).read_bytes()
    texts = table_texts(catalogue[table.name], table)
    return texts.to_csv(index=False, lineterminator="\n").encode()


def table_texts(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return typed cells as the texts of a CSV file; missing ones stay missing."""
    return pd.DataFrame({item.name: _texts(frame[item.name], item) for item in table.fields})


def _texts(cells: pd.Series, field: Field) -> pd.Series:
    """Return typed cells as texts; missing ones stay missing."""
    if field.type == "date":
        days: pd.Series = cells.dt.strftime("%Y-%m-%d")
        return days
    if field.type == "string":
        # Readers of CSV disagree on a carriage return within a cell.
        return cells.astype("str").str.replace(r"\r\n?", "\n", regex=True)
    codes, distinct = pd.factorize(cells.to_numpy(dtype=object), use_na_sentinel=True)
    texts = np.array([*(_text(cell, field) for cell in distinct), None], dtype=object)
    return pd.Series(texts[codes], index=cells.index)


def _text(cell: Any, field: Field) -> str | None:
    if field.is_list:
        return field.delimiter.join(cell) or None
    if field.type == "boolean":
        return "yes" if cell else "no"
    return str(int(cell)) if float(cell).is_integer() and abs(cell) < 2**53 else repr(float(cell))


def files_version(catalogue: Catalogue) -> str:
    """Return the version of the files that are written: what a notebook checks before it starts."""
    if not catalogue.replaced:
        return catalogue.version
    digest = hashlib.sha256()
    for table in catalogue.package.tables:
        digest.update(table_file(catalogue, table))
    return digest.hexdigest()[:12]


def descriptor_bytes(catalogue: Catalogue) -> bytes:
    """Return the descriptor: that of the folder, with the columns of tables that are not its."""
    content = descriptor_file(catalogue.package.directory).read_bytes()
    if not catalogue.replaced:
        return content
    package = catalogue.package
    descriptor = json.loads(content)
    descriptor["legwise:groups"] = [
        {"name": name, "title": title} for name, title in package.groups
    ]
    descriptor["legwise:notes"] = [_keys(note) for note in package.notes]
    for resource in descriptor["resources"]:
        table = package[resource["name"]]
        if table.name in catalogue.replaced:
            resource["legwise:listed"] = list(table.listed)
            before = {item["name"]: item for item in resource["schema"]["fields"]}
            resource["schema"]["fields"] = [
                _field(field, before.get(field.name, {})) for field in table.fields
            ]
    return json.dumps(descriptor, ensure_ascii=False, indent=2).encode()


def _field(field: Field, before: dict[str, Any]) -> dict[str, Any]:
    """Return what the descriptor says of a column; what follows from the tables is left out."""
    keys = _keys(field)
    for name in ("legwise:impliedBy", *(["categories"] if field.items_are_fields else [])):
        keys.pop(name, None)
    if field.references:
        keys.pop("categories", None)
        # A foreign key of the schema says it; a list has none.
        if "legwise:references" not in before:
            del keys["legwise:references"]
    if only_if := keys.get("legwise:onlyIf"):
        keys["legwise:onlyIf"] = dict(zip(("field", "value"), only_if, strict=True))
    limits = {name: keys.pop(name) for name in [*keys] if name.startswith("constraints.")}
    if limits:
        keys["constraints"] = {
            name.removeprefix("constraints."): limit for name, limit in limits.items()
        }
    for name in FOR_OTHER_TOOLS["field"] & before.keys():
        keys[name] = before[name]
    return STANDARD_KEYS.get(field.type, {}) | keys


def _keys(value: Any) -> dict[str, Any]:
    """Return the keys of a declared value; those with their usual value are left out."""
    keys: dict[str, Any] = {}
    for item in fields_of(value):
        content = getattr(value, item.name)
        usual = getattr(item.default, "default", item.default)
        if usual is MISSING or content != usual:
            keys[alias(type(value), item.name)] = _plain(content)
    return keys


def _plain(content: Any) -> Any:
    if isinstance(content, Category):
        return _keys(content)
    return [*map(_plain, content)] if isinstance(content, tuple) else content
