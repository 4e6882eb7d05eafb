"""The evidence map: subjects × symptoms, with its text twin."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from legwise.catalogue import Catalogue
from legwise.charts.base import PALETTES, Chart, Theme, axis, layout
from legwise.evidence import GLYPHS, Verdict, subject_group, subjects, verdicts

#: Kinds of cell from weakest to strongest, as the heat map's colour steps.
STEPS = ("searched", "claimed", "tier3", "tier2", "tier1")


def evidence_map(catalogue: Catalogue, theme: Theme = "light", *, compact: bool = False) -> Chart:
    """Return the evidence map: every subject × every symptom. ``compact`` leaves out techniques and features."""
    rows = [
        (catalogue.subject_label(kind, subject), kind, subject)
        for kind, subject in subjects(catalogue)
        if not compact or kind == "device_type"
    ]
    figure, table = verdict_grid(catalogue, rows, theme)
    if not compact:
        table.insert(0, "Group", [subject_group(catalogue, kind, subject) for _, kind, subject in rows])
        table = table[["Subject", "Group", *table.columns[2:]]]
    return Chart(figure, table, "Evidence map: device types, methods, techniques and features by symptoms")


def verdict_grid(
    catalogue: Catalogue, rows: Sequence[tuple[str, str, str]], theme: Theme = "light"
) -> tuple[go.Figure, pd.DataFrame]:
    """Heat map of rows × symptoms, and the table that says the same.

    A row is (label, subject kind, subject). Colour is the tier, the glyph the direction, the number how
    many studies.
    """
    palette = PALETTES[theme]
    cells = verdicts(catalogue)
    names = catalogue.names("symptoms")
    labels = [label for label, _, _ in rows]
    grid = [[cells[kind, subject, symptom] for symptom in names] for _, kind, subject in rows]
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
    margin = {"l": 10, "r": 50, "t": 130, "b": 10}
    figure.update_layout(**layout(palette, height=150 + 34 * len(rows), margin=margin))
    figure.update_xaxes(axis(palette, side="top", tickangle=-40, showgrid=False, zeroline=False))
    figure.update_yaxes(axis(palette, autorange="reversed", showgrid=False, zeroline=False))
    table = pd.DataFrame([[cell.words for cell in line] for line in grid], columns=list(names.values()))
    table.insert(0, "Subject", labels)
    return figure, table


def cell_mark(verdict: Verdict) -> str:
    """What stands in a cell of the map: direction glyph and number of studies; c = claimed, · = searched."""
    if verdict.direction is None:
        return "c" if verdict.state == "claimed" else "·"
    return f"{GLYPHS[verdict.direction]} {verdict.studies}"
