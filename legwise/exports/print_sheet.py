"""A comparison on paper: Markdown, and an HTML sheet to print (A4, cautions first)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from legwise.answers.comparison import Comparison
from legwise.answers.side_by_side import compare
from legwise.rules.cautions import NO_PROOF
from legwise.rules.shortlist import Match, Wish
from legwise.tables.catalogue import Catalogue
from legwise.text.cells import format_number
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
    items = " or ".join(comparison.labels)
    asked = [
        f"About {names[condition].lower()}: does it speak against {items} for me?"
        for condition in conditions
    ]
    return (
        *asked,
        "What causes my leg symptom, and does it need treatment before I use a device?",
        "Should the blood flow in my legs be measured first (ankle pressure index)?",
        "What pressure, warmth and time should I not exceed, and when must I stop?",
        "Which signs should make me get help at once?",
    )


def print_sheet(
    catalogue: Catalogue,
    comparison: Comparison,
    conditions: Collection[str],
    about: Mapping[str, str],
) -> str:
    """Return an HTML page: cautions, questions, all other rows, sources, and what it is."""
    cells = [cell for group in comparison.groups for row in group.rows for cell in row.cells]
    cited = {source.link: source.citation for cell in cells for source in cell.sources}
    pages: dict[str, str] = {}
    for label, item in zip(comparison.labels, comparison.items, strict=True):
        if item.link:
            pages[item.link] = (
                f"{pages[item.link]}, {label}" if item.link in pages else f"Page read: {label}"
            )
    return _TEMPLATES.get_template("print_sheet.html.j2").render(
        names=comparison.labels,
        no_proof=NO_PROOF,
        notices=_notices(comparison),
        red_flags=catalogue.records("red_flags"),
        cautions=[group for group in comparison.groups if group.is_cautions],
        questions=questions(catalogue, comparison, conditions),
        rest=[group for group in comparison.groups if not group.is_cautions],
        sources={**pages, **cited},
        about=about,
    )


def wish_sheet(
    catalogue: Catalogue, wish: Wish, matches: Sequence[Match], about: Mapping[str, str]
) -> str:
    """Return a shortlist as an HTML page: the first types as columns, and what was stated."""
    chosen = [match for match in matches if not match.contraindicated][:3] or list(matches[:3])
    whole = compare(catalogue, [("type", match.device_type) for match in chosen], wish.conditions)
    groups = []
    for group in whole.groups:
        kept = tuple(row for row in group.rows if group.pinned or row.symptom in wish.symptoms)
        if kept:
            groups.append(replace(group, rows=kept))
    conditions, symptoms = catalogue.names("risk_factors"), catalogue.names("symptoms")
    fields = catalogue.package["devices"]
    stated = {
        "Symptoms": ", ".join(symptoms[key] for key in wish.symptoms),
        "Conditions": ", ".join(conditions[key] for key in wish.conditions) or "none stated",
        "Needed features": ", ".join(fields[key].title for key in wish.features) or "none",
        "Budget": f"{format_number(wish.budget)} USD" if wish.budget is not None else "not stated",
        catalogue.package["cautions"]["severity"].labels["contraindicated"]: ", ".join(
            match.name for match in matches if match.contraindicated
        )
        or "none recorded",
    }
    return print_sheet(
        catalogue, Comparison(whole.items, tuple(groups)), wish.conditions, {**stated, **about}
    )


def _notices(comparison: Comparison) -> list[tuple[str, str]]:
    """Return (column label, notices a reader must see) of each product that has some."""
    columns = zip(comparison.labels, comparison.items, strict=True)
    return [(label, "; ".join(item.notices)) for label, item in columns if item.notices]
