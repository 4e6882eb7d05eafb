"""Symptoms: which devices target which symptoms, and does it work?"""

import streamlit as st

from legwise.charts.evidence import evidence_map, subject_strip
from legwise.charts.studies import bubble_map, study_charts, symptom_bars
from legwise.exports.page_notebooks import symptoms_notebook
from legwise.links.symptoms import SYMPTOMS
from legwise.rules.claims import claim_frame, judge_claims
from legwise.rules.findings import EvidenceFilter, dropped_frame, finding_table, select_findings
from legwise.rules.verdicts import findings_of, subjects, verdicts
from legwise.text.cells import format_month
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.downloads import show_citations, show_downloads, show_notebook
from ui.draw import show_chart, show_charts, show_claim, show_findings, show_red_flags
from ui.html_tables import show_map_legend, show_table, theme
from ui.page import dropped_notice, footer, frame, heading, link
from ui.session import read_state, write_state
from ui.symptoms import ask_cell, ask_evidence, ask_map, say

loaded = frame("symptoms")
catalogue = loaded.catalogue
kinds = {subject: kind for kind, subject in subjects(catalogue)}
state, dropped = read_state(SYMPTOMS, loaded.scope)
heading("symptoms")
dropped_notice(dropped)
show_red_flags(catalogue)
show_map_legend()
searched = format_month(catalogue.package["evidence"].searched)
st.caption(
    f"Every type and symptom was searched for in {searched}, in stored abstracts and pages, "
    "not in every database. A study can be in several cells, so cells do not add up to a "
    "number of studies."
)
ask_evidence(catalogue, state)
selection = select_findings(catalogue, state.wanted)
cells = verdicts(catalogue, selection.kept, claims=state.wanted.claims)
if state.view == "map":
    ask_map(evidence_map(catalogue, theme(), cells=cells))
else:
    show_chart(bubble_map(catalogue, selection.kept, theme()), "symptoms.bubbles", wide=True)
if selection.dropped:
    with st.expander(f"{counted(len(selection.dropped), 'finding')} dropped by these switches"):
        show_table(dropped_frame(catalogue, selection), "Findings dropped by the switches, and why")

st.header("Look closer", anchor=False)
ask_cell(catalogue)
names = catalogue.names("symptoms")
shown = selection.kept
if state.symptom:
    description = catalogue.row("symptoms", state.symptom)["plain_description"]
    st.markdown(f"**{plain(names[state.symptom])}.** {plain(description)}")
    shown = tuple(row for row in shown if row["symptom"] == state.symptom)
if state.subject:
    shown = tuple(row for row in shown if row["subject"] == state.subject)
    label = catalogue.subject_label(kinds[state.subject], state.subject)
if state.subject and state.symptom:
    verdict = cells[kinds[state.subject], state.subject, state.symptom]
    say(f"{label}: {verdict.words}")
    if verdict.tier:
        st.markdown(plain(verdict.reason))
    show_findings(catalogue, findings_of(catalogue, verdict.findings))
elif state.symptom:
    show_chart(
        symptom_bars(catalogue, selection.kept, state.symptom, theme()), "symptoms.bars", wide=True
    )
    for kind, key in subjects(catalogue):
        name, words = catalogue.subject_label(kind, key), cells[kind, key, state.symptom].words
        st.markdown(f"- {plain(name)}: {plain(words)}")
elif state.subject:
    strip = subject_strip(catalogue, kinds[state.subject], state.subject, cells, theme())
    st.plotly_chart(
        strip.figure,
        theme=None,
        config={"displayModeBar": False},
        key="symptoms.strip",
        alt=strip.alt,
    )
    show_table(strip.table, strip.alt)
    for item in judge_claims(catalogue):
        if item.claim["device_type"] == state.subject:
            show_claim(catalogue, item)
if state.symptom and not state.subject:
    link("find", "Products of the types that target this symptom", {"symptom": [state.symptom]})
elif state.subject and kinds[state.subject] == "device_type":
    link("find", "Products of this type", {"device_type": [state.subject]})

st.header("Claim against evidence", anchor=False)
st.caption("Every claim of the starting article, and how it held up.")
claims = judge_claims(catalogue)
worked = [item for item in claims if item.claim["evidence_ids"] or item.claim["risk_factors"]]
for item in worked:
    show_claim(catalogue, item, expanded=True)
with st.expander("All claims, one by one"):
    for item in claims:
        show_claim(catalogue, item)
with st.expander("All claims as a table"):
    show_table(claim_frame(claims), "Claims of the starting article and what studies say")

st.header("All the studies", anchor=False)
show_charts(study_charts(catalogue, selection.kept, theme()))

st.header("Download and share", anchor=False)
symptom = names[state.symptom] if state.symptom else "all symptoms"
scope = f"{label if state.subject else 'all subjects'} and {symptom}"
filtered = "" if state.wanted == EvidenceFilter() else ", with the switches of the link"
params = SYMPTOMS.encode(state, loaded.scope)
show_downloads(
    catalogue,
    sheet="Findings",
    what=f"{counted(len(shown), 'finding')} on {scope}{filtered}",
    params=params,
    shown=lambda: finding_table(catalogue, shown),
)
show_notebook(
    "symptoms",
    params,
    lambda link, today: symptoms_notebook(
        catalogue, state.wanted, state.subject, state.symptom, len(shown), link, today
    ),
)
show_citations(catalogue, [row["source_id"] for row in shown])

write_state(SYMPTOMS, state, loaded.scope)
footer(loaded)
