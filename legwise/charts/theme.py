"""What all figures share: a figure with its table, the colours of each theme, the layout.

Every figure sets its template and colours, because importing streamlit changes plotly's default
template. Colour never carries meaning alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

Theme = Literal["light", "dark"]
FONT = "Source Sans, Source Sans Pro, sans-serif"


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure, its table in words, its text for screen readers, what it leaves out.

    ``reading`` says how the figure alone is read: without it, it means nothing.
    """

    figure: go.Figure
    table: pd.DataFrame
    alt: str
    note: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Palette:
    """Colours of one theme.

    ``tiers`` is a single-hue ramp for tier 1, 2, 3; the stronger contrasts more with the page.
    ``states`` are yes, no, not stated; ``hatch`` are the lines on what is claimed. ``on_tiers`` and
    ``on_states`` are the ink on them.
    ``directions`` are benefit, no difference, mixed, harm, unclear; ``cautions`` rise from caution
    to contraindicated. ``kinds`` start with Okabe and Ito's colours, which stay distinct in common
    colour-vision deficiencies; marks differ in shape as well.
    """

    text: str
    page: str
    grid: str
    tiers: tuple[str, str, str]
    on_tiers: tuple[str, str, str]
    claimed: str
    hatch: str
    searched: str
    states: tuple[str, str, str]
    on_states: tuple[str, str, str]
    kinds: tuple[str, ...]
    directions: tuple[str, str, str, str, str]
    on_direction: str
    cautions: tuple[str, str, str]
    on_caution: str

    @property
    def steps(self) -> dict[str, tuple[str, str]]:
        """Kind of cell of the evidence map → its colour, and the ink on it."""
        empty = (self.searched, self.text)
        tiers = zip(self.tiers, self.on_tiers, strict=True)
        return {
            "unsearched": empty,
            "searched": empty,
            "filtered": empty,
            "claimed": (self.claimed, self.text),
            **{f"tier{tier}": colours for tier, colours in enumerate(tiers, 1)},
        }

    @property
    def variables(self) -> dict[str, str]:
        """Name of a variable of a style sheet for the evidence map → its colour."""
        return {"hatch": self.hatch} | {
            name: colour
            for step, (ground, ink) in self.steps.items()
            for name, colour in ((step, ground), (f"on-{step}", ink))
        }


# Keep rows of colours as rows.
# fmt: off
PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        text="#1b2530",
        page="#ffffff",
        grid="#d5dde5",
        tiers=("#0b4f8a", "#5b9bd0", "#c3dcf0"),
        on_tiers=("#ffffff", "#10202e", "#10202e"),
        claimed="#f3e3c3",
        hatch="rgb(27 37 48 / 22%)",
        searched="#f4f6f8",
        states=("#0b5c96", "#e2a458", "#c9d2da"),
        on_states=("#ffffff", "#1b2530", "#1b2530"),
        kinds=(
            "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9",
            "#8a6d00", "#000000", "#e69f00", "#6b4c9a",
        ),
        directions=("#56b4e9", "#c9d2da", "#f0c95c", "#e8896b", "#e9e9f2"),
        on_direction="#10202e",
        cautions=("#f7e6a6", "#f3b876", "#e27d6a"),
        on_caution="#1b1410",
    ),
    "dark": Palette(
        text="#e8edf2",
        page="#10161d",
        grid="#33404d",
        tiers=("#a9d3f7", "#3a78ad", "#1f4566"),
        on_tiers=("#0a1620", "#ffffff", "#ffffff"),
        claimed="#5a4520",
        hatch="rgb(255 255 255 / 22%)",
        searched="#182029",
        states=("#6db1ea", "#d58f3c", "#45525f"),
        on_states=("#0a1620", "#0a1620", "#ffffff"),
        kinds=(
            "#56b4e9", "#ff8a4a", "#2fc79a", "#e39cc4", "#9ad1f5",
            "#f0e442", "#ffffff", "#e69f00", "#b79be0",
        ),
        directions=("#56b4e9", "#aab6c1", "#e3bd4f", "#e8896b", "#d5d5e4"),
        on_direction="#0a1620",
        cautions=("#5c5324", "#7a4d17", "#8f2f25"),
        on_caution="#ffffff",
    ),
}
SYMBOLS = (
    "circle", "square", "diamond", "cross", "x", "triangle-up", "star", "triangle-down", "hexagon",
)
# fmt: on


def ink_on(colour: str) -> str:
    """Return black or white, whichever contrasts more with a colour such as "#0072b2".

    Source of the rule: relative luminance and contrast ratio of WCAG 2.2.
    """
    shares = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#ffffff"


def ink_areas(figure: go.Figure) -> None:
    """Write on each area in black or white, whichever contrasts more; plotly would use grey."""
    for areas in figure.data:
        areas.textfont.color = [ink_on(colour) for colour in areas.marker.colors]


def inert(text: object) -> str:
    """Escape text for plotly, which would read tags, links and templates in it."""
    return escape(str(text), quote=False).replace("%{", "&#37;{")


def layout(palette: Palette, **more: Any) -> dict[str, Any]:
    """Return the layout options of every figure, and ``more``. The legend is a line above it."""
    ink = {"color": palette.text}
    return {
        "template": "none",
        "paper_bgcolor": palette.page,
        "plot_bgcolor": palette.page,
        "font": {"color": palette.text, "size": 13, "family": FONT},
        "hoverlabel": {"bgcolor": palette.searched, "font": ink, "bordercolor": palette.grid},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "margin": {"l": 10, "r": 20, "t": 30, "b": 50},
        **more,
    }


def axis(palette: Palette, title: str = "", **more: Any) -> dict[str, Any]:
    """Return the options of an axis; its labels are never cut off."""
    line = {"gridcolor": palette.grid, "zerolinecolor": palette.grid, "linecolor": palette.grid}
    return {"title": {"text": title}, "automargin": True, "fixedrange": True, **line, **more}


def names_from_top(palette: Palette, names: Iterable[str], **more: Any) -> dict[str, Any]:
    """Return the options of an axis of names, the first at the top.

    By its range: plotly does not know again an axis that it was to reverse, and a browser draws the
    figure twice. By its type, or names that are numbers would be taken for such.
    """
    span = [len(set(names)) - 0.5, -0.5]
    return axis(palette, type="category", range=span, **more)
