"""The comparison as it is read, walked by a screen reader, and printed."""

from __future__ import annotations

import io
import re
import unicodedata

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from legwise.answers.side_by_side import compare
from tests.browser.conftest import PHONE, settle

LINK = "/compare?device=hyperice-normatec-3&device=truform-8865-20-30&type=self_massage&condition=diabetes"  # noqa: E501


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_table(visit, scheme):
    page = visit(LINK, scheme=scheme)
    expect(page.get_by_role("region", name="Comparison table")).to_be_visible()
    found = Axe().run(page, context=".legwise-table", options={"resultTypes": ["violations"]})
    serious = [
        item for item in found.response["violations"] if item["impact"] in ("serious", "critical")
    ]
    assert not serious, [(item["id"], item["nodes"][0]["html"][:200]) for item in serious]


def test_the_table_can_be_walked_by_its_heads(visit):
    page = visit(LINK)
    table = page.get_by_role("region", name="Comparison table").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(4)
    expect(table.get_by_role("rowheader", name="Remote control", exact=True)).to_have_count(1)
    head = table.get_by_role("columnheader", name=re.compile("^Normatec"))
    table.get_by_text("Evidence by symptom").scroll_into_view_if_needed()
    expect(head).to_be_in_viewport()


def test_a_phone_shows_two_columns_and_a_chooser(visit):
    page = visit(LINK, size=PHONE)
    table = page.get_by_role("region", name="Comparison table")
    heads = table.locator("thead th")
    expect(heads.nth(1)).to_be_visible()
    expect(heads.nth(2)).to_be_visible()
    expect(heads.nth(3)).to_be_hidden()
    expect(page.get_by_text("Columns on this screen")).to_be_visible()
    wide = visit(LINK)
    expect(wide.get_by_text("Columns on this screen")).to_be_hidden()


def bare(text):
    """Letters and digits only: a PDF breaks lines and swaps hyphens as it likes."""
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text))


def test_the_printed_sheet_has_every_row(visit, browser, catalogue, tmp_path):
    page = visit(LINK)
    with page.expect_download() as download:
        page.get_by_role("button", name="Print for my clinician").click()
    sheet = tmp_path / "sheet.html"
    sheet.write_bytes(download.value.path().read_bytes())
    printer = browser.new_page()
    printer.goto(sheet.as_uri())
    pdf = pypdf.PdfReader(io.BytesIO(printer.pdf(format="A4")))
    printer.close()
    text = bare("".join(part.extract_text() for part in pdf.pages))
    items = [
        ("device", "hyperice-normatec-3"),
        ("device", "truform-8865-20-30"),
        ("type", "self_massage"),
    ]
    for group in compare(catalogue, items, ["diabetes"]).groups:
        for row in group.rows:
            assert bare(row.title) in text, row.title
    assert (
        text.index("Cautionsforthechosenconditions")
        < text.index("Questionstoaskaclinician")
        < text.index("Howitworksandwhere")
    )


def test_the_share_link_restores_the_comparison(visit):
    page = visit(LINK + "&order=2,0,1&rows=differences&units=imperial")
    link = page.get_by_test_id("stCode").inner_text().strip()
    again = visit(link.removeprefix(page.url.partition("/compare")[0]))
    settle(again)
    heads = again.get_by_role("region", name="Comparison table").locator("thead th")
    expect(heads.nth(1)).to_contain_text("Self-massage by hand")
    expect(heads.nth(2)).to_contain_text("Normatec 3 Legs")
