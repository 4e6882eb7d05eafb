"""Charts of risk factors: effect sizes, how common they are, what they lead to, and cautions."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from legwise.answers.risk_factors import (
    EVERY,
    RATIOS,
    chosen_ratios,
    effect_frame,
    effects,
    on_outcome,
)
from legwise.charts.bars import draw_bars
from legwise.charts.grid import crossed, headed_lines, heat_map, matrix
from legwise.charts.theme import (
    PALETTES,
    SYMBOLS,
    Chart,
    Theme,
    axis,
    inert,
    layout,
    names_from_top,
)
from legwise.rules.cautions import (
    IN_PART_GLYPH,
    SEVERITY_GLYPHS,
    Caution,
    cautions_by_subject,
    nothing_recorded,
    severities,
    sign,
    worst,
)
from legwise.rules.verdicts import verdicts
from legwise.rules.wording import GLYPHS
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import NOT_STATED_LABEL, within_sentence
from legwise.tables.subjects import Subject
from legwise.text.units import counted

NUMBERS = ["estimate", "ci_low", "ci_high"]
#: Letters of a label beside a ratio; whole it is in the table and below the pointer.
LONGEST_LABEL = 60


def forest_plot(
    catalogue: Catalogue,
    risk_factors: Collection[str] = (),
    theme: Theme = "light",
    outcome: str = EVERY,
) -> Chart | None:
    """Draw the effect sizes given as one ratio, by outcome; ``None`` if there are none.

    ``outcome`` is one, or as :func:`~legwise.answers.risk_factors.chosen_ratios` takes it.
    """
    ratios, words = effects(catalogue, risk_factors)
    drawn, others = chosen_ratios(ratios, outcome), len(on_outcome(words, outcome))
    if not drawn:
        return None
    rest = f"; {counted(others, 'result')} not given as one ratio in the table below"
    table = forest_table(catalogue, drawn)
    return Chart(
        draw_forest(table, theme),
        table.drop(columns=["effect_measure", *NUMBERS]),
        "Effect sizes of risk factors with 95% intervals, by outcome",
        f"{len(table)} of {counted(len(ratios), 'ratio')}{rest if others else ''}. A link is not a "
        "cause.",
        "Right of the dashed line means more often, left of it less often.",
    )


def forest_table(catalogue: Catalogue, rows: Sequence[Record]) -> pd.DataFrame:
    """Return the ratios from top to bottom: the columns of effect_frame, then what is drawn.

    Drawn are effect_measure (an id), estimate, ci_low and ci_high (missing if not stated).
    """
    numbers = pd.DataFrame(rows)[["effect_measure", *NUMBERS]]
    table = pd.concat([effect_frame(catalogue, rows), numbers], axis=1)
    return table.sort_values(["Outcome", "Risk factor", "estimate"], ignore_index=True)


def draw_forest(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw ratios with their intervals on a log axis, by outcome; a line marks "no link".

    Null and contrary results have the same marks as all others.
    """
    palette = PALETTES[theme]
    outcomes = table["Outcome"].map(lambda outcome: outcome[0].upper() + outcome[1:])
    lines, down = headed_lines(outcomes, _forest_labels(table))
    figure = go.Figure()
    for measure, colour, symbol in zip(RATIOS, palette.kinds, SYMBOLS, strict=False):
        rows = table.assign(line=lines)[table["effect_measure"] == measure]
        if len(rows):
            figure.add_trace(_forest_trace(rows, measure, colour, symbol))
            figure.add_trace(_in_legend(measure, measure, colour, symbol))
    if table["ci_low"].isna().any():
        figure.add_trace(_in_legend("open", "interval not stated", palette.text, "circle-open"))
    figure.add_vline(x=1, line={"color": palette.text, "dash": "dash", "width": 1.5})
    scale = _ratio_scale(table[NUMBERS].to_numpy().ravel())
    ends = [math.log10(scale[0]) - 0.05, math.log10(scale[-1]) + 0.05]
    texts = [f"{value:g}" for value in scale]
    across: dict[str, Any] = {"type": "log", "tickvals": scale, "ticktext": texts, "range": ends}
    axes = {
        "xaxis": axis(palette, "Ratio (log axis); 1 = no link", **across),
        "yaxis": axis(palette, zeroline=False, **down),
    }
    height = 140 + 24 * len(down["tickvals"])
    return figure.update_layout(layout(palette, height=height, **axes), legend_y=1.01)


