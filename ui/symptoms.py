"""The evidence map as widgets: which findings count, which cell is open."""

from __future__ import annotations

import streamlit as st

from legwise.charts.theme import Chart
from legwise.links.symptoms import MAP_VIEWS, SymptomsState
from legwise.rules.findings import EvidenceFilter
from legwise.rules.verdicts import subjects
from legwise.tables.catalogue import Catalogue
from legwise.text.markup import plain
from ui.choosers import ask_one, ask_several
from ui.draw import show_chart

LEVELS = {
    4: "All",
    3: "Controlled studies and better",
    2: "Randomised trials and reviews",
    1: "Systematic reviews",
}


def ask_evidence(catalogue: Catalogue, state: SymptomsState) -> None:
    """Draw the switches for which findings count."""
    table = catalogue.package["evidence"]
    with st.expander("Which studies count?", expanded=state.wanted != EvidenceFilter()):
        ask_one(
            "Minimum study quality",
            list(LEVELS),
            key="symptoms.max_level",
            format_func=LEVELS.__getitem__,
        )
        for key, field, words in (
            ("populations", "population_group", "all people"),
            ("designs", "design", "all designs"),
            ("directions", "direction", "all directions"),
        ):
            labels = table[field].labels
            ask_several(
                table[field].title,
                list(labels),
                key=f"symptoms.{key}",
                format_func=labels.__getitem__,
                placeholder=words,
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(
                "Published from",
                1900,
                2100,
                value=None,
                step=1,
                key="symptoms.year_from",
                placeholder="any year",
                width=160,
            )
            st.toggle(
                "Only studies on the type itself",
                key="symptoms.direct",
                help="Drops rows on techniques and features.",
            )
            st.toggle("Show claims", key="symptoms.claims")
    st.segmented_control(
        "View", MAP_VIEWS, key="symptoms.view", format_func=str.capitalize, required=True
    )


def ask_map(chart: Chart) -> None:
    """Draw the map; a click on a cell opens it."""

    def picked() -> None:
        points = st.session_state["symptoms.map"]["selection"]["points"]
        if points:
            _, subject, symptom = points[0]["customdata"]
            st.session_state.update({"symptoms.subject": subject, "symptoms.symptom": symptom})

    # Thirteen columns cannot be read on a phone: there, choose one symptom.
    show_chart(
        chart,
        "symptoms.map",
        wide=True,
        notice="The map needs a wider screen. Choose a symptom below to see every type's verdict.",
        on_select=picked,
        selection_mode="points",
    )


def ask_cell(catalogue: Catalogue) -> None:
    """Draw the choice of a subject and a symptom."""
    symptoms, types = catalogue.choices("symptoms"), catalogue.choices("device_types")
    labels = {
        key: types.get(key) or catalogue.subject_label(kind, key)
        for kind, key in subjects(catalogue)
    }
    with st.container(horizontal=True):
        ask_one(
            "Device type, technique or feature",
            list(labels),
            index=None,
            key="symptoms.subject",
            format_func=labels.__getitem__,
            placeholder="choose",
        )
        ask_one(
            "Symptom",
            list(symptoms),
            index=None,
            key="symptoms.symptom",
            format_func=symptoms.__getitem__,
            placeholder="choose",
        )


def say(text: str) -> None:
    """Draw a line of plain text in bold."""
    st.markdown(f"**{plain(text)}**")
