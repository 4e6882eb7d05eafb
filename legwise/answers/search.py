"""Search everything that has a page: devices, types, symptoms and conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from legwise.answers.devices import marked_name
from legwise.answers.names import search_devices
from legwise.answers.searched import fold, search_words
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import Catalogue
from legwise.tables.vocabularies import row_names

#: Words of so many letters that are so alike (0 to 100) are taken for one word.
LONG, ALIKE = 5, 84
_WORD = re.compile(r"\w+")
#: Words of a sentence that say nothing of what is looked for.
_SMALL_WORDS = frozenset(
    ("a", "an", "and", "for", "from", "in", "is", "my", "of", "on", "or", "the", "to", "with")
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
    """Return up to ``most`` types, symptoms and conditions that have most words of ``text``.

    For a text that nothing has as a whole. A word counts where one of a name starts with it; a
    word that none starts with is taken for the one that is spelt most alike.
    """
    named = catalogue.once(_named)
    spelt = {
        table: {key: _WORD.findall(called) for key, (_, called) in rows.items()}
        for table, rows in named.items()
    }
    every = sorted({word for rows in spelt.values() for words in rows.values() for word in words})
    asked = [_as_spelt(word, every) for word in search_words(text) if word not in _SMALL_WORDS]
    known = conditions(catalogue)

    def hits(table: str) -> Hits:
        scores = {
            key: sum(any(its.startswith(word) for its in words) for word in asked)
            for key, words in spelt[table].items()
            if table != "risk_factors" or key in known
        }
        best = max(scores.values(), default=0)
        names = {key: named[table][key][0] for key, score in scores.items() if score == best > 0}
        return Hits(dict(list(names.items())[:most]), len(names))

    return Findings(Hits({}, 0), hits("device_types"), hits("symptoms"), hits("risk_factors"))


def _as_spelt(word: str, every: Sequence[str]) -> str:
    """Return a word as the names spell it, if one of theirs is nearly the same."""
    if len(word) < LONG or any(its.startswith(word) for its in every):
        return word
    # Few searches need it.
    from rapidfuzz import fuzz, process

    match = process.extractOne(word, every, scorer=fuzz.ratio, score_cutoff=ALIKE)
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
