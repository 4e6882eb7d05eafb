"""The columns of a comparison as widgets: choose, add, move, remove; which two a phone shows."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from legwise.answers.comparison import ROW_CHOICES, Comparison
from legwise.links.compare import MOST_COMPARED, CompareState
from legwise.links.find import FindState
from legwise.tables.catalogue import Catalogue
from legwise.text.markup import plain
from legwise.text.units import SYSTEMS
from ui.choosers import ask_several
from ui.filters import ask_conditions
from ui.session import saved_state, set_state


def ask_items(catalogue: Catalogue, state: CompareState) -> None:
    """Draw the choice of items and of conditions."""
    types = catalogue.choices("device_types")
    options = [
        *(("type", key) for key in types),
        *(("device", key) for key in catalogue.keys("devices")),
    ]
    ask_several(
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
    ask_conditions(catalogue, "compare", "Cautions for them come first.")


def _ask_additions(catalogue: Catalogue, state: CompareState) -> None:
    """Offer massage by hand, and the devices picked on the find page."""
    by_hand = [
        row["device_type"] for row in catalogue.records("device_types") if row["kind"] == "method"
    ]
    saved = saved_state("find")
    tray = [("device", pick) for pick in saved.picks] if isinstance(saved, FindState) else []
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
    """Draw one menu per column: move it left or right, or remove it."""
    with st.container(horizontal=True):
        for position, (label, item) in enumerate(zip(comparison.labels, state.items, strict=True)):
            moves = {"Move left": position - 1, "Move right": position + 1}
            with st.popover(plain(label), key=f"compare.menu.{position}"):
                for words, other in moves.items():
                    if 0 <= other < len(state.items):
                        items = list(state.items)
                        items[position], items[other] = items[other], items[position]
                        _item_button(words, f"compare.{words}.{position}", state, items)
                _item_button(
                    "Remove",
                    f"compare.out.{position}",
                    state,
                    [other for other in state.items if other != item],
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
    """Ask, on narrow screens only, which two columns to show; return their positions."""
    positions = list(range(len(comparison.items)))
    if len(positions) <= 2:
        return tuple(positions)
    # The style sheet hides this container where all columns fit.
    with st.container(key="legwise-narrow-only"):
        chosen = ask_several(
            "Columns on this screen",
            positions,
            default=positions[:2],
            key=f"compare.narrow.{len(positions)}",
            format_func=comparison.labels.__getitem__,
            max_selections=2,
        )
    return tuple(chosen) or tuple(positions[:2])
