"""Home: what this is, and three ways in."""

import streamlit as st

from legwise.charts.evidence import MARKS_IN_WORDS, evidence_map
from legwise.text.markup import plain
from ui.draw import show_chart, show_red_flags
from ui.html_tables import theme
from ui.page import footer, frame, link

loaded = frame("app")
catalogue = loaded.catalogue

st.title("Legwise", anchor=False)
st.markdown(
    "Leg massagers, compression and massage by hand: what each device offers, what studies found "
    "for which symptom, and which conditions call for care. Every statement has its source. "
    "We checked one shop's claims against published research."
)
show_red_flags(catalogue)

find, compare, symptoms = st.columns(3, border=True)
with find:
    st.header("Find", anchor=False)
    st.markdown("Filter devices by heat, remote control, technique, body area and more.")
    link("find", "Find devices")
    link("find", "With heat and remote control", {"heat": ["yes"], "remote_control": ["yes"]})
with compare:
    st.header("Compare", anchor=False)
    st.markdown("Features, evidence and cautions of two to five devices or types, side by side.")
    link("compare", "Compare devices")
    link(
        "compare",
        "Boots, stockings, by hand",
        {"type": ["air_compression", "compression_stockings", "self_massage"]},
    )
with symptoms:
    st.header("What helps my symptom?", anchor=False)
    st.markdown("Which types were studied for which symptom, and whether it helped.")
    link("symptoms", "Evidence by symptom")
    link("symptoms", "Swelling", {"symptom": ["swelling"]})

figures = {
    "device types": len(catalogue["device_types"]),
    "products": len(catalogue["devices"]),
    "findings": len(catalogue["evidence"]),
    "cautions": len(catalogue["cautions"]),
    "risk factors": len(catalogue["risk_factors"]),
    "sources": len(catalogue["sources"]),
}
with st.grid(6, min_column_width=110):
    for label, number in figures.items():
        st.metric(label.capitalize(), f"{number:,}", border=True)
st.caption(f"Data of {plain(catalogue.package.created[:10])}")

st.header("Devices and symptoms at a glance", anchor=False)
st.caption(MARKS_IN_WORDS)
show_chart(evidence_map(catalogue, theme(), compact=True), "home.map", wide=True)
link("symptoms", "Open the evidence map")
footer(loaded)
