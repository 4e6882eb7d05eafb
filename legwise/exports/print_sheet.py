"""A comparison on paper: Markdown, and an HTML sheet to print (one A4 page, then an appendix)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from legwise.answers.comparison import Comparison, Group, Row
from legwise.answers.side_by_side import compare, key_facts, most_studied
from legwise.rules.cautions import NO_PROOF, Contraindication
from legwise.rules.shortlist import AREAS, Match, Wish
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import within_sentence
from legwise.text.cells import format_number, with_unit
from legwise.text.markup import plain_lines, templates

_TEMPLATES = templates(Path(__file__).parent)


def to_markdown(comparison: Comparison) -> str:
    """Return the notices of the items and the table as Markdown, one table per group."""
    parts = [
        f"**{plain_lines(name)}:** {plain_lines(notices)}" for name, notices in _notices(comparison)
    ]
    for group in comparison.groups:
        lines = [
            ["Attribute", *comparison.labels],
            *([row.title, *(cell.text for cell in row.cells)] for row in group.rows),
        ]
        head, *rows = (f"| {' | '.join(map(plain_lines, line))} |" for line in lines)
        rule = f"|{'---|' * len(lines[0])}"
        parts.append("\n".join([f"## {plain_lines(group.title)}", "", head, rule, *rows]))
    return "\n\n".join(parts) + "\n"


def questions(
    catalogue: Catalogue, comparison: Comparison, conditions: Collection[str]
) -> tuple[str, ...]:
    """Return questions to ask a clinician, starting with the chosen conditions."""
    names = catalogue.names("risk_factors")
    columns = zip(comparison.labels, comparison.items, strict=True)
    items = [label for label, item in columns if not item.is_nothing]
    these = "any of these" if len(items) > 1 else "this"
    asked = [
        f"About {within_sentence(names[condition])}: does it speak against {these} for me: "
        f"{', '.join(items)}?"
        for condition in conditions
        if items
    ]
    if comparison.has_nothing:
        asked.append("What may happen if I use no device, and for how long may I wait?")
    return (
        *asked,
        "What causes my leg symptom, and does it need treatment before I use a device?",
        "Should the blood flow in my legs be measured first (ankle pressure index)?",
        "What pressure, warmth and time should I not exceed, and when must I stop?",
        "Which signs should make me get help at once?",
    )


#: Most symptoms, and most key facts, on the first page of a few columns, and of more.
MOST_SYMPTOMS, MOST_FACTS = (5, 3), (8, 5)
#: More lines than this do not fit a page in letters of the usual size.
MOST_LINES = 30


def print_sheet(
    catalogue: Catalogue,
    comparison: Comparison,
    conditions: Collection[str],
    about: Mapping[str, str],
    *,
    symptoms: Collection[str] = (),
    stated: Mapping[str, str] | None = None,
    appendix: bool = False,
) -> str:
    """Return an HTML page to print, the first page of which is to be read.

    That has what was ``stated``, the cautions for the chosen conditions (without any: with which
    conditions some are recorded), the key facts, the evidence for ``symptoms`` (else for those
    with most studies), questions and what the sheet is. The ``appendix`` has the urgent signs,
    every row and the sources.
    """
    pages: dict[str, list[str]] = {}
    for label, item in zip(comparison.labels, comparison.items, strict=True):
        if item.link:
            pages.setdefault(item.link, []).append(label)
    read = {link: f"Page read: {', '.join(labels)}" for link, labels in pages.items()}
    pinned = [group for group in comparison.groups if group.pinned]
    first = _first_page(catalogue, comparison, symptoms)
    return _TEMPLATES.get_template("print_sheet.html.j2").render(
        names=comparison.labels,
        types=[item.subtitle if item.kind == "device" else "" for item in comparison.items],
        no_proof=NO_PROOF,
        stated=stated or {},
        cautioned=[] if conditions else _cautioned(comparison),
        notices=_notices(comparison),
        first=first,
        dense=_lines(first) > MOST_LINES,
        first_sources={**read, **_cited(pinned)},
        questions=questions(catalogue, comparison, conditions),
        appendix=appendix,
        red_flags=catalogue.records("red_flags"),
        groups=comparison.groups,
        sources={**read, **_cited(comparison.groups)},
        about=about,
    )


def _cautioned(comparison: Comparison) -> list[str]:
    """Return the conditions with which cautions are recorded."""
    rows = (row for group in comparison.groups if group.name == "cautions" for row in group.rows)
    return [within_sentence(row.title) for row in rows]


def _lines(groups: Sequence[Group]) -> float:
    """Return about how many lines those rows fill: a line has room for some 100 letters."""
    return sum(
        max(1, *(len(cell.text) * len(row.cells) / 100 for cell in row.cells))
        for group in groups
        for row in group.rows
    )


def _cited(groups: Sequence[Group]) -> dict[str, str]:
    """Return address → citation of the sources of those rows."""
    cells = [cell for group in groups for row in group.rows for cell in row.cells]
    return {source.link: source.citation for cell in cells for source in cell.sources}


def _first_page(
    catalogue: Catalogue, comparison: Comparison, symptoms: Collection[str]
) -> list[Group]:
    """Return the groups of rows that a clinician reads first."""
    # The cells of the column without a device are sentences.
    many = len(comparison.items) > (2 if comparison.has_nothing else 3)
    facts = key_facts(catalogue, comparison, MOST_FACTS[many])
    evidence = [group for group in comparison.groups if group.name == "evidence"]
    groups = [
        *(group for group in comparison.groups if group.pinned),
        replace(facts, rows=tuple(map(_brief, facts.rows))),
        *(
            replace(group, rows=_best_evidence(group.rows, symptoms, MOST_SYMPTOMS[many]))
            for group in evidence
        ),
    ]
    return [group for group in groups if group.rows]


def _best_evidence(rows: Sequence[Row], symptoms: Collection[str], most: int) -> tuple[Row, ...]:
    """Return the rows of those symptoms, else those with most studies, without who took part."""
    if symptoms:
        chosen = tuple(row for row in rows if row.symptom in symptoms)
    else:
        studied = [row for row in rows if any(cell.stated for cell in row.cells)]
        chosen = most_studied(studied, most)
    return tuple(map(_brief, chosen))


def _brief(row: Row) -> Row:
    """Return the row with what its cells say at first."""
    cells = (replace(cell, text=cell.first) for cell in row.cells)
    return replace(row, cells=tuple(cells))


def wish_sheet(
    catalogue: Catalogue, wish: Wish, matches: Sequence[Match], about: Mapping[str, str]
) -> str:
    """Return a shortlist as an HTML page: the first types as columns, and what was stated."""
    chosen = [match for match in matches if not match.contraindicated][:3] or list(matches[:3])
    whole = compare(catalogue, [("type", match.device_type) for match in chosen], wish.conditions)
    conditions, symptoms = catalogue.names("risk_factors"), catalogue.names("symptoms")
    fields = catalogue.package["devices"]
    stated = {
        "Symptoms": ", ".join(symptoms[key] for key in wish.symptoms),
        "Conditions": ", ".join(conditions[key] for key in wish.conditions) or "none stated",
        "Needed features": ", ".join(fields[key].title for key in wish.features) or "none",
        "Areas of the body": ", ".join(map(fields[AREAS].label, wish.areas)) or "none chosen",
        "Budget": (
            with_unit(format_number(wish.budget), fields.price.unit)
            if wish.budget is not None
            else "not stated"
        ),
    }
    label = catalogue.package["cautions"]["severity"].labels["contraindicated"]
    for which, part in (
        (label, Contraindication.OUTRIGHT),
        (f"{label} in part", Contraindication.IN_PART),
    ):
        names = [match.name for match in matches if match.contraindication is part]
        stated[which] = ", ".join(names) or "none recorded"
    return print_sheet(
        catalogue, whole, wish.conditions, about, symptoms=wish.symptoms, stated=stated
    )


def _notices(comparison: Comparison) -> list[tuple[str, str]]:
    """Return (column label, notices a reader must see) of each product that has some."""
    columns = zip(comparison.labels, comparison.items, strict=True)
    return [(label, "; ".join(item.notices)) for label, item in columns if item.notices]
