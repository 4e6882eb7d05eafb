"""What the browser does on every page: keys in menus, names for screen readers, theme, links."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from ui.html_tables import theme

#: One component for all of it: each costs every run of every page a millisecond.
_mount = st.components.v2.component(
    "legwise_browser",
    html="<span></span>",
    js="\n".join(
        Path(__file__).with_name(f"browser_{part}.js").read_text(encoding="utf-8")
        for part in ("links", "keyboard")
    ),
)


def attend(pages: Iterable[str]) -> None:
    """Let the keyboard reach what stands in open menus, follow the theme, and follow links.

    ``pages`` are the last parts of the addresses to which links are followed without loading the
    app again. Draws nothing.
    """
    # Whatever is told makes the page run again, in the new theme. A list costs more than a text.
    told = {"theme": theme(), "pages": " ".join(pages)}
    _mount(key="legwise-browser", data=told, on_scheme_change=lambda: None)
