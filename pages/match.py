"""Match: which kinds of device suit my legs?"""

import ui  # noqa: F401  # before all else: see there

# isort: split
import streamlit as st

from legwise.exports.print_sheet import wish_sheet
from legwise.links.match import MATCH
from legwise.rules.shortlist import Match, rank_device_types
from ui.downloads import back_link, show_sheet
from ui.match import ask_signs, ask_wish, show_overview, show_reasons
from ui.page import dropped_notice, footer, frame, heading, link
from ui.session import read_state, write_state
from ui.steps import as_far_as_it_goes

loaded = frame("match")
catalogue = loaded.catalogue
state, dropped = read_state(MATCH, loaded.scope)
heading("match")
dropped_notice(dropped)
ask_signs(catalogue, state.signs)
ask_wish(catalogue, state)

if not state.signs:
    st.info("Answer the question about warning signs first.", icon=":material/help:")
elif state.signs == "none" and not state.wish.symptoms:
    st.info("Choose at least one symptom.", icon=":material/help:")
elif state.signs == "none":
    st.header("Your shortlist", anchor=False)
    matches: tuple[Match, ...] = ()
    with as_far_as_it_goes("The shortlist"):
        matches = loaded.keep(
            ("matches", state.wish), lambda: rank_device_types(catalogue, state.wish)
        )
        show_overview(catalogue, state.wish, matches)
    top = [match for match in matches if not match.contraindicated][:4]
    if len(top) > 1:
        params = {
            "type": [match.device_type for match in top],
            "condition": list(state.wish.conditions),
        }
        link("compare", "Compare the first types side by side", params)
    if matches:
        show_sheet(
            catalogue,
            lambda notes: wish_sheet(catalogue, state.wish, matches, notes),
            back_link(MATCH.encode(state, loaded.scope)),
        )
        show_reasons(catalogue, state.wish, matches)

write_state(MATCH, state, loaded.scope)
footer(loaded)
