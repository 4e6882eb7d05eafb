"""Take the pictures of the README, the docs and the previews of links: ``make shots``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.cards import draw_cards
from tests.browser.chromium import find
from tests.browser.conftest import PHONE, settle, start_server
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "pictures"
SCREEN = {"width": 1280, "height": 800}
#: File → address, screen, theme.
PICTURES = {
    "home": ("/", SCREEN, "light"),
    "find": ("/find?heat=yes&remote_control=yes", SCREEN, "light"),
    "find-phone": ("/find?heat=yes&remote_control=yes", PHONE, "light"),
    "compare": (
        "/compare?type=air_compression&type=compression_stockings&condition=diabetes",
        SCREEN,
        "light",
    ),
    "symptoms": ("/symptoms?symptom=swelling", SCREEN, "light"),
    "match": ("/match?signs=none&symptom=swelling&condition=diabetes", SCREEN, "light"),
    "match-phone": ("/match?signs=none&symptom=swelling&condition=diabetes", PHONE, "dark"),
    "risks": ("/risks?condition=diabetes", SCREEN, "light"),
    "type": ("/type?id=air_compression", SCREEN, "dark"),
    "explore": ("/explore?group=device_type&group=heat", SCREEN, "light"),
}


def take(browser: Browser, base: str, name: str) -> Path:
    """Take one picture of what a visitor sees first."""
    path, size, scheme = PICTURES[name]
    page = browser.new_page(viewport=size, color_scheme=scheme)
    page.goto(base + path)
    settle(page)
    page.get_by_test_id("stSkeleton").first.wait_for(state="detached")
    # Figures fade in.
    page.wait_for_timeout(1000)
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    page.close()
    return file


def main() -> None:
    """Take every picture from the shipped tables."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, base = start_server(Path(folder) / "log")
        browser = playwright.chromium.launch(
            executable_path=find(shell=False), args=["--no-sandbox"]
        )
        try:
            for card in draw_cards(browser):
                print(card.relative_to(ROOT))
            for name in PICTURES:
                print(take(browser, base, name).relative_to(ROOT))
        finally:
            browser.close()
            server.terminate()


if __name__ == "__main__":
    main()
