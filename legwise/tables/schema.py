"""What the descriptor declares, as frozen values: package, tables, columns, vocabularies, rules.

Loading, checking, filters, column headers, help texts, units and the data dictionary derive from these
values; nothing else in the code lists a column. :mod:`legwise.tables.descriptor` reads them.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict
from pydantic import Field as Key
from pydantic.dataclasses import dataclass

#: How "not stated" is written in links and filters. An empty cell is never read as "no".
NOT_STATED = "not_stated"
NOT_STATED_LABEL = "not stated"


def within_sentence(name: str) -> str:
    """Write a name as it stands within a sentence: "deep vein thrombosis (DVT)", "FDA clearance"."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


FieldType = Literal["string", "integer", "number", "boolean", "date", "list"]
FilterKind = Literal["choice", "yes_no", "range"]
RuleKind = Literal["unique", "agree", "one_of", "cited"]

#: The descriptor uses the keys of the Data Package standard and ours; code uses the names of the attributes.
STRICT = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)


@dataclass(frozen=True, config=STRICT)
class Category:
    """One value of a vocabulary, with its label for people."""

    value: str
    label: str
    #: What a column that ``agrees_with`` this one may hold in the same row; "" is an empty cell. None: anything.
    allows: tuple[str, ...] | None = Key(default=None, validation_alias="legwise:allows")
    #: What else people call it: words to search by, not to be shown.
    also: str = Key(default="", validation_alias="legwise:also")


