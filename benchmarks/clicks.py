"""Measures what a reader in Chromium waits for a page and for a click, beside a two-line app.

A page is seen when the last of its content has been drawn and the script has ended; the clock is
the browser's, and starts with the navigation or the click. ``make bench-pages`` writes the table
into ``RESULTS.md``.
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
#: A page that changed nothing for so many milliseconds is drawn.
QUIET = 500
WATCH = """
window.watched = {drawn: 0, clicked: 0, long: 0}
new MutationObserver(changes => {
  const main = document.querySelector("[data-testid=stMain]")
  if (main && changes.some(change => main.contains(change.target)))
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

    first: float
    long: float
    clicks: list[float]

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


def measure(page: Page, address: str, clicked: str, runs: int) -> Wait:
    """Open a page, with the files of the app in the browser's cache, and click on it."""
    page.goto(address)
    seen(page)
    page.goto(address)
    loaded = seen(page)
    clicks = []
    for number in range(runs + 1):
        page.locator(clicked).first.click()
        drawn = seen(page)
        if number:  # the first click may load code of a widget
            clicks.append(drawn["drawn"] - drawn["clicked"])
    return Wait(loaded["drawn"], loaded["long"], clicks)


def lines(waits: dict[str, Wait]) -> list[str]:
    """Return the table; ratios are to the two-line app."""
    floor = waits[FLOOR]
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
        for name, wait in waits.items()
    ]
    return as_table(head, rows)


def main() -> None:
    """Measure every page in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
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
        page = window.new_page()
        waits[FLOOR] = measure(page, floor, "[data-testid=stCheckbox] label", options.runs)
        for name, clicked in CLICKS.items():
            if options.only in name:
                waits[name] = measure(page, base + PAGES[name], clicked, options.runs)
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
                "data), or a fold.",
                "",
                *table,
            ],
        )


if __name__ == "__main__":
    main()
