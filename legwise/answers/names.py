"""Find devices by their names: brand, model, type, and the everyday words for the type."""

from __future__ import annotations

import numpy as np

from legwise.answers.searched import device_texts, search_words
from legwise.tables.catalogue import Catalogue


def search_devices(catalogue: Catalogue, text: str, most: int = 50) -> tuple[list[str], int]:
    """Return the ids of up to ``most`` devices with every word of ``text``, and how many match.

    Case and accents do not count. A word that starts one of brand or model counts most, then one
    within them, then one of the type or its everyday words; ties go to what states more facts,
    then to the order of the file. Without a word, all devices match.
    """
    if catalogue.elsewhere is not None:
        return catalogue.elsewhere.search(tuple(search_words(text)), most)
    size = catalogue.size("devices")
    score, matches = np.zeros(size, np.int16), np.ones(size, bool)
    texts = device_texts(catalogue)
    named = [texts[name] for name in catalogue.package["devices"].named_by]
    typed = texts["device_type"]
    for word in search_words(text):
        rank = typed.holding(word).astype(np.int16)
        for column in named:
            starts, has = column.starting(word), column.holding(word)
            np.maximum(rank, np.where(starts, np.int16(3), 2 * has.astype(np.int16)), out=rank)
        score, matches = score + rank, matches & (rank > 0)
    rows = np.flatnonzero(matches)
    facts = catalogue.facts_stated(catalogue.package["devices"])
    best = rows[np.lexsort((-facts[rows], -score[rows]))][:most]
    return catalogue.keys_at("devices", best), len(rows)
