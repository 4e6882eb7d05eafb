"""The filters of any table as widgets, and those that the device list adds.

Widgets are read before they are drawn, because the counts beside the boxes depend on the boxes.
``page`` is the first part of session keys: the page, or the page and its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st

from legwise.answers.devices import Answer, FacetIndex
from legwise.answers.query import EVIDENCE_STEPS, SYMPTOM
from legwise.facets.codes import Counts, NumberCounts, ValueCounts
from legwise.facets.filters import DateSpan, Filter
from legwise.facets.index import TableIndex
from legwise.links.filters import facet_key, value_key
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED, NOT_STATED_LABEL, Field
from legwise.text.cells import format_number, with_unit
from legwise.text.markup import plain
from ui.choosers import ask_one, ask_several
from ui.session import set_state

#: A longer facet shows its most frequent values first, below a search box.
SHORT_LIST = 12


def ask_conditions(catalogue: Catalogue, page: str, help: str | None = None) -> None:
    """Draw the choice of conditions and situations."""
    ask_several(
        "My conditions and situations",
        list(conditions(catalogue)),
        key=f"{page}.conditions",
        format_func=catalogue.choices("risk_factors").__getitem__,
        placeholder="none chosen",
        help=help,
    )


def ask_device_filters(index: FacetIndex, answer: Answer) -> None:
    """Draw every filter of the device list with its counts."""
    _ask_symptom(index, answer)
    ask_filters(
        "find",
        index,
        index.catalogue.package.groups,
        answer.counts,
        dict(answer.query.filters),
    )


def ask_filters(
    page: str,
    index: TableIndex,
    groups: Sequence[tuple[str, str]],
    counts: Mapping[str, Counts],
    active: Mapping[str, Filter],
) -> None:
    """Draw every filter of a table with its counts, under the headings of the columns' groups."""
    for group, title in (*groups, ("", "")):
        facets = [field for field in index.table.facets if field.group == group]
        if facets and title:
            st.caption(f"**{plain(title)}**")
        for field in facets:
            chosen, count = field.name in active, counts[field.name]
            with st.expander(
                f"**{plain(field.title)}**" if chosen else plain(field.title), expanded=chosen
            ):
                st.caption(plain(field.description))
                if isinstance(count, NumberCounts):
                    _ask_span(page, index, field, count)
                else:
                    _ask_choice(
                        page, field.name, field.labels, count, field.also, match_all=field.is_list
                    )


def ask_chips(
    page: str, phrases: Mapping[str, str], drop: Callable[[str], object], cleared: object
) -> None:
    """Draw filters as chips. ``drop`` returns the state without one; ``cleared`` has none."""
    if not phrases:
        return
    with st.container(horizontal=True):
        for name, phrase in phrases.items():
            st.button(
                plain(phrase),
                key=f"{page}.drop.{name}",
                icon=":material/close:",
                help="Remove this filter",
                on_click=set_state,
                args=(page, drop(name)),
            )
        st.button(
            "Clear filters",
            key=f"{page}.clear",
            type="tertiary",
            on_click=set_state,
            args=(page, cleared),
        )


def _ask_choice(
    page: str,
    name: str,
    labels: Mapping[str, str],
    counts: ValueCounts,
    also: Mapping[str, str],
    *,
    match_all: bool,
) -> None:
    """Draw one box per value; ``also`` are more words to find a value by in a long list."""
    words = {**labels, NOT_STATED: NOT_STATED_LABEL}
    shown = counts.counts
    if len(shown) > SHORT_LIST + 1:
        needle = (
            st.text_input("Search in this list", key=facet_key(page, name, "search"))
            .strip()
            .casefold()
        )
        everything = st.session_state.get(facet_key(page, name, "everything"))
        ranked = sorted(shown, key=lambda pair: (pair[0] != NOT_STATED, -pair[1]))
        shown = tuple(
            pair
            for number, pair in enumerate(ranked)
            # Chosen values stay visible, so that they can be unchecked here.
            if st.session_state.get(value_key(page, name, pair[0]))
            or (
                needle in f"{words.get(pair[0], pair[0])} {also.get(pair[0], '')}".casefold()
                and (everything or needle or number < SHORT_LIST)
            )
        )
    for value, count in shown:
        key = value_key(page, name, value)
        chosen = bool(st.session_state.get(key))
        st.checkbox(
            f"{plain(words.get(value, value))} ({count:,})",
            key=key,
            disabled=count == 0 and not chosen,
        )
    if len(counts.counts) > SHORT_LIST + 1:
        st.toggle(f"Show all {len(counts.counts)}", key=facet_key(page, name, "everything"))
    if match_all:
        st.toggle("Match all of these", key=facet_key(page, name, "all"))


