"""Charts of the studies: a symptom by direction, counts of all studies, bubbles.

Only findings with a level count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.bars import HIDE_SMALL, bar_axes, draw_bars, stacked
from legwise.charts.theme import PALETTES, Chart, Theme, axis, inert, layout
from legwise.rules.verdicts import subjects
from legwise.rules.wording import GLYPHS, TIER_WORDS
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated

#: Direction → left of the middle (-1), on it (0), right of it (1).
SIDES = {"harm": -1, "no_difference": -1, "unclear": 0, "mixed": 0, "benefit": 1}
#: Kind of study → pattern; the strongest has none.
PATTERNS = dict(zip(TIER_WORDS.values(), ("", "/", "."), strict=True))


def finding_rows(catalogue: Catalogue, findings: Iterable[Record]) -> pd.DataFrame:
    """Return the findings with a level, one row each.

    Columns: source_id and direction (ids; directions in the order drawn, left to right), Year (a
    text), and names: Subject, Symptom, Direction, Best kind of study, Design and People. Names are
    categorical over all possible values, in the order of the map or the vocabulary.
    """
    table = catalogue.package["evidence"]
    pairs = {pair: catalogue.subject_label(*pair) for pair in subjects(catalogue)}
    rows = pd.DataFrame(
        [dict(row) for row in findings if is_stated(row["level"])],
        columns=[field.name for field in table.fields],
    )
    return pd.DataFrame(
        {
            "source_id": rows["source_id"],
            "direction": pd.Categorical(rows["direction"], list(SIDES)),
            "Year": [str(work.year or "no year") for work in catalogue.sources(rows["source_id"])],
            "Subject": _named(zip(rows["subject_kind"], rows["subject"], strict=True), pairs),
            "Symptom": _named(rows["symptom"], catalogue.names("symptoms")),
            "Direction": _named(rows["direction"], table["direction"].labels),
            "Best kind of study": _named(rows["level"].clip(upper=3), TIER_WORDS),
            "Design": _named(rows["design"], table["design"].labels),
            "People": _named(rows["population_group"], table["population_group"].labels),
        }
    )


def _named(keys: Iterable[Any], names: Mapping[Any, str]) -> Any:
    return pd.Categorical([names[key] for key in keys], list(dict.fromkeys(names.values())))


def symptom_bars(
    catalogue: Catalogue, findings: Iterable[Record], symptom: str, theme: Theme = "light"
) -> Chart:
    """Draw the findings on one symptom by subject, direction and kind of study."""
    name = catalogue.names("symptoms")[symptom]
    rows = finding_rows(catalogue, findings)
    table = symptom_table(rows[rows["Symptom"] == name])
    return Chart(
        draw_symptom(table, theme),
        table.drop(columns="direction"),
        f"Findings on {within_sentence(name)} by direction and kind of study",
    )


def symptom_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Count finding rows: Subject, Direction, direction (id), Best kind of study, Findings."""
    by = ["Subject", "Direction", "direction", "Best kind of study"]
    return rows.groupby(by, observed=True).size().reset_index(name="Findings")


