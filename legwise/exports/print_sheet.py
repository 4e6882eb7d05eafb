"""A comparison on paper: as Markdown, and as one HTML sheet for the print dialogue (A4, cautions first)."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence

from legwise.answers.comparison import Comparison, Group
from legwise.answers.side_by_side import compare
from legwise.rules.cautions import NO_PROOF
from legwise.rules.shortlist import Match, Wish
from legwise.tables.catalogue import Catalogue
from legwise.text.cells import format_number

CAUTION_GROUPS = ("chosen_conditions", "cautions")

STYLE = """
@page { size: A4; margin: 14mm; }
body { font: 9pt/1.35 'Source Sans 3', 'Noto Sans', sans-serif; color: #111; background: #fff; margin: 0 auto; max-width: 190mm; }
h1 { font-size: 16pt; margin: 0 0 2mm; } h2 { font-size: 12pt; margin: 6mm 0 1mm; break-after: avoid; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border: 0.3pt solid #888; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eef3f7; } td { white-space: pre-line; }
ol li { margin-bottom: 1mm; } .small { font-size: 8.5pt; }
"""


def to_markdown(comparison: Comparison) -> str:
    """Return the notices of the items and the table as Markdown, a table a group."""
    head = ["Attribute", *comparison.labels]
    parts = [
        f"**{_markdown(name)}:** {_markdown(notices)}" for name, notices in _notices(comparison)
    ]
    for group in comparison.groups:
        lines = [f"## {_markdown(group.title)}", ""]
        lines += [f"| {' | '.join(map(_markdown, head))} |", f"|{'---|' * len(head)}"]
        lines += [
            f"| {' | '.join(map(_markdown, [row.title, *(cell.text for cell in row.cells)]))} |"
            for row in group.rows
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def questions(
    catalogue: Catalogue, comparison: Comparison, conditions: Collection[str]
) -> tuple[str, ...]:
    """Questions to ask a clinician, from the chosen conditions and what is recorded for them."""
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
    """Return one HTML page: cautions, questions, then every row of the table, sources, what it is."""
    cautions = [group for group in comparison.groups if group.name in CAUTION_GROUPS]
    rest = [group for group in comparison.groups if group.name not in CAUTION_GROUPS]
    names = comparison.labels
    flags = "".join(
        f"<li>{_text(row['description'])}: <b>{_text(row['action'])}</b></li>"
        for row in catalogue.records("red_flags")
    )
    asked = "".join(
        f"<li>{_text(question)}</li>" for question in questions(catalogue, comparison, conditions)
    )
    cells = [cell for group in comparison.groups for row in group.rows for cell in row.cells]
    cited = {source.link: source.citation for cell in cells for source in cell.sources}
    pages: dict[str, str] = {}
    for label, item in zip(comparison.labels, comparison.items, strict=True):
        if item.link:
            pages[item.link] = (
                f"{pages[item.link]}, {label}" if item.link in pages else f"Page read: {label}"
            )
    sources = "".join(
        f"<li>{_text(citation)}<br>{_text(link)}</li>"
        for link, citation in {**pages, **cited}.items()
    )
    notes = "".join(
        f"<dt><b>{_text(name)}</b></dt><dd>{_text(text)}</dd>" for name, text in about.items()
    )
    notices = "".join(
        f"<p><b>{_text(name)}:</b> {_text(told)}</p>" for name, told in _notices(comparison)
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Legwise: {_text(", ".join(names))}</title>'
        f"<style>{STYLE}</style></head><body>"
        f"<h1>{_text(' · '.join(names))}</h1><p>{_text(NO_PROOF)} This sheet is no medical advice.</p>{notices}"
        f"<h2>Signs that need urgent care</h2><ul class='small'>{flags}</ul>"
        f"{''.join(_table(group, names) for group in cautions)}"
        f"<h2>Questions to ask a clinician</h2><ol>{asked}</ol>"
        f"{''.join(_table(group, names) for group in rest)}"
        f"<h2>Sources</h2><ul class='small'>{sources}</ul><h2>About this sheet</h2><dl class='small'>{notes}</dl></body></html>"
    )


def wish_sheet(
    catalogue: Catalogue, wish: Wish, matches: Sequence[Match], about: Mapping[str, str]
) -> str:
    """Return a shortlist as one HTML page: what was stated, the first types as columns, cautions first."""
    chosen = [match for match in matches if not match.contraindicated][:3] or list(matches[:3])
    whole = compare(catalogue, [("type", match.device_type) for match in chosen], wish.conditions)
    rows = {f"evidence-{symptom}" for symptom in wish.symptoms}
    groups = []
    for group in whole.groups:
        kept = tuple(
            row for row in group.rows if group.name == "chosen_conditions" or row.name in rows
        )
        if kept:
            groups.append(Group(group.name, group.title, kept, group.note))
    conditions, symptoms = catalogue.names("risk_factors"), catalogue.names("symptoms")
    fields = catalogue.package["devices"]
    stated = {
        "Symptoms": ", ".join(symptoms[key] for key in wish.symptoms),
        "Conditions": ", ".join(conditions[key] for key in wish.conditions) or "none stated",
        "Needed features": ", ".join(fields[key].title for key in wish.features) or "none",
        "Most to pay": f"{format_number(wish.budget)} USD"
        if wish.budget is not None
        else "not stated",
        catalogue.package["cautions"]["severity"].labels["contraindicated"]: ", ".join(
            match.name for match in matches if match.contraindicated
        )
        or "none recorded",
    }
    return print_sheet(
        catalogue, Comparison(whole.items, tuple(groups)), wish.conditions, {**stated, **about}
    )


def _notices(comparison: Comparison) -> list[tuple[str, str]]:
    """What a reader must know of a product, by the label of its column."""
    columns = zip(comparison.labels, comparison.items, strict=True)
    return [(label, "; ".join(item.notices)) for label, item in columns if item.notices]


def _table(group: Group, names: Sequence[str]) -> str:
    heads = "".join(f'<th scope="col">{_text(name)}</th>' for name in ("", *names))
    lines = []
    for row in group.rows:
        cells = "".join(f"<td>{_text(cell.text)}</td>" for cell in row.cells)
        lines.append(f'<tr><th scope="row">{_text(row.title)}</th>{cells}</tr>')
    return f"<h2>{_text(group.title)}</h2><table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _text(value: str) -> str:
    return html.escape(value)


def _markdown(value: str) -> str:
    text = html.escape(value, quote=False)
    for mark in "\\|*_`[]":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "<br>")
