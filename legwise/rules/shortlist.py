"""A shortlist of device types for symptoms and conditions, by a published rule without weights.

The rule is lexicographic; each step only breaks the ties of the steps before it:

1. types without a contraindication for the stated conditions before types with one;
2. if features are needed: types with a product that states them all and is not contraindicated,
   before types without one;
3. better verdicts first: the verdicts on the chosen symptoms, sorted from best to worst, are
   compared one by one. Benefit comes before mixed, then unclear or claimed, then not studied, then
   no difference, then harm; within benefit, the better kind of study comes first;
4. types that were studied before types of which only a technique or feature was studied;
5. types tried on people like the user before others;
6. alphabetical order.

A caution never hides a type. Nothing here recommends a type: the list orders what is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from legwise.rules.cautions import NOTHING_RECORDED_LABEL, Caution, cautions_for, worst
from legwise.rules.verdicts import Cell, Verdict, verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.subjects import Subject

#: Steps of the rule in words, as shown on screen.
RULE = (
    "Types without a contraindication for what you stated come before types with one.",
    "If you need features: types with a product that states all of them and is not "
    "contraindicated come before types without one.",
    "Better verdicts first: benefit (systematic reviews, then randomised trials, then other "
    "studies), mixed, unclear or claimed, not studied, no difference, harm.",
    "Types that were studied come before types of which only a technique or feature was studied.",
    "Types tried on people like you come before others.",
    "Then alphabetical order.",
)
BY = {
    "any": "By hand or with a device",
    "hand": "By hand only",
    "device": "With a device or garment",
}


@dataclass(frozen=True)
class Wish:
    """What the user states: symptoms, conditions, features, budget (USD), by hand or not."""

    symptoms: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    budget: float | None = None
    by: str = "any"


@dataclass(frozen=True)
class Match:
    """One device type, with the reasons for its rank in words.

    ``reasons`` has one line per chosen symptom, ``against`` what speaks against the type,
    ``unknown`` what is not known. ``unmet`` says which needed features no product of it offers, and
    is empty if one states them all. ``meets`` are products that state every need, ``ask_seller``
    those that leave some open, ``barred`` those that are contraindicated.
    """

    device_type: str
    name: str
    contraindicated: bool
    cautions: tuple[Caution, ...]
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    unknown: tuple[str, ...]
    unmet: str
    meets: tuple[str, ...]
    ask_seller: tuple[tuple[str, tuple[str, ...]], ...]
    barred: tuple[str, ...]


def verdict_rank(verdict: Verdict) -> int:
    """Return the rank of a verdict in the third step of the rule; smaller is better."""
    if verdict.direction == "benefit" and verdict.tier:
        return verdict.tier
    if verdict.direction:
        return {"mixed": 4, "unclear": 5, "no_difference": 7, "harm": 8}[verdict.direction]
    return 5 if verdict.state == "claimed" else 6


def rank_device_types(catalogue: Catalogue, wish: Wish) -> tuple[Match, ...]:
    """Return every type that the wish admits, in the order of the rule."""
    cells = verdicts(catalogue)
    kinds = {row["device_type"]: row["kind"] for row in catalogue.records("device_types")}
    products = _Products(catalogue, wish)
    keyed = []
    for key, kind in kinds.items():
        if wish.by == "any" or (kind == "method") == (wish.by == "hand"):
            match = _match(catalogue, cells, products, key)
            judged = [cells["device_type", key, symptom] for symptom in wish.symptoms]
            order = (
                match.contraindicated,
                bool(match.unmet),
                sorted(verdict_rank(verdict) for verdict in judged),
                _directness(catalogue, cells, key, wish.symptoms),
                not _tried_on_like(catalogue, judged, wish.conditions),
                match.name.casefold(),
            )
            keyed.append((order, match))
    return tuple(match for _, match in sorted(keyed, key=lambda pair: pair[0]))


def _match(
    catalogue: Catalogue, cells: dict[Cell, Verdict], products: _Products, key: str
) -> Match:
    wish = products.wish
    symptoms, names = catalogue.names("symptoms"), catalogue.names("risk_factors")
    # A needed feature counts as part of the type if one of its products has it.
    needed = [
        Subject("feature", name)
        for name, has in products.has.items()
        if np.any(has & (products.types == key))
    ]
    cautions = cautions_for(catalogue, [Subject.type(key), *needed], wish.conditions)
    reasons, unknown = [], []
    against = [f"{caution.label}: {caution.reason} ({caution.basis})" for caution in cautions]
    unmet = products.unmet(key)
    if unmet:
        against.append(unmet)
    for symptom in wish.symptoms:
        verdict = cells["device_type", key, symptom]
        reason = f"{symptoms[symptom]}: {verdict.words}."
        reasons.append(reason)
        if verdict.direction in ("harm", "no_difference"):
            against.append(reason)
        if verdict.tier is None:
            unknown.append(
                f"Whether it does anything for {symptoms[symptom].lower()}: no study was found."
            )
    for condition in wish.conditions:
        if not any(caution.risk_factor == condition for caution in cautions):
            nothing = NOTHING_RECORDED_LABEL.lower()
            unknown.append(f"{names[condition]}: {nothing}, which is not proof of safety.")
    meets, ask_seller, barred = products.of_type(key)
    return Match(
        device_type=key,
        name=catalogue.names("device_types")[key],
        contraindicated=worst(cautions) == "contraindicated",
        cautions=cautions,
        reasons=tuple(reasons),
        against=tuple(against),
        unknown=tuple(unknown),
        unmet=unmet,
        meets=meets,
        ask_seller=ask_seller,
        barred=barred,
    )


def _directness(
    catalogue: Catalogue, cells: dict[Cell, Verdict], key: str, symptoms: tuple[str, ...]
) -> int:
    """Return 0 if the type was studied for a chosen symptom, 1 if only a part of it was, else 2."""
    if any(cells["device_type", key, symptom].tier for symptom in symptoms):
        return 0
    pairs = [
        (kind, part, symptom) for kind, part in catalogue.type_parts(key) for symptom in symptoms
    ]
    return 1 if any(pair in cells and cells[pair].tier for pair in pairs) else 2


def _tried_on_like(
    catalogue: Catalogue, judged: list[Verdict], conditions: tuple[str, ...]
) -> bool:
    """Whether a study on a chosen symptom was made on people with such conditions."""
    groups = {
        catalogue.row("risk_factors", condition)["population_group"] for condition in conditions
    }
    return any(group in groups for verdict in judged for group in verdict.populations)


class _Products:
    """How products meet a wish, as masks over all rows: there may be a million."""

    def __init__(self, catalogue: Catalogue, wish: Wish) -> None:
        self.catalogue, self.wish = catalogue, wish
        self.table = catalogue.package["devices"]
        self.frame = frame = catalogue["devices"]
        self.types = frame["device_type"].to_numpy()
        #: Feature → mask of the products that state it.
        self.has = {name: _mask(frame[name]) for name in wish.features}
        over = (
            np.zeros(len(frame), dtype=bool)
            if wish.budget is None
            else _mask(frame[self.table.price.name] > wish.budget)
        )
        self.admitted = np.logical_and.reduce(
            [~over, *(_mask(frame[name].fillna(True)) for name in wish.features)]
        )
        self.barred = self._barred()

    def _barred(self) -> np.ndarray:
        """Return a mask of the products that are contraindicated, by type, technique or feature."""
        parts = {
            (row["subject_kind"], row["subject"])
            for row in self.catalogue.records("cautions")
            if row["severity"] == "contraindicated" and row["risk_factor"] in self.wish.conditions
        }
        barred = np.isin(self.types, [subject for kind, subject in parts if kind == "device_type"])
        techniques = {subject for kind, subject in parts if kind == "technique"}
        if techniques:
            barred |= np.fromiter(
                (not techniques.isdisjoint(cell) for cell in self.frame["techniques"]),
                bool,
                len(barred),
            )
        for item in self.table.features:
            if ("feature", item.name) in parts:
                barred |= _mask(self.frame[item.name])
        return barred

    def unmet(self, key: str) -> str:
        """Say which needs no product of a type meets; empty if one that is not barred meets all."""
        if not self.has:
            return ""
        of_type = self.types == key
        lacking = [name for name, has in self.has.items() if not np.any(has & of_type)]
        whole = np.logical_and.reduce([of_type, *self.has.values()])
        nouns = [self.table[name].noun for name in lacking or self.has]
        if lacking:
            return f"No product of this type states {' or '.join(nouns)}."
        if not np.any(whole):
            return f"No product of this type states {' and '.join(nouns)} together."
        if np.any(whole & ~self.barred):
            return ""
        which = f"Every product of this type that states {' and '.join(nouns)}"
        return f"{which} is contraindicated for what you stated."

    def of_type(
        self, key: str
    ) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]:
        """Return products of a type: meeting every need, leaving some open (with these), barred.

        Products that state most come first.
        """
        rows = np.flatnonzero((self.types == key) & self.admitted)
        rows = rows[np.argsort(-self.catalogue.facts_stated(self.table)[rows], kind="stable")]
        needs = [
            *self.wish.features,
            *([self.table.price.name] if self.wish.budget is not None else []),
        ]
        missing = np.zeros(len(rows), dtype=np.int64)  # one bit per need
        for bit, name in enumerate(needs):
            missing |= self.frame[name].isna().to_numpy(dtype=bool)[rows].astype(np.int64) << bit
        titles = {
            code: tuple(self.table[name].title for bit, name in enumerate(needs) if code >> bit & 1)
            for code in np.unique(missing).tolist()
        }
        barred = self.barred[rows]
        kept, open_ = ~barred & (missing == 0), ~barred & (missing != 0)
        keys = self.catalogue.keys_at
        asked = zip(
            keys("devices", rows[open_]),
            (titles[code] for code in missing[open_].tolist()),
            strict=True,
        )
        return (
            tuple(keys("devices", rows[kept])),
            tuple(asked),
            tuple(keys("devices", rows[barred])),
        )


def _mask(cells: pd.Series) -> np.ndarray:
    """Return the cells as a mask, False where missing."""
    return cells.fillna(False).to_numpy(dtype=bool)
