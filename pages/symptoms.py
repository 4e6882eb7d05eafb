"""Symptoms: which devices target which symptoms, and does it work?"""

import streamlit as st

from legwise.charts.evidence import evidence_map
from legwise.evidence import SEARCHED, findings_of, subjects, verdicts
from legwise.urlstate import SymptomsState, decode_symptoms, encode_symptoms
from ui.frame import dropped_notice, footer, frame, heading, link
from ui.show import plain, show_chart, show_findings, show_red_flags
from ui.tables import theme
from ui.urlsync import read_state, write_state

loaded = frame("symptoms")
catalogue = loaded.catalogue
rows = {subject: kind for kind, subject in subjects(catalogue)}


def seed(state: SymptomsState) -> None:
    """Set every widget of the page."""
    st.session_state["symptoms.subject"] = state.subject or None
    st.session_state["symptoms.symptom"] = state.symptom or None


def read(_: SymptomsState) -> SymptomsState:
    """Return what the widgets say."""
    return SymptomsState(st.session_state["symptoms.subject"] or "", st.session_state["symptoms.symptom"] or "")


state, dropped = read_state("symptoms", lambda params: decode_symptoms(params, catalogue, rows), seed, read)
subject, symptom = state.subject, state.symptom
heading("symptoms")
dropped_notice(dropped)
show_red_flags(catalogue)

st.markdown(
    "**How to read it.** Colour is the best kind of study: the strongest blue is systematic reviews, "
    "then randomised trials, then other studies. "
    "The sign is the direction: ▲ benefit, = no difference, ◆ mixed, ▼ harm, ? unclear. The number is how many studies. "
    "For example **▲ 3** on the middle blue: three studies, the best of them randomised trials, "
    "and all good ones point to benefit. "
    "**c** (sand): the article claims it, no study was found. **·**: no study was found."
)
st.caption(
    f"Every type and symptom was searched for in {SEARCHED}, in stored abstracts and pages, not in every database. "
    "A study can stand in several cells, so cells do not add up."
)
show_chart(evidence_map(catalogue, theme()), "symptoms.map")

st.subheader("Findings of a cell", anchor=False)
names = catalogue.names("symptoms")
with st.container(horizontal=True):
    st.selectbox(
        "Device type, technique or feature",
        list(rows),
        index=None,
        key="symptoms.subject",
        format_func=lambda key: catalogue.subject_label(rows[key], key),
        placeholder="choose",
    )
    st.selectbox("Symptom", list(names), index=None, key="symptoms.symptom", format_func=names.__getitem__, placeholder="choose")

cells = verdicts(catalogue)
if symptom:
    row = catalogue.row("symptoms", symptom)
    st.markdown(f"**{plain(names[symptom])}.** {plain(row['plain_description'])}")
if subject and symptom:
    verdict = cells[rows[subject], subject, symptom]
    st.markdown(f"**{plain(catalogue.subject_label(rows[subject], subject))}: {plain(verdict.words)}**")
    show_findings(catalogue, findings_of(catalogue, verdict.findings))
    if rows[subject] == "device_type":
        link("find", "Products of this type", {"device_type": [subject]})
elif symptom:
    for kind, key in subjects(catalogue):
        st.markdown(f"- {plain(catalogue.subject_label(kind, key))}: {plain(cells[kind, key, symptom].words)}")
    link("find", "Products that target this symptom", {"symptom": [symptom]})
elif subject:
    for key, name in names.items():
        st.markdown(f"- {plain(name)}: {plain(cells[rows[subject], subject, key].words)}")

write_state("symptoms", state, encode_symptoms)
footer(loaded)
