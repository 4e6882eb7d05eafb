"""Attributes that stand in pairs of columns, a name and a value, as shops export them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from legwise.intake.limits import MOST_COLUMNS
from legwise.intake.sheet import Sheet, Texts, column_names
from legwise.intake.spellings import folded

#: "Attribute 1 name" and "Attribute 1 value(s)" (WooCommerce); what else it says of one.
_PART = re.compile(
    r"^attribute?\s*(\d+)\s*(?:(name)|(values?|value\(s\)|werte?|wert\(e\))|\w+)$", re.IGNORECASE
)
#: A list that names more has something else in these columns.
MOST_ATTRIBUTES = 60


def with_attributes(sheet: Sheet) -> Sheet:
    """Return a sheet with a column per attribute instead of the pairs, if it has some."""
    pairs = _pairs(sheet.columns)
    # Each takes a look at all rows.
    if sum(len(sheet.columns[names].texts) for names, _ in pairs.values()) > MOST_ATTRIBUTES:
        return sheet
    made: dict[str, tuple[str, Texts]] = {}
    for names, values in pairs.values():
        for number, name in enumerate(sheet.columns[names].texts.to_pylist()):
            here = sheet.columns[names].codes == number
            texts = _where(here, sheet.columns[values])
            key = folded(name)
            first, before = made.get(key, (name, None))
            made[key] = first, _either(before, texts) if before else texts
    if not made or len(made) + len(sheet.columns) > MOST_COLUMNS:
        return sheet
    kept = {name: texts for name, texts in sheet.columns.items() if not _PART.match(name)}
    titles = column_names([*kept, *(name for name, _ in made.values())])
    texts_of = [*kept.values(), *(texts for _, texts in made.values())]
    titled = ", ".join(titles[len(kept) :])
    note = f"Attributes that stood in pairs of columns have one each: {titled}."
    return replace(
        sheet, columns=dict(zip(titles, texts_of, strict=True)), notes=(*sheet.notes, note)
    )


def _pairs(columns: Mapping[str, Texts]) -> dict[str, tuple[str, str]]:
    """Return number → the columns of the name and the value of an attribute."""
    parts: dict[str, dict[str, str]] = {}
    for column in columns:
        if match := _PART.match(column):
            kind = "name" if match[2] else "value" if match[3] else ""
            parts.setdefault(match[1], {})[kind] = column
    return {
        number: (part["name"], part["value"])
        for number, part in parts.items()
        if "name" in part and "value" in part
    }


def _where(here: np.ndarray, texts: Texts) -> Texts:
    """Return the texts of some rows; the others have none."""
    used, codes = np.unique(np.where(here, texts.codes, -1), return_inverse=True)
    missing = int(used[0] == -1) if len(used) else 0
    return Texts(texts.texts.take(pa.array(used[missing:])), (codes - missing).astype(np.int32))


def _either(first: Texts, second: Texts) -> Texts:
    """Return the texts of one column, and where it has none, those of another."""
    both = pa.concat_arrays([first.texts, second.texts]).dictionary_encode()
    codes = np.append(both.indices.to_numpy(), -1).astype(np.int32)
    behind = np.where(second.codes < 0, -1, second.codes + len(first.texts))
    return Texts(both.dictionary, codes[np.where(first.codes < 0, behind, first.codes)])
