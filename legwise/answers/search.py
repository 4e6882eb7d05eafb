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
    known, named = conditions(catalogue), catalogue.once(_named)
    return Findings(
        Hits({device: marked_name(catalogue, device) for device in keys}, number),
        _hits(named["device_types"], words, most),
        _hits(named["symptoms"], words, most),
        _hits(
            {key: pair for key, pair in named["risk_factors"].items() if key in known}, words, most
        ),
    )


def nearest(catalogue: Catalogue, text: str, most: int = 5) -> Findings:
    """Return up to ``most`` types, symptoms and conditions that come nearest to ``text``.

    For a text that nothing has as a whole. For each word, those that have it and most of the
    others are near. A word counts if a word of the name starts with it; one that no name has is
    taken for the word of a name that is spelt nearly the same.
    """
    named = catalogue.once(_named)
    known = conditions(catalogue)
    spelt = {
        table: {
            key: _WORD.findall(called)
            for key, (_, called) in rows.items()
            if table != "risk_factors" or key in known
        }
        for table, rows in named.items()
    }
    every = sorted({word for rows in spelt.values() for words in rows.values() for word in words})
    asked = [
        _as_spelt(word, every)
        for word in dict.fromkeys(_WORD.findall(fold(text)))
        if not _SMALL_WORDS.fullmatch(word)
    ]

    def hits(table: str) -> Hits:
        met = {
            key: {word for word in asked if any(map(partial(_begins, word), words))}
            for key, words in spelt[table].items()
        }
        best = {
            word: max((len(has) for has in met.values() if word in has), default=0)
            for word in asked
        }
        near = [key for key, has in met.items() if any(len(has) == best[word] for word in has)]
        near.sort(key=lambda key: -len(met[key]))
        return Hits({key: named[table][key][0] for key in near[:most]}, len(near))

    return Findings(Hits({}, 0), hits("device_types"), hits("symptoms"), hits("risk_factors"))


def _begins(word: str, name: str) -> bool:
    return name.startswith(word) if len(word) >= LEAST else name == word


def _as_spelt(word: str, every: Sequence[str]) -> str:
    """Return a word as the names spell it, if one of theirs is nearly the same."""
    if len(word) < LONG or any(map(partial(_begins, word), every)):
        return word
    # Few searches need it.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    wrong = 1 if len(word) < 2 * LONG else 2
    match = process.extractOne(word, every, scorer=OSA.distance, score_cutoff=wrong)
    return match[0] if match else word


def _named(catalogue: Catalogue) -> dict[str, dict[str, tuple[str, str]]]:
    """Return table → id → the name, and the folded words of all names of the row."""
    return {
        table: {
            item.value: (item.label, fold(f"{item.label} {item.also}"))
            for item in row_names(catalogue.package[table], catalogue[table])
        }
        for table in ("device_types", "symptoms", "risk_factors")
    }


def _hits(named: Mapping[str, tuple[str, str]], words: list[str], most: int) -> Hits:
    names = {
        key: name for key, (name, called) in named.items() if all(word in called for word in words)
    }
    start = " ".join(words)
    best = sorted(names, key=lambda key: not fold(names[key]).startswith(start))
    return Hits({key: names[key] for key in best[:most]}, len(names))
