"""Charts of risk factors: effect sizes, how common they are, what they lead to, and the caution matrix."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence

import pandas as pd
import plotly.graph_objects as go

from legwise.charts.theme import PALETTES, SYMBOLS, Chart, Theme, axis, inert, layout
from legwise.rules.cautions import (
    NOTHING_RECORDED,
    NOTHING_RECORDED_MARK,
    cautions_for,
    severities,
    worst,
)
from legwise.rules.verdicts import GLYPHS, verdicts
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject
from legwise.text.cells import format_number

#: Measures that are ratios, with 1 for no link: these can stand on one axis.
RATIOS = ("odds ratio", "hazard ratio", "relative risk")


def effects(
    catalogue: Catalogue, risk_factors: Collection[str] = ()
) -> tuple[list[Record], list[Record]]:
    """Effect sizes that can be drawn (ratios that are one number), and those that stay words."""
    rows = [
        row
        for row in catalogue.records("risk_effects")
        if not risk_factors or row["risk_factor"] in risk_factors
    ]
    drawn = [
        row
        for row in rows
        if row["effect_measure"] in RATIOS and is_stated(row["estimate"]) and row["estimate"] > 0
    ]
    return drawn, [row for row in rows if row not in drawn]


def effect_frame(catalogue: Catalogue, rows: Sequence[Record]) -> pd.DataFrame:
    """Table of effect sizes for people."""
    names, labels = catalogue.names("risk_factors"), catalogue.package["risk_effects"]
    out = []
    for row in rows:
        interval = (
            f"{row['ci_low']:g} to {row['ci_high']:g}" if is_stated(row["ci_low"]) else "not stated"
        )
        out.append(
            {
                "Risk factor": names[row["risk_factor"]],
                "Outcome": row["outcome"],
                "Measure": labels["effect_measure"].labels[row["effect_measure"]],
                "Estimate": format_number(row["estimate"])
                if is_stated(row["estimate"])
                else row["estimate_text"],
                "95% interval": interval,
                "Direction": labels["direction"].labels[row["direction"]],
                "Compared": row["comparison"] if is_stated(row["comparison"]) else "not stated",
                "Population": row["population"] if is_stated(row["population"]) else "not stated",
                "Source": catalogue.sources([row["source_id"]])[0].citation,
            }
        )
    return pd.DataFrame(out)


def forest_plot(
    catalogue: Catalogue, risk_factors: Collection[str] = (), theme: Theme = "light"
) -> Chart | None:
    """Effect sizes with their intervals on a log axis, grouped by outcome, the line of no link marked.

    Null and contrary results have the same marks as all others. ``None`` where nothing can be drawn.
    """
    palette = PALETTES[theme]
    drawn, words = effects(catalogue, risk_factors)
    if not drawn:
        return None
    names = catalogue.names("risk_factors")
    rows = sorted(
        drawn, key=lambda row: (row["outcome"], names[row["risk_factor"]], row["estimate"])
    )
    ticks: dict[int, str] = {}
    places: list[int] = []
    place, outcome = 0, ""
    for row in rows:
        if row["outcome"] != outcome:
            outcome = row["outcome"]
            ticks[place] = f"<b>{inert(outcome[0].upper())}{inert(outcome[1:])}</b>"
            place += 1
        name, what = names[row["risk_factor"]], row["comparison"]
        says_more = is_stated(what) and what.casefold() not in name.casefold()
        text = f"{name}, {what}" if says_more else name
        text = text if len(text) <= 44 else f"{text[:43]}…"
        # Two results on the same comparison differ in who was studied.
        text = inert(text)
        ticks[place] = f"{text} ({inert(row['population'])})" if text in ticks.values() else text
        places.append(place)
        place += 1
    figure = go.Figure()
    for number, measure in enumerate(RATIOS):
        own = [
            (row, y)
            for row, y in zip(rows, places, strict=True)
            if row["effect_measure"] == measure
        ]
        if own:
            figure.add_trace(
                _forest_trace(catalogue, own, measure, palette.kinds[number], SYMBOLS[number])
            )
    figure.add_vline(x=1, line={"color": palette.text, "dash": "dash", "width": 1.5})
    legend = {"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0}
    figure.update_layout(**layout(palette, height=140 + 24 * place, legend=legend))
    scale = _ratio_scale(
        [
            row[name]
            for row in rows
            for name in ("estimate", "ci_low", "ci_high")
            if is_stated(row[name])
        ]
    )
    ends = [math.log10(scale[0]) - 0.05, math.log10(scale[-1]) + 0.05]
    texts = [f"{value:g}" for value in scale]
    title = "Ratio (log axis); 1 = no link"
    figure.update_xaxes(
        axis(palette, title, type="log", range=ends, tickvals=scale, ticktext=texts)
    )
    figure.update_yaxes(
        axis(
            palette,
            tickvals=list(ticks),
            ticktext=list(ticks.values()),
            range=[place - 0.5, -0.5],
            zeroline=False,
        )
    )
    note = (
        f"{len(rows)} ratios, right of the dashed line more, left of it less; {len(words)} results that are not one ratio "
        "stand in the table below. A link is not a cause."
    )
    return Chart(
        figure,
        effect_frame(catalogue, rows),
        "Effect sizes of risk factors with 95% intervals, by outcome",
        note,
    )


def _ratio_scale(values: Sequence[float]) -> list[float]:
    """Ticks at 1, 2 and 5 of every decade, from below the smallest ratio to above the largest; 1 is among them."""
    above = [1, *(value for value in values if value > 0)]
    low, high = min(above), max(above)
    decades = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 2)
    digits = (1, 2, 5) if len(decades) <= 5 else (1,)
    ticks = [float(f"{digit}e{decade}") for decade in decades for digit in digits]
    return ticks[bisect_right(ticks, low) - 1 : bisect_left(ticks, high) + 1]


def _forest_trace(
    catalogue: Catalogue, own: list[tuple[Record, int]], measure: str, colour: str, symbol: str
) -> go.Scatter:
    rows = [row for row, _ in own]
    has = [is_stated(row["ci_low"]) and is_stated(row["ci_high"]) for row in rows]
    pairs = list(zip(rows, has, strict=True))
    table = effect_frame(catalogue, rows)
    texts = [
        f"<b>{inert(line['Risk factor'])}</b>, {inert(line['Compared'])}<br>{measure} {line['Estimate']}, "
        f"95% interval {line['95% interval']}<br>{inert(line['Population'])}"
        for line in table.to_dict("records")
    ]
    return go.Scatter(
        x=[row["estimate"] for row in rows],
        y=[y for _, y in own],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["ci_high"] - row["estimate"] if known else 0 for row, known in pairs],
            "arrayminus": [row["estimate"] - row["ci_low"] if known else 0 for row, known in pairs],
            "color": colour,
            "thickness": 1.6,
        },
        mode="markers",
        marker={
            "color": colour,
            "symbol": [symbol if known else f"{symbol}-open" for known in has],
            "size": 10,
        },
        name=f"{measure} (open mark: interval not stated)",
        hovertext=texts,
        hoverinfo="text",
    )


def prevalence_bars(catalogue: Catalogue, theme: Theme = "light") -> Chart:
    """How common risk factors are, each with the population it was counted in."""
    palette = PALETTES[theme]
    rows = [row for row in catalogue.records("risk_factors") if is_stated(row["prevalence_pct"])]
    rows.sort(key=lambda row: -row["prevalence_pct"])
    table = pd.DataFrame(
        {
            "Risk factor": [row["name"] for row in rows],
            "Share": [f"{row['prevalence_pct']:g}%" for row in rows],
            "Among": [row["prevalence_population"] for row in rows],
            "Years": [
                row["prevalence_year"] if is_stated(row["prevalence_year"]) else "not stated"
                for row in rows
            ],
        }
    )
    figure = go.Figure(
        go.Bar(
            y=[inert(name) for name in table["Risk factor"]],
            x=[row["prevalence_pct"] for row in rows],
            orientation="h",
            text=table["Share"].tolist(),
            textposition="outside",
            cliponaxis=False,
            marker={"color": palette.states[0]},
            customdata=[
                [inert(among), inert(years)]
                for among, years in zip(table["Among"], table["Years"], strict=True)
            ],
            hovertemplate="%{y}: %{text} of %{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        )
    )
    figure.update_layout(**layout(palette, height=110 + 28 * len(table)))
    # Room for the number beside the longest bar, then up to the next five.
    end = 5 * max(1, math.ceil(max((row["prevalence_pct"] for row in rows), default=0) * 1.1 / 5))
    figure.update_xaxes(axis(palette, "Per cent of the population", range=[0, end]))
    figure.update_yaxes(axis(palette, autorange="reversed"))
    note = "Each share is of another population, so bars are not to be compared closely; the table names them."
    return Chart(figure, table, "How common risk factors are, with the population of each", note)


def flow(catalogue: Catalogue, risk_factor: str, theme: Theme = "light") -> Chart | None:
    """From a risk factor to the symptoms it brings to the device types that were studied for them."""
    palette = PALETTES[theme]
    names, symptoms = catalogue.names("risk_factors"), catalogue.names("symptoms")
    brings = [
        row["symptom"]
        for row in catalogue.records("risk_factor_symptoms")
        if row["risk_factor"] == risk_factor
    ]
    brought = list(dict.fromkeys(brings))
    if not brought:
        return None
    cells = verdicts(catalogue)
    ways = [
        (symptom, subject, cells[kind, subject, symptom])
        for kind, subject, symptom in cells
        if kind == "device_type" and symptom in brought and cells[kind, subject, symptom].tier
    ]
    types = list(dict.fromkeys(subject for _, subject, _ in ways))
    nodes = [names[risk_factor], *(symptoms[key] for key in brought)]
    nodes += [catalogue.names("device_types")[key] for key in types]
    colours = dict(zip(GLYPHS, map(_faint, palette.directions), strict=True))
    studied = {symptom: max(1, sum(own == symptom for own, _, _ in ways)) for symptom in brought}
    figure = go.Figure(
        go.Sankey(
            textfont={"color": palette.text, "size": 13, "shadow": "none"},
            node={
                "label": [inert(node) for node in nodes],
                "color": palette.tiers[1],
                "line": {"color": palette.text, "width": 0.5},
                "pad": 14,
            },
            link={
                "source": [0] * len(brought)
                + [1 + brought.index(symptom) for symptom, _, _ in ways],
                "target": [
                    *(1 + place for place in range(len(brought))),
                    *(1 + len(brought) + types.index(subject) for _, subject, _ in ways),
                ],
                "value": [studied[symptom] for symptom in brought] + [1] * len(ways),
                "color": [_faint(palette.grid)] * len(brought)
                + [colours[cell.direction or "unclear"] for _, _, cell in ways],
                "label": [""] * len(brought) + [cell.words for _, _, cell in ways],
            },
        )
    )
    figure.update_layout(**layout(palette, height=160 + 46 * max(len(brought), len(types))))
    type_names = catalogue.names("device_types")
    lines = [
        [symptoms[symptom], type_names[subject], cell.words] for symptom, subject, cell in ways
    ]
    lines += [
        [symptoms[symptom], "no type studied", ""]
        for symptom in brought
        if symptom not in {own for own, _, _ in ways}
    ]
    table = pd.DataFrame(lines, columns=["Symptom", "Type studied for it", "What studies found"])
    table.insert(0, "Risk factor", names[risk_factor])
    note = (
        "A band means that the type was studied for the symptom, whatever came out: blue benefit, grey no difference, "
        "yellow mixed, orange harm, pale unclear. The table says the same in words."
    )
    return Chart(
        figure,
        table,
        f"From {names[risk_factor].lower()} to symptoms to device types studied for them",
        note,
    )


def _faint(colour: str) -> str:
    """Return the colour see-through, so that names can be read across bands."""
    return f"rgba({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))}, 0.4)"


def caution_matrix(
    catalogue: Catalogue, conditions: Sequence[str], theme: Theme = "light"
) -> Chart:
    """Conditions × device types, techniques and features: the most severe class of each pair by glyph and colour.

    Words beside a cell, in its hover and in the table, are all cautions of the pair.
    """
    palette = PALETTES[theme]
    labels = severities(catalogue)
    subjects = {Subject.type(key): name for key, name in catalogue.names("device_types").items()}
    for row in catalogue.records("cautions"):
        pair = Subject.of(row)
        subjects.setdefault(pair, catalogue.subject_label(*pair))
    names = catalogue.names("risk_factors")
    order = [*reversed(list(labels))]
    found = [
        [cautions_for(catalogue, [pair], [condition]) for pair in subjects]
        for condition in conditions
    ]
    grid = [[worst(cautions) for cautions in line] for line in found]
    words = [
        [[caution.label for caution in cautions] or [NOTHING_RECORDED_MARK] for cautions in line]
        for line in found
    ]
    colours = (palette.searched, *palette.cautions)
    scale = [
        (edge / len(order), colour)
        for place, colour in enumerate(colours)
        for edge in (place, place + 1)
    ]
    rows = [names[condition] for condition in conditions]
    figure = go.Figure(
        go.Heatmap(
            z=[[order.index(cell) for cell in line] for line in grid],
            x=[inert(name) for name in subjects.values()],
            y=[inert(name) for name in rows],
            zmin=-0.5,
            zmax=len(order) - 0.5,
            colorscale=scale,
            showscale=False,
            xgap=2,
            ygap=2,
            text=[[_GLYPHS[cell] for cell in line] for line in grid],
            texttemplate="%{text}",
            textfont={"color": palette.on_caution, "size": 13},
            customdata=[["<br>".join(map(inert, lines)) for lines in line] for line in words],
            hovertemplate="<b>%{x}</b> with %{y}<br>%{customdata}<extra></extra>",
        )
    )
    figure.update_layout(
        **layout(palette, height=190 + 26 * len(rows), margin={"l": 10, "r": 70, "t": 150, "b": 10})
    )
    figure.update_xaxes(
        axis(palette, side="top", tickangle=-40, showgrid=False, zeroline=False, ticks="")
    )
    figure.update_yaxes(
        axis(palette, autorange="reversed", showgrid=False, zeroline=False, ticks="")
    )
    table = pd.DataFrame(
        [["; ".join(lines) for lines in line] for line in words], columns=list(subjects.values())
    )
    table.insert(0, "Condition", rows)
    signs = ", ".join(f"{_GLYPHS[severity]} {label}" for severity, label in labels.items())
    note = f"{signs}. No record is not proof of safety."
    return Chart(
        figure,
        table,
        "Most severe caution of each device type, technique and feature for each condition",
        note,
    )


#: Plain signs: emoji are drawn in their own colours, which would hide those of the cells.
_GLYPHS = {"contraindicated": "✕", "ask_clinician": "?", "caution": "!", NOTHING_RECORDED: "–"}
