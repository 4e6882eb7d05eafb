"""Help me choose and home as their visitors use them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, inside, settle


def top(locator):
    return locator.bounding_box()["y"]


def height(page):
    return page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")


@pytest.mark.parametrize(("size", "screens"), [(WIDE, 3), (PHONE, 5)], ids=["wide", "phone"])
def test_question_and_form_stand_in_the_first_screen_and_an_answer_is_short(visit, size, screens):
    page = visit("/match", size=size)
    assert top(inside(page, "match.signs").get_by_role("radio").first) <= 420
    symptoms = inside(page, "match.symptoms")
    assert top(symptoms) + symptoms.bounding_box()["height"] < size["height"]
    page.get_by_text("No, none of these").click()
    expect(page).to_have_url(re.compile("signs=none"))  # the form moves with this answer
    settle(page)
    box = symptoms.get_by_role("combobox")
    expect(box).to_have_count(1)  # the form moves: for a moment it is there twice
    box.click()
    box.press_sequentially("swollen legs")
    page.get_by_role("option", name=re.compile("^Swelling")).click()
    page.keyboard.press("Escape")
    settle(page)
    expect(page).to_have_url(re.compile("symptom=swelling"))
    page.get_by_role("button", name="Fold the form, show my shortlist").click()
    settle(page)
    expect(symptoms).to_have_count(0)
    rows = page.get_by_role("table", name="Your shortlist at a glance").get_by_role("row")
    expect(rows.filter(has_text="Compression stockings")).to_have_count(1)
    assert height(page) <= screens * size["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_text("Swelling (oedema) (change)").click()
    settle(page)
    expect(symptoms).to_contain_text("Swelling (oedema)")


def test_who_has_an_urgent_sign_is_told_at_once_what_to_do(visit):
    page = visit("/match", size=PHONE)
    page.get_by_text("Yes, at least one").click()
    expect(page.get_by_text("Do not use a device or massage now")).to_be_in_viewport()


def test_leg_and_list_choose_the_same_areas_and_reasons_open_one_by_one(visit):
    page = visit("/match?signs=none&symptom=swelling")
    page.get_by_text("Swelling (oedema) (change)").click()
    settle(page)
    page.get_by_role("checkbox", name="Calf").click()
    settle(page)
    expect(inside(page, "match.areas")).to_contain_text("Calf")
    expect(page).to_have_url(re.compile("area=calf"))
    inside(page, "match.areas").get_by_role("button", name="Clear all").click()
    settle(page)
    expect(page).not_to_have_url(re.compile("area="))
    expect(page.get_by_role("checkbox", name="Calf")).to_have_attribute("aria-checked", "false")
    page.get_by_text(re.compile(r"\d+\. Compression stockings$")).last.click()
    expect(page.get_by_text(re.compile("For swelling .* of compression stockings"))).to_be_visible()
    page.get_by_role("link", name="Compression stockings").click()
    settle(page)
    expect(page).to_have_url(re.compile(r"/type\?id=compression_stockings"))


@pytest.mark.parametrize(("size", "screens"), [(WIDE, 3), (PHONE, 5)], ids=["wide", "phone"])
def test_home_offers_search_leg_and_ways_in_within_the_first_screen(visit, size, screens):
    page = visit("/", size=size)
    # Grey boxes stand where the code of a widget is still on its way.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    for part in (inside(page, "app.text"), inside(page, "app.areas"), inside(page, "app.leg")):
        assert top(part) < size["height"] * 0.75
    heights = set()
    for name in ("Find devices", "Help me choose", "Compare"):
        card = inside(page, "legwise-ways").get_by_role("link", name=name, exact=True)
        assert top(card) < size["height"]
        heights.add(card.bounding_box()["height"])
    assert len(heights) == 1
    assert height(page) <= screens * size["height"]
    page.get_by_role("textbox", name=re.compile("Search devices")).fill("swollen legs")
    page.keyboard.press("Enter")
    settle(page)
    page.locator(".legwise-hits").get_by_role("link", name="Swelling (oedema)").click()
    settle(page)
    expect(page).to_have_url(re.compile(r"/symptoms\?symptom=swelling"))
