"""Home: what this is, a search, a leg to point at, and three ways in."""

import ui  # noqa: F401  # before all else: see there

# isort: split
import streamlit as st

from legwise.links.home import HOME
from ui.draw import show_red_flags
from ui.hits import show_hits
from ui.home import ask_areas, ask_search, show_evidence, show_figures, show_ways
from ui.page import dropped_notice, footer, frame
from ui.session import read_state, write_state
from ui.steps import head_drawn

loaded = frame("app")
catalogue = loaded.catalogue
state, dropped = read_state(HOME, loaded.scope)
st.title("Legwise", anchor=False)
st.markdown(
    "Leg massagers, compression and massage by hand: what they offer, what studies found, and "
    "when to take care. Every statement has its source."
)
head_drawn()
dropped_notice(dropped)
search, leg = st.columns([3, 2], gap="medium")
with search:
    ask_search()
    if state.text:
        show_hits(catalogue, state.text)
    show_ways(catalogue)
with leg:
    ask_areas(catalogue, state.areas)
show_red_flags(catalogue)
show_evidence(loaded)
show_figures(catalogue)
st.caption("We checked one shop's claims against published research.")

write_state(HOME, state, loaded.scope)
footer(loaded)
