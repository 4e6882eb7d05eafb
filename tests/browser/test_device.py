"""The page of one device and of one type, as a visitor uses them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OVER, PHONE, settle

DEVICE = "/device?id=hyperice-normatec-3"
SCREEN = {"width": 1280, "height": 800}


@pytest.mark.parametrize(("size", "screens"), [(SCREEN, 3), (PHONE, 5)], ids=["wide", "phone"])
@pytest.mark.parametrize("path", [DEVICE, "/type?id=air_compression"])
def test_the_first_screen_says_what_it_is_and_the_page_is_short(visit, path, size, screens):
    page = visit(path, size=size)
    height = page.get_by_test_id("stMain").evaluate("element => element.scrollHeight")
    assert height <= screens * size["height"]
    for shown in (page.locator(".legwise-drawing").first, page.get_by_text("Price:")):
        box = shown.bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] <= size["height"]
    assert page.get_by_test_id("stMain").evaluate(OVER) <= 1


def test_a_similar_device_opens_and_the_compare_list_comes_along(visit):
    page = visit(DEVICE, size=SCREEN)
    page.get_by_role("button", name="Add to compare").click()
    expect(page.get_by_role("button", name="Remove from compare list")).to_be_visible()
    similar = page.locator("[aria-label='Similar devices'] a").first
    name = similar.inner_text().strip()
    similar.click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page).not_to_have_url(re.compile("hyperice-normatec-3|via"))
    settle(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Normatec 3 Legs")).to_be_visible()
    expect(page).to_have_title("Normatec 3 Legs · Legwise")
    page.go_forward()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Add to compare").click()
    page.get_by_role("link", name="Compare the 2 in the list").click()
    expect(page).to_have_url(re.compile(r"/compare\?.*device=hyperice-normatec-3"))
    settle(page)
    heads = page.get_by_role("table", name="Key facts").get_by_role("columnheader")
    expect(heads.filter(has_text="Normatec 3 Legs")).to_be_visible()


def test_a_sentence_on_a_symptom_leads_to_its_findings(visit):
    page = visit("/type?id=air_compression", size=SCREEN)
    sentence = page.locator("[aria-label^='What was found'] a").first
    expect(sentence).to_contain_text("Best kind of study")
    sentence.click()
    expect(page).to_have_url(re.compile("/symptoms.*subject=air_compression&symptom="))


def test_a_fold_is_drawn_when_it_is_opened_and_names_both_sides(visit):
    page = visit("/type?id=air_compression", size=SCREEN)
    expect(page.get_by_text("A physiotherapy clinic offers leg boots")).to_have_count(0)
    page.get_by_text("Accepted by some:").click()
    expect(page.get_by_text("A physiotherapy clinic offers leg boots")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_text("Download", exact=True).click()
        page.get_by_role("button", name="Download CSV").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("Part,About,What is known,Sources")
