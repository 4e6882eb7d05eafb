"""Compare: how do these differ?"""

import streamlit as st

from legwise.answers.side_by_side import compare, item_name, suggestions
from legwise.charts.comparison import evidence_strip, number_dots
from legwise.exports.comparison_notebook import compare_notebook
from legwise.links.compare import COMPARE, CompareState
from legwise.text.markup import plain
from ui.compare import ask_items, ask_narrow, ask_order, ask_rows
from ui.downloads import show_notebook, show_take_away
from ui.draw import show_chart, show_red_flags
from ui.html_tables import show_comparison, theme
from ui.page import dropped_notice, footer, frame, heading, link
from ui.session import read_state, write_state

#: A product with no more stated facts than this cannot be compared by features.
ALMOST_NOTHING = 3

loaded = frame("compare")
catalogue = loaded.catalogue
state, dropped = read_state(COMPARE, loaded.scope)
heading("compare")
dropped_notice(dropped)
ask_items(catalogue, state)

if not state.items:
    st.info("Choose at least two, or start from one of these.", icon=":material/compare_arrows:")
    for label, items in suggestions(catalogue).items():
        link("compare", label, COMPARE.encode(CompareState(items), loaded.scope))
        st.caption(plain(" · ".join(item_name(catalogue, item) for item in items)))
    link("find", "Pick products from the list")
else:
    whole = compare(catalogue, state.items, state.conditions, state.units)
    if len(state.items) == 1:
        st.info("Add one more to see differences.", icon=":material/add:")
    if whole.mixed:
        st.info(
            "Products are next to device types: a type's cells summarise all its products.",
            icon=":material/info:",
        )
    for item in whole.items:
        if item.stated and item.stated[0] <= ALMOST_NOTHING:
            facts = f"{item.stated[0]} of {item.stated[1]} facts"
            text = f"{item.name} states {facts}, so most of its cells are empty."
            st.warning(plain(text), icon=":material/visibility_off:")
    show_red_flags(catalogue)
    ask_rows()
    ask_order(whole, state)
    narrow = ask_narrow(whole)
    shown_rows = state.rows if len(state.items) > 1 else "all"
    shown = whole.only(shown_rows)
    show_comparison(shown, narrow)
    numbers = number_dots(catalogue, whole, state.units, theme())
    if numbers:
        st.header("Numbers side by side", anchor=False)
        show_chart(numbers, "compare.numbers")
    st.header("Evidence side by side", anchor=False)
    show_chart(evidence_strip(catalogue, whole, theme()), "compare.evidence", wide=True)
    params = COMPARE.encode(state, loaded.scope)
    show_take_away(catalogue, shown, whole, state.conditions, params)
    show_notebook(
        "compare",
        params,
        lambda link, today: compare_notebook(
            catalogue, state.items, state.conditions, state.units, shown_rows, link, today
        ),
    )

write_state(COMPARE, state, loaded.scope)
footer(loaded)
