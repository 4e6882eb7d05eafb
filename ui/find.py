"""The device list as widgets: search, order, view, columns, pages, tray, charts."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from legwise.answers.devices import CAUTION_COLUMN, Answer
from legwise.answers.query import BY_FACTS
from legwise.links.compare import MOST_COMPARED
from legwise.links.find import (
    VIEWS,
    FindState,
    column_names,
    feature_names,
    number_names,
    sort_keys,
)
from legwise.links.params import LONGEST_TEXT
from legwise.tables.catalogue import Catalogue
from ui.choosers import ask_one, ask_several
from ui.filters import ask_conditions


def ask_search(catalogue: Catalogue) -> None:
    """Draw the search box and the chooser of conditions."""
    st.text_input(
        "Search brand, maker, model, type and notes",
        key="find.text",
        placeholder="for example: normatec, calf, shiatsu",
        max_chars=LONGEST_TEXT,
    )
    ask_conditions(catalogue, "find", "They mark devices and rank them lower; they hide nothing.")


def ask_listing(catalogue: Catalogue, state: FindState) -> None:
    """Draw the choice of order, view and columns."""
    table = catalogue.package["devices"]
    names = {BY_FACTS: "Facts stated", **{field.name: field.title for field in table.fields}}
    orders = {"": "Best documented first"}
    for key in sort_keys(catalogue):
        orders[key] = f"{names[key]}, ascending"
        orders[f"-{key}"] = f"{names[key]}, descending"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ask_one(
            "Order",
            list(orders),
            key="find.sort",
            format_func=orders.__getitem__,
            width=320,
            help="What is not stated comes last in every order.",
        )
        st.segmented_control(
            "View", VIEWS, key="find.view", format_func=str.capitalize, required=True
        )
    if state.view == "charts":
        return
    ask_several(
        "Columns",
        column_names(catalogue),
        key="find.columns",
        format_func=lambda name: table[name].title,
        placeholder="the usual ones",
    )


def turn_to_page(state: FindState, answer: Answer) -> FindState:
    """Return the state with the page shown: a link can ask for more pages than there are."""
    st.session_state["find.page"] = answer.page
    return replace(state, query=replace(state.query, page=answer.page))


def ask_page(answer: Answer) -> None:
    """Draw the page numbers of the list."""
    if answer.pages > 1:
        st.pagination(answer.pages, key="find.page")


def ask_table(
    catalogue: Catalogue, frame: pd.DataFrame, devices: Sequence[str], picks: Sequence[str]
) -> None:
    """Draw a page of the list; ticking a row adds the device to the tray."""
    # Ticks belong to these rows and picks: other rows or picks get a new table.
    key = f"find.rows.{zlib.crc32(repr((devices, sorted(picks))).encode())}"

    def ticked() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        here = [devices[row] for row in rows]
        kept = [pick for pick in picks if pick not in devices or pick in here]
        st.session_state["find.picks"] = list(dict.fromkeys([*kept, *here]))[:MOST_COMPARED]

    table = catalogue.package["devices"]
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        column_config={
            "Device": st.column_config.TextColumn(pinned=True, width="medium"),
            CAUTION_COLUMN: st.column_config.TextColumn(width="large"),
            table[table.summary].heading: st.column_config.TextColumn(width="medium"),
            "Source": st.column_config.LinkColumn(display_text="open"),
        },
        key=key,
        on_select=ticked,
        selection_mode="multi-row",
        selection_default={
            "selection": {"rows": [row for row, device in enumerate(devices) if device in picks]}
        },
        alt="Matching devices, one row per device, with the chosen columns; "
        "tick rows to compare them",
    )


def ask_picks(catalogue: Catalogue, state: FindState, devices: Sequence[str]) -> None:
    """Draw the tray of devices picked for comparison; it offers those of this page."""
    ask_several(
        f"Compare list (up to {MOST_COMPARED})",
        list(dict.fromkeys([*state.picks, *devices])),
        key="find.picks",
        format_func=catalogue.device_name,
        max_selections=MOST_COMPARED,
        placeholder="devices of this page",
    )


def ask_charts(catalogue: Catalogue) -> None:
    """Draw the choice of what the charts show."""
    table = catalogue.package["devices"]

    def title(name: str) -> str:
        return table[name].title

    with st.container(horizontal=True):
        ask_one(
            "Feature", feature_names(catalogue), key="find.feature", format_func=title, width=200
        )
        ask_one(
            "Horizontal axis", number_names(catalogue), key="find.x", format_func=title, width=200
        )
        ask_one(
            "Vertical axis", number_names(catalogue), key="find.y", format_func=title, width=200
        )
