"""The picture of a leg: a second way to choose areas of the body that a list beside it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st


def _read(kind: str) -> str:
    # Not beside this module: style sheets there are those of every page.
    return (Path(__file__).parent / "drawings" / f"leg.{kind}").read_text(encoding="utf-8")


_draw = st.components.v2.component(
    "legwise_leg", html=_read("html"), css=_read("css"), js=_read("js")
)
#: Areas that the picture shows, from the hip down.
DRAWN = tuple(re.findall(r'data-area="(\w+)"', _read("html")))


def ask_leg(
    areas: Mapping[str, str],
    chosen: Sequence[str],
    key: str,
    on_change: Callable[[list[str]], None],
    label: str = "Areas of the leg",
) -> None:
    """Draw the leg; each drawn area of ``areas`` (id → name) is a checkbox.

    The caller keeps what is chosen: ``on_change`` takes all chosen areas, in the order of
    ``areas``, before the page runs again. Areas that are not drawn stay as they are.
    """

    def take() -> None:
        picked = _picked(key).get("areas", [])
        on_change([area for area in areas if area in (picked if area in DRAWN else chosen)])

    _draw(
        key=key,
        data={
            "areas": {area: name for area, name in areas.items() if area in DRAWN},
            "chosen": [area for area in chosen if area in DRAWN],
            "clicks": _picked(key).get("clicks", 0),
            "label": label,
        },
        on_picked_change=take,
    )


def keep_areas(key: str, areas: list[str]) -> None:
    """Put the areas chosen on the picture into the list beside it, whose session key is ``key``."""
    st.session_state[key] = areas


def _picked(key: str) -> dict[str, Any]:
    """Return what the picture last told: its areas, and its clicks so far."""
    picked = (st.session_state.get(key) or {}).get("picked")
    return picked if isinstance(picked, dict) else {}