def _forest_labels(table: pd.DataFrame) -> pd.Series:
    """Return the risk factor and what was compared, cut if long."""
    texts = []
    for name, compared in zip(table["Risk factor"], table["Compared"], strict=True):
        says_more = compared != NOT_STATED_LABEL and compared.casefold() not in name.casefold()
        text = f"{name}, {compared}" if says_more else name
        texts.append(text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…")
    labels = pd.Series(texts)
    # Results on the same comparison differ in the people studied.
    return labels.mask(labels.duplicated(), labels + " (" + table["Population"] + ")")


def _ratio_scale(values: Iterable[float]) -> list[float]:
    """Return ticks at 1, 2 and 5 of every decade that span all ratios and 1."""
    above = [1, *(value for value in values if value > 0)]
    low, high = min(above), max(above)
    decades = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 2)
    digits = (1, 2, 5) if len(decades) <= 5 else (1,)
    ticks = [float(f"{digit}e{decade}") for decade in decades for digit in digits]
    return ticks[bisect_right(ticks, low) - 1 : bisect_left(ticks, high) + 1]


def _forest_trace(rows: pd.DataFrame, measure: str, colour: str, symbol: str) -> go.Scatter:
    above, below = rows["ci_high"] - rows["estimate"], rows["estimate"] - rows["ci_low"]
    known = above.notna() & below.notna()
    ends = {"array": above.where(known, 0).tolist(), "arrayminus": below.where(known, 0).tolist()}
    symbols = [symbol if closed else f"{symbol}-open" for closed in known]
    return go.Scatter(
        x=rows["estimate"].tolist(),
        y=rows["line"].tolist(),
        error_x={"type": "data", "symmetric": False, "color": colour, "thickness": 1.6, **ends},
        mode="markers",
        marker={"color": colour, "symbol": symbols, "size": 10},
        name=measure,
        legendgroup=measure,
        showlegend=False,
        hovertext=[
            f"<b>{inert(row['Risk factor'])}</b>, {inert(row['Compared'])}<br>"
            f"{measure} {row['Estimate']}, 95% interval {row['95% interval']}<br>"
            f"{inert(row['Population'])}"
            + (f"<br>Noted: {inert(row['Noted'])}" if row["Noted"] else "")
            for row in rows.to_dict("records")
        ],
        hoverinfo="text",
    )


def _in_legend(group: str, name: str, colour: str, symbol: str) -> go.Scatter:
    """Return an entry of the legend: that of a trace would have the shape of its first mark."""
    return go.Scatter(
        x=[None],
        y=[None],
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": 10},
        name=name,
        legendgroup=group,
        hoverinfo="skip",
    )


def prevalence_bars(catalogue: Catalogue, theme: Theme = "light") -> Chart:
    """Draw how common risk factors are, each with the population it was counted in."""
    table = prevalence_table(catalogue)
    return Chart(
        draw_prevalence(table, theme),
        table.assign(Share=table["Share"].map("{:g}%".format)),
        "How common risk factors are, with the population of each",
        "Each share is of a different population, so do not compare bars closely; "
        "the table names them.",
    )


def prevalence_table(catalogue: Catalogue) -> pd.DataFrame:
    """Return one row per stated share, largest first: Risk factor, Share (%), Among, Years."""
    rows = catalogue["risk_factors"].dropna(subset="prevalence_pct")
    rows = rows.sort_values("prevalence_pct", ascending=False, kind="stable", ignore_index=True)
    return pd.DataFrame(
        {
            "Risk factor": rows["name"],
            "Share": rows["prevalence_pct"],
            "Among": rows["prevalence_population"],
            "Years": rows["prevalence_year"].fillna(NOT_STATED_LABEL),
        }
    )


