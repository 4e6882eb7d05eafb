"""Risk factors side by side: what each does to leg circulation, how common it is, how large its effect."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED_LABEL
from legwise.tables.stated import is_stated
from legwise.text.cells import format_cell


def risk_frame(
    catalogue: Catalogue,
    kinds: Collection[str] = (),
    modifiable: Collection[str] = (),
    *,
    in_article: bool = False,
    only: Collection[str] = (),
) -> pd.DataFrame:
    """Comparison table of the risk factors that go with poor leg circulation.

    ``kinds`` and ``modifiable`` keep those values (empty: all), ``in_article`` those that the starting
    article names, ``only`` those ids.
    """
    table = catalogue.package["risk_factors"]
    names = catalogue.names("symptoms")
    brings: dict[str, dict[str, None]] = {}
    for link in catalogue.records("risk_factor_symptoms"):
        brings.setdefault(link["risk_factor"], {})[names[link["symptom"]]] = None
    rows = []
    for row in catalogue.records("risk_factors"):
        if row["role"] != "circulation" or (in_article and not row["in_seed_article"]):
            continue
        wanted = ((kinds, row["kind"]), (modifiable, row["modifiable"]), (only, row["risk_factor"]))
        if any(values and value not in values for values, value in wanted):
            continue
        text = {field.name: format_cell(field, row[field.name]) for field in table.fields}
        common = (
            f"{text['prevalence_pct']} of {text['prevalence_population']}"
            if is_stated(row["prevalence_pct"])
            else NOT_STATED_LABEL
        )
        when = f" ({row['prevalence_year']})" if is_stated(row["prevalence_year"]) else ""
        interval = f" (95% interval {row['effect_ci']})" if is_stated(row["effect_ci"]) else ""
        effect = (
            f"{row['effect_measure']} {row['effect_value']}{interval}: {row['effect_outcome']}"
            if is_stated(row["effect_value"])
            else NOT_STATED_LABEL
        )
        rows.append(
            {
                table["name"].title: row["name"],
                table["mechanism"].title: text["mechanism"],
                table["modifiable"].title: text["modifiable"],
                table["prevalence_pct"].title: common + when,
                table["effect_value"].title: effect,
                "Symptoms it brings": ", ".join(brings.get(row["risk_factor"], ()))
                or NOT_STATED_LABEL,
                table["claim_support"].title: text["claim_support"],
            }
        )
    return pd.DataFrame(rows)
