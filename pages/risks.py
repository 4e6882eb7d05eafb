"""Risks: what harms leg circulation, and what must I be careful with?"""

import ui  # noqa: F401  # before all else: see there

# isort: split
from legwise.links.risks import RISK_TABS, RISKS
from ui.draw import show_red_flags
from ui.page import dropped_notice, footer, frame, heading
from ui.risks import show_effects, show_factors, show_my_cautions, show_pathways
from ui.session import read_state, write_state
from ui.tabs import ask_tab

loaded = frame("risks")
catalogue = loaded.catalogue
state, dropped = read_state(RISKS, loaded.scope)
heading("risks")
dropped_notice(dropped)
show_red_flags(catalogue)
tab, part = ask_tab(RISK_TABS, "risks.tab")
with part:
    if tab == "mine":
        show_my_cautions(catalogue, state)
    elif tab == "factors":
        show_factors(catalogue, state)
    elif tab == "effects":
        show_effects(catalogue, state)
    else:
        show_pathways(catalogue, state)

write_state(RISKS, state, loaded.scope)
footer(loaded)
