"""Folded parts of a page: they are drawn when they are opened, so what is closed costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from ui.steps import as_far_as_it_goes

T = TypeVar("T")


@st.fragment
def fold(
    label: str,
    key: str,
    draw: Callable[[], object],
    *,
    icon: str | None = None,
    expanded: bool = False,
    compact: bool = False,
) -> None:
    """Offer what ``draw`` draws under a label (Markdown) to open.

    Opening it does not run the page again, so ``draw`` is for reading matter: a widget in it would
    not reach the rest of the page. ``key`` is unique on its page. A ``compact`` one has no box: for
    a list of many.
    """
    part = st.expander(
        label,
        key=fold_key(key),
        icon=icon,
        expanded=expanded,
        type="compact" if compact else "default",
        on_change="rerun",
    )
    if part.open:
        with part, as_far_as_it_goes("This part", key):
            draw()


def as_closed(key: str, look: T) -> T:
    """Return the look that a fold or menu had when it was last closed; a closed one takes ``look``.

    Streamlit takes one with another label for another one, and closes it under the reader's eyes.
    """
    held = f"{key}.look"
    if not st.session_state.get(key) or held not in st.session_state:
        st.session_state[held] = look
    kept: T = st.session_state[held]
    return kept


def fold_key(key: str) -> str:
    """Return the session key that holds whether a fold is open."""
    return f"fold.{key}"
