"""HTML tables with heads, to read, print or hear. Templates escape every value."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from legwise.answers.comparison import Comparison, Group, Item
from legwise.answers.profiles import FactGroup
from legwise.charts.evidence import BOXES, EXAMPLE, map_groups, map_rows, reading
from legwise.charts.theme import PALETTES, Theme
from legwise.rules.verdicts import Cell, Verdict
from legwise.tables.catalogue import Catalogue
from legwise.tables.sources import Source
from legwise.text.markup import SHARED, templates
from legwise.text.units import counted
from ui.drawings import picture


def theme() -> Theme:
    """Return the visitor's theme."""
    return "dark" if st.context.theme.type == "dark" else "light"


#: Of more columns than these a comparison leaves some out on a tablet.
MOST_ON_A_TABLET = 3
_TEMPLATES = templates(Path(__file__).parent)
_SHEETS = [*sorted(Path(__file__).parent.glob("*.css")), *SHARED.glob("*.css")]
_RULES = "".join(sheet.read_text(encoding="utf-8") for sheet in _SHEETS)
#: All style sheets without comments, in one line: every run sends it, and Streamlit takes lines
#: apart to find out how far they are indented.
STYLE = f"<style>{' '.join(re.sub(r'/[*].*?[*]/', '', _RULES, flags=re.DOTALL).split())}</style>"


def draw_template(template: str, **values: Any) -> None:
    """Draw a template of this folder."""
    st.html(fill(template, **values))


def fill(template: str, **values: Any) -> str:
    """Return a template of this folder with these values."""
    return _TEMPLATES.get_template(template).render(**values)


def show_map_legend() -> None:
    """Draw the legend of the evidence map, with an example cell in words."""
    palette = PALETTES[theme()]
    colours = palette.steps
    draw_template(
        "map_legend.html.j2",
        grid=palette.grid,
        reading=reading(),
        example=(*colours["tier2"], *EXAMPLE),
        boxes=[(*colours[step], mark, words) for step, mark, words in BOXES],
    )


def map_table(
    catalogue: Catalogue,
    alt: str,
    *,
    symptom_link: Callable[[str], str],
    row_link: Callable[[str, str], str],
    cell_link: Callable[[str, str], str] | None = None,
    cells: Mapping[Cell, Verdict] | None = None,
    kinds: Collection[str] = (),
) -> str:
    """Return the evidence map as a table; its heads lead on, and its cells if they have a link.

    ``cells`` are the verdicts (default: all findings), ``kinds`` those of the rows (default: all).
    Links are of a symptom, of kind and subject, of subject and symptom. Colours follow the theme
    without a run.
    """
    rows = [row for row in map_rows(catalogue) if not kinds or row[2] in kinds]
    light, dark = PALETTES["light"].variables, PALETTES["dark"].variables
    return fill(
        "evidence_map.html.j2",
        label=alt,
        symptoms=catalogue.names("symptoms"),
        groups=map_groups(catalogue, rows, cells),
        colours={name: (light[name], dark[name]) for name in light},
        symptom_link=symptom_link,
        row_link=row_link,
        cell_link=cell_link,
    )


def verdict_list(
    label: str, lines: Sequence[Mapping[str, Any]], groups: Sequence[Mapping[str, Any]]
) -> str:
    """Return verdicts as a list of lines, then those without findings in groups of names."""
    return fill("verdicts.html.j2", label=label, lines=lines, groups=groups)


@dataclass(frozen=True)
class Line:
    """A sentence or name that leads to an address, what is there, and words below it."""

    text: str
    address: str
    help: str = ""
    words: str = ""


def line_list(label: str, lines: Sequence[Line], *, columns: int = 1) -> str:
    """Return lines as a list, on a wide screen in up to two columns."""
    return fill("lines.html.j2", label=label, lines=lines, columns=columns)


def show_table(
    frame: pd.DataFrame,
    alt: str,
    *,
    compact: bool = False,
    fitted: bool = False,
    pages: Sequence[str] = (),
) -> None:
    """Draw a frame as an HTML table; its first column stays visible. Cells are text.

    A ``compact`` one is beside a figure: narrow columns, numbers in the last one. A ``fitted`` one
    breaks its words so that it fits the page. ``pages`` are addresses to which the first cell of
    each row leads.
    """
    rows = frame.itertuples(index=False, name=None)
    kinds = [*(["compact"] if compact else []), *(["fitted"] if fitted else [])]
    draw_template(
        "table.html.j2", label=alt, kinds=kinds, heads=frame.columns, rows=rows, pages=pages
    )


def show_risk_factors(frame: pd.DataFrame, sources: Sequence[Sequence[Source]]) -> None:
    """Draw risk factors (as risk_frame gives them) with their sources, one line each, to open."""
    heads = list(frame.columns)
    rows = zip(frame.to_dict("records"), sources, strict=True)
    draw_template(
        "risk_factors.html.j2",
        heads=heads,
        # The name, whether it can be changed, how common it is, its effect.
        brief=[heads[0], *heads[2:5]],
        rows=list(rows),
    )


def facts_in_html(groups: Sequence[FactGroup], *, long: bool = False) -> str:
    """Write stated facts with their sources; ``long`` ones, such as notes, over the whole width."""
    return fill("facts.html.j2", groups=groups, long=long)


def show_head(**values: Any) -> None:
    """Draw the head of the page of one device or one type (see its template for the values)."""
    draw_template("detail_head.html.j2", **values)


def show_heads(
    comparison: Comparison,
    narrow: Sequence[int],
    address: Callable[[Item], str] = lambda item: f"{item.kind}?{urlencode({'id': item.key})}",
) -> None:
    """Draw the head of the comparison: it stays in sight while the page scrolls."""
    draw_template(
        "comparison_heads.html.j2",
        columns=[
            (*column, address(item := column[1]), picture(item.device_type or item.key, size=40))
            for column in _columns(comparison, narrow)
        ],
        narrow=len(narrow),
        many=len(comparison.items) > MOST_ON_A_TABLET,
    )


def groups_of_rows(
    comparison: Comparison,
    groups: Sequence[Group],
    narrow: Sequence[int],
    *,
    about: bool = False,
) -> str:
    """Return groups of rows below the head, each as a table, as HTML.

    ``about`` adds what the items are to the first.
    """
    return fill(
        "comparison.html.j2",
        columns=_columns(comparison, narrow),
        groups=groups,
        narrow=len(narrow),
        many=len(comparison.items) > MOST_ON_A_TABLET,
        about=about,
        counted=counted,
    )


def device_list(**values: Any) -> str:
    """Return a page of the device list as HTML."""
    template = _TEMPLATES.get_template("device_list.html.j2")
    return template.render(**values)


def _columns(comparison: Comparison, narrow: Sequence[int]) -> list[tuple[str, Item, bool]]:
    """Return label, item, and whether only wide screens show it, of each column."""
    pairs = zip(comparison.labels, comparison.items, strict=True)
    return [(*pair, position not in narrow) for position, pair in enumerate(pairs)]
