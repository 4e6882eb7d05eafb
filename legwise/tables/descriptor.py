"""Read ``datapackage.json`` into the values of :mod:`legwise.tables.schema`.

Reading is strict: an unknown key is an error, because a misspelt key is a lost rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields as fields_of
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from legwise.tables.schema import Category, Field, Join, Note, Package, Rule, Table, TablesError

_HERE = Path(__file__).resolve().parent.parent
#: The shipped tables: inside an installed package, or next to it in a checkout.
SHIPPED = _HERE / "data" if (_HERE / "data").is_dir() else _HERE.parent / "data"
DESCRIPTOR = "datapackage.json"
#: Keys of the standard that only other tools read.
FOR_OTHER_TOOLS = {
    "package": {"$schema", "name", "keywords", "contributors"},
    "resource": {"type", "scheme", "format", "mediatype", "encoding"},
    "schema": {"missingValues"},
    "field": {"trueValues", "falseValues", "itemType"},
}

T = TypeVar("T")
_READERS: dict[type[Any], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (Category, Field, Join, Note, Package, Rule, Table)
}


class SchemaError(TablesError):
    """The descriptor cannot be read; the message names the file and what to do."""


def read_package(directory: Path | str | None = None) -> Package:
    """Read the descriptor of the package in ``directory`` (default: the shipped data).

    A folder of CSV files without a descriptor is read with the shipped one.

    Raises:
        SchemaError: the folder or the descriptor is missing, not JSON, or not valid.
    """
    folder = existing(Path(directory) if directory is not None else SHIPPED)
    path = descriptor_file(folder)
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SchemaError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"{path}: is not valid JSON in UTF-8 ({error})") from error
    try:
        return _package(folder, descriptor)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise SchemaError(
            f"{path}: is not a descriptor of this schema; missing or malformed: {error}"
        ) from error
    except SchemaError as error:
        raise SchemaError(f"{path}: {error}") from error


def descriptor_file(folder: Path) -> Path:
    """Return the descriptor of a folder: its file, or the shipped one if it has none."""
    path = folder / DESCRIPTOR
    return path if path.is_file() else SHIPPED / DESCRIPTOR


def existing(folder: Path) -> Path:
    """Return the folder if it exists.

    Raises:
        SchemaError: there is no such folder.
    """
    if not folder.is_dir():
        raise SchemaError(f"{folder}: no such folder; give the folder that holds the CSV files")
    return folder


def _package(folder: Path, descriptor: dict[str, Any]) -> Package:
    keys = {**descriptor}
    tables = tuple(_table(resource) for resource in keys.pop("resources"))
    _agree(tables)
    joins = tuple(_join(item, tables) for item in keys.pop("legwise:joins", ()))
    groups = tuple((group["name"], group["title"]) for group in keys.pop("legwise:groups"))
    notes = tuple(_read(Note, item, "note", "note") for item in keys.pop("legwise:notes", ()))
    licence = keys.pop("licenses")[0]["name"]
    made = {
        "directory": folder,
        "licence": licence,
        "groups": groups,
        "tables": tables,
        "joins": joins,
        "notes": notes,
    }
    return _read(Package, keys, "package", "package", made)


def _table(resource: dict[str, Any]) -> Table:
    keys = {**resource}
    name = f"resource {keys.get('name')!r}"
    schema = {**keys.pop("schema")}
    key = schema.pop("primaryKey")
    links = {
        link["fields"]: link["reference"]["resource"] for link in schema.pop("foreignKeys", ())
    }
    keys["legwise:rules"] = tuple(
        _read(Rule, rule, "rule", name) for rule in keys.pop("legwise:rules", ())
    )
    fields = tuple(_field(item, keys.get("name", ""), key, links) for item in schema.pop("fields"))
    _known(schema, "schema", name, ["fields", "primaryKey", "foreignKeys", "missingValues"])
    return _read(Table, keys, "resource", name, {"key": key, "fields": fields})


def _field(item: dict[str, Any], table: str, key: str, links: dict[str, str]) -> Field:
    keys = {**item}
    keys |= {f"constraints.{name}": limit for name, limit in keys.pop("constraints", {}).items()}
    if only_if := keys.get("legwise:onlyIf"):
        keys["legwise:onlyIf"] = (only_if["field"], only_if["value"])
    where = f"field {f'{table}.' if table else ''}{item.get('name')}"
    keys["categories"] = tuple(
        _read(Category, category, "category", where) for category in keys.pop("categories", ())
    )
    field = _read(Field, keys, "field", where)
    if field.name == key:
        field = replace(field, required=True, unique=True)
    return replace(field, references=links[field.name]) if field.name in links else field


def _join(item: dict[str, Any], tables: tuple[Table, ...]) -> Join:
    known = {table.name: table for table in tables}
    keys = {**item}
    where = f"join {item['name']!r}"
    on = known[item["resource"]][item["on"]].name
    if not item.get("fields") and known[item["join"]].key != on:
        raise SchemaError(f"{where} is on {on!r}, which is not the key of {item['join']!r}")
    fields = []
    for made in keys.pop("fields", ()):
        if "legwise:like" in made:
            table, _, name = made["legwise:like"].partition(".")
            texts = {"title": made["title"], "description": made["description"]}
            fields.append(replace(known[table][name], name=made["name"], required=False, **texts))
        else:
            fields.append(_field(made, "", "", {}))
    return _read(Join, keys, "join", where, {"fields": tuple(fields)})


def _agree(tables: tuple[Table, ...]) -> None:
    """Check that every column and table that the descriptor names exists."""
    known = {table.name: table for table in tables}
    for table in tables:
        for field in table.fields:
            where = f"field {table.name}.{field.name}"
            same_row = [
                field.not_above,
                field.dated_by,
                field.within,
                field.adds_to,
                field.subject_of,
                *field.agrees_with,
            ]
            same_row += [*(field.only_if or ())[:1], *(field.among or ())[:1]]
            _exist(filter(None, same_row), table.by_name, where, "column")
            _exist(filter(None, [field.references]), known, where, "table")
            if field.categories:
                _exist((value for value, *_ in field.spellings), field.labels, where, "value")
            if field.grouped_by:
                other = known[field.references]
                _exist([field.grouped_by], other.by_name, where, f"column of {other.name}")
            if field.among:
                other = known[table[field.among[0]].references]
                _exist(field.among[1:], other.by_name, where, f"column of {other.name}")
        named = [*table.named_by, *table.listed, table.summary, table.page, table.implied]
        _exist(filter(None, named), table.by_name, f"resource {table.name}", "column")
        for rule in table.rules:
            columns = [*rule.columns, *filter(None, [rule.on]), *(name for name, _ in rule.where)]
            _exist(columns, table.by_name, f"rule {rule.kind!r} of {table.name}", "column")


def _exist(names: Iterable[str], known: Iterable[str], where: str, what: str) -> None:
    for name in names:
        if name not in known:
            raise SchemaError(f"{where}: {name!r} is not a {what}{_nearest(name, known)}")


def _read(
    kind: type[T], keys: dict[str, Any], level: str, where: str, made: dict[str, Any] | None = None
) -> T:
    """Build a value from keys of the descriptor and from parts already ``made`` of other keys."""
    left = {
        name: value for name, value in keys.items() if name not in FOR_OTHER_TOOLS.get(level, ())
    }
    names = {item.name: alias(kind, item.name) for item in fields_of(kind)}  # type: ignore[arg-type]
    _known(left, level, where, [alias for name, alias in names.items() if name not in (made or {})])
    try:
        value: T = _READERS[kind].validate_python(
            {**left, **(made or {})}, by_alias=True, by_name=True
        )
        return value
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SchemaError(f"{where}: {key}: {_fault(first)}") from error


def alias(kind: type[Any], name: str) -> str:
    """Return the key of the descriptor for an attribute of a declared value."""
    return str(kind.__pydantic_fields__[name].validation_alias or name)


def _known(keys: Iterable[str], level: str, where: str, known: list[str]) -> None:
    """Refuse a key that nothing reads."""
    words = [*(name.replace("constraints.", "") for name in known), *FOR_OTHER_TOOLS.get(level, ())]
    for key in keys:
        if key not in known:
            name = key.removeprefix("constraints.")
            raise SchemaError(f"{where}: unknown key {name!r}{_nearest(name, words)}")


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"


def _fault(error: Any) -> str:
    value = error["input"]
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "literal_error" and isinstance(value, str):
        choices = [
            part.strip("'") for part in error["ctx"]["expected"].replace(" or ", ", ").split(", ")
        ]
        return f"{value!r} does not exist{_nearest(value, choices)}"
    return f"{value!r}: {error['msg'].lower()}"
