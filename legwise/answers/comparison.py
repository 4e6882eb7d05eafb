"""A side-by-side table as a value: one column per item, one row per attribute, in groups."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import pandas as pd

from legwise.tables.sources import Source
from legwise.text.shown import Shown

#: Which rows are shown.
RowChoice = Literal["all", "differences", "stated"]
ROW_CHOICES: dict[RowChoice, str] = {
    "all": "All rows",
    "differences": "Only differences",
    "stated": "Only what all state",
}


#: What a type without products says of a fact of products.
NO_PRODUCTS = "no products"
#: The column without a device, as kind and id.
NOTHING = ("do", "nothing")
#: What that column says of a fact of devices.
NO_DEVICE = "no device"


@dataclass(frozen=True)
class Cell:
    """One attribute of one item.

    ``text`` is what is shown, or ``brief`` until a reader opens the rest. ``stated`` is False for
    "not stated", ``value`` is the number behind the text, if any, ``unit`` its unit. ``link`` is
    the page where it was read, ``sources`` are works. ``derived`` cells sum up the products of a
    type. A cell of which ``applies`` is False has nothing to set beside the others, such as the
    weight of no device.
    """

    text: str
    stated: bool = True
    sources: tuple[Source, ...] = ()
    value: float | None = None
    unit: str = ""
    link: str = ""
    derived: bool = False
    applies: bool = True
    brief: str = ""

    @property
    def first(self) -> str:
        """What is shown at first."""
        return self.brief or self.text

    @property
    def rest(self) -> str:
        """What is shown once it is opened, if anything."""
        return self.text.removeprefix(self.first).strip()


@dataclass(frozen=True)
class Row:
    """One attribute across all items."""

    name: str
    title: str
    help: str
    cells: tuple[Cell, ...]
    #: The symptom, in rows of evidence.
    symptom: str = ""

    @property
    def differs(self) -> bool:
        """Whether any two items it applies to differ; "not stated" counts as a value."""
        return len({cell.text for cell in self.applying}) > 1

    @property
    def applying(self) -> tuple[Cell, ...]:
        """The cells that apply; all of them if none does."""
        return tuple(cell for cell in self.cells if cell.applies) or self.cells

    @cached_property
    def marked(self) -> tuple[bool, ...]:
        """Whether each cell states something else than most of those that state it."""
        counts = Counter(cell.text for cell in self.cells if cell.stated)
        usual = {text for text, number in counts.items() if 2 * number > counts.total()}
        return tuple(
            cell.stated and len(counts) > 1 and cell.text not in usual for cell in self.cells
        )

    @property
    def unstated(self) -> str:
        """What all cells say if none states anything, else empty."""
        texts = {cell.text for cell in self.applying}
        words = sorted(texts - {NO_PRODUCTS} or texts)
        return words[0] if len(words) == 1 and not any(cell.stated for cell in self.cells) else ""

    @property
    def stated_by_all(self) -> bool:
        """Whether every item it applies to states it."""
        return all(cell.stated for cell in self.applying)


@dataclass(frozen=True)
class Group:
    """Rows under one title."""

    name: str
    title: str
    rows: tuple[Row, ...]
    note: str = ""
    #: Whether the rows are cautions, which must be seen before anything else.
    is_cautions: bool = False
    #: Whether all rows are always shown.
    pinned: bool = False

    @property
    def unstated(self) -> dict[str, tuple[str, ...]]:
        """Titles of the rows of which no item states anything, by what all their cells say.

        They can be shown in a line. Cautions are never so short.
        """
        by_text: dict[str, list[str]] = {}
        for row in () if self.is_cautions else self.rows:
            if text := row.unstated:
                by_text.setdefault(text, []).append(row.title)
        return {text: tuple(titles) for text, titles in by_text.items()}

    @property
    def full_rows(self) -> tuple[Row, ...]:
        """The rows that are not in :attr:`unstated`."""
        return tuple(row for row in self.rows if self.is_cautions or not row.unstated)

    @property
    def contrasts(self) -> int:
        """Number of rows in which items state different things."""
        return sum(any(row.marked) for row in self.rows)


@dataclass(frozen=True)
class Part:
    """Groups that are folded together, and whether they are open until the reader closes them."""

    name: str
    title: str
    groups: tuple[Group, ...]
    is_open: bool = False

    @property
    def size(self) -> int:
        """Number of rows."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def contrasts(self) -> int:
        """Number of rows in which items state different things."""
        return sum(group.contrasts for group in self.groups)


@dataclass(frozen=True)
class Item:
    """One column: a device, a device type, or no device at all.

    ``subtitle`` is its type or kind, ``summary`` its one-line description. ``stated`` is how many
    facts it states, and of how many. ``device_type`` is the id of its type, if it has one.
    """

    kind: str
    key: str
    name: str
    subtitle: str
    stated: tuple[int, int] | None = None
    link: str = ""
    notices: tuple[str, ...] = ()
    summary: str = ""
    device_type: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether it is the column without a device."""
        return (self.kind, self.key) == NOTHING


@dataclass(frozen=True)
class Comparison:
    """The whole table."""

    items: tuple[Item, ...]
    groups: tuple[Group, ...]

    @property
    def mixed(self) -> bool:
        """Whether there are both devices and device types."""
        return {item.kind for item in self.items} >= {"device", "type"}

    @property
    def has_nothing(self) -> bool:
        """Whether one of the columns is that without a device."""
        return any(item.is_nothing for item in self.items)

    @property
    def size(self) -> int:
        """Number of rows."""
        return sum(len(group.rows) for group in self.groups)

    def only(self, rows: RowChoice) -> Comparison:
        """Return the same table with only the chosen rows."""
        # One thing beside doing nothing has nothing to differ from: no caution of it is hidden.
        alone = sum(not item.is_nothing for item in self.items) < 2

        def kept(group: Group, row: Row) -> bool:
            # Cautions for the chosen conditions are never hidden.
            if rows == "all" or group.pinned:
                return True
            if rows == "differences":
                return row.differs or alone
            return row.stated_by_all or (
                group.is_cautions and any(cell.stated for cell in row.cells)
            )

        groups = (
            replace(group, rows=tuple(row for row in group.rows if kept(group, row)))
            for group in self.groups
        )
        return Comparison(self.items, tuple(group for group in groups if group.rows))

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the items, numbered where two share a name."""
        names = [item.name for item in self.items]
        return tuple(
            f"{name} ({names[:index].count(name) + 1})" if names.count(name) > 1 else name
            for index, name in enumerate(names)
        )

    def shown(self) -> Shown:
        """Return :meth:`frame` with the numbers behind its texts."""
        rows = [row for group in self.groups for row in group.rows]
        values = {
            label: [row.cells[index].value for row in rows]
            for index, label in enumerate(self.labels)
        }
        return Shown(self.frame(), values)

    def frame(self) -> pd.DataFrame:
        """Return the table as text: columns Group, Attribute, then one per item."""
        rows = [
            [group.title, row.title, *(cell.text for cell in row.cells)]
            for group in self.groups
            for row in group.rows
        ]
        return pd.DataFrame(rows, columns=["Group", "Attribute", *self.labels])
