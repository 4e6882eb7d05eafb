"""A side-by-side table as a value: items are its columns, attributes its rows, in named groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Cell:
    """What one item says on one attribute.

    ``text`` is what is shown, ``stated`` is False for "not stated", ``value`` is the number behind the
    text where there is one, ``unit`` its unit. ``link`` leads to where it was read, ``sources`` are works.
    ``derived`` cells sum up the products of a type.
    """

    text: str
    stated: bool = True
    sources: tuple[Source, ...] = ()
    value: float | None = None
    unit: str = ""
    link: str = ""
    derived: bool = False


@dataclass(frozen=True)
class Row:
    """One attribute across all items."""

    name: str
    title: str
    help: str
    cells: tuple[Cell, ...]
    #: The symptom whose evidence it shows.
    symptom: str = ""

    @property
    def differs(self) -> bool:
        """Whether any two items differ; "not stated" is a value of its own."""
        return len({cell.text for cell in self.cells}) > 1

    @property
    def stated_by_all(self) -> bool:
        """Whether every item states it."""
        return all(cell.stated for cell in self.cells)


@dataclass(frozen=True)
class Group:
    """Rows that belong together."""

    name: str
    title: str
    rows: tuple[Row, ...]
    note: str = ""
    #: Cautions, which a reader must see before anything else.
    is_cautions: bool = False
    #: Shown whatever rows are chosen.
    pinned: bool = False


@dataclass(frozen=True)
class Item:
    """One column: a device or a device type. ``stated`` counts its stated facts, of how many.

    ``subtitle`` says of what kind it is, ``summary`` what it is in short.
    """

    kind: str
    key: str
    name: str
    subtitle: str
    stated: tuple[int, int] | None = None
    link: str = ""
    notices: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True)
class Comparison:
    """The whole table."""

    items: tuple[Item, ...]
    groups: tuple[Group, ...]

    @property
    def mixed(self) -> bool:
        """Whether devices stand beside device types."""
        return len({item.kind for item in self.items}) > 1

    def only(self, rows: RowChoice) -> Comparison:
        """Return the same table with all rows, those on which items differ, or those that every item states."""

        def kept(group: Group, row: Row) -> bool:
            # What speaks against an item for what was stated is never hidden.
            if rows == "all" or group.pinned:
                return True
            if rows == "differences":
                return row.differs
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
        """Names of the items, told apart where two products share one."""
        names = [item.name for item in self.items]
        return tuple(
            f"{name} ({names[:place].count(name) + 1})" if names.count(name) > 1 else name
            for place, name in enumerate(names)
        )

    def shown(self) -> Shown:
        """Return :meth:`frame` with the numbers behind its texts."""
        rows = [row for group in self.groups for row in group.rows]
        values = {
            label: [row.cells[place].value for row in rows]
            for place, label in enumerate(self.labels)
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
