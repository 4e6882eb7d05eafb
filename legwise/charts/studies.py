"""Charts of the studies: a symptom by direction, counts of all studies, and bubbles.

Only findings with a level are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.theme import PALETTES, Chart, Theme, axis, bars, inert, layout
from legwise.rules.verdicts import GLYPHS, TIER_WORDS, subjects
from legwise.tables.catalogue import Catalogue, Record, is_stated

#: Left of the middle, on it, right of it.
SIDES = {"harm": -1, "no_difference": -1, "unclear": 0, "mixed": 0, "benefit": 1}
#: Pattern of a kind of study: full for the strongest.
PATTERNS = dict(zip(TIER_WORDS.values(), ("", "/", "."), strict=True))


def finding_rows(catalogue: Catalogue, findings: Iterable[Record]) -> pd.DataFrame:
    """Findings with a level, one row each: source_id and direction (ids), Year (a text), and names.

    Subject, Symptom, Direction, Best kind of study, Design and People are categorical: their
    categories are all that could be counted, in the order of the map or of the vocabulary. Those
    of direction are from left to right, as it is drawn.
    """
    table = catalogue.package["evidence"]
    rows = [row for row in findings if is_stated(row["level"])]
    sources = [row["source_id"] for row in rows]
    return pd.DataFrame(
        {
            "source_id": sources,
            "direction": pd.Categorical([row["direction"] for row in rows], list(SIDES)),
            "Year": [str(work.year or "no year") for work in catalogue.sources(sources)],
            "Subject": _named(
                [(row["subject_kind"], row["subject"]) for row in rows],
                {pair: catalogue.subject_label(*pair) for pair in subjects(catalogue)},
            ),
            "Symptom": _named([row["symptom"] for row in rows], catalogue.names("symptoms")),
            "Best kind of study": _named([min(int(row["level"]), 3) for row in rows], TIER_WORDS),
            **{
                title: _named([row[name] for row in rows], table[name].labels)
                for title, name in (
                    ("Direction", "direction"),
                    ("Design", "design"),
                    ("People", "population_group"),
                )
            },
        }
    )


def _named(keys: Iterable[Any], names: Mapping[Any, str]) -> pd.Categorical:
    return pd.Categorical([names[key] for key in keys], list(dict.fromkeys(names.values())))


def symptom_bars(
    catalogue: Catalogue, findings: Iterable[Record], symptom: str, theme: Theme = "light"
) -> Chart:
    """Findings on one symptom by direction and kind of study, for each subject."""
    name = catalogue.names("symptoms")[symptom]
    rows = finding_rows(catalogue, findings)
    table = symptom_table(rows[rows["Symptom"] == name])
    return Chart(
        draw_symptom(table, theme),
        table.drop(columns="direction"),
        f"Findings on {name.lower()} by direction and kind of study",
        "Findings, not votes: verdicts follow the rule.",
    )


def symptom_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Count finding rows: Subject, Direction, direction (id), Best kind of study, Findings."""
    by = ["Subject", "Direction", "direction", "Best kind of study"]
    return rows.groupby(by, observed=True).size().reset_index(name="Findings")


