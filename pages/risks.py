"""Risks: what harms leg circulation, and what must I be careful with?"""

import streamlit as st

from legwise.answers.risk_factors import effect_frame, effects, risk_frame
from legwise.charts.risk_factors import caution_matrix, flow, forest_plot, prevalence_bars
from legwise.links.risks import RISKS
from legwise.rules.cautions import (
    NO_PROOF,
    SEVERITY_GLYPHS,
    cautions_for,
    conditions,
    severities,
    worst,
)
from legwise.tables.subjects import Subject
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.draw import show_acceptances, show_cautions, show_chart, show_red_flags
from ui.filters import ask_conditions
from ui.html_tables import show_table, theme
from ui.page import dropped_notice, footer, frame, heading, link
from ui.risks import ask_flow, ask_risk_factors
from ui.session import read_state, write_state

loaded = frame("risks")
catalogue = loaded.catalogue
state, dropped = read_state(RISKS, loaded.scope)
heading("risks")
dropped_notice(dropped)
show_red_flags(catalogue)

st.header("Cautions for my conditions", anchor=False)
ask_conditions(catalogue, "risks")
if state.conditions:
    st.caption(NO_PROOF)
    classes = severities(catalogue)
    for key, name in catalogue.names("device_types").items():
        cautions = cautions_for(catalogue, [Subject.type(key)], state.conditions)
        severity = worst(cautions)
        label = f"{SEVERITY_GLYPHS[severity]} **{plain(name)}**: {classes[severity].lower()}"
        with st.expander(label, expanded=severity == "contraindicated"):
            show_cautions(catalogue, cautions)
            show_acceptances(catalogue, key, state.conditions)
    link("find", "Find devices with these conditions marked", {"condition": list(state.conditions)})
    link("match", "A shortlist for these conditions", {"condition": list(state.conditions)})
else:
    st.info(
        "Choose conditions to see, for every type of device, what to avoid, and who says so.",
        icon=":material/health_and_safety:",
    )
st.header("Cautions at a glance", anchor=False)
show_chart(
    caution_matrix(catalogue, state.conditions or list(conditions(catalogue)), theme()),
    "risks.matrix",
    wide=True,
)

st.header("What goes with poor leg circulation", anchor=False)
ask_risk_factors(catalogue)
risks = risk_frame(
    catalogue, state.kinds, state.modifiable, in_article=state.in_article, only=state.side_by_side
)
if risks.empty:
    st.info("No risk factors match these filters.", icon=":material/search_off:")
elif len(state.side_by_side) > 1:
    show_table(
        risks.set_index(risks.columns[0]).T.reset_index(names="Attribute"),
        "Risk factors side by side",
    )
else:
    show_table(
        risks, "Risk factors with what they do, how common they are and how large their effect is"
    )

st.header("How large are the effects?", anchor=False)
forest = forest_plot(catalogue, state.side_by_side, theme())
if forest:
    show_chart(forest, "risks.forest", wide=True)
words = effects(catalogue, state.side_by_side)[1]
if words:
    with st.expander(f"{counted(len(words), 'result')} not given as one ratio"):
        show_table(effect_frame(catalogue, words), "Results on risk factors that are not one ratio")

st.header("How common are they?", anchor=False)
show_chart(prevalence_bars(catalogue, theme()), "risks.prevalence")

st.header("From risk factor to symptom to device", anchor=False)
ask_flow(catalogue)
ways = flow(catalogue, state.flow, theme())
if ways:
    show_chart(ways, "risks.ways", wide=True)

write_state(RISKS, state, loaded.scope)
footer(loaded)
