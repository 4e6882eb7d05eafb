"""Find: which devices have the features I want?"""

from dataclasses import replace

import streamlit as st

from legwise.display import DEFAULT_COLUMNS, device_frame
from legwise.query import DeviceQuery, describe, phrases
from legwise.safety import conditions
from legwise.urlstate import FindState, decode_find, encode_find
from ui.ask import ask_filters, ask_listing, ask_page, ask_picks, ask_search, read_find, seed_find
from ui.frame import dropped_notice, footer, frame, heading, link
from ui.show import plain, show_device_cards, show_device_table
from ui.urlsync import read_state, set_state, write_state

loaded = frame("find")
catalogue, index = loaded.catalogue, loaded.index
state, dropped = read_state(
    "find",
    lambda params: decode_find(params, index),
    lambda state: seed_find(index, state),
    lambda before: read_find(index, before),
)
heading("find")
dropped_notice(dropped)

ask_search(conditions(catalogue))
answer = index.ask(state.query)
with st.sidebar:
    st.markdown("**Filters**")
    ask_filters(index, answer)

st.subheader(plain(describe(state.query, catalogue, answer.total, answer.of)), anchor=False)
applied = dict(phrases(state.query, catalogue))


def go(query: DeviceQuery) -> dict[str, object]:
    """Arguments of a button that asks another query."""
    return {"on_click": set_state, "args": ("find", replace(state, query=query))}


if applied:
    with st.container(horizontal=True):
        for name, phrase in applied.items():
            st.button(
                plain(phrase),
                key=f"find.drop.{name}",
                icon=":material/close:",
                help="Take this filter off",
                **go(state.query.without(name)),
            )
        st.button("Clear filters", key="find.clear", type="tertiary", **go(state.query.cleared()))

if answer.total:
    ask_listing(catalogue)
    devices = [catalogue.key_at("devices", place) for place in answer.page_rows]
    fields = [catalogue.package["devices"][name] for name in state.columns or DEFAULT_COLUMNS]
    if state.view == "table":
        show_device_table(device_frame(catalogue, devices, fields, state.query.conditions))
    else:
        show_device_cards(catalogue, devices, fields, state.query.conditions)
    ask_page(answer)
    st.subheader("Compare", anchor=False)
    ask_picks(catalogue, state, devices)
    if len(state.picks) > 1:
        params = {"device": list(state.picks), "condition": list(state.query.conditions)}
        link(
            "compare",
            f"Compare these {len(state.picks)} side by side",
            {name: values for name, values in params.items() if values},
        )
else:
    st.info("No device fits all of this.", icon=":material/search_off:")
    best = max(answer.without, key=answer.without.__getitem__)
    if answer.without[best]:
        st.button(
            plain(f"Without “{applied[best]}”: {answer.without[best]:,} devices"),
            key="find.relax",
            **go(state.query.without(best)),
        )

write_state("find", FindState(replace(state.query, page=answer.page), state.picks, state.view, state.columns), encode_find)
footer(loaded)
