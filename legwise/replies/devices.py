"""Replies about devices: the list, one device, one type, and what a search finds."""

from __future__ import annotations

from dataclasses import replace

from legwise.answers.devices import PAGE_SIZE, Answer, listed_devices, shown_devices
from legwise.answers.disagreements import disagreements
from legwise.answers.profiles import (
    ABOUT_TYPES,
    EvidenceLine,
    Ruling,
    clearances,
    evidence_lines,
    fact_groups,
    legal_classes,
    price_range,
    price_words,
    profile_table,
    typical_features,
)
from legwise.answers.query import DeviceQuery, describe
from legwise.answers.relaxations import FEW, relaxations
from legwise.answers.search import search_or_nearest
from legwise.answers.side_by_side import item_name
from legwise.answers.similar import similar_devices
from legwise.facets.codes import Counts, NumberCounts
from legwise.facets.filters import Choice
from legwise.links.detail import DetailState
from legwise.links.find import FIND, FindState
from legwise.links.form import Scope
from legwise.links.home import HomeState
from legwise.replies.reply import (
    Json,
    Reply,
    address,
    as_values,
    caution,
    of_frame,
    of_rows,
    record,
    value,
    works,
)
from legwise.rules.cautions import NO_PROOF, acceptances, cautions_for
from legwise.rules.shortlist import AREAS
from legwise.tables.catalogue import Catalogue
from legwise.tables.subjects import Subject
from legwise.text.units import counted

#: Most hits of a kind in a search.
MOST_HITS = 50


def devices(scope: Scope, state: FindState) -> Reply:
    """Return the device list: rows, honest counts of every filter, and what would give more."""
    catalogue, query = scope.catalogue, state.query
    answer = scope.index.ask(query)
    table = catalogue.package["devices"]
    fields = [table[name] for name in state.columns or table.listed]

    def rows(some: slice) -> list[dict[str, Json]]:
        keys = answer.keys(some)
        return [
            {
                "id": item.device,
                "name": item.name,
                "type": item.device_type,
                "summary": item.summary or None,
                **({"caution": item.caution} if query.conditions else {}),
                "notices": list(item.notices),
                "facts_stated": item.facts,
                "values": {
                    field.name: value(catalogue.row("devices", item.device)[field.name])
                    for field in fields
                },
                "texts": {field.name: text for field, text in item.cells},
                "source": item.page or None,
                "link": address("device", _of(item.device, query.conditions)),
            }
            for item in listed_devices(catalogue, keys, fields, query.conditions)
        ]

    return Reply(
        describe(query, catalogue, answer.total, answer.of),
        answer.total,
        rows,
        lambda some: shown_devices(catalogue, answer.keys(some), fields, query.conditions).frame,
        {
            "of": answer.of,
            "columns": {field.name: field.heading for field in fields},
            "counts": {name: _counts(counts) for name, counts in answer.counts.items()},
            "without": dict(answer.without),
            "instead": _instead(scope, state, answer),
        },
        usual=PAGE_SIZE,
        page=query.page,
    )


def _of(key: str, conditions: tuple[str, ...]) -> dict[str, list[str]]:
    return {"id": [key], "condition": list(conditions)}


def _counts(counts: Counts) -> Json:
    if isinstance(counts, NumberCounts):
        bands = [{"low": band.low, "high": band.high, "rows": n} for band, n in counts.bands]
        return {**as_values(replace(counts, bands=())), "bands": bands}
    return dict(counts.counts)


def _instead(scope: Scope, state: FindState, answer: Answer) -> list[dict[str, Json]]:
    """Return what would give more devices, where few match."""
    if answer.total > FEW:
        return []
    return [
        {
            "words": step.words,
            "link": address("find", FIND.encode(replace(state, query=step.query), scope)),
        }
        for step in relaxations(scope.index, answer)
    ]


def device(scope: Scope, state: DetailState) -> Reply:
    """Return all that is known of one device."""
    catalogue, key = scope.catalogue, state.id
    subjects = catalogue.device_subjects(key)
    groups, cautions = fact_groups(catalogue, key), cautions_for(catalogue, subjects)
    evidence = evidence_lines(catalogue, subjects[0])
    row, table = catalogue.row("devices", key), catalogue.package["devices"]
    cleared = str(value(row["regulatory"]) or "")
    named, others = clearances(catalogue, row["device_type"], cleared)
    shown = profile_table(catalogue, groups=groups, evidence=evidence, cautions=cautions)
    return of_frame(
        f"All that is known of {item_name(catalogue, ('device', key))}. {ABOUT_TYPES}",
        shown.frame,
        more={
            "device": record(table, row),
            "name": catalogue.device_name(key),
            "price": price_words(catalogue, key),
            "facts": as_values(groups),
            **_about(catalogue, row["device_type"], subjects, state.conditions, evidence),
            "similar": [
                {
                    "id": item.device,
                    "name": catalogue.device_name(item.device),
                    "reasons": item.reasons,
                }
                for item in similar_devices(catalogue, key)
            ],
            "clearances": _rulings(catalogue, named),
            "clearances_of_type": _rulings(catalogue, others),
        },
    )


