"""Links between pages are followed within the visit: the app is not loaded again for them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "legwise_links",
    html="<span></span>",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def follow_links(pages: Iterable[str]) -> None:
    """Let the browser follow links to these pages without loading the app again; draws nothing.

    ``pages`` are the last parts of their addresses.
    """
    with st.container(key="legwise-links"):
        _mount(data={"pages": list(pages)}, key="legwise.links")
