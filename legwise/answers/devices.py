"""The device list as an index: rows, total and honest counts for one query.

To the index of any table (:mod:`legwise.facets.index`), the device list adds the symptoms that a
device targets through its type, text search, conditions that mark and sort down, and an order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
import pandas as pd

from legwise.answers.query import BY_FACTS, EVIDENCE_TIERS, SYMPTOM, TEXT, DeviceQuery
from legwise.answers.searched import columns_to_search, device_texts
from legwise.facets.codes import Column, Counts, Rows, encode_column, small
from legwise.facets.filters import Choice
from legwise.facets.index import Index, TableIndex
from legwise.facets.tallies import FrameTallies, Tallies
from legwise.rules.cautions import caution_classes, caution_mark
from legwise.rules.verdicts import Verdict, verdicts
from legwise.tables.at_once import columns_at_once
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Field, Table
from legwise.tables.stated import count_facts, is_stated
from legwise.text.cells import format_device_cell
from legwise.text.shown import Shown, numbers_and_dates

#: So many rows or cards that a page stays short on a phone.
PAGE_SIZE = 12
#: The column that names a device's type.
TYPE = "device_type"


@dataclass(frozen=True, eq=False)
class Answer(ABC):
    """Answer to one query: how many devices, of how many, and what each facet would give."""

    query: DeviceQuery
    total: int
    of: int
    counts: Mapping[str, Counts]
    #: Facet → how many devices dropping that facet's filter would give.
    without: Mapping[str, int]

    @property
    def pages(self) -> int:
        """Number of pages, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def page(self) -> int:
        """The page shown: that of the query, or the last one if that is less."""
        return min(self.query.page, self.pages)

    @property
    def shown(self) -> slice:
        """Which of the devices are on the page shown."""
        return slice((self.page - 1) * PAGE_SIZE, self.page * PAGE_SIZE)

    @abstractmethod
    def keys(self, some: slice) -> list[str]:
        """Return the ids of some of its devices, in their order."""

    @property
    @abstractmethod
    def rows_to_count(self) -> Tallies:
        """All of its devices, to be counted and drawn."""

    @property
    @abstractmethod
    def drawn(self) -> Rows:
        """Positions in the device table of the catalogue of those of its devices that are there."""


@dataclass(frozen=True, eq=False)
class AnswerInMemory(Answer):
    """An answer with the positions of its rows in the device table, in order, on all pages."""

    rows: Rows
    table: Table
    frame: pd.DataFrame

    @property
    def page_rows(self) -> Rows:
        """Positions of the rows on the page shown."""
        return self.rows[self.shown]

    def keys(self, some: slice) -> list[str]:
        """Return the ids of some of its devices, in their order."""
        # Of the array: selecting from a column takes pandas five times as long.
        return list(self.frame[self.table.key].array.take(self.rows[some]).tolist())

    @property
    def rows_to_count(self) -> Tallies:
        """All of its devices, in their order."""
        return FrameTallies(self.table, self.frame, self.rows)

    @property
    def drawn(self) -> Rows:
        """All of them."""
        return self.rows


@dataclass(frozen=True)
class Near:
    """A type, a query for it that keeps some of what was asked, and how many devices that gives."""

    device_type: str
    query: DeviceQuery
    total: int


@runtime_checkable
class DeviceIndex(Index, Protocol):
    """What pages ask of the device list. They do not know where it is.

    What is asked of one device by its id (its row, its name) is asked of the catalogue.
    """

    catalogue: Catalogue

    def ask(self, query: DeviceQuery, *, counts: bool = True) -> Answer:
        """Return total and all counts for ``query``; without ``counts``, they may be left out.

        Raises:
            KeyError: the query names an unknown facet. An unknown value matches no row.
        """

    def nearest(self, query: DeviceQuery) -> tuple[Near, ...]:
        """Return, for each type not asked for, the most of the asked filters that a device meets.

        The types that meet most come first; types that meet none are left out.
        """


