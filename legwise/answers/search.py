"""Search everything that has a page: devices, types, symptoms and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from legwise.answers.devices import marked_name
from legwise.answers.names import search_devices
from legwise.answers.searched import fold
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import Catalogue
from legwise.tables.vocabularies import row_names


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
    words = fold(text).split()
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
