"""Cautions for a person's conditions: what is contraindicated, what to ask about, and who says it.

No answer here means that something is without risk. Where there is no caution, the class is
"nothing recorded", and no record is not proof of safety.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import IntEnum

from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from legwise.tables.subjects import UNKNOWN_TYPE, Subject
from legwise.text.units import counted

NOTHING_RECORDED = "nothing_recorded"
NOTHING_RECORDED_LABEL = "Nothing recorded"
NOTHING_RECORDED_NOTE = "No caution is recorded for this. No record is not proof of safety."
NO_PROOF = "Where nothing is recorded, that is not proof of safety."
#: Severity → glyph, so that colour alone never tells the class. Every font can draw them, and no
#: other scale uses them.
SEVERITY_GLYPHS = {
    "contraindicated": "×",
    "ask_clinician": "!!",
    "caution": "!",
    NOTHING_RECORDED: "–",
}
#: Where only the sign is seen, without what the brackets of a label say.
IN_PART_GLYPH = "(×)"
NOTHING_RECORDED_MARK = f"{SEVERITY_GLYPHS[NOTHING_RECORDED]} {NOTHING_RECORDED_LABEL}"
#: The same for a type that nobody looked up.
NOT_SEARCHED_MARK = "? Not searched: the type is not listed here"
#: Marks a severity that no source states.
OUR_READING = "our reading"


class Contraindication(IntEnum):
    """Whether something is contraindicated for the stated conditions; more is worse.

    In part: only in some cases, places or ways of use, as the limits say.
    """

    NONE = 0
    IN_PART = 1
    OUTRIGHT = 2


@dataclass(frozen=True)
class Caution:
    """One caution as it applies to a subject.

    ``basis`` is the kind of its sources in words, ``works`` their number. ``condition`` is the name
    of the risk factor within a sentence, ``limits`` what narrows it. ``inferred`` means that the
    severity is our reading. ``through`` names the technique or feature that brings the caution.
    """

    caution_id: str
    subject_kind: str
    subject: str
    risk_factor: str
    condition: str
    limits: str
    severity: str
    severity_label: str
    inferred: bool
    applies_label: str
    reason: str
    basis: str
    source_ids: tuple[str, ...]
    works: int
    note: str
    through: str

    @property
    def indirect(self) -> bool:
        """Whether it is about a technique or feature, not about the type itself."""
        return bool(self.through)

    @property
    def contraindication(self) -> Contraindication:
        """Whether it bars its subject; in part if it has limits."""
        if self.severity != "contraindicated":
            return Contraindication.NONE
        return Contraindication.IN_PART if self.limits else Contraindication.OUTRIGHT

    @property
    def label(self) -> str:
        """Return "× Contraindicated with varicose veins (acute phlebitis only; 3 sources)"."""
        return self._label(f" with {self.condition}")

    @property
    def short(self) -> str:
        """Return the label where the condition is named beside it."""
        return self._label("")

    def _label(self, condition: str) -> str:
        about = (
            self.limits,
            self.through,
            counted(self.works, "source"),
            OUR_READING if self.inferred else "",
        )
        details = "; ".join(part for part in about if part)
        return f"{SEVERITY_GLYPHS[self.severity]} {self.severity_label}{condition} ({details})"


def severities(catalogue: Catalogue) -> dict[str, str]:
    """Return class → label, most severe first, "nothing recorded" last."""
    return {
        **catalogue.package["cautions"]["severity"].labels,
        NOTHING_RECORDED: NOTHING_RECORDED_LABEL,
    }


def cautions_for(
    catalogue: Catalogue,
    subjects: Iterable[Subject],
    conditions: Collection[str] | None = None,
) -> tuple[Caution, ...]:
    """Return the cautions of those subjects, most severe first.

    ``conditions`` keeps only those risk factors. For a product, give its
    :meth:`~legwise.tables.catalogue.Catalogue.device_subjects` to include what it inherits.
    """
    wanted = set(subjects)
    table, names = catalogue.package["cautions"], catalogue.names("risk_factors")
    cautions = []
    for row in catalogue.records("cautions"):
        if Subject.of(row) not in wanted:
            continue
        if conditions is not None and row["risk_factor"] not in conditions:
            continue
        part = catalogue.subject_label(row["subject_kind"], row["subject"])
        cautions.append(
            Caution(
                caution_id=row["caution_id"],
                subject_kind=row["subject_kind"],
                subject=row["subject"],
                risk_factor=row["risk_factor"],
                condition=within_sentence(names[row["risk_factor"]]),
                limits=row["limits"] if is_stated(row["limits"]) else "",
                severity=row["severity"],
                severity_label=table["severity"].labels[row["severity"]],
                inferred=row["severity_basis"] == "inferred",
                applies_label=table["applies"].labels[row["applies"]],
                reason=row["reason"],
                basis=", ".join(
                    dict.fromkeys(
                        source.kind_label for source in catalogue.sources(row["source_ids"])
                    )
                ),
                source_ids=row["source_ids"],
                works=catalogue.works(row["source_ids"]),
                note=row["note"] if is_stated(row["note"]) else "",
                through=""
                if row["subject_kind"] == "device_type"
                else f"through {within_sentence(part)}",
            )
        )
    order = table["severity"]
    # What holds for the whole condition comes before what holds in some cases of it.
    cautions.sort(
        key=lambda item: (
            order.rank(item.severity),
            bool(item.limits),
            item.indirect,
            item.risk_factor,
        )
    )
    return tuple(cautions)


def cautions_by_subject(
    catalogue: Catalogue, conditions: Collection[str] | None = None
) -> dict[Subject, tuple[Caution, ...]]:
    """Return the cautions of every subject that has some, as :func:`cautions_for` gives them."""
    groups: dict[Subject, list[Caution]] = {}
    subjects = map(Subject.of, catalogue.records("cautions"))
    for caution in cautions_for(catalogue, subjects, conditions):
        groups.setdefault(Subject(caution.subject_kind, caution.subject), []).append(caution)
    return {subject: tuple(cautions) for subject, cautions in groups.items()}


def worst(cautions: Iterable[Caution]) -> str:
    """Return the most severe class among ``cautions``, or :data:`NOTHING_RECORDED`."""
    ordered = list(cautions)
    return ordered[0].severity if ordered else NOTHING_RECORDED


def contraindication(cautions: Iterable[Caution]) -> Contraindication:
    """Return whether those cautions bar their subject: in part if each that does has limits."""
    return max((caution.contraindication for caution in cautions), default=Contraindication.NONE)


def sign(cautions: Collection[Caution]) -> str:
    """Return the sign of the most severe class, where nothing beside it says the limits."""
    if contraindication(cautions) is Contraindication.IN_PART:
        return IN_PART_GLYPH
    return SEVERITY_GLYPHS[worst(cautions)]


def grade(catalogue: Catalogue, cautions: Iterable[Caution]) -> tuple[int, str]:
    """Return the rank of the most severe class, 0 for the worst, and what it is called.

    What is contraindicated in part comes after what is outright.
    """
    grades = (_grade(catalogue, caution.severity, caution.limits) for caution in cautions)
    return min(grades, default=_grade(catalogue, NOTHING_RECORDED, ""))


def grade_of_row(catalogue: Catalogue, row: Record) -> tuple[int, str]:
    """Return the same of a row, whose subject and sources need not be known."""
    return _grade(catalogue, row["severity"], row["limits"] if is_stated(row["limits"]) else "")


def _grade(catalogue: Catalogue, severity: str, limits: str) -> tuple[int, str]:
    classes, part = severities(catalogue), severity == "contraindicated" and bool(limits)
    return 2 * list(classes).index(severity) + part, classes[severity] + (
        " in part" if part else ""
    )


def caution_classes(catalogue: Catalogue, conditions: Collection[str]) -> dict[Subject, int]:
    """Return subject → rank of its :func:`grade` for those conditions; 0 is nothing recorded."""
    nothing, _ = _grade(catalogue, NOTHING_RECORDED, "")
    ranks: dict[Subject, int] = {}
    for row in catalogue.records("cautions"):
        if row["risk_factor"] in conditions:
            key, (its_grade, _) = Subject.of(row), grade_of_row(catalogue, row)
            ranks[key] = max(ranks.get(key, 0), nothing - its_grade)
    if conditions:
        # Nobody looked: a type of which nothing is known does not come before those with cautions.
        ranks[Subject.type(UNKNOWN_TYPE)] = nothing
    return ranks


def conditions(catalogue: Catalogue) -> dict[str, str]:
    """Return the risk factors that have a caution: id → name, sorted by name."""
    named = {row["risk_factor"] for row in catalogue.records("cautions")}
    names = {key: name for key, name in catalogue.names("risk_factors").items() if key in named}
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))


def most_cautioned(catalogue: Catalogue) -> list[str]:
    """Return the risk factors that have a caution, those with most cautions first."""
    return list(catalogue["cautions"]["risk_factor"].value_counts().index)


def acceptances(
    catalogue: Catalogue, device_type: str, conditions: Collection[str]
) -> tuple[Record, ...]:
    """Return statements that a type is acceptable for one of those risk groups.

    They may disagree with its cautions.
    """
    return tuple(
        row
        for row in catalogue.records("not_a_bar")
        if row["device_type"] == device_type and row["risk_factor"] in conditions
    )


def caution_mark(catalogue: Catalogue, device: str, conditions: Collection[str]) -> str:
    """Say in words the most severe cautions of a product for those conditions."""
    subjects = catalogue.device_subjects(device)
    cautions = cautions_for(catalogue, subjects, conditions)
    most = [caution for caution in cautions if caution.severity == worst(cautions)]
    # If all of them have limits, the reader may be outside these: show the milder ones, too.
    shown = cautions if all(caution.limits for caution in most) else most
    return "; ".join(caution.label for caution in shown) or nothing_recorded(subjects)


def nothing_recorded(subjects: Collection[Subject]) -> str:
    """Return what is said where no caution of those subjects is recorded."""
    unknown = Subject.type(UNKNOWN_TYPE) in subjects
    return NOT_SEARCHED_MARK if unknown else NOTHING_RECORDED_MARK
