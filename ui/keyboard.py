"""The keyboard in menus: Tab goes from a button into the menu it opened."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "legwise_keyboard",
    html="<span></span>",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def walk_menus() -> None:
    """Let the keyboard reach what stands in open menus; draws nothing."""
    with st.container(key="legwise-keyboard"):
        _mount(key="legwise.keyboard")
