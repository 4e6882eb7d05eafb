"""The find page as its visitor uses it."""

from __future__ import annotations

import io
import re

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import expect

from legwise.answers.devices import device_frame
from legwise.answers.query import DeviceQuery
from legwise.exports.spreadsheets import to_csv
from legwise.facets.filters import Choice
from legwise.links.find import column_names
from tests.browser.conftest import OVER, PHONE, Line, bare, inside, printed, settle
from tests.browser.test_journeys import switch
from tests.tables import ALL, HEATED, number_of


def test_count_link_and_list_agree_and_a_switch_comes_off(visit):
    kneading, both = (
        number_of("devices", device_type="shiatsu_foot_calf", **more)
        for more in ({}, {"heat": "yes"})
    )
    page = visit("/find?device_type=shiatsu_foot_calf")
    switch(page, "heat")
    heading = page.get_by_role("heading", name=re.compile(f"of {ALL} devices of"))
    expect(heading).to_have_text(
        f"{both} of {ALL} devices of type Shiatsu foot and calf massager, with heat"
    )
    expect(page).to_have_url(re.compile("heat=yes"))
    switch(page, "heat")
    expect(heading).to_have_text(
        f"{kneading} of {ALL} devices of type Shiatsu foot and calf massager"
    )
    expect(page).not_to_have_url(re.compile("heat=yes"))
    page.go_back()
    settle(page)
    expect(heading).to_have_text(
        f"{both} of {ALL} devices of type Shiatsu foot and calf massager, with heat"
    )
    page.reload()
    settle(page)
    expect(heading).to_have_text(
        f"{both} of {ALL} devices of type Shiatsu foot and calf massager, with heat"
    )


def test_downloads_hold_what_the_core_says_for_all_pages(visit, catalogue, index):
    page = visit("/find?heat=yes")
    answer = index.ask(DeviceQuery(filters=(("heat", Choice(("yes",))),)))
    fields = [catalogue.package["devices"][name] for name in catalogue.package["devices"].listed]
    frame = device_frame(catalogue, catalogue.keys_at("devices", answer.rows), fields)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    content = download.value.path().read_bytes()
    assert content == to_csv(frame)
    assert len(pd.read_csv(io.BytesIO(content))) == HEATED
    with page.expect_download() as download:
        page.get_by_role("button", name="Download XLSX").click()
    about = dict(
        openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))["About"].values
    )
    assert about["What this is"] == f"{HEATED} of {ALL} devices with heat"
    assert about["Link"].endswith("/find?heat=yes")


def test_a_filter_can_be_set_by_keyboard_alone(visit):
    page = visit("/find")
    inside(page, "find.budget").get_by_role("spinbutton").focus()
    heat = inside(page, "find.quick.heat").get_by_role("button")
    for _ in range(8):
        page.keyboard.press("Tab")
        if heat.evaluate("element => element === document.activeElement"):
            break
    expect(heat).to_be_focused()
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_role("heading", name=f"{HEATED} of {ALL} devices with heat")).to_be_visible()


def test_on_a_phone_four_taps_and_a_number_lead_to_an_answer_or_to_what_is_missing(visit):
    """Foot and calf, heat, remote control, under 150 USD."""
    page = visit("/find", size=PHONE)
    taps = 0
    for target in (
        inside(page, "find.menu.device_type").get_by_role("button"),
        page.locator("label", has_text="Foot and calf machines"),
        inside(page, "find.quick.heat").get_by_role("button"),
        inside(page, "find.quick.remote_control").get_by_role("button"),
    ):
        target.click()
        taps += 1
        settle(page)
    inside(page, "find.budget").get_by_role("spinbutton").fill("150")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"price_usd=\.\.150"))
    settle(page)
    assert taps <= 4
    expect(page.get_by_role("heading", name="price at most 150 USD")).to_be_visible()
    step = page.get_by_role("button", name="Include those that do not state price")
    expect(step.or_(page.locator(".legwise-list a").first).first).to_be_visible()
    if step.is_visible():
        step.click()
        settle(page)
        expect(page.locator(".legwise-list tbody tr")).not_to_have_count(0)


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE])
def test_the_first_product_is_in_the_first_screen_and_no_name_is_cut(visit, size):
    page = visit("/find?heat=yes&remote_control=yes", size=size)
    names = page.locator('.legwise-list a[href^="device?id="]')
    expect(names.first).to_be_visible()
    box = names.first.bounding_box()
    assert box["y"] <= 420
    assert page.get_by_test_id("stMain").evaluate(OVER) <= 1
    for name in names.all():
        assert name.evaluate(OVER) <= 1
        assert name.evaluate("it => getComputedStyle(it).textOverflow") == "clip"


