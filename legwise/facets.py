"""Faceted search: rows, total, and honest counts for every facet, in a few passes over small integers.

One idea carries it all. Every column becomes *codes* into the list of its distinct cells. A filter is
decided once per distinct cell and looked up per row; a count is a ``bincount`` of codes, spread over the
facet's values by the cells' membership. Lists, three-state booleans, "not stated" and the symptoms a
device targets through its type are all the same thing then.

Counts are disjunctive: a facet's own choice is left out when its values are counted, so that they show
what choosing another value would give. A running number of satisfied filters per row gives them all: a
row that satisfies every filter counts everywhere, a row that fails exactly one counts for that facet. Only
where a facet wants all of its values (AND) does its own choice stay in: there it narrows, too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from legwise.catalogue import Catalogue
from legwise.columns import Column, Counts, Rows, encode_column, pack_columns, small
from legwise.evidence import verdicts
from legwise.query import BY_FACTS, SYMPTOM, TEXT, Choice, DeviceQuery
from legwise.safety import caution_classes

PAGE_SIZE = 25


@dataclass(frozen=True, eq=False)
class Answer:
    """Answer to one query. ``rows`` are positions in the device table, sorted, of all pages."""

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
        """The page shown: the query's, or the last one where that lies beyond it."""
        return min(self.query.page, self.pages)

    @property
    def page_rows(self) -> Rows:
        """Positions of the rows on the page shown."""
        return self.rows[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]


