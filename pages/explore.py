"""Explore: make your own chart or table."""

import ui  # noqa: F401  # before all else: see there

# isort: split
from dataclasses import replace
from functools import partial

import streamlit as st

from legwise.explore.state import first_look
from legwise.exports.citations import works
from legwise.exports.page_notebooks import explore_notebook
from legwise.links.explore import EXPLORE, filters_key
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.downloads import show_citations, show_downloads, show_notebook
from ui.explore import (
    ask_relation,
    ask_view,
    show_code,
    show_profiles,
    show_ready_views,
    show_view,
    view_of,
)
from ui.filters import ask_chips, ask_filters
from ui.fold import fold
from ui.page import dropped_notice, footer, frame, heading
from ui.session import read_state, set_state, write_state

loaded = frame("explore")
catalogue = loaded.catalogue
state, dropped = read_state(EXPLORE, loaded.scope)
relation = loaded.relation(state.relation)
heading("explore")
dropped_notice(dropped)

ask_relation(catalogue.package, loaded.relation)
st.caption(plain(relation.table.description))
show_ready_views(relation)
ask_view(relation, state, loaded.scope)
view = view_of(loaded, relation, state)
with st.sidebar:
    st.markdown("**Filters**")
    ask_filters(
        filters_key(state.relation),
        relation.index,
        catalogue.package.groups,
        view.matches.counts,
        dict(state.filters),
    )

st.header(plain(view.title), anchor=False)
st.markdown(plain(view.sentence))
ask_chips("explore", view.phrases, state.without, replace(state, filters=()))
if not len(view.matches.rows):
    st.info("No rows match these filters.", icon=":material/search_off:")
    best = max(view.matches.without, key=view.matches.without.__getitem__, default="")
    if best and view.matches.without[best]:
        label = plain(
            f"Drop the filter: {view.phrases[best]} → {counted(view.matches.without[best], 'row')}"
        )
        st.button(
            label, key="explore.relax", on_click=set_state, args=("explore", state.without(best))
        )
else:
    show_view(view)

fold("Columns at a glance", "explore.glance", partial(show_profiles, view))
fold("The code of this view", "explore.code", partial(show_code, view))

st.header("Download and share", anchor=False)
params = EXPLORE.encode(state, loaded.scope)
show_downloads(
    catalogue,
    sheet="View",
    what=f"{view.title}. {view.sentence}",
    params=params,
    shown=view.shown,
    rows=len(view.table),
)
show_notebook("explore", params, lambda link, today: explore_notebook(view, link, today))
sources = works(relation, view.matches.rows)
if sources:
    show_citations(catalogue, sources)
if state != first_look(relation):
    st.button(
        "Reset this view",
        key="explore.reset",
        on_click=set_state,
        args=("explore", first_look(relation)),
    )

write_state(EXPLORE, state, loaded.scope)
footer(loaded)
