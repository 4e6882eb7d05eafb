"""Search everything that has a page: devices, types, symptoms and conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from legwise.answers.devices import marked_name
from legwise.answers.names import search_devices
from legwise.answers.searched import fold, search_words
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import Catalogue
from legwise.tables.vocabularies import row_names

#: From so many letters on, a word with one wrong letter is taken for a word of a name; with two,
#: from twice as many.
LONG = 5
#: Shorter words must be those of a name, not its beginning.
LEAST = 3
_WORD = re.compile(r"\w+")
#: Words of a sentence that say nothing of what is looked for.
_SMALL_WORDS = re.compile(
    "am|and?|are|best|can|for|from|has|have|help|how|is|it|me|my|not?|of|or|the|to|what|which|with"
    "|without|your?|."
)


#: Tables that are searched beside the devices, in the order of :class:`Findings`.
TABLES = ("device_types", "symptoms", "risk_factors")


@dataclass(frozen=True)
class Named:
    """A row's name, and all that it is called: folded, and in words."""

    name: str
    called: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Hits:
    """What a text finds of one kind: id → name, best first, of ``total`` in all."""

    names: Mapping[str, str]
    total: int


@dataclass(frozen=True)
class Findings:
    """What a text finds, by kind."""

    devices: Hits
    types: Hits
    symptoms: Hits
    conditions: Hits

    @property
    def total(self) -> int:
        """Number of all hits."""
        return sum(
            hits.total for hits in (self.devices, self.types, self.symptoms, self.conditions)
        )


def search(catalogue: Catalogue, text: str, most: int = 5, *, devices: bool = True) -> Findings:
    """Return up to ``most`` hits of each kind that have every word of ``text``.

    Types, symptoms and conditions are searched by their names and everyday words; those whose name
    starts with the text come first. Conditions are those that have a caution. A text without a
    word finds nothing. Without ``devices``, which may be many, none of them are looked for.
    """
    words = search_words(text)
    if not words:
        nothing = Hits({}, 0)
        return Findings(nothing, nothing, nothing, nothing)
    keys, number = search_devices(catalogue, text, most) if devices else ([], 0)
    named = catalogue.once(_named)
    return Findings(
        Hits({device: marked_name(catalogue, device) for device in keys}, number),
        *(_hits(named[table], words, most) for table in TABLES),
    )


def search_or_nearest(
    catalogue: Catalogue, text: str, most: int = 5, *, devices: bool = True
) -> tuple[Findings, bool]:
    """Return what has every word of a text, else what comes nearest; and whether it is the latter.

    See :func:`search` and :func:`nearest`.
    """
    hits = search(catalogue, text, most, devices=devices)
    if hits.total or not text:
        return hits, False
    return nearest(catalogue, text, most), True


def nearest(catalogue: Catalogue, text: str, most: int = 5) -> Findings:
    """Return up to ``most`` types, symptoms and conditions that come nearest to ``text``.

    For a text that nothing has as a whole. For each word, those that have it and most of the
    others are near. A word counts if a word of the name starts with it; one that no name has is
    taken for the word of a name that is spelt nearly the same.
    """
    named = catalogue.once(_named)
    known = sorted({word for rows in named.values() for row in rows.values() for word in row.words})
    asked = [
        _as_spelt(word, known)
        for word in dict.fromkeys(_WORD.findall(fold(text)))
        if not _SMALL_WORDS.fullmatch(word)
    ]
    return Findings(Hits({}, 0), *(_near(named[table], asked, most) for table in TABLES))


def _near(named: Mapping[str, Named], asked: Sequence[str], most: int) -> Hits:
    met = {
        key: {word for word in asked if any(map(partial(_begins, word), row.words))}
        for key, row in named.items()
    }
    best = {
        word: max((len(words) for words in met.values() if word in words), default=0)
        for word in asked
    }
    near = [key for key, words in met.items() if any(len(words) == best[word] for word in words)]
    near.sort(key=lambda key: -len(met[key]))
    return Hits({key: named[key].name for key in near[:most]}, len(near))


def _begins(word: str, known: str) -> bool:
    return known.startswith(word) if len(word) >= LEAST else known == word


def _as_spelt(word: str, known: Sequence[str]) -> str:
    """Correct the spelling of a word: one of the known words may be nearly the same."""
    if len(word) < LONG or any(map(partial(_begins, word), known)):
        return word
    # Few searches need it.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    wrong = 1 if len(word) < 2 * LONG else 2
    match = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=wrong)
    return match[0] if match else word


def _named(catalogue: Catalogue) -> dict[str, dict[str, Named]]:
    """Return table → id → what the row is called; of risk factors those that have a caution."""
    cautioned = conditions(catalogue)
    named: dict[str, dict[str, Named]] = {}
    for table in TABLES:
        named[table] = {}
        for item in row_names(catalogue.package[table], catalogue[table]):
            if table != "risk_factors" or item.value in cautioned:
                called = fold(f"{item.label} {item.also}")
                named[table][item.value] = Named(item.label, called, tuple(_WORD.findall(called)))
    return named


def _hits(named: Mapping[str, Named], words: list[str], most: int) -> Hits:
    names = {
        key: row.name for key, row in named.items() if all(word in row.called for word in words)
    }
    start = " ".join(words)
    best = sorted(names, key=lambda key: not fold(names[key]).startswith(start))
    return Hits({key: names[key] for key in best[:most]}, len(names))