def _ask_span(page: str, index: TableIndex, field: Field, counts: NumberCounts) -> None:
    if counts.low is None or counts.high is None:
        st.caption(f"None of these rows states it; {counts.not_stated:,} {NOT_STATED_LABEL}.")
    else:
        low, high = (_end_text(field, end) for end in (counts.low, counts.high))
        st.caption(
            plain(f"Stated by {counts.stated:,}: {with_unit(f'{low} to {high}', field.unit)}")
        )
    if field.type != "date":
        _ask_slider(page, index, field)
    step = 1 if field.type == "integer" else None
    low_key, high_key = facet_key(page, field.name, "low"), facet_key(page, field.name, "high")
    with st.container(horizontal=True):
        for words, key in (("From", low_key), ("To", high_key)):
            label = f"{words} ({field.unit})" if field.unit else words
            if field.type == "date":
                st.date_input(
                    label,
                    value=None,
                    min_value=DateSpan.FIRST,
                    max_value=DateSpan.LAST,
                    key=key,
                    format="YYYY-MM-DD",
                    width=190,
                )
            else:
                st.number_input(label, key=key, value=None, step=step, placeholder="any", width=110)
    low, high = st.session_state[low_key], st.session_state[high_key]
    if low is not None and high is not None and low > high:
        st.error("The lower bound is above the upper bound, so this filter is not applied.")
    st.checkbox(
        f"Include {NOT_STATED_LABEL} ({counts.not_stated:,})",
        key=facet_key(page, field.name, NOT_STATED),
    )


def _end_text(field: Field, end: float) -> str:
    """Write the lowest or highest value of a column."""
    if field.type == "date":
        return f"{date.fromordinal(int(end)):%Y-%m-%d}"
    return f"{end:.10g}" if field.plain else format_number(end)


def _ask_slider(page: str, index: TableIndex, field: Field) -> None:
    """Draw a slider over all stated values; only the typed bounds beside it are read."""
    totals = index.totals(field.name)
    assert isinstance(totals, NumberCounts)
    if totals.low is None or totals.high is None or totals.low == totals.high:
        return
    number = int if field.type == "integer" else float
    least, most = number(totals.low), number(totals.high)
    key = facet_key(page, field.name, "slider")
    low, high = (st.session_state.get(facet_key(page, field.name, end)) for end in ("low", "high"))
    ends = [
        least if low is None else min(max(low, least), most),
        most if high is None else min(max(high, least), most),
    ]
    st.session_state[key] = (number(min(ends)), number(max(ends)))

    def slid() -> None:
        start, end = st.session_state[key]
        st.session_state[facet_key(page, field.name, "low")] = None if start == least else start
        st.session_state[facet_key(page, field.name, "high")] = None if end == most else end

    st.slider(
        f"{field.title}, from and to",
        least,
        most,
        key=key,
        on_change=slid,
        format="%g",
        label_visibility="collapsed",
    )


def _ask_symptom(index: FacetIndex, answer: Answer) -> None:
    catalogue = index.catalogue
    counts = answer.counts[SYMPTOM]
    assert isinstance(counts, ValueCounts)
    active = answer.query.filter(SYMPTOM) is not None
    with st.expander("**Targets a symptom**" if active else "Targets a symptom", expanded=active):
        st.caption(
            "Through its type: studies are about types of device, not about single products."
        )
        _ask_choice("find", SYMPTOM, catalogue.names("symptoms"), counts, {}, match_all=True)
        ask_one(
            "How well studied",
            list(EVIDENCE_STEPS),
            key="find.evidence",
            format_func=EVIDENCE_STEPS.__getitem__,
        )
        labels = catalogue.package["evidence"]["direction"].labels
        ask_several(
            "Findings point to",
            list(labels),
            key="find.directions",
            format_func=labels.__getitem__,
            placeholder="any direction",
        )
