"""Find: which devices have the features I want?"""

from dataclasses import replace

import streamlit as st

from legwise.answers.devices import device_frame, shown_devices
from legwise.answers.query import describe, phrases
from legwise.charts.devices import device_charts
from legwise.exports.page_notebooks import find_notebook
from legwise.links.find import FIND
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.downloads import show_downloads, show_notebook
from ui.draw import show_charts, show_device_cards, show_red_flags
from ui.filters import ask_chips, ask_device_filters
from ui.find import (
    ask_charts,
    ask_listing,
    ask_page,
    ask_picks,
    ask_search,
    ask_table,
    turn_to_page,
)
from ui.html_tables import theme
from ui.page import dropped_notice, footer, frame, heading, link
from ui.session import read_state, set_state, write_state

loaded = frame("find")
catalogue, index = loaded.catalogue, loaded.index
state, dropped = read_state(FIND, loaded.scope)
heading("find")
dropped_notice(dropped)

show_red_flags(catalogue)
ask_search(catalogue)
answer = index.ask(state.query)
state = turn_to_page(state, answer)
with st.sidebar:
    st.markdown("**Filters**")
    ask_device_filters(index, answer)

sentence = describe(state.query, catalogue, answer.total, answer.of)
st.header(plain(sentence), anchor=False)
applied = dict(phrases(state.query, catalogue))


ask_chips(
    "find",
    applied,
    lambda name: replace(state, query=state.query.without(name)),
    replace(state, query=state.query.cleared()),
)

devices = catalogue.keys_at("devices", answer.page_rows)
table = catalogue.package["devices"]
fields = [table[name] for name in state.columns or table.listed]
if answer.total:
    ask_listing(catalogue, state)
    if state.view == "charts":
        matches = catalogue["devices"].iloc[answer.rows]
        ask_charts(catalogue)
        show_charts(device_charts(catalogue, matches, state.feature, state.x, state.y, theme()))
    elif state.view == "table":
        ask_table(
            catalogue,
            device_frame(catalogue, devices, fields, state.query.conditions),
            devices,
            state.picks,
        )
    else:
        show_device_cards(catalogue, devices, fields, state.query.conditions)
    if state.view != "charts":
        ask_page(answer)
    ask_picks(catalogue, state, devices)
    if len(state.picks) > 1:
        params = {"device": list(state.picks), "condition": list(state.query.conditions)}
        link(
            "compare",
            f"Compare these {len(state.picks)} side by side",
            {name: values for name, values in params.items() if values},
        )
    link_params = FIND.encode(state, loaded.scope)
    show_downloads(
        catalogue,
        sheet="Devices",
        what=sentence,
        params=link_params,
        shown=lambda: shown_devices(
            catalogue, catalogue.keys_at("devices", answer.rows), fields, state.query.conditions
        ),
    )
    show_notebook(
        "find",
        link_params,
        lambda link, today: find_notebook(
            loaded.relation("devices"), answer, state.columns, state.feature, link, today
        ),
    )
else:
    st.info("No devices match these filters.", icon=":material/search_off:")
    best = max(answer.without, key=answer.without.__getitem__, default="")
    if best and answer.without[best]:
        label = plain(
            f"Drop the filter: {applied[best]} → {counted(answer.without[best], 'device')}"
        )
        relaxed = replace(state, query=state.query.without(best))
        st.button(label, key="find.relax", on_click=set_state, args=("find", relaxed))

write_state(FIND, state, loaded.scope)
footer(loaded)