class FacetIndex:
    """Index over the device table of a catalogue (or over ``devices``, a frame of the same columns).

    ``facets`` names the columns to index and count (default: every one that the descriptor gives a filter).
    """

    def __init__(self, catalogue: Catalogue, devices: pd.DataFrame | None = None, facets: Sequence[str] | None = None) -> None:
        frame = catalogue["devices"] if devices is None else devices
        table = catalogue.package["devices"]
        self.size = len(frame)
        self._columns = {field.name: encode_column(frame[field.name], field, catalogue.labels(field)) for field in table.facets}
        for field in table.fields:
            if field.name not in self._columns and not field.is_list:
                self._columns[field.name] = encode_column(frame[field.name], field, {})
        self._facets = tuple(field.name for field in table.facets if facets is None or field.name in facets)
        self._packs = pack_columns({name: self._columns[name] for name in self._facets})
        self._totals = {name: self._columns[name].totals for name in self._facets}
        self.catalogue = catalogue
        self._verdicts = verdicts(catalogue)
        self._symptoms = tuple(catalogue["symptoms"]["symptom"])
        self._facts = self._count_facts(frame)
        self._texts = [_encode_text(frame[field.name], catalogue.labels(field)) for field in table.fields if field.search]

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values a choice facet offers, in their order, "not stated" last."""
        return self._symptoms if facet == SYMPTOM else self._columns[facet].values

    def totals(self, facet: str) -> Counts:
        """Return the counts of a facet over all devices."""
        return self._totals[facet]

    def ask(self, query: DeviceQuery) -> Answer:
        """Rows, total and all counts for ``query``.

        Raises:
            KeyError: the query names a facet that is not there. A value that is not there fits no row.
        """
        symptoms = self._symptom_column(query)
        masks = {
            name: (symptoms if name == SYMPTOM else self._columns[name]).rows_that_match(item) for name, item in query.filters
        }
        if query.text.strip():
            masks[TEXT] = self._rows_with_words(query.text)
        if not masks:
            counts = {**self._totals, SYMPTOM: symptoms.totals}
            return Answer(query, self.size, self.size, self._sorted(np.arange(self.size), query), counts, {})
        full, lacking = _split_rows(self.size, masks)
        rows = np.flatnonzero(full)
        per_cell = {name: cells for pack in self._packs for name, cells in pack.per_cell(rows).items()}
        per_cell[SYMPTOM] = symptoms.per_cell(full)
        columns = {**self._columns, SYMPTOM: symptoms}
        for name in set(masks) & set(per_cell):
            item = query.filter(name)
            if isinstance(item, Choice) and item.match_all:
                continue  # its next value joins by AND: the rows that have all chosen ones are what it would narrow
            per_cell[name] = per_cell[name] + columns[name].per_cell(lacking[name])
        counts = {name: columns[name].tally(cells) for name, cells in per_cell.items()}
        without = {name: len(rows) + int(np.count_nonzero(found)) for name, found in lacking.items()}
        return Answer(query, len(rows), self.size, self._sorted(rows, query), counts, without)

    def _symptom_column(self, query: DeviceQuery) -> Column:
        """The symptoms a device targets through its type, as a list facet over the codes of the type."""
        types = self._columns["device_type"]
        member = np.zeros((len(types.member), len(self._symptoms)), dtype=bool)
        for cell, row in enumerate(types.member):
            device_type = types.values[int(row.argmax())]
            for place, symptom in enumerate(self._symptoms):
                verdict = self._verdicts.get(("device_type", device_type, symptom))
                if verdict is None:
                    continue
                tier = {"claimed": 9, "studied": 3, "randomised": 2, "reviewed": 1}[query.evidence]
                studied = verdict.tier is not None and verdict.tier <= tier
                if query.directions:
                    member[cell, place] = studied and verdict.direction in query.directions
                else:
                    member[cell, place] = studied or (query.evidence == "claimed" and verdict.claimed == "type")
        return Column(types.codes, self._symptoms, member, types.rank, types.missing)

    def _rows_with_words(self, words: str) -> np.ndarray:
        """Boolean per row: does every word stand in one of the searched columns?"""
        found = np.ones(self.size, dtype=bool)
        for word in fold(words).split():
            somewhere = np.zeros(self.size, dtype=bool)
            for codes, texts in self._texts:
                somewhere |= np.fromiter((word in text for text in texts), dtype=bool, count=len(texts))[codes]
            found &= somewhere
        return found

    def _count_facts(self, frame: pd.DataFrame) -> np.ndarray:
        """How many facts each row states; what follows from its kind is not counted."""
        number = np.zeros(self.size, dtype=np.int16)
        codes, by_nature = pd.factorize(frame["by_nature"])
        for field in self.catalogue.package["devices"].facts:
            column = self._columns[field.name]
            follows = np.array([field.name in names for names in by_nature], dtype=bool)
            number += ~column.missing[column.codes] & ~follows[codes]
        return number

    def _sorted(self, rows: Rows, query: DeviceQuery) -> Rows:
        if query.sort and query.sort != BY_FACTS:
            column = self._columns[query.sort]
            rank = -column.rank if query.descending else column.rank
            # Small keys let the stable sort run in linear time.
            by_cell = small(np.where(column.missing, len(rank), rank - rank.min(initial=0)))
            rows = rows[np.argsort(by_cell[column.codes[rows]], kind="stable")]
        else:
            most_first = query.descending or not query.sort
            rows = rows[np.argsort(-self._facts[rows] if most_first else self._facts[rows], kind="stable")]
        if query.conditions:
            rows = rows[np.argsort(self._caution_ranks(query)[rows], kind="stable")]
        return rows

    def _caution_ranks(self, query: DeviceQuery) -> np.ndarray:
        """Severity rank per device for the query's conditions, over its type, techniques and features."""
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


def _split_rows(size: int, masks: Mapping[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Mask of the rows that satisfy every filter, and filter → mask of those that fail it and no other."""
    everything = (1 << len(masks)) - 1
    bits = np.zeros(size, dtype=np.min_scalar_type(everything))  # one bit a filter
    for place, mask in enumerate(masks.values()):
        bits |= mask.astype(bits.dtype) << place
    return bits == everything, {name: bits == everything ^ (1 << place) for place, name in enumerate(masks)}


def fold(text: str) -> str:
    """Text without case and accents, for searching."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _encode_text(cells: pd.Series, labels: Mapping[str, str]) -> tuple[np.ndarray, list[str]]:
    """Codes of a searched column and its distinct texts, folded; labels stand for ids."""
    codes, distinct = pd.factorize(cells.fillna(""))
    return small(codes), [fold(labels.get(text, text)) for text in distinct]
