"""Tabs of a page. The open one is in the link; only its content is drawn."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def ask_tab(titles: Mapping[str, str], key: str) -> tuple[str, DeltaGenerator]:
    """Draw tabs (id → title), as :class:`legwise.links.form.Tab` declares them.

    Returns the id of the open one, and the container to draw its content in.
    """
    parts = zip(titles, st.tabs(list(titles.values()), key=key, on_change="rerun"), strict=True)
    return next((name, part) for name, part in parts if part.open)
