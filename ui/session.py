"""Link ⇄ session: the page's state is in the link, so that Back undoes and a link restores.

A page reads its state once at its top and writes it once at its end. A link that differs from what
this session wrote last (a deep link, Back, Forward) wins over the widgets; else the widgets win. A
widget without a value, because it was not drawn or the connection was lost, keeps its last one.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TypeVar

import streamlit as st
from streamlit.errors import StreamlitAPIException

from legwise.links.find import FindState
from legwise.links.form import Form, Scope, Widgets
from legwise.links.params import Dropped
from ui.upload import LIST, list_param, missing_list

S = TypeVar("S")
WRITTEN = "url.written"
#: The list of the visitor's own that the states of pages belong to.
TABLES = "url.tables"
HERE, CAME_FROM = "url.here", "url.came_from"
#: Keys of the widgets that ever had a value, and of those the last run did not draw.
FILLED, UNDRAWN = "url.filled", "url.undrawn"


def enter_page(page: str) -> None:
    """Note the page of this run: its widgets exist only if the last run was on it too."""
    st.session_state[CAME_FROM] = st.session_state.get(HERE, "")
    st.session_state[HERE] = page
    if st.session_state.get(TABLES, {}) != list_param():
        _forget_states()
    st.session_state[TABLES] = list_param()


def _forget_states() -> None:
    """Forget what pages were left with: other tables have other rows and columns.

    The link of this page is read again, as from a visitor who comes with it.
    """
    for key in [*st.session_state]:
        if str(key).endswith((".state", ".coming")):
            del st.session_state[key]
    st.session_state.pop(WRITTEN, None)


def leave_page() -> None:
    """Note that this run draws no widgets: their values are lost at the next one."""
    st.session_state[HERE] = ""


def read_state(form: Form[S], scope: Scope) -> tuple[S, tuple[Dropped, ...]]:
    """Return the page's state and the parts of its link that could not be applied."""
    page = form.page
    params = {name: st.query_params.get_all(name) for name in st.query_params}
    # What other pages' state depends on is no part of this page's form.
    asked = params.pop(LIST, [])
    last_page = st.session_state.get(CAME_FROM, "")
    last_params = st.session_state.get(WRITTEN, {})
    saved: S | None = st.session_state.get(_saved(page))
    coming: S | None = st.session_state.pop(_coming(page), None)
    dropped: tuple[Dropped, ...] = ()
    session = st.session_state.to_dict()
    if coming is not None:
        state = coming
    elif last_page == page and saved is not None:
        now, corrected = form.read(_widgets(form.seed(saved, scope), session), saved, scope)
        # A click can leave the browser before the link that the last run wrote has reached it.
        # Its old link is not a wish to go back: Back moves no widget, a click does.
        if params == last_params or now != saved:
            st.session_state.update(corrected)
            _tell_again()
            return now, ()
        state, dropped = form.decode(params, scope)
    elif last_page != page and not params and saved is not None:
        state = saved  # back through the menu: keep what was set here
    else:
        state, dropped = form.decode(params, scope)
    _fill(form.seed(state, scope), session)
    # A run may be stopped before it writes, by a second Back: what it read counts from here on.
    st.session_state.update({WRITTEN: params, _saved(page): state})
    return state, (*missing_list(asked), *dropped)


def _widgets(last: Widgets, session: Widgets) -> Widgets:
    """Return the values of the widgets; one that lost its value gets the last one back."""
    _fill({key: value for key, value in last.items() if key not in session}, session)
    return {**last, **session}


def _fill(values: Widgets, session: Widgets) -> None:
    """Give widgets their values; ``session`` is what the visitor's session has.

    A box that is not ticked, and one for a number in which none stands, stays without: every select
    box, number and text of a page walks all values of the session (Streamlit 1.67), and a page has
    hundreds of boxes. Only the first run of a session gives all, against what a browser may say
    that comes from another.
    """
    filled = st.session_state.get(FILLED)
    st.session_state.update(
        {
            key: value
            for key, value in values.items()
            if not _is_blank(value) or filled is None or key in session or key in filled
        }
    )


def write_state(form: Form[S], state: S, scope: Scope) -> None:
    """Save the page's state, and put it into the link if that differs."""
    params = form.encode(state, scope)
    linked = params | list_param()
    if linked != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(linked)
    st.session_state[WRITTEN] = params
    st.session_state[_saved(form.page)] = state
    # A widget that goes away, as in a tab that is left, leaves the value with which it was seeded
    # once. It must not come back: what is not drawn in this run keeps the present value. Most
    # widgets were empty from the start, and have nothing to leave.
    seeds = form.seed(state, scope)
    if FILLED not in st.session_state:
        _forget_blank(seeds)
    filled = {key for key, value in seeds.items() if not _is_blank(value) and value not in ("", [])}
    filled |= st.session_state.get(FILLED, set())
    undrawn = []
    for key in filled & seeds.keys():
        with suppress(StreamlitAPIException):
            st.session_state[key] = seeds[key]
            undrawn.append(key)
    st.session_state.update({FILLED: filled, UNDRAWN: undrawn})


def _is_blank(value: object) -> bool:
    """Whether a box is not ticked, or has no number or date in it."""
    return value is None or value is False


def _forget_blank(seeds: Widgets) -> None:
    """Take away the values of blank boxes that this run did not draw."""
    for key in (key for key, value in seeds.items() if _is_blank(value)):
        with suppress(StreamlitAPIException):
            st.session_state[key] = seeds[key]  # is refused for what was drawn
            del st.session_state[key]


def _tell_again() -> None:
    """Let the browser hear the value of every widget that the last run did not draw.

    To the browser it will be a new widget, and Streamlit tells it only what is set in the same run.
    """
    for key in st.session_state.get(UNDRAWN, ()):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def set_state(page: str, state: object) -> None:
    """Make ``state`` the page's state at its next run (for ``on_click`` of buttons)."""
    st.session_state[_coming(page)] = state


def keep_state(page: str, state: object) -> None:
    """Make ``state`` what another page opens with from the menu; a link to it still wins."""
    st.session_state[_saved(page)] = state


def find_state() -> FindState:
    """Return what the find page was left with in this visit: its compare list is in it."""
    state: FindState = st.session_state.get(_saved("find")) or FindState()
    return state


def _saved(page: str) -> str:
    return f"{page}.state"


def _coming(page: str) -> str:
    return f"{page}.coming"
