"""The columns of a comparison as widgets: choose, add, move, remove, and which two a phone shows."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from legwise.answers.comparison import ROW_CHOICES, Comparison
from legwise.links.compare import MOST_COMPARED, CompareState
from legwise.links.find import FindState
from legwise.tables.catalogue import Catalogue
from legwise.text.markup import plain
from legwise.text.units import SYSTEMS
from ui.filters import ask_conditions
from ui.session import saved_state, set_state


def ask_items(catalogue: Catalogue, state: CompareState) -> None:
    """Draw the choice of items and of conditions."""
    types = catalogue.choices("device_types")
    options = [
        *(("type", key) for key in types),
        *(("device", key) for key in catalogue.keys("devices")),
    ]
    st.multiselect(
        f"Devices and device types, two to {MOST_COMPARED}",
        options,
        key="compare.items",
        format_func=lambda item: (
            f"Type: {types[item[1]]}" if item[0] == "type" else catalogue.device_name(item[1])
        ),
        max_selections=MOST_COMPARED,
        placeholder="type a name",
    )
    _ask_additions(catalogue, state)
    ask_conditions(catalogue, "compare", "Cautions for them are lifted to the top.")


def _ask_additions(catalogue: Catalogue, state: CompareState) -> None:
    """Offer the free way massage by hand, and what was picked on the find page."""
    by_hand = [
        row["device_type"] for row in catalogue.records("device_types") if row["kind"] == "method"
    ]
    found = saved_state("find")
    tray = [("device", pick) for pick in found.picks] if isinstance(found, FindState) else []
    offers: dict[str, tuple[tuple[str, str], ...]] = {
        f"Add {catalogue.names('device_types')[key].lower()}": (("type", key),) for key in by_hand
    }
    if tray:
        offers[f"Add the {len(tray)} in the compare list"] = tuple(tray)
    with st.container(horizontal=True):
        for label, items in offers.items():
            together = tuple(dict.fromkeys([*state.items, *items]))
            if len(state.items) < len(together) <= MOST_COMPARED:
                wanted = replace(state, items=together)
                st.button(
                    plain(label),
                    key=f"compare.add.{label}",
                    icon=":material/add:",
                    on_click=set_state,
                    args=("compare", wanted),
                )


def ask_order(comparison: Comparison, state: CompareState) -> None:
    """Draw a menu a column: move it left or right, or take it out."""
    with st.container(horizontal=True):
        for place, (label, item) in enumerate(zip(comparison.labels, state.items, strict=True)):
            moves = {"Move left": place - 1, "Move right": place + 1}
            with st.popover(plain(label), key=f"compare.menu.{place}"):
                for words, other in moves.items():
                    if 0 <= other < len(state.items):
                        items = list(state.items)
                        items[place], items[other] = items[other], items[place]
                        _item_button(words, f"compare.{words}.{place}", state, items)
                _item_button(
                    "Remove",
                    f"compare.out.{place}",
                    state,
                    [own for own in state.items if own != item],
                )


def _item_button(words: str, key: str, state: CompareState, items: list[tuple[str, str]]) -> None:
    st.button(
        words,
        key=key,
        on_click=set_state,
        args=("compare", replace(state, items=tuple(items))),
        width="stretch",
    )


def ask_rows() -> None:
    """Draw the choice of rows and of units."""
    with st.container(horizontal=True):
        st.segmented_control(
            "Rows",
            list(ROW_CHOICES),
            key="compare.rows",
            format_func=ROW_CHOICES.__getitem__,
            required=True,
        )
        st.segmented_control(
            "Units",
            list(SYSTEMS),
            key="compare.units",
            format_func=SYSTEMS.__getitem__,
            required=True,
        )


def ask_narrow(comparison: Comparison) -> tuple[int, ...]:
    """Draw, on narrow screens only, the choice of the two columns that fit there; return their places."""
    places = list(range(len(comparison.items)))
    if len(places) <= 2:
        return tuple(places)
    # The style sheet of the tables hides this container where all columns fit.
    with st.container(key="legwise-narrow-only"):
        chosen = st.multiselect(
            "Columns on this screen",
            places,
            default=places[:2],
            key=f"compare.narrow.{len(places)}",
            format_func=comparison.labels.__getitem__,
            max_selections=2,
        )
    return tuple(chosen) or tuple(places[:2])
