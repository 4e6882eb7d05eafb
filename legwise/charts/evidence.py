"""The evidence map: subjects × symptoms, with its text twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.theme import PALETTES, Chart, Theme, axis, inert, layout
from legwise.rules.verdicts import GLYPHS, Cell, Verdict, subject_group, subjects, verdicts
from legwise.tables.catalogue import Catalogue

#: Kinds of cell from weakest to strongest, as the heat map's colour steps.
STEPS = ("searched", "filtered", "claimed", "tier3", "tier2", "tier1")
MARKS = {"filtered": "×", "claimed": "c", "searched": "·"}
#: What the marks mean, in one line for captions.
MARKS_IN_WORDS = (
    "▲ benefit, = no difference, ◆ mixed, ▼ harm, ? unclear, with the number of studies. "
    "The stronger the blue, the better the best kind of study. c: claimed, no study found. ·: searched, no study found."
)

Row = tuple[str, str, str]


def evidence_map(
    catalogue: Catalogue,
    theme: Theme = "light",
    *,
    compact: bool = False,
    cells: Mapping[Cell, Verdict] | None = None,
) -> Chart:
    """Return the evidence map: every subject × every symptom. ``compact`` leaves out techniques and features."""
    groups: dict[str, list[Row]] = {}
    for kind, subject in subjects(catalogue):
        if not compact or kind == "device_type":
            row = (catalogue.subject_label(kind, subject), kind, subject)
            groups.setdefault(subject_group(catalogue, kind, subject), []).append(row)
    figure, table = verdict_grid(catalogue, groups, theme, cells)
    return Chart(
        figure, table, "Evidence map: device types, methods, techniques and features by symptoms"
    )


def verdict_grid(
    catalogue: Catalogue,
    groups: Mapping[str, Sequence[Row]],
    theme: Theme = "light",
    cells: Mapping[Cell, Verdict] | None = None,
) -> tuple[go.Figure, pd.DataFrame]:
    """Heat map of rows × symptoms under group headings, and the table that says the same.

    A row is (label, subject kind, subject). Colour is the tier, the glyph the direction, the number how
    many studies; cells that are only claimed are hatched. Each cell is a point that carries its subject
    kind, subject and symptom, so that it can be picked.
    """
    palette = PALETTES[theme]
    found = verdicts(catalogue) if cells is None else cells
    names = catalogue.names("symptoms")
    places, headings, rows = _places(groups)
    grid = {
        (x, y): found[kind, subject, symptom]
        for y, (_, kind, subject) in rows.items()
        for x, symptom in enumerate(names)
    }
    steps = [
        [STEPS.index(_step(grid[x, y])) if y in rows else None for x in range(len(names))]
        for y in range(places)
    ]
    colours = (palette.searched, palette.searched, palette.claimed, *reversed(palette.tiers))
    scale = [
        (edge / len(STEPS), colour)
        for place, colour in enumerate(colours)
        for edge in (place, place + 1)
    ]
    span = {"zmin": -0.5, "zmax": len(STEPS) - 0.5, "xgap": 2, "ygap": 2}
    figure = go.Figure(
        go.Heatmap(z=steps, colorscale=scale, showscale=False, hoverinfo="skip", **span)
    )
    figure.add_trace(
        _hatch([place for place, cell in grid.items() if cell.state == "claimed"], palette.text)
    )
    inks = (palette.text, palette.text, palette.text, *reversed(palette.on_tiers))
    texts = [
        f"<b>{inert(rows[y][0])} × {inert(list(names.values())[x])}</b><br>{cell.words}"
        for (x, y), cell in grid.items()
    ]
    # Marks are one trace of texts on unseen squares: they can be picked, and an annotation a cell would be slow.
    marks = go.Scatter(
        x=[x for x, _ in grid],
        y=[y for _, y in grid],
        text=[cell_mark(cell) for cell in grid.values()],
        textfont={"color": [inks[STEPS.index(_step(cell))] for cell in grid.values()], "size": 13},
        mode="markers+text",
        marker={"symbol": "square", "size": 28, "opacity": 0},
        customdata=[[cell.subject_kind, cell.subject, cell.symptom] for cell in grid.values()],
        hovertext=texts,
        hoverinfo="text",
        showlegend=False,
    )
    marks.update(selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}})
    figure.add_trace(marks)
    ticks = {
        **{y: f"<b>{heading}</b>" for y, heading in headings.items()},
        **{y: inert(row[0]) for y, row in rows.items()},
    }
    size = {"height": 150 + 32 * places, "margin": {"l": 10, "r": 60, "t": 130, "b": 10}}
    figure.update_layout(**layout(palette, hovermode="closest", dragmode=False, **size))
    across: dict[str, Any] = {
        "tickvals": list(range(len(names))),
        "ticktext": [inert(name) for name in names.values()],
        "range": [-0.5, len(names) - 0.5],
    }
    down: dict[str, Any] = {
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
        "range": [places - 0.5, -0.5],
    }
    plain: dict[str, Any] = {"showgrid": False, "zeroline": False, "ticks": "", "showline": False}
    figure.update_xaxes(axis(palette, side="top", tickangle=-40, **across, **plain))
    figure.update_yaxes(axis(palette, **down, **plain))
    table = pd.DataFrame(
        [[rows[y][0], *(grid[x, y].words for x in range(len(names)))] for y in rows],
        columns=["Subject", *names.values()],
    )
    return figure, table


def cell_mark(verdict: Verdict) -> str:
    """What stands in a cell: direction glyph and number of studies, or the mark of its kind of emptiness."""
    return (
        MARKS[verdict.state]
        if verdict.direction is None
        else f"{GLYPHS[verdict.direction]} {verdict.studies}"
    )


def _step(verdict: Verdict) -> str:
    return verdict.state if verdict.tier is None else f"tier{verdict.tier}"


def _places(groups: Mapping[str, Sequence[Row]]) -> tuple[int, dict[int, str], dict[int, Row]]:
    """Lay rows out from the top: a line a heading (none for an empty one), then its rows."""
    place, headings, rows = 0, {}, {}
    for heading, own in groups.items():
        if heading:
            headings[place] = heading
            place += 1
        for row in own:
            rows[place] = row
            place += 1
    return place, headings, rows


def _hatch(places: Sequence[tuple[int, int]], colour: str) -> go.Scatter:
    """Three slanted lines a cell, all in one trace."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for x, y in places:
        for shift in (-0.3, 0.0, 0.3):
            xs += [x + max(-0.44, shift - 0.2), x + min(0.44, shift + 0.2), None]
            ys += [y + 0.4, y - 0.4, None]
    line = {"color": colour, "width": 0.6}
    return go.Scatter(
        x=xs, y=ys, mode="lines", line=line, opacity=0.35, hoverinfo="skip", showlegend=False
    )
