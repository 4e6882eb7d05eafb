"""Cautions for a person's conditions: what is contraindicated, what to ask about, and on whose word.

No answer of this module means that something is without risk. Where no caution is found the class is
"nothing recorded", and no record is not proof of safety.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject
from legwise.text.units import counted

NOTHING_RECORDED = "nothing_recorded"
NOTHING_RECORDED_LABEL = "Nothing recorded"
NOTHING_RECORDED_NOTE = "No caution is recorded for this. No record is not proof of safety."
NO_PROOF = "Where nothing is recorded, that is not proof of safety."
#: Severity → glyph, so that a class is never told by colour alone.
SEVERITY_GLYPHS = {
    "contraindicated": "⛔",
    "ask_clinician": "⚕",
    "caution": "⚠",
    NOTHING_RECORDED: "–",
}
NOTHING_RECORDED_MARK = f"{SEVERITY_GLYPHS[NOTHING_RECORDED]} {NOTHING_RECORDED_LABEL}"
#: Said of a severity that is no source's word.
OUR_READING = "our reading"


@dataclass(frozen=True)
class Caution:
    """One caution as it applies to a subject. ``basis`` is the kind of its sources, in words, ``works`` their number.

    ``condition`` is the name of the risk factor within a sentence, ``limits`` what narrows it. ``inferred`` says that
    the severity is our reading. ``through`` names the technique or feature that a caution is inherited through.
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
        """Whether it speaks of a technique or feature, and not of the type itself."""
        return bool(self.through)

    @property
    def label(self) -> str:
        """The caution in one line: "⛔ Contraindicated with varicose veins (acute phlebitis only; 3 sources)"."""
        about = (
            self.limits,
            self.through,
            counted(self.works, "source"),
            OUR_READING if self.inferred else "",
        )
        told = "; ".join(part for part in about if part)
        return (
            f"{SEVERITY_GLYPHS[self.severity]} {self.severity_label} with {self.condition} ({told})"
        )


def severities(catalogue: Catalogue) -> dict[str, str]:
    """Class → label, most severe first, "nothing recorded" last."""
    return {
        **catalogue.package["cautions"]["severity"].labels,
        NOTHING_RECORDED: NOTHING_RECORDED_LABEL,
    }


def cautions_for(
    catalogue: Catalogue,
    subjects: Iterable[Subject],
    conditions: Collection[str] | None = None,
) -> tuple[Caution, ...]:
    """Cautions of those subjects, most severe first; ``conditions`` keeps those risk factors only.

    Give a product's :meth:`~legwise.tables.catalogue.Catalogue.device_subjects` to include what it inherits.
    """
    wanted = set(subjects)
    table, names = catalogue.package["cautions"], catalogue.names("risk_factors")
    found = []
    for row in catalogue.records("cautions"):
        if Subject.of(row) not in wanted:
            continue
        if conditions is not None and row["risk_factor"] not in conditions:
            continue
        part = catalogue.subject_label(row["subject_kind"], row["subject"])
        found.append(
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
    return tuple(
        sorted(found, key=lambda item: (order.rank(item.severity), item.indirect, item.risk_factor))
    )


def worst(cautions: Iterable[Caution]) -> str:
    """Return the most severe class among ``cautions``; :data:`NOTHING_RECORDED` without any."""
    ordered = list(cautions)
    return ordered[0].severity if ordered else NOTHING_RECORDED


def caution_classes(catalogue: Catalogue, conditions: Collection[str]) -> dict[Subject, int]:
    """Subject → severity rank for those conditions; 0 nothing recorded, then rising with severity."""
    severity = catalogue.package["cautions"]["severity"]
    ranks: dict[Subject, int] = {}
    for row in catalogue.records("cautions"):
        if row["risk_factor"] in conditions:
            key = Subject.of(row)
            ranks[key] = max(
                ranks.get(key, 0), len(severity.labels) - severity.rank(row["severity"])
            )
    return ranks


def conditions(catalogue: Catalogue) -> dict[str, str]:
    """Risk factors that any caution names: id → name, in the order of the names."""
    named = {row["risk_factor"] for row in catalogue.records("cautions")}
    names = {key: name for key, name in catalogue.names("risk_factors").items() if key in named}
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))


def acceptances(
    catalogue: Catalogue, device_type: str, conditions: Collection[str]
) -> tuple[Record, ...]:
    """Statements that a type is acceptable for one of those risk groups; they may disagree with its cautions."""
    return tuple(
        row
        for row in catalogue.records("not_a_bar")
        if row["device_type"] == device_type and row["risk_factor"] in conditions
    )


def caution_mark(catalogue: Catalogue, device: str, conditions: Collection[str]) -> str:
    """The most severe cautions of a product for those conditions, in words."""
    cautions = cautions_for(catalogue, catalogue.device_subjects(device), conditions)
    most = [caution for caution in cautions if caution.severity == worst(cautions)]
    # Limits may not meet the one who reads: then what else is recorded counts, too.
    told = cautions if all(caution.limits for caution in most) else most
    return "; ".join(caution.label for caution in told) or NOTHING_RECORDED_MARK
