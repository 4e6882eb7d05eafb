"""What a visitor sees before scrolling, on every page, with the shipped tables; and what axe says
of every page, as it comes and with its folds open.

``make test`` holds the limits; ``python -m tests.browser.first_screen`` prints what is measured.
``python -m tests.browser.open_parts`` asks axe about every fold, tab and menu.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.chromium import find
from tests.browser.conftest import OVER, PHONE, bare, inside, printed, settle, start_server

SCREEN = {"width": 1280, "height": 800}
SIZES = {"wide": SCREEN, "phone": PHONE}
#: In between, neither a page nor a map is wider than there is room.
TABLETS = (
    {"width": 1024, "height": 768},
    {"width": 880, "height": 900},
    {"width": 820, "height": 1180},
)
#: A page is at most as many screens high as this, unless its reader opens more.
SCREENS = {"wide": 3, "phone": 5}
#: The first result is not below this line, in pixels.
LINE = 420


#: Nothing fades or moves any more; what turns round and round is not waited for.
AT_REST = (
    "document.getAnimations().every(it => it.playState !== 'running'"
    " || it.effect.getTiming().iterations === Infinity)"
)
#: Its code is read once by each page.
AXE = Axe(f"if (!window.axe) {{ {AXE_SCRIPT} }}")
#: Without loading the style sheets again: no rule that is on by default reads them. What is outside
#: of landmarks is never serious, and takes long to find.
ASKED = {
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},
    "rules": {"region": {"enabled": False}},
}
#: As many folds of a page are opened for axe in each test.
OPENED = 3
CLOSED_FOLD = "[data-testid=stMain] details:not([open]) > summary"


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
    "home, searched": View("/?q=massage&area=foot", "[data-testid=stMain] a[href*='massage']", 560),
    "find": View("/find?heat=yes&remote_control=yes&condition=diabetes", PRODUCT),
    "find, cards": View("/find?heat=yes&view=cards", PRODUCT),
    "find, charts": View("/find?view=charts", ".js-plotly-plot", 520),
    "match": View("/match", ".st-key-match-signs input"),
    "match, answered": View(
        "/match?signs=none&symptom=swelling&condition=diabetes&feature=heat&budget=200",
        "table[aria-label='Your shortlist at a glance'] a",
        560,
    ),
    "compare": View(
        "/compare?type=air_compression&type=compression_stockings&type=self_massage"
        "&type=percussion&do=nothing&condition=diabetes",
        "table[aria-label='Cautions for the chosen conditions'] td",
    ),
    "symptoms": View(
        "/symptoms?symptom=swelling&people=healthy", "a[href^='symptoms?subject=']", 700
    ),
    "risks": View("/risks?condition=diabetes", "[class*='st-key-fold-risks'] summary"),
    "risks, factors": View("/risks?tab=factors&kind=lifestyle", "[role=tabpanel]"),
    "explore": View("/explore?group=device_type&group=heat", ".st-key-explore-group"),
    "data": View("/data?table=evidence", ".st-key-data-table"),
    "device": View(
        "/device?id=hyperice-normatec-3&condition=diabetes", "[data-testid=stMain] a[href^='http']"
    ),
    "type": View("/type?id=air_compression", ".legwise-lines a", 800),
}


def measure(page: Page, view: View) -> tuple[float, int]:
    """Return where the first result of an open page begins, and how high the page is."""
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    first = page.locator(view.first).filter(visible=True).first
    expect(first).to_be_visible()
    box = first.bounding_box()
    assert box
    height = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    return box["y"], height


def hold_no_sideways_scrolling(page: Page) -> None:
    """Hold that a page is not wider than its window; a grid takes a moment to follow it."""
    main = page.get_by_test_id("stMain")
    for _ in range(40):
        over = main.evaluate(OVER)
        if over <= 1:
            return
        page.wait_for_timeout(50)
    assert over <= 1


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds serious on the whole page, and headings out of order."""
    # Grey boxes stand where the code of a widget is still loading; what was redrawn fades in.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    # The policy forbids Playwright to wait for this in the page itself.
    for _ in range(600):
        if page.evaluate(AT_REST):
            break
        page.wait_for_timeout(50)
    assert page.evaluate(AT_REST)
    # Code is given to the keyboard a moment after it was drawn.
    expect(page.locator("[data-testid=stCode] pre:not([tabindex])")).to_have_count(0)
    violations = AXE.run(page, options=ASKED).response["violations"]
    return [
        (item["id"], [node["html"][:200] for node in item["nodes"]])
        for item in violations
        if item["impact"] in ("serious", "critical") or item["id"] == "heading-order"
    ]


