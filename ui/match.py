"""The form and the answer of the match page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from legwise.answers.devices import device_notices
from legwise.answers.overview import shared_cautions, type_lines, wish_words
from legwise.links.compare import MOST_COMPARED
from legwise.links.find import feature_names
from legwise.links.match import MATCH, MatchState, area_names
from legwise.rules.cautions import Caution, Contraindication, caution_mark
from legwise.rules.shortlist import BY, CONTRAINDICATED, RULE, Match, Wish, shortfall
from legwise.rules.verdicts import plain_sentence
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from legwise.tables.subjects import UNKNOWN_TYPE
from legwise.text.cells import format_device_cell
from legwise.text.markup import plain
from ui.choosers import ask_one, ask_several
from ui.draw import show_acceptances, show_cautions, show_sign_lines, show_signs
from ui.drawings import picture
from ui.filters import ask_conditions
from ui.fold import Fold, fold, folds
from ui.html_tables import draw_template
from ui.leg import ask_leg, keep_areas
from ui.page import address, link

FORM = "match.form_open"
SIGNS_QUESTION = "Do you have one of these signs now?"
IN_PART = (
    "× Contraindicated in part: brackets say for whom, where or with what. No product put forward"
)
OUTRIGHT = "× Contraindicated for what you stated: shown with the reason, no product put forward"
ANSWERS = {"none": "No, none of these", "some": "Yes, at least one"}


def ask_signs(catalogue: Catalogue, answer: str) -> None:
    """Draw the question that comes before any ranking; once answered with no, it is short."""
    number = len(catalogue.records("red_flags"))
    if answer != "none":
        st.markdown(f"**{SIGNS_QUESTION}**")
        show_sign_lines(catalogue)
    st.radio(
        SIGNS_QUESTION,
        list(ANSWERS),
        index=None,
        key="match.signs",
        format_func=ANSWERS.__getitem__,
        horizontal=True,
        label_visibility="visible" if answer == "none" else "collapsed",
    )
    if answer == "some":
        st.error(
            "Do not use a device or massage now. Follow the advice next to that sign now. "
            "The shortlist comes back when you answer that you have none of these signs.",
            icon=":material/emergency:",
        )
    fold(
        f"All {number} urgent signs, with what to do and sources",
        "match.signs",
        partial(show_signs, catalogue),
        icon=":material/emergency:",
    )


def ask_wish(catalogue: Catalogue, state: MatchState) -> None:
    """Draw the form; once it was answered, one line says the wish, and opens the form."""
    answered = _is_answered(state)
    # An answer does not fold the form under the reader's finger: a link with an answer comes
    # folded, and so does the button below the form.
    if st.session_state.setdefault(FORM, not answered) or not answered:
        with st.container(border=True):
            _ask_wish(catalogue, state)
            if answered:
                st.button(
                    "Fold the form, show my shortlist",
                    key="match.fold",
                    on_click=_open_form,
                    args=(False,),
                )
    else:
        words = plain(wish_words(catalogue, state.wish))
        st.button(
            f"**{words}** (change)",
            key="match.change",
            icon=":material/tune:",
            on_click=_open_form,
            args=(True,),
        )


def _is_answered(state: MatchState) -> bool:
    return bool(state.wish.symptoms) and state.signs == "none"


def _open_form(is_open: bool) -> None:
    st.session_state[FORM] = is_open


def _ask_wish(catalogue: Catalogue, state: MatchState) -> None:
    labels, table = catalogue.choices("symptoms"), catalogue.package["devices"]
    form, leg = st.columns([3, 2], gap="medium")
    with form:
        ask_several(
            "My symptoms",
            list(labels),
            key="match.symptoms",
            format_func=labels.__getitem__,
            placeholder="choose one or more, such as swollen legs",
        )
        ask_conditions(catalogue, "match")
        ask_several(
            "Needed features",
            feature_names(catalogue),
            key="match.features",
            format_func=lambda name: table[name].title,
            placeholder="none",
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(
                f"Budget ({catalogue.package['devices'].price.unit})",
                min_value=1,
                max_value=99_999_999,
                value=None,
                step=1,
                key="match.budget",
                placeholder="any",
                width=150,
            )
            ask_one("How", list(BY), key="match.by", format_func=BY.__getitem__, width=240)
    with leg:
        areas = area_names(catalogue)
        ask_several(
            "Where on the body",
            list(areas),
            key="match.areas",
            format_func=areas.__getitem__,
            placeholder="anywhere: choose here or on the leg",
        )
        ask_leg(areas, state.wish.areas, "match.leg", partial(keep_areas, MATCH.key("areas")))


def show_overview(catalogue: Catalogue, wish: Wish, matches: Sequence[Match]) -> None:
    """Draw the shortlist at a glance: one line per type; contraindicated ones are last."""
    missing = shortfall(catalogue, wish, matches)
    if missing:
        st.markdown(plain(" ".join(missing)))
    lines = type_lines(catalogue, wish, matches)
    barred = [line for line in lines if line.contraindicated]
    groups = [
        (heading, group)
        for heading, group in (
            ("", [line for line in lines if not line.contraindicated]),
            (IN_PART, [line for line in barred if not line.outright]),
            (OUTRIGHT, [line for line in barred if line.outright]),
        )
        if group
    ]
    conditions = list(wish.conditions)
    draw_template(
        "shortlist.html.j2",
        cautions=bool(conditions),
        groups=groups,
        picture=picture,
        address=lambda key: address("type", {"id": [key], "condition": conditions}),
    )
    if UNKNOWN_TYPE in catalogue.keys("device_types"):
        st.caption(
            "Products of a type that is not listed here have no rank: nothing is known of such a "
            "type, neither what it does nor whom it may harm."
        )


def show_reasons(catalogue: Catalogue, wish: Wish, matches: Sequence[Match]) -> None:
    """Draw the reasons of every type, folded; what is said of several types is said once."""
    st.subheader("Why, one by one", anchor=False)
    shared = shared_cautions(matches)
    line = partial(Fold, compact=True)
    parts = []
    if shared:
        names = (
            catalogue.subject_label(caution.subject_kind, caution.subject) for caution in shared
        )
        through = ", ".join(dict.fromkeys(map(within_sentence, names)))
        label = f"For all products with {plain(through)}"
        parts.append(line(label, "match.shared", partial(show_cautions, catalogue, shared)))
    for rank, match in enumerate(matches, 1):
        mark = "× " if match.contraindicated else ""
        draw = partial(_show_match, catalogue, match, wish, shared)
        label = f"{mark}{rank}. {plain(match.name)}"
        parts.append(line(label, f"match.{match.device_type}", draw))
    parts.append(line("How we ranked these", "match.rule", _show_rule))
    with st.container(key="legwise-why"):
        folds(parts, gap="xxsmall")


def _show_rule() -> None:
    st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(RULE, 1)))
    st.caption("No weights, no scores, no paid places. A caution never hides a type.")


def _show_match(catalogue: Catalogue, match: Match, wish: Wish, shared: Sequence[Caution]) -> None:
    """Draw the reasons of one type, cautions, what is not known, and its products."""
    if match.contraindication is Contraindication.OUTRIGHT:
        st.markdown("Contraindicated for what you stated; we show it so that you can see why.")
    elif match.contraindicated:
        st.markdown(
            "Contraindicated in part: sources bar it only in the cases, places or ways of use in "
            "the brackets below. Ask a clinician whether they are yours."
        )
    symptoms = catalogue.names("symptoms")
    reasons = [
        plain_sentence(verdict, match.name, symptoms[verdict.symptom]) for verdict in match.verdicts
    ]
    _show_lines("Why it is here", reasons)
    # The first lines are the cautions, drawn with their sources.
    against = match.against[len(match.cautions) :]
    cautions = [caution for caution in match.cautions if caution not in shared]
    above = list(dict.fromkeys(caution.label for caution in match.cautions if caution in shared))
    if match.cautions or against:
        st.markdown("*Reasons for caution*")
        if cautions:
            show_cautions(catalogue, cautions)
        for line in (*(f"{label}: see above" for label in above), *against):
            st.markdown(f"- {plain(line)}")
    show_acceptances(catalogue, match.device_type, wish.conditions)
    _show_lines("Not known", match.unknown)
    # Products of a contraindicated type are not a shortlist.
    if not match.contraindicated:
        _show_products(catalogue, match, wish)


def _show_lines(heading: str, lines: Sequence[str]) -> None:
    if lines:
        st.markdown(f"*{heading}*\n" + "\n".join(f"- {plain(line)}" for line in lines))


def _show_products(catalogue: Catalogue, match: Match, wish: Wish, most: int = 8) -> None:
    """Draw products that meet the needs, leave one open, or are themselves contraindicated."""
    table = catalogue.package["devices"]
    heading = (
        "Products that state all you need"
        if wish.needs_products
        else "Products of this type, not checked for you"
    )
    missing = dict(match.ask_seller[:most])
    meets, barred = match.meets[:most], match.barred[:most]
    groups = []
    for words, keys, number in (
        (heading, meets, len(match.meets)),
        ("Ask the seller", list(missing), len(match.ask_seller)),
        (
            f"Left out, {CONTRAINDICATED}",
            barred,
            len(match.barred),
        ),
    ):
        shown = []
        for key in keys:
            row = catalogue.row("devices", key)
            told = [
                caution_mark(catalogue, key, wish.conditions) if keys is barred else "",
                f"{', '.join(map(within_sentence, missing[key]))} not stated"
                if key in missing
                else "",
                row[table.summary] if is_stated(row[table.summary]) and keys is meets else "",
                format_device_cell(table.price, row) if is_stated(row[table.price.name]) else "",
            ]
            shown.append(
                {
                    "name": catalogue.device_name(key),
                    "address": _device_address(key, wish),
                    "notices": device_notices(catalogue, key),
                    "text": " · ".join(filter(None, told)),
                }
            )
        if shown:
            groups.append((words, shown, number - len(shown)))
    if groups:
        draw_template("products.html.j2", groups=groups)
    if len(match.meets) > 1:
        params = {"device": list(match.meets[:MOST_COMPARED]), "condition": list(wish.conditions)}
        link("compare", f"Compare {len(params['device'])} of them", params)


def _device_address(key: str, wish: Wish) -> str:
    params: dict[str, Any] = {"id": [key], "condition": list(wish.conditions)}
    return address("device", params)
