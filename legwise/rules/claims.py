"""Claims against evidence: the outcome of every claim in the starting article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from legwise.rules.cautions import cautions_for, grade
from legwise.rules.verdicts import Cell, Verdict, judge, verdicts
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject

Outcome = Literal[
    "supported",
    "mixed",
    "no_difference",
    "unclear",
    "contradicted",
    "related",
    "not_studied",
    "cautions",
    "no_effect_claimed",
]
OUTCOMES: dict[Outcome, str] = {
    "supported": "Supported by studies",
    "mixed": "Studied, mixed",
    "no_difference": "Studied, no difference",
    "unclear": "Studied, unclear",
    "contradicted": "Contradicted",
    "related": "Only related methods studied",
    "not_studied": "Not studied",
    "cautions": "Conflicts with safety advice",
    "no_effect_claimed": "Not a claim of effect",
}
_BY_DIRECTION: dict[str, Outcome] = {
    "benefit": "supported",
    "mixed": "mixed",
    "no_difference": "no_difference",
    "unclear": "unclear",
    "harm": "contradicted",
}
#: Outcome of a claim that was checked by findings → what they say, in words.
_CHECKED: dict[Outcome, str] = {
    "supported": "The best findings made to check it support it.",
    "mixed": "The best findings made to check it point in different directions.",
    "unclear": "The best findings made to check it are unclear.",
    "contradicted": "The best findings made to check it speak against it.",
    "not_studied": "No finding made to check it has a level, so none can be judged.",
}


@dataclass(frozen=True)
class ClaimVerdict:
    """One claim: its outcome, the reasons in words, and the findings and sources behind them."""

    claim: Record
    about: str
    outcome: Outcome
    reasons: tuple[str, ...]
    findings: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()

    def tried_on(self, catalogue: Catalogue) -> str:
        """Say which kinds of people the findings with a level were made on."""
        labels = catalogue.package["evidence"]["population_group"].labels
        rows = [catalogue.row("evidence", key) for key in self.findings]
        groups = {row["population_group"] for row in rows if is_stated(row["level"])}
        return ", ".join(
            within_sentence(label) for group, label in labels.items() if group in groups
        )


def judge_claims(catalogue: Catalogue) -> tuple[ClaimVerdict, ...]:
    """Return the verdict of every claim, in the order of the table."""
    return catalogue.once(_judge_all)


def _judge_all(catalogue: Catalogue) -> tuple[ClaimVerdict, ...]:
    cells = verdicts(catalogue)
    return tuple(_judge(catalogue, cells, claim) for claim in catalogue.records("claims"))


def _judge(catalogue: Catalogue, cells: dict[Cell, Verdict], claim: Record) -> ClaimVerdict:
    typed = is_stated(claim["device_type"])
    about = (
        catalogue.names("device_types")[claim["device_type"]] if typed else "Leg massage in general"
    )
    if claim["risk_factors"]:
        return _meets_cautions(catalogue, claim, about)
    if claim["evidence_ids"]:
        return _checked(catalogue, claim, about)
    if not is_stated(claim["symptom"]):
        return ClaimVerdict(
            claim, about, "no_effect_claimed", ("It names no symptom that could be studied.",)
        )
    if typed:
        return _of_type(catalogue, cells, claim, about)
    return _in_general(catalogue, cells, claim, about)


def _of_type(
    catalogue: Catalogue, cells: dict[Cell, Verdict], claim: Record, about: str
) -> ClaimVerdict:
    cell = cells["device_type", claim["device_type"], claim["symptom"]]
    if cell.direction:
        outcome = _BY_DIRECTION[cell.direction]
        return ClaimVerdict(
            claim, about, outcome, (f"{cell.words}.", cell.reason), cell.findings, cell.best_sources
        )
    near = _related(catalogue, claim["device_type"])
    related = [
        (catalogue.subject_label(kind, subject), other)
        for (kind, subject, symptom), other in cells.items()
        if symptom == claim["symptom"] and other.tier and (kind, subject) in near
    ]
    if not related:
        return ClaimVerdict(
            claim,
            about,
            "not_studied",
            ("No study of this type or of a related method was found.",),
        )
    reasons = (
        "No study of this type was found.",
        *(f"{name}: {other.words}." for name, other in related),
    )
    findings = tuple(key for _, other in related for key in other.findings)
    sources = tuple(dict.fromkeys(key for _, other in related for key in other.best_sources))
    return ClaimVerdict(claim, about, "related", reasons, findings, sources)


def _related(catalogue: Catalogue, device_type: str) -> frozenset[Subject]:
    """Return techniques and features of the type's products, and massage by hand."""
    return catalogue.type_parts(device_type) | set(map(Subject.type, catalogue.methods))


