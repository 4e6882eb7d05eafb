"""What the descriptor declares, as frozen values: package, tables, columns, vocabularies, rules.

Loading, checking, filters, column headers, help texts, units and the data dictionary derive from
these values. :mod:`legwise.tables.descriptor` reads them.
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
    """Write a name for use within a sentence: "deep vein thrombosis (DVT)", "FDA clearance"."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


FieldType = Literal["string", "integer", "number", "boolean", "date", "list"]
FilterKind = Literal["choice", "yes_no", "range"]
RuleKind = Literal["unique", "agree", "one_of", "cited"]

#: The descriptor uses the keys of the Data Package standard and ours; code uses attribute names.
STRICT = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)


@dataclass(frozen=True, config=STRICT)
class Category:
    """One value of a vocabulary, with its label for people."""

    value: str
    label: str
    #: What a column that ``agrees_with`` this one may hold in the same row ("": empty; None: any).
    allows: tuple[str, ...] | None = Key(default=None, validation_alias="legwise:allows")
    #: What else people call it: words to search by, never shown.
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
    #: A filter that stands above a list, not among the others.
    quick: bool = Key(default=False, validation_alias="legwise:quick")
    #: How a sentence leads to the value, such as "of type"; for a yes/no column, how it says yes.
    phrase: str = Key(default="", validation_alias="legwise:phrase")
    #: Column of the table referred to that takes values together: choosing one chooses them all.
    grouped_by: str = Key(default="", validation_alias="legwise:groupedBy")
    search: bool = Key(default=False, validation_alias="legwise:search")
    fact: bool = Key(default=False, validation_alias="legwise:fact")
    item_pattern: str = Key(default="", validation_alias="legwise:itemPattern")
    #: A number that is written without thousands separators, such as a year.
    plain: bool = Key(default=False, validation_alias="legwise:plain")
    #: What the numbers mean where they are ranks, of which no mean is taken.
    ordinal: str = Key(default="", validation_alias="legwise:ordinal")
    #: Column that says what the number measures; only numbers of one kind can be combined.
    within: str = Key(default="", validation_alias="legwise:within")
    #: Column of the same row that this one may not exceed.
    not_above: str = Key(default="", validation_alias="legwise:notAbove")
    #: Column of the same row that dates the value. Neither is stated without the other.
    dated_by: str = Key(default="", validation_alias="legwise:datedBy")
    #: Column and value without which this one is empty.
    only_if: tuple[str, str] | None = Key(default=None, validation_alias="legwise:onlyIf")
    #: Columns of the same row that restrict what this one may hold (see :class:`Category`).
    agrees_with: tuple[str, ...] = Key(default=(), validation_alias="legwise:agreesWith")
    #: Reference column of the same row, and the list column there that holds the allowed items.
    among: tuple[str, str] | None = Key(default=None, validation_alias="legwise:among")
    #: Column of the same row whose words this one may not just repeat.
    adds_to: str = Key(default="", validation_alias="legwise:addsTo")
    #: A name with one spelling: another case, or added brackets, would be a second name.
    one_spelling: bool = Key(default=False, validation_alias="legwise:oneSpelling")
    subject_of: str = Key(default="", validation_alias="legwise:subjectOf")
    #: What the starting article says; cite the source of the claims for it.
    claimed: bool = Key(default=False, validation_alias="legwise:claimed")
    #: The price of the product.
    price: bool = Key(default=False, validation_alias="legwise:price")
    #: Values, and the notice to show wherever a row with that value is named.
    notices: tuple[tuple[str, str], ...] = Key(default=(), validation_alias="legwise:notices")
    #: List column of the same row that names the columns which follow from the kind of the row.
    implied_by: str = Key(default="", validation_alias="legwise:impliedBy")
    #: What lists of others call the column, in several languages.
    aliases: tuple[str, ...] = Key(default=(), validation_alias="legwise:aliases")
    #: Values, each followed by what lists of others call it, in several languages.
    spellings: tuple[tuple[str, ...], ...] = Key(default=(), validation_alias="legwise:spellings")
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
        """Value → what else people call it, if anything."""
        return {category.value: category.also for category in self.categories if category.also}

    def label(self, value: str) -> str:
        """Return the label of a value; the value itself if the vocabulary does not have it."""
        return self.labels.get(value, value)

    @property
    def heading(self) -> str:
        """Title with its unit, as a column head shows it."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    @property
    def noun(self) -> str:
        """Title for use within a sentence."""
        return within_sentence(self.title)

    @property
    def with_phrase(self) -> str:
        """How a sentence about rows leads to the value: "with heat", "that are cordless"."""
        return self.phrase or f"with {self.noun}"

    @property
    def without_phrase(self) -> str:
        """How a sentence about rows says no: "without heat", "that are not cordless"."""
        start, _, rest = self.with_phrase.partition(" ")
        if start == "with":
            return f"without {rest}"
        return self.with_phrase.replace("that are ", "that are not ", 1)

    def rank(self, value: str) -> int:
        """Return the position of ``value`` in the vocabulary, which is in its natural order."""
        return list(self.labels).index(value)


class TablesError(ValueError):
    """Tables cannot be used; the message says why and what to do."""


@dataclass(frozen=True, config=STRICT)
class Rule:
    """What must hold between the rows of a table.

    ``unique``: no two rows have the same ``columns``. ``agree``: rows with the same ``columns``
    have the same ``on``. ``one_of``: a row states at least one of the ``columns``. ``cited``: some
    table names the row. ``where`` limits the rule to rows with those values in those columns. A
    list counts once per item.
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
    #: Columns that together name a row, if no single one does.
    named_by: tuple[str, ...] = Key(default=(), validation_alias="legwise:namedBy")
    #: Column that sums up the row in short.
    summary: str = Key(default="", validation_alias="legwise:summary")
    #: Column with the address of the page the row comes from.
    page: str = Key(default="", validation_alias="legwise:page")
    #: Columns that a list shows by default.
    listed: tuple[str, ...] = Key(default=(), validation_alias="legwise:listed")
    #: List column that names the columns which follow from the kind of the row.
    implied: str = Key(default="", validation_alias="legwise:followsFromKind")
    #: Month of the search for the rows, such as 2026-11.
    searched: str = Key(default="", validation_alias="legwise:searched")
    #: Ready-made views: title and parameters of the link to /explore, without the table.
    views: tuple[tuple[str, str], ...] = Key(default=(), validation_alias="legwise:views")
    #: A record of how the data was made, not data: audits, changes, what was left out.
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
        """Yes/no fields of the group "features", which findings and cautions can be about."""
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
    """A named view: ``table`` with the columns of the table ``join``, joined on the column ``on``.

    ``fields`` declares the computed columns, which no table has.
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
