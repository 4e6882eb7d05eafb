"""The explore page as its visitor uses it, and the notebooks of the pages as they leave the
browser.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from legwise.links.explore import filters_key
from legwise.links.filters import value_key
from tests.browser.conftest import PHONE, choose, inside, settle
from tests.packages import SMALL
from tests.tables import ALL, HEATED, number_of, on_disk


def test_group_filter_chart_code_and_back(visit):
    page = visit("/explore?group=device_type")
    expect(page.get_by_role("heading", name="Devices by type: number of rows")).to_be_visible()
    sidebar = page.get_by_test_id("stSidebar")
    for label in ("Features", "Heat"):
        sidebar.get_by_text(label, exact=True).click()
    inside(page, value_key(filters_key("devices"), "heat", "yes")).locator("label").click()
    expect(page.get_by_text(f"{HEATED} of {ALL} rows")).to_be_visible()
    expect(page).to_have_url(re.compile(r"where\.heat=yes"))
    choose(page, "explore.group", "Power")
    expect(
        page.get_by_role("heading", name="Devices by type and power: number of rows")
    ).to_be_visible()
    choose(page, "explore.chart", "Heat map")
    expect(page).to_have_url(re.compile("chart=heat_map"))
    expect(page.locator(".heatmaplayer")).to_be_visible()
    page.get_by_text("The code of this view").click()
    expect(page.get_by_test_id("stCode")).to_contain_text('rows = rows[rows["heat"].isin(["yes"])]')
    page.go_back()
    settle(page)
    expect(page).not_to_have_url(re.compile("chart=heat_map"))
    expect(page.locator(".barlayer")).to_be_visible()
    page.reload()
    settle(page)
    expect(
        page.get_by_role("heading", name="Devices by type and power: number of rows")
    ).to_be_visible()


def test_another_table_starts_over_and_single_rows_have_charts_of_their_own(visit):
    findings = number_of("evidence")
    subjects = len({row["subject"] for row in on_disk("evidence")})
    page = visit("/explore?group=brand&where.heat=yes")
    choose(page, "explore.relation", "Findings with their sources")
    expect(
        page.get_by_role("heading", name="Findings with their sources by subject: number of rows")
    ).to_be_visible()
    expect(page.get_by_text(f"{findings} of {findings} rows in {subjects} groups")).to_be_visible()
    page.goto(
        page.url.split("?")[0]
        + "?table=evidence&group=none&chart=scatter&x=participants&y=level&colour=direction"
    )
    settle(page)
    expect(page.locator(".scatterlayer").first).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()


def test_the_page_works_on_a_phone_in_the_dark(visit):
    page = visit("/explore?group=device_type&group=heat", size=PHONE, scheme="dark")
    expect(page.locator(".barlayer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("table")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/explore?group=device_type&group=heat&where.techniques=rolling", None),
        (
            "/find?heat=yes&remote_control=yes",
            number_of("devices", heat="yes", remote_control="yes"),
        ),
        ("/compare?type=air_compression&type=self_massage&condition=diabetes", None),
        ("/symptoms?level=2&direct=yes&tab=download", None),
    ],
)
def test_the_notebook_of_a_page_runs_as_it_leaves_the_browser(visit, path, rows):
    page = visit(path)
    if path.startswith("/compare"):
        page.get_by_text("Download and share").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as notebook").click()
    assert download.value.suggested_filename == f"legwise-{path[1:].partition('?')[0]}.ipynb"
    cells = json.loads(download.value.path().read_text(encoding="utf-8"))["cells"]
    for name, value in (pair.split("=") for pair in path.partition("?")[2].split("&")):
        assert f"{name}={value}" in "".join(cells[0]["source"]).replace("\\", "")
    names = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]).replace('Path("data")', f"Path({str(SMALL)!r})"), names)
    assert len(names["table"]) == (rows or len(names["table"])) > 0
    assert names["figure"].data


def test_hostile_links_to_explore_are_named_and_the_rest_applies(visit):
    page = visit("/explore?table=evidence&group=design&group=<b>x</b>&where.level=9..1&chart=pie")
    alert = page.get_by_test_id("stAlert")
    for text in ("<b>x</b>", "9..1", "pie"):
        expect(alert).to_contain_text(text)
    expect(inside(page, "explore.group")).to_contain_text("Design")
