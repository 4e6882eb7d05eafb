"""The server is killed while visitors are on every page: each tab comes back by itself."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import hold_no_exception, settle, start_server
from tests.packages import SMALL
from ui.page import PAGES

#: Page → a link that asks for something, and words that only its answer has.
VIEWS = {
    "app": ("/?q=cramps&area=knee", "Devices for knee"),
    "find": ("/find?heat=yes&condition=diabetes", "devices with heat"),
    "match": (
        "/match?signs=none&symptom=swelling&condition=diabetes",
        "Swelling (oedema) · diabetes",
    ),
    "compare": (
        "/compare?type=air_compression&type=compression_stockings&rows=differences",
        "rows are hidden: alike in every column",
    ),
    "symptoms": ("/symptoms?symptom=swelling&tab=studies", "Studies by year"),
    "risks": ("/risks?condition=diabetes&tab=effects", "not given as one ratio"),
    "explore": (
        "/explore?group=device_type&group=heat",
        "Devices by type and heat: number of rows",
    ),
    "data": ("/data?view=words", "confidence interval, CI"),
    "device": ("/device?id=hyperice-normatec-3&condition=diabetes", "Normatec 3 Legs"),
    "type": ("/type?id=air_compression&condition=diabetes", "Air compression massager"),
}


def headings(page: Page) -> Locator:
    """Headings and buttons. The words of charts come when they are drawn: they have none."""
    return page.get_by_test_id("stMain").locator("h1, h2, h3, button:has(p)")


def test_every_tab_comes_back_to_its_view_when_the_server_was_killed(window, tmp_path):
    assert set(VIEWS) == {page.name for page in PAGES}
    served = {"script": "serve.py", "LEGWISE_DATA": str(SMALL)}
    server, base = start_server(tmp_path / "before", **served)
    tabs: dict[str, Page] = {}
    try:
        for name, (link, _) in VIEWS.items():
            tabs[name] = window.new_page()
            tabs[name].goto(base + link, wait_until="commit")
        for name, (link, words) in VIEWS.items():
            expect(tabs[name].get_by_test_id("stMain")).to_contain_text(words)
            settle(tabs[name])
            assert tabs[name].url == base + link
        before = {name: headings(page).all_inner_texts() for name, page in tabs.items()}
        server.kill()
        server.wait(10)
        for page in tabs.values():
            hold_connection(page, "(?!CONNECTED)")
        log = tmp_path / "after"
        server, _ = start_server(log, port=urlsplit(base).port or 0, **served)
        for name, page in tabs.items():
            hold_connection(page, "CONNECTED")
            hold_no_exception(page)
            assert page.url == base + VIEWS[name][0]
            assert before[name]
            expect(headings(page)).to_have_text(before[name], use_inner_text=True)
            expect(page.get_by_test_id("stMain")).to_contain_text(VIEWS[name][1])
        # What was drawn before the end stays in sight until then: each page must be drawn again.
        assert set(re.findall(r'"event": "step", "page": "(\w+)"', log.read_text())) == set(tabs)
    finally:
        for page in tabs.values():
            page.close()
        server.kill()
        server.wait(10)


def hold_connection(page: Page, state: str) -> None:
    """Wait until the browser says this of its connection."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-connection-state", re.compile(f"^{state}"))
