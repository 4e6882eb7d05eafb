"""What studies show: the verdict of a cell (subject × symptom) and the findings behind it.

Two scales are kept apart and never blended: the *tier* says how strong the best kind of study is
(OCEBM 2011 levels for treatment questions), the *direction* says which way the findings point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from legwise.rules.wording import (
    GLYPHS,
    IN_GENERAL,
    LINES,
    SAYS,
    SENTENCES,
    STATE_WORDS,
    TIER_WORDS,
    count,
)
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from legwise.tables.subjects import UNKNOWN_TYPE, Subject

State = Literal["studied", "filtered", "claimed", "searched", "unsearched"]
Claimed = Literal["", "type", "general"]
#: Subject kind, subject, symptom.
Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Verdict:
    """What is known of one subject and one symptom.

    ``tier`` is 1 (systematic reviews), 2 (randomised trials), 3 (other studies) or ``None`` if no
    finding has a level. ``studies`` counts works, not findings. ``participants`` adds the largest
    number each work states; reviews may pool trials that are listed too, so people may count twice.
    ``claimed`` is "type" if the article claims it of this type, "general" if it claims it of leg
    massage in general, else empty.
    """

    subject_kind: str
    subject: str
    symptom: str
    state: State
    tier: int | None
    direction: str | None
    studies: int
    participants: int
    findings: tuple[str, ...]
    claimed: Claimed
    #: Population groups of the findings that have a level, in the order of the vocabulary.
    populations: tuple[str, ...] = ()
    #: Works of the best level, newest first.
    best_sources: tuple[str, ...] = ()
    #: Direction → number of deciding findings that have it.
    read_from: tuple[tuple[str, int], ...] = ()

    @property
    def reason(self) -> str:
        """The reason for the verdict, in one sentence."""
        if self.tier is None or self.direction is None:
            return f"{self.words[0].upper()}{self.words[1:]}."
        number = sum(number for _, number in self.read_from)
        counts = (f"{number} {direction_words(direction)}" for direction, number in self.read_from)
        return LINES["reason"].format(
            direction=direction_words(self.direction),
            findings=count(number, "finding"),
            levels="1 and 2" if self.tier < 3 else "3 and 4",
            counts=", ".join(counts),
            best=TIER_WORDS[self.tier],
        )

    @property
    def words(self) -> str:
        """The verdict in one line of plain words."""
        if self.state != "studied" or self.tier is None or self.direction is None:
            words = STATE_WORDS[self.state]
            return words.replace("claimed", IN_GENERAL, 1) if self.claimed == "general" else words
        return LINES["studied"].format(
            sign=GLYPHS[self.direction],
            direction=direction_words(self.direction),
            best=TIER_WORDS[self.tier],
            studies=count(self.studies, "study"),
            people=self.people,
        )

    @property
    def people(self) -> str:
        """How many people took part, as the end of a list; empty if no study states it."""
        people = count(self.participants, "person")
        return LINES["people"].format(people=people) if self.participants else ""


def direction_words(direction: str) -> str:
    """Write a direction within a sentence: "no difference"."""
    return direction.replace("_", " ")


def plain_sentence(verdict: Verdict, subject: str, symptom: str = "") -> str:
    """Say a verdict in plain sentences; ``subject`` and ``symptom`` are names as in the tables.

    They begin with the symptom if it is given.

    "All" and "most" (more than half) count the deciding findings, and the numbers are beside them.
    The words never say more than that: not how much it helped, nor whom.
    """
    about = f"For {within_sentence(symptom)}, " if symptom else ""
    case: str = verdict.state
    if verdict.state in ("claimed", "searched"):
        case = verdict.claimed or "none"
    values = {"subject": within_sentence(subject)}
    if verdict.tier is not None:
        values |= {
            "studies": count(verdict.studies, "study"),
            "people": verdict.people,
            "result": _result(verdict),
            "best": TIER_WORDS[verdict.tier],
        }
    return about + SENTENCES[case].format_map(values)


def _result(verdict: Verdict) -> str:
    """Say what the deciding findings say."""
    (direction, most), *others = sorted(verdict.read_from, key=lambda pair: -pair[1])
    number = most + sum(votes for _, votes in others)
    says, counted = SAYS[direction]
    rest = ", ".join(f"{votes} {SAYS[other][1]}" for other, votes in others)
    if not others:
        case = {1: "one", 2: "both"}.get(number, "all")
    else:
        case = "most" if 2 * most > number else "differ"
    counts = f"{most} {counted}, {rest}"
    return SENTENCES[case].format(says=says, number=number, most=most, rest=rest, counts=counts)


def deciding(findings: Iterable[Mapping[Any, Any]]) -> list[Mapping[Any, Any]]:
    """Return the findings that decide the direction.

    They are those of OCEBM levels 1 and 2 if there are any, else those of levels 3 and 4. Findings
    without a level (guidelines, regulators, narrative reviews, articles) are never judged.
    """
    levelled = [finding for finding in findings if not pd.isna(finding["level"])]
    return [finding for finding in levelled if finding["level"] <= 2] or levelled


def judge(findings: Iterable[Mapping[Any, Any]]) -> tuple[int | None, str | None]:
    """Return tier and direction of the findings of one type and symptom.

    The tier is the best level present (levels 3 and 4 are one tier). The direction is that of the
    deciding findings; if they differ, it is mixed. Both are ``None`` if no finding has a level.
    """
    decisive = deciding(findings)
    if not decisive:
        return None, None
    tier = min(3, *(int(finding["level"]) for finding in decisive))
    directions = {finding["direction"] for finding in decisive}
    return tier, directions.pop() if len(directions) == 1 else "mixed"


def judge_cells(findings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per subject and symptom that has a finding with a level."""
    cells = findings.dropna(subset=["level"]).groupby(["subject_kind", "subject", "symptom"])
    rows = []
    for cell, inside in cells:
        tier, direction = judge(inside[["level", "direction"]].to_dict("records"))
        works = list(inside["source_id"].unique())
        rows.append([*cell, tier, direction, inside["level"].min(), len(works), works])
    columns = ["tier", "direction", "best_level", "works", "finding_sources"]
    return pd.DataFrame(rows, columns=["subject_kind", "subject", "symptom", *columns])


