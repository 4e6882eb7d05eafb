"""The one schema: reads ``datapackage.json`` into frozen values.

Every column is declared there once. Loading, checking, filters, column headers, help texts, units and
the data dictionary derive from the values of this module; nothing else in the code lists a column.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

SHIPPED = Path(__file__).resolve().parent.parent / "data"
DESCRIPTOR = "datapackage.json"
#: How "not stated" is written in links and filters. An empty cell is never read as "no".
NOT_STATED = "not_stated"
NOT_STATED_LABEL = "not stated"

FieldType = Literal["string", "integer", "number", "boolean", "date", "list"]
FilterKind = Literal["choice", "yes_no", "range"]


class SchemaError(ValueError):
    """The descriptor cannot be read; the message names the file and what to do."""


@dataclass(frozen=True)
class Category:
    """One value of a vocabulary, with its label for people."""

    value: str
    label: str
    properties: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Field:
    """One column: what may stand in it and how it is shown."""

    name: str
    type: FieldType
    title: str
    description: str
    unit: str = ""
    required: bool = False
    unique: bool = False
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[Category, ...] = ()
    delimiter: str = ";"
    #: Table whose key the cell (or each item of the list) names.
    references: str = ""
    group: str = ""
    filter: FilterKind | None = None
    search: bool = False
    fact: bool = False
    item_pattern: str = ""
    #: A number that is written without thousands separators, such as a year.
    plain: bool = False
    #: Numbers that are ranks: what they mean; a mean of them would mean nothing.
    ordinal: str = ""
    #: Column that says what the number is of: only numbers of one kind can be taken together.
    within: str = ""
    not_above: str = ""
    #: Column of the same row that says when the value was seen.
    dated_by: str = ""
    only_if: tuple[str, str] | None = None
    category_property: tuple[str, str] | None = None
    subject_of: str = ""
    items_are_fields: bool = False

    @property
    def is_list(self) -> bool:
        """Whether a cell holds several values."""
        return self.type == "list"

    @property
    def is_numeric(self) -> bool:
        """Whether a cell holds a number."""
        return self.type in ("integer", "number")

    @cached_property
    def labels(self) -> dict[str, str]:
        """Value → label of the vocabulary; yes and no for a boolean."""
        if self.type == "boolean":
            return {"yes": "yes", "no": "no"}
        return {category.value: category.label for category in self.categories}

    @property
    def heading(self) -> str:
        """Title with its unit, as a column head shows it."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    @property
    def noun(self) -> str:
        """Title as it stands within a sentence."""
        return self.title if self.title[:2].isupper() else self.title[:1].lower() + self.title[1:]

    def rank(self, value: str) -> int:
        """Place of ``value`` in the vocabulary (vocabularies are written in their natural order)."""
        return list(self.labels).index(value)


