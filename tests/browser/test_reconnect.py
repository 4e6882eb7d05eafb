"""What a visitor sees after the connection was lost: the link's view, with widgets that say the
same.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from legwise.links.filters import value_key
from tests.browser.conftest import Line, inside, settle
from tests.browser.websocket import Visitor, visitor
from tests.tables import ALL, on_disk
from ui.page import PAGES

PATHS = ["/" if page.name == "app" else f"/{page.name}" for page in PAGES]
ASKED = "?body_areas=foot"
LINKS = [
    "/find?heat=yes&weight_kg=..20&condition=diabetes&sort=-weight_kg",
    "/find?heat=yes&view=charts&feature=cordless",
    "/find?heat=yes&device_type=compression_stockings",
    "/compare?type=air_compression&device=hyperice-normatec-3&condition=diabetes&rows=differences&units=imperial",
    "/symptoms?subject=percussion&symptom=poor_blood_flow&level=2&people=healthy&view=bubbles",
    "/risks?condition=diabetes&kind=lifestyle&in_article=yes&flow=varicose_veins",
    "/match?signs=none&symptom=swelling&feature=heat&budget=200&condition=pregnancy",
    "/explore?group=device_type&group=heat&where.heat=yes&where.weight_kg=..20",
    "/data?table=evidence",
]


def drawn(someone: Visitor) -> list[bytes]:
    """All that is on the page, down to the values of widgets; files on offer have an address of
    their own every time.
    """
    return [
        element.SerializeToString(deterministic=True)
        for element in someone.elements
        if element.WhichOneof("type") != "download_button"
    ]


def test_the_second_page_of_a_list_is_what_the_link_says(long_server):
    link = "/find?heat=yes&condition=diabetes&sort=-weight_kg&page=2"
    hold_same_again(long_server, link)


@pytest.mark.parametrize("path", [*PATHS, *LINKS])
def test_a_page_asked_for_again_without_its_widgets_is_what_the_link_says(server, path):
    hold_same_again(server, path)


def hold_same_again(server, path):
    with visitor(server) as someone:
        someone.open(path)
        first, link = drawn(someone), someone.query
        here = f"{path.partition('?')[0]}?{link}"
        assert "page=2" not in path or "page=2" in link
        for again in (lambda: someone.open(here), lambda: someone.open(here), someone.rerun):
            again()
            assert not someone.all("exception")
            assert someone.query == link
            assert drawn(someone) == first


def test_a_tick_that_another_server_never_heard_of_is_taken_back(server):
    path = "/risks?tab=factors"
    with visitor(server) as before:
        before.open(path)
        states = before.states()
    ticked = [state for state in states if state.WhichOneof("value") == "bool_value"]
    for state in ticked:
        state.bool_value = True
    with visitor(server) as someone:
        someone.open(path, states)
        boxes = someone.all("checkbox")
        assert len(boxes) == len(ticked) > 0
        # The browser keeps its tick unless it is told.
        assert all(box.set_value and not box.value for box in boxes)
        assert "in_article" not in someone.query


@pytest.mark.parametrize(("before", "after"), [("", ASKED), (ASKED, "")])
def test_box_link_and_list_agree_where_a_tick_got_lost_with_the_connection(visit, before, after):
    # A tick may also come while the browser knows that it has no connection.
    page = visit("/find", tolerate="when disconnected from server")
    line = Line(page)
    page.goto(page.url + before)
    settle(page)
    expect(page.get_by_role("heading", name=f"of {ALL} devices")).to_be_visible()
    inside(page, "find.menu.body_areas").get_by_role("button").click()
    settle(page)
    box = inside(page, value_key("find", "body_areas", "foot"))
    expect(box).to_be_visible()
    line.cut()
    box.locator("label").click()
    line.fix()
    feet = sum("foot" in row["body_areas"].split(";") for row in on_disk("devices"))
    asked = f"{feet} of {ALL} devices with body areas Foot"
    count = asked if after else f"{ALL} of {ALL} devices"
    expect(page.get_by_role("heading", name=count, exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(f"/find{after}") + "$"))
    settle(page)
    expect(box.get_by_role("checkbox")).to_be_checked(checked=bool(after))
