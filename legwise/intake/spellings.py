"""Spellings: of names, of yes and no, and of nothing at all, in several languages."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^\w]+|_+")

YES = frozenset(
    [
        "y",
        "yes",
        "true",
        "t",
        "1",
        "on",
        "with",
        "available",
        "included",
        "✓",
        "✔",
        "☑",
        "✅",
        "●",
        "ja",
        "wahr",
        "vorhanden",
        "mit",
        "oui",
        "vrai",
        "avec",
        "o",
        "si",
        "sí",
        "vero",
        "sì",
        "con",
        "verdadero",
        "sim",
        "tak",
        "prawda",
        "kyllä",
    ]
)
NO = frozenset(
    [
        "n",
        "no",
        "false",
        "f",
        "0",
        "off",
        "without",
        "✗",
        "✘",
        "☐",
        "❌",
        "○",
        "nein",
        "falsch",
        "ohne",
        "non",
        "faux",
        "sans",
        "nee",
        "niet",
        "falso",
        "senza",
        "sin",
        "não",
        "nao",
        "nie",
        "ei",
        "nej",
    ]
)
#: How lists say that a cell is empty.
EMPTY = frozenset(
    (
        "",
        "-",
        "–",
        "—",
        "--",
        "?",
        "n/a",
        "#n/a",
        "n.a.",
        "na",
        "nan",
        "null",
        "k.a.",
        "k. a.",
        "tbd",
    )
)


def folded(text: str) -> str:
    """Return a name without case, accents and marks, to compare it with others.

    Example:
        >>> folded("Gewicht_(kg)"), folded("Réf. produit")
        ('gewicht kg', 'ref produit')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", letters).strip()


def read_yes_no(text: str, *, cross: bool = False) -> bool | None:
    """Return what a cell says, or None if it says neither yes nor no.

    A ``cross`` ticks a box in a column of crosses and empty cells; elsewhere it may mean no.
    """
    word = text.strip().casefold()
    if cross and word == "x":
        return True
    return True if word in YES else False if word in NO else None


def printable(text: str, most: int) -> str:
    """Return a text of a stranger on one line, without control characters, cut to a length."""
    line = " ".join(
        "".join(char if char.isprintable() else " " for char in text[: 4 * most]).split()
    )
    return line if len(line) <= most else f"{line[: most - 1]}…"
