"""Device type: all that is known of one device type."""

import streamlit as st

from legwise.answers.side_by_side import compare, item_name
from legwise.links.type import TYPE
from ui.draw import show_red_flags
from ui.filters import ask_conditions
from ui.html_tables import show_comparison
from ui.page import dropped_notice, footer, frame, heading, link
from ui.session import read_state, write_state

loaded = frame("type")
catalogue = loaded.catalogue
state, dropped = read_state(TYPE, loaded.scope)
heading("type", item_name(catalogue, ("type", state.id)) if state.id else "")
dropped_notice(dropped)
if state.id:
    show_red_flags(catalogue)
    ask_conditions(catalogue, "type", "Cautions for them come first.")
    link("compare", "Compare with others", {"type": [state.id]})
    show_comparison(compare(catalogue, [("type", state.id)], state.conditions), (0,))
else:
    st.info("No device type is chosen.", icon=":material/search:")
    link("find", "Find devices")

write_state(TYPE, state, loaded.scope)
footer(loaded)
