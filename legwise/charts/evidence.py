"""The evidence map, subjects × symptoms: the whole map or one strip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.grid import crossed, headed_lines, heat_map
from legwise.charts.theme import PALETTES, Chart, Palette, Theme, axis, inert, layout
from legwise.rules.verdicts import Cell, Verdict, direction_words, subject_group, subjects, verdicts
from legwise.rules.wording import GLYPHS, STATE_WORDS, TIER_WORDS
from legwise.tables.catalogue import Catalogue
from legwise.text.cells import format_month

#: Kinds of cell from weakest to strongest, as the heat map's colour steps.
STEPS = ("unsearched", "searched", "filtered", "claimed", "tier3", "tier2", "tier1")
MARKS = {"filtered": "/", "claimed": "c", "searched": "·", "unsearched": "-"}
#: What the marks mean, for captions.
MARKS_IN_WORDS = (
    "▲ benefit, = no difference, ± mixed, ▼ harm, ? unclear, with the number of studies. "
    "The more a blue stands out from the page, the better the best kind of study. "
    "c: claimed, no study found. ·: searched, no study found."
)
#: How the map is read, for its legend. The example has three studies of tier 2.
READING = (
    "The sign is the direction of the findings: {signs}. The number is how many studies. The "
    "colour is the best kind of study. Direction and kind of study are two different things."
)
EXAMPLE = (
    "▲ 3",
    "three studies, the best of them randomised trials, and all that count point to benefit.",
)
#: The boxes of the legend: step, mark, words.
BOXES = (
    ("tier1", "5", f"best kind of study: {TIER_WORDS[1]}"),
    ("tier2", "5", TIER_WORDS[2]),
    ("tier3", "5", TIER_WORDS[3]),
    ("claimed", MARKS["claimed"], f"{STATE_WORDS['claimed']} (hatched)"),
    ("searched", MARKS["searched"], STATE_WORDS["searched"]),
    ("filtered", MARKS["filtered"], STATE_WORDS["filtered"]),
)

MAP_ALT = "Evidence map: device types, methods, techniques and features by symptoms"
#: A row of the map: heading (may be empty), label, subject kind, subject.
Row = tuple[str, str, str, str]
#: What is drawn of a cell: its symptom, its kind (one of STEPS), its mark, its words.
Drawn = tuple[str, str, str, str]


def evidence_map(
    catalogue: Catalogue,
    theme: Theme = "light",
    *,
    cells: Mapping[Cell, Verdict] | None = None,
) -> Chart:
    """Draw every subject × every symptom."""
    return verdict_chart(verdict_table(catalogue, map_rows(catalogue), cells), MAP_ALT, theme)


def map_words(catalogue: Catalogue, cells: Mapping[Cell, Verdict] | None = None) -> pd.DataFrame:
    """Return the map in words: one row per subject, one column per symptom."""
    return _in_words(verdict_table(catalogue, map_rows(catalogue), cells))


def map_rows(catalogue: Catalogue) -> list[Row]:
    """Return the rows of the map from top to bottom, those of one heading together."""
    rows = [
        (subject_group(catalogue, *pair), catalogue.subject_label(*pair), *pair)
        for pair in subjects(catalogue)
    ]
    headings = [heading for heading, *_ in rows]
    return sorted(rows, key=lambda row: headings.index(row[0]))


def map_groups(
    catalogue: Catalogue, rows: Iterable[Row], cells: Mapping[Cell, Verdict] | None = None
) -> list[tuple[str, list[tuple[Row, list[Drawn]]]]]:
    """Return rows of the map under their headings, with what is drawn in each cell.

    ``cells`` are the verdicts (default: all findings).
    """
    judged = verdicts(catalogue) if cells is None else cells
    symptoms = catalogue.names("symptoms")

    def line(row: Row) -> tuple[Row, list[Drawn]]:
        _, _, kind, subject = row
        its = [(name, judged[kind, subject, symptom]) for symptom, name in symptoms.items()]
        return row, [(name, cell_step(cell), cell_mark(cell), cell.words) for name, cell in its]

    return [(heading, [*map(line, its)]) for heading, its in groupby(rows, itemgetter(0))]


def subject_strip(
    catalogue: Catalogue, kind: str, subject: str, cells: Mapping[Cell, Verdict], theme: Theme
) -> Chart:
    """Draw one row of the map; its table has one row per symptom."""
    label = catalogue.subject_label(kind, subject)
    table = verdict_table(catalogue, [("", label, kind, subject)], cells)
    words = table[["Symptom", "words"]].rename(columns={"words": label})
    return Chart(draw_verdicts(table, theme), words, f"Evidence by symptom: {label}")


def reading() -> str:
    """Say how a cell of the map is read."""
    signs = (f"{glyph} {direction_words(direction)}" for direction, glyph in GLYPHS.items())
    return READING.format(signs=", ".join(signs))


def search_note(catalogue: Catalogue) -> str:
    """Say when and where studies were searched for, and why cells do not add up."""
    searched = format_month(catalogue.package["evidence"].searched)
    return (
        f"Every type and symptom was searched for in {searched}, in stored abstracts and pages, "
        "not in every database. A study can be in several cells, so cells do not add up to a "
        "number of studies."
    )


def verdict_chart(table: pd.DataFrame, alt: str, theme: Theme, note: str = "") -> Chart:
    """Draw a verdict table; the table shown has one row per subject, one column per symptom."""
    return Chart(draw_verdicts(table, theme), _in_words(table), alt, note)


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    return crossed(table, "Subject", "Symptom", "words")


def verdict_table(
    catalogue: Catalogue, rows: Iterable[Row], cells: Mapping[Cell, Verdict] | None = None
) -> pd.DataFrame:
    """Return the verdicts of rows × symptoms, one row per cell (see :mod:`legwise.charts.grid`).

    Besides ``x`` and ``y``: heading, Subject and Symptom (names), subject_kind, subject and symptom
    (ids), step (one of STEPS), mark, words. ``cells`` are the verdicts (default: all findings).
    """
    judged = verdicts(catalogue) if cells is None else cells
    names = catalogue.names("symptoms")
    return pd.DataFrame(
        {
            "y": y,
            "x": x,
            "heading": heading,
            "Subject": label,
            "Symptom": names[symptom],
            "subject_kind": kind,
            "subject": subject,
            "symptom": symptom,
            "step": cell_step(cell),
            "mark": cell_mark(cell),
            "words": cell.words,
        }
        for y, (heading, label, kind, subject) in enumerate(rows)
        for x, symptom in enumerate(names)
        for cell in (judged[kind, subject, symptom],)
    )


def cell_step(verdict: Verdict) -> str:
    """Return the kind of cell, one of STEPS."""
    return f"tier{verdict.tier}" if verdict.tier else verdict.state


def cell_mark(verdict: Verdict) -> str:
    """Return the direction glyph and number of studies, or the mark of an empty cell."""
    if verdict.direction is None:
        return MARKS[verdict.state]
    return f"{GLYPHS[verdict.direction]} {verdict.studies}"


def draw_verdicts(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw a verdict table as a heat map; cells that are only claimed are hatched.

    Colour shows the tier, the glyph the direction, the number how many studies.
    """
    palette = PALETTES[theme]
    rows = table.drop_duplicates("y")
    lines, down = headed_lines(rows["heading"], rows["Subject"])
    height = len(down["tickvals"])
    table = table.assign(
        line=table["y"].map(dict(zip(rows["y"], lines, strict=True))),
        step=table["step"].map(STEPS.index),
    )
    claimed = table[table["step"] == STEPS.index("claimed")]
    traces = [_steps(table, height, palette), _hatch(claimed, palette), _marks(table, palette)]
    symptoms = [inert(name) for name in table.drop_duplicates("x")["Symptom"]]
    plain: dict[str, Any] = {"showgrid": False, "zeroline": False, "ticks": "", "showline": False}
    across = plain | {"tickvals": list(range(len(symptoms))), "ticktext": symptoms}
    span = [-0.5, len(symptoms) - 0.5]
    axes = {
        "xaxis": axis(palette, side="top", tickangle=-40, range=span, **across),
        "yaxis": axis(palette, **down, **plain),
    }
    size = {"height": 150 + 27 * height, "margin": {"l": 10, "r": 60, "t": 130, "b": 10}}
    return go.Figure(traces, layout(palette, hovermode="closest", dragmode=False, **size, **axes))


