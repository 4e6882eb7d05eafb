"""Device: all that is known of one device."""

import streamlit as st

from legwise.answers.side_by_side import compare, item_name
from legwise.links.device import DEVICE
from ui.draw import show_red_flags
from ui.filters import ask_conditions
from ui.html_tables import show_comparison
from ui.page import dropped_notice, footer, frame, heading, link
from ui.session import read_state, write_state

loaded = frame("device")
catalogue = loaded.catalogue
state, dropped = read_state(DEVICE, loaded.scope)
heading("device", item_name(catalogue, ("device", state.id)) if state.id else "")
dropped_notice(dropped)
if state.id:
    show_red_flags(catalogue)
    ask_conditions(catalogue, "device", "Cautions for them come first.")
    link("compare", "Compare with others", {"device": [state.id]})
    show_comparison(compare(catalogue, [("device", state.id)], state.conditions), (0,))
else:
    st.info("No device is chosen.", icon=":material/search:")
    link("find", "Find devices")

write_state(DEVICE, state, loaded.scope)
footer(loaded)
