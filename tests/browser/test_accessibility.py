"""What axe cannot tell; what it can is held in ``first_screen``."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Line, inside, settle
from tests.browser.first_screen import hold_no_sideways_scrolling

#: Names of icons, which a font draws: read aloud they are noise.
ICON = re.compile(r"\b(?:[a-z]+_)+[a-z]+\b")
#: A page at 200 % on a screen of 1280 × 900 pixels.
ZOOMED = {"width": 640, "height": 450}


def test_the_chosen_tab_is_read_in_the_dark(visit):
    # Axe cannot tell the ground of a tab, for the line under it. The accent colour as text would be
    # 3.9:1.
    tab = visit("/data", scheme="dark").get_by_role("tab", name="Rows").locator("p")
    expect(tab).to_have_css("color", "rgb(140, 198, 242)")


def test_what_is_chosen_in_a_menu_is_read_in_the_dark(visit):
    page = visit("/compare?type=air_compression&type=self_massage", scheme="dark")
    page.get_by_role("button", name="Columns and units").click()
    units = page.get_by_test_id("stPopoverBody").locator("[aria-checked=true] p").first
    expect(units).to_have_css("color", "rgb(140, 198, 242)")


def tab_to(page: Page, role: str, name: str, most: int = 60) -> None:
    """Press Tab until what has that name has the focus."""
    target = page.get_by_role(role, name=name).first
    expect(target).to_be_visible()
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("it => it === it.getRootNode().activeElement"):
            return
    pytest.fail(f"Tab does not reach {name}")


def test_the_keyboard_alone_leads_from_a_search_to_a_page_to_print(visit):
    page = visit("/find?device_type=air_compression")
    expect(page.locator(".st-key-legwise-browser span")).to_be_attached()
    boxes = page.get_by_role("checkbox", name="Compare: ")
    names = [boxes.nth(number).get_attribute("aria-label") or "" for number in range(2)]
    for name in names:
        tab_to(page, "checkbox", name)
        page.keyboard.press("Space")
        settle(page)
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    tab_to(page, "link", "Compare these 2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Key facts")).to_be_visible()
    settle(page)
    heads = page.get_by_role("group", name="What is compared")
    for name in names:
        expect(heads.get_by_role("link", name=name.removeprefix("Compare: "))).to_be_visible()
    tab_to(page, "button", "Print for my clinician")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert "</html>" in download.value.path().read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "drawn", "menu"),
    [
        ("/find?heat=yes", ".legwise-list", "find.menu.device_type"),
        ("/symptoms?symptom=swelling&view=bubbles", ".js-plotly-plot", "symptoms.which"),
        ("/compare?type=air_compression&type=self_massage", "table", "fold.compare.conditions"),
    ],
)
def test_what_is_read_aloud_are_words(visit, path, drawn, menu):
    page = visit(path)
    expect(page.locator(drawn).first).to_be_visible()
    # Marks and ticks of a figure are not read one by one: its name says what it is.
    expect(page.locator(".main-svg:not([aria-hidden])")).to_have_count(0)
    inside(page, menu).get_by_role("button").first.click()
    settle(page)
    body = page.get_by_test_id("stPopoverBody")
    expect(body.locator("input").first).to_be_attached()
    expect(page.locator('[aria-label*="\\\\"]')).to_have_count(0)
    lines = page.locator("body").aria_snapshot().splitlines()
    told = [line for line in lines if "/url:" not in line]
    assert not [line for line in told if ICON.search(line)]
    assert not [line for line in told if re.match(r" *- (button|link|checkbox|table):?$", line)]


def test_a_page_follows_the_theme_while_it_is_open(visit):
    page = visit("/symptoms?symptom=swelling&view=bubbles")
    name = page.locator(".legwise-verdicts a.name").first
    words = page.locator(".js-plotly-plot .xtick text").first
    expect(name).to_have_css("color", "rgb(11, 92, 150)")
    ink = words.evaluate("it => getComputedStyle(it).fill")
    # The page has to be listening: it is told so by the run in which it was drawn.
    expect(page.locator(".stApp")).to_have_attribute("data-legwise-theme", "light")
    settle(page)
    page.emulate_media(color_scheme="dark")
    expect(name).to_have_css("color", "rgb(140, 198, 242)")
    # A figure is redrawn.
    expect(words).not_to_have_css("fill", ink)


def test_a_theme_that_changed_before_a_page_was_drawn_counts(visit):
    page = visit("/symptoms")
    line = Line(page)
    line.slow()
    page.reload()
    expect(page.get_by_test_id("stApp")).to_be_visible()
    while not line.late:
        page.wait_for_timeout(50)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    line.hurry()
    expect(page.locator(".stApp")).to_have_attribute("data-legwise-theme", "dark")


def test_what_is_chosen_is_seen_where_the_system_chooses_the_colours(visit):
    page = visit("/compare?type=air_compression&type=compression_stockings")
    page.emulate_media(forced_colors="active")
    rows = page.get_by_role("radiogroup", name="Rows").get_by_role("radio")
    chosen, other = (rows.and_(page.locator(f"[aria-checked={now}]")) for now in ("true", "false"))
    ground = "it => getComputedStyle(it).backgroundColor"
    assert chosen.evaluate(ground) != other.first.evaluate(ground)
    bar = "it => getComputedStyle(it).borderLeftColor"
    cells = page.get_by_role("table", name="Key facts").locator("tbody td")
    alike = cells.and_(page.locator(":not(.differs)")).first
    assert cells.and_(page.locator(".differs")).first.evaluate(bar) != alike.evaluate(bar)
    page.goto(page.url.partition("/compare")[0] + "/risks?tab=factors")
    settle(page)
    toggle = page.get_by_test_id("stCheckbox").locator("label > div").first
    expect(toggle).to_have_css("outline-style", "solid")


@pytest.mark.parametrize("path", ["/find?heat=yes", "/type?id=air_compression"])
def test_nothing_is_cut_or_covered_at_twice_the_size(visit, path):
    page = visit(path, size=ZOOMED)
    page.emulate_media(reduced_motion="reduce")
    hold_no_sideways_scrolling(page)
    title = page.get_by_role("heading", level=1)
    words = title.evaluate(
        "it => { const range = document.createRange(); range.selectNodeContents(it);"
        " const box = range.getBoundingClientRect(); return [box.left + 5, box.bottom - 2]; }"
    )
    covered = "([x, y]) => !document.elementFromPoint(x, y).closest('h1')"
    assert not page.evaluate(covered, words)


def test_a_menu_of_folds_is_entered_by_tab_and_left_from_a_list_of_choices(visit):
    page = visit("/find")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.locator(".st-key-legwise-browser span")).to_be_attached()
    menu = page.get_by_test_id("stPopoverBody")
    inside = "menu => menu.contains(document.activeElement)"
    page.get_by_role("button", name="More filters").press("Enter")
    expect(menu.locator("summary").first).to_be_visible()
    settle(page)
    for _ in "ab":
        page.keyboard.press("Tab")
        assert menu.evaluate(inside)
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_role("button", name="More filters")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    columns = page.get_by_role("button", name="Columns")
    columns.press("Enter")
    expect(menu.get_by_role("combobox")).to_be_visible()
    settle(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        if not menu.evaluate(inside):
            break
    # On to what follows the button, not out of the page.
    expect(page.get_by_role("radio", name="Table")).to_be_focused()
