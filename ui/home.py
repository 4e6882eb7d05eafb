"""Home: the search, the leg, three ways in, the evidence at a glance."""

from __future__ import annotations

from functools import partial

import streamlit as st

from legwise.charts.evidence import MARKS_IN_WORDS
from legwise.links.home import HOME
from legwise.links.match import area_names
from legwise.rules.shortlist import AREAS
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import within_sentence
from legwise.tables.subjects import UNKNOWN_TYPE
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.cache import Loaded
from ui.choosers import ask_several
from ui.html_tables import Line, line_list, map_table
from ui.leg import ask_leg, keep_areas
from ui.page import address, link


def ask_search() -> None:
    """Draw the search box."""
    st.text_input(
        "Search devices, types, symptoms and conditions",
        key=HOME.key("text"),
        placeholder="boots, swollen legs, diabetes …",
        icon=":material/search:",
        max_chars=100,
    )


def show_ways(catalogue: Catalogue) -> None:
    """Draw the three ways in, as cards of one height, with examples that the tables have."""
    heated = {"heat": ["yes"], "remote_control": ["yes"]}
    usual = ["air_compression", "compression_stockings", "self_massage"]
    has_usual = all(key in catalogue.keys("device_types") for key in usual)
    with st.container(key="legwise-ways", gap="small"):
        _show_way(
            "find",
            "Find devices",
            "Filter by heat, remote control, price, technique, body area.",
            ("With heat and remote control", heated),
        )
        _show_way(
            "match",
            "Help me choose",
            "State symptoms and conditions; see which types fit, and why.",
        )
        _show_way(
            "compare",
            "Compare",
            "Two to five devices or types, side by side.",
            ("Boots, stockings, by hand", {"type": usual}) if has_usual else None,
        )


def _show_way(
    page: str, title: str, about: str, example: tuple[str, dict[str, list[str]]] | None = None
) -> None:
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, gap="small"):
            link(page, title)
            if example:
                with st.container(key=f"legwise-wide-{page}", width="content"):
                    link(page, *example)
        st.caption(about)


def ask_areas(catalogue: Catalogue, chosen: tuple[str, ...]) -> None:
    """Draw the question where it bothers: a leg to point at, and a list that does the same."""
    areas = area_names(catalogue)
    key = HOME.key("areas")
    ask_several(
        "Where does it bother you?",
        list(areas),
        key=key,
        format_func=areas.__getitem__,
        placeholder="choose here or on the leg",
    )
    if chosen:
        where = " and ".join(within_sentence(areas[area]) for area in chosen)
        link("match", f"Help me choose for {where}", {"area": list(chosen)})
        every = {"all": [AREAS]} if len(chosen) > 1 else {}
        link("find", f"Devices for {where}", {AREAS: list(chosen), **every})
    ask_leg(areas, chosen, "app.leg", partial(keep_areas, key))


def show_evidence(loaded: Loaded) -> None:
    """Draw the evidence at a glance: the map, on a phone a list of symptoms."""
    catalogue, heading = loaded.catalogue, "Devices and symptoms at a glance"
    st.header(heading, anchor=False)
    with st.container(key="legwise-wide-home-map"):
        st.caption(MARKS_IN_WORDS)
        table = loaded.keep(
            "home.map",
            lambda: map_table(
                catalogue,
                heading,
                kinds=("device_type",),
                row_link=lambda _, key: address("type", {"id": [key]}),
                symptom_link=lambda key: address("symptoms", {"symptom": [key]}),
            ),
        )
        st.html(table)
        link("symptoms", "Open the evidence map")
    with st.container(key="legwise-narrow-home-symptoms"):
        names = catalogue.names("symptoms").items()
        lines = [Line(name, address("symptoms", {"symptom": [key]})) for key, name in names]
        st.html(line_list(heading, lines))


def show_figures(catalogue: Catalogue) -> None:
    """Draw how much there is, in one line."""
    number = {table.name: catalogue.size(table.name) for table in catalogue.package.tables}
    # That a product is of no type listed here is no type.
    types = number["device_types"] - (UNKNOWN_TYPE in catalogue.keys("device_types"))
    parts = (
        f"{counted(number['devices'], 'device')} of {counted(types, 'type')}",
        counted(number["evidence"], "finding"),
        counted(number["cautions"], "caution"),
        counted(number["risk_factors"], "risk factor"),
        counted(number["sources"], "source"),
        f"data of {catalogue.package.created[:10]}",
    )
    st.caption(plain(" · ".join(parts)))
