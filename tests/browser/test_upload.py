"""A device list of one's own, as two visitors at once use it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import settle


def bring(page: Page, brand: str) -> None:
    content = (
        "Marke;Modell;Gerätetyp;Preis;Farbe\n"
        f"{brand};One;boots;1.299,50 €;rot\n{brand};Two;hovercraft;89 €;blau\n"
    )
    file = {"name": f"{brand}.csv", "mimeType": "text/csv", "buffer": content.encode("cp1252")}
    page.locator('input[type="file"]').first.set_input_files(files=[file])
    page.get_by_role("button", name="Use this list").click()
    expect(page.get_by_role("button", name="Back to the shipped data")).to_be_visible()
    settle(page)


def test_two_visitors_bring_lists_and_each_sees_one(visit):
    one, two = visit("/data?view=upload"), visit("/data?view=upload")
    bring(one, "Zork")
    bring(two, "Quux")
    for page, brand, other in ((one, "Zork", "Quux"), (two, "Quux", "Zork")):
        page.get_by_test_id("stSidebar").get_by_role("link", name="Find devices").click()
        settle(page)
        expect(page.get_by_role("heading", name="2 of 2 devices")).to_be_visible()
        expect(page.get_by_role("link", name=f"{brand} One")).to_be_visible()
        expect(page.get_by_role("link", name=f"{other} One")).to_have_count(0)
        # A link within a table keeps the visit, and with it the list.
        page.get_by_role("link", name=f"{brand} One").click()
        expect(page.get_by_role("heading", name=f"{brand} One", level=1)).to_be_visible()
        expect(page.get_by_text("1,299.50 EUR").first).to_be_visible()
        page.get_by_role("button", name="Back to the shipped data").click()
        settle(page)
        expect(page.get_by_text(f"{brand}.csv")).to_have_count(0)


def test_whoever_opens_a_link_to_a_list_without_it_is_told_which(visit):
    page = visit("/find?list=shop.csv+0123456789ab")
    expect(page.get_by_text("shop.csv (0123456789ab)")).to_be_visible()
