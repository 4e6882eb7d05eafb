"""The filters of the device list as widgets: seed them from a query, read the query back, draw them.

Reading comes before drawing, because the counts beside the boxes are the answer to what the boxes say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from legwise.catalogue import Catalogue
from legwise.columns import NumberCounts, ValueCounts
from legwise.display import DEFAULT_COLUMNS, format_number
from legwise.facets import Answer, FacetIndex
from legwise.query import BY_FACTS, EVIDENCE_STEPS, SYMPTOM, Choice, DeviceQuery, Filter, Span
from legwise.safety import conditions
from legwise.schema import NOT_STATED, NOT_STATED_LABEL, Field
from legwise.urlreader import LONGEST_TEXT
from legwise.urlstate import MOST_COMPARED, VIEWS, FindState, column_names, sort_keys
from ui.show import plain

#: A longer facet shows its most frequent values first, with a search box above them.
SHORT_LIST = 12


def facet_key(name: str, part: str) -> str:
    """Session key of one widget of a facet."""
    return f"find.{name}.{part}"


def seed_find(index: FacetIndex, state: FindState) -> None:
    """Set every widget of the find page."""
    _seed_filters(index, state.query)
    st.session_state["find.q"] = state.query.text
    st.session_state["find.conditions"] = list(state.query.conditions)
    st.session_state["find.sort"] = ("-" if state.query.descending else "") + state.query.sort
    _turn_to(state.query.page)
    st.session_state["find.picks"] = list(state.picks)
    st.session_state["find.view"] = state.view
    st.session_state["find.columns"] = list(state.columns or DEFAULT_COLUMNS)


def ask_search(labels: Mapping[str, str]) -> None:
    """Draw the search box and the chooser of conditions."""
    st.text_input(
        "Search brand, model, type and notes",
        key="find.q",
        placeholder="for example: normatec, calf, shiatsu",
        max_chars=LONGEST_TEXT,
    )
    st.multiselect(
        "My conditions",
        list(labels),
        key="find.conditions",
        format_func=labels.__getitem__,
        placeholder="none chosen",
        help="They mark devices and sort them down; they hide nothing.",
    )


def read_find(index: FacetIndex, before: FindState) -> FindState:
    """Return the state that all widgets say; a new question starts on its first page."""
    catalogue = index.catalogue
    sort = st.session_state.get("find.sort") or ""
    query = replace(
        read_filters(index, DeviceQuery()),
        text=" ".join(st.session_state["find.q"].split()),
        conditions=tuple(key for key in conditions(catalogue) if key in st.session_state["find.conditions"]),
        sort=sort.lstrip("-"),
        descending=sort.startswith("-"),
    )
    if replace(before.query, page=1) != query:
        _turn_to(1)
    columns = tuple(st.session_state.get("find.columns") or ())
    return FindState(
        query=replace(query, page=st.session_state.get(_page_key()) or st.session_state["find.start"]),
        picks=tuple(st.session_state.get("find.picks", before.picks)),
        view=st.session_state.get("find.view") or before.view,
        columns=() if columns == DEFAULT_COLUMNS else columns,
    )


def ask_listing(catalogue: Catalogue) -> None:
    """Draw the choice of order, view and columns."""
    table = catalogue.package["devices"]
    names = {BY_FACTS: "Facts stated", **{field.name: field.title for field in table.fields}}
    orders = {"": "Most facts stated first"}
    for key in sort_keys(catalogue):
        orders[key] = f"{names[key]}, ascending"
        orders[f"-{key}"] = f"{names[key]}, descending"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Order",
            list(orders),
            key="find.sort",
            format_func=orders.__getitem__,
            width=320,
            help="What is not stated comes last in every order.",
        )
        st.segmented_control("View", VIEWS, key="find.view", format_func=str.capitalize, required=True)
    st.multiselect(
        "Columns",
        column_names(catalogue),
        key="find.columns",
        format_func=lambda name: table[name].title,
        placeholder="the usual ones",
    )


def ask_page(answer: Answer) -> None:
    """Draw the pages of the list."""
    if answer.pages > 1:
        st.pagination(answer.pages, default=answer.page, key=_page_key())


def _turn_to(page: int) -> None:
    """Start a new pager on that page: the page of one question means nothing for the next."""
    st.session_state["find.turn"] = st.session_state.get("find.turn", 0) + 1
    st.session_state["find.start"] = page


def _page_key() -> str:
    return f"find.page.{st.session_state['find.turn']}"


def ask_picks(catalogue: Catalogue, state: FindState, devices: Sequence[str]) -> None:
    """Draw the tray: devices picked for comparison, this page's on offer."""
    st.multiselect(
        f"Pick two to {MOST_COMPARED} devices of this page",
        list(dict.fromkeys([*state.picks, *devices])),
        key="find.picks",
        format_func=catalogue.device_name,
        max_selections=MOST_COMPARED,
        placeholder="choose devices",
    )


def _seed_filters(index: FacetIndex, query: DeviceQuery) -> None:
    """Set the widgets of every facet to what the query says."""
    for field in index.catalogue.package["devices"].facets:
        item = query.filter(field.name)
        if field.filter == "range":
            span = item if isinstance(item, Span) else Span()
            st.session_state[facet_key(field.name, "low")] = span.low
            st.session_state[facet_key(field.name, "high")] = span.high
            st.session_state[facet_key(field.name, NOT_STATED)] = span.not_stated
        else:
            _seed_choice(field.name, index.values(field.name), item)
    _seed_choice(SYMPTOM, index.values(SYMPTOM), query.filter(SYMPTOM))
    st.session_state["find.evidence"] = query.evidence
    st.session_state["find.directions"] = list(query.directions)


