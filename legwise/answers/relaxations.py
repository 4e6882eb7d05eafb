"""What to ask instead where a question gives few devices: each single step, and near types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from legwise.answers.devices import TYPE, Answer, DeviceIndex
from legwise.answers.query import DeviceQuery, narrowed, phrases
from legwise.facets.codes import NumberCounts, ValueCounts
from legwise.facets.filters import Choice, Filter, Range
from legwise.tables.schema import NOT_STATED
from legwise.text.units import counted

#: As few devices as this call for other questions.
FEW = 3
#: So many near types are named.
MOST_TYPES = 3


@dataclass(frozen=True)
class Relaxation:
    """Another question: its words, with how many devices it gives, and the query itself."""

    words: str
    query: DeviceQuery


def relaxations(index: DeviceIndex, answer: Answer) -> tuple[Relaxation, ...]:
    """Return every single step that gives more devices, then the nearest types.

    The steps: to admit what does not state a fact, and to drop a filter.
    """
    return (*_admitting(index, answer), *_dropping(index, answer), *_near_types(index, answer))


def _admitting(index: DeviceIndex, answer: Answer) -> Iterator[Relaxation]:
    query = answer.query
    for name, item in query.filters:
        admitted = _with_missing(item)
        counts = answer.counts[name]
        if isinstance(counts, NumberCounts):
            more = counts.not_stated
        else:
            assert isinstance(counts, ValueCounts)
            more = dict(counts.counts).get(NOT_STATED, 0)
        if admitted and more and not item.narrows:
            noun = index.table[name].noun
            words = (
                f"Include those that do not state {noun}: {counted(answer.total + more, 'device')}"
            )
            filters = tuple((key, admitted if key == name else it) for key, it in query.filters)
            yield Relaxation(words, replace(query, filters=filters, page=1))


def _with_missing(item: Filter) -> Filter | None:
    """Return the filter that admits what is not stated too; none if it does so already."""
    if isinstance(item, Range):
        return None if item.not_stated else replace(item, not_stated=True)
    if isinstance(item, Choice) and NOT_STATED not in item.values:
        return replace(item, values=(*item.values, NOT_STATED))
    return None


def _dropping(index: DeviceIndex, answer: Answer) -> Iterator[Relaxation]:
    for name, phrase in phrases(answer.query, index.catalogue):
        total = answer.without.get(name, 0)
        if total > answer.total:
            words = f"Drop {quoted(phrase)}: {counted(total, 'device')}"
            yield Relaxation(words, answer.query.without(name))


def quoted(phrase: str) -> str:
    """Put a phrase in quotation marks; those within it become single ones."""
    return f"“{phrase.replace('“', '‘').replace('”', '’')}”"


def _near_types(index: DeviceIndex, answer: Answer) -> Iterator[Relaxation]:
    names = index.catalogue.names("device_types")
    asked = [
        (name, phrase) for name, phrase in phrases(answer.query, index.catalogue) if name != TYPE
    ]
    for near in index.nearest(answer.query)[:MOST_TYPES]:
        met = narrowed(near.query.without(TYPE), index.catalogue)
        lost = [quoted(phrase) for name, phrase in asked if name not in near.query.active]
        drops = f"; drops {' and '.join(lost)}" if lost else ""
        words = f"{names[near.device_type]}: {counted(near.total, 'device')}{met}{drops}"
        yield Relaxation(words, near.query)