class FacetIndex(TableIndex):
    """Index over the device table of a catalogue, or over ``devices``, a frame with its columns.

    ``facets`` names the columns to count (default: all that have a filter).
    """

    def __init__(
        self,
        catalogue: Catalogue,
        devices: pd.DataFrame | None = None,
        facets: Sequence[str] | None = None,
    ) -> None:
        frame = catalogue["devices"] if devices is None else devices
        table = catalogue.package["devices"]
        whole = devices is None
        with columns_at_once() as pool:
            texts = pool.submit(
                lambda: device_texts(catalogue) if whole else columns_to_search(table, frame)
            )
            facts = pool.submit(
                lambda: catalogue.facts_stated(table) if whole else count_facts(table, frame)
            )
            super().__init__(table, frame, facets)
        self._facts = facts.result()
        self._texts = [texts.result()[field.name] for field in table.fields if field.search]
        self._sorted_by: dict[str, Column] = {}
        self._frame = frame
        self.catalogue = catalogue
        self._verdicts = verdicts(catalogue)
        self._symptoms = tuple(catalogue["symptoms"]["symptom"])

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values of a choice facet, in order, "not stated" last."""
        return self._symptoms if facet == SYMPTOM else super().values(facet)

    def ask(self, query: DeviceQuery, *, counts: bool = True) -> AnswerInMemory:  # noqa: ARG002 (for databases)
        """Return rows, total and all counts for ``query``: in memory, they cost little.

        Raises:
            KeyError: the query names an unknown facet. An unknown value matches no row.
        """
        masks = {TEXT: self._rows_with_words(query.words)} if query.words else {}
        matches = self.find(dict(query.filters), masks, {SYMPTOM: self._symptom_column(query)})
        rows = self._sorted(matches.rows, query)
        tally, frame = matches.counts, self._frame
        return AnswerInMemory(
            query, len(rows), self.size, tally, matches.without, rows, self.table, frame
        )

    def nearest(self, query: DeviceQuery) -> tuple[Near, ...]:
        """Return, for each type not asked for, the most of the asked filters that a device meets.

        The types that meet most come first; types that meet none are left out.
        """
        columns = {**self._columns, SYMPTOM: self._symptom_column(query)}
        asked = [(name, item) for name, item in query.filters if name != TYPE]
        masks = [columns[name].rows_that_match(item) for name, item in asked]
        if query.words:
            masks.append(self._rows_with_words(query.words))
        types = columns[TYPE]
        keys = types.codes.astype(np.int64) << len(masks)
        for bit, mask in enumerate(masks):
            keys |= mask.astype(np.int64) << bit
        groups = zip(*(part.tolist() for part in np.unique(keys, return_counts=True)), strict=True)
        return near_types(
            self.table,
            types,
            query,
            ((key >> len(masks), key & ((1 << len(masks)) - 1), count) for key, count in groups),
        )

    def _symptom_column(self, query: DeviceQuery) -> Column:
        """Return the symptoms that devices target through their type, as a column."""
        return symptom_column(self._columns[TYPE], self._symptoms, self._verdicts, query)

    def _rows_with_words(self, words: Sequence[str]) -> np.ndarray:
        """Return a mask of the rows that have every word in one of the searched columns."""
        mask = np.ones(self.size, dtype=bool)
        for word in words:
            somewhere = np.zeros(self.size, dtype=bool)
            for column in self._texts:
                somewhere |= column.holding(word)
            mask &= somewhere
        return mask

    def _sorted(self, rows: Rows, query: DeviceQuery) -> Rows:
        if query.sort and query.sort != BY_FACTS:
            column = self._columns.get(query.sort) or self._order_of(query.sort)
            rank = -column.rank if query.descending else column.rank
            # Small keys make the stable sort a radix sort, which is linear.
            by_cell = small(np.where(column.missing, len(rank), rank - rank.min(initial=0)))
            rows = rows[np.argsort(by_cell[column.codes[rows]], kind="stable")]
        else:
            most_first = query.descending or not query.sort
            rows = rows[
                np.argsort(-self._facts[rows] if most_first else self._facts[rows], kind="stable")
            ]
        if query.conditions:
            rows = rows[np.argsort(self._caution_ranks(query)[rows], kind="stable")]
        return rows

    def _order_of(self, name: str) -> Column:
        """Return a column that no filter needs; encoded at the first list in its order.

        Raises:
            KeyError: there is no such column, or it holds lists.
        """
        if name not in self._sorted_by:
            field = self.table[name]
            if field.is_list:
                raise KeyError(name)
            self._sorted_by[name] = encode_column(self._frame[name], field)
        return self._sorted_by[name]

    def _caution_ranks(self, query: DeviceQuery) -> np.ndarray:
        """Return each device's severity rank for the conditions, by type, technique or feature."""
        ranks = caution_classes(self.catalogue, query.conditions)
        worst = np.zeros(self.size, dtype=np.int8)
        for (kind, subject), rank in ranks.items():
            name, value = {
                "device_type": ("device_type", subject),
                "technique": ("techniques", subject),
                "feature": (subject, "yes"),
            }[kind]
            column = self._columns[name]
            if value in column.values:
                cells = column.member[:, column.values.index(value)]
                np.maximum(worst, np.where(cells, rank, 0).astype(np.int8)[column.codes], out=worst)
        return worst


