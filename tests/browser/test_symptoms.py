"""The evidence map as it is read and picked."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import OVER, PHONE, settle

MAP = ".st-key-legwise-wide-symptoms-map .legwise-map"


def test_a_click_on_a_cell_opens_its_findings(visit):
    page = visit("/symptoms")
    expect(page.locator(MAP)).to_be_visible()
    names = page.locator(f"{MAP} thead th").all_text_contents()
    row = page.locator(f"{MAP} tr", has=page.get_by_role("link", name="Percussion massager"))
    cell = row.locator("td a").nth([name.strip() for name in names].index("Poor blood flow"))
    words = cell.get_attribute("title")
    assert words.startswith("▲ benefit")
    cell.click()
    expect(page).to_have_url(re.compile("subject=percussion&symptom=poor_blood_flow$"))
    settle(page)
    answer = page.get_by_text(f"Percussion massager: {words}").first
    expect(answer).to_be_visible()
    expect(answer).to_be_in_viewport()
    # No code of charts was fetched for it.
    fetched = page.evaluate("performance.getEntriesByType('resource').map(it => it.name)")
    assert not [name for name in fetched if "plotly" in name.lower()]


def test_the_map_fits_at_1280_and_a_phone_gets_one_symptom_at_a_time(visit):
    wide = visit("/symptoms")
    assert wide.get_by_test_id("stMain").evaluate(OVER) <= 1
    box = wide.locator(MAP).bounding_box()
    assert box["x"] + box["width"] <= 1280
    phone = visit("/symptoms?symptom=swelling", size=PHONE)
    expect(phone.locator(MAP)).to_be_hidden()
    line = phone.get_by_role("listitem").filter(has_text="Compression stockings").first
    expect(line).to_contain_text("± mixed")
    expect(line).to_be_in_viewport()
    phone.get_by_role("link", name="Leg pain", exact=True).click()
    expect(phone).to_have_url(re.compile("symptom=pain$"))


def test_sources_shown_download_as_bibtex_and_ris(visit):
    page = visit("/symptoms?subject=percussion&symptom=poor_blood_flow&tab=download")
    for name, start in (("BibTeX", "@"), ("RIS", "1.")):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        text = download.value.path().read_text(encoding="utf-8")
        assert text.startswith(start)
        assert "needs-2023-popliteal" in text
