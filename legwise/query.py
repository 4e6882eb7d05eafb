"""A question to the device list as one frozen value.

The sidebar, the link, the sentence on screen, the export and the tests all speak it. Ids only: labels
are put on when a query is described.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from legwise.catalogue import Catalogue
from legwise.schema import NOT_STATED, NOT_STATED_LABEL, Field
from legwise.units import counted

#: Names under which the two filters that are no columns stand beside the columns' own.
SYMPTOM = "symptom"
TEXT = "q"
#: Least evidence for "targets a symptom" → words. Each step contains the ones after it.
EVIDENCE_STEPS = {
    "claimed": "claimed of its type or studied",
    "studied": "studied at all",
    "randomised": "studied in randomised trials or reviews of them",
    "reviewed": "studied in systematic reviews",
}
#: Least evidence → the weakest tier that it takes (see :mod:`legwise.evidence`).
EVIDENCE_TIERS = {"claimed": 3, "studied": 3, "randomised": 2, "reviewed": 1}
#: Default order: what says most about itself first.
BY_FACTS = "stated"


@dataclass(frozen=True)
class Choice:
    """Values of one facet: any of them, or (list columns) all of them. May hold :data:`NOT_STATED`."""

    values: tuple[str, ...]
    match_all: bool = False


@dataclass(frozen=True)
class Span:
    """A number range, both ends inclusive, either end open; ``not_stated`` also lets missing numbers in.

    Without any bound and with ``not_stated`` it asks for the rows that state no number.
    """

    low: float | None = None
    high: float | None = None
    not_stated: bool = False

    @property
    def bounded(self) -> bool:
        """Whether either end is set."""
        return self.low is not None or self.high is not None

    def __str__(self) -> str:
        return f"{_number(self.low)}..{_number(self.high)}" if self.bounded else ""


Filter = Choice | Span


@dataclass(frozen=True)
class DeviceQuery:
    """Which devices, in which order, which page.

    ``filters`` pairs a facet's name with its filter; facets are joined by AND, the values of one by OR.
    ``conditions`` mark and sort down, they never hide. ``sort`` is a column, or empty for the default.
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
        """Return the filter set on that facet, if any."""
        return next((item for key, item in self.filters if key == name), None)

    def with_filter(self, name: str, item: Filter | None) -> DeviceQuery:
        """Return the same query with that facet's filter set, or taken off; back on its first page."""
        rest = tuple((key, other) for key, other in self.filters if key != name)
        empty = item is None or (not item.values if isinstance(item, Choice) else item == Span())
        return replace(self, filters=rest if item is None or empty else (*rest, (name, item)), page=1)

    def without(self, name: str) -> DeviceQuery:
        """Return the same query without that facet's filter or, for :data:`TEXT`, without the search words."""
        return replace(self, text="", page=1) if name == TEXT else self.with_filter(name, None)

    def cleared(self) -> DeviceQuery:
        """Return the same query without any filter; search words, conditions and order stay."""
        return replace(self, filters=(), evidence="claimed", directions=(), page=1)

    @property
    def active(self) -> tuple[str, ...]:
        """Names of what narrows the list: facets, then the search words."""
        return (*(name for name, _ in self.filters), *((TEXT,) if self.text.strip() else ()))


def phrases(query: DeviceQuery, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield (name, phrase) of everything that narrows the list, such as ("heat", "heat is yes")."""
    for name, item in query.filters:
        if name == SYMPTOM and isinstance(item, Choice):
            yield name, _symptom_phrase(query, item, catalogue)
        else:
            yield name, filter_phrase(catalogue.package["devices"][name], item, catalogue.labels)
    if query.text.strip():
        yield TEXT, f"the text has “{query.text.strip()}”"


def describe(query: DeviceQuery, catalogue: Catalogue, total: int, of: int) -> str:
    """Say the query back: "12 of 234 devices where heat is yes and remote control is yes"."""
    said = [phrase for _, phrase in phrases(query, catalogue)]
    return f"{total:,} of {counted(of, 'device')}" + (f" where {' and '.join(said)}" if said else "")


def filter_phrase(field: Field, item: Filter, labels: Callable[[Field], Mapping[str, str]]) -> str:
    """Say one filter in words, such as "heat is yes"; ``labels`` gives the words of a field's values."""
    if isinstance(item, Choice):
        names = labels(field)
        words = [NOT_STATED_LABEL if value == NOT_STATED else names.get(value, value) for value in item.values]
        verb = "are" if field.is_list else "is"
        return f"{field.noun} {verb} {(' and ' if item.match_all else ' or ').join(words)}"
    unit = f" {field.unit}" if field.unit else ""
    if item.low is not None and item.high is not None:
        said = f"{field.noun} is {_number(item.low)} to {_number(item.high)}{unit}"
    elif item.low is not None:
        said = f"{field.noun} is at least {_number(item.low)}{unit}"
    elif item.high is not None:
        said = f"{field.noun} is at most {_number(item.high)}{unit}"
    else:
        return f"{field.noun} is {NOT_STATED_LABEL}"
    return f"{said} or {NOT_STATED_LABEL}" if item.not_stated else said


def _symptom_phrase(query: DeviceQuery, item: Choice, catalogue: Catalogue) -> str:
    names = catalogue.names("symptoms")
    said = (" and " if item.match_all else " or ").join(names[value] for value in item.values)
    which = EVIDENCE_STEPS[query.evidence]
    if query.directions:
        labels = catalogue.package["evidence"]["direction"].labels
        which += f", with findings that point to {' or '.join(labels[value].lower() for value in query.directions)}"
    return f"the type targets {said} ({which})"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
