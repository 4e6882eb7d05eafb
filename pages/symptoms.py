"""Symptoms: which devices target which symptoms, and does it work?"""

import ui  # noqa: F401  # before all else: see there

# isort: split
from legwise.links.symptoms import SYMPTOM_TABS, SYMPTOMS
from ui.draw import show_red_flags
from ui.page import dropped_notice, footer, frame, heading
from ui.session import read_state, write_state
from ui.symptoms import (
    ask_cell,
    judged,
    show_answer,
    show_claims,
    show_map,
    show_studies,
    show_takeaway,
)
from ui.tabs import ask_tab

loaded = frame("symptoms")
catalogue, scope = loaded.catalogue, loaded.scope
state, dropped = read_state(SYMPTOMS, scope)
heading("symptoms")
dropped_notice(dropped)
show_red_flags(catalogue)
selection, cells = judged(loaded, state.wanted)
kept = selection.kept
ask_cell(loaded, state.wanted, selection)
show_answer(loaded, state, cells, kept)
tab, part = ask_tab(SYMPTOM_TABS, "symptoms.tab")
with part:
    if tab == "map":
        show_map(loaded, state, cells, kept)
    elif tab == "claims":
        show_claims(catalogue)
    elif tab == "studies":
        show_studies(catalogue, state, kept)
    else:
        show_takeaway(catalogue, state, scope, kept)

write_state(SYMPTOMS, state, scope)
footer(loaded)