def draw_symptom(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Diverging stacked bars of a symptom table, one per subject.

    Harm and no difference stand left, benefit right, mixed and unclear on the middle line. The
    verdict is read by rule, not from the length of a bar.
    """
    palette = PALETTES[theme]
    colours = dict(zip(GLYPHS, palette.directions, strict=True))
    parts = ["direction", "Direction", "Best kind of study"]
    counts = table.pivot_table(
        "Findings", "Subject", parts, aggfunc="sum", fill_value=0, observed=True
    )
    bases = _bases(counts)
    figure = go.Figure()
    for (direction, label, kind), numbers in counts.items():
        figure.add_bar(
            y=[inert(name) for name in counts.index],
            x=numbers.tolist(),
            base=bases[direction, label, kind].tolist(),
            orientation="h",
            name=f"{GLYPHS[direction]} {label}, {kind}",
            text=[str(number) if number else "" for number in numbers],
            textposition="inside",
            insidetextanchor="middle",
            textfont={"color": palette.on_direction},
            marker={
                "color": colours[direction],
                "pattern": {"shape": PATTERNS[kind], "fillmode": "overlay", "fgopacity": 0.35},
            },
            hovertemplate=f"%{{y}}: %{{text}}<extra>{label}, {kind}</extra>",
        )
    legend = {"orientation": "h", "y": -0.3, "yanchor": "top", "x": 0}
    size = {"height": 300 + 40 * len(counts), "uniformtext": {"mode": "hide", "minsize": 11}}
    figure.update_layout(**layout(palette, barmode="overlay", legend=legend, **size))
    title = "Left: no difference, harm. Middle: mixed, unclear. Right: benefit."
    figure.update_xaxes(axis(palette, title, showticklabels=False, zeroline=True))
    figure.update_yaxes(axis(palette, autorange="reversed"))
    return figure


def _bases(counts: pd.DataFrame) -> pd.DataFrame:
    """Left end of each part of the bars: sides are stacked outwards from the middle one."""
    sides = {
        side: counts[[part for part in counts if SIDES[part[0]] == side]] for side in (-1, 0, 1)
    }
    half = sides[0].sum(axis=1) / 2
    ends = {side: part.cumsum(axis=1) for side, part in sides.items()}
    return pd.concat(
        [
            (-ends[-1]).sub(half, axis=0),
            (ends[0] - sides[0]).sub(half, axis=0),
            (ends[1] - sides[1]).add(half, axis=0),
        ],
        axis=1,
    )


def study_charts(
    catalogue: Catalogue, findings: Iterable[Record], theme: Theme = "light"
) -> dict[str, Chart]:
    """Heading → chart of all studies: by year, by design, by the people they were tried on."""
    rows = finding_rows(catalogue, findings)
    people = work_table(rows, "People")
    ill = catalogue.package["evidence"]["population_group"].labels["circulation_condition"]
    note = (
        f"{people.loc[people['People'] == ill, 'Studies'].sum()} of {rows['source_id'].nunique()} "
        "studies were made on people with a disease of leg veins, arteries or lymph."
    )
    return {
        "Studies by year": _work_chart(work_table(rows, "Year"), theme, upright=True),
        "Studies by design": _work_chart(work_table(rows, "Design"), theme),
        "Studies by the people they were tried on": _work_chart(people, theme, note),
    }


def work_table(rows: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Count the works behind finding rows: columns ``by``, then Studies; none is left out."""
    works = rows.groupby(list(by), observed=True)["source_id"].nunique()
    return works.reset_index(name="Studies")


def _work_chart(
    table: pd.DataFrame, theme: Theme, note: str = "", *, upright: bool = False
) -> Chart:
    alt = f"Number of studies by {table.columns[0].lower()}"
    return Chart(draw_works(table, theme, upright=upright), table, alt, note)


def draw_works(table: pd.DataFrame, theme: Theme, *, upright: bool = False) -> go.Figure:
    """Bars of a table of works with one column beside Studies."""
    palette = PALETTES[theme]
    title, numbers = table.columns[0], table["Studies"].tolist()
    figure = go.Figure(bars(table[title], numbers, palette, upright=upright, text=numbers))
    number = axis(palette, "Studies")
    figure.update_layout(
        **layout(palette, height=320 if upright else 110 + 40 * len(table)),
        xaxis=axis(palette, title, type="category") if upright else number,
        yaxis=number if upright else axis(palette, autorange="reversed"),
    )
    return figure


def bubble_map(catalogue: Catalogue, findings: Iterable[Record], theme: Theme = "light") -> Chart:
    """Number of studies of each subject and symptom."""
    table = work_table(finding_rows(catalogue, findings), "Subject", "Symptom")
    alt = "Number of studies by subject and symptom, as bubbles"
    note = "A study can stand in several bubbles, so they do not add up."
    return Chart(draw_bubbles(table, theme), table, alt, note)


def draw_bubbles(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Bubbles of subjects × symptoms; the area is the number of studies, which stands in it."""
    palette = PALETTES[theme]
    down, across = (
        [inert(name) for name in table[column].cat.categories] for column in ("Subject", "Symptom")
    )
    numbers = table["Studies"].tolist()
    figure = go.Figure(
        go.Scatter(
            x=[inert(name) for name in table["Symptom"]],
            y=[inert(name) for name in table["Subject"]],
            text=[str(number) for number in numbers],
            mode="markers+text",
            textposition="middle center",
            textfont={"color": palette.text, "size": 12},
            marker={
                "size": numbers,
                "sizemode": "area",
                "sizeref": 2 * max(numbers, default=1) / 44**2,
                "sizemin": 9,
                "color": palette.tiers[2],
                "line": {"color": palette.text, "width": 1},
            },
            hovertemplate="%{y} × %{x}: %{text} studies<extra></extra>",
        )
    )
    margin = {"l": 10, "r": 60, "t": 140, "b": 20}
    figure.update_layout(**layout(palette, height=190 + 36 * len(down), margin=margin))
    order = {"categoryorder": "array", "categoryarray": across}
    figure.update_xaxes(axis(palette, side="top", tickangle=-40, **order))
    figure.update_yaxes(axis(palette, **{**order, "categoryarray": down[::-1]}))
    return figure
