"""All that is known of one device or one type, as values: facts, evidence, cautions, prices.

What a product's page states and what was found for its whole type are never put together: studies
are about types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from legwise.facets.tallies import Condition, Every, Has, Not, Some, States, tallies
from legwise.rules.cautions import Caution
from legwise.rules.shortlist import verdict_rank
from legwise.rules.verdicts import Verdict, plain_sentence, verdicts
from legwise.rules.wording import GLYPHS
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import NOT_STATED_LABEL, Field, Table
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject
from legwise.text.cells import format_cell, format_device_cell, format_price, with_unit
from legwise.text.shown import Shown
from legwise.text.units import counted

#: Shown wherever a product's page shows studies.
ABOUT_TYPES = "Studies are about types, not single products."


@dataclass(frozen=True)
class Fact:
    """One stated fact: its text, what the column means, and the page where it was read, if any.

    A fact that follows from the kind of product was read nowhere. ``links`` are pages that the
    fact itself consists of.
    """

    title: str
    text: str
    help: str
    link: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactGroup:
    """A group of the descriptor: what is stated, and the titles of what is not."""

    title: str
    facts: tuple[Fact, ...]
    missing: tuple[str, ...]


def fact_groups(catalogue: Catalogue, device: str) -> tuple[FactGroup, ...]:
    """Return every stated fact of a device in the groups of the descriptor.

    Raises:
        KeyError: no such device.
    """
    table, row = catalogue.package["devices"], catalogue.row("devices", device)
    groups = []
    for name, title in catalogue.package.groups:
        fields = [item for item in table.fields if item.group == name and _is_shown(table, item)]
        facts = tuple(_fact(table, item, row) for item in fields if is_stated(row[item.name]))
        missing = tuple(item.noun for item in fields if item.fact and not is_stated(row[item.name]))
        if facts or missing:
            groups.append(FactGroup(title, facts, missing))
    return tuple(groups)


def _is_shown(table: Table, item: Field) -> bool:
    """Whether a column is a fact of its own: not the name, the summary, or the date of another."""
    dates = {other.dated_by for other in table.fields}
    return item.name not in (*table.named_by, table.summary, *dates)


def _fact(table: Table, item: Field, row: Record) -> Fact:
    if item.name == table.page:
        return Fact(item.title, "", item.description, links=(row[item.name],))
    if item.is_list and not item.labels and item.group:
        return Fact(item.title, "", item.description, links=row[item.name])
    by_kind = bool(item.implied_by) and item.name in row[item.implied_by]
    link = "" if by_kind or item.implied_by == item.name else row[table.page]
    return Fact(item.title, format_device_cell(item, row), item.description, link)


def price_words(catalogue: Catalogue, device: str) -> str:
    """Return the price with the date when it was seen: "749 USD (seen 2025)"; else not stated."""
    table, row = catalogue.package["devices"], catalogue.row("devices", device)
    price = table.price
    if not is_stated(row[price.name]):
        return NOT_STATED_LABEL
    return format_device_cell(price, row)


@dataclass(frozen=True)
class EvidenceLine:
    """What studies of a subject say of one symptom, in plain sentences, with the verdict's sign."""

    symptom: str
    name: str
    sentence: str
    sign: str
    verdict: Verdict

    @property
    def studied(self) -> bool:
        """Whether a study with a level was found."""
        return self.verdict.tier is not None


def evidence_lines(catalogue: Catalogue, subject: Subject) -> tuple[EvidenceLine, ...]:
    """Return one line per symptom: studied ones first, best first by the rule of the shortlist.

    Ties: more studies first, then the order of the symptoms.
    """
    cells = verdicts(catalogue)
    label = catalogue.subject_label(*subject)
    lines = []
    for symptom, name in catalogue.names("symptoms").items():
        verdict = cells.get((*subject, symptom))
        if verdict:
            sign = GLYPHS[verdict.direction] if verdict.direction else ""
            sentence = plain_sentence(verdict, label, name)
            lines.append(EvidenceLine(symptom, name, sentence, sign, verdict))
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                not line.studied,
                verdict_rank(line.verdict),
                -line.verdict.studies,
            ),
        )
    )


@dataclass(frozen=True)
class ConditionClass:
    """The conditions whose most severe caution has that severity: (id, name, has limits)."""

    severity: str
    label: str
    conditions: tuple[tuple[str, str, bool], ...]


def conditions_by_class(
    catalogue: Catalogue, cautions: Iterable[Caution]
) -> tuple[ConditionClass, ...]:
    """Return the conditions that cautions name, by the most severe class of each.

    A condition has limits if each of its cautions of that class is limited to some cases.
    """
    first: dict[str, Caution] = {}
    for caution in cautions:  # most severe first, and of those the ones without limits
        first.setdefault(caution.risk_factor, caution)
    names = catalogue.names("risk_factors")
    classes = []
    for severity, label in catalogue.package["cautions"]["severity"].labels.items():
        inside = [
            (key, names[key], bool(caution.limits))
            for key, caution in first.items()
            if caution.severity == severity
        ]
        if inside:
            ordered = sorted(inside, key=lambda item: item[1].casefold())
            classes.append(ConditionClass(severity, label, tuple(ordered)))
    return tuple(classes)


@dataclass(frozen=True)
class FeatureShare:
    """How many products of a type state a yes/no feature, and how.

    ``by_kind`` are those whose answer follows from what they are.
    """

    title: str
    yes: int
    no: int
    of: int
    by_kind: int

    @property
    def words(self) -> str:
        """Return "12 of 31 state it: 10 yes, 2 no"."""
        stated = self.yes + self.no
        if not stated:
            return f"none of {self.of:,} states it{self._tail}"
        verb = "states" if stated == 1 else "state"
        return f"{stated:,} of {self.of:,} {verb} it: {self.yes:,} yes, {self.no:,} no{self._tail}"

    @property
    def _tail(self) -> str:
        return f"; for {self.by_kind:,} it follows from their kind" if self.by_kind else ""


