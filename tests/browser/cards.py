"""Draw the picture that a preview of a link shows, one per page: a part of ``make shots``."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser

from server.head import CARDS
from ui.drawings import drawing, logo
from ui.page import PAGES, Page

SIZE = (1200, 630)
#: Name of the text in the file that says what stands on the picture.
WORDS = "Description"
#: The drawings at the foot of every picture.
DRAWN = ("air_compression", "foot_calf_massager", "compression_stockings", "percussion")
COLOURS = 16
HOME = ("Leg massagers", "What they offer, what studies found, when to take care")
_CARD = Environment(autoescape=True).from_string("""<!doctype html>
<style>
body { margin: 0; width: 1200px; height: 630px; box-sizing: border-box; padding: 70px 80px;
  font: 40px/1.3 'DejaVu Sans', 'Liberation Sans', sans-serif; color: #0b1218; background: #fff;
  border-bottom: 24px solid #0b5c96; display: flex; flex-direction: column; }
h1 { font-size: 84px; line-height: 1.1; margin: 60px 0 20px; color: #0b5c96; }
p { margin: 0; max-width: 980px; }
footer { margin-top: auto; display: flex; gap: 40px; color: #3a4857; }
footer img { height: 110px; }
header img { height: 84px; }
</style>
<header><img src="{{ logo }}" alt=""></header>
<h1>{{ title }}</h1>
<p>{{ line }}</p>
<footer>{% for picture in drawn %}<img src="{{ picture }}" alt="">{% endfor %}</footer>
""")


def told_by(page: Page) -> tuple[str, str]:
    """Return the title and the line on the picture of a page."""
    return HOME if page.name == "app" else (page.title, page.question)


def draw_card(browser: Browser, page: Page) -> Path:
    """Draw the picture of a page, in few colours, with its words in the file."""
    window = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
    drawn = [_address(re.sub("currentColor", "#3a4857", drawing(name))) for name in DRAWN]
    title, line = told_by(page)
    window.set_content(_CARD.render(title=title, line=line, logo=logo("light"), drawn=drawn))
    picture = Image.open(io.BytesIO(window.screenshot()))
    window.close()
    told = PngInfo()
    told.add_text(WORDS, "\n".join((title, line)))
    path = CARDS / f"{page.name}.png"
    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True, pnginfo=told)
    return path


def draw_cards(browser: Browser) -> list[Path]:
    """Draw the pictures of all pages."""
    CARDS.mkdir(exist_ok=True)
    return [draw_card(browser, page) for page in PAGES]


def words_of(path: Path) -> tuple[str, ...]:
    """Return the words that stand on a picture."""
    with Image.open(path) as picture:
        return tuple(picture.info[WORDS].split("\n"))


def _address(svg: str) -> str:
    return f"data:image/svg+xml,{quote(svg)}"