@dataclass(frozen=True)
class Table:
    """One CSV file and its columns."""

    name: str
    title: str
    description: str
    path: str
    fields: tuple[Field, ...]
    key: str
    label_field: str = ""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Field name → field."""
        return {item.name: item for item in self.fields}

    def __getitem__(self, name: str) -> Field:
        return self.by_name[name]

    @property
    def facts(self) -> tuple[Field, ...]:
        """Fields that state a fact of the row beyond its identity."""
        return tuple(item for item in self.fields if item.fact)

    @property
    def features(self) -> tuple[Field, ...]:
        """Yes/no fields of the group "features": what findings and cautions can speak of."""
        return tuple(item for item in self.fields if item.type == "boolean" and item.group == "features")

    @property
    def facets(self) -> tuple[Field, ...]:
        """Fields that get a filter."""
        return tuple(item for item in self.fields if item.filter)


@dataclass(frozen=True)
class Join:
    """A named view of two tables: ``table`` with the columns of ``join`` beside it, joined on the column ``on``.

    ``fields`` declares the columns that no table has; they are worked out.
    """

    name: str
    title: str
    description: str
    table: str
    join: str
    on: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Package:
    """A Data Package: its tables and its metadata. ``directory`` is where the CSV files lie."""

    directory: Path
    title: str
    description: str
    version: str
    created: str
    licence: str
    groups: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    joins: tuple[Join, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Table]:
        """Table name → table."""
        return {table.name: table for table in self.tables}

    def __getitem__(self, name: str) -> Table:
        return self.by_name[name]


def read_package(directory: Path | str | None = None) -> Package:
    """Read the descriptor of the package in ``directory`` (default: the shipped data).

    A folder of CSV files without a descriptor of its own is read with the shipped one.

    Raises:
        SchemaError: the folder or the descriptor is missing, is not JSON, or declares a field wrongly.
    """
    folder = Path(directory) if directory is not None else SHIPPED
    if not folder.is_dir():
        raise SchemaError(f"{folder}: no such folder; give the folder that holds the CSV files")
    path = folder / DESCRIPTOR
    if not path.is_file():
        path = SHIPPED / DESCRIPTOR
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SchemaError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise SchemaError(f"{path}: is not valid JSON in UTF-8 ({error})") from error
    try:
        return _package(folder, descriptor)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise SchemaError(f"{path}: is not a descriptor of this schema; missing or malformed: {error}") from error
    except SchemaError as error:
        raise SchemaError(f"{path}: {error}") from error


def _package(folder: Path, descriptor: dict[str, Any]) -> Package:
    tables = tuple(_table(resource) for resource in descriptor["resources"])
    return Package(
        directory=folder,
        title=descriptor["title"],
        description=descriptor["description"],
        version=descriptor["version"],
        created=descriptor["created"],
        licence=descriptor["licenses"][0]["name"],
        groups=tuple((group["name"], group["title"]) for group in descriptor["legwise:groups"]),
        tables=tables,
        joins=tuple(_join(item, tables) for item in descriptor.get("legwise:joins", ())),
    )


def _join(item: dict[str, Any], tables: tuple[Table, ...]) -> Join:
    known = {table.name: table for table in tables}
    on = known[item["resource"]][item["on"]].name
    if not item.get("fields") and known[item["join"]].key != on:
        raise SchemaError(f"join {item['name']!r} is on {on!r}, which is not the key of {item['join']!r}")
    fields = []
    for own in item.get("fields", ()):
        if "legwise:like" in own:
            table, _, name = own["legwise:like"].partition(".")
            texts = {"title": own["title"], "description": own["description"]}
            fields.append(replace(known[table][name], name=own["name"], required=False, **texts))
        else:
            fields.append(_field(own, "", {}))
    return Join(item["name"], item["title"], item["description"], item["resource"], item["join"], on, tuple(fields))


def _table(resource: dict[str, Any]) -> Table:
    schema = resource["schema"]
    key = schema["primaryKey"]
    references = {link["fields"]: link["reference"]["resource"] for link in schema.get("foreignKeys", ())}
    return Table(
        name=resource["name"],
        title=resource["title"],
        description=resource["description"],
        path=resource["path"],
        fields=tuple(_field(item, key, references) for item in schema["fields"]),
        key=key,
        label_field=resource.get("legwise:label", ""),
    )


def _field(item: dict[str, Any], key: str, references: dict[str, str]) -> Field:
    if item["type"] not in get_args(FieldType):
        raise SchemaError(f"field {item['name']!r} has type {item['type']!r}; known: {', '.join(get_args(FieldType))}")
    limits = item.get("constraints", {})
    own = {name.removeprefix("legwise:"): value for name, value in item.items() if name.startswith("legwise:")}
    only_if, agrees = own.get("onlyIf"), own.get("categoryProperty")
    is_key = item["name"] == key
    return Field(
        name=item["name"],
        type=item["type"],
        title=item["title"],
        description=item["description"],
        unit=item.get("unit", ""),
        required=limits.get("required", False) or is_key,
        unique=limits.get("unique", False) or is_key,
        pattern=limits.get("pattern", ""),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        categories=tuple(_category(category) for category in item.get("categories", ())),
        delimiter=item.get("delimiter", ";"),
        references=references.get(item["name"], own.get("references", "")),
        group=own.get("group", ""),
        filter=own.get("filter"),
        search=own.get("search", False),
        fact=own.get("fact", False),
        plain=own.get("plain", False),
        item_pattern=own.get("itemPattern", ""),
        ordinal=own.get("ordinal", ""),
        within=own.get("within", ""),
        not_above=own.get("notAbove", ""),
        dated_by=own.get("datedBy", ""),
        only_if=(only_if["field"], only_if["value"]) if only_if else None,
        category_property=(agrees["field"], agrees["property"]) if agrees else None,
        subject_of=own.get("subjectOf", ""),
        items_are_fields=own.get("itemsAreFields", False),
    )


def _category(category: dict[str, Any]) -> Category:
    own = {name.removeprefix("legwise:"): value for name, value in category.items() if name.startswith("legwise:")}
    return Category(category["value"], category["label"], own)
