"""The evidence map as widgets: which findings count, which cell is open."""

from __future__ import annotations

import streamlit as st

from legwise.charts.theme import Chart
from legwise.links.symptoms import MAP_VIEWS, SymptomsState
from legwise.rules.findings import EvidenceFilter
from legwise.rules.verdicts import subjects
from legwise.tables.catalogue import Catalogue
from legwise.text.markup import plain
from ui.draw import show_chart
from ui.session import Said

LEVELS = {
    4: "All",
    3: "Controlled studies and better",
    2: "Randomised trials and reviews",
    1: "Systematic reviews",
}


def seed_symptoms(state: SymptomsState) -> Said:
    """Return what every widget of the symptoms page says of a state."""
    wanted = state.wanted
    return {
        "symptoms.subject": state.subject or None,
        "symptoms.symptom": state.symptom or None,
        "symptoms.view": state.view,
        "symptoms.level": wanted.max_level,
        "symptoms.direct": wanted.direct,
        "symptoms.populations": list(wanted.populations),
        "symptoms.designs": list(wanted.designs),
        "symptoms.directions": list(wanted.directions),
        "symptoms.year": wanted.year_from,
        "symptoms.claims": wanted.claims,
    }


def read_symptoms(catalogue: Catalogue, said: Said) -> SymptomsState:
    """Return the state that the widgets say."""
    table = catalogue.package["evidence"]

    def chosen(key: str, field: str) -> tuple[str, ...]:
        return tuple(value for value in table[field].labels if value in said[f"symptoms.{key}"])

    wanted = EvidenceFilter(
        max_level=said["symptoms.level"],
        direct=said["symptoms.direct"],
        populations=chosen("populations", "population_group"),
        designs=chosen("designs", "design"),
        directions=chosen("directions", "direction"),
        year_from=said["symptoms.year"],
        claims=said["symptoms.claims"],
    )
    view = said["symptoms.view"] or "map"
    return SymptomsState(
        said["symptoms.subject"] or "", said["symptoms.symptom"] or "", wanted, view
    )


def ask_evidence(catalogue: Catalogue, state: SymptomsState) -> None:
    """Draw the switches that say which findings count."""
    table = catalogue.package["evidence"]
    with st.expander("Which studies count?", expanded=state.wanted != EvidenceFilter()):
        st.selectbox(
            "Least kind of study",
            list(LEVELS),
            key="symptoms.level",
            format_func=LEVELS.__getitem__,
        )
        for key, field, words in (
            ("populations", "population_group", "all people"),
            ("designs", "design", "all designs"),
            ("directions", "direction", "all directions"),
        ):
            labels = table[field].labels
            st.multiselect(
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
                key="symptoms.year",
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
            st.session_state["symptoms.subject"], st.session_state["symptoms.symptom"] = (
                subject,
                symptom,
            )

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
        st.selectbox(
            "Device type, technique or feature",
            list(labels),
            index=None,
            key="symptoms.subject",
            format_func=labels.__getitem__,
            placeholder="choose",
        )
        st.selectbox(
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