def _in_general(
    catalogue: Catalogue, cells: dict[Cell, Verdict], claim: Record, about: str
) -> ClaimVerdict:
    studied = [
        (catalogue.subject_label(kind, subject), cell)
        for (kind, subject, symptom), cell in cells.items()
        if kind == "device_type" and symptom == claim["symptom"] and cell.tier
    ]
    ids = tuple(key for _, cell in studied for key in cell.findings)
    _, direction = judge(catalogue.row("evidence", key) for key in ids)
    if direction is None:
        return ClaimVerdict(claim, about, "not_studied", ("No study of any type was found.",))
    reasons = tuple(f"{name}: {cell.words}." for name, cell in studied)
    sources = tuple(dict.fromkeys(key for _, cell in studied for key in cell.best_sources))
    return ClaimVerdict(claim, about, _BY_DIRECTION[direction], reasons, ids, sources)


def _checked(catalogue: Catalogue, claim: Record, about: str) -> ClaimVerdict:
    """Judge a claim about no single symptom by the findings that were made to check it."""
    rows = [catalogue.row("evidence", key) for key in claim["evidence_ids"]]
    _, direction = judge(rows)
    # No difference in a test of this very claim contradicts it.
    outcome = (
        "contradicted"
        if direction == "no_difference"
        else _BY_DIRECTION[direction]
        if direction
        else "not_studied"
    )
    lead = _CHECKED[outcome]
    sources = tuple(dict.fromkeys(row["source_id"] for row in rows))
    return ClaimVerdict(
        claim,
        about,
        outcome,
        (lead, *(row["finding"] for row in rows)),
        claim["evidence_ids"],
        sources,
    )


def _meets_cautions(catalogue: Catalogue, claim: Record, about: str) -> ClaimVerdict:
    """Compare a claim that recommends massagers to a group with the cautions for that group."""
    names = catalogue.names("risk_factors")
    reasons, sources = [], []
    for condition in claim["risk_factors"]:
        by_class: dict[tuple[int, str], list[str]] = {}
        for key, name in catalogue.names("device_types").items():
            cautions = cautions_for(catalogue, [Subject.type(key)], [condition])
            by_class.setdefault(grade(catalogue, cautions), []).append(name)
            sources += [source for caution in cautions for source in caution.source_ids]
        parts = [
            f"{within_sentence(label)}: {', '.join(types)}"
            for (_, label), types in sorted(by_class.items())
        ]
        reasons.append(f"{names[condition]}: {'; '.join(parts)}.")
    cleared = [
        row for row in catalogue.records("clearances") if "good health" in str(row["population"])
    ]
    numbers = ", ".join(row["k_number"] for row in cleared)
    what = f"{len(cleared)} US clearances of home leg compressors"
    reasons.append(f"{what} mention people in good health ({numbers}).")
    sources += [row["source_id"] for row in cleared]
    return ClaimVerdict(claim, about, "cautions", tuple(reasons), (), tuple(dict.fromkeys(sources)))


def claim_frame(verdicts_of_claims: tuple[ClaimVerdict, ...]) -> pd.DataFrame:
    """Return the table of claims and their outcomes."""
    return pd.DataFrame(
        [
            {
                "Claim": item.claim["claim"],
                "About": item.about,
                "What studies say": OUTCOMES[item.outcome],
                "Why": " ".join(item.reasons),
            }
            for item in verdicts_of_claims
        ]
    )
