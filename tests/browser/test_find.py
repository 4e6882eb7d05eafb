"""The find page as its visitor uses it."""

from __future__ import annotations

import io
import re

import openpyxl
import pandas as pd
from playwright.sync_api import expect

from legwise.answers.devices import device_frame
from legwise.answers.query import DeviceQuery
from legwise.exports.spreadsheets import to_csv
from legwise.facets.filters import Choice
from legwise.links.filters import value_key
from tests.browser.conftest import PHONE, inside, settle
from tests.browser.test_journeys import tick
from tests.tables import ALL, HEATED, number_of


def test_count_link_chip_and_list_agree_and_a_chip_comes_off(visit):
    kneading, both = (
        number_of("devices", device_type="shiatsu_foot_calf", **more)
        for more in ({}, {"heat": "yes"})
    )
    page = visit("/find?device_type=shiatsu_foot_calf")
    tick(page, "Heat", value_key("find", "heat", "yes"))
    heading = page.get_by_role("heading", name=re.compile(f"of {ALL} devices where"))
    expect(heading).to_have_text(
        f"{both} of {ALL} devices where type is Shiatsu foot and calf massager and heat is yes"
    )
    expect(page).to_have_url(re.compile("heat=yes"))
    expect(inside(page, value_key("find", "heat", "yes"))).to_contain_text(f"yes ({both})")
    page.get_by_role("button", name="heat is yes").click()
    settle(page)
    expect(heading).to_have_text(
        f"{kneading} of {ALL} devices where type is Shiatsu foot and calf massager"
    )
    expect(page).not_to_have_url(re.compile("heat=yes"))
    page.go_back()
    settle(page)
    expect(heading).to_have_text(
        f"{both} of {ALL} devices where type is Shiatsu foot and calf massager and heat is yes"
    )
    page.reload()
    settle(page)
    expect(heading).to_have_text(
        f"{both} of {ALL} devices where type is Shiatsu foot and calf massager and heat is yes"
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
    assert about["What this is"] == f"{HEATED} of {ALL} devices where heat is yes"
    assert about["Link"].endswith("/find?heat=yes")


def test_a_filter_can_be_set_by_keyboard_alone(visit):
    page = visit("/find")
    page.get_by_test_id("stSidebar").locator("summary", has_text=re.compile("^.*Heat$")).focus()
    page.keyboard.press("Enter")
    box = inside(page, value_key("find", "heat", "yes")).get_by_role("checkbox")
    expect(box).to_be_visible()
    for _ in range(12):
        if box.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    settle(page)
    expect(
        page.get_by_role("heading", name=f"{HEATED} of {ALL} devices where heat is yes")
    ).to_be_visible()


def test_filters_open_and_work_on_a_phone(visit):
    page = visit("/find", size=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    tick(page, "Heat", value_key("find", "heat", "yes"))
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(
        page.get_by_role("heading", name=f"{HEATED} of {ALL} devices where heat is yes")
    ).to_be_visible()
    expect(page).to_have_url(re.compile("heat=yes"))


def test_ticking_rows_fills_the_tray(visit):
    page = visit("/find?device_type=shiatsu_foot_calf")
    grid = page.get_by_test_id("stDataFrame").locator(".dvn-scroller")
    for row in (0, 1):
        # The grid is a canvas: rows are 35 px high under a head of the same height.
        grid.click(position={"x": 18, "y": 35 * (row + 1) + 17})
        expect(page).to_have_url(re.compile(f"(pick=[^&]*&?){{{row + 1}}}"))
        settle(page)
    page.get_by_role("link", name="Compare these 2 side by side").click()
    settle(page)
    expect(page.get_by_role("region", name="Comparison table")).to_be_visible()


def test_no_result_offers_the_filter_to_drop(visit):
    page = visit("/find?heat=yes&device_type=compression_stockings")
    page.get_by_role("button", name=re.compile(f"Drop the filter: .* {HEATED} devices")).click()
    settle(page)
    expect(
        page.get_by_role("heading", name=f"{HEATED} of {ALL} devices where heat is yes")
    ).to_be_visible()
