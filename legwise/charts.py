"""Plotly figures and their text twins.

Every figure sets its own template and explicit colours: importing streamlit changes plotly's default
template, and a figure must not depend on who imported what. Colour never carries meaning alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from legwise.catalogue import Catalogue
from legwise.evidence import GLYPHS, Verdict, subject_group, subjects, verdicts

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """Colours of one theme. ``tiers`` is a single-hue ramp: tier 1, 2, 3; further from the page = stronger."""

    text: str
    page: str
    grid: str
    tiers: tuple[str, str, str]
    on_tiers: tuple[str, str, str]
    claimed: str
    searched: str
    bar: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        "#1b2530",
        "#ffffff",
        "#d5dde5",
        ("#0b4f8a", "#5b9bd0", "#c3dcf0"),
        ("#ffffff", "#10202e", "#10202e"),
        "#f3e3c3",
        "#f4f6f8",
        "#2f7bbd",
    ),
    "dark": Palette(
        "#e8edf2",
        "#10161d",
        "#33404d",
        ("#a9d3f7", "#3a78ad", "#1f4566"),
        ("#0a1620", "#ffffff", "#ffffff"),
        "#5a4520",
        "#182029",
        "#6db1ea",
    ),
}
#: Kinds of cell from weakest to strongest, as the heat map's colour steps.
STEPS = ("searched", "claimed", "tier3", "tier2", "tier1")


def evidence_map_frame(catalogue: Catalogue, cells: dict[tuple[str, str, str], Verdict] | None = None) -> pd.DataFrame:
    """Text twin of the evidence map: a row a subject, a column a symptom, the verdict in words."""
    cells = cells or verdicts(catalogue)
    names = catalogue.names("symptoms")
    rows = [
        {
            "Group": subject_group(catalogue, kind, subject),
            "Subject": catalogue.subject_label(kind, subject),
            **{name: cells[kind, subject, symptom].words for symptom, name in names.items()},
        }
        for kind, subject in subjects(catalogue)
    ]
    return pd.DataFrame(rows)


def cell_mark(verdict: Verdict) -> str:
    """What stands in a cell of the map: direction glyph and number of studies; c = claimed, · = searched."""
    if verdict.direction is None:
        return "c" if verdict.state == "claimed" else "·"
    return f"{GLYPHS[verdict.direction]} {verdict.studies}"


def evidence_map(catalogue: Catalogue, theme: Theme = "light", *, compact: bool = False) -> go.Figure:
    """Heat map of subjects × symptoms: colour is the tier, the glyph the direction, the number the studies.

    ``compact`` leaves out techniques and features, for the home page.
    """
    palette = PALETTES[theme]
    cells = verdicts(catalogue)
    names = catalogue.names("symptoms")
    rows = [pair for pair in subjects(catalogue) if not compact or pair[0] == "device_type"]
    labels = [catalogue.subject_label(kind, subject) for kind, subject in rows]
    grid = [[cells[kind, subject, symptom] for symptom in names] for kind, subject in rows]
    steps = [[STEPS.index(cell.state if cell.tier is None else f"tier{cell.tier}") for cell in line] for line in grid]
    colours = (palette.searched, palette.claimed, *reversed(palette.tiers))
    figure = go.Figure(
        go.Heatmap(
            z=steps,
            x=list(names.values()),
            y=labels,
            zmin=-0.5,
            zmax=len(STEPS) - 0.5,
            colorscale=[(edge / len(STEPS), colour) for place, colour in enumerate(colours) for edge in (place, place + 1)],
            showscale=False,
            xgap=2,
            ygap=2,
            customdata=[[cell.words for cell in line] for line in grid],
            hovertemplate="<b>%{y} × %{x}</b><br>%{customdata}<extra></extra>",
        )
    )
    inks = (palette.text, palette.text, *reversed(palette.on_tiers))
    flat = [
        (x, y, cell, step)
        for y, line, row in zip(labels, grid, steps, strict=True)
        for x, cell, step in zip(names.values(), line, row, strict=True)
    ]
    # Marks are one text trace: an annotation a cell takes plotly two seconds to validate.
    figure.add_trace(
        go.Scatter(
            x=[x for x, _, _, _ in flat],
            y=[y for _, y, _, _ in flat],
            text=[cell_mark(cell) for _, _, cell, _ in flat],
            textfont={"color": [inks[step] for _, _, _, step in flat], "size": 13},
            mode="text",
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.update_layout(
        **_layout(palette),
        height=140 + 34 * len(rows),
        margin={"l": 10, "r": 50, "t": 130, "b": 10},
    )
    figure.update_xaxes(side="top", tickangle=-40, showgrid=False, fixedrange=True, automargin=True, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, automargin=True, zeroline=False)
    return figure


def _layout(palette: Palette) -> dict[str, object]:
    return {
        "template": "none",
        "paper_bgcolor": palette.page,
        "plot_bgcolor": palette.page,
        "font": {"color": palette.text, "size": 13, "family": "Source Sans, Source Sans Pro, sans-serif"},
    }
