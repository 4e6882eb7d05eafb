"""The comparison as it is read, walked by a screen reader, and printed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from legwise.answers.side_by_side import compare
from tests.browser.conftest import PHONE, WIDE, bare, inside, printed, settle

LINK = "/compare?device=hyperice-normatec-3&device=truform-8865-20-30&type=self_massage&condition=diabetes"  # noqa: E501

TYPES = (
    "/compare?type=air_compression&type=compression_stockings&type=self_massage&condition=diabetes"
)


def main_height(page):
    return page.get_by_test_id("stMain").evaluate("element => element.scrollHeight")


@pytest.mark.parametrize(("size", "most"), [(WIDE, 3 * 800), (PHONE, 5 * 844)])
def test_the_page_scrolls_its_first_cell_is_high_up_and_its_head_stays_in_sight(visit, size, most):
    page = visit(TYPES, size=size)
    heads = page.get_by_role("group", name="What is compared")
    name = heads.get_by_role("link", name="Air compression massager")
    expect(name).to_have_attribute("href", "type?id=air_compression&condition=diabetes")
    cell = page.get_by_role("table", name="Cautions for the chosen conditions").locator("td").first
    assert cell.bounding_box()["y"] <= 430
    assert main_height(page) <= most
    # No box within the page scrolls.
    inner = page.locator(".legwise-side, .legwise-heads, .legwise-side table")
    for box in inner.all():
        assert box.evaluate("element => element.scrollHeight - element.clientHeight") <= 1
    last = page.get_by_role("row", name=re.compile("^Poor blood flow"))
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(name).to_be_in_viewport()


def test_the_table_can_be_walked_by_its_heads(visit):
    page = visit(LINK)
    table = page.get_by_role("table", name="Key facts")
    expect(table.get_by_role("columnheader")).to_have_count(4)
    expect(table.get_by_role("rowheader", name="Remote control", exact=True)).to_have_count(1)
    marked = table.locator("td.differs").first
    expect(marked).to_contain_text("Differs:")
    assert marked.evaluate("cell => getComputedStyle(cell).borderLeftWidth") == "4px"


def test_a_closed_group_opens_by_keyboard_and_only_then_has_its_rows(visit):
    page = visit(LINK)
    rows = page.get_by_role("rowheader", name="Legal class, United States")
    expect(rows).to_have_count(0)
    fold = page.locator("summary", has_text="Regulation")
    fold.focus()
    page.keyboard.press("Enter")
    settle(page)
    expect(rows).to_have_count(1)


def test_a_phone_shows_two_columns_and_a_chooser(visit):
    page = visit(LINK, size=PHONE)
    names = page.get_by_role("group", name="What is compared").locator(".name")
    expect(names.nth(0)).to_be_visible()
    expect(names.nth(1)).to_be_visible()
    expect(names.nth(2)).to_be_hidden()
    page.get_by_role("button", name="Columns and units").click()
    settle(page)
    expect(page.get_by_text("Columns on this screen")).to_be_visible()
    box = inside(page, "compare.narrow.3")
    box.get_by_role("button", name=re.compile("Normatec")).click()
    settle(page)
    box.get_by_role("combobox").click()
    page.get_by_role("option", name="Self-massage by hand").click()
    page.keyboard.press("Escape")
    settle(page)
    expect(names.nth(2)).to_be_visible()
    expect(names.nth(0)).to_be_hidden()
    wide = visit(LINK)
    wide.get_by_role("button", name="Columns and units").click()
    settle(wide)
    expect(wide.get_by_text("Columns on this screen")).to_be_hidden()


#: Words of an element that stand on two lines.
CUT = r"""element => {
    const text = document.createRange(), cut = [], node = element.firstChild;
    for (const word of node.data.matchAll(/[^\s-]+/g)) {
        text.setStart(node, word.index);
        text.setEnd(node, word.index + word[0].length);
        if (text.getClientRects().length > 1) cut.push(word[0]);
    }
    return cut;
}"""


@pytest.mark.parametrize(("more", "shown"), [("", 3), ("&type=foot_bath&do=nothing", 2)])
def test_a_tablet_cuts_no_word_and_leaves_out_columns_of_many(visit, more, shown):
    page = visit(LINK + more)
    names = page.get_by_role("group", name="What is compared").locator(".name")
    expect(names.last).to_be_visible()
    whole = names.count()
    for width, columns in ((1280, whole), (1200, whole), (1024, whole), (820, shown)):
        page.set_viewport_size({"width": width, "height": 900})
        expect(names.filter(visible=True)).to_have_count(columns)
        heads = names.filter(visible=True).locator("b")
        assert [name.evaluate(CUT) for name in heads.all()] == [[]] * columns, width
    page.get_by_role("button", name="Columns and units").click()
    chooser = page.get_by_text("Columns on this screen")
    expect(chooser).to_be_visible() if more else expect(chooser).to_be_hidden()


def printed_sheet(download, window, folder):
    """The pages of a sheet that was downloaded, as a browser prints it."""
    sheet = folder / "sheet.html"
    sheet.write_bytes(download.value.path().read_bytes())
    printer = window.new_page()
    printer.goto(sheet.as_uri())
    pages = printed(printer)
    printer.close()
    return pages


def test_boots_against_stockings_with_diabetes_is_one_printed_page_in_five_clicks(
    visit, window, tmp_path
):
    page, clicks = visit("/compare"), 0

    def click(target):
        nonlocal clicks
        clicks += 1
        target.click()
        settle(page)

    items = inside(page, "compare.items").get_by_role("combobox")
    click(items)
    for word in ("boots", "stockings"):
        items.press_sequentially(word)
        page.keyboard.press("Enter")
        settle(page)
    click(page.get_by_role("button", name="My conditions"))
    condition = inside(page, "compare.conditions").get_by_role("combobox")
    click(condition)
    condition.press_sequentially("diabetes")
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_role("table", name="Cautions for the chosen conditions")).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        click(page.get_by_role("button", name="Print for my clinician"))
    (text,) = printed_sheet(download, window, tmp_path)
    # On paper only a whole address leads back.
    assert bare(page.url) in text
    assert clicks <= 5
    for words in ("Air compression massager", "Compression stockings", "About diabetes"):
        assert bare(words) in text


def test_stockings_against_doing_nothing_tell_numbers_with_their_source(visit, window, tmp_path):
    page = visit("/compare")
    items = inside(page, "compare.items").get_by_role("combobox")
    items.click()
    for word in ("stockings", "no device"):
        items.press_sequentially(word)
        page.keyboard.press("Enter")
        settle(page)
    expect(page).to_have_url(re.compile(r"/compare\?type=compression_stockings&do=nothing$"))
    head = page.get_by_role("group", name="What is compared").locator(".name").nth(1)
    expect(head).to_contain_text("Doing nothing has a risk too")
    cell = (
        page.get_by_role("row", name=re.compile("^Skin colour change")).get_by_role("cell").nth(1)
    )
    expect(cell).to_contain_text("Without a device: of 100 immobile people")
    source = cell.get_by_role("link")
    expect(source).to_be_hidden()
    cell.get_by_text("1 source").click()
    expect(source).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Print for my clinician").click()
    (text,) = printed_sheet(download, window, tmp_path)
    assert bare("What may happen if I use no device") in text


def test_the_printed_appendix_has_every_row(visit, window, catalogue, tmp_path):
    page = visit(LINK)
    page.get_by_text("Download and share").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Print with every row").click()
    text = "".join(printed_sheet(download, window, tmp_path))
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
        < text.index("Appendix")
        < text.index("Howitworksandwhere")
    )


def test_the_page_prints_whole_and_without_its_widgets(visit):
    page = visit(LINK)
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("button", name="Print for my clinician")).to_be_hidden()
    assert "Venouslegulcer" in "".join(printed(page))


def test_the_share_link_restores_the_comparison(visit):
    page = visit(LINK + "&order=2,0,1&rows=differences&units=imperial")
    page.get_by_text("Download and share").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    again = visit(link.removeprefix(page.url.partition("/compare")[0]))
    settle(again)
    heads = again.get_by_role("group", name="What is compared").locator(".name")
    expect(heads.nth(0)).to_contain_text("Self-massage by hand")
    expect(heads.nth(1)).to_contain_text("Normatec 3 Legs")
