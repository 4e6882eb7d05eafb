from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import bare, inside, printed, settle, start_server
from tests.packages import SMALL
from tests.tables import ALL, HEATED, number_of


def switch(page: Page, name: str) -> None:
    """Ask for a feature by its switch on the find page, or take it off."""
    before = page.url
    inside(page, f"find.quick.{name}").get_by_role("button").click()
    # A page is at rest for a moment after a click, too: the next click would be one step with it.
    expect(page).not_to_have_url(before)
    settle(page)


@pytest.fixture
def fresh_server(tmp_path):
    server, base = start_server(tmp_path / "log", LEGWISE_DATA=str(SMALL))
    yield base
    server.terminate()
    server.wait(10)


def test_first_request_of_a_fresh_server_may_be_a_deep_link(fresh_server, visit):
    both = number_of("devices", heat="yes", remote_control="yes")
    page = visit("/find?heat=yes&remote_control=yes", base=fresh_server)
    expect(
        page.get_by_role("heading", name=f"{both} of {ALL} devices with heat and a remote control")
    ).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Compare")).to_be_visible()


def test_pick_then_link_then_reload(visit):
    page = visit("/find")
    switch(page, "heat")
    expect(page).to_have_url(re.compile(r"[?&]heat=yes"))
    expect(page.get_by_role("heading", name=f"{HEATED} of {ALL} devices with heat")).to_be_visible()
    page.reload()
    settle(page)
    expect(page.get_by_role("heading", name=f"{HEATED} of {ALL} devices with heat")).to_be_visible()
    expect(page.get_by_role("button", name="Heat: yes")).to_be_visible()


def test_back_undoes_pick_by_pick_and_forward_redoes(visit):
    page = visit("/find")
    switch(page, "heat")
    switch(page, "remote_control")
    expect(page).to_have_url(re.compile("remote_control=yes"))
    page.go_back()
    settle(page)
    expect(page.get_by_role("heading", name=f"{HEATED} of {ALL} devices with heat")).to_be_visible()
    assert "remote_control" not in page.url
    page.go_back()
    settle(page)
    expect(page.get_by_role("heading", name=f"{ALL} of {ALL} devices")).to_be_visible()
    page.go_forward()
    settle(page)
    expect(page.get_by_role("heading", name=f"{HEATED} of {ALL} devices with heat")).to_be_visible()


def test_back_after_a_link_to_another_page_restores_the_filters(visit):
    page = visit("/find?heat=yes")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Risks").click()
    expect(page.get_by_role("heading", name="Risks")).to_be_visible()
    settle(page)
    expect(page).to_have_url(re.compile(r"/risks$"))
    page.go_back()
    settle(page)
    expect(page.get_by_role("heading", name=f"{HEATED} of {ALL} devices with heat")).to_be_visible()


def test_two_visitors_do_not_meet(visit):
    one, two = visit("/find"), visit("/find")
    switch(one, "heat")
    two.reload()
    settle(two)
    expect(two.get_by_role("heading", name=f"{ALL} of {ALL} devices")).to_be_visible()
    assert "heat" not in two.url


def test_home_leads_to_a_comparison(visit):
    page = visit("/")
    page.get_by_role("link", name="Boots, stockings, by hand").click()
    settle(page)
    heads = page.get_by_role("group", name="What is compared")
    expect(heads.get_by_role("link", name=re.compile("^Compression stockings"))).to_be_visible()
    facts = page.get_by_role("table", name="Key facts")
    expect(facts.get_by_role("rowheader", name="Heat")).to_have_count(1)
    page.locator("summary", has_text="Cautions").first.click()
    expect(page.get_by_role("table", name="Cautions")).to_contain_text("Contraindicated")


def test_a_hostile_link_is_text_on_screen(visit):
    page = visit("/find?heat=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&device_type=**x**")
    notice = page.get_by_test_id("stAlert")
    expect(notice).to_contain_text("<img src=x onerror=alert(1)>")
    expect(notice).to_contain_text("**x**")
    expect(notice.locator("img")).to_have_count(0)


