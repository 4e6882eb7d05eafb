"""Similar devices, by a published rule: what both state alike. No score without its reasons.

1. Only devices of the same family are looked at.
2. They are ordered by how many things both state alike: the type, each body area, each technique,
   and each yes/no feature with the same answer. What only follows from the kind of product, and
   whatever is not stated, counts neither way.
3. Ties: fewer differences first (another type, or the other answer to a yes/no feature), then by
   name.

Similar means stated alike, not equally good.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from legwise.facets.tallies import Condition, Every, Has, Not, states_fact
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.distinct import distinct_cells
from legwise.tables.schema import Field, Table, within_sentence
from legwise.tables.stated import is_stated

#: Steps of the rule in words, as shown on screen.
RULE = (
    "Only devices of the same family are looked at.",
    "They are ordered by how many things both state alike: the type, each body area, each "
    "technique, and each yes/no feature with the same answer. What follows from the kind of "
    "product, or is not stated, does not count.",
    "Ties: fewer differences first (another type, or the other answer to a yes/no feature), then "
    "by name.",
    "Similar means stated alike, not equally good.",
)


@dataclass(frozen=True)
class Similar:
    """A similar device: what both state alike, and what they state differently, in words."""

    device: str
    same_type: bool
    both: tuple[str, ...]
    differs: tuple[str, ...]

    @property
    def alike(self) -> int:
        """Number of things that both state alike."""
        return self.same_type + len(self.both)

    @property
    def reasons(self) -> str:
        """Return "same type; both: heat, air compression; differs: cordless"."""
        parts = (
            "same type" if self.same_type else "",
            f"both: {', '.join(self.both)}" if self.both else "",
            f"differs: {', '.join(self.differs)}" if self.differs else "",
        )
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True, eq=False)
class _Trait:
    """Something the device states: which rows state it, too, and which state the contrary."""

    words: str
    topic: str
    same: np.ndarray
    contrary: np.ndarray


def similar_devices(catalogue: Catalogue, device: str, most: int = 6) -> tuple[Similar, ...]:
    """Return up to ``most`` similar devices, in the order of the rule.

    Raises:
        KeyError: no such device.
    """
    table, row = catalogue.package["devices"], catalogue.row("devices", device)
    types = catalogue["device_types"]
    family = catalogue.row("device_types", row["device_type"])["family"]
    relatives = set(types.loc[types["family"] == family, "device_type"])
    if catalogue.elsewhere is not None:
        family_rows = _closest(catalogue, table, row, relatives, device, most)
    else:
        # Only the family, and what is compared: a long list costs no more than it has to.
        frame = catalogue["devices"]
        read = [table.key, *table.named_by, *(item.name for item in compared_fields(table))]
        frame = frame[[*read, "device_type", *filter(None, [table.implied])]]
        family_rows = frame[
            frame["device_type"].isin(relatives).to_numpy()
            & (frame[table.key] != device).to_numpy()
        ]
    if family_rows.empty:
        return ()
    same_type = (family_rows["device_type"] == row["device_type"]).to_numpy()
    traits = _traits(table, family_rows, row)
    alike = same_type + sum((trait.same for trait in traits), np.zeros(len(family_rows), int))
    differences = ~same_type + sum(
        (trait.contrary for trait in traits), np.zeros(len(family_rows), int)
    )
    return tuple(
        Similar(
            device=str(family_rows[table.key].iloc[at]),
            same_type=bool(same_type[at]),
            both=tuple(trait.words for trait in traits if trait.same[at]),
            differs=(
                *(() if same_type[at] else ("type",)),
                *(trait.topic for trait in traits if trait.contrary[at]),
            ),
        )
        for at in _first(table, family_rows, alike, differences, most)
    )


def _closest(
    catalogue: Catalogue,
    table: Table,
    row: Record,
    relatives: Collection[str],
    device: str,
    most: int,
) -> pd.DataFrame:
    """Return the rows of a database that come first in the order of the rule."""
    assert catalogue.elsewhere is not None
    same_type = Has("device_type", (row["device_type"],))
    alike: list[Condition] = [same_type]
    differs: list[Condition] = [Not(same_type)]
    for item in compared_fields(table):
        value = row[item.name]
        if not is_stated(value) or (table.implied and item.name in row[table.implied]):
            continue
        stated = states_fact(table, item)
        values = value if item.is_list else (value,)
        alike += [Every((stated, Has(item.name, (one,)))) for one in values]
        if not item.is_list:
            differs.append(Every((stated, Has(item.name, (not value,)))))
    others = Every((Has("device_type", tuple(relatives)), Not(Has(table.key, (device,)))))
    return catalogue.elsewhere.closest(others, alike, differs, most)


def compared_fields(table: Table) -> tuple[Field, ...]:
    """Return the columns that the rule reads besides the type: facts in lists, and yes or no.

    How a product is paid for says nothing about what it is.
    """
    paid = {item.group for item in table.facts if item.price}
    return tuple(
        item
        for item in table.facts
        if item.group not in paid
        and (item.type == "boolean" or (item.is_list and item.filter == "choice"))
    )


def _traits(table: Table, frame: pd.DataFrame, row: Record) -> list[_Trait]:
    """Return what the device states, each with masks over ``frame``."""
    implied = _items(frame, table.implied) if table.implied else None
    nobody = np.zeros(len(frame), dtype=bool)
    traits = []
    for item in compared_fields(table):
        value = row[item.name]
        by_kind = row[table.implied] if table.implied else ()
        if not is_stated(value) or item.name in by_kind:
            continue
        stated = ~implied.having(item.name) if implied else ~nobody
        if item.is_list:
            lists = _items(frame, item.name)
            traits += [
                _Trait(
                    within_sentence(item.label(one)), item.noun, lists.having(one) & stated, nobody
                )
                for one in value
            ]
        else:
            theirs = frame[item.name]
            same = (theirs == value).fillna(False).to_numpy(dtype=bool) & stated
            other = (theirs != value).fillna(False).to_numpy(dtype=bool) & stated
            traits.append(
                _Trait(item.noun if value else f"{item.noun}: no", item.noun, same, other)
            )
    return traits


@dataclass(frozen=True, eq=False)
class _Items:
    """A column of lists as codes into its distinct lists."""

    codes: np.ndarray
    lists: tuple[tuple[str, ...], ...]

    def having(self, one: str) -> np.ndarray:
        """Return a mask of the rows whose list has that item."""
        lists = np.array([one in cell for cell in self.lists], dtype=bool)
        return np.asarray(lists[self.codes])


def _items(frame: pd.DataFrame, name: str) -> _Items:
    codes, lists = distinct_cells(frame[name])
    return _Items(codes, tuple(lists))


def _first(
    table: Table, frame: pd.DataFrame, alike: np.ndarray, differences: np.ndarray, most: int
) -> list[int]:
    """Return the positions of the first rows in the order of the rule; none without a reason."""
    key = -alike.astype(np.int64) * (int(differences.max()) + 1) + differences
    enough = min(most, len(key))
    last = np.partition(key, enough - 1)[enough - 1]
    rows = np.flatnonzero((key <= last) & (alike > 0))
    # Names are made only of the rows that may be shown.
    named = frame.iloc[rows]
    parts = zip(*(named[name].astype("str").fillna("") for name in table.named_by), strict=True)
    names = [" ".join(filter(None, part)).casefold() for part in parts]
    order = sorted(zip(key[rows].tolist(), names, named[table.key], rows.tolist(), strict=True))
    return [row for *_, row in order[:most]]