def devices_by_symptom(
    devices: pd.DataFrame, symptoms: pd.DataFrame, findings: pd.DataFrame, claims: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per device and symptom, with what was found for its type.

    A claim without a type counts for all types.
    """
    judged = judge_cells(findings[findings["subject_kind"] == "device_type"])
    judged = judged.drop(columns="subject_kind").rename(
        columns={"subject": "device_type", "works": "studies"}
    )
    rows = devices.merge(symptoms[["symptom"]], how="cross")
    rows = rows.merge(judged, on=["device_type", "symptom"], how="left")
    claimed = set(zip(claims["device_type"].fillna("any"), claims["symptom"], strict=True))
    pairs = zip(rows["device_type"], rows["symptom"], strict=True)
    is_claimed = [
        (kind, symptom) in claimed or ("any", symptom) in claimed for kind, symptom in pairs
    ]
    state = pd.Series(is_claimed, rows.index).map({True: "claimed", False: "searched"})
    rows["state"] = state.mask(rows["tier"].notna(), "studied")
    # A type that only a list from elsewhere has.
    rows.loc[rows["device_type"] == "type_not_listed", "state"] = "unsearched"
    rows["tier"] = rows["tier"].map("{:.0f}".format, na_action="ignore")
    return rows


def verdicts(
    catalogue: Catalogue, findings: Iterable[Record] | None = None, *, claims: bool = True
) -> dict[Cell, Verdict]:
    """Return the verdict of every cell, subjects in the order of the evidence map.

    ``findings`` may narrow the evidence table (default: all rows); a cell that loses all findings
    with a level is "filtered". Without ``claims`` no cell is "claimed".
    """
    if findings is None and claims:
        return dict(catalogue.once(_all_verdicts))
    return _verdicts(catalogue, findings, claims=claims)


def _all_verdicts(catalogue: Catalogue) -> dict[Cell, Verdict]:
    return _verdicts(catalogue, None, claims=True)


def _verdicts(
    catalogue: Catalogue, findings: Iterable[Record] | None, *, claims: bool
) -> dict[Cell, Verdict]:
    whole = _by_cell(catalogue.records("evidence"))
    kept = whole if findings is None else _by_cell(findings)
    studied = {cell for cell, rows in whole.items() if judge(rows)[0]}
    return {
        (kind, subject, symptom): _verdict(
            catalogue,
            (kind, subject, symptom),
            kept.get((kind, subject, symptom), []),
            hidden=(kind, subject, symptom) in studied,
            claims=claims,
        )
        for kind, subject in subjects(catalogue)
        for symptom in catalogue.keys("symptoms")
    }


def _by_cell(findings: Iterable[Record]) -> dict[Cell, list[Record]]:
    cells: dict[Cell, list[Record]] = {}
    for finding in findings:
        cells.setdefault(
            (finding["subject_kind"], finding["subject"], finding["symptom"]), []
        ).append(finding)
    return cells


def subjects(catalogue: Catalogue) -> tuple[Subject, ...]:
    """Return the rows of the evidence map: devices, garments, methods, techniques, features."""
    methods = catalogue.methods
    other = {Subject.of(row) for row in catalogue.records("evidence")}
    devices = [key for key in catalogue.keys("device_types") if key not in methods]
    return (
        *map(Subject.type, (*devices, *methods)),
        *sorted((subject for subject in other if not subject.is_type), reverse=True),
    )


def subject_group(catalogue: Catalogue, kind: str, subject: str) -> str:
    """Return the heading of a subject in the evidence map."""
    if kind != "device_type":
        return "Techniques and features"
    row = catalogue.row("device_types", subject)
    return (
        catalogue.package["device_types"]["family"].labels[row["family"]]
        if row["kind"] == "method"
        else "Devices and garments"
    )


def findings_of(catalogue: Catalogue, ids: Iterable[str]) -> tuple[Record, ...]:
    """Return the findings with those ids, best level first, then newest source first."""
    rows = _newest_first(catalogue, (catalogue.row("evidence", key) for key in ids))
    return tuple(
        sorted(
            rows, key=lambda finding: int(finding["level"]) if is_stated(finding["level"]) else 9
        )
    )


def _verdict(
    catalogue: Catalogue, cell: Cell, findings: Sequence[Record], *, hidden: bool, claims: bool
) -> Verdict:
    kind, subject, symptom = cell
    tier, direction = judge(findings)
    levelled = [finding for finding in findings if is_stated(finding["level"])]
    people: dict[str, int] = {}
    for finding in levelled:
        number = int(finding["participants"]) if is_stated(finding["participants"]) else 0
        people[finding["source_id"]] = max(number, people.get(finding["source_id"], 0))
    top = min((finding["level"] for finding in levelled), default=None)
    best = [finding for finding in levelled if finding["level"] == top]
    claimed: Claimed = _claimed(catalogue, cell) if claims else ""
    labels = catalogue.package["evidence"]
    groups = {finding["population_group"] for finding in levelled}
    votes = [finding["direction"] for finding in deciding(levelled)]
    return Verdict(
        subject_kind=kind,
        subject=subject,
        symptom=symptom,
        state=_state(subject, tier, hidden=hidden, claimed=bool(claimed)),
        tier=tier,
        direction=direction,
        studies=len(people),
        participants=sum(people.values()),
        findings=tuple(finding["evidence_id"] for finding in findings),
        claimed=claimed,
        populations=tuple(group for group in labels["population_group"].labels if group in groups),
        best_sources=tuple(
            dict.fromkeys(finding["source_id"] for finding in _newest_first(catalogue, best))
        ),
        read_from=tuple(
            (vote, votes.count(vote)) for vote in labels["direction"].labels if vote in votes
        ),
    )


def _state(subject: str, tier: int | None, *, hidden: bool, claimed: bool) -> State:
    if subject == UNKNOWN_TYPE:
        return "unsearched"
    return "studied" if tier else "filtered" if hidden else "claimed" if claimed else "searched"


def _newest_first(catalogue: Catalogue, findings: Iterable[Record]) -> list[Record]:
    return sorted(
        findings, key=lambda finding: -(catalogue.sources([finding["source_id"]])[0].year or 0)
    )


def _claimed(catalogue: Catalogue, cell: Cell) -> Claimed:
    kind, subject, symptom = cell
    if kind != "device_type" or subject == UNKNOWN_TYPE:
        return ""
    about = {
        claim["device_type"] for claim in catalogue.records("claims") if claim["symptom"] == symptom
    }
    if subject in about:
        return "type"
    return "general" if any(not is_stated(device_type) for device_type in about) else ""
