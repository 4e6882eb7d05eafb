"""Reads link parameters. It never raises; it reports what it had to drop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from legwise.facets.filters import DateSpan, Span
from legwise.tables.schema import NOT_STATED

Params = dict[str, list[str]]
#: More than any page offers; a hostile link cannot make us work harder.
MOST_VALUES = 500
LONGEST_TEXT = 200
#: Largest whole number that is read: one of eight digits.
MOST_WHOLE = 99_999_999
#: Prefixes of parameters that other sites add to links: not ours, and not mistakes.
FOREIGN = ("utm_", "embed", "fbclid", "gclid")
#: Marks a link to the page it is on: it means nothing, and is gone from the link after one run.
SAME_PAGE = "via"


@dataclass(frozen=True)
class Dropped:
    """A part of a link that could not be applied."""

    name: str
    value: str
    reason: str


class Reader:
    """Reads parameters one by one and collects what had to be dropped."""

    def __init__(self, params: Mapping[str, Collection[str]]) -> None:
        self._left = {
            name: [str(value) for value in values][:MOST_VALUES] for name, values in params.items()
        }
        self.dropped: list[Dropped] = []
        for name, values in params.items():
            if len(values) > MOST_VALUES:
                self.drop(name, f"{len(values):,} values", f"only the first {MOST_VALUES} are read")

    def drop(self, name: str, value: str, reason: str) -> None:
        """Note that this value of this parameter was not applied."""
        self.dropped.append(Dropped(name[:LONGEST_TEXT], value[:LONGEST_TEXT], reason))

    def values(self, name: str) -> list[str]:
        """Return all values of a parameter."""
        return self._left.pop(name, [])

    def ids(
        self, name: str, known: Collection[str], what: str, most: int = MOST_VALUES
    ) -> tuple[str, ...]:
        """Return known ids, in the order of the link, each once."""
        ids: list[str] = []
        for value in self.values(name):
            if value not in known:
                self.drop(name, value, f"there is no {what} of that name")
            elif value in ids:
                continue
            elif len(ids) == most:
                self.drop(name, value, f"only {most} can be shown at once")
            else:
                ids.append(value)
        return tuple(ids)

    def choices(self, name: str, known: Collection[str], what: str) -> tuple[str, ...]:
        """Return known ids in the order of ``known``, for choices without an order."""
        ids = set(self.ids(name, known, what))
        return tuple(value for value in known if value in ids)

    def one(self, name: str, known: Collection[str], what: str, default: str) -> str:
        """Return the last known value of a parameter that takes one."""
        ids = self.ids(name, known, what)
        return ids[-1] if ids else default

    def text(self, name: str) -> str:
        """Return free text on one line, stripped and cut to a sane length."""
        return " ".join(" ".join(self.values(name)).split())[:LONGEST_TEXT].strip()

    def whole(self, name: str, default: int) -> int:
        """Return a whole number of at least 1."""
        values = self.values(name)
        for value in values:
            if value.isascii() and value.isdigit() and int(value[:9]) >= 1 and len(value) < 9:
                return int(value)
            self.drop(name, value, "it is not a whole number from 1")
        return default

    def span(
        self, name: str, kind: type[Span] | type[DateSpan] = Span, *, whole: bool = False
    ) -> Span | DateSpan:
        """Return a range, written ``low..high`` with either end open, and if missing cells match.

        ``whole`` rounds the ends inwards to whole numbers, for columns of integers.
        """
        span, missing = kind(), False
        for value in self.values(name):
            if value == NOT_STATED:
                missing = True
            elif (parsed := kind.parse(value, whole=whole)) is None:
                self.drop(name, value, f"it is not a range such as {kind.EXAMPLE}")
            else:
                span = parsed
        return replace(span, not_stated=missing)

    def finish(self) -> tuple[Dropped, ...]:
        """Return everything dropped, including parameters that mean nothing here."""
        for name, values in self._left.items():
            if name != SAME_PAGE and not name.startswith(FOREIGN):
                self.drop(name, ", ".join(values), "there is no such filter or setting here")
        return tuple(self.dropped)
