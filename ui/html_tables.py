"""Headed HTML tables: for what is read, printed or read aloud. Every text in them is escaped: data stays text."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import streamlit as st

from legwise.answers.comparison import Cell, Comparison, Item
from legwise.charts.evidence import MARKS
from legwise.charts.theme import PALETTES, Theme
from legwise.rules.verdicts import GLYPHS, STATE_WORDS, TIER_WORDS


def theme() -> Theme:
    """Return the visitor's theme."""
    return "dark" if st.context.theme.type == "dark" else "light"


STYLE = f"<style>{(Path(__file__).parent / 'table.css').read_text(encoding='utf-8')}</style>"
_TABLE_COLOURS = {
    "light": "--line:#c6d1db;--head:#eef3f7;--page:#ffffff;--band:#dfe8f0;--link:#0b5c96",
    "dark": "--line:#3a4857;--head:#1b242e;--page:#10161d;--band:#26323f;--link:#8cc6f2",
}


def _html_table(inside: str, label: str, kind: str = "") -> None:
    """Draw table rows whose texts are escaped already, scrolling in both directions, heads in sight."""
    st.html(
        f'<div class="legwise-table{kind}" style="{_TABLE_COLOURS[theme()]}" tabindex="0" role="region" '
        f'aria-label="{html.escape(label, quote=True)}"><table>{inside}</table></div>'
    )


def show_map_legend() -> None:
    """Draw the one legend of the evidence map, always open, with an example cell in words."""
    palette = PALETTES[theme()]
    boxes = [
        (palette.tiers[0], palette.on_tiers[0], "5", f"best kind of study: {TIER_WORDS[1]}"),
        (palette.tiers[1], palette.on_tiers[1], "5", TIER_WORDS[2]),
        (palette.tiers[2], palette.on_tiers[2], "5", TIER_WORDS[3]),
        (palette.claimed, palette.text, MARKS["claimed"], f"{STATE_WORDS['claimed']} (hatched)"),
        (palette.searched, palette.text, MARKS["searched"], STATE_WORDS["searched"]),
        (palette.searched, palette.text, MARKS["filtered"], STATE_WORDS["filtered"]),
    ]
    style = "display:inline-block;min-width:2.2rem;text-align:center;padding:.1rem .3rem;border:1px solid"
    items = "".join(
        f'<li><span style="{style} {palette.grid};background:{ground};color:{ink}">{mark}</span> {html.escape(words)}</li>'
        for ground, ink, mark, words in boxes
    )
    signs = ", ".join(
        f"{glyph} {direction.replace('_', ' ')}" for direction, glyph in GLYPHS.items()
    )
    example = f'<span style="{style} {palette.grid};background:{palette.tiers[1]};color:{palette.on_tiers[1]}">▲ 3</span>'
    st.html(
        f'<div class="legwise-legend"><p><b>How to read the map.</b> The sign is the direction of the findings: '
        f"{signs}. The number is how many studies. The colour is the best kind of study. Direction and kind of study are two "
        f"different things.</p><ul>{items}</ul><p>For example {example}: three studies, the best of them randomised trials, "
        "and all that count point to benefit.</p></div>"
    )


def show_table(frame: pd.DataFrame, alt: str, *, compact: bool = False) -> None:
    """Draw a frame as a headed HTML table: readable aloud, printable, its first column in sight. Cells are text.

    A ``compact`` one stands beside a figure: narrow columns, numbers in the last one.
    """
    heads = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in frame.columns)
    rows = []
    for first, *rest in frame.itertuples(index=False, name=None):
        cells = "".join(f"<td>{html.escape(str(cell))}</td>" for cell in rest)
        rows.append(f'<tr><th scope="row">{html.escape(str(first))}</th>{cells}</tr>')
    _html_table(
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody>",
        alt,
        " compact" if compact else "",
    )


def show_comparison(comparison: Comparison, narrow: Sequence[int]) -> None:
    """Draw the side-by-side table as a headed HTML table; narrow screens show the columns ``narrow`` only.

    Every text is escaped: data stays text.
    """
    extra = [
        ' class="wide-only"' if place not in narrow else ""
        for place in range(len(comparison.items))
    ]
    columns = list(zip(comparison.labels, comparison.items, extra, strict=True))
    heads = "".join(
        f'<th scope="col"{hidden}>{_head_html(label, item)}</th>' for label, item, hidden in columns
    )
    body = []
    for group in comparison.groups:
        note = f"<br><small>{html.escape(group.note)}</small>" if group.note else ""
        body.append(
            f'<tbody><tr><th scope="rowgroup" colspan="{len(columns) + 1}">{html.escape(group.title)}{note}</th></tr>'
        )
        for row in group.rows:
            cells = "".join(
                f"<td{hidden}>{_cell_html(cell, item)}</td>"
                for cell, (_, item, hidden) in zip(row.cells, columns, strict=True)
            )
            name = html.escape(row.title, quote=True)
            body.append(
                f'<tr><th scope="row" aria-label="{name}">{_row_head_html(row.title, row.help)}</th>{cells}</tr>'
            )
        body.append("</tbody>")
    _html_table(
        f'<thead><tr><th scope="col">Attribute</th>{heads}</tr></thead>{"".join(body)}',
        "Comparison table",
    )


def _head_html(label: str, item: Item) -> str:
    # The head stays in sight while the table scrolls: on a phone it must leave room for what it heads.
    summary = (
        f'<span class="wide-only"><br><small>{html.escape(item.summary)}</small></span>'
        if item.summary
        else ""
    )
    lines = [html.escape(item.subtitle)]
    if item.stated:
        lines.append(f"{item.stated[0]} of {item.stated[1]} facts stated")
    if item.link:
        lines.append(_anchor("source page", item.link))
    lines += [f"⚠ {html.escape(notice)}" for notice in item.notices]
    return html.escape(label) + summary + "".join(f"<br><small>{line}</small>" for line in lines)


def _row_head_html(title: str, help_text: str) -> str:
    name = html.escape(title)
    return (
        f"<details><summary>{name}</summary><small>{html.escape(help_text)}</small></details>"
        if help_text
        else name
    )


def _anchor(label: str, url: str) -> str:
    if not url.startswith(("https://", "http://")):
        return html.escape(label)
    return f'<a href="{html.escape(url, quote=True)}">{html.escape(label)}</a>'


def _cell_html(cell: Cell, item: Item) -> str:
    text = html.escape(cell.text).replace("\n", "<br>")
    if not cell.stated:
        return f'<span class="missing">{text}</span>'
    if cell.link:
        where = html.escape(f"Source of this cell, {item.name}", quote=True)
        text += f' <a class="source" href="{html.escape(cell.link, quote=True)}" aria-label="{where}">source</a>'
    elif item.kind == "type" and not cell.sources and cell.stated and cell.derived:
        label = html.escape(f"Products of {item.name} behind this cell", quote=True)
        text += f' <a class="source" href="find?device_type={quote(item.key)}" aria-label="{label}">products</a>'
    if cell.sources:
        links = "".join(
            f"<li>{_anchor(source.citation, source.link)}</li>" for source in cell.sources
        )
        count = f"{len(cell.sources)} source{'s' if len(cell.sources) > 1 else ''}"
        text += f"<details><summary><small>{count}</small></summary><ul>{links}</ul></details>"
    return text
