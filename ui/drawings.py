"""Line drawings of the device types, and the logo."""

from __future__ import annotations

import base64
import re
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from legwise.charts.theme import Theme
from legwise.text.markup import templates

DRAWINGS = Path(__file__).parent / "drawings"
#: What a type without a drawing gets, as in a package of someone else's.
ANY_DEVICE = "device"
#: Icon of the browser's tab.
ICON = DRAWINGS / "logo-icon.png"
_TEMPLATES = templates(Path(__file__).parent)
# A type id is text of a table, and is used as the name of a file. The logo's files have a hyphen.
_ID = re.compile(r"[a-z0-9_]+")


@cache
def logo(theme: Theme) -> str:
    """Return the logo for that theme, as a data URL."""
    return _in_url(DRAWINGS / f"logo-{theme}.svg", "image/svg+xml")


@cache
def icon() -> str:
    """Return the icon of the browser's tab, as a data URL."""
    return _in_url(ICON, "image/png")


def _in_url(path: Path, kind: str) -> str:
    """Write a file as a URL. Streamlit reads and checks an image that is a file at every run."""
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


@lru_cache(maxsize=256)
def drawing(device_type: str) -> str:
    """Return the drawing of a device type as SVG; its lines have the colour of the text."""
    path = DRAWINGS / f"{device_type}.svg"
    if not (_ID.fullmatch(device_type) and path.is_file()):
        path = DRAWINGS / f"{ANY_DEVICE}.svg"
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def picture(device_type: str, alt: str = "", size: int = 48) -> Markup:
    """Return the drawing as HTML, ``size`` pixels square; without ``alt`` it is not read aloud.

    Streamlit takes SVG out of HTML, so the drawing is the mask of a box in the colour of the text:
    it follows the theme without a run.
    """
    address = f"data:image/svg+xml,{quote(drawing(device_type), safe=' =:/,')}"
    template = _TEMPLATES.get_template("drawing.html.j2")
    return Markup(template.render(alt=alt, size=size, address=address))  # noqa: S704
