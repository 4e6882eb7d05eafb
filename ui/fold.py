"""Folded parts of a page: they are drawn when they are opened, so what is closed costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st
from streamlit.elements.lib.layout_utils import Gap

from ui.steps import as_far_as_it_goes

T = TypeVar("T")
#: Session key of the looks that folds and menus had when they were closed.
LOOKS = "fold.looks"


@dataclass(frozen=True)
class Fold:
    """What ``draw`` draws, under a label (Markdown) to open.

    Opening it does not run the page again, so ``draw`` is for reading matter: a widget in it would
    not reach the rest of the page. ``key`` is unique on its page. A ``compact`` one has no box: for
    a list of many.
    """

    label: str
    key: str
    draw: Callable[[], object]
    icon: str | None = None
    expanded: bool = False
    compact: bool = False


def fold(label: str, key: str, draw: Callable[[], object], **look: Any) -> None:
    """Offer one fold; ``look`` are the other attributes of :class:`Fold`."""
    folds([Fold(label, key, draw, **look)])


@st.fragment
def folds(parts: Sequence[Fold], columns: int = 1, gap: Gap = "small") -> None:
    """Offer folds, in columns or below each other with that gap.

    They are one fragment, which runs again when one of them is opened: Streamlit 1.67 takes as long
    to note a fragment as to draw a closed fold, or longer.
    """
    across: Sequence[AbstractContextManager[object]]
    if columns > 1:
        across = st.columns(columns)
    else:
        across = [nullcontext() if gap == "small" else st.container(gap=gap)]
    for number, part in enumerate(parts):
        with across[number % columns]:
            _offer(part)


def _offer(fold: Fold) -> None:
    part = st.expander(
        fold.label,
        key=fold_key(fold.key),
        icon=fold.icon,
        expanded=fold.expanded,
        type="compact" if fold.compact else "default",
        on_change="rerun",
    )
    if part.open:
        with part, as_far_as_it_goes("This part", fold.key):
            fold.draw()


def as_closed(key: str, look: T) -> T:
    """Return the look that a fold or menu had when it was last closed; a closed one takes ``look``.

    Streamlit takes one with another label for another one, and closes it under the reader's eyes.
    """
    # One value of the session for all: each costs other widgets time.
    looks: dict[str, T] = st.session_state.setdefault(LOOKS, {})
    if not st.session_state.get(key):
        looks[key] = look
    return looks.setdefault(key, look)


def fold_key(key: str) -> str:
    """Return the session key that holds whether a fold is open."""
    return f"fold.{key}"
