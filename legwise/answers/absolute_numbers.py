"""Numbers of 100 people: what a source says of both groups, in a sentence and to be drawn.

Nothing is worked out from a ratio: only rows of the table of such numbers are said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from legwise.rules.verdicts import direction_words
from legwise.rules.wording import NUMBERS, marked, of_100
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject

TABLE = "absolute_numbers"
#: What the other group had, where it tells what happens without a device; a sham comes last.
#: Another treatment does not tell it, nor does a group of which nothing is told.
WITHOUT = ("no_device", "sham")
NOT_TOLD = "these tables do not tell what happens without a device"


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


@dataclass(frozen=True)
class Without:
    """What a finding about ``subject`` says of people without it, or with a sham of it.

    ``sentence`` has their numbers, ``finding`` which way the finding as a whole points.
    """

    subject: Subject
    sentence: str
    finding: str
    source: str


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


def tells_of_nothing(catalogue: Catalogue) -> bool:
    """Whether any finding tells what happens without a device."""
    return bool(without(catalogue))


def types_with_numbers(catalogue: Catalogue) -> frozenset[str]:
    """Return the types of device whose studies tell what happens without one."""
    told = (item.subject for its in without(catalogue).values() for item in its)
    return frozenset(subject.id for subject in told if subject.is_type)


def without(catalogue: Catalogue) -> dict[str, tuple[Without, ...]]:
    """Return symptom → what its findings say of people without a device."""
    return catalogue.once(_all_without)


def _all_without(catalogue: Catalogue) -> dict[str, tuple[Without, ...]]:
    numbers: dict[str, list[Without]] = {}
    for kind in WITHOUT:
        outcomes: dict[tuple[str, str, str], list[Record]] = {}
        for row in catalogue.records(TABLE) if TABLE in catalogue.package.by_name else ():
            # The column is younger than the table.
            if row.get("without_kind") == kind and is_stated(row["evidence_id"]):
                key = (row["evidence_id"], row["who"], row["without_group"])
                outcomes.setdefault(key, []).append(row)
        for (finding, *_), rows in outcomes.items():
            its = catalogue.row("evidence", finding)
            numbers.setdefault(its["symptom"], []).append(_without(catalogue, its, rows))
    return {symptom: tuple(its) for symptom, its in numbers.items()}


def _without(catalogue: Catalogue, finding: Record, rows: Sequence[Record]) -> Without:
    """Say all outcomes of one group in a sentence, and which way the finding points."""
    outcomes = ", ".join(NUMBERS["outcome"].format(**_parts(row)) for row in rows)
    sentence = NUMBERS[rows[0]["without_kind"]].format(outcomes=outcomes, **_parts(rows[0]))
    subject = Subject.of(finding)
    # It stands in the column without a device: whose benefit or harm it is must be said.
    name = within_sentence(catalogue.subject_label(finding["subject_kind"], finding["subject"]))
    told = NUMBERS["of_device"].format(subject=name, direction=_words_of(finding))
    return Without(subject, sentence, told, finding["source_id"])


def _parts(row: Record) -> dict[str, str]:
    """Return what the sentences of a row are filled with."""
    return {
        **{key: row[key] for key in ("who", "happened", "with_group", "without_group")},
        "with_number": of_100(float(row["with_of_100"])),
        "without_number": of_100(float(row["without_of_100"])),
    }


def _words_of(finding: Record) -> str:
    return direction_words(finding["direction"])


def _group(row: Record, which: str) -> Group:
    share = float(row[f"{which}_of_100"])
    return Group(row[f"{which}_group"], of_100(share), marked(share))


def _numbers(catalogue: Catalogue, row: Record, name: str) -> AbsoluteNumbers:
    groups = _group(row, "with"), _group(row, "without")
    sentence = NUMBERS["of_100"].format(**_parts(row))
    if name == "evidence_id":
        direction = _words_of(catalogue.row("evidence", row[name]))
        sentence += f" {NUMBERS['direction'].format(direction=direction)}"
    return AbsoluteNumbers(row[name], sentence, row["happened"], groups)