def draw_prevalence(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw a table of shares as bars."""
    shares = table["Share"]
    figure = draw_bars(
        table["Risk factor"],
        shares,
        "Per cent of the population",
        110 + 28 * len(table),
        theme,
        text=[f"{share:g}%" for share in shares],
        customdata=[list(map(inert, cells)) for cells in table[["Among", "Years"]].to_numpy()],
        hovertemplate="%{y}: %{text} of %{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )
    # Leave room for the number beside the longest bar; end at a multiple of five.
    end = 5 * max(1, math.ceil(shares.max() * 1.1 / 5)) if len(shares) else 5
    return figure.update_xaxes(range=[0, end])


def flow(catalogue: Catalogue, risk_factor: str, theme: Theme = "light") -> Chart | None:
    """Draw risk factor → symptoms → device types studied; ``None`` if no symptom is recorded."""
    table = flow_table(catalogue, risk_factor)
    if table.empty:
        return None
    name = within_sentence(catalogue.names("risk_factors")[risk_factor])
    return Chart(
        draw_flow(table, theme),
        table.drop(columns="direction"),
        f"From {name} to symptoms to device types studied for them",
        reading="A band means that the type was studied for the symptom, whatever the result: blue "
        "benefit, grey no difference, yellow mixed, red harm, pale unclear. The table says the "
        "same in words.",
    )


def flow_table(catalogue: Catalogue, risk_factor: str) -> pd.DataFrame:
    """Return one row per symptom of the risk factor and type studied for it.

    Columns: Risk factor, Symptom (categorical over these symptoms, in order), Type studied for it,
    What studies found, direction (an id). A symptom without studies has one row; the last two
    columns are empty there.
    """
    names, types = catalogue.names("symptoms"), catalogue.names("device_types")
    brings = catalogue["risk_factor_symptoms"].query("risk_factor == @risk_factor")["symptom"]
    brought = set(brings)
    ways = [
        [symptom, types[subject], cell.words, cell.direction]
        for (kind, subject, symptom), cell in verdicts(catalogue).items()
        if kind == "device_type" and symptom in brought and cell.tier
    ]
    studied = {symptom for symptom, *_ in ways}
    ways += [[key, "no type studied", "", ""] for key in brings.unique() if key not in studied]
    table = pd.DataFrame(
        ways, columns=["Symptom", "Type studied for it", "What studies found", "direction"]
    )
    table["Symptom"] = pd.Categorical(table["Symptom"], brings.unique()).rename_categories(names)
    table.insert(0, "Risk factor", catalogue.names("risk_factors")[risk_factor])
    return table


def draw_flow(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw a flow table as bands: risk factor, symptoms, device types."""
    palette = PALETTES[theme]
    colours = dict(zip(GLYPHS, map(_faint, palette.directions), strict=True))
    ways, symptoms = table[table["direction"] != ""], table["Symptom"].cat.categories
    ends, types = pd.factorize(ways["Type studied for it"])
    count = len(symptoms)
    width = ways["Symptom"].value_counts(sort=False).clip(lower=1)
    names = [inert(name) for name in (table["Risk factor"].iloc[0], *symptoms, *types)]
    outline = {"color": palette.text, "width": 0.5}
    bands = go.Sankey(
        textfont={"color": palette.text, "size": 13, "shadow": "none"},
        node={"label": names, "color": palette.tiers[1], "line": outline, "pad": 14},
        link={
            "source": [0] * count + (1 + ways["Symptom"].cat.codes).tolist(),
            "target": [*range(1, 1 + count), *(1 + count + ends).tolist()],
            "value": width.tolist() + [1] * len(ways),
            "color": [_faint(palette.grid)] * count + ways["direction"].map(colours).tolist(),
            "label": [""] * count + ways["What studies found"].tolist(),
        },
    )
    return go.Figure(bands, layout(palette, height=160 + 46 * max(count, len(types))))


def _faint(colour: str) -> str:
    """Make the colour transparent, so that names can be read across bands."""
    return f"rgba({', '.join(str(int(colour[start : start + 2], 16)) for start in (1, 3, 5))}, 0.4)"


def caution_matrix(
    catalogue: Catalogue, conditions: Sequence[str], theme: Theme = "light"
) -> Chart:
    """Draw the cautions of conditions × device types, techniques and features."""
    table = caution_table(catalogue, conditions)
    words = table.assign(cautions=table["cautions"].map("; ".join))
    labels = severities(catalogue).items()
    signs = ", ".join(f"{SEVERITY_GLYPHS[severity]} {label}" for severity, label in labels)
    if (table["sign"] == IN_PART_GLYPH).any():
        signs += f", {IN_PART_GLYPH} contraindicated in part"
    return Chart(
        draw_cautions(table, theme),
        crossed(words, "Condition", "Subject", "cautions"),
        "Most severe caution of each device type, technique and feature for each condition",
        f"{signs}. No record is not proof of safety.",
    )


def caution_table(catalogue: Catalogue, conditions: Sequence[str]) -> pd.DataFrame:
    """Return one row per condition (``y``) and subject (``x``).

    Columns: Condition and Subject (names), severity (id of the most severe class), sign, cautions
    (a list of labels, never empty).
    """
    names = catalogue.names("risk_factors")
    cells: dict[tuple[Subject, str], list[Caution]] = {}
    for subject, its_cautions in cautions_by_subject(catalogue, conditions).items():
        for caution in its_cautions:
            cells.setdefault((subject, caution.risk_factor), []).append(caution)
    types, rows = map(Subject.type, catalogue.keys("device_types")), catalogue.records("cautions")
    subjects = dict.fromkeys((*types, *map(Subject.of, rows)))
    return pd.DataFrame(
        {
            "y": y,
            "x": x,
            "Condition": names[condition],
            "Subject": catalogue.subject_label(*pair),
            "severity": worst(cautions),
            "sign": sign(cautions),
            "cautions": [caution.label for caution in cautions] or [nothing_recorded([pair])],
        }
        for y, condition in enumerate(conditions)
        for x, pair in enumerate(subjects)
        for cautions in (cells.get((pair, condition), ()),)
    )


def draw_cautions(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """Draw a caution table as a heat map: sign and colour show the most severe class."""
    palette = PALETTES[theme]
    order = [*reversed(SEVERITY_GLYPHS)]
    lines = ["<br>".join(map(inert, labels)) for labels in table["cautions"]]
    severity = table["severity"]
    cells = table.assign(step=severity.map(order.index), lines=lines)
    conditions = [inert(name) for name in table.drop_duplicates("y")["Condition"]]
    shown = heat_map(
        matrix(cells, "step"),
        (palette.searched, *palette.cautions),
        x=[inert(name) for name in table.drop_duplicates("x")["Subject"]],
        y=conditions,
        text=matrix(cells, "sign"),
        texttemplate="%{text}",
        textfont={"color": palette.on_caution, "size": 13},
        customdata=matrix(cells, "lines"),
        hovertemplate="<b>%{x}</b> with %{y}<br>%{customdata}<extra></extra>",
    )
    plain: dict[str, Any] = {"showgrid": False, "zeroline": False, "ticks": ""}
    axes = {
        "xaxis": axis(palette, side="top", tickangle=-40, **plain),
        "yaxis": names_from_top(palette, conditions, **plain),
    }
    size = {"height": 190 + 26 * len(conditions), "margin": {"l": 10, "r": 70, "t": 150, "b": 10}}
    return go.Figure(shown, layout(palette, **size, **axes))
