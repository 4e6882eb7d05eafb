"""The form and the answer of the match page."""

from __future__ import annotations

import streamlit as st

from legwise.answers.devices import marked_name
from legwise.links.compare import MOST_COMPARED
from legwise.links.find import feature_names
from legwise.rules.cautions import caution_mark
from legwise.rules.shortlist import BY, Match, Wish
from legwise.tables.catalogue import Catalogue
from legwise.tables.stated import is_stated
from legwise.text.markup import plain
from ui.choosers import ask_one, ask_several
from ui.draw import show_cautions
from ui.filters import ask_conditions
from ui.page import link


def ask_signs() -> None:
    """Draw the question that comes before any ranking."""
    answers = {"none": "No, none of these", "some": "Yes, at least one"}
    st.radio(
        "Do you have one of these signs now?",
        list(answers),
        index=None,
        key="match.signs",
        format_func=answers.__getitem__,
        horizontal=True,
    )


def ask_wish(catalogue: Catalogue) -> None:
    """Draw the form."""
    labels, table = catalogue.choices("symptoms"), catalogue.package["devices"]
    ask_several(
        "My symptoms",
        list(labels),
        key="match.symptoms",
        format_func=labels.__getitem__,
        placeholder="choose one or more",
    )
    ask_conditions(catalogue, "match")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ask_several(
            "Needed features",
            feature_names(catalogue),
            key="match.features",
            format_func=lambda name: table[name].title,
            placeholder="none",
            width=300,
        )
        st.number_input(
            "Budget (USD)",
            min_value=1,
            max_value=99_999_999,
            value=None,
            step=1,
            key="match.budget",
            placeholder="any",
            width=170,
        )
        ask_one("How", list(BY), key="match.by", format_func=BY.__getitem__, width=240)


def show_match(catalogue: Catalogue, rank: int, match: Match, wish: Wish) -> None:
    """Draw one type and its rank: reasons, cautions, what is not known, products."""
    mark = "× " if match.contraindicated else ""
    with st.container(border=True):
        st.markdown(f"**{mark}{rank}. {plain(match.name)}**")
        if match.contraindicated:
            st.markdown("Contraindicated for what you stated; we show it so that you can see why.")
        for heading, lines in (("Why it is here", match.reasons), ("Not known", match.unknown)):
            if lines:
                st.markdown(f"*{heading}*\n" + "\n".join(f"- {plain(line)}" for line in lines))
        # The first lines are the cautions, drawn below with their sources.
        against = match.against[len(match.cautions) :]
        if match.cautions or against:
            st.markdown("*Reasons for caution*")
            if match.cautions:
                show_cautions(catalogue, match.cautions)
            for line in against:
                st.markdown(f"- {plain(line)}")
        # Products of a contraindicated type are not a shortlist.
        if not match.contraindicated:
            _show_products(catalogue, match, wish)


def _show_products(catalogue: Catalogue, match: Match, wish: Wish, most: int = 5) -> None:
    """Draw products that meet the needs, leave one open, or are themselves contraindicated."""
    needs = bool(wish.features) or wish.budget is not None
    heading = (
        "Products that state all you need"
        if needs
        else "Products of this type, not checked for you"
    )
    summary = catalogue.package["devices"].summary
    summaries = {key: catalogue.row("devices", key)[summary] for key in match.meets[:most]}
    missing = {
        key: f"{', '.join(titles).lower()} not stated" for key, titles in match.ask_seller[:most]
    }
    marks = {key: caution_mark(catalogue, key, wish.conditions) for key in match.barred[:most]}
    for words, products, texts in (
        (heading, match.meets, summaries),
        ("Ask the seller", match.ask_seller, missing),
        ("Left out, contraindicated for what you stated", match.barred, marks),
    ):
        lines = [
            f"{marked_name(catalogue, key)}{f': {text}' if is_stated(text) else ''}"
            for key, text in texts.items()
        ]
        if len(products) > most:
            lines.append(f"and {len(products) - most} more")
        if lines:
            st.markdown(f"*{words}*\n" + "\n".join(f"- {plain(line)}" for line in lines))
    if len(match.meets) > 1:
        params = {"device": list(match.meets[:MOST_COMPARED]), "condition": list(wish.conditions)}
        link("compare", f"Compare {len(params['device'])} of them", params)
