"""Measures what a reader in Chromium waits for a page and for a click, beside a two-line app.

A page is seen when the last of its content has been drawn and the script has ended; the clock is
the browser's, and starts with the navigation or the click. Each navigation and each click comes
after one of the two-line app, because the speed of a machine changes within minutes.
``make bench-pages`` writes the table into ``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.pages import PAGES, as_table, put_section, serving
from tests.browser.chromium import find
from tests.browser.conftest import settle
from tests.conftest import ROOT

#: One widget and what it says: the least that a click can cost.
TWO_LINES = 'import streamlit as st\nst.write(st.toggle("More"))\n'
FLOOR = "two lines, default settings"
FLOOR_CLICKED = "[data-testid=stCheckbox] label"
MAIN = "[data-testid=stMain]"
#: What is clicked on a page of ``PAGES``, again and again.
CLICKS = {
    "home": f"{MAIN} details > summary",
    "find": ".st-key-find-quick-heat button",
    "find, charts": ".st-key-find-quick-heat button",
    "match": "[class*='st-key-fold-match-'] summary >> nth=1",
    "compare": ".st-key-compare-rows button:not([aria-checked=true]) >> nth=0",
    "symptoms": "[role=tab][aria-selected=false] >> nth=1",
    "symptoms, swelling": "[role=tab][aria-selected=false] >> nth=1",
    "risks": "[role=tab][aria-selected=false] >> nth=1",
    "explore": ".st-key-fold-explore-code summary",
    "data": "[role=tab][aria-selected=false]",
    "device": ".st-key-fold-detail-cautions summary",
    "type": ".st-key-fold-detail-cautions summary",
}
#: Times that a page is opened.
LOADS = 2
#: A page that changed nothing for so many milliseconds is drawn.
QUIET = 500
WATCH = """
window.watched = {drawn: 0, clicked: 0, long: 0}
new MutationObserver(changes => {
  const main = document.querySelector("[data-testid=stMain]")
  // What is within a canvas is read aloud, not drawn.
  const drawn = ({target}) => main.contains(target)
    && !(target.closest ? target : target.parentElement)?.closest("canvas")
  if (main && changes.some(drawn))
    watched.drawn = performance.now()
}).observe(document, {childList: true, characterData: true, subtree: true})
addEventListener("click", event => watched.clicked = event.timeStamp, true)
new PerformanceObserver(list => {
  for (const task of list.getEntries()) watched.long += task.duration
}).observe({type: "longtask", buffered: true})
"""


@dataclass(frozen=True)
class Wait:
    """What a reader waits, in milliseconds: for a page, in its long tasks, and for each click."""

    firsts: list[float]
    long: float
    clicks: list[float]

    @property
    def first(self) -> float:
        """Median wait for the page."""
        return statistics.median(self.firsts)

    @property
    def click(self) -> float:
        """Median wait for a click."""
        return statistics.median(self.clicks)


def seen(page: Page) -> dict[str, float]:
    """Wait until a page is drawn; return when it was, when it was clicked and its long tasks."""
    settle(page)
    while True:
        watched: dict[str, float] = page.evaluate("({...watched, now: performance.now()})")
        if watched["now"] - max(watched["drawn"], watched["clicked"]) > QUIET:
            return watched
        page.wait_for_timeout(QUIET / 5)


@dataclass(frozen=True)
class Tab:
    """A tab of the browser with a page, and what is clicked on it."""

    page: Page
    address: str
    clicked: str

    def open(self) -> dict[str, float]:
        """Load the page again, in front of the others."""
        self.page.bring_to_front()
        self.page.goto(self.address)
        return seen(self.page)

    def click(self) -> float:
        """Click, and return the wait until the page is drawn."""
        self.page.bring_to_front()
        self.page.locator(self.clicked).first.click()
        drawn = seen(self.page)
        return drawn["drawn"] - drawn["clicked"]


def measure(floor: Tab, tab: Tab, runs: int) -> tuple[Wait, Wait]:
    """Open both with their files in the browser's cache, and click on both, in turn."""
    firsts, clicks, long = ([], []), ([], []), [0.0, 0.0]
    for number in range(LOADS + 1):
        for which, each in enumerate((floor, tab)):
            loaded = each.open()
            if number:  # the first fills the cache
                firsts[which].append(loaded["drawn"])
                long[which] = loaded["long"]
    for number in range(runs + 1):
        for which, each in enumerate((floor, tab)):
            waited = each.click()
            if number:  # the first may load code of a widget
                clicks[which].append(waited)
    return Wait(firsts[0], long[0], clicks[0]), Wait(firsts[1], long[1], clicks[1])


def lines(waits: dict[str, tuple[Wait, Wait]]) -> list[str]:
    """Return the table; ratios are to the two-line app in its turns."""
    every = [floor for floor, _ in waits.values()]
    whole = Wait(
        [first for floor in every for first in floor.firsts],
        statistics.median(floor.long for floor in every),
        [click for floor in every for click in floor.clicks],
    )
    head = ["page", "first page ms", "× two lines", "long tasks ms", "click ms", "× two lines"]
    rows = [
        [
            name,
            f"{wait.first:.0f}",
            f"{wait.first / floor.first:.2f}",
            f"{wait.long:.0f}",
            f"{wait.click:.0f}",
            f"{wait.click / floor.click:.2f}",
        ]
        for name, (floor, wait) in {FLOOR: (whole, whole), **waits}.items()
    ]
    return as_table(head, rows)


def main() -> None:
    """Measure every page in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", default="", help="measure pages whose name contains this")
    options = parser.parse_args()
    waits = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "two_lines.py").write_text(TWO_LINES)
        _, floor = stack.enter_context(serving(folder / "floor", "two_lines.py", folder))
        _, base = stack.enter_context(serving(folder / "log", "serve.py", ROOT))
        playwright = stack.enter_context(sync_playwright())
        window = playwright.chromium.launch_persistent_context(
            folder / "profile",
            executable_path=find(shell=False),
            args=["--no-sandbox"],
            viewport={"width": 1280, "height": 900},
        )
        stack.callback(window.close)
        window.add_init_script(WATCH)
        two_lines, page = Tab(window.new_page(), floor, FLOOR_CLICKED), window.new_page()
        for name, clicked in CLICKS.items():
            if options.only in name:
                tab = Tab(page, base + PAGES[name], clicked)
                waits[name] = measure(two_lines, tab, options.runs)
    table = lines(waits)
    print("\n".join(table))
    if not options.only:
        put_section(
            "clicks",
            [
                "# A click in Chromium",
                "",
                "Made by `make bench-pages`: from the navigation, with the app's files in the "
                "browser's cache, or from the click, until the last of the content is drawn. "
                "Clicked is a filter (find), a switch (compare), another tab (symptoms, risks, "
                "data), or a fold. Each comes after the same of the two-line app.",
                "",
                *table,
            ],
        )


if __name__ == "__main__":
    main()