@dataclass(frozen=True, config=STRICT)
class Field:
    """One column: what it may hold and how it is shown."""

    name: str
    type: FieldType
    title: str
    description: str
    unit: str = ""
    required: bool = Key(default=False, validation_alias="constraints.required")
    unique: bool = Key(default=False, validation_alias="constraints.unique")
    pattern: str = Key(default="", validation_alias="constraints.pattern")
    max_length: int | None = Key(default=None, validation_alias="constraints.maxLength")
    minimum: float | None = Key(default=None, validation_alias="constraints.minimum")
    maximum: float | None = Key(default=None, validation_alias="constraints.maximum")
    categories: tuple[Category, ...] = ()
    delimiter: str = ";"
    #: Table whose key the cell (or each item of the list) names.
    references: str = Key(default="", validation_alias="legwise:references")
    group: str = Key(default="", validation_alias="legwise:group")
    filter: FilterKind | None = Key(default=None, validation_alias="legwise:filter")
    search: bool = Key(default=False, validation_alias="legwise:search")
    fact: bool = Key(default=False, validation_alias="legwise:fact")
    item_pattern: str = Key(default="", validation_alias="legwise:itemPattern")
    #: A number that is written without thousands separators, such as a year.
    plain: bool = Key(default=False, validation_alias="legwise:plain")
    #: Numbers that are ranks: what they mean; a mean of them would mean nothing.
    ordinal: str = Key(default="", validation_alias="legwise:ordinal")
    #: Column that says what the number is of: only numbers of one kind can be taken together.
    within: str = Key(default="", validation_alias="legwise:within")
    #: Column of the same row that this one may not exceed.
    not_above: str = Key(default="", validation_alias="legwise:notAbove")
    #: Column of the same row that says when the value was seen. One is never stated without the other.
    dated_by: str = Key(default="", validation_alias="legwise:datedBy")
    #: Column and value without which this one is empty.
    only_if: tuple[str, str] | None = Key(default=None, validation_alias="legwise:onlyIf")
    #: Columns of the same row whose vocabularies say what this one may hold (see :class:`Category`).
    agrees_with: tuple[str, ...] = Key(default=(), validation_alias="legwise:agreesWith")
    #: A reference of the same row, and the list column there that holds all items this one may have.
    among: tuple[str, str] | None = Key(default=None, validation_alias="legwise:among")
    #: Column of the same row whose words this one may not just repeat.
    adds_to: str = Key(default="", validation_alias="legwise:addsTo")
    #: A name that is spelt in one way only: another case, or words in brackets, would be a second name.
    one_spelling: bool = Key(default=False, validation_alias="legwise:oneSpelling")
    subject_of: str = Key(default="", validation_alias="legwise:subjectOf")
    #: What the starting article says; it rests on the source of the claims.
    claimed: bool = Key(default=False, validation_alias="legwise:claimed")
    #: What a shop asks for the product.
    price: bool = Key(default=False, validation_alias="legwise:price")
    #: Values, and what must stand wherever the name of a row with them stands.
    notices: tuple[tuple[str, str], ...] = Key(default=(), validation_alias="legwise:notices")
    #: List column of the same row that names this one where its cell follows from the kind of the row.
    implied_by: str = Key(default="", validation_alias="legwise:impliedBy")
    items_are_fields: bool = Key(default=False, validation_alias="legwise:itemsAreFields")

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

    @cached_property
    def also(self) -> dict[str, str]:
        """Value → what else people call it, where there is such a word."""
        return {category.value: category.also for category in self.categories if category.also}

    def label(self, value: str) -> str:
        """Label of one value; the value itself where no vocabulary names it."""
        return self.labels.get(value, value)

    @property
    def heading(self) -> str:
        """Title with its unit, as a column head shows it."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    @property
    def noun(self) -> str:
        """Title as it stands within a sentence."""
        return within_sentence(self.title)

    def rank(self, value: str) -> int:
        """Position of ``value`` in the vocabulary (vocabularies are written in their natural order)."""
        return list(self.labels).index(value)


@dataclass(frozen=True, config=STRICT)
class Rule:
    """What must hold between the rows of a table.

    ``unique``: no two rows have the same ``columns``. ``agree``: rows with the same ``columns`` have the same
    ``on``. ``one_of``: a row states at least one of the ``columns``. ``cited``: a row is named by some table.
    ``where`` keeps the rule to the rows that have those values in those columns. A list counts once per item.
    """

    kind: RuleKind
    columns: tuple[str, ...] = ()
    on: str = ""
    where: tuple[tuple[str, str], ...] = ()
    #: What to do about a row that breaks the rule.
    advice: str = ""


@dataclass(frozen=True, config=STRICT)
class Table:
    """One CSV file and its columns."""

    name: str
    title: str
    description: str
    path: str
    fields: tuple[Field, ...]
    key: str
    label_field: str = Key(default="", validation_alias="legwise:label")
    rules: tuple[Rule, ...] = Key(default=(), validation_alias="legwise:rules")
    #: Columns that name a row, where no single one does.
    named_by: tuple[str, ...] = Key(default=(), validation_alias="legwise:namedBy")
    #: Column that says what the row is in short.
    summary: str = Key(default="", validation_alias="legwise:summary")
    #: Column with the page that the row was read on.
    page: str = Key(default="", validation_alias="legwise:page")
    #: Columns that a list of the rows shows unless others are chosen.
    listed: tuple[str, ...] = Key(default=(), validation_alias="legwise:listed")
    #: List column that names the columns whose cells follow from the kind of the row.
    implied: str = Key(default="", validation_alias="legwise:followsFromKind")
    #: Month in which the rows were searched for, as 2026-11.
    searched: str = Key(default="", validation_alias="legwise:searched")
    #: A record of how the data came to be, not part of it: audits, changes, what was left out.
    bookkeeping: bool = Key(default=False, validation_alias="legwise:bookkeeping")

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
        return tuple(
            item for item in self.fields if item.type == "boolean" and item.group == "features"
        )

    @property
    def price(self) -> Field:
        """The field that states a price.

        Raises:
            KeyError: the table has none.
        """
        return self.by_name[next((item.name for item in self.fields if item.price), "price")]

    @property
    def facets(self) -> tuple[Field, ...]:
        """Fields that get a filter."""
        return tuple(item for item in self.fields if item.filter)


@dataclass(frozen=True, config=STRICT)
class Join:
    """A named view of two tables: ``table`` with the columns of ``join`` beside it, joined on the column ``on``.

    ``fields`` declares the columns that no table has; they are worked out.
    """

    name: str
    title: str
    description: str
    table: Annotated[str, Key(validation_alias="resource")]
    join: str
    on: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, config=STRICT)
class Note:
    """A paragraph about the data, for its readers."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, config=STRICT)
class Package:
    """A Data Package: its tables and its metadata. ``directory`` holds the CSV files."""

    directory: Path
    title: str
    description: str
    version: str
    created: str
    licence: str
    groups: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    joins: tuple[Join, ...] = ()
    #: How far the data can be trusted.
    notes: tuple[Note, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Table]:
        """Table name → table."""
        return {table.name: table for table in self.tables}

    def __getitem__(self, name: str) -> Table:
        return self.by_name[name]
