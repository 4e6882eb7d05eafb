"""The filters of any table as widgets, and those that the device list adds.

Widgets are read before they are drawn, because the counts beside the boxes depend on the boxes.
``page`` is the first part of session keys: the page, or the page and its table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Literal

import streamlit as st

from legwise.answers.devices import Answer, DeviceIndex, families
from legwise.answers.query import EVIDENCE_STEPS, SYMPTOM
from legwise.facets.bands import Band
from legwise.facets.codes import Counts, NumberCounts, ValueCounts
from legwise.facets.filters import DateSpan, Filter
from legwise.facets.index import Index
from legwise.links.filters import facet_key, value_key
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED, NOT_STATED_LABEL, Field
from legwise.text.cells import format_number, with_unit
from legwise.text.markup import plain
from ui.choosers import ask_one, ask_several
from ui.fold import as_closed, fold_key
from ui.session import set_state

#: A longer facet shows its most frequent values first, below a search box.
SHORT_LIST = 12
#: Filters that a closed group names.
MOST_NAMED = 12


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


def menu(key: str, label: str, draw: Callable[[], object], active: bool) -> None:
    """Offer what ``draw`` draws in a menu below a button; a closed menu draws nothing."""
    label, active = as_closed(key, (label, active))
    kind: Literal["primary", "secondary"] = "primary" if active else "secondary"
    part = st.popover(label, type=kind, key=key, on_change="rerun")
    if part.open:
        with part:
            draw()


def ask_filters(
    page: str,
    index: Index,
    groups: Sequence[tuple[str, str]],
    counts: Mapping[str, Counts],
    active: Mapping[str, Filter],
    left_out: Collection[str] = (),
    *,
    folded: bool = False,
) -> None:
    """Draw the filters of a table with their counts, under the headings of the columns' groups.

    Each is a fold that draws its boxes when it is open. ``folded`` groups are folds, too.
    """
    for group, heading in (*groups, ("", "")):
        facets = [
            field
            for field in index.table.facets
            if field.group == group and field.name not in left_out
        ]
        if not facets:
            continue
        draw = partial(_ask_each, page, index, facets, counts, active)
        if not heading:
            draw()
        elif folded:
            label = f"**{plain(heading)}**  \n:small[{_titles(facets, active)}]"
            _part(f"{page}.group.{group}", label, draw)
        else:
            st.caption(f"**{plain(heading)}**")
            draw()


def _ask_each(
    page: str,
    index: Index,
    facets: Sequence[Field],
    counts: Mapping[str, Counts],
    active: Mapping[str, Filter],
) -> None:
    for field in facets:
        draw = partial(ask_facet, page, index, field, counts)
        _part(f"{page}.{field.name}", _filter_title(field, active), draw)


def _titles(facets: Sequence[Field], active: Mapping[str, Filter]) -> str:
    """Name the filters of a group in their order: all of a few, of many those in use and others."""
    in_use = [field.name for field in facets if field.name in active]
    others = [field.name for field in facets if field.name not in active]
    named = {*in_use, *others[: max(MOST_NAMED - len(in_use), 0)]}
    titles = [_filter_title(field, active) for field in facets if field.name in named]
    more = len(facets) - len(named)
    return ", ".join(titles) + (f" and {more} more" if more else "")


def _filter_title(field: Field, active: Mapping[str, Filter]) -> str:
    """Write the name of a filter; one that is in use stands out."""
    return f"**{plain(field.title)}**" if field.name in active else plain(field.title)


def _part(name: str, label: str, draw: Callable[[], object]) -> None:
    """Offer what ``draw`` draws in a fold whose widgets count for the whole page."""
    key = fold_key(name)
    part = st.expander(as_closed(key, label), key=key, on_change="rerun")
    if part.open:
        with part:
            draw()


def ask_facet(page: str, index: Index, field: Field, every: Mapping[str, Counts]) -> None:
    """Draw the boxes of one filter, and below them what the column means.

    ``every`` has the counts of every facet, which may be counted as they are asked for.
    """
    counts = every[field.name]
    groups = families(index.catalogue, field) if isinstance(index, DeviceIndex) else ()
    with st.container(gap="xsmall"):
        if isinstance(counts, NumberCounts):
            _ask_span(page, field, counts)
        elif groups:
            _ask_families(page, field, groups, counts)
        else:
            _ask_choice(page, field.name, field.labels, counts, field.also, match_all=field.is_list)
        st.caption(plain(field.description))


def _ask_families(
    page: str, field: Field, groups: Sequence[tuple[str, Sequence[str]]], counts: ValueCounts
) -> None:
    """Draw one box per group of values, which ticks them all, above the boxes of its values."""
    for number, (label, values) in enumerate(groups):
        keys = [value_key(page, field.name, value) for value in values]
        if len(values) > 1:
            _ask_all(
                facet_key(page, field.name, f"family.{number}"),
                label,
                keys,
                sum(counts[value] for value in values),
            )
        inset = facet_key(
            page, field.name, f"inset-{number}" if len(values) > 1 else f"one-{number}"
        )
        with st.container(key=inset, gap="xsmall"):
            for value, key in zip(values, keys, strict=True):
                st.checkbox(
                    f"{plain(field.label(value))} ({counts[value]:,})",
                    key=key,
                    disabled=not counts[value] and not st.session_state.get(key),
                )
    if not field.required:
        st.checkbox(
            f"{NOT_STATED_LABEL} ({counts[NOT_STATED]:,})",
            key=value_key(page, field.name, NOT_STATED),
        )


def _ask_all(key: str, label: str, keys: Sequence[str], count: int) -> None:
    """Draw a box that ticks several; it is ticked while they all are."""
    st.session_state[key] = all(st.session_state.get(each) for each in keys)

    def ticked() -> None:
        st.session_state.update(dict.fromkeys(keys, st.session_state[key]))

    ticked_now = any(st.session_state.get(each) for each in keys)
    st.checkbox(
        f"{plain(label)} ({count:,})",
        key=key,
        disabled=not count and not ticked_now,
        on_change=ticked,
    )


def ask_chips(
    page: str,
    phrases: Mapping[str, str],
    drop: Callable[[str], object],
    cleared: object = None,
) -> None:
    """Draw filters as chips. ``drop`` returns the state without one; ``cleared`` has none.

    Without ``cleared`` there is no button to clear them all.
    """
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
        if cleared is not None:
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


def _ask_span(page: str, field: Field, counts: NumberCounts) -> None:
    """Draw the bands of a number column with how many each gives, and boxes for typed bounds."""
    of = counts.stated + counts.not_stated
    noun = f"a {field.noun}" if field.price else field.noun
    if counts.low is None or counts.high is None:
        st.markdown(plain(f"None of {of:,} state {noun}."))
    else:
        low, high = (_end_text(field, end) for end in (counts.low, counts.high))
        span = with_unit(f"{low} to {high}", field.unit)
        st.markdown(plain(f"{counts.stated:,} of {of:,} state {noun}: {span}."))
    low_key, high_key = facet_key(page, field.name, "low"), facet_key(page, field.name, "high")
    most = max((count for _, count in counts.bands), default=0)
    for number, (band, count) in enumerate(counts.bands):
        ends = {low_key: _end(field, band.low), high_key: _end(field, band.high)}
        chosen = all(st.session_state.get(key) == end for key, end in ends.items())
        key = facet_key(page, field.name, f"band-{number}")
        _bar(key, count / most if most else 0)
        st.button(
            f"{plain(_band_text(field, band))} ({count:,})",
            key=key,
            icon=":material/check:" if chosen else None,
            width="stretch",
            disabled=not count and not chosen,
            on_click=st.session_state.update,
            args=(dict.fromkeys(ends) if chosen else ends,),
        )
    step = 1 if field.type == "integer" else None
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
                st.number_input(
                    label,
                    key=key,
                    value=None,
                    step=step,
                    format="%d" if step else "%.10g",
                    placeholder="any",
                    width=110,
                )
    first, last = st.session_state.get(low_key), st.session_state.get(high_key)
    if first is not None and last is not None and first > last:
        st.error("The lower bound is above the upper bound, so this filter is not applied.")
    st.checkbox(
        f"Include {NOT_STATED_LABEL} ({counts.not_stated:,})",
        key=facet_key(page, field.name, NOT_STATED),
    )


def _end(field: Field, end: float | None) -> float | None:
    """Return the end of a band as its box holds it."""
    return int(end) if end is not None and field.type == "integer" else end


def _band_text(field: Field, band: Band) -> str:
    if band.low is None:
        assert band.below is not None
        return f"under {with_unit(_end_text(field, band.below), field.unit)}"
    low = _end_text(field, band.low)
    if band.below is None:
        return f"{with_unit(low, field.unit)} and more"
    return f"{low} to under {with_unit(_end_text(field, band.below), field.unit)}"


def _bar(key: str, share: float) -> None:
    """Fill the button of that key from the left, up to that share of it."""
    name = key.replace(".", "-")
    st.html(
        f"<style>.st-key-{name} button {{ background-image: linear-gradient(#2b7ab340, #2b7ab340);"
        f" background-size: {share:.0%} 100%; }}</style>"
    )


def _end_text(field: Field, end: float) -> str:
    """Write the lowest or highest value of a column."""
    if field.type == "date":
        return f"{date.fromordinal(int(end)):%Y-%m-%d}"
    return f"{end:.10g}" if field.plain else format_number(end)


def ask_symptom(index: DeviceIndex, answer: Answer) -> None:
    """Draw the choice of symptoms that a device targets, and how well studied that is."""
    catalogue = index.catalogue
    counts = answer.counts[SYMPTOM]
    assert isinstance(counts, ValueCounts)
    st.caption("Through its type: studies are about types of device, not about single products.")
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
