"""Compare: how do these differ?"""

import streamlit as st

from legwise.compare import compare
from legwise.safety import conditions
from legwise.urlstate import MOST_COMPARED, CompareState, decode_compare, encode_compare
from ui.frame import dropped_notice, footer, frame, heading, link
from ui.show import show_comparison, show_red_flags
from ui.urlsync import read_state, write_state

loaded = frame("compare")
catalogue = loaded.catalogue


def seed(state: CompareState) -> None:
    """Set every widget of the page."""
    st.session_state["compare.items"] = list(state.items)
    st.session_state["compare.conditions"] = list(state.conditions)
    st.session_state["compare.differences"] = state.differences


def read(_: CompareState) -> CompareState:
    """Return what the widgets say."""
    session = st.session_state
    chosen = tuple(key for key in labels if key in session["compare.conditions"])
    return CompareState(tuple(session["compare.items"]), chosen, session["compare.differences"])


labels = conditions(catalogue)
state, dropped = read_state("compare", lambda params: decode_compare(params, catalogue), seed, read)
heading("compare")
dropped_notice(dropped)
types = catalogue.names("device_types")
options = [*(("type", key) for key in types), *(("device", key) for key in catalogue.keys("devices"))]
st.multiselect(
    f"Devices and device types, two to {MOST_COMPARED}",
    options,
    key="compare.items",
    format_func=lambda item: f"{types[item[1]]} (type)" if item[0] == "type" else catalogue.device_name(item[1]),
    max_selections=MOST_COMPARED,
    placeholder="type a name",
)
st.multiselect(
    "My conditions",
    list(labels),
    key="compare.conditions",
    format_func=labels.__getitem__,
    placeholder="none chosen",
    help="Cautions for them are lifted to the top.",
)
st.toggle(
    "Only differences",
    key="compare.differences",
    help="Hide rows on which all say the same; “not stated” counts as its own value.",
)

if not state.items:
    st.info("Choose at least two, or start from one of these.", icon=":material/compare_arrows:")
    link(
        "compare",
        "Air compression, compression stockings, by hand",
        {"type": ["air_compression", "compression_stockings", "self_massage"]},
    )
    link(
        "compare",
        "Foot machines: electric, shiatsu, unpowered",
        {"type": ["electric_foot_massager", "shiatsu_foot_calf", "manual_foot_massager"]},
    )
    link("find", "Pick products from the list")
else:
    if len(state.items) == 1:
        st.info("Add one more to see differences.", icon=":material/add:")
    if len({kind for kind, _ in state.items}) > 1:
        st.info("Products stand beside device types: a type's cells summarise all its products.", icon=":material/info:")
    show_red_flags(catalogue)
    comparison = compare(catalogue, state.items, state.conditions)
    show_comparison(comparison.only_differences() if state.differences and len(state.items) > 1 else comparison)

write_state("compare", state, encode_compare)
footer(loaded)
