"""Risks: what harms leg circulation, and what must I be careful with?"""

import streamlit as st

from legwise.pagestate import RisksState, decode_risks, encode_risks
from legwise.risks import risk_frame
from legwise.safety import NOTHING_RECORDED_NOTE, SEVERITY_GLYPHS, cautions_for, conditions, severities, worst
from ui.frame import dropped_notice, footer, frame, heading, link
from ui.show import plain, show_acceptances, show_cautions, show_red_flags
from ui.tables import show_table
from ui.urlsync import read_state, write_state

loaded = frame("risks")
catalogue = loaded.catalogue


def seed(state: RisksState) -> None:
    """Set every widget of the page."""
    st.session_state["risks.conditions"] = list(state.conditions)
    st.session_state["risks.kinds"] = list(state.kinds)


def read(_: RisksState) -> RisksState:
    """Return what the widgets say."""
    session = st.session_state
    return RisksState(
        tuple(key for key in labels if key in session["risks.conditions"]),
        tuple(key for key in kinds if key in session["risks.kinds"]),
    )


labels = conditions(catalogue)
kinds = catalogue.package["risk_factors"]["kind"].labels
state, dropped = read_state("risks", lambda params: decode_risks(params, catalogue), seed, read)
picked = state.conditions
heading("risks")
dropped_notice(dropped)
show_red_flags(catalogue, expanded=True)

st.subheader("Cautions for my conditions", anchor=False)
st.multiselect(
    "My conditions", list(labels), key="risks.conditions", format_func=labels.__getitem__, placeholder="choose one or more"
)
if picked:
    st.caption(NOTHING_RECORDED_NOTE)
    classes = severities(catalogue)
    for key, name in catalogue.names("device_types").items():
        cautions = cautions_for(catalogue, [("device_type", key)], picked)
        severity = worst(cautions)
        with st.expander(
            f"{SEVERITY_GLYPHS[severity]} **{plain(name)}**: {classes[severity].lower()}", expanded=severity == "contraindicated"
        ):
            show_cautions(catalogue, cautions)
            show_acceptances(catalogue, key, picked)
    link("find", "Find devices with these conditions marked", {"condition": list(picked)})
else:
    st.info(
        "Choose conditions to see, for every type of device, what is contraindicated and on whose word.",
        icon=":material/health_and_safety:",
    )

st.subheader("What goes with poor leg circulation", anchor=False)
st.multiselect("Kinds", list(kinds), key="risks.kinds", format_func=kinds.__getitem__, placeholder="all kinds")
show_table(
    risk_frame(catalogue, state.kinds), "Risk factors with what they do, how common they are and how large their effect is"
)

write_state("risks", state, encode_risks)
footer(loaded)
