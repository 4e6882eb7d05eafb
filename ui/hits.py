"""What a search finds, as links: on the home page, and where a list has no such device."""

from __future__ import annotations

import streamlit as st

from legwise.answers.search import Findings, Hits, search, search_or_nearest
from legwise.tables.catalogue import Catalogue
from legwise.text.markup import plain
from ui.html_tables import draw_template
from ui.page import address
from ui.steps import as_far_as_it_goes


def show_hits(catalogue: Catalogue, text: str) -> None:
    """Draw what a text finds, in groups of links."""
    hits, near = None, False
    with as_far_as_it_goes("Devices of that name"):
        hits, near = search_or_nearest(catalogue, text)
    # Where devices could not be asked for, nobody knows that nothing matches.
    hits = hits or search(catalogue, text, devices=False)
    if near and not hits.total:
        st.markdown(f"Nothing matches “{plain(text)}”. Try fewer letters, or another word.")
        return
    if near:
        st.markdown(f"Nothing matches “{plain(text)}” word for word. This comes nearest:")
    _draw(hits, text)


def show_other_hits(catalogue: Catalogue, text: str) -> None:
    """Draw the types, symptoms and conditions that a text finds, if there are any."""
    hits, near = search_or_nearest(catalogue, text, devices=False)
    if hits.total:
        where = "What comes nearest among" if near else f"“{plain(text)}” among"
        st.markdown(f"**{where} types, symptoms and conditions**")
        _draw(hits, text)


def _draw(hits: Findings, text: str) -> None:
    kinds = (
        ("Types of device", hits.types, "type", "id"),
        ("Symptoms", hits.symptoms, "symptoms", "symptom"),
        ("Conditions", hits.conditions, "risks", "condition"),
        ("Devices", hits.devices, "device", "id"),
    )
    draw_template(
        "hits.html.j2",
        groups=[
            (
                heading,
                [(name, address(page, {param: [key]})) for key, name in its.names.items()],
                _more(its, address("find", {"q": [text]}) if page == "device" else ""),
            )
            for heading, its, page, param in kinds
            if its.total
        ],
    )


def _more(hits: Hits, all_of_them: str) -> dict[str, str] | None:
    if hits.total == len(hits.names):
        return None
    text = f"All {hits.total:,} …" if all_of_them else f"and {hits.total - len(hits.names):,} more"
    return {"text": text, "address": all_of_them}