def draw_symptom(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw a symptom table as diverging stacked bars, one per subject.

    Harm and no difference are on the left, benefit on the right, mixed and unclear in the middle.
    The verdict follows the rule, not the length of a bar.
    """
    palette = PALETTES[theme]
    colours = dict(zip(GLYPHS, palette.directions, strict=True))
    parts = ["direction", "Direction", "Best kind of study"]
    counts = table.pivot_table(
        "Findings", "Subject", parts, aggfunc="sum", fill_value=0, observed=True
    )
    bases = _bases(counts)
    traces = [
        stacked(
            counts.index,
            counts[part],
            colours[part[0]],
            palette.on_direction,
            {"shape": PATTERNS[part[2]], "fgopacity": 0.35},
            base=bases[part].tolist(),
            name=f"{GLYPHS[part[0]]} {part[1]}, {part[2]}",
            hovertemplate=f"%{{y}}: %{{text}}<extra>{part[1]}, {part[2]}</extra>",
        )
        for part in counts.columns.tolist()
    ]
    legend = {"orientation": "h", "y": -0.3, "yanchor": "top", "x": 0}
    size = {"height": 300 + 40 * len(counts), "uniformtext": HIDE_SMALL, "barmode": "overlay"}
    title = "Left: no difference, harm. Middle: mixed, unclear. Right: benefit."
    axes = bar_axes(palette, title, counts.index, showticklabels=False, zeroline=True)
    return go.Figure(traces, layout(palette, legend=legend, **size, **axes))


def _bases(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the left end of each part: sides are stacked outwards from the middle."""
    left, middle, right = (
        counts[[part for part in counts.columns.tolist() if SIDES[part[0]] == side]]
        for side in (-1, 0, 1)
    )
    half = middle.sum(axis=1) / 2
    return pd.concat(
        [
            (-left.cumsum(axis=1)).sub(half, axis=0),
            (middle.cumsum(axis=1) - middle).sub(half, axis=0),
            (right.cumsum(axis=1) - right).add(half, axis=0),
        ],
        axis=1,
    )


def study_charts(
    catalogue: Catalogue, findings: Iterable[Record], theme: Theme = "light"
) -> dict[str, Chart]:
    """Return heading → chart of all studies: by year, design and people studied."""
    rows = finding_rows(catalogue, findings)
    people = work_table(rows, "People")
    ill = catalogue.package["evidence"]["population_group"].labels["circulation_condition"]
    note = (
        f"{people.loc[people['People'] == ill, 'Studies'].sum()} of {rows['source_id'].nunique()} "
        "studies were made on people with a disease of leg veins, arteries or lymph."
    )
    years, designs = work_table(rows, "Year"), work_table(rows, "Design")
    alt = "Number of studies by {}".format
    return {
        "Studies by year": Chart(draw_years(years, theme), years, alt("year")),
        "Studies by design": Chart(draw_works(designs, theme), designs, alt("design")),
        "Studies by the people they were tried on": Chart(
            draw_works(people, theme), people, alt("people"), note
        ),
    }


def work_table(rows: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Count the works behind finding rows: the columns ``by``, then Studies."""
    works = rows.groupby(list(by), observed=True)["source_id"].nunique()
    return works.reset_index(name="Studies")


def draw_works(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw a table of works with one column besides Studies as bars."""
    names, numbers, height = table.iloc[:, 0], table["Studies"], 110 + 40 * len(table)
    return draw_bars(names, numbers, "Studies", height, theme, text=numbers.tolist())


def draw_years(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw a table of works by year as vertical bars."""
    palette, numbers = PALETTES[theme], table["Studies"].tolist()
    bars = go.Bar(
        x=[inert(year) for year in table["Year"]],
        y=numbers,
        text=numbers,
        textposition="outside",
        cliponaxis=False,
        marker={"color": palette.states[0]},
    )
    axes = {"xaxis": axis(palette, "Year", type="category"), "yaxis": axis(palette, "Studies")}
    return go.Figure(bars, layout(palette, height=320, **axes))


def bubble_map(catalogue: Catalogue, findings: Iterable[Record], theme: Theme = "light") -> Chart:
    """Draw the number of studies of each subject and symptom."""
    table = work_table(finding_rows(catalogue, findings), "Subject", "Symptom")
    alt = "Number of studies by subject and symptom, as bubbles"
    note = "A study can be in several bubbles, so they do not add up."
    return Chart(draw_bubbles(table, theme), table, alt, note)


def draw_bubbles(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw bubbles of subjects × symptoms; area and text show the number of studies."""
    palette = PALETTES[theme]
    down, across = (
        [inert(name) for name in table[column].cat.categories] for column in ("Subject", "Symptom")
    )
    numbers = table["Studies"].tolist()
    area = {"sizemode": "area", "sizeref": 2 * max(numbers, default=1) / 44**2, "sizemin": 9}
    ink = {"color": palette.tiers[2], "line": {"color": palette.text, "width": 1}}
    bubbles = go.Scatter(
        x=[inert(name) for name in table["Symptom"]],
        y=[inert(name) for name in table["Subject"]],
        text=[str(number) for number in numbers],
        mode="markers+text",
        textposition="middle center",
        textfont={"color": palette.text, "size": 12},
        marker={"size": numbers, **area, **ink},
        hovertemplate="%{y} × %{x}: %{text} studies<extra></extra>",
    )
    order: dict[str, Any] = {"categoryorder": "array"}
    axes = {
        "xaxis": axis(palette, side="top", tickangle=-40, categoryarray=across, **order),
        "yaxis": axis(palette, categoryarray=down[::-1], **order),
    }
    margin = {"l": 10, "r": 60, "t": 140, "b": 20}
    return go.Figure(bubbles, layout(palette, height=190 + 36 * len(down), margin=margin, **axes))
