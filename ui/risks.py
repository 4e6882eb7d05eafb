"""The form of the risks page."""

from __future__ import annotations

import streamlit as st

from legwise.links.risks import MOST_SIDE_BY_SIDE, circulation_factors, flow_factors
from legwise.tables.catalogue import Catalogue
from ui.choosers import ask_one, ask_several


def ask_risk_factors(catalogue: Catalogue) -> None:
    """Draw the filters of the table of risk factors."""
    table = catalogue.package["risk_factors"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, key in (("kind", "kinds"), ("modifiable", "modifiable")):
            labels = table[name].labels
            ask_several(
                table[name].title,
                list(labels),
                key=f"risks.{key}",
                format_func=labels.__getitem__,
                placeholder="all",
                width=300,
            )
        st.toggle("Only those the article names", key="risks.in_article")
    ask_several(
        f"Side by side, two to {MOST_SIDE_BY_SIDE}",
        circulation_factors(catalogue),
        key="risks.side_by_side",
        format_func=catalogue.choices("risk_factors").__getitem__,
        max_selections=MOST_SIDE_BY_SIDE,
        placeholder="all of them, one below the other",
    )


def ask_flow(catalogue: Catalogue) -> None:
    """Draw the choice of a risk factor for the flow."""
    labels = catalogue.choices("risk_factors")
    ask_one(
        "Risk factor", flow_factors(catalogue), key="risks.flow", format_func=labels.__getitem__
    )
