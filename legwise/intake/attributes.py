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
    r"^attribute?\s*(\d+)\s+(?:(name)|(values?|value\(s\)|werte?|wert\(e\))|\w+)$", re.IGNORECASE
)
#: A list that names more has something else in these columns.
MOST_ATTRIBUTES = 60


def with_attributes(sheet: Sheet) -> Sheet:
    """Return a sheet with a column per attribute instead of the pairs, if it has some.

    It stays as it is if a cell would be lost so: a value without a name, an attribute twice.
    """
    pairs = _pairs(sheet.columns)
    # Each takes a look at all rows.
    if sum(len(sheet.columns[names].texts) for names, _, _ in pairs) > MOST_ATTRIBUTES:
        return sheet
    made: dict[str, tuple[str, Texts]] = {}
    for names, values, _ in pairs:
        named, stated = sheet.columns[names].codes, sheet.columns[values].codes
        if ((named < 0) & (stated >= 0)).any():
            return sheet
        for number, name in enumerate(sheet.columns[names].texts.to_pylist()):
            texts = _where(named == number, sheet.columns[values])
            key = folded(name)
            first, before = made.get(key, (name, None))
            if before and ((before.codes >= 0) & (texts.codes >= 0)).any():
                return sheet
            made[key] = first, _either(before, texts) if before else texts
    if not made or len(made) + len(sheet.columns) > MOST_COLUMNS:
        return sheet
    taken = {column for pair in pairs for column in (*pair[:2], *pair[2])}
    kept = {name: texts for name, texts in sheet.columns.items() if name not in taken}
    titles = column_names([*kept, *(name for name, _ in made.values())])
    texts_of = [*kept.values(), *(texts for _, texts in made.values())]
    titled = ", ".join(titles[len(kept) :])
    note = f"Attributes that stood in pairs of columns have one each: {titled}."
    return replace(
        sheet, columns=dict(zip(titles, texts_of, strict=True)), notes=(*sheet.notes, note)
    )


def _pairs(columns: Mapping[str, Texts]) -> list[tuple[str, str, list[str]]]:
    """Return the columns of name and value of each attribute, and those of what else is said."""
    parts: dict[str, dict[str, list[str]]] = {}
    for column in columns:
        if match := _PART.match(column):
            kind = "name" if match[2] else "value" if match[3] else "more"
            parts.setdefault(match[1], {}).setdefault(kind, []).append(column)
    return [
        (part["name"][0], part["value"][0], part.get("more", []))
        for part in parts.values()
        if len(part.get("name", [])) == len(part.get("value", [])) == 1
    ]


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