def test_a_menu_is_reached_left_and_closed_by_keyboard(visit):
    page = visit("/find")
    line = Line(page)
    page.reload()
    settle(page)
    # The code that walks menus is on its way while the page is read.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.locator(".st-key-legwise-browser span")).to_be_attached()
    button = inside(page, "find.menu.device_type").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_test_id("stPopoverBody")
    expect(menu.get_by_role("checkbox").first).to_be_visible()
    settle(page)
    page.keyboard.press("Tab")
    assert menu.evaluate("menu => menu.contains(document.activeElement)")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("device_type="))
    settle(page)
    assert menu.evaluate("menu => menu.contains(document.activeElement)")
    for _ in range(40):
        page.keyboard.press("Tab")
        if not menu.evaluate("menu => menu.contains(document.activeElement)"):
            break
    expect(inside(page, "find.menu.body_areas").get_by_role("button")).to_be_focused()
    line.slow()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(button).to_be_focused()
    # The server answers when it can, and the button is drawn again.
    page.wait_for_timeout(3_500)
    line.hurry()
    expect(button).to_have_attribute("kind", "primary")
    settle(page)
    expect(button).to_be_focused()


def test_what_is_ticked_is_in_the_bar_at_once_and_leads_to_compare(visit):
    page = visit("/find?device_type=shiatsu_foot_calf", size=PHONE)
    # Rows that stack are still read as a table whose cells name their columns.
    rows = page.get_by_role("table", name="Matching devices").get_by_role("row")
    expect(rows.get_by_role("rowheader").first).to_be_visible()
    expect(rows.get_by_role("cell", name=re.compile("^Facts stated: \\d")).first).to_be_visible()
    boxes = page.get_by_role("checkbox", name=re.compile("^Compare: "))
    for number in (1, 2):
        boxes.nth(number - 1).check()
        expect(page).to_have_url(re.compile(f"(pick=[^&]*&?){{{number}}}"))
        settle(page)
    bar = inside(page, "find-picked")
    expect(bar).to_be_in_viewport()
    boxes.nth(0).uncheck()
    expect(page.get_by_text("Add one more to compare")).to_be_visible()
    settle(page)
    boxes.nth(0).check()
    settle(page)
    bar.get_by_role("link", name="Compare these 2").click()
    settle(page)
    expect(page.get_by_role("table", name="Key facts")).to_be_visible()


def test_no_result_offers_the_filter_to_drop(visit):
    page = visit("/find?heat=yes&device_type=compression_stockings")
    page.get_by_role("button", name=re.compile(f"Drop .*: {HEATED} devices")).click()
    settle(page)
    expect(page.get_by_role("heading", name=f"{HEATED} of {ALL} devices with heat")).to_be_visible()


@pytest.mark.parametrize(("columns", "least"), [(0, 1280), (9, 1280), (None, 9999)])
def test_the_list_is_a_table_where_its_columns_fit_and_never_wider_than_its_page(
    visit, catalogue, columns, least
):
    asked = "".join(f"&column={name}" for name in column_names(catalogue)[:columns])
    page = visit(f"/find?price_usd=0..{asked}")
    table = page.get_by_role("table", name="Matching devices")
    for width in (641, 768, 820, 1024, 1600, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        # Otherwise each row is a paragraph.
        expect(table).to_have_css("display", "table" if width >= least else "block")
        over = table.evaluate("it => it.scrollWidth - it.parentElement.clientWidth")
        assert over <= 1, width


def test_a_printed_list_is_paragraphs_without_boxes(visit):
    page = visit("/find?heat=yes")
    table = page.get_by_role("table", name="Matching devices")
    expect(table).to_have_css("display", "table")
    paper = "".join(printed(page))
    assert all(bare(f"{title}: yes") in paper for title in ("Heat", "Remote control"))
    assert "Compare" not in paper
    expect(table).to_have_css("display", "table")
