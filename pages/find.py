"""Find: which devices have the features I want?"""

import ui  # noqa: F401  # before all else: see there

# isort: split
from dataclasses import replace

import streamlit as st

from legwise.answers.devices import shown_devices
from legwise.answers.query import describe
from legwise.answers.relaxations import FEW
from legwise.exports.page_notebooks import find_notebook
from legwise.links.find import FIND
from legwise.text.markup import plain
from ui.downloads import show_downloads, show_notebook
from ui.draw import show_red_flags
from ui.filters import ask_chips
from ui.find import (
    answer_as_far_as_it_goes,
    ask_charts,
    ask_device_filters,
    ask_list,
    ask_listing,
    ask_page,
    ask_picks,
    ask_relaxations,
    ask_search,
    chips,
    everything,
    turn_to_page,
)
from ui.page import dropped_notice, footer, frame, heading
from ui.session import read_state, write_state
from ui.steps import as_far_as_it_goes

loaded = frame("find")
catalogue, index = loaded.catalogue, loaded.index
state, dropped = read_state(FIND, loaded.scope)
with st.container(key="find-head", gap="xsmall"):
    heading("find")
    dropped_notice(dropped)
    show_red_flags(catalogue)
    ask_search(catalogue)
    known = answer_as_far_as_it_goes(loaded, state.query)
    answer = known or everything(loaded, state.query)
    if known:
        state = turn_to_page(state, answer)
    ask_device_filters(index, answer, state)
    ask_chips(
        "find",
        chips(catalogue, state.query),
        lambda name: replace(state, query=state.query.without(name)),
    )
    if known:
        sentence = describe(state.query, catalogue, answer.total, answer.of)
        with st.container(horizontal=True, vertical_alignment="center", key="find-sentence"):
            st.header(plain(sentence), anchor=False)
            ask_listing(catalogue, state, answer)

table = catalogue.package["devices"]
fields = [table[name] for name in state.columns or table.listed]
if known and answer.total:
    if state.view == "charts":
        ask_charts(loaded, answer, state)
    else:
        with as_far_as_it_goes("This page of the list"):
            ask_list(loaded, state, answer.keys(answer.shown))
        ask_page(answer)
if known and answer.total <= FEW:
    with as_far_as_it_goes("What would give more"):
        ask_relaxations(index, answer, state)
if known and answer.total:
    link_params = FIND.encode(state, loaded.scope)
    show_downloads(
        catalogue,
        sheet="Devices",
        what=sentence,
        params=link_params,
        rows=answer.total,
        shown=lambda: shown_devices(
            catalogue, answer.keys(slice(None)), fields, state.query.conditions
        ),
    )
    show_notebook(
        "find",
        link_params,
        lambda link, today: find_notebook(
            loaded.relation("devices"), answer, state.columns, state.feature, link, today
        ),
    )

ask_picks(catalogue, state)
write_state(FIND, state, loaded.scope)
footer(loaded)
