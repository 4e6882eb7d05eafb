"""What the browser does on every page: keys in menus, names for screen readers, the theme."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.html_tables import theme

_mount = st.components.v2.component(
    "legwise_keyboard",
    html="<span></span>",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def walk_menus() -> None:
    """Let the keyboard reach what stands in open menus, and follow the theme; draws nothing."""
    with st.container(key="legwise-keyboard"):
        # Whatever is told makes the page run again, in the new theme.
        told = {"theme": theme()}
        _mount(key="legwise.keyboard", data=told, on_scheme_change=lambda: None)