def _seed_choice(name: str, values: Sequence[str], item: Filter | None) -> None:
    chosen = item if isinstance(item, Choice) else Choice(())
    for value in values:
        st.session_state[facet_key(name, value)] = value in chosen.values
    st.session_state[facet_key(name, "all")] = chosen.match_all


def read_filters(index: FacetIndex, query: DeviceQuery) -> DeviceQuery:
    """Return ``query`` with the filters that the widgets say."""
    filters: list[tuple[str, Filter]] = []
    for field in index.catalogue.package["devices"].facets:
        item = _read_span(field.name) if field.filter == "range" else _read_choice(index, field.name)
        if item is not None:
            filters.append((field.name, item))
    symptom = _read_choice(index, SYMPTOM)
    return replace(
        query,
        filters=(*filters, *([(SYMPTOM, symptom)] if symptom else [])),
        evidence=st.session_state.get("find.evidence") or "claimed",
        directions=tuple(
            value
            for value in index.catalogue.package["evidence"]["direction"].labels
            if value in st.session_state.get("find.directions", ())
        ),
    )


def _read_choice(index: FacetIndex, name: str) -> Choice | None:
    values = tuple(value for value in index.values(name) if st.session_state.get(facet_key(name, value)))
    return Choice(values, bool(st.session_state.get(facet_key(name, "all")))) if values else None


def _read_span(name: str) -> Span | None:
    low, high = (st.session_state.get(facet_key(name, end)) for end in ("low", "high"))
    if low is not None and high is not None and low > high:
        return None
    span = Span(low, high, bool(st.session_state.get(facet_key(name, NOT_STATED))))
    return None if span == Span() else span


def ask_filters(index: FacetIndex, answer: Answer) -> None:
    """Draw every filter with its counts, under the headings of the columns' groups."""
    catalogue = index.catalogue
    _ask_symptom(index, answer)
    for group, title in catalogue.package.groups:
        facets = [field for field in catalogue.package["devices"].facets if field.group == group]
        if facets:
            st.caption(f"**{plain(title)}**")
        for field in facets:
            counts = answer.counts[field.name]
            active = answer.query.filter(field.name) is not None
            with st.expander(f"**{plain(field.title)}**" if active else plain(field.title), expanded=active):
                st.caption(plain(field.description))
                if isinstance(counts, NumberCounts):
                    _ask_span(field, counts)
                else:
                    _ask_choice(field.name, catalogue.labels(field), counts, match_all=field.is_list)


def _ask_choice(name: str, labels: Mapping[str, str], counts: ValueCounts, *, match_all: bool) -> None:
    words = {**labels, NOT_STATED: NOT_STATED_LABEL}
    shown = counts.counts
    if len(shown) > SHORT_LIST + 1:
        needle = st.text_input("Search in this list", key=facet_key(name, "search")).strip().casefold()
        everything = st.session_state.get(facet_key(name, "everything"))
        ranked = sorted(shown, key=lambda pair: (pair[0] != NOT_STATED, -pair[1]))
        shown = tuple(
            pair
            for place, pair in enumerate(ranked)
            # What is chosen stays in sight, or it could not be taken off here.
            if st.session_state.get(facet_key(name, pair[0]))
            or (needle in words.get(pair[0], pair[0]).casefold() and (everything or needle or place < SHORT_LIST))
        )
    for value, count in shown:
        key = facet_key(name, value)
        chosen = bool(st.session_state.get(key))
        st.checkbox(f"{plain(words.get(value, value))} ({count:,})", key=key, disabled=count == 0 and not chosen)
    if len(counts.counts) > SHORT_LIST + 1:
        st.toggle(f"Show all {len(counts.counts)}", key=facet_key(name, "everything"))
    if match_all:
        st.toggle("Must have all of the chosen", key=facet_key(name, "all"))


def _ask_span(field: Field, counts: NumberCounts) -> None:
    if counts.low is None or counts.high is None:
        st.caption(f"None of these devices states it; {counts.not_stated:,} {NOT_STATED_LABEL}.")
    else:
        span = f"{format_number(counts.low)} to {format_number(counts.high)} {field.unit}"
        st.caption(plain(f"Stated by {counts.stated:,}: {span}"))
    step = 1 if field.type == "integer" else None
    low_key, high_key = facet_key(field.name, "low"), facet_key(field.name, "high")
    with st.container(horizontal=True):
        st.number_input(f"From ({field.unit})", key=low_key, value=None, step=step, placeholder="any", width=120)
        st.number_input(f"To ({field.unit})", key=high_key, value=None, step=step, placeholder="any", width=120)
    low, high = st.session_state[low_key], st.session_state[high_key]
    if low is not None and high is not None and low > high:
        st.error("The lower bound is above the upper bound, so this filter is not applied.")
    st.checkbox(f"Include {NOT_STATED_LABEL} ({counts.not_stated:,})", key=facet_key(field.name, NOT_STATED))


def _ask_symptom(index: FacetIndex, answer: Answer) -> None:
    catalogue = index.catalogue
    counts = answer.counts[SYMPTOM]
    assert isinstance(counts, ValueCounts)
    active = answer.query.filter(SYMPTOM) is not None
    with st.expander("**Targets a symptom**" if active else "Targets a symptom", expanded=active):
        st.caption("Through its type: studies are about types of device, not about single products.")
        _ask_choice(SYMPTOM, catalogue.names("symptoms"), counts, match_all=True)
        st.selectbox("How well studied", list(EVIDENCE_STEPS), key="find.evidence", format_func=EVIDENCE_STEPS.__getitem__)
        labels = catalogue.package["evidence"]["direction"].labels
        st.multiselect(
            "Findings point to", list(labels), key="find.directions", format_func=labels.__getitem__, placeholder="any direction"
        )
