"""A shortlist of device types for stated symptoms and conditions, by a published rule without weights.

The rule is lexicographic; each step only orders what the steps before it left equal:

1. types without a contraindication for the stated conditions before types with one;
2. better verdicts first: the verdicts over the chosen symptoms, put from best to worst, are compared one
   after the other. Benefit stands before mixed, then unclear or claimed, then not studied, then no
   difference, then harm; within benefit the better kind of study stands first;
3. types studied themselves before types of which only a technique or feature was studied;
4. types tried on people like the one who asks before others;
5. the alphabet.

A caution never hides a type. Nothing here advises for a type: the list orders what is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from legwise.catalogue import Catalogue, is_stated
from legwise.evidence import Cell, Verdict, verdicts
from legwise.safety import NOTHING_RECORDED_LABEL, Caution, cautions_for, worst

#: Steps of the rule in words, as they are shown.
RULE = (
    "No contraindication for what you stated, before any.",
    "Better verdicts first: benefit (systematic reviews, then randomised trials, then other studies), mixed, "
    "unclear or claimed, not studied, no difference, harm.",
    "Studied themselves, before only a technique or feature of theirs.",
    "Tried on people like you, before others.",
    "Then the alphabet.",
)
BY = {"any": "By hand or with a device", "hand": "By hand only", "device": "With a device or garment"}


@dataclass(frozen=True)
class Wish:
    """What someone states: symptoms, conditions, needed features, most to pay in US dollars, by hand or not."""

    symptoms: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    budget: float | None = None
    by: str = "any"


@dataclass(frozen=True)
class Match:
    """One device type in its place, with the reasons in words.

    ``reasons`` has one line for every chosen symptom, ``against`` what speaks against it, ``unknown`` what
    is not known. ``meets`` are products that state every need, ``ask_seller`` those that leave one open,
    ``barred`` those that are contraindicated themselves, through a technique or feature of theirs.
    """

    device_type: str
    name: str
    contraindicated: bool
    cautions: tuple[Caution, ...]
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    unknown: tuple[str, ...]
    meets: tuple[str, ...]
    ask_seller: tuple[tuple[str, tuple[str, ...]], ...]
    barred: tuple[str, ...]


def verdict_rank(verdict: Verdict) -> int:
    """Place of a verdict in the rule's second step; smaller is better."""
    if verdict.direction == "benefit" and verdict.tier:
        return verdict.tier
    if verdict.direction:
        return {"mixed": 4, "unclear": 5, "no_difference": 7, "harm": 8}[verdict.direction]
    return 5 if verdict.state == "claimed" else 6


def rank_device_types(catalogue: Catalogue, wish: Wish) -> tuple[Match, ...]:
    """Return every type that the wish admits, in the order of the rule."""
    cells = verdicts(catalogue)
    kinds = {row["device_type"]: row["kind"] for row in catalogue.records("device_types")}
    keyed = []
    for key, kind in kinds.items():
        if wish.by == "any" or (kind == "method") == (wish.by == "hand"):
            match = _match(catalogue, cells, key, wish)
            found = [cells["device_type", key, symptom] for symptom in wish.symptoms]
            order = (
                match.contraindicated,
                sorted(verdict_rank(verdict) for verdict in found),
                _directness(catalogue, cells, key, wish.symptoms),
                not _tried_on_like(catalogue, found, wish.conditions),
                match.name.casefold(),
            )
            keyed.append((order, match))
    return tuple(match for _, match in sorted(keyed, key=lambda pair: pair[0]))


def _match(catalogue: Catalogue, cells: dict[Cell, Verdict], key: str, wish: Wish) -> Match:
    symptoms, names = catalogue.names("symptoms"), catalogue.names("risk_factors")
    # A needed feature counts as part of the type where its products have it.
    products = [row for row in catalogue.records("devices") if row["device_type"] == key]
    needed = [("feature", name) for name in wish.features if any(row[name] is True for row in products)]
    cautions = cautions_for(catalogue, [("device_type", key), *needed], wish.conditions)
    reasons, against, unknown = [], [], []
    for caution in cautions:
        via = f", through {catalogue.subject_label(caution.subject_kind, caution.subject).lower()}" if caution.indirect else ""
        condition = names[caution.risk_factor].lower()
        against.append(f"{caution.severity_label} with {condition}{via}: {caution.reason} ({caution.basis})")
    for symptom in wish.symptoms:
        verdict = cells["device_type", key, symptom]
        said = f"{symptoms[symptom]}: {verdict.words}."
        reasons.append(said)
        if verdict.direction in ("harm", "no_difference"):
            against.append(said)
        if verdict.tier is None:
            unknown.append(f"Whether it does anything for {symptoms[symptom].lower()}: no study was found.")
    for condition in wish.conditions:
        if not any(caution.risk_factor == condition for caution in cautions):
            unknown.append(f"{names[condition]}: {NOTHING_RECORDED_LABEL.lower()}, which is not proof of safety.")
    meets, ask_seller, barred = _products(catalogue, key, wish)
    return Match(
        device_type=key,
        name=catalogue.names("device_types")[key],
        contraindicated=worst(cautions) == "contraindicated",
        cautions=cautions,
        reasons=tuple(reasons),
        against=tuple(against),
        unknown=tuple(unknown),
        meets=meets,
        ask_seller=ask_seller,
        barred=barred,
    )


def _directness(catalogue: Catalogue, cells: dict[Cell, Verdict], key: str, symptoms: tuple[str, ...]) -> int:
    """0 where the type itself was studied for a chosen symptom, 1 where only what its products do was, else 2."""
    if any(cells["device_type", key, symptom].tier for symptom in symptoms):
        return 0
    pairs = [(kind, part, symptom) for kind, part in catalogue.type_parts(key) for symptom in symptoms]
    return 1 if any(pair in cells and cells[pair].tier for pair in pairs) else 2


def _tried_on_like(catalogue: Catalogue, found: list[Verdict], conditions: tuple[str, ...]) -> bool:
    """Whether a study on a chosen symptom was made on people with conditions of the same kind."""
    groups = {catalogue.row("risk_factors", condition)["population_group"] for condition in conditions}
    return any(group in groups for verdict in found for group in verdict.populations)


def _products(
    catalogue: Catalogue, key: str, wish: Wish
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]:
    table = catalogue.package["devices"]
    needs = [*wish.features, *(["price_usd"] if wish.budget is not None else [])]
    meets, ask_seller, barred = [], [], []
    for row in catalogue.records("devices"):
        if row["device_type"] != key or any(row[feature] is False for feature in wish.features):
            continue
        if wish.budget is not None and is_stated(row["price_usd"]) and row["price_usd"] > wish.budget:
            continue
        device = row["device_id"]
        missing = tuple(table[name].title for name in needs if not is_stated(row[name]))
        if worst(cautions_for(catalogue, catalogue.device_subjects(device), wish.conditions)) == "contraindicated":
            barred.append(device)
        elif missing:
            ask_seller.append((device, missing))
        else:
            meets.append(device)

    def most_said(device: str) -> int:
        return -catalogue.stated(table, device)[0]

    return (
        tuple(sorted(meets, key=most_said)),
        tuple(sorted(ask_seller, key=lambda pair: most_said(pair[0]))),
        tuple(sorted(barred, key=most_said)),
    )
