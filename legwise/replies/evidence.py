"""Replies about evidence and care: findings and verdicts, cautions and risk factors, the list."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from legwise.answers.absolute_numbers import numbers_of
from legwise.answers.overview import shared_cautions, type_lines, wish_words
from legwise.answers.risk_factors import (
    chosen_ratios,
    effect_frame,
    effect_sentence,
    effects,
    on_outcome,
    risk_frame,
)
from legwise.answers.verdict_lines import VerdictLine, verdict_lines
from legwise.charts.risk_factors import flow_table
from legwise.links.form import Scope
from legwise.links.match import MatchState
from legwise.links.risks import RISK_TABS, RisksState
from legwise.links.symptoms import SymptomsState
from legwise.replies.reply import (
    Json,
    Reply,
    as_values,
    caution,
    of_frame,
    of_rows,
    record,
    works,
)
from legwise.rules.cautions import (
    NO_PROOF,
    Contraindication,
    acceptances,
    cautions_by_subject,
    conditions,
    grade,
    worst,
)
from legwise.rules.claims import judge_claims
from legwise.rules.findings import dropped_frame, finding_table, on_cell, select_findings
from legwise.rules.red_flags import sign_groups
from legwise.rules.shortlist import RULE, Match, rank_device_types, shortfall
from legwise.rules.verdicts import plain_sentence, subjects, verdicts
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.subjects import Subject
from legwise.text.units import counted

CONTRAINDICATED = {
    Contraindication.NONE: "no",
    Contraindication.IN_PART: "in part",
    Contraindication.OUTRIGHT: "yes",
}


def findings(scope: Scope, state: SymptomsState) -> Reply:
    """Return the findings that count, the verdicts read from them, and what was dropped, and why.

    Rows are the findings that the page's download has.
    """
    catalogue, wanted = scope.catalogue, state.wanted
    selection = select_findings(catalogue, wanted)
    cells = verdicts(catalogue, selection.kept, claims=wanted.claims)
    shown = tuple(on_cell(selection.kept, state.subject, state.symptom))
    lines, others = verdict_lines(catalogue, cells, subject=state.subject, symptom=state.symptom)
    about = [
        catalogue.subject_label(kind, key)
        for kind, key in subjects(catalogue)
        if key == state.subject
    ]
    about += [catalogue.names("symptoms")[state.symptom]] if state.symptom else []
    claims = [
        item
        for item in judge_claims(catalogue)
        if state.subject in ("", item.claim["device_type"])
        and state.symptom in ("", item.claim["symptom"])
    ]
    of = f" on {' and '.join(about)}" if about else ""
    return of_rows(
        f"{counted(len(shown), 'finding')}{of}",
        [_finding(catalogue, row) for row in shown],
        finding_table(catalogue, shown).frame,
        more={
            "verdicts": [
                _verdict(catalogue, line)
                for line in (*lines, *(line for group in others.values() for line in group))
            ],
            "claims": [
                {
                    **as_values(item.claim),
                    "outcome": item.outcome,
                    "reasons": list(item.reasons),
                    "sources": works(catalogue, item.source_ids),
                }
                for item in claims
            ]
            if wanted.claims
            else [],
            "dropped": dropped_frame(catalogue, selection).to_dict("records"),
        },
    )


def _finding(catalogue: Catalogue, row: Record) -> dict[str, Json]:
    return {
        **record(catalogue.package["evidence"], row),
        "of_100": _of_100(catalogue, row["evidence_id"]),
        "source": works(catalogue, [row["source_id"]])[0],
    }


def _of_100(catalogue: Catalogue, key: str) -> list[Json]:
    """Return the sentences on numbers of 100 that a finding or an effect states."""
    return [item.sentence for item in numbers_of(catalogue).get(key, [])]


def _verdict(catalogue: Catalogue, line: VerdictLine) -> dict[str, Json]:
    verdict = line.verdict
    label = catalogue.subject_label(verdict.subject_kind, verdict.subject)
    return {
        **as_values(verdict),
        "about": label,
        "words": verdict.words,
        "sentence": plain_sentence(verdict, label, catalogue.names("symptoms")[verdict.symptom]),
        "reason": verdict.reason,
    }


def risks(scope: Scope, state: RisksState) -> Reply:
    """Return what the open tab shows: cautions, risk factors, effect sizes or a pathway."""
    answers = {"mine": _cautions, "factors": _factors, "effects": _effects, "pathways": _pathways}
    return answers[state.tab](scope.catalogue, state)


def _cautions(catalogue: Catalogue, state: RisksState) -> Reply:
    """Return one row per type: its cautions for the conditions, most severe first."""
    grouped = cautions_by_subject(catalogue, state.conditions)
    types = catalogue.names("device_types")
    its = {key: grouped.get(Subject.type(key), ()) for key in types}
    names = catalogue.names("risk_factors")
    grades = {key: grade(catalogue, cautions) for key, cautions in its.items()}
    keys = sorted(its, key=grades.__getitem__) if state.conditions else []
    rows = [
        {
            "type": key,
            "name": types[key],
            "severity": worst(its[key]),
            "severity_label": grades[key][1],
            "cautions": [caution(catalogue, item) for item in its[key]],
            "acceptances": [
                record(catalogue.package["not_a_bar"], row)
                for row in acceptances(catalogue, key, state.conditions)
            ],
        }
        for key in keys
    ]
    texts = [
        [types[key], grades[key][1], "; ".join(item.label for item in its[key])] for key in keys
    ]
    chosen = ", ".join(names[key] for key in state.conditions)
    return of_rows(
        f"{RISK_TABS[state.tab]}: {chosen}. {NO_PROOF}"
        if chosen
        else "Choose conditions to see, for every type of device, what to avoid, and who says so.",
        rows,
        pd.DataFrame(texts, columns=["Type", "Most severe", "Cautions"]),
        more={"conditions": conditions(catalogue), "cautions_note": NO_PROOF},
    )


def _factors(catalogue: Catalogue, state: RisksState) -> Reply:
    rows = state.factors(catalogue)
    table = catalogue.package["risk_factors"]
    return of_rows(
        counted(len(rows), "risk factor"),
        [record(table, row) for row in rows],
        risk_frame(catalogue, rows),
    )


def _effects(catalogue: Catalogue, state: RisksState) -> Reply:
    ratios, words = effects(catalogue, state.side_by_side)
    chosen, words = chosen_ratios(ratios, state.outcome), on_outcome(words, state.outcome)
    rows = [*chosen, *words]
    return of_rows(
        f"{counted(len(chosen), 'ratio')}, and {counted(len(words), 'result')} not given as one",
        [_effect(catalogue, row) for row in rows],
        effect_frame(catalogue, rows),
    )


def _effect(catalogue: Catalogue, row: Record) -> dict[str, Json]:
    return {
        **record(catalogue.package["risk_effects"], row),
        "sentence": effect_sentence(catalogue, row),
        "of_100": _of_100(catalogue, row["effect_id"]),
        "source": works(catalogue, [row["source_id"]])[0],
    }


def _pathways(catalogue: Catalogue, state: RisksState) -> Reply:
    name = catalogue.names("risk_factors").get(state.flow, "")
    table = flow_table(catalogue, state.flow) if name else pd.DataFrame()
    return of_frame(f"What {name} leads to, and the types studied for that", table)


def shortlist(scope: Scope, state: MatchState) -> Reply:
    """Return the shortlist: one row per type, with its reasons, cautions and products.

    As on the page, there is none before the question about warning signs is answered with none.
    """
    catalogue, wish = scope.catalogue, state.wish
    signs = [
        {
            "line": group.line,
            "action": group.action,
            "signs": [record(catalogue.package["red_flags"], row) for row in group.signs],
        }
        for group in sign_groups(catalogue)
    ]
    if state.signs == "some":
        summary = "Do not use a device or massage now. Follow the advice next to that sign now."
    elif not state.signs:
        summary = "Answer the question about warning signs first: signs=none or signs=some."
    elif not wish.symptoms:
        summary = "Choose at least one symptom."
    else:
        return _shortlist(catalogue, state, rank_device_types(catalogue, wish), signs)
    return of_frame(summary, pd.DataFrame(), more={"warning_signs": signs})


def _shortlist(
    catalogue: Catalogue, state: MatchState, matches: Sequence[Match], signs: list[dict[str, Json]]
) -> Reply:
    wish = state.wish
    shared = shared_cautions(matches)
    lines = type_lines(catalogue, wish, matches)
    rows = []
    for line, match in zip(lines, matches, strict=True):
        row = as_values(line)
        row |= {
            "reasons": list(match.reasons),
            "against": list(match.against),
            "unknown": list(match.unknown),
            "cautions": [caution(catalogue, item) for item in match.cautions],
            "acceptances": [
                record(catalogue.package["not_a_bar"], accepted)
                for accepted in acceptances(catalogue, match.device_type, wish.conditions)
            ],
            # Products of a contraindicated type are not a shortlist.
            "fits": [] if match.contraindicated else list(match.meets[:MOST_PRODUCTS]),
            "ask_seller": []
            if match.contraindicated
            else [
                {"id": key, "not_stated": list(missing)}
                for key, missing in match.ask_seller[:MOST_PRODUCTS]
            ],
        }
        rows.append(row)
    texts = [
        {
            "Rank": line.rank,
            "Type": line.name,
            "Contraindicated?": CONTRAINDICATED[match.contraindication],
            "Verdicts": "; ".join(match.reasons),
            "Strongest caution": line.caution,
            "Products": line.products,
            "Not known": "; ".join(match.unknown),
        }
        for line, match in zip(lines, matches, strict=True)
    ]
    return of_rows(
        wish_words(catalogue, wish),
        rows,
        pd.DataFrame(texts),
        more={
            "rule": list(RULE),
            "shortfall": list(shortfall(catalogue, wish, matches)),
            "shared_cautions": [caution(catalogue, item) for item in shared],
            "cautions_note": NO_PROOF,
            "warning_signs": signs,
        },
    )


#: Most products named of one type.
MOST_PRODUCTS = 50