def near_types(
    table: Table, types: Column, query: DeviceQuery, groups: Iterable[tuple[int, int, int]]
) -> tuple[Near, ...]:
    """Return the nearest question for each type that ``query`` does not ask for.

    ``groups`` counts devices by the cell of their type and what they meet of what is asked: one bit
    per filter other than that on the type, then one for the words.
    """
    asked = [(name, item) for name, item in query.filters if name != TYPE]
    wanted = query.filter(TYPE)
    left_out = set() if wanted is None else set(np.flatnonzero(wanted.cells(types)).tolist())
    best: dict[int, tuple[int, int, int]] = {}
    for cell, met, count in groups:
        if met and cell not in left_out:
            best[cell] = max(best.get(cell, (0, 0, 0)), (met.bit_count(), count, met))
    near = []
    for cell, (_, count, met) in sorted(best.items(), key=lambda item: item[1][:2], reverse=True):
        device_type = types.values[int(types.member[cell].argmax())]
        kept = {name: item for bit, (name, item) in enumerate(asked) if met >> bit & 1}
        kept[TYPE] = Choice((device_type,))
        names = [*(field.name for field in table.facets), SYMPTOM]
        filters = tuple((name, kept[name]) for name in names if name in kept)
        text = query.text if met >> len(asked) & 1 else ""
        near.append(Near(device_type, replace(query, filters=filters, text=text, page=1), count))
    return tuple(near)


def symptom_column(
    types: Column,
    symptoms: tuple[str, ...],
    verdicts_of: Mapping[tuple[str, str, str], Verdict],
    query: DeviceQuery,
) -> Column:
    """Return the symptoms that devices target through their type, as a column."""
    member = np.zeros((len(types.member), len(symptoms)), dtype=bool)
    for cell, row in enumerate(types.member):
        device_type = types.values[int(row.argmax())]
        for index, symptom in enumerate(symptoms):
            verdict = verdicts_of.get(("device_type", device_type, symptom))
            if verdict is None:
                continue
            studied = verdict.tier is not None and verdict.tier <= EVIDENCE_TIERS[query.evidence]
            if query.directions:
                member[cell, index] = studied and verdict.direction in query.directions
            else:
                member[cell, index] = studied or (
                    query.evidence == "claimed" and verdict.claimed == "type"
                )
    return Column(types.codes, symptoms, member, types.rank, types.missing)


CAUTION_COLUMN = "For my conditions"


def device_notices(catalogue: Catalogue, device: str) -> tuple[str, ...]:
    """Return the notices to show with every mention of a product: recall, second-hand facts."""
    row = catalogue.row("devices", device)
    return tuple(
        notice
        for field in catalogue.package["devices"].fields
        for value, notice in field.notices
        if value == _word(row[field.name])
    )


