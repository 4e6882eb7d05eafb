"""A question to the device list as one frozen value.

The sidebar, the link, the sentence on screen, the export and the tests all use it. It holds ids
only; :func:`describe` adds the labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from legwise.facets.filters import Choice, Filter
from legwise.tables.catalogue import Catalogue
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
        return (*(name for name, _ in self.filters), *((TEXT,) if self.text.strip() else ()))


def phrases(query: DeviceQuery, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield (name, phrase) for all that narrows the list, such as ("heat", "heat is yes")."""
    for name, item in query.filters:
        if name == SYMPTOM and isinstance(item, Choice):
            yield name, _symptom_phrase(query, item, catalogue)
        else:
            yield name, item.words(catalogue.package["devices"][name])
    if query.text.strip():
        yield TEXT, f"the text has “{query.text.strip()}”"


def describe(query: DeviceQuery, catalogue: Catalogue, total: int, of: int) -> str:
    """Describe the query: "12 of 234 devices where heat is yes and remote control is yes"."""
    where = " and ".join(phrase for _, phrase in phrases(query, catalogue))
    return f"{total:,} of {counted(of, 'device')}{f' where {where}' if where else ''}"


def _symptom_phrase(query: DeviceQuery, item: Choice, catalogue: Catalogue) -> str:
    names = catalogue.names("symptoms")
    symptoms = (" and " if item.match_all else " or ").join(names[value] for value in item.values)
    which = EVIDENCE_STEPS[query.evidence]
    if query.directions:
        labels = catalogue.package["evidence"]["direction"].labels
        directions = " or ".join(labels[value].lower() for value in query.directions)
        which += f", with findings that point to {directions}"
    return f"the type targets {symptoms} ({which})"
