"""Lists to choose from. Typing narrows them to what contains the words typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def ask_one(
    label: str,
    options: Sequence[T],
    *,
    key: str,
    format_func: Callable[[Any], str] = str,
    **options_of_widget: Any,
) -> T | None:
    """Draw a list to choose one from; more options are those of ``st.selectbox``."""
    chosen: T | None = st.selectbox(
        label,
        options,
        key=key,
        format_func=format_func,
        filter_mode="contains",
        **options_of_widget,
    )
    return chosen


def ask_several(
    label: str,
    options: Sequence[T],
    *,
    key: str,
    format_func: Callable[[Any], str] = str,
    **options_of_widget: Any,
) -> list[T]:
    """Draw a list to choose several from; more options are those of ``st.multiselect``.

    Streamlit offers "Select all matches" as the first line, so that Enter after a few letters would
    choose everything that has them: that line is left out.
    """
    return st.multiselect(
        label,
        options,
        key=key,
        format_func=format_func,
        filter_mode="contains",
        select_all=False,
        **options_of_widget,
    )
