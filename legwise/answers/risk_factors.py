"""Risk factors: what each does to leg circulation, how common it is, how large its effect is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

import pandas as pd

from legwise.rules.wording import EFFECT_PARTS, EFFECT_SAYS, effect_figure
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import NOT_STATED_LABEL, within_sentence
from legwise.tables.stated import is_stated
from legwise.text.cells import format_cell

#: Measures that are ratios, where 1 means no link: they can share an axis.
RATIOS = ("odds ratio", "hazard ratio", "relative risk")
#: What to show of the ratios besides one outcome: those farthest from 1, or all.
LARGEST, EVERY = "largest", "all"
MOST_RATIOS = 20


def circulation_risks(
    catalogue: Catalogue,
    kinds: Collection[str] = (),
    modifiable: Collection[str] = (),
    *,
    in_article: bool = False,
    only: Collection[str] = (),
) -> list[Record]:
    """Return the risk factors that go with poor leg circulation.

    ``kinds``, ``modifiable`` and ``only`` (ids) keep those values (empty: all), ``in_article``
    keeps those that the starting article names.
    """
    wanted = {"kind": kinds, "modifiable": modifiable, "risk_factor": only}
    return [
        row
        for row in catalogue.records("risk_factors")
        if row["role"] == "circulation"
        and (row["in_seed_article"] or not in_article)
        and all(not values or row[name] in values for name, values in wanted.items())
    ]


def risk_frame(catalogue: Catalogue, risk_factors: Sequence[Record]) -> pd.DataFrame:
    """Return the table of those risk factors for people, one row each; cells are texts."""
    table, names = catalogue.package["risk_factors"], catalogue.names("symptoms")
    brings = catalogue["risk_factor_symptoms"].groupby("risk_factor")["symptom"].unique()
    rows = []
    for row in risk_factors:
        text = {field.name: format_cell(field, row[field.name]) for field in table.fields}
        common, effect = text["prevalence_pct"], text["effect_value"]
        if is_stated(row["prevalence_pct"]):
            common += f" of {text['prevalence_population']}"
        when = f" ({row['prevalence_year']})" if is_stated(row["prevalence_year"]) else ""
        interval = f" (95% interval {row['effect_ci']})" if is_stated(row["effect_ci"]) else ""
        if is_stated(row["effect_value"]):
            effect = f"{row['effect_measure']} {effect}{interval}: {row['effect_outcome']}"
        symptoms = [names[symptom] for symptom in brings.get(row["risk_factor"], ())]
        rows.append(
            {
                table["name"].title: row["name"],
                table["mechanism"].title: text["mechanism"],
                table["modifiable"].title: text["modifiable"],
                table["prevalence_pct"].title: common + when,
                table["effect_value"].title: effect,
                "Symptoms it brings": ", ".join(symptoms) or NOT_STATED_LABEL,
                table["claim_support"].title: text["claim_support"],
            }
        )
    return pd.DataFrame(rows)


def effects(
    catalogue: Catalogue, risk_factors: Collection[str] = ()
) -> tuple[list[Record], list[Record]]:
    """Return the effect sizes that are ratios, and the others (default: all risk factors)."""
    ratios: list[Record] = []
    words: list[Record] = []
    for row in catalogue.records("risk_effects"):
        if not risk_factors or row["risk_factor"] in risk_factors:
            is_ratio = row["effect_measure"] in RATIOS and row["estimate"] > 0
            (ratios if is_ratio else words).append(row)
    return ratios, words


def outcomes(catalogue: Catalogue) -> dict[str, int]:
    """Return the outcomes that have ratios → number of ratios, most first."""
    return dict(Counter(row["outcome"] for row in effects(catalogue)[0]).most_common())


def chosen_ratios(rows: Sequence[Record], outcome: str) -> list[Record]:
    """Return the ratios on one outcome; :data:`LARGEST` and :data:`EVERY` are over all of them."""
    if outcome == LARGEST:
        farthest = sorted(rows, key=lambda row: -abs(math.log(row["estimate"])))
        return farthest[:MOST_RATIOS]
    return on_outcome(rows, outcome)


def on_outcome(rows: Sequence[Record], outcome: str) -> list[Record]:
    """Return the effects on one outcome; :data:`LARGEST` and :data:`EVERY` are no outcome."""
    return [row for row in rows if outcome in (LARGEST, EVERY, row["outcome"])]


def effect_sentence(catalogue: Catalogue, row: Record) -> str:
    """Say an effect size in plain words; a ratio is never made a number of people."""
    table = catalogue.package["risk_effects"]
    text = {field.name: format_cell(field, row[field.name]) for field in table.fields}
    interval = ""
    if is_stated(row["ci_low"]) and is_stated(row["ci_high"]):
        interval = EFFECT_PARTS["interval"].format(low=text["ci_low"], high=text["ci_high"])
    elif row["effect_measure"] in RATIOS:
        interval = EFFECT_PARTS["no_interval"]
    return EFFECT_PARTS["effect"].format(
        risk_factor=text["risk_factor"],
        compared=EFFECT_PARTS["compared"].format(comparison=text["comparison"])
        if is_stated(row["comparison"])
        and text["comparison"].casefold() not in text["risk_factor"].casefold()
        else "",
        population=EFFECT_PARTS["population"].format(population=text["population"])
        if is_stated(row["population"])
        else "",
        figure=effect_figure(
            row["effect_measure"],
            within_sentence(text["effect_measure"]),
            row["outcome"],
            text["estimate" if is_stated(row["estimate"]) else "estimate_text"],
        ),
        interval=interval,
        says=EFFECT_SAYS[row["direction"]].format(outcome=row["outcome"]),
    )


def effect_frame(catalogue: Catalogue, rows: Sequence[Record]) -> pd.DataFrame:
    """Return the table of effect sizes for people, one row each, all cells as text."""
    fields, lines = catalogue.package["risk_effects"].fields, []
    for row in rows:
        text = {field.name: format_cell(field, row[field.name]) for field in fields}
        ends = f"{text['ci_low']} to {text['ci_high']}"
        lines.append(
            {
                "Risk factor": text["risk_factor"],
                "Outcome": text["outcome"],
                "Measure": text["effect_measure"],
                "Estimate": text["estimate" if is_stated(row["estimate"]) else "estimate_text"],
                "95% interval": ends if is_stated(row["ci_low"]) else NOT_STATED_LABEL,
                "Direction": text["direction"],
                "In words": effect_sentence(catalogue, row),
                "Noted": text["note"] if is_stated(row["note"]) else "",
                "Compared": text["comparison"],
                "Population": text["population"],
                "Source": catalogue.sources([row["source_id"]])[0].citation,
            }
        )
    return pd.DataFrame(lines)
