"""Every page under axe, in both themes, wide and on a phone: contrast, names, roles and the order
of headings.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, in_the_other_scheme

#: Every page where it shows most, as chips, tables, cautions and charts.
FULL = [
    "/?q=massage&area=foot",
    "/find?heat=yes&weight_kg=..20&condition=diabetes",
    "/find?heat=yes&view=charts",
    "/compare?type=air_compression&type=self_massage&device=hyperice-normatec-3&condition=diabetes",
    "/symptoms?symptom=swelling&level=2&people=healthy",
    "/risks?condition=diabetes&kind=lifestyle",
    "/match?signs=none&symptom=swelling&feature=heat&budget=200&condition=pregnancy",
    "/explore?group=device_type&group=heat&where.heat=yes",
    "/data?table=evidence",
    "/device?id=hyperice-normatec-3&condition=pregnancy",
    "/type?id=air_compression",
]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("path", FULL)
def test_axe_has_nothing_serious_against_a_page_and_it_never_scrolls_sideways(visit, path, size):
    page = visit(path, size=size)
    assert not faults(page), "light"
    hold_no_sideways_scrolling(page)
    in_the_other_scheme(page, "dark")
    assert not faults(page), "dark"
    hold_no_sideways_scrolling(page)


def hold_no_sideways_scrolling(page):
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1


def faults(page):
    """What axe finds serious on the whole page, and headings out of order."""
    # Grey boxes stand where the code of a widget is still on its way.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (item["id"], [node["html"][:200] for node in item["nodes"]])
        for item in found
        if item["impact"] in ("serious", "critical") or item["id"] == "heading-order"
    ]


def test_the_chosen_tab_is_read_in_the_dark(visit):
    # Axe cannot tell the ground of a tab, for the line under it. The accent colour as text would be
    # 3.9:1.
    tab = visit("/data", scheme="dark").get_by_role("tab", name="Rows").locator("p")
    expect(tab).to_have_css("color", "rgb(140, 198, 242)")
