"""A shortlist of device types for symptoms and conditions, by a published rule without weights.

The rule is lexicographic; each step only breaks the ties of the steps before it:

1. types without a contraindication for the stated conditions before types contraindicated in part
   (all sources that bar them name some cases, places or ways of use only), and those before types
   contraindicated outright;
2. if features or areas of the body are needed: types with a product that states them all and is not
   contraindicated, before types without one; massage by hand is not asked for an area;
3. better verdicts first: the verdicts on the chosen symptoms, sorted from best to worst, are
   compared one by one. Benefit comes before mixed, then unclear or claimed, then not studied, then
   no difference, then harm; within benefit, the better kind of study comes first;
4. types that were studied before types of which only a technique or feature was studied;
5. types tried on people like the user before others;
6. alphabetical order.

A product fits if it states every need; one that leaves a need open is one to ask the seller about,
and one that states something else does not fit.

A caution never hides a type. Nothing here recommends a type: the list orders what is known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar, overload

import numpy as np
import pandas as pd

from legwise.facets.tallies import Above, Condition, Every, Has, Not, Some, States, tallies
from legwise.rules.cautions import (
    NOTHING_RECORDED_LABEL,
    Caution,
    Contraindication,
    cautions_for,
    contraindication,
)
from legwise.rules.verdicts import Cell, Verdict, verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.distinct import distinct_cells
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated, stated_cells
from legwise.tables.subjects import UNKNOWN_TYPE, Subject
from legwise.text.cells import format_number, with_unit
from legwise.text.units import counted

#: The published order of verdicts.
ORDER = (
    "benefit (systematic reviews, then randomised trials, then other studies), mixed, unclear or "
    "claimed, not studied, no difference, harm."
)
#: Steps of the rule in words, as shown on screen.
RULE = (
    "Types without a contraindication for what you stated come before types with one. Of those, "
    "types contraindicated in part come first: sources bar them in some cases, places or ways of "
    "use only.",
    "If you need features or areas of the body: types with a product that states all of them and "
    "is not contraindicated come before types without one. Massage by hand is not asked for an "
    "area.",
    f"Better verdicts first: {ORDER}",
    "Types that were studied come before types of which only a technique or feature was studied.",
    "Types tried on people like you come before others.",
    "Then alphabetical order.",
    "A product fits if it states every feature, area and price you need. If it leaves one open, "
    "ask the seller. If it states only other areas, lacks a feature or costs more, it does not "
    "fit.",
)
#: A bar in part counts: a reader may not know which part is theirs.
CONTRAINDICATED = "contraindicated for what you stated, at least in part"
#: Column of the products that names areas of the body.
AREAS = "body_areas"
BY = {
    "any": "By hand or with a device",
    "hand": "By hand only",
    "device": "With a device or garment",
}


@dataclass(frozen=True)
class Wish:
    """What the user states; the budget is in the unit of the prices."""

    symptoms: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    budget: float | None = None
    by: str = "any"
    areas: tuple[str, ...] = ()

    @property
    def needs_products(self) -> bool:
        """Whether something is needed that only a product can have."""
        return bool(self.features or self.areas) or self.budget is not None


@dataclass(frozen=True)
class Match:
    """One device type, with the reasons for its rank in words.

    ``verdicts`` and ``reasons`` have one entry per chosen symptom; ``against`` is what speaks
    against the type, ``unknown`` what is not known. ``lacking`` names the needs that no product of
    it states, ``unmet`` says so in a sentence and is empty if one product states them all.
    ``meets`` are products that state every need, ``ask_seller`` those that leave some open,
    ``barred`` those that are contraindicated, even in part: none of them is put forward.
    """

    device_type: str
    name: str
    contraindication: Contraindication
    cautions: tuple[Caution, ...]
    verdicts: tuple[Verdict, ...]
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    unknown: tuple[str, ...]
    lacking: str
    unmet: str
    #: Of many products, a list holds the first, and its length is their number.
    meets: Sequence[str]
    ask_seller: Sequence[tuple[str, tuple[str, ...]]]
    barred: Sequence[str]

    @property
    def contraindicated(self) -> bool:
        """Whether it is contraindicated for what was stated, at least in part."""
        return self.contraindication is not Contraindication.NONE


#: Direction or state → rank. Benefit has that of its tier, from 1 to 3.
RANKS = {"mixed": 4, "unclear": 5, "claimed": 5, "no_difference": 7, "harm": 8}
NOT_STUDIED = 6


def verdict_rank(verdict: Verdict) -> int:
    """Return the rank of a verdict in the third step of the rule; smaller is better."""
    if verdict.direction == "benefit" and verdict.tier:
        return verdict.tier
    return RANKS.get(verdict.direction or verdict.state, NOT_STUDIED)


def rank_device_types(catalogue: Catalogue, wish: Wish) -> tuple[Match, ...]:
    """Return every type that the wish admits, in the order of the rule.

    A type that is not listed here has no rank: no caution is recorded for it because nobody looked.
    """
    cells = verdicts(catalogue)
    products = _products(catalogue, wish)
    keyed = []
    for key in catalogue.keys("device_types"):
        admitted = wish.by == "any" or (key in catalogue.methods) == (wish.by == "hand")
        if admitted and key != UNKNOWN_TYPE:
            match = _match(catalogue, cells, products, key)
            judged = [cells["device_type", key, symptom] for symptom in wish.symptoms]
            order = (
                match.contraindication,
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
    needed = [Subject("feature", name) for name in wish.features if products.number(key, [name])]
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
            name = within_sentence(symptoms[symptom])
            unknown.append(f"Whether it does anything for {name}: no study was found.")
    for condition in wish.conditions:
        if not any(caution.risk_factor == condition for caution in cautions):
            nothing = within_sentence(NOTHING_RECORDED_LABEL)
            unknown.append(f"{names[condition]}: {nothing}, which is not proof of safety.")
    meets, ask_seller, barred = products.of_type(key)
    return Match(
        device_type=key,
        name=catalogue.names("device_types")[key],
        contraindication=contraindication(cautions),
        cautions=cautions,
        verdicts=tuple(cells["device_type", key, symptom] for symptom in wish.symptoms),
        reasons=tuple(reasons),
        against=tuple(against),
        unknown=tuple(unknown),
        lacking=products.in_words(products.lacking(key), "or"),
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


class _Products(ABC):
    """How products meet a wish: the sentences; what is counted says a subclass."""

    def __init__(self, catalogue: Catalogue, wish: Wish) -> None:
        self.catalogue, self.wish = catalogue, wish
        self.table = catalogue.package["devices"]
        #: What a product must state.
        self.needs = (*wish.features, *wish.areas)

    @abstractmethod
    def number(
        self,
        key: str | None,
        needs: Collection[str] = (),
        *,
        barred: bool | None = None,
        unpriced: bool = False,
    ) -> int:
        """Return how many products (of a type) state all those needs.

        ``barred`` counts only those that are contraindicated, or are not; ``unpriced`` only those
        that leave the price open.
        """

    @abstractmethod
    def of_type(
        self, key: str
    ) -> tuple[Sequence[str], Sequence[tuple[str, tuple[str, ...]]], Sequence[str]]:
        """Return products of a type: meeting every need, leaving some open (with these), barred.

        Products that state most come first.
        """

    def in_words(self, names: Collection[str], word: str) -> str:
        """Say features and areas within a sentence: "heat and use for the foot and calf"."""
        areas = [name for name in names if name in self.wish.areas]
        nouns = [self.table[name].noun for name in names if name not in areas]
        if areas:
            labels = [within_sentence(self.table[AREAS].label(area)) for area in areas]
            nouns.append(f"use for the {f' {word} '.join(labels)}")
        return f" {word} ".join(nouns)

    def lacking(self, key: str) -> list[str]:
        """Return the needs that no product of a type states."""
        asked = self.wish.features if key in self.catalogue.methods else self.needs
        return [name for name in asked if not self.number(key, [name])]

    def unmet(self, key: str) -> str:
        """Say which needs no product of a type meets; empty if one that is not barred meets all."""
        lacking = self.lacking(key)
        if lacking:
            return f"No product of this type states {self.in_words(lacking, 'or')}."
        if not self.needs or not self.number(key):
            return ""  # nothing is needed, or the areas only, which hands reach
        nouns = self.in_words(self.needs, "and")
        if not self.number(key, self.needs):
            return f"No product of this type states {nouns} together."
        if self.number(key, self.needs, barred=False):
            return ""
        which = f"Every product of this type that states {nouns}"
        return f"{which} is {CONTRAINDICATED}."

    def shortfall(self) -> tuple[str, ...]:
        """Say that no product meets every need, and how many leave the price open."""
        price, budget = self.table.price, self.wish.budget
        nouns = self.in_words(self.needs, "and")
        kept = self.number(None, self.needs, barred=False)
        limit = "" if budget is None else with_unit(format_number(budget), price.unit)
        if self.number(None, self.needs) and not kept:
            which = f"that states {nouns} " if nouns else ""
            lines = [f"Every product {which}is {CONTRAINDICATED}."]
        else:
            some = self.number(None, barred=True)
            which = "that is not contraindicated for what you stated " if some else ""
            at = f" at up to {limit}" if limit else ""
            lines = [f"No product {which}states {nouns or f'a {price.noun}'}{at}."]
        if budget is not None:
            number = self.number(None, self.needs, barred=False, unpriced=True)
            if nouns and number:
                one = "s" if number == 1 else ""
                lines.append(
                    f"{counted(number, 'product')} that state{one} {nouns} "
                    f"state{one} no {price.noun}."
                )
            of = self.number(None)
            priced = of - self.number(None, unpriced=True)
            lines.append(f"{priced:,} of {counted(of, 'product')} state a {price.noun}.")
        return tuple(lines)

    def _against(self) -> set[tuple[str, str]]:
        """Return (kind, id) of what is contraindicated for the stated conditions."""
        return {
            (row["subject_kind"], row["subject"])
            for row in self.catalogue.records("cautions")
            if row["severity"] == "contraindicated" and row["risk_factor"] in self.wish.conditions
        }


class _InMemory(_Products):
    """Products in memory, as masks over all rows: there may be a million."""

    def __init__(self, catalogue: Catalogue, wish: Wish) -> None:
        super().__init__(catalogue, wish)
        self.frame = frame = catalogue["devices"]
        self.keys = frame[self.table.key].array
        self.codes, types = pd.factorize(frame["device_type"].to_numpy())
        self.types = {key: code for code, key in enumerate(types)}
        #: Need → mask of the products that state it.
        self.has = {name: _mask(frame[name]) for name in wish.features}
        self.has |= {area: self._holds(AREAS, {area}) for area in wish.areas}
        #: Column → mask of the products that leave the need open.
        self.open = {name: frame[name].isna().to_numpy(dtype=bool) for name in wish.features}
        lacks = [_mask(~frame[name]) for name in wish.features]
        if wish.areas:
            self.open[AREAS] = ~stated_cells(frame[AREAS]).to_numpy()
            lacks += [~self.has[area] & ~self.open[AREAS] for area in wish.areas]
        if wish.budget is not None:
            price = frame[self.table.price.name]
            self.open[self.table.price.name] = price.isna().to_numpy(dtype=bool)
            lacks.append(_mask(price > wish.budget))
        self.admitted = ~np.logical_or.reduce([np.zeros(len(frame), dtype=bool), *lacks])
        self.barred = self._barred()
        self.by_type = self._by_type()

    def _holds(self, name: str, values: Collection[str]) -> np.ndarray:
        """Return a mask of the products whose list names one of those values."""
        codes, lists = distinct_cells(self.frame[name])
        named = np.array([not set(values).isdisjoint(cell) for cell in lists], dtype=bool)
        return np.asarray(named[codes])

    def _barred(self) -> np.ndarray:
        """Return a mask of the products that are contraindicated, by type, technique or feature."""
        parts = self._against()
        types = [("device_type", key) in parts for key in self.types]
        barred: np.ndarray = np.array(types, dtype=bool)[self.codes]
        techniques = {subject for kind, subject in parts if kind == "technique"}
        if techniques:
            barred |= self._holds("techniques", techniques)
        for item in self.table.features:
            if ("feature", item.name) in parts:
                barred |= _mask(self.frame[item.name])
        return barred

    def _by_type(self) -> dict[str, np.ndarray]:
        """Return type → its admitted rows; those that state most come first."""
        rows = np.flatnonzero(self.admitted)
        rows = rows[np.argsort(-self.catalogue.facts_stated(self.table)[rows], kind="stable")]
        codes = self.codes[rows]
        return {key: rows[codes == code] for key, code in self.types.items()}

    def number(
        self,
        key: str | None,
        needs: Collection[str] = (),
        *,
        barred: bool | None = None,
        unpriced: bool = False,
    ) -> int:
        """Return how many products (of a type) state all those needs."""
        if key is not None and key not in self.types:
            return 0
        masks = [self.has[name] for name in needs]
        masks += [] if key is None else [self.codes == self.types[key]]
        masks += [] if barred is None else [self.barred == barred]
        masks += [self.open[self.table.price.name]] if unpriced else []
        return int(np.count_nonzero(np.logical_and.reduce(masks))) if masks else len(self.frame)

    def of_type(
        self, key: str
    ) -> tuple[Sequence[str], Sequence[tuple[str, tuple[str, ...]]], Sequence[str]]:
        """Return products of a type: meeting every need, leaving some open (with these), barred."""
        rows = self.by_type.get(key, np.array([], dtype=np.intp))
        missing = np.zeros(len(rows), dtype=np.int64)  # one bit per need
        for bit, is_open in enumerate(self.open.values()):
            missing |= is_open[rows].astype(np.int64) << bit
        titles = {
            code: tuple(
                self.table[name].title for bit, name in enumerate(self.open) if code >> bit & 1
            )
            for code in np.unique(missing).tolist()
        }
        barred = self.barred[rows]
        kept, asked = ~barred & (missing == 0), ~barred & (missing != 0)

        def ids(some: np.ndarray) -> list[str]:
            return list(self.keys.take(rows[some]).tolist())

        def ids_and_titles(some: np.ndarray) -> list[tuple[str, tuple[str, ...]]]:
            return [*zip(ids(some), map(titles.__getitem__, missing[some].tolist()), strict=True)]

        return _listed(kept, ids), _listed(asked, ids_and_titles), _listed(barred, ids)


T = TypeVar("T")
#: Products of one type that a shortlist holds. They are kept for every wish: of more, it holds the
#: first, which are all that is shown, and their number.
MOST_HELD, MOST_FETCHED = 500, 50


def _listed(mask: np.ndarray, read: Callable[[np.ndarray], list[T]]) -> Sequence[T]:
    """Return what is read of some products of a type, those of a mask."""
    some = np.flatnonzero(mask)
    if len(some) <= MOST_HELD:
        return tuple(read(some))
    first = read(some[:MOST_FETCHED])
    return Fetched(len(some), lambda: first)


class Fetched(Sequence[T]):
    """A long list, or one in a database: how long it is, and its first items."""

    def __init__(self, size: int, fetch: Callable[[], Sequence[T]]) -> None:
        self._size, self._fetch = size, fetch

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, some: int) -> T: ...

    @overload
    def __getitem__(self, some: slice) -> Sequence[T]: ...

    def __getitem__(self, some: int | slice) -> T | Sequence[T]:
        return self._fetch()[some] if self._size else ()[some]

    def __iter__(self) -> Iterator[T]:
        return iter(self._fetch() if self._size else ())

    def __contains__(self, item: object) -> bool:
        return item in list(self)


class _Elsewhere(_Products):
    """Products in a database, which counts them by type and by how they meet each need."""

    def __init__(self, catalogue: Catalogue, wish: Wish) -> None:
        super().__init__(catalogue, wish)
        self.has: dict[str, Condition] = {name: Has(name, (True,)) for name in wish.features}
        self.has |= {area: Has(AREAS, (area,)) for area in wish.areas}
        stated = {name: States(name) for name in wish.features}
        lacks: list[Condition] = [Has(name, (False,)) for name in wish.features]
        if wish.areas:
            stated[AREAS] = States(AREAS)
            lacks += [Every((States(AREAS), Not(self.has[area]))) for area in wish.areas]
        if wish.budget is not None:
            stated[self.table.price.name] = States(self.table.price.name)
            lacks.append(Above(self.table.price.name, wish.budget))
        self.open: dict[str, Condition] = {name: Not(part) for name, part in stated.items()}
        self.lacks, self.barred = Some(tuple(lacks)), self._barred()
        self.groups = tallies(catalogue).tally(
            ("device_type", *self.has.values(), *self.open.values(), self.lacks, self.barred)
        )

    def _barred(self) -> Condition:
        """Return when a product is contraindicated: by type, technique or feature."""
        parts = self._against()
        columns = {"device_type": "device_type", "technique": "techniques"}
        conditions: list[Condition] = []
        for kind, column in columns.items():
            subjects = tuple(sorted(subject for its, subject in parts if its == kind))
            conditions += [Has(column, subjects)] if subjects else []
        conditions += [
            Has(item.name, (True,))
            for item in self.table.features
            if ("feature", item.name) in parts
        ]
        return Some(tuple(conditions))

    def number(
        self,
        key: str | None,
        needs: Collection[str] = (),
        *,
        barred: bool | None = None,
        unpriced: bool = False,
    ) -> int:
        """Return how many products (of a type) state all those needs."""
        wanted = {1 + list(self.has).index(name): True for name in needs}
        if unpriced:
            wanted[1 + len(self.has) + list(self.open).index(self.table.price.name)] = True
        if barred is not None:
            wanted[2 + len(self.has) + len(self.open)] = barred
        return self._count(key, wanted)

    def _count(self, key: str | None, wanted: Mapping[int, bool]) -> int:
        return sum(
            number
            for group, (number, *_) in self.groups.items()
            if key in (None, group[0])
            and all(group[position] == answer for position, answer in wanted.items())
        )

    def of_type(
        self, key: str
    ) -> tuple[Sequence[str], Sequence[tuple[str, tuple[str, ...]]], Sequence[str]]:
        """Return products of a type: meeting every need, leaving some open (with these), barred."""
        open_ = Some(tuple(self.open.values()))
        parts: dict[str, Condition] = {
            "meets": Every((Not(self.barred), Not(open_))),
            "asks": Every((Not(self.barred), open_)),
            "barred": self.barred,
        }
        opens = range(1 + len(self.has), 1 + len(self.has) + len(self.open))
        numbers = dict.fromkeys(parts, 0)
        for (kind, *bits), (number, *_) in self.groups.items():
            *_, lacks, barred = bits
            if kind == key and not lacks:
                asks = any((kind, *bits)[position] for position in opens)
                numbers["barred" if barred else "asks" if asks else "meets"] += number
        some = {name: parts[name] for name, number in numbers.items() if number}
        elsewhere = self.catalogue.elsewhere
        assert elsewhere is not None

        @cache
        def best() -> dict[str, list[str]]:
            admitted = Every((Has("device_type", (key,)), Not(self.lacks)))
            return elsewhere.best(admitted, some, MOST_FETCHED)

        def ask_seller() -> list[tuple[str, tuple[str, ...]]]:
            return [(device, self._left_open(device)) for device in best()["asks"]]

        return (
            Fetched(numbers["meets"], lambda: best()["meets"]),
            Fetched(numbers["asks"], ask_seller),
            Fetched(numbers["barred"], lambda: best()["barred"]),
        )

    def _left_open(self, device: str) -> tuple[str, ...]:
        """Return the titles of the needs that a product leaves open."""
        row = self.catalogue.row("devices", device)
        return tuple(self.table[name].title for name in self.open if not is_stated(row[name]))


def _products(catalogue: Catalogue, wish: Wish) -> _Products:
    return (_InMemory if catalogue.elsewhere is None else _Elsewhere)(catalogue, wish)


def shortfall(catalogue: Catalogue, wish: Wish, matches: Iterable[Match]) -> tuple[str, ...]:
    """Say that no product meets every need, and how many leave the price open.

    Empty if one does, or if nothing is asked that only a product can have.
    """
    if not wish.needs_products or wish.by == "hand" or any(match.meets for match in matches):
        return ()
    return _products(catalogue, wish).shortfall()


def _mask(cells: pd.Series) -> np.ndarray:
    """Return the cells as a mask, False where missing."""
    return cells.fillna(False).to_numpy(dtype=bool)
