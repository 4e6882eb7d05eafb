"""Numbers of 100 people: what a source says of both groups, in a sentence and to be drawn.

Nothing is worked out from a ratio: only rows of the table of such numbers are said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from legwise.rules.verdicts import direction_words
from legwise.rules.wording import NUMBERS, marked, of_100
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.stated import is_stated

TABLE = "absolute_numbers"


@dataclass(frozen=True)
class Group:
    """One group: what is written beside its picture, and how many of 100 are marked in it."""

    label: str
    number: str
    marked: int


@dataclass(frozen=True)
class AbsoluteNumbers:
    """What happened in two groups; ``row`` is the id of the finding or effect that says so."""

    row: str
    sentence: str
    happened: str
    groups: tuple[Group, Group]


def numbers_of(
    catalogue: Catalogue, rows: Iterable[str] | None = None
) -> dict[str, list[AbsoluteNumbers]]:
    """Return finding or effect → its numbers; ``rows`` are ids to keep, in order (default: all)."""
    every = catalogue.once(_all_numbers)
    return every if rows is None else {row: every[row] for row in rows if row in every}


def _all_numbers(catalogue: Catalogue) -> dict[str, list[AbsoluteNumbers]]:
    numbers: dict[str, list[AbsoluteNumbers]] = {}
    # A package may be older than the table.
    if TABLE in catalogue.package.by_name:
        for row in catalogue.records(TABLE):
            for name in ("evidence_id", "effect_id"):
                if is_stated(row[name]):
                    item = _numbers(catalogue, row, name)
                    numbers.setdefault(item.row, []).append(item)
    return numbers


def _group(row: Record, which: str) -> Group:
    share = float(row[f"{which}_of_100"])
    return Group(row[f"{which}_group"], of_100(share), marked(share))


def _numbers(catalogue: Catalogue, row: Record, name: str) -> AbsoluteNumbers:
    groups = _group(row, "with"), _group(row, "without")
    sentence = NUMBERS["of_100"].format(
        **{key: row[key] for key in ("who", "happened", "with_group", "without_group")},
        with_number=groups[0].number,
        without_number=groups[1].number,
    )
    if name == "evidence_id":
        direction = catalogue.row("evidence", row[name])["direction"]
        sentence += " " + NUMBERS["direction"].format(direction=direction_words(direction))
    return AbsoluteNumbers(row[name], sentence, row["happened"], groups)
