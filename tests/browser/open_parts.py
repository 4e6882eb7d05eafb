"""Ask axe about every page with everything open: each tab, its folds, each menu.

``python -m tests.browser.open_parts`` takes a quarter of an hour: two themes × two widths. Tests
open the first folds of every page.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import find
from tests.browser.conftest import settle, start_server
from tests.browser.first_screen import SIZES, VIEWS, faults, measure, open_folds

#: More than a reader opens at once.
MOST = 25


def states(page: Page) -> Iterator[str]:
    """Yield the name of each state of an open page, while the page is in it."""
    yield "as it comes"
    main = page.get_by_test_id("stMain")
    tabs = main.get_by_role("tab")
    for tab in range(max(1, tabs.count())):
        if tabs.count():
            tabs.nth(tab).click()
            settle(page)
        yield f"tab {tab}, {open_folds(page, MOST)} folds open"
        menus = main.get_by_test_id("stPopoverButton").filter(visible=True)
        for menu in range(min(menus.count(), MOST)):
            menus.nth(menu).click()
            # The run that opening it asks for begins a moment later.
            page.wait_for_timeout(500)
            settle(page)
            yield f"tab {tab}, menu {menu} open"
            page.keyboard.press("Escape")
            page.wait_for_timeout(500)
            settle(page)


def main() -> int:
    """Print what axe finds serious, each fault once per page; return 1 if there is any."""
    faulty = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, base = start_server(Path(folder) / "log")
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        try:
            for name in sys.argv[1:] or list(VIEWS):
                for size, viewport in SIZES.items():
                    for scheme in ("light", "dark"):
                        page = browser.new_page(viewport=viewport, color_scheme=scheme)
                        page.goto(base + VIEWS[name].path)
                        settle(page)
                        measure(page, VIEWS[name])
                        number, told = 0, set()
                        for state in states(page):
                            number += 1
                            for fault, where in faults(page):
                                if (fault, where[0]) not in told:
                                    told.add((fault, where[0]))
                                    print(f"{name}, {size}, {scheme}, {state}: {fault} {where[:3]}")
                        faulty += len(told)
                        print(f"{name}, {size}, {scheme}: {number} states", flush=True)
                        page.close()
        finally:
            browser.close()
            server.terminate()
    return int(bool(faulty))


if __name__ == "__main__":
    sys.exit(main())
