"""Where sources disagree about a subject: who says what, side by side. Nobody is declared right.

Four kinds are looked for:

* statements that accept the type for a condition that other sources advise caution with;
* cautions for one condition that differ in severity, each on works that the other lacks;
* studies of the type that differ on a symptom (a mixed verdict);
* claims of the starting article that studies or safety advice do not bear out.

Limits explain many of these: "acute only" and "always" may both be true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from legwise.rules.cautions import Caution, acceptances, cautions_for
from legwise.rules.claims import OUTCOMES, Outcome, judge_claims
from legwise.rules.verdicts import Verdict, plain_sentence, verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject

Kind = Literal["acceptance", "severity", "studies", "claim"]
#: Kind → what disagrees, as a heading.
KINDS: dict[Kind, str] = {
    "acceptance": "Accepted by some",
    "severity": "How strict",
    "studies": "Mixed studies",
    "claim": "Claims",
}
#: Outcomes of claims that agree with what is known, or that nobody could check.
_AGREED: tuple[Outcome, ...] = ("supported", "no_effect_claimed")


@dataclass(frozen=True)
class Side:
    """What one side says, and the sources that say it."""

    text: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class Disagreement:
    """One matter that sources disagree on. ``about`` is a condition, a symptom or a claim."""

    kind: Kind
    about: str
    sides: tuple[Side, ...]


def disagreements(
    catalogue: Catalogue, device_type: str, subjects: Collection[Subject] = ()
) -> tuple[Disagreement, ...]:
    """Return what sources disagree on about a type: cautions first, then studies, then claims.

    ``subjects`` are those that a product of the type inherits cautions from (default: the type).

    Raises:
        KeyError: no such type.
    """
    name = catalogue.names("device_types")[device_type]
    cautions: dict[str, list[Caution]] = {}
    for caution in cautions_for(catalogue, subjects or [Subject.type(device_type)]):
        cautions.setdefault(caution.risk_factor, []).append(caution)
    cells = verdicts(catalogue)
    mixed = [
        cell
        for symptom in catalogue.keys("symptoms")
        if (cell := cells["device_type", device_type, symptom]).direction == "mixed"
    ]
    return (
        *sorted(
            _conditions(catalogue, device_type, cautions),
            key=lambda item: (list(KINDS).index(item.kind), item.about.casefold()),
        ),
        *_studies(catalogue, name, mixed),
        *_claims(catalogue, device_type, cautions, {cell.symptom for cell in mixed}),
    )


def _conditions(
    catalogue: Catalogue, device_type: str, cautions: dict[str, list[Caution]]
) -> Iterator[Disagreement]:
    accepted: dict[str, list[Side]] = {}
    for row in acceptances(catalogue, device_type, cautions):
        side = Side(row["statement"], row["source_ids"])
        accepted.setdefault(row["risk_factor"], []).append(side)
    names = catalogue.names("risk_factors")
    for condition, its in cautions.items():
        against = [Side(f"{item.label}: {item.reason}", item.source_ids) for item in its]
        if condition in accepted:
            yield Disagreement("acceptance", names[condition], (*accepted[condition], *against))
        elif _differ(catalogue, its):
            yield Disagreement("severity", names[condition], tuple(against))


def _differ(catalogue: Catalogue, cautions: list[Caution]) -> bool:
    """Whether cautions of one condition differ in severity, each on works that the other lacks.

    One work may well name two severities, each with its limits: that is no dispute.
    """
    works: dict[str, set[str]] = {}
    for caution in cautions:
        works.setdefault(caution.severity, set()).update(
            source.copy_of or source.source_id for source in catalogue.sources(caution.source_ids)
        )
    return any(one - other and other - one for one, other in combinations(works.values(), 2))


def _studies(catalogue: Catalogue, name: str, mixed: list[Verdict]) -> Iterator[Disagreement]:
    symptoms = catalogue.names("symptoms")
    for cell in mixed:
        symptom = symptoms[cell.symptom]
        side = Side(plain_sentence(cell, name, symptom), cell.best_sources)
        yield Disagreement("studies", symptom, (side,))


def _claims(
    catalogue: Catalogue,
    device_type: str,
    cautions: Collection[str],
    mixed: Collection[str],
) -> Iterator[Disagreement]:
    for item in judge_claims(catalogue):
        claim = item.claim
        of_type = claim["device_type"] == device_type
        # A claim about a group of people is made of devices in general.
        for_group = not is_stated(claim["device_type"]) and not set(cautions).isdisjoint(
            claim["risk_factors"]
        )
        if item.outcome in _AGREED or not (of_type or for_group):
            continue
        if item.outcome == "mixed" and claim["symptom"] in mixed:
            continue  # the studies of this symptom stand above
        reply = Side(f"{OUTCOMES[item.outcome]}. {item.reasons[0]}", item.source_ids)
        yield Disagreement(
            "claim",
            item.about,
            (Side(f"Claimed: “{claim['claim']}”", (claim["source_id"],)), reply),
        )
