"""A question to the device list as one frozen value.

The filters, the link, the sentence on screen, the export and the tests all use it. It holds ids
only; :func:`describe` adds the labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from legwise.answers.searched import search_words
from legwise.facets.filters import Choice, Filter
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import within_sentence
from legwise.text.units import counted

#: Names of the two filters that are not on a column.
SYMPTOM = "symptom"
TEXT = "q"
#: Minimum evidence for "targets a symptom" → words. Each step includes the ones after it.
EVIDENCE_STEPS = {
    "claimed": "claimed of its type or studied",
    "studied": "studied at all",
    "randomised": "studied in randomised trials or reviews of them",
    "reviewed": "studied in systematic reviews",
}
#: Minimum evidence → the weakest tier that counts (see :mod:`legwise.rules.verdicts`).
EVIDENCE_TIERS = {"claimed": 3, "studied": 3, "randomised": 2, "reviewed": 1}
#: Default order: products that state most facts first.
BY_FACTS = "stated"


@dataclass(frozen=True)
class DeviceQuery:
    """Which devices, in which order, which page.

    ``filters`` pairs a facet's name with its filter; facets are joined by AND, the values of one by
    OR. ``conditions`` mark devices and sort them down, but never hide any. ``sort`` is a column or
    empty, which is the default order.
    """

    filters: tuple[tuple[str, Filter], ...] = ()
    text: str = ""
    evidence: str = "claimed"
    directions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    sort: str = ""
    descending: bool = False
    page: int = 1

    def filter(self, name: str) -> Filter | None:
        """Return the filter on that facet, if any."""
        return next((item for key, item in self.filters if key == name), None)

    def with_filter(self, name: str, item: Filter | None) -> DeviceQuery:
        """Return the query with that facet's filter set or removed, on its first page."""
        rest = tuple((key, other) for key, other in self.filters if key != name)
        empty = item is None or item.empty
        return replace(
            self, filters=rest if item is None or empty else (*rest, (name, item)), page=1
        )

    def without(self, name: str) -> DeviceQuery:
        """Return the query without that facet's filter or, for :data:`TEXT`, search words."""
        return replace(self, text="", page=1) if name == TEXT else self.with_filter(name, None)

    def cleared(self) -> DeviceQuery:
        """Return the query without filters; search words, conditions and order stay."""
        return replace(self, filters=(), evidence="claimed", directions=(), page=1)

    @property
    def active(self) -> tuple[str, ...]:
        """Names of what narrows the list: facets, then :data:`TEXT`."""
        return (*(name for name, _ in self.filters), *((TEXT,) if self.words else ()))

    @property
    def words(self) -> list[str]:
        """The words to search for."""
        return search_words(self.text)


def phrases(query: DeviceQuery, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield (name, phrase) for all that narrows the list, such as ("heat", "with heat")."""
    for name, item in query.filters:
        if name == SYMPTOM and isinstance(item, Choice):
            yield name, _symptom_phrase(query, item, catalogue)
        else:
            yield name, item.phrase(catalogue.package["devices"][name])
    if query.words:
        yield TEXT, f"matching “{query.text.strip()}”"


def describe(query: DeviceQuery, catalogue: Catalogue, total: int, of: int) -> str:
    """Describe the query: "12 of 234 devices with heat and a remote control"."""
    return f"{total:,} of {counted(of, 'device')}{narrowed(query, catalogue)}"


def narrowed(query: DeviceQuery, catalogue: Catalogue) -> str:
    """Say what narrows the list, to follow "devices": " with heat and a remote control"."""
    return _joined(phrase for _, phrase in phrases(query, catalogue))


#: Starts of phrases that follow a noun without a comma; two with the same start are spoken as one.
_STARTS = ("with ", "that are ")
_LEADS = (*_STARTS, "without ", "of ", "matching ", "whose ")


def _joined(parts: Iterable[str]) -> str:
    """Join phrases to what a sentence says of its noun: " with heat and a remote control"."""
    groups: list[list[str]] = []
    for part in parts:
        start = next((item for item in _STARTS if part.startswith(item)), "")
        start = "" if " or " in part else start  # "with A or B and C" would be two things
        last = groups[-1][0] if groups else ""
        if start and last.startswith(start) and " or " not in last:
            groups[-1].append(part.removeprefix(start))
        else:
            groups.append([part])
    spoken = [
        " and ".join([", ".join(group[:-1])] * (len(group) > 1) + group[-1:]) for group in groups
    ]
    sentence = ", ".join(spoken)
    return f"{' ' if sentence.startswith(_LEADS) else ', '}{sentence}" if sentence else ""


def _symptom_phrase(query: DeviceQuery, item: Choice, catalogue: Catalogue) -> str:
    names = catalogue.names("symptoms")
    symptoms = (" and " if item.match_all else " or ").join(names[value] for value in item.values)
    which = EVIDENCE_STEPS[query.evidence]
    if query.directions:
        labels = catalogue.package["evidence"]["direction"].labels
        directions = " or ".join(within_sentence(labels[value]) for value in query.directions)
        which += f", with findings that point to {directions}"
    return f"whose type targets {symptoms} ({which})"