def device_type(scope: Scope, state: DetailState) -> Reply:
    """Return all that is known of one device type."""
    catalogue, key = scope.catalogue, state.id
    subject = Subject.type(key)
    evidence = evidence_lines(catalogue, subject)
    of_type = DeviceQuery(filters=(("device_type", Choice((key,))),))
    products = scope.index.ask(of_type, counts=False)
    features = typical_features(catalogue, key) if products.total else ()
    shown = profile_table(
        catalogue,
        features=features,
        evidence=evidence,
        cautions=cautions_for(catalogue, [subject]),
    )
    cleared, _ = clearances(catalogue, key), ()
    return of_frame(
        f"All that is known of {catalogue.names('device_types')[key]}",
        shown.frame,
        more={
            "type": record(catalogue.package["device_types"], catalogue.row("device_types", key)),
            "products": products.total,
            "price": price_range(catalogue, key) if products.total else None,
            "features": [{**as_values(item), "words": item.words} for item in features],
            **_about(catalogue, key, (subject,), state.conditions, evidence),
            "clearances": _rulings(catalogue, (*cleared[0], *cleared[1])),
        },
    )


def _about(
    catalogue: Catalogue,
    key: str,
    subjects: tuple[Subject, ...],
    conditions: tuple[str, ...],
    evidence: tuple[EvidenceLine, ...],
) -> dict[str, Json]:
    """Return what the pages of a device and of a type share; ``key`` is the type."""
    every = cautions_for(catalogue, subjects)
    mine = [item for item in every if item.risk_factor in conditions]
    return {
        "evidence": [
            {
                "symptom": line.symptom,
                "sentence": line.sentence,
                "sign": line.sign or None,
                "verdict": as_values(line.verdict),
                "sources": works(catalogue, line.verdict.best_sources),
            }
            for line in evidence
        ],
        "cautions_for_conditions": [caution(catalogue, item) for item in mine],
        "cautions": [caution(catalogue, item) for item in every],
        "acceptances": [
            record(catalogue.package["not_a_bar"], row)
            for row in acceptances(catalogue, key, conditions)
        ],
        "cautions_note": NO_PROOF,
        "disagreements": [
            {
                "kind": matter.kind,
                "about": matter.about,
                "sides": [
                    {"text": side.text, "sources": works(catalogue, side.source_ids)}
                    for side in matter.sides
                ],
            }
            for matter in disagreements(catalogue, key, subjects)
        ],
        "legal_classes": _rulings(catalogue, legal_classes(catalogue, key)),
    }


def _rulings(catalogue: Catalogue, rulings: tuple[Ruling, ...]) -> list[dict[str, Json]]:
    return [
        {"title": item.title, "text": item.text, "sources": works(catalogue, item.source_ids)}
        for item in rulings
    ]


def hits(scope: Scope, state: HomeState) -> Reply:
    """Return what a text finds, else what comes nearest: by kind, as on the home page."""
    import pandas as pd

    catalogue = scope.catalogue
    matches, near = search_or_nearest(catalogue, state.text, MOST_HITS)
    about = f"{'nearest to' if near else 'for'} “{state.text}”"
    kinds = {
        "device": (matches.devices, "device", "id"),
        "type": (matches.types, "type", "id"),
        "symptom": (matches.symptoms, "symptoms", "symptom"),
        "condition": (matches.conditions, "risks", "condition"),
    }
    rows = [
        {"kind": kind, "id": key, "name": name, "link": address(page, {parameter: [key]})}
        for kind, (some, page, parameter) in kinds.items()
        for key, name in some.names.items()
    ]
    areas = list(state.areas)
    return of_rows(
        f"{counted(matches.total, 'hit')} {about}" if state.text else "Search for a word",
        rows,
        pd.DataFrame(rows, columns=["kind", "id", "name", "link"]),
        more={
            "hits": {kind: some.total for kind, (some, _, _) in kinds.items()},
            "areas": {
                "match": address("match", {"area": areas}),
                "find": address("find", {AREAS: areas}),
            }
            if areas
            else {},
        },
    )
