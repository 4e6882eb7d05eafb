"""The device list as an index: rows, total and honest counts for one query.

To the index of any table (:mod:`legwise.facets.index`), the device list adds the symptoms that a
device targets through its type, text search, conditions that mark and sort down, and an order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from legwise.answers.query import BY_FACTS, EVIDENCE_TIERS, SYMPTOM, TEXT, DeviceQuery
from legwise.facets.codes import Column, Counts, Rows, encode_column, small
from legwise.facets.index import TableIndex
from legwise.rules.cautions import caution_classes, caution_mark
from legwise.rules.verdicts import verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Field
from legwise.tables.stated import count_facts
from legwise.text.cells import format_device_cell
from legwise.text.shown import Shown, numbers_and_dates

PAGE_SIZE = 25


@dataclass(frozen=True, eq=False)
class Answer:
    """Answer to one query. ``rows`` are positions in the device table, in order, on all pages."""

    query: DeviceQuery
    total: int
    of: int
    rows: Rows
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
    def page_rows(self) -> Rows:
        """Positions of the rows on the page shown."""
        return self.rows[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]


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
        super().__init__(table, frame, facets)
        for field in table.fields:
            if field.name not in self._columns and not field.is_list:
                self._columns[field.name] = encode_column(frame[field.name], field)
        self.catalogue = catalogue
        self._verdicts = verdicts(catalogue)
        self._symptoms = tuple(catalogue["symptoms"]["symptom"])
        self._facts = count_facts(table, frame)
        self._texts = [
            encode_text(frame[field.name], search_texts(field))
            for field in table.fields
            if field.search
        ]

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values of a choice facet, in order, "not stated" last."""
        return self._symptoms if facet == SYMPTOM else super().values(facet)

    def ask(self, query: DeviceQuery) -> Answer:
        """Return rows, total and all counts for ``query``.

        Raises:
            KeyError: the query names an unknown facet. An unknown value matches no row.
        """
        masks = {TEXT: self._rows_with_words(query.text)} if query.text.strip() else {}
        matches = self.find(dict(query.filters), masks, {SYMPTOM: self._symptom_column(query)})
        rows = self._sorted(matches.rows, query)
        return Answer(query, len(rows), self.size, rows, matches.counts, matches.without)

    def _symptom_column(self, query: DeviceQuery) -> Column:
        """Return the symptoms that devices target through their type, as a column."""
        types = self._columns["device_type"]
        member = np.zeros((len(types.member), len(self._symptoms)), dtype=bool)
        for cell, row in enumerate(types.member):
            device_type = types.values[int(row.argmax())]
            for index, symptom in enumerate(self._symptoms):
                verdict = self._verdicts.get(("device_type", device_type, symptom))
                if verdict is None:
                    continue
                studied = (
                    verdict.tier is not None and verdict.tier <= EVIDENCE_TIERS[query.evidence]
                )
                if query.directions:
                    member[cell, index] = studied and verdict.direction in query.directions
                else:
                    member[cell, index] = studied or (
                        query.evidence == "claimed" and verdict.claimed == "type"
                    )
        return Column(types.codes, self._symptoms, member, types.rank, types.missing)

    def _rows_with_words(self, words: str) -> np.ndarray:
        """Return a mask of the rows that have every word in one of the searched columns."""
        mask = np.ones(self.size, dtype=bool)
        for word in fold(words).split():
            somewhere = np.zeros(self.size, dtype=bool)
            for codes, texts in self._texts:
                somewhere |= np.fromiter(
                    (word in text for text in texts), dtype=bool, count=len(texts)
                )[codes]
            mask &= somewhere
        return mask

    def _sorted(self, rows: Rows, query: DeviceQuery) -> Rows:
        if query.sort and query.sort != BY_FACTS:
            column = self._columns[query.sort]
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


def fold(text: str) -> str:
    """Remove case and accents, for searching."""
    if text.isascii():
        return text.lower()
    return "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )


def search_texts(field: Field) -> dict[str, str]:
    """Return id → text to search instead of it: the label, then everyday words."""
    return {key: f"{label} {field.also.get(key, '')}" for key, label in field.labels.items()}


def encode_text(cells: pd.Series, texts: Mapping[str, str]) -> tuple[np.ndarray, list[str]]:
    """Return the codes of a searched column and its distinct texts, folded."""
    codes, distinct = pd.factorize(cells.fillna(""))
    return small(codes), [fold(texts.get(text, text)) for text in distinct]


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
