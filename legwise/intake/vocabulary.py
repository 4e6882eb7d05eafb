"""The words of a vocabulary, and what a text of a stranger says in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from legwise.intake.spellings import folded
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Field

#: What stands between the items of a list.
_BETWEEN = re.compile(
    r"\s*(?:[;,|/•+&\n\r]|\b(?:and|und|et)\b|(?<=\s)(?:y|ed?|en)(?=\s))\s*", re.IGNORECASE
)
#: What stands between the steps of a path of categories.
_STEP = re.compile(r"[>›»]")
#: Words between what something is and what it has, or is for; and others that tell no thing.
_HAS, _IS_FOR, _OTHERS = "with", "for", {"and", "or", "by", "with"}
#: Characters of the longest text that is looked at for a name: a longer one tells no type.
_LONGEST = 200
#: Letters of a word that may be misspelt.
_LONG_WORD = 5
#: What stands between two things.
_APART = re.compile(r"\s[-–—]\s|[:;,|/]")
#: A word that turns a name into its opposite.
_NOT = "non"
#: Paths of categories that are looked at in one text.
_MOST_PATHS = 20


@dataclass(frozen=True)
class Words:
    """Spelling, folded → value."""

    known: Mapping[str, str]
    #: Names of one word that tell a type only where nothing else is said: shoes have boots, too.
    alone: frozenset[str] = frozenset()

    def mapped(self, types: Iterable[tuple[str, str]]) -> Words:
        """Return these words and those of a mapping, whose values may be none of ours."""
        values = set(self.known.values())
        words = {folded(word): value for word, value in types if value in values}
        return replace(self, known={**self.known, **words})

    def value(self, text: str) -> str:
        """Return the value that a text names, or "".

        Of a path of categories ("Massage > Massage guns"), the last step counts: what lies below
        massage chairs may be their covers.
        """
        if value := self.known.get(folded(text), ""):
            return value
        steps = (step for step in map(folded, last_steps(text)) if step not in self.alone)
        return next(filter(None, (self.known.get(step, "") for step in steps)), "")

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

    @cached_property
    def _words_in_names(self) -> Mapping[str, frozenset[str]]:
        """Value → every word in one of its names; "" → every word in any."""
        names: dict[str, set[str]] = {"": set()}
        for name, value in self.known.items():
            for its in (names[""], names.setdefault(value, set())):
                its.update({*name.split()} - _OTHERS)
        return {value: frozenset(words) for value, words in names.items()}

    def speaks_of_one(self, text: str) -> bool:
        """Whether a text has two words or more of names: it is about such things."""
        return len(self._words_in_names[""].intersection(folded(text[:_LONGEST]).split())) > 1

    def like(self, text: str) -> str:
        """Return the value whose name a text nearly is, or has words more than, else "".

        A name of several words counts if all of them are there. If names of two values are, that
        of most words counts: air compression in a "leg massager with air compression". It may be
        either if they have as many, or if the text has words of the other alone. The text must end
        as the name does, save for what a thing has: the cover of a massage chair is none. Words
        within it must be of other names: a shiatsu neck massager is no shiatsu massager. So must
        words before it, where things stand side by side or what one has is part of its name: an
        eye massager with air compression is no air compression massager.
        """
        plain = folded(text[: _LONGEST + 1])
        words = list(takewhile(lambda word: word != _IS_FOR, plain.split()))
        if len(plain) > _LONGEST or _NOT in words:
            return ""
        known = self._words_in_names[""]
        there = [
            (name.split(), at, value)
            for name, value in self.known.items()
            if " " in name and (at := _positions(name.split(), words, known))
        ]
        most = max((len(name) for name, _, _ in there), default=0)
        longest = [(at, value) for name, at, value in there if len(name) == most]
        if len({value for _, value in longest}) != 1:
            return ""
        value = longest[0][1]
        if any(word in known - self._words_in_names[value] for word in words):
            return ""
        end = [*words, _HAS].index(_HAS)
        for at, _ in longest:
            # If a part of the name is what the thing has, the thing is what stands before.
            whole = max(at) > end or _APART.search(text)
            between = set(range(0 if whole else min(at), end)).difference(at)
            bare = max(at) > end and end < 2  # socks with support for the arch
            if not bare and at[-1] == end - 1 and all(words[one] in known for one in between):
                return value
        return ""


def _positions(name: list[str], words: list[str], known: Set[str]) -> list[int]:
    """Return where in a text each word of a name is; nothing, if one is missing.

    A letter of a long word may be wrong, or one too few or too many, but not if that makes it
    another ``known`` word.
    """
    # Only who brings a list of their own needs it.
    from rapidfuzz.distance import Levenshtein

    def is_same(word: str, part: str) -> bool:
        if word == part:
            return True
        may_be_misspelt = len(word) >= _LONG_WORD and word[0] == part[0] and word not in known
        return may_be_misspelt and Levenshtein.distance(word, part, score_cutoff=1) <= 1

    taken: list[int] = []
    for part in name:
        alike = [number for number, word in enumerate(words) if is_same(word, part)]
        if not alike:
            return []
        # The last one: a foot massager & calf massager ends in the second.
        taken.append(alike[-1])
    return taken


def last_steps(text: str) -> list[str]:
    """Return the last step of each path of categories in a text; a text that has none is one."""
    if not _STEP.search(text):
        return [text]
    paths = [[step.strip() for step in _STEP.split(path)] for path in text.split(",")[:_MOST_PATHS]]
    # Shops name the categories above one, too: what lies below massage chairs may be their covers.
    return [
        path[-1]
        for path in paths
        if not any(len(other) > len(path) and other[: len(path)] == path for other in paths)
    ]


def words_of(field: Field, catalogue: Catalogue) -> Words:
    """Return the words of a field: values, labels, everyday words, and those of other languages."""
    known: dict[str, str] = {}
    for category in field.categories:
        for word in (category.value, category.label, re.sub(r"\s*\(.*?\)", "", category.label)):
            known.setdefault(folded(word), category.value)
    everyday = dict(_everyday_words(field, catalogue))
    known = {**everyday, **known}
    values = set(known.values())
    for value, *spellings in field.spellings:
        # Another package may have other types.
        for word in spellings if value in values else ():
            known.setdefault(folded(word), value)
    for word in list(known):
        # A plural in s is the same word.
        known.setdefault(f"{word}s", known[word])
    alone = {word for word in (*everyday, *values) if field.references and " " not in word}
    return Words(known, frozenset(alone | {f"{word}s" for word in alone}))


def _everyday_words(field: Field, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield what rows that a field refers to are called besides their names, and their ids."""
    if not field.references:
        return
    table = catalogue.package[field.references]
    called = [item.name for item in table.fields if item.name == "also_called"]
    rows: dict[str, set[str]] = {}
    for row in catalogue.records(table.name):
        # What is sold is seldom a method, and everyday words of methods are those of machines
        # elsewhere: "masseur" is one in French. Their names and spellings are read.
        for name in [] if row[table.key] in catalogue.methods else called:
            for word in row[name]:
                rows.setdefault(folded(word), set()).add(row[table.key])
    # What two of them are called tells neither: a "leg massager" may press with air.
    yield from ((word, keys.pop()) for word, keys in rows.items() if len(keys) == 1)
