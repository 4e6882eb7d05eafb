"""The verdicts of one symptom or of one type in plain sentences, in the published order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from legwise.rules.shortlist import verdict_rank
from legwise.rules.verdicts import Cell, Verdict, plain_sentence, subjects
from legwise.tables.catalogue import Catalogue


@dataclass(frozen=True)
class VerdictLine:
    """One verdict: the name that tells it from the others of its list, and what was found."""

    name: str
    sentence: str
    verdict: Verdict


def verdict_lines(
    catalogue: Catalogue, cells: Mapping[Cell, Verdict], *, subject: str = "", symptom: str = ""
) -> tuple[list[VerdictLine], dict[str, list[VerdictLine]]]:
    """Return the cells of one symptom, or of one subject, that have a verdict, best first.

    The second value has the cells without one: what is known in words → lines. Names are those of
    subjects in the list of a symptom, of symptoms in the list of a subject. The sentences do not
    begin with the symptom: name or heading says it.
    """
    names = catalogue.names("symptoms")
    labels = {pair.id: catalogue.subject_label(*pair) for pair in subjects(catalogue)}
    lines = []
    for (_, key, its_symptom), verdict in cells.items():
        if subject in ("", key) and symptom in ("", its_symptom):
            about, of = names[its_symptom], labels[key]
            name = of if symptom else about
            lines.append(VerdictLine(name, plain_sentence(verdict, of), verdict))
    lines.sort(key=lambda line: (verdict_rank(line.verdict), line.name.casefold()))
    others: dict[str, list[VerdictLine]] = {}
    for line in lines:
        if not line.verdict.tier:
            others.setdefault(line.verdict.words, []).append(line)
    return [line for line in lines if line.verdict.tier], others


def directions_by_symptom(cells: Mapping[Cell, Verdict]) -> dict[str, Counter[str | None]]:
    """Return symptom → direction → number of subjects; ``None`` counts those without a verdict."""
    counts: dict[str, Counter[str | None]] = {}
    for (_, _, symptom), verdict in cells.items():
        counts.setdefault(symptom, Counter())[verdict.direction] += 1
    return counts