def typical_features(catalogue: Catalogue, device_type: str) -> tuple[FeatureShare, ...]:
    """Return, for each yes/no fact, how many products of the type state it and how."""
    table = catalogue.package["devices"]
    fields = [item for item in table.facts if item.type == "boolean"]
    products = tallies(catalogue).only(Has("device_type", (device_type,)))
    sums = [part for item in fields for part in _answers(table, item)]
    (counts,) = products.tally((), sums).values() or ([0] * (1 + len(sums)),)
    shares = [
        FeatureShare(item.title, yes, no, counts[0], by_kind)
        for item, yes, no, by_kind in zip(
            fields, counts[1::3], counts[2::3], counts[3::3], strict=True
        )
    ]
    return tuple(sorted(shares, key=lambda share: (-share.yes - share.no, share.title)))


def _answers(table: Table, item: Field) -> tuple[Condition, Condition, Condition]:
    """Return when a row says yes, when it says no, and when that follows from its kind."""
    implied: Condition = Has(table.implied, (item.name,)) if table.implied else Some(())
    yes, no = (Every((Has(item.name, (answer,)), Not(implied))) for answer in (True, False))
    return yes, no, implied


def price_range(catalogue: Catalogue, device_type: str) -> str:
    """Say what products of the type cost, and how many state it: "25 to 990 USD (9 of 36 …)"."""
    price = catalogue.package["devices"].price
    products = tallies(catalogue).only(Has("device_type", (device_type,)))
    spread = products.spread([price.name])[price.name]
    if spread is None:
        return f"none of {counted(products.size, 'product')} states a price"
    low, high = format_price(spread.low), format_price(spread.high)
    amount = with_unit(low if low == high else f"{low} to {high}", price.unit)
    when = ""
    if price.dated_by:
        days = products.only(States(price.name)).values([price.dated_by])[price.dated_by]
        dates = sorted({str(day)[:4] for day in days if day is not None})
        if dates:
            span = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
            when = f", seen {span}"
    return f"{amount} ({spread.stated:,} of {products.size:,} state a price{when})"


@dataclass(frozen=True)
class Ruling:
    """A legal class or a clearance in words, with its sources."""

    title: str
    text: str
    source_ids: tuple[str, ...]


def legal_classes(catalogue: Catalogue, device_type: str) -> tuple[Ruling, ...]:
    """Return how rules of each jurisdiction class the type."""
    table = catalogue.package["regulation"]
    return tuple(
        Ruling(
            table["jurisdiction"].labels[row["jurisdiction"]],
            ". ".join(
                part
                for part in (
                    f"{row['title']}: "
                    + (
                        format_cell(table["device_class"], row["device_class"])
                        if is_stated(row["device_class"])
                        else "class not seen"
                    )
                    + f" ({row['regulation']})",
                    f"{table['premarket'].title}: {row['premarket']}"
                    if is_stated(row["premarket"])
                    else "",
                    row["note"] if is_stated(row["note"]) else "",
                )
                if part
            ),
            row["source_ids"],
        )
        for row in catalogue.records("regulation")
        if Subject.of(row) == Subject.type(device_type)
    )


def clearances(
    catalogue: Catalogue, device_type: str, named_in: str = ""
) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
    """Return the clearances whose number stands in ``named_in``, and the others of the type."""
    named: list[Ruling] = []
    others: list[Ruling] = []
    table = catalogue.package["clearances"]
    for row in catalogue.records("clearances"):
        by_number = row["k_number"] in named_in
        if not by_number and row["device_type"] != device_type:
            continue
        details = [
            f"{field.title}: {format_cell(field, row[field.name])}"
            for field in table.fields
            if field.name in ("date_cleared", "intended_use", "population")
            and is_stated(row[field.name])
        ]
        ruling = Ruling(
            f"{row['k_number']}, {row['device_name']}", ". ".join(details), (row["source_id"],)
        )
        (named if by_number else others).append(ruling)
    return tuple(named), tuple(others)


def profile_table(
    catalogue: Catalogue,
    *,
    groups: Iterable[FactGroup] = (),
    features: Iterable[FeatureShare] = (),
    evidence: Iterable[EvidenceLine] = (),
    cautions: Iterable[Caution] = (),
) -> Shown:
    """Return what a page shows of one device or type as one table to take away."""
    rows = [
        *_fact_rows(groups),
        *(("Products of the type", share.title, share.words, "") for share in features),
        *(
            ("Evidence", line.name, line.sentence, _works(catalogue, line.verdict.best_sources))
            for line in evidence
        ),
        *(
            (
                "Cautions",
                caution.condition,
                f"{caution.label}: {caution.reason}",
                _works(catalogue, caution.source_ids),
            )
            for caution in cautions
        ),
    ]
    return Shown(pd.DataFrame(rows, columns=["Part", "About", "What is known", "Sources"]), {})


def _fact_rows(groups: Iterable[FactGroup]) -> Iterator[tuple[str, str, str, str]]:
    for group in groups:
        for fact in group.facts:
            yield group.title, fact.title, fact.text or "\n".join(fact.links), fact.link
        if group.missing:
            yield group.title, "Not stated", ", ".join(group.missing), ""


def _works(catalogue: Catalogue, ids: Iterable[str]) -> str:
    return "\n".join(f"{item.citation} {item.link}" for item in catalogue.sources(ids))
