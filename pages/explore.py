"""Explore: make your own chart or table."""

import ui  # noqa: F401  # before all else: see there

# isort: split
from dataclasses import replace
from functools import partial

import streamlit as st

from legwise.explore.state import describe_view, filter_phrases, first_look
from legwise.exports.page_notebooks import explore_notebook
from legwise.links.explore import EXPLORE, filters_key
from legwise.text.markup import plain
from ui.downloads import show_citations, show_downloads, show_notebook
from ui.explore import (
    ask_relation,
    ask_view,
    cited,
    match_as_far_as_it_goes,
    show_code,
    show_nothing,
    show_profiles,
    show_ready_views,
    show_view,
    totals,
    view_as_far_as_it_goes,
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
matching = match_as_far_as_it_goes(relation, state)
with st.sidebar:
    st.markdown("**Filters**")
    ask_filters(
        filters_key(state.relation),
        relation.index,
        catalogue.package.groups,
        matching.counts if matching else totals(relation),
        dict(state.filters),
        folded=True,
    )

st.header(plain(describe_view(state, relation)), anchor=False)
view = view_as_far_as_it_goes(loaded, relation, state, matching) if matching else None
if view:
    st.markdown(plain(view.sentence))
ask_chips("explore", filter_phrases(state, relation), state.without, replace(state, filters=()))
if view and not view.matches.total:
    show_nothing(view)
elif view:
    show_view(view)
if matching:
    fold("Columns at a glance", "explore.glance", partial(show_profiles, matching))
if view:
    fold("The code of this view", "explore.code", partial(show_code, view))
    st.header("Download and share", anchor=False)
    params = EXPLORE.encode(state, loaded.scope)
    show_downloads(
        catalogue,
        sheet="View",
        what=view.summary,
        params=params,
        shown=view.shown,
        rows=len(view.table),
    )
    show_notebook("explore", params, partial(explore_notebook, view))
    if sources := cited(loaded, relation, state, view):
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