def _steps(table: pd.DataFrame, height: int, palette: Palette) -> go.Heatmap:
    """Colour every cell; heading lines stay empty."""
    empty = [palette.searched] * STEPS.index("claimed")
    colours = (*empty, palette.claimed, *reversed(palette.tiers))
    steps = table.pivot(index="line", columns="x", values="step").reindex(range(height))
    rows = steps.astype(object).where(steps.notna(), None).to_numpy().tolist()
    return heat_map(rows, colours, hoverinfo="skip")


def _hatch(cells: pd.DataFrame, palette: Palette) -> go.Scatter:
    """Draw three slanted lines per cell, all in one trace."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for x, y in zip(cells["x"], cells["line"], strict=True):
        for shift in (-0.3, 0.0, 0.3):
            xs += [x + max(-0.44, shift - 0.2), x + min(0.44, shift + 0.2), None]
            ys += [y + 0.4, y - 0.4, None]
    line = {"color": palette.text, "width": 0.6}
    return go.Scatter(
        x=xs, y=ys, mode="lines", line=line, opacity=0.35, hoverinfo="skip", showlegend=False
    )


def _marks(table: pd.DataFrame, palette: Palette) -> go.Scatter:
    """Draw texts on invisible squares that can be clicked: each carries the ids of its cell.

    One trace, because one annotation per cell would be slow.
    """
    plain = [palette.text] * STEPS.index("tier3")
    inks = (*plain, *reversed(palette.on_tiers))
    unseen = {"marker": {"opacity": 0}}
    names = table["Subject"].map(inert) + " × " + table["Symptom"].map(inert)
    return go.Scatter(
        x=table["x"].tolist(),
        y=table["line"].tolist(),
        text=table["mark"].tolist(),
        textfont={"color": [inks[step] for step in table["step"]], "size": 13},
        mode="markers+text",
        marker={"symbol": "square", "size": 28, "opacity": 0},
        customdata=table[["subject_kind", "subject", "symptom"]].to_numpy().tolist(),
        hovertext=("<b>" + names + "</b><br>" + table["words"]).tolist(),
        hoverinfo="text",
        showlegend=False,
        selected=unseen,
        unselected=unseen,
    )
