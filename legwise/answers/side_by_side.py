"""Side by side: groups → rows → one cell per item, for devices, device types, or both.

A product's cells are what its page states. A type's cells sum up its products and say how many.
Evidence and cautions are in the same column as the features. The column without a device has what
studies tell of people without one, and no caution: that never says that there is no risk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from legwise.answers.absolute_numbers import (
    NOT_TOLD,
    Without,
    tells_of_nothing,
    types_with_numbers,
    without,
)
from legwise.answers.comparison import (
    NO_DEVICE,
    NO_PRODUCTS,
    NOTHING,
    Cell,
    Comparison,
    Group,
    Item,
    Part,
    Row,
)
from legwise.answers.devices import device_notices
from legwise.answers.type_facts import TypeFacts, says_of_a_type, type_facts
from legwise.facets.tallies import Every, Has
from legwise.rules.cautions import Caution, acceptances, cautions_for, nothing_recorded
from legwise.rules.verdicts import findings_of, verdicts
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import NOT_STATED_LABEL, Field, within_sentence
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject
from legwise.text.cells import format_cell, format_device_cell
from legwise.text.units import System, convert, counted

KEY_FACTS = "key_facts"
#: Columns that leave room for the reasons of every caution.
FEW_COLUMNS = 3
#: Most key facts.
MOST_FACTS = 8
#: Cells that are open at first, for the key facts and for the evidence: the more columns there are,
#: the longer the cells, and the rest is folded so that the page can be seen through. Cautions for a
#: chosen condition take as much room as so many rows.
OPEN_FACTS, OPEN_EVIDENCE, CAUTION_ROWS = 32, 36, 2
#: Rows of evidence that are open whatever else is, and rows too few to be folded.
FEWEST, TOO_FEW = 4, 2
#: Groups of what authorities and sources say of a product, not the product.
OFFICIAL = ("regulation", "sources")
#: The name of the column without a device, and everyday words that find it.
NOTHING_NAME, NOTHING_WORDS = "Do nothing", "no device, wait and see"
NOTHING_RISK = "Doing nothing has a risk too"
NOTHING_CAUTION = (
    f"No device, so no caution about one. {NOTHING_RISK}, and a warning sign needs a doctor."
)
NOTHING_TOLD = "No study here tells what happens without a device."
#: A fact of a device, in the column without one.
_NO_DEVICE = Cell(NO_DEVICE, stated=False, applies=False)


@dataclass(frozen=True)
class _Subject:
    """An item, with what its cells are computed from."""

    item: Item
    device_type: str
    subjects: tuple[Subject, ...]
    device: Record = field(default_factory=dict)
    #: What the products of a type state.
    products: TypeFacts | None = None


def compare(
    catalogue: Catalogue,
    items: Sequence[tuple[str, str]],
    conditions: Collection[str] = (),
    system: System = "metric",
    counted_before: Mapping[str, TypeFacts] | None = None,
) -> Comparison:
    """Build the comparison of (kind, id) pairs: kind is "device" or "type"; ``NOTHING`` is a pair.

    ``counted_before`` is what all products of each type state, where the tables do not have them.

    Raises:
        KeyError: an id is not in the tables, or they do not tell what happens without a device.
    """
    fields = compared_fields(catalogue, items)
    subjects = [_subject(catalogue, kind, key, fields, counted_before) for kind, key in items]
    groups = [
        *_caution_groups(catalogue, subjects, conditions),
        *_feature_groups(catalogue, subjects, system),
        _evidence_group(catalogue, subjects),
        _regulation_group(catalogue, subjects),
    ]
    features = [name for name, _ in catalogue.package.groups if name not in OFFICIAL]
    order = ["chosen_conditions", *features, "evidence", "cautions", "regulation", "sources"]
    merged: dict[str, Group] = {}
    for group in groups:
        known = merged.get(group.name)
        merged[group.name] = replace(known, rows=(*known.rows, *group.rows)) if known else group
    shown = sorted(
        (group for group in merged.values() if group.rows),
        key=lambda group: order.index(group.name),
    )
    return Comparison(tuple(subject.item for subject in subjects), tuple(shown))


def without_products(
    catalogue: Catalogue,
    items: Sequence[tuple[str, str]],
    conditions: Collection[str] = (),
    system: System = "metric",
) -> Comparison:
    """Compare what is no device among (kind, id) pairs by what does not depend on products.

    That is: evidence, cautions and law, for where a database cannot say what products state.
    """
    others = [item for item in items if item[0] != "device"]
    nothing = dict.fromkeys((key for _, key in others), TypeFacts(0, {}, {}))
    whole = compare(catalogue, others, conditions, system, nothing)
    kinds = catalogue.package["device_types"]["kind"].labels
    columns = (
        item
        if item.is_nothing
        else replace(item, subtitle=kinds[catalogue.row("device_types", item.key)["kind"]])
        for item in whole.items
    )
    of_products = {NO_PRODUCTS, NO_DEVICE}
    groups = (
        replace(group, rows=rows)
        for group in whole.groups
        if (rows := tuple(r for r in group.rows if not {c.text for c in r.cells} <= of_products))
    )
    return Comparison(tuple(columns), tuple(groups))


def compared_fields(catalogue: Catalogue, items: Sequence[tuple[str, str]]) -> list[Field]:
    """Return the columns of products that a comparison sums up for a type."""
    beside_device = any(kind == "device" for kind, _ in items)
    fields = catalogue.package["devices"].fields
    return [item for item in fields if beside_device or says_of_a_type(item)]


def _subject(
    catalogue: Catalogue,
    kind: str,
    key: str,
    fields: Sequence[Field],
    counted_before: Mapping[str, TypeFacts] | None,
) -> _Subject:
    if (kind, key) == NOTHING:
        if not tells_of_nothing(catalogue):
            raise KeyError(NOT_TOLD)
        subtitle = "no device: what studies tell of people without one, or with a sham"
        summary = "A warning sign needs a doctor whatever is chosen."
        item = Item(kind, key, NOTHING_NAME, subtitle, notices=(NOTHING_RISK,), summary=summary)
        return _Subject(item, "", ())
    if kind == "device":
        row, devices = catalogue.row("devices", key), catalogue.package["devices"]
        item = Item(
            kind,
            key,
            catalogue.device_name(key),
            catalogue.names("device_types")[row["device_type"]],
            catalogue.stated(devices, key),
            row[devices.page],
            device_notices(catalogue, key),
            row[devices.summary] if is_stated(row[devices.summary]) else "",
            row["device_type"],
        )
        return _Subject(item, row["device_type"], catalogue.device_subjects(key), device=row)
    row = catalogue.row("device_types", key)
    products = (counted_before or {}).get(key) or type_facts(catalogue, key, fields)
    size = products.size
    kind_label = catalogue.package["device_types"]["kind"].labels[row["kind"]]
    count = f"{counted(size, 'product')} listed" if size else "no products: done by hand"
    return _Subject(
        Item(kind, key, row["name"], f"{kind_label}, {count}", device_type=key),
        key,
        (Subject.type(key),),
        products=products,
    )


def _feature_groups(catalogue: Catalogue, subjects: list[_Subject], system: System) -> list[Group]:
    devices, types = catalogue.package["devices"], catalogue.package["device_types"]
    groups = []
    for name, title in catalogue.package.groups:
        rows = [
            Row(
                item.name,
                item.title,
                item.description,
                tuple(_type_cell(catalogue, item, subject) for subject in subjects),
            )
            for item in types.fields
            if item.group == name and item.name != types.label_field
        ]
        rows += [
            Row(
                item.name,
                item.title,
                item.description,
                tuple(_cell(item, subject, system) for subject in subjects),
            )
            for item in devices.fields
            if item.group == name
            and item.name not in devices.named_by
            and any(_applies(item, subject) for subject in subjects)
        ]
        groups.append(Group(name, title, tuple(rows)))
    return groups


def _applies(item: Field, subject: _Subject) -> bool:
    """Whether the row applies to the item."""
    return bool(subject.device) or (not subject.item.is_nothing and says_of_a_type(item))


def _type_cell(catalogue: Catalogue, item: Field, subject: _Subject) -> Cell:
    if subject.item.is_nothing:
        return _NO_DEVICE
    value = catalogue.row("device_types", subject.device_type)[item.name]
    article = (
        dict.fromkeys(claim["source_id"] for claim in catalogue.records("claims"))
        if item.claimed
        else ()
    )
    return Cell(format_cell(item, value), is_stated(value), catalogue.sources(article))


def _cell(item: Field, subject: _Subject, system: System) -> Cell:
    if subject.item.is_nothing:
        return _NO_DEVICE
    if not subject.device and item.references == "device_types":
        return Cell(subject.item.name)
    if not subject.device:
        if not (subject.products and subject.products.size):
            return Cell(NO_PRODUCTS, stated=False)
        text = subject.products.text(item, system)
        return Cell(text, text != NOT_STATED_LABEL, derived=True)
    raw = subject.device[item.name]
    stated = is_stated(raw)
    text = format_device_cell(item, subject.device, system=system)
    link = subject.item.link if stated else ""
    if not item.is_numeric or not stated:
        return Cell(text, stated, link=link)
    value, unit = convert(float(raw), item.unit, system)
    return Cell(text, stated, value=value, unit=unit, link=link)


def _evidence_group(catalogue: Catalogue, subjects: list[_Subject]) -> Group:
    rows = []
    cells_of_map = verdicts(catalogue)
    labels = catalogue.package["evidence"]["population_group"].labels
    types = {subject.device_type for subject in subjects}
    for symptom, name in catalogue.names("symptoms").items():
        cells = []
        for subject in subjects:
            if subject.item.is_nothing:
                told = without(catalogue).get(symptom, ())
                cells.append(_without_cell(catalogue, told, types))
                continue
            verdict = cells_of_map["device_type", subject.device_type, symptom]
            sources = dict.fromkeys(
                finding["source_id"] for finding in findings_of(catalogue, verdict.findings)
            )
            groups = ", ".join(within_sentence(labels[group]) for group in verdict.populations)
            tried = f"\nTried on: {groups}" if groups else ""
            cells.append(
                Cell(
                    verdict.words + tried,
                    verdict.state == "studied",
                    catalogue.sources(sources),
                    brief=verdict.words,
                )
            )
        help_text = catalogue.row("symptoms", symptom)["plain_description"]
        rows.append(Row(f"evidence-{symptom}", name, help_text, tuple(cells), symptom))
    note = (
        "Found for the whole type, not for a single product. "
        "Direction first, then the best kind of study."
    )
    if any(subject.item.is_nothing for subject in subjects):
        note += (
            f" “{NOTHING_NAME}” has groups of studies that had no device, or a sham: they may have "
            "had other care, and each number is of the people of one study."
        )
    return Group("evidence", "Evidence by symptom", tuple(rows), note)


def _without_cell(catalogue: Catalogue, told: Sequence[Without], types: Collection[str]) -> Cell:
    """Return what studies tell of people without a device, the numbers of the first in a line.

    Studies of the types compared are told, and those of others where there are none.
    """
    if not told:
        return replace(_NO_DEVICE, text=NOTHING_TOLD)
    near = [item for item in told if item.subject.is_type and item.subject.id in types]
    shown = near or told
    sources = catalogue.sources(dict.fromkeys(item.source for item in shown))
    first, *others = shown
    lines = [first.sentence, first.finding, *(f"{it.sentence} {it.finding}" for it in others)]
    return Cell("\n".join(lines), sources=sources, brief=first.sentence)


def _caution_groups(
    catalogue: Catalogue, subjects: list[_Subject], conditions: Collection[str]
) -> list[Group]:
    per_item = [cautions_for(catalogue, subject.subjects) for subject in subjects]
    named = {caution.risk_factor for cautions in per_item for caution in cautions}
    rows = {}
    for risk_factor, name in catalogue.names("risk_factors").items():
        if risk_factor in named or risk_factor in conditions:
            cells = tuple(
                replace(_NO_DEVICE, text=NOTHING_CAUTION)
                if subject.item.is_nothing
                else _caution_cell(
                    catalogue,
                    subject.subjects,
                    [item for item in cautions if item.risk_factor == risk_factor],
                    acceptances(catalogue, subject.device_type, [risk_factor]),
                    len(subjects),
                )
                for subject, cautions in zip(subjects, per_item, strict=True)
            )
            help_text = catalogue.row("risk_factors", risk_factor)["mechanism"]
            rows[risk_factor] = Row(
                f"caution-{risk_factor}", name, help_text if is_stated(help_text) else "", cells
            )
    chosen = tuple(rows[condition] for condition in conditions)
    rest = tuple(row for risk_factor, row in rows.items() if risk_factor not in conditions)
    note = (
        "No record is not proof of safety. "
        "The words before each reason say what its sources ask for."
    )
    if any(subject.item.is_nothing for subject in subjects):
        note += " Urgent signs need help whatever is chosen: they are listed below."
    return [
        Group(
            "chosen_conditions",
            "Cautions for the chosen conditions",
            chosen,
            note,
            is_cautions=True,
            pinned=True,
        ),
        Group(
            "cautions",
            "All other cautions" if chosen else "Cautions",
            rest,
            note,
            is_cautions=True,
        ),
    ]


def _caution_cell(
    catalogue: Catalogue,
    subjects: Collection[Subject],
    cautions: list[Caution],
    accepting: Sequence[Record],
    columns: int,
) -> Cell:
    """Return cautions, then statements that accept the type: these may disagree.

    Beside many others, the reasons of all but the most severe caution wait to be opened.
    """
    lines = [f"{caution.label}: {caution.reason} ({caution.basis})" for caution in cautions]
    lines = lines or [nothing_recorded(subjects)]
    briefs = lines[:1] + [caution.short for caution in cautions[1:]]
    for row in accepting:
        note = f" ({row['note']})" if is_stated(row["note"]) else ""
        lines.append(f"Another source: {row['statement']}{note}")
        briefs.append(lines[-1])
    rows = [caution.source_ids for caution in cautions]
    rows += [row["source_ids"] for row in accepting]
    sources = dict.fromkeys(source for ids in rows for source in ids)
    brief = "\n".join(briefs) if columns > FEW_COLUMNS else ""
    return Cell("\n".join(lines), bool(rows), catalogue.sources(sources), brief=brief)


def _regulation_group(catalogue: Catalogue, subjects: list[_Subject]) -> Group:
    table = catalogue.package["regulation"]
    title = dict(catalogue.package.groups)["regulation"]
    rows = []
    for jurisdiction, label in table["jurisdiction"].labels.items():
        cells = []
        for subject in subjects:
            if subject.item.is_nothing:
                cells.append(_NO_DEVICE)
                continue
            rules = [
                rule
                for rule in catalogue.records("regulation")
                if (rule["subject_kind"], rule["subject"], rule["jurisdiction"])
                == ("device_type", subject.device_type, jurisdiction)
            ]
            lines = []
            for rule in rules:
                grade = (
                    table["device_class"].labels[rule["device_class"]]
                    if is_stated(rule["device_class"])
                    else "class not seen"
                )
                lines.append(f"{rule['title']}: {grade} ({rule['regulation']})")
            named = dict.fromkeys(source for rule in rules for source in rule["source_ids"])
            cells.append(
                Cell("\n".join(lines) or "nothing found", bool(lines), catalogue.sources(named))
            )
        rows.append(
            Row(f"legal-{jurisdiction}", f"Legal class, {label}", table.description, tuple(cells))
        )
    counts = []
    for subject in subjects:
        if subject.item.is_nothing:
            counts.append(_NO_DEVICE)
            continue
        cleared = [
            row
            for row in catalogue.records("clearances")
            if row["device_type"] == subject.device_type
        ]
        numbers = ", ".join(row["k_number"] for row in cleared)
        sources = catalogue.sources(row["source_id"] for row in cleared)
        counts.append(
            Cell(f"{len(cleared)}: {numbers}" if cleared else "none found", bool(cleared), sources)
        )
    rows.append(
        Row(
            "clearances",
            "FDA clearances of the type",
            catalogue.package["clearances"].description,
            tuple(counts),
        )
    )
    return Group("regulation", title, tuple(rows))


def key_facts(catalogue: Catalogue, comparison: Comparison, most: int = MOST_FACTS) -> Group:
    """Return up to ``most`` rows of the facts that devices are chosen by, the most telling first.

    That is: those in which items state different things, then those that most items state.
    """
    names = {
        field.name
        for field in catalogue.package["devices"].facets
        if field.group not in OFFICIAL and field.references != "device_types"
    }
    rows = [
        row
        for group in comparison.groups
        for row in group.rows
        if row.name in names and any(cell.stated for cell in row.cells)
    ]
    rows.sort(key=lambda row: (not any(row.marked), -sum(cell.stated for cell in row.cells)))
    return Group(KEY_FACTS, "Key facts", tuple(rows[:most]))


def parts(catalogue: Catalogue, comparison: Comparison) -> tuple[Part, ...]:
    """Return the table in the order in which it is read, with what may stay closed at its end.

    Open are the cautions for chosen conditions, the key facts, the features and the evidence.
    Features that are all among the key facts need not be read twice: they stay closed.
    """
    columns = len(comparison.items) + comparison.has_nothing  # its cells are long
    first = [Part(group.name, group.title, (group,), True) for group in comparison.groups]
    by_name = {part.name: part for part in first}
    chosen = by_name.get("chosen_conditions")

    def room(cells: int) -> int:
        cautions = CAUTION_ROWS * chosen.size if chosen else 0
        return max(FEWEST, cells // max(1, columns) - cautions)

    facts = key_facts(catalogue, comparison, min(MOST_FACTS, room(OPEN_FACTS)))
    evidence = _evidence_parts(by_name.get("evidence"), room(OPEN_EVIDENCE))
    features = by_name.get("features")
    if features and set(features.groups[0].full_rows) <= set(facts.rows):
        features = None
    opened = (
        chosen,
        Part(facts.name, facts.title, (facts,), True) if facts.rows else None,
        features,
        *evidence,
    )
    seen = {"evidence", *(part.name for part in opened if part)}
    rest = [group for group in comparison.groups if group.name not in seen]
    cautions = tuple(group for group in rest if group.is_cautions)
    official = tuple(group for group in rest if group.name in OFFICIAL)
    other = tuple(group for group in rest if group not in (*cautions, *official))
    closed = (
        Part("all_facts", "All facts", other),
        *(Part(group.name, group.title, (group,)) for group in cautions),
        Part("official", ", ".join(group.title for group in official), official),
    )
    return (*(part for part in opened if part), *(part for part in closed if part.groups))


def _evidence_parts(every: Part | None, most: int) -> list[Part]:
    """Return the evidence: that on the symptoms studied most is open, the rest may be folded."""
    if not every:
        return []
    (group,) = every.groups
    if len(group.full_rows) <= most + TOO_FEW:
        return [every]
    first = most_studied(group.full_rows, most)
    kept = replace(group, rows=tuple(row for row in group.rows if row in first))
    folded = replace(group, rows=tuple(row for row in group.rows if row not in first))
    return [
        replace(every, title="Evidence on what is studied most", groups=(kept,)),
        Part("other_evidence", "Evidence on other symptoms", (folded,)),
    ]


def most_studied(rows: Sequence[Row], most: int) -> tuple[Row, ...]:
    """Return the rows of evidence with most works behind them, the first of equals first."""
    return tuple(sorted(rows, key=lambda row: -sum(len(cell.sources) for cell in row.cells))[:most])


def item_name(catalogue: Catalogue, item: tuple[str, str]) -> str:
    """Return the name of a (kind, id) pair."""
    if item == NOTHING:
        return NOTHING_NAME
    kind, key = item
    return catalogue.device_name(key) if kind == "device" else catalogue.names("device_types")[key]


def offers(catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """Return what can be a column beside devices → its name, and everyday words that find it.

    That is every type, and doing nothing if studies tell of it.
    """
    nothing = {NOTHING: f"{NOTHING_NAME} · {NOTHING_WORDS}"} if tells_of_nothing(catalogue) else {}
    types = {("type", key): name for key, name in catalogue.choices("device_types").items()}
    return nothing | types


def suggestions(catalogue: Catalogue) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return heading → items of up to four instructive comparisons.

    They are the most studied types with massage by hand, the most studied type of which studies
    tell what happens without it and doing nothing, the least and the most studied type, and two
    products of one type that state most facts. Those with too few rows are left out.
    """
    cells = verdicts(catalogue)
    studies: dict[str, int] = {}
    for (kind, subject, _), cell in cells.items():
        if kind == "device_type":
            studies[subject] = studies.get(subject, 0) + cell.studies
    methods, by_hand = catalogue.methods, catalogue.methods[:1]
    worn = sorted((key for key in studies if key not in methods), key=lambda key: -studies[key])
    numbered = types_with_numbers(catalogue)
    told = [key for key in worn if key in numbered]
    chosen = {
        "The two most studied, and massage by hand" if by_hand else "Most studied": [
            ("type", key) for key in (*worn[:2], *by_hand)
        ],
        "A much studied type, and doing nothing": [
            *(("type", key) for key in told[:1]),
            *([NOTHING] if told else []),
        ],
        "Least and most studied": [("type", worn[-1]), ("type", worn[0])] if len(worn) > 1 else [],
        "The two with most facts published": [("device", key) for key in _most_stated(catalogue)],
    }
    return {heading: tuple(items) for heading, items in chosen.items() if len(items) > 1}


def _most_stated(catalogue: Catalogue) -> list[str]:
    """Return the product that states most facts, and the next one of its type."""
    if catalogue.elsewhere is not None:
        first = catalogue.elsewhere.best(Every(()), {"first": Every(())}, 1)["first"]
        same = [
            Has("device_type", (catalogue.row("devices", key)["device_type"],)) for key in first
        ]
        parts = {"same": Every(tuple(same))}
        return catalogue.elsewhere.best(Every(()), parts, 2)["same"] if first else []
    devices = catalogue["devices"]
    ranked = devices.iloc[
        np.argsort(-catalogue.facts_stated(catalogue.package["devices"]), kind="stable")
    ]
    return [
        str(key)
        for key in ranked.loc[ranked["device_type"].isin(ranked["device_type"][:1]), "device_id"][
            :2
        ]
    ]
