"""What a visitor sees before scrolling, on every page, with the shipped tables.

``make test`` holds the limits; ``python -m tests.browser.first_screen`` prints what is measured.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.chromium import find
from tests.browser.conftest import PHONE, hold_no_exception, inside, settle, start_server

SCREEN = {"width": 1280, "height": 800}
SIZES = {"wide": SCREEN, "phone": PHONE}
#: A page is at most as many screens high as this, unless its reader opens more.
SCREENS = {"wide": 3, "phone": 5}
#: The first result is not below this line, in pixels.
LINE = 420


#: A product's name.
PRODUCT = "[data-testid=stMain] a[href^='device?id=']"


@dataclass(frozen=True)
class View:
    """A page as it is opened: its address, and what on it is the first result.

    ``line`` is where that may begin at most: a result of a form comes below the form.
    """

    path: str
    first: str
    line: int = LINE


VIEWS = {
    "home": View("/", "input[aria-label^='Search devices']"),
    "find": View("/find", PRODUCT),
    "find, filtered": View("/find?heat=yes&remote_control=yes", PRODUCT),
    "find, cards": View("/find?heat=yes&view=cards", PRODUCT),
    "find, charts": View("/find?view=charts", ".js-plotly-plot", 520),
    "match": View("/match", ".st-key-match-signs input"),
    "match, answered": View(
        "/match?signs=none&symptom=swelling&condition=diabetes&feature=heat",
        "table[aria-label='Your shortlist at a glance'] a",
        480,
    ),
    "compare": View(
        "/compare?type=air_compression&type=compression_stockings&type=self_massage"
        "&condition=diabetes",
        "table[aria-label='Cautions for the chosen conditions'] td",
    ),
    "symptoms": View("/symptoms", ".st-key-symptoms-symptom"),
    "symptoms, swelling": View("/symptoms?symptom=swelling", "a[href^='symptoms?subject=']", 620),
    "risks": View("/risks?condition=diabetes", "[class*='st-key-fold-risks'] summary"),
    "risks, factors": View("/risks?tab=factors", "[role=tabpanel]"),
    "risks, effects": View("/risks?tab=effects", "[role=tabpanel]"),
    "explore": View("/explore?group=device_type&group=heat", ".st-key-explore-group"),
    "data": View("/data", ".st-key-data-table"),
    "device": View("/device?id=hyperice-normatec-3&condition=diabetes", "[data-testid=stMain] a[href^='http']"),
    "type": View("/type?id=air_compression", "[class*='st-key-legwise-lines'] a", 800),
}


def look(page: Page, base: str, view: View) -> tuple[float, int]:
    """Open a view; return where its first result begins, and how high the page is."""
    page.goto(base + view.path)
    settle(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    first = page.locator(view.first).filter(visible=True).first
    expect(first).to_be_visible()
    box = first.bounding_box()
    assert box
    height = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    return box["y"], height


@pytest.fixture(scope="session")
def shipped_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an app that serves the shipped tables."""
    process, base = start_server(tmp_path_factory.mktemp("shipped") / "log")
    yield base
    process.terminate()
    process.wait(10)


@pytest.mark.parametrize("size", SIZES)
def test_every_page_answers_in_its_first_screen_and_ends_soon(shipped_server, visit, size):
    page = visit("/", base=shipped_server, size=SIZES[size])
    too_low, too_high, too_wide = {}, {}, []
    for name, view in VIEWS.items():
        y, height = look(page, shipped_server, view)
        hold_no_exception(page)
        if y > view.line:
            too_low[name] = y
        if height > SCREENS[size] * SIZES[size]["height"]:
            too_high[name] = height
        main = page.get_by_test_id("stMain")
        if main.evaluate("main => main.scrollWidth - main.clientWidth") > 1:
            too_wide.append(name)
    assert not too_low
    assert not too_high
    assert not too_wide


def test_heat_by_type_and_price_against_weight_with_its_notebook_are_four_clicks(
    shipped_server, visit
):
    page, clicks = visit("/", base=shipped_server), 0
    for role, name in (
        ("link", "Explore"),
        ("link", "Heat by type"),
        ("link", "Price against weight"),
    ):
        page.get_by_role(role, name=name, exact=True).click()
        clicks += 1
        expect(page.get_by_role("heading", level=1, name="Explore")).to_be_visible()
        settle(page)
        if name != "Explore":
            words = re.compile(name.split()[0], re.IGNORECASE)
            expect(page.get_by_role("heading", level=2).first).to_contain_text(words)
            expect(inside(page, "explore.figure")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as notebook").click()
    assert clicks + 1 <= 4
    text = download.value.path().read_text(encoding="utf-8")
    assert "price_usd" in text
    assert "weight_kg" in text


def main() -> None:
    """Print what is measured on every page at both sizes."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, base = start_server(Path(folder) / "log")
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        try:
            for size, viewport in SIZES.items():
                page = browser.new_page(viewport=viewport)
                for name, view in VIEWS.items():
                    y, height = look(page, base, view)
                    screens = height / viewport["height"]
                    print(
                        f"{size:6} {name:20} y {y:5.0f}  height {height:5}  {screens:.1f} screens"
                    )
        finally:
            browser.close()
            server.terminate()


if __name__ == "__main__":
    main()