@pytest.fixture(scope="session")
def shipped_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an app that serves the shipped tables."""
    process, base = start_server(tmp_path_factory.mktemp("shipped") / "log", script="serve.py")
    yield base
    process.terminate()
    process.wait(10)


def open_folds(page: Page, most: int = OPENED) -> int:
    """Open folds of a page, and those that come to light in them; return how many."""
    for number in range(most):
        fold = page.locator(CLOSED_FOLD).filter(visible=True).first
        if not fold.count():
            return number
        fold.click()
        settle(page)
    return most


def turn(page: Page, size: str, scheme: str) -> None:
    """Give a page that size and theme, and wait until it is drawn in them."""
    page.set_viewport_size(SIZES[size])
    page.emulate_media(color_scheme=scheme)
    # The page asks for a run in the new theme.
    expect(page.locator(".stApp")).to_have_attribute("data-legwise-theme", scheme)
    settle(page)


# Loaded once, on a phone: what depends on the width is left to style sheets. Each size in both
# themes: in one as the page comes, in the other with folds open, where all that was there before is
# still in sight. ``make axe`` asks about every state.
@pytest.mark.parametrize("name", VIEWS)
def test_a_page_answers_in_its_first_screen_and_axe_has_nothing_serious_against_it(
    shipped_server, visit, name
):
    view = VIEWS[name]
    page = visit(view.path, base=shipped_server, size=PHONE, scheme="dark")
    for size, scheme in (("phone", "dark"), ("wide", "light")):
        turn(page, size, scheme)
        y, height = measure(page, view)
        assert y <= view.line, size
        assert height <= SCREENS[size] * SIZES[size]["height"], size
        hold_no_sideways_scrolling(page)
        assert not faults(page), f"{size}, {scheme}"
    open_folds(page)
    for size, scheme in (("phone", "light"), ("wide", "dark")):
        turn(page, size, scheme)
        assert not faults(page), f"{size}, {scheme}, open"
        hold_no_sideways_scrolling(page)
    for size in TABLETS:
        page.set_viewport_size(size)
        hold_no_sideways_scrolling(page)
        for box in page.locator(".legwise-map-box").filter(visible=True).all():
            assert box.evaluate(OVER) <= 1, size


def test_a_printed_map_has_every_symptom(shipped_server, visit):
    page = visit("/symptoms", base=shipped_server)
    heads = page.locator(".legwise-map thead a")
    expect(heads.first).to_be_visible()
    names = heads.all_inner_texts()
    # Only a page's first print can cut the map: by the second it has the layout for paper.
    paper = "".join(printed(page, margin={"right": "1cm"}))
    assert len(names) > 10
    assert [word for name in names for word in name.split() if bare(word) not in paper] == []


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
            # That of the view before goes away once the new one is drawn.
            expect(inside(page, "explore.figure")).to_have_count(1)
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
                    page.goto(base + view.path)
                    settle(page)
                    y, height = measure(page, view)
                    screens = height / viewport["height"]
                    print(
                        f"{size:6} {name:20} y {y:5.0f}  height {height:5}  {screens:.1f} screens"
                    )
        finally:
            browser.close()
            server.terminate()


if __name__ == "__main__":
    main()
