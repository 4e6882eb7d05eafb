"""Charts of the studies: one symptom by direction, the whole by year, design and people, and as bubbles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.theme import PALETTES, Chart, Theme, axis, inert, layout
from legwise.rules.verdicts import GLYPHS, TIER_WORDS, subjects
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.stated import is_stated

#: Left of the middle, on it, right of it.
SIDES = {"harm": -1, "no_difference": -1, "unclear": 0, "mixed": 0, "benefit": 1}
#: Pattern of a tier: full for the strongest kind of study.
PATTERNS = {1: "", 2: "/", 3: "."}


def symptom_bars(
    catalogue: Catalogue, findings: Iterable[Record], symptom: str, theme: Theme = "light"
) -> Chart:
    """Diverging stacked bars a device type: findings by direction, split by tier.

    Harm and no difference stand left, benefit right, mixed and unclear on the middle line. Findings, not
    votes: the verdict is read by rule, not from the length of a bar.
    """
    palette = PALETTES[theme]
    colours = dict(zip(GLYPHS, palette.directions, strict=True))
    counts: Counter[tuple[str, str, int]] = Counter()
    for row in findings:
        if row["symptom"] == symptom and is_stated(row["level"]):
            name = catalogue.subject_label(row["subject_kind"], row["subject"])
            counts[name, row["direction"], min(int(row["level"]), 3)] += 1
    names = [catalogue.subject_label(*pair) for pair in subjects(catalogue)]
    shown = [name for name in names if any(own == name for own, _, _ in counts)]
    labels = catalogue.package["evidence"]["direction"].labels
    middle = Counter(dict.fromkeys(shown, 0))
    for (name, direction, _), number in counts.items():
        middle[name] += number if SIDES[direction] == 0 else 0
    edges = {
        side: {name: side * middle[name] / 2 if side else -middle[name] / 2 for name in shown}
        for side in (-1, 0, 1)
    }
    figure = go.Figure()
    for direction, side in SIDES.items():
        for tier in TIER_WORDS:
            numbers = [counts[name, direction, tier] for name in shown]
            if not any(numbers):
                continue
            bases = []
            for name, number in zip(shown, numbers, strict=True):
                bases.append(edges[side][name] - (number if side < 0 else 0))
                edges[side][name] += number * (side or 1)
            bar = go.Bar(
                y=[inert(name) for name in shown],
                x=numbers,
                base=bases,
                orientation="h",
                name=f"{GLYPHS[direction]} {labels[direction]}, {TIER_WORDS[tier]}",
                text=[str(number) if number else "" for number in numbers],
                textposition="inside",
                insidetextanchor="middle",
                textfont={"color": palette.on_direction},
                marker={
                    "color": colours[direction],
                    "pattern": {"shape": PATTERNS[tier], "fillmode": "overlay", "fgopacity": 0.35},
                },
                hovertemplate="%{y}: %{text}<extra>"
                + f"{labels[direction]}, {TIER_WORDS[tier]}"
                + "</extra>",
            )
            figure.add_trace(bar)
    legend = {"orientation": "h", "y": -0.3, "yanchor": "top", "x": 0}
    small = {"mode": "hide", "minsize": 11}
    size = {"height": 300 + 40 * len(shown), "uniformtext": small}
    figure.update_layout(**layout(palette, barmode="overlay", legend=legend, **size))
    figure.update_xaxes(
        axis(
            palette,
            "Left: no difference, harm. Middle: mixed, unclear. Right: benefit.",
            showticklabels=False,
            zeroline=True,
        )
    )
    figure.update_yaxes(axis(palette, autorange="reversed"))
    table = pd.DataFrame(
        [
            {
                "Subject": name,
                "Direction": labels[direction],
                "Best kind of study": TIER_WORDS[tier],
                "Findings": counts[name, direction, tier],
            }
            for name in shown
            for direction in labels
            for tier in TIER_WORDS
            if counts[name, direction, tier]
        ],
        columns=["Subject", "Direction", "Best kind of study", "Findings"],
    )
    heading = catalogue.names("symptoms")[symptom]
    return Chart(
        figure,
        table,
        f"Findings on {heading.lower()} by direction and kind of study",
        "Findings, not votes: verdicts follow the rule.",
    )


def study_charts(
    catalogue: Catalogue, findings: Sequence[Record], theme: Theme = "light"
) -> dict[str, Chart]:
    """Heading → chart of all studies: by year, by design, by the people they were tried on."""
    table = catalogue.package["evidence"]
    rated = [row for row in findings if is_stated(row["level"])]
    years = Counter(
        str(catalogue.sources([key])[0].year or "no year")
        for key in {row["source_id"] for row in rated}
    )
    designs = _works(rated, "design", table["design"].labels)
    people = _works(rated, "population_group", table["population_group"].labels)
    poor = people.get(table["population_group"].labels["circulation_condition"], 0)
    works = len({row["source_id"] for row in rated})
    note = f"{poor} of {works} studies were made on people with a disease of leg veins, arteries or lymph."
    return {
        "Studies by year": _bars("Year", dict(sorted(years.items())), theme, upright=True),
        "Studies by design": _bars("Design", designs, theme),
        "Studies by the people they were tried on": _bars("People", people, theme, note),
    }


def bubble_map(catalogue: Catalogue, findings: Iterable[Record], theme: Theme = "light") -> Chart:
    """Bubbles of subjects × symptoms; the area is the number of studies, the number stands in words too."""
    palette = PALETTES[theme]
    names = catalogue.names("symptoms")
    cells: dict[tuple[str, str], set[str]] = {}
    for row in findings:
        if is_stated(row["level"]):
            name = catalogue.subject_label(row["subject_kind"], row["subject"])
            cells.setdefault((name, names[row["symptom"]]), set()).add(row["source_id"])
    order = [catalogue.subject_label(*pair) for pair in subjects(catalogue)]
    points = [(x, y, len(cells[y, x])) for y in order for x in names.values() if (y, x) in cells]
    largest = max((number for _, _, number in points), default=1)
    figure = go.Figure(
        go.Scatter(
            x=[inert(x) for x, _, _ in points],
            y=[inert(y) for _, y, _ in points],
            text=[str(number) for _, _, number in points],
            mode="markers+text",
            textposition="middle center",
            textfont={"color": palette.text, "size": 12},
            marker={
                "size": [number for _, _, number in points],
                "sizemode": "area",
                "sizeref": 2 * largest / 44**2,
                "sizemin": 9,
                "color": palette.tiers[2],
                "line": {"color": palette.text, "width": 1},
            },
            hovertemplate="%{y} × %{x}: %{text} studies<extra></extra>",
        )
    )
    figure.update_layout(
        **layout(
            palette, height=190 + 36 * len(order), margin={"l": 10, "r": 60, "t": 140, "b": 20}
        )
    )
    figure.update_xaxes(
        axis(
            palette,
            side="top",
            tickangle=-40,
            categoryorder="array",
            categoryarray=[inert(name) for name in names.values()],
        )
    )
    figure.update_yaxes(
        axis(palette, categoryorder="array", categoryarray=[inert(name) for name in order[::-1]])
    )
    table = pd.DataFrame(points, columns=["Symptom", "Subject", "Studies"])[
        ["Subject", "Symptom", "Studies"]
    ]
    note = "A study can stand in several bubbles, so they do not add up."
    return Chart(figure, table, "Number of studies by subject and symptom, as bubbles", note)


def _works(findings: Iterable[Record], name: str, labels: dict[str, str]) -> dict[str, int]:
    """Label → number of works, in the order of the vocabulary, zeros left out."""
    works: dict[str, set[str]] = {}
    for row in findings:
        works.setdefault(row[name], set()).add(row["source_id"])
    return {label: len(works[value]) for value, label in labels.items() if value in works}


def _bars(
    title: str, counts: dict[str, int], theme: Theme, note: str = "", *, upright: bool = False
) -> Chart:
    palette = PALETTES[theme]
    keys, numbers = [inert(key) for key in counts], list(counts.values())
    sides = {"x": keys, "y": numbers} if upright else {"y": keys, "x": numbers, "orientation": "h"}
    figure = go.Figure(
        go.Bar(
            **sides,
            text=numbers,
            textposition="outside",
            cliponaxis=False,
            marker={"color": palette.states[0]},
        )
    )
    figure.update_layout(**layout(palette, height=320 if upright else 110 + 40 * len(counts)))
    number = axis(palette, "Studies")
    figure.update_layout(
        xaxis=axis(palette, title, type="category") if upright else number,
        yaxis=number if upright else axis(palette, autorange="reversed"),
    )
    table = pd.DataFrame({title: list(counts), "Studies": numbers})
    return Chart(figure, table, f"Number of studies by {title.lower()}", note)
