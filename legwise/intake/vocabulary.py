"""The words of a vocabulary, and what a text of a stranger says in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from legwise.intake.spellings import folded
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Field

#: What stands between the items of a list.
_BETWEEN = re.compile(
    r"\s*(?:[;,|/•+&\n\r]|\b(?:and|und|et)\b|(?<=\s)(?:y|ed?|en)(?=\s))\s*", re.IGNORECASE
)
#: What stands between the steps of a path of categories.
_STEP = re.compile(r"[>›»]")


@dataclass(frozen=True)
class Words:
    """Spelling, folded → value."""

    known: Mapping[str, str]

    def value(self, text: str) -> str:
        """Return the value that a text names, or "".

        Of a path of categories ("Massage > Massage guns"), the last step counts: what lies below
        massage chairs may be their covers.
        """
        steps = (self.known.get(folded(step), "") for step in last_steps(text))
        return self.known.get(folded(text), "") or next(filter(None, steps), "")

    def read(self, text: str, *, many: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the values that a text names, and the parts of it that name none."""
        if value := self.value(text):
            return (value,), ()
        if not many:
            return (), (text,)
        values: list[str] = []
        unknown: list[str] = []
        for part in filter(None, _BETWEEN.split(text.strip())):
            (values if (value := self.value(part)) else unknown).append(value or part)
        return tuple(dict.fromkeys(values)), tuple(unknown)


def last_steps(text: str) -> list[str]:
    """Return the last step of each path of categories in a text; a text that has none is one."""
    if not _STEP.search(text):
        return [text]
    return [_STEP.split(path)[-1].strip() for path in text.split(",")]


def words_of(field: Field, catalogue: Catalogue) -> Words:
    """Return the words of a field: values, labels, everyday words, and those of other languages."""
    known: dict[str, str] = {}
    for category in field.categories:
        for word in (category.value, category.label, re.sub(r"\s*\(.*?\)", "", category.label)):
            known.setdefault(folded(word), category.value)
    if field.references:
        table = catalogue.package[field.references]
        called = [item.name for item in table.fields if item.name == "also_called"]
        for row in catalogue.records(table.name):
            # What is sold is seldom a method, and everyday words of methods are those of machines
            # elsewhere: "masseur" is one in French. Their names and spellings are read.
            for name in [] if row[table.key] in catalogue.methods else called:
                for word in row[name]:
                    known.setdefault(folded(word), row[table.key])
    values = set(known.values())
    for value, *spellings in field.spellings:
        # Another package may have other types.
        for word in spellings if value in values else ():
            known.setdefault(folded(word), value)
    for word in list(known):
        # A plural in s is the same word.
        known.setdefault(f"{word}s", known[word])
    return Words(known)