def _word(cell: object) -> object:
    """Write a cell as the descriptor does."""
    return ("yes" if cell else "no") if isinstance(cell, bool) else cell


def marked_name(catalogue: Catalogue, device: str) -> str:
    """Return the name of a product with its notices, for where the rest of its row is not shown."""
    return " ! ".join((catalogue.device_name(device), *device_notices(catalogue, device)))


def families(catalogue: Catalogue, field: Field) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the groups of a column's values, as label and values; none if it declares none."""
    if not field.grouped_by:
        return ()
    labels = catalogue.package[field.references][field.grouped_by].labels
    groups: dict[str, list[str]] = {group: [] for group in labels}
    rows = catalogue[field.references]
    for value, group in zip(catalogue.keys(field.references), rows[field.grouped_by], strict=True):
        groups[group].append(value)
    return tuple((labels[group], tuple(values)) for group, values in groups.items() if values)


@dataclass(frozen=True)
class Listed:
    """A product as the list shows it; ``cells`` pairs columns with their texts."""

    device: str
    name: str
    device_type: str
    summary: str
    caution: str
    notices: tuple[str, ...]
    cells: tuple[tuple[Field, str], ...]
    #: Columns of ``cells`` that are not stated.
    missing: tuple[str, ...]
    facts: str
    page: str


def listed_devices(
    catalogue: Catalogue,
    devices: Sequence[str],
    fields: Sequence[Field],
    conditions: Collection[str] = (),
) -> list[Listed]:
    """Return products as the list shows them."""
    table = catalogue.package["devices"]
    listed = []
    for device in devices:
        row = catalogue.row("devices", device)
        stated, of = catalogue.stated(table, device)
        listed.append(
            Listed(
                device,
                catalogue.device_name(device),
                str(row[TYPE]),
                str(row[table.summary]) if is_stated(row[table.summary]) else "",
                caution_mark(catalogue, device, conditions) if conditions else "",
                device_notices(catalogue, device),
                tuple((field, format_device_cell(field, row)) for field in fields),
                tuple(field.name for field in fields if not is_stated(row[field.name])),
                f"{stated} of {of}",
                str(row[table.page]) if is_stated(row[table.page]) else "",
            )
        )
    return listed


def device_frame(
    catalogue: Catalogue,
    devices: Sequence[str],
    fields: Iterable[Field],
    conditions: Collection[str] = (),
) -> pd.DataFrame:
    """Return a table of products for people: name, cautions, summary, the fields, notes."""
    table = catalogue.package["devices"]
    chosen = [table[table.summary], *fields]
    rows = []
    for device in devices:
        row = catalogue.row("devices", device)
        stated, of = catalogue.stated(table, device)
        rows.append(
            {
                "Device": catalogue.device_name(device)
                + (" ! recall notice" if row["recalled"] is True else ""),
                **(
                    {CAUTION_COLUMN: caution_mark(catalogue, device, conditions)}
                    if conditions
                    else {}
                ),
                **{field.heading: format_device_cell(field, row, unit=False) for field in chosen},
                "Facts stated": f"{stated} of {of}",
                "Notes": "; ".join(device_notices(catalogue, device)),
                "Source": row[table.page],
            }
        )
    names = [
        "Device",
        *([CAUTION_COLUMN] if conditions else []),
        *(field.heading for field in chosen),
        "Facts stated",
        "Notes",
        "Source",
    ]
    return pd.DataFrame(rows, columns=names)


def shown_devices(
    catalogue: Catalogue,
    devices: Sequence[str],
    fields: Iterable[Field],
    conditions: Collection[str] = (),
) -> Shown:
    """Return :func:`device_frame` with the numbers and dates behind its texts."""
    chosen = list(fields)
    values = numbers_and_dates(chosen, [catalogue.row("devices", device) for device in devices])
    return Shown(device_frame(catalogue, devices, chosen, conditions), values)
