"""Search everything that has a page: devices, types, symptoms and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from legwise.answers.devices import fold, marked_name
from legwise.answers.names import search_devices
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


def search(catalogue: Catalogue, text: str, most: int = 5) -> Findings:
    """Return up to ``most`` hits of each kind that have every word of ``text``.

    Types, symptoms and conditions are searched by their names and everyday words; those whose name
    starts with the text come first. Conditions are those that have a caution. A text without a
    word finds nothing.
    """
    words = fold(text).split()
    if not words:
        nothing = Hits({}, 0)
        return Findings(nothing, nothing, nothing, nothing)
    devices, number = search_devices(catalogue, text, most)
    known = conditions(catalogue)
    return Findings(
        Hits({device: marked_name(catalogue, device) for device in devices}, number),
        _hits(_named(catalogue, "device_types"), words, most),
        _hits(_named(catalogue, "symptoms"), words, most),
        _hits(
            {key: pair for key, pair in _named(catalogue, "risk_factors").items() if key in known},
            words,
            most,
        ),
    )


def _named(catalogue: Catalogue, table: str) -> dict[str, tuple[str, str]]:
    """Return id → name, and all words of the row's names."""
    names = row_names(catalogue.package[table], catalogue[table])
    return {item.value: (item.label, f"{item.label} {item.also}") for item in names}


def _hits(named: Mapping[str, tuple[str, str]], words: list[str], most: int) -> Hits:
    found = {
        key: name
        for key, (name, called) in named.items()
        if all(word in fold(called) for word in words)
    }
    start = " ".join(words)
    best = sorted(found, key=lambda key: not fold(found[key]).startswith(start))
    return Hits({key: found[key] for key in best[:most]}, len(found))