def test_an_unknown_address_is_said_and_leads_on(visit):
    page = visit("/nowhere", tolerate="does not seem to exist")
    expect(page.get_by_text("Page not found")).to_be_visible()


def test_findings_open_by_select_boxes_alone(visit):
    page = visit("/symptoms")
    for key, text in (
        ("symptoms.subject", "Percussion massager"),
        ("symptoms.symptom", "Poor blood flow"),
    ):
        box = inside(page, key).get_by_role("combobox")
        box.click()
        box.press_sequentially(text)
        expect(page.get_by_role("option", name=text)).to_be_visible()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"{key.partition('.')[2]}="))
        settle(page)
    expect(page.get_by_text("Percussion massager: ▲ benefit").first).to_be_visible()
    expect(page).to_have_url(re.compile("subject=percussion.*symptom=poor_blood_flow"))


def test_a_table_downloads_as_it_is_on_disk(visit, catalogue):
    page = visit("/data?table=symptoms")
    with page.expect_download() as download:
        page.get_by_role("button", name="This table (CSV)").click()
    path = catalogue.package.directory / "symptoms.csv"
    assert download.value.path().read_bytes() == path.read_bytes()


def test_links_in_tables_lead_on_within_the_visit(visit):
    page = visit("/symptoms?symptom=swelling")
    # Until the code that follows links is there, the browser does.
    expect(page.locator(".st-key-legwise-browser span")).to_be_attached()
    page.evaluate("window.loaded = true")
    main = page.get_by_test_id("stMain")
    subject = main.locator("a[href^='symptoms?subject=']").filter(visible=True).first
    asked = subject.get_attribute("href")
    subject.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(asked)))
    settle(page)
    main.locator("a[href^='type?id=']").filter(visible=True).first.click()
    expect(page).to_have_url(re.compile(r"/type\?id="))
    settle(page)
    page.go_back()
    expect(page).to_have_url(re.compile(re.escape(asked)))
    page.go_back()
    expect(page).to_have_url(re.compile("symptoms.symptom=swelling$"))
    expect(subject).to_be_visible()
    assert page.evaluate("window.loaded")


def test_cautions_and_what_was_chosen_are_on_paper_and_what_was_not_is_not(visit):
    page = visit("/risks?condition=diabetes")
    line = page.locator("summary", has_text="Contraindicated with diabetes").first
    expect(line).to_be_visible()
    words = bare(line.locator("strong").inner_text() + ": Contraindicated with diabetes")
    other = page.locator("[role=tab]", has_text="Effect sizes")
    expect(other).to_be_visible()
    page.emulate_media(media="print")
    expect(other).to_be_hidden()  # not before the page knows which tab is chosen
    paper = "".join(printed(page))
    assert words in paper
    assert bare("My cautions") in paper
    assert bare("Effect sizes") not in paper
    page = visit("/compare?type=air_compression&type=self_massage")
    assert re.search(r"Cautions\d+rows", "".join(printed(page)))
    page = visit("/match?signs=none&symptom=swelling")
    answers = page.get_by_role("radio")
    expect(answers).to_have_count(2)
    page.emulate_media(media="print")
    expect(answers.nth(1)).to_be_hidden()
    expect(answers.nth(0)).to_be_checked()
    # What stands under a heading is not left out.
    assert bare("Why, one by one1. ") in "".join(printed(page))


def test_a_wide_chart_gives_way_to_its_table_where_the_sidebar_leaves_no_room(visit):
    page = visit("/risks?tab=effects", size={"width": 820, "height": 900})
    reading = page.get_by_text("Right of the dashed line means more often")
    notice = page.get_by_text("This chart needs more room.")
    expect(notice).to_be_visible()
    expect(reading).to_be_hidden()
    # Paper is wider.
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_attached()
    paper = "".join(printed(page))
    assert bare("Ratio (log axis)") in paper
    assert bare("Right of the dashed line") in paper
    assert bare("needs more room") not in paper
    # Without the sidebar, a window of 630 pixels leaves as much room as one of 1000 with it.
    for width in (630, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        expect(notice).to_be_hidden()
        expect(reading).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
