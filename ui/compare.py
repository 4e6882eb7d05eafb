"""The comparison as widgets: what is compared, for whom, which rows, and the table in folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from legwise.answers.absolute_numbers import tells_of_nothing
from legwise.answers.comparison import NOTHING, ROW_CHOICES, Comparison, Item, Part
from legwise.answers.names import search_devices
from legwise.answers.side_by_side import (
    KEY_FACTS,
    NOTHING_NAME,
    item_name,
    offers,
    parts,
    without_products,
)
from legwise.charts.comparison import evidence_strip, number_dots
from legwise.exports.comparison_notebook import compare_notebook
from legwise.links.compare import MOST_COMPARED, CompareState
from legwise.links.params import LONGEST_TEXT, Params
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import within_sentence
from legwise.text.markup import plain
from legwise.text.units import SYSTEMS, counted
from ui.cache import Loaded
from ui.choosers import ask_several
from ui.downloads import show_notebook, show_take_away
from ui.draw import show_chart
from ui.filters import ask_conditions
from ui.fold import fold, fold_key
from ui.html_tables import groups_of_rows, show_heads, theme
from ui.page import address
from ui.session import find_state, set_state
from ui.steps import as_far_as_it_goes

#: A product with no more stated facts than this cannot be compared by features.
ALMOST_NOTHING = 3
#: A longer list of devices is not sent to the browser: it is searched.
SHORT_LIST = 1_000
#: Most devices that a search offers.
MOST_OFFERED = 50
#: The two columns that narrow screens show, as chosen last; their menu is drawn only when open.
NARROW = "compare.narrow"


def ask_bar(catalogue: Catalogue, state: CompareState, comparison: Comparison) -> None:
    """Draw the menus above the table; a closed one is not drawn.

    While there is nothing to compare yet, the page shows what the first two hold.
    """
    if len(state.items) > 1:
        conditions = len(state.conditions)
        _menu("Devices and types", "items", partial(ask_items, catalogue, state))
        _menu(
            f"My conditions ({conditions})" if conditions else "My conditions",
            "conditions",
            partial(ask_conditions, catalogue, "compare", "Cautions for them come first."),
        )
    _menu("Columns and units", "columns", partial(_ask_columns, comparison, state))


def _menu(label: str, name: str, draw: Callable[[], object]) -> None:
    # Not the menu of filters: here a choice changes the label, which closes the menu, so that the
    # table is in sight.
    part = st.popover(label, key=fold_key(f"compare.{name}"), on_change="rerun")
    if part.open:
        with part:
            draw()


def ask_items(catalogue: Catalogue, state: CompareState) -> None:
    """Draw the choice of items: all of a short list, else what a search finds."""
    chosen = list(state.items)
    every = catalogue.keys("devices")
    searched = len(every) > SHORT_LIST
    if searched:
        text = st.text_input(
            "Search devices",
            key="compare.search",
            placeholder="brand, model, or a word such as boots",
            max_chars=LONGEST_TEXT,
        )
    devices: Sequence[str] = ()
    with as_far_as_it_goes("Devices to choose from"):
        if searched:
            devices, total = search_devices(catalogue, text, MOST_OFFERED)
            if total > len(devices):
                st.caption(f"The list has {len(devices)} of {total:,}: type more letters.")
        else:
            devices = list(every)
    named = offers(catalogue)
    options = [*named, *(("device", key) for key in devices)]
    ask_several(
        f"Devices and device types, two to {MOST_COMPARED}",
        list(dict.fromkeys([*chosen, *options])) if searched else options,
        key="compare.items",
        format_func=lambda item: (
            f"{'Type: ' if item[0] == 'type' else ''}"
            f"{named[item] if item in named else item_name(catalogue, item)}"
        ),
        max_selections=MOST_COMPARED,
        placeholder="type a name, or a word such as boots",
    )
    _ask_additions(catalogue, state)


def _ask_additions(catalogue: Catalogue, state: CompareState) -> None:
    """Offer massage by hand, doing nothing, and the devices picked on the find page."""
    tray = [("device", pick) for pick in find_state().picks]
    additions: dict[str, tuple[tuple[str, str], ...]] = {
        f"Add {within_sentence(catalogue.names('device_types')[key])}": (("type", key),)
        for key in catalogue.methods
    }
    if tells_of_nothing(catalogue):
        additions[f"Add “{within_sentence(NOTHING_NAME)}”"] = (NOTHING,)
    if tray:
        additions[f"Add the {len(tray)} in the compare list"] = tuple(tray)
    with st.container(horizontal=True):
        for label, items in additions.items():
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


def _ask_columns(comparison: Comparison, state: CompareState) -> None:
    """Draw the units, which columns narrow screens show, and where each column stands."""
    st.segmented_control(
        "Units",
        list(SYSTEMS),
        key="compare.units",
        format_func=SYSTEMS.__getitem__,
        required=True,
    )
    if len(comparison.items) > 2:
        # The style sheet hides this container where all columns fit.
        with st.container(key="legwise-narrow-only"):
            ask_several(
                "Columns on this screen",
                list(range(len(comparison.items))),
                default=narrow_columns(comparison),
                key=f"{NARROW}.{len(comparison.items)}",
                format_func=comparison.labels.__getitem__,
                max_selections=2,
                on_change=_keep_narrow,
                args=(len(comparison.items),),
            )
    for position, (label, item) in enumerate(zip(comparison.labels, state.items, strict=True)):
        st.markdown(f"**{plain(label)}**")
        with st.container(horizontal=True):
            for words, other in {"Move left": position - 1, "Move right": position + 1}.items():
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


def _keep_narrow(count: int) -> None:
    st.session_state[NARROW] = tuple(st.session_state[f"{NARROW}.{count}"])


def narrow_columns(comparison: Comparison) -> tuple[int, ...]:
    """Return the positions of the columns that narrow screens show."""
    count = len(comparison.items)
    kept = [column for column in st.session_state.get(NARROW, ()) if column < count]
    return tuple(dict.fromkeys([*kept, *range(count)]))[:2]


def _item_button(words: str, key: str, state: CompareState, items: list[tuple[str, str]]) -> None:
    st.button(
        words,
        key=key,
        on_click=set_state,
        args=("compare", replace(state, items=tuple(items))),
    )


def ask_rows() -> None:
    """Draw the choice of rows."""
    st.segmented_control(
        "Rows",
        list(ROW_CHOICES),
        key="compare.rows",
        format_func=ROW_CHOICES.__getitem__,
        required=True,
        label_visibility="collapsed",
    )


def show_side_by_side(
    loaded: Loaded,
    shown: Comparison,
    whole: Comparison,
    state: CompareState,
    *,
    complete: bool = True,
) -> None:
    """Draw the table: its head, which stays in sight, and its groups of rows in folds.

    What the complete table of a state looks like is kept.
    """
    narrow = narrow_columns(shown)
    asked = (state.items, state.conditions, state.units, state.shown_rows, narrow)

    def draw(part: Part) -> None:
        def write() -> str:
            return groups_of_rows(shown, part.groups, narrow, about=part.name == KEY_FACTS)

        key = ("compare.part", part.name, *asked)
        st.html(loaded.keep_of_rows(key, write) if complete else write())

    hidden = whole.size - shown.size
    if hidden:
        besides = f" but “{NOTHING_NAME}”" if shown.has_nothing else ""
        alike = f"alike in every column{besides}"
        why = alike if state.rows == "differences" else "not stated by all"
        st.caption(f"{hidden} of {counted(whole.size, 'row')} are hidden: {why}.")
    with st.container(key="legwise-compared"):
        show_heads(shown, narrow, partial(_item_address, state))
        for part in parts(loaded.catalogue, shown):
            about = counted(part.size, "row")
            if part.contrasts and len(shown.items) > 1:
                about += f", {part.contrasts} {'differs' if part.contrasts == 1 else 'differ'}"
            fold(
                f"**{plain(part.title)}** {plain(f'· {about}')}",
                f"compare.part.{part.name}",
                partial(draw, part),
                expanded=part.is_open,
            )


def show_without_products(loaded: Loaded, state: CompareState) -> None:
    """Draw what is known of the types themselves, where their products cannot be asked for."""
    catalogue = loaded.catalogue
    known = without_products(catalogue, state.items, state.conditions, state.units)
    if not all(item.is_nothing for item in known.items):
        st.caption("What is known of the types themselves, whatever their products state:")
        items = tuple((item.kind, item.key) for item in known.items)
        show_side_by_side(loaded, known, known, replace(state, items=items), complete=False)


def _item_address(state: CompareState, item: Item) -> str:
    return address(item.kind, {"id": [item.key], "condition": list(state.conditions)})


def show_gaps(comparison: Comparison) -> None:
    """Say of which products hardly anything is known."""
    gaps = [
        f"{item.name} states {item.stated[0]} of {item.stated[1]} facts"
        for item in comparison.items
        if item.stated and item.stated[0] <= ALMOST_NOTHING
    ]
    if gaps:
        *others, last = gaps
        named = f"{', '.join(others)} and {last}" if others else last
        cells = "most of their cells" if others else "most of its cells"
        st.warning(plain(f"{named}, so {cells} are empty."), icon=":material/visibility_off:")


def show_side_by_side_charts(
    catalogue: Catalogue, comparison: Comparison, state: CompareState
) -> None:
    """Draw the numbers that two products state, and the evidence of the columns, as charts."""
    numbers = number_dots(catalogue, comparison, state.units, theme())
    if numbers:
        st.subheader("Numbers side by side", anchor=False)
        show_chart(numbers, "compare.numbers")
    evidence = evidence_strip(catalogue, comparison, theme())
    if evidence:
        st.subheader("Evidence side by side", anchor=False)
        show_chart(evidence, "compare.evidence", wide=True)


def show_files(
    catalogue: Catalogue,
    shown: Comparison,
    whole: Comparison,
    state: CompareState,
    params: Params,
) -> None:
    """Offer the comparison as link, files, sheet and notebook."""
    show_take_away(catalogue, shown, whole, state.conditions, params)
    show_notebook(
        "compare",
        params,
        lambda link, today: compare_notebook(
            catalogue, state.items, state.conditions, state.units, state.shown_rows, link, today
        ),
    )
