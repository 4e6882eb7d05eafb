"""Columns whose texts are searched: case and accents do not count."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from legwise.facets.codes import small
from legwise.tables.catalogue import Catalogue
from legwise.tables.distinct import distinct_cells
from legwise.tables.schema import Field, Table
from legwise.tables.stated import is_stated


def fold(text: str) -> str:
    """Remove case and accents, for searching."""
    if text.isascii():
        return text.lower()
    return "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )


def search_words(text: str) -> list[str]:
    """Return the words that a text asks for, folded; commas and semicolons separate words."""
    return fold(text).replace(",", " ").replace(";", " ").split()


def search_texts(field: Field) -> dict[str, str]:
    """Return id → text to search instead of it: the label, then everyday words."""
    return {key: f"{label} {field.also.get(key, '')}" for key, label in field.labels.items()}


@dataclass(frozen=True, eq=False)
class Searched:
    """A column to be searched for folded words."""

    #: Row → position of its text; ``None`` where each row has its own.
    codes: np.ndarray | None
    texts: pa.Array | pa.ChunkedArray
    #: Positions of texts that are not plain ASCII, and those texts folded.
    strange: np.ndarray
    folded: pa.Array

    def holding(self, part: str) -> np.ndarray:
        """Return a mask of the rows whose text has that part."""
        return self._rows(lambda texts: pc.match_substring(texts, part))

    def starting(self, part: str) -> np.ndarray:
        """Return a mask of the rows whose text has a word that starts so."""
        return self._rows(
            lambda texts: pc.or_(pc.starts_with(texts, part), pc.match_substring(texts, f" {part}"))
        )

    def _rows(self, test: Callable[[Any], Any]) -> np.ndarray:
        inside = _mask(test(pc.ascii_lower(self.texts)))
        if len(self.strange):
            inside[self.strange] = _mask(test(self.folded))
        return inside if self.codes is None else inside[self.codes]


def _mask(cells: Any) -> np.ndarray:
    return np.array(cells.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)


def searched(cells: pd.Series, texts: Mapping[str, str]) -> Searched:
    """Return a column to be searched; ``texts`` stand in for its values (see ``search_texts``)."""
    codes = None
    if isinstance(cells.array, pd.arrays.ArrowStringArray) and not texts:
        # Names of a million devices: they are searched where they are, without a copy.
        words = pa.array(cells.array)
    else:
        codes, distinct = distinct_cells(cells)
        codes = small(codes)
        stated = (texts.get(text, text) if is_stated(text) else None for text in distinct)
        words = pa.array(stated, pa.large_string())
    plain = pc.string_is_ascii(words).fill_null(True)
    strange = np.flatnonzero(~_mask(plain))
    folded = [*map(fold, words.take(pa.array(strange)).to_pylist())]
    return Searched(codes, words, strange, pa.array(folded, pa.large_string()))


def device_texts(catalogue: Catalogue) -> Mapping[str, Searched]:
    """Return the columns of devices in which words are looked for: made once for list and names."""
    return catalogue.once(_device_texts)


def _device_texts(catalogue: Catalogue) -> Mapping[str, Searched]:
    return columns_to_search(catalogue.package["devices"], catalogue["devices"])


def columns_to_search(table: Table, frame: pd.DataFrame) -> Mapping[str, Searched]:
    """Return the columns in which words are looked for, those of name and type among them."""
    searchable = (field.name for field in table.fields if field.search)
    names = [*searchable, *table.named_by, "device_type"]
    return {name: searched(frame[name], search_texts(table[name])) for name in dict.fromkeys(names)}
