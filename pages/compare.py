"""Compare: how do these differ?"""

import ui  # noqa: F401  # before all else: see there

# isort: split
from functools import partial

import streamlit as st

from legwise.answers.side_by_side import compare, item_name, suggestions
from legwise.links.compare import COMPARE, CompareState
from legwise.text.markup import plain
from ui.compare import (
    ask_bar,
    ask_items,
    ask_rows,
    show_files,
    show_gaps,
    show_side_by_side,
    show_side_by_side_charts,
    show_without_products,
)
from ui.downloads import show_print
from ui.draw import show_red_flags
from ui.filters import ask_conditions
from ui.fold import fold
from ui.page import dropped_notice, footer, frame, heading, link
from ui.session import read_state, write_state
from ui.steps import as_far_as_it_goes

loaded = frame("compare")
catalogue = loaded.catalogue
state, dropped = read_state(COMPARE, loaded.scope)
heading("compare")
dropped_notice(dropped)

whole = None
if state.items:
    with as_far_as_it_goes("The comparison"):
        whole = loaded.keep(
            ("compare", state.items, state.conditions, state.units),
            lambda: compare(catalogue, state.items, state.conditions, state.units),
        )
if not whole or len(state.items) < 2:
    ask_items(catalogue, state)
    ask_conditions(catalogue, "compare", "Cautions for them come first.")
if not state.items:
    st.info("Choose at least two, or start from one of these.", icon=":material/compare_arrows:")
    with as_far_as_it_goes("Examples"):
        for label, items in suggestions(catalogue).items():
            link("compare", label, COMPARE.encode(CompareState(items), loaded.scope))
            st.caption(plain(" · ".join(item_name(catalogue, item) for item in items)))
    link("find", "Pick products from the list")
elif whole:
    params = COMPARE.encode(state, loaded.scope)
    shown = whole.only(state.shown_rows)
    with st.container(horizontal=True, key="legwise-compare-bar", vertical_alignment="center"):
        ask_bar(catalogue, state, whole)
        show_print(catalogue, whole, state.conditions, params)
        ask_rows()
    if len(state.items) == 1:
        st.info("Add one more to see differences.", icon=":material/add:")
    show_side_by_side(loaded, shown, whole, state)
    show_gaps(whole)
    with st.container(key="legwise-compare-more"):
        show_red_flags(catalogue)
        draw = partial(show_side_by_side_charts, catalogue, whole, state)
        fold("**Charts**", "compare.charts", draw)
        fold(
            "**Download and share**",
            "compare.files",
            partial(show_files, catalogue, shown, whole, state, params),
        )

else:
    show_without_products(loaded, state)
    show_red_flags(catalogue)

write_state(COMPARE, state, loaded.scope)
footer(loaded)
