"""Visitors on seeded journeys over all pages, with time to think.

They are the load of ``make bench-crowd`` and ``make test-deploy``. Every visitor is a thread that
speaks Streamlit's own messages and, like a browser, sends the state of every widget. Whoever loses
the connection connects again and asks for the page by its link.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from websockets.exceptions import WebSocketException

from benchmarks.pages import PAGES
from tests.browser.websocket import Visitor, visitor

#: Seconds between two actions.
THINK = (2.0, 5.0)
#: Actions of one visit; then the next visitor comes.
VISIT = (6, 14)
#: Seconds until a visitor whose connection was lost gives up.
PATIENCE = 15


@dataclass
class Seen:
    """What all visitors of a crowd met."""

    #: When each action began, and how many seconds its answer took.
    waits: list[tuple[float, float]] = field(default_factory=list)
    #: Seconds until a page was there again whose connection was lost.
    returns: list[float] = field(default_factory=list)
    #: The links of pages that came back as another view, and that view's link.
    lost: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    visits: int = 0


@dataclass
class Person:
    """One visitor, who looks at ``links`` and uses what is on their pages."""

    base: str
    links: Sequence[str]
    seen: Seen
    chance: random.Random
    stack: ExitStack = field(default_factory=ExitStack)
    path: str = ""
    #: Query and headings of the page as it was last answered in full.
    query: str = ""
    words: set[str] = field(default_factory=set)
    visit: Visitor | None = None

    def stay(self, until: float) -> None:
        """Come, act some times, and leave."""
        with self.stack:
            for _ in range(self.chance.randint(*VISIT)):
                self._step()
                if time.monotonic() >= until:
                    break
                time.sleep(self.chance.uniform(*THINK))
        self.seen.visits += 1

    def _step(self) -> None:
        began = time.monotonic()
        try:
            self._act()
            self.seen.waits.append((began, time.monotonic() - began))
        except (WebSocketException, OSError):
            self._come_back(began)
        if self.visit:
            self.query, self.words = self.visit.query, headings(self.visit)
            if self.visit.all("exception"):
                self.seen.errors.append("a page showed an exception")

    def _act(self) -> None:
        """Open a page by the menu or a link, or use a widget."""
        if not self.path or self.chance.random() < 0.4:
            self.path, _, self.query = self.chance.choice(self.links).partition("?")
            self.words = set()
            self._connected().open(f"{self.path}?{self.query}")
        else:
            visit = self._connected()
            states = visit.states()
            switches = [state for state in states if state.WhichOneof("value") == "bool_value"]
            if switches:
                switch = self.chance.choice(switches)
                switch.bool_value = not switch.bool_value
            visit.rerun(states)

    def _connected(self) -> Visitor:
        if not self.visit:
            self.visit = self.stack.enter_context(visitor(self.base))
        return self.visit

    def _come_back(self, began: float) -> None:
        link = f"{self.path}?{self.query}"
        while True:
            try:
                self.visit = None
                self.stack.close()
                visit = self._connected()
                visit.open(link)
                break
            except (WebSocketException, OSError) as error:
                if time.monotonic() > began + PATIENCE:
                    self.seen.errors.append(f"{type(error).__name__}: {error}")
                    self.visit, self.path = None, ""
                    return
                time.sleep(0.2)
        self.seen.returns.append(time.monotonic() - began)
        if visit.query != self.query or not self.words <= headings(visit):
            self.seen.lost.append((link, visit.query))


def headings(visit: Visitor) -> set[str]:
    """Return the headings of the page that is shown."""
    return {item.body for item in visit.all("heading")}


def crowd(
    bases: Sequence[str],
    visitors: int,
    until: float,
    seen: Seen,
    links: Sequence[str] = tuple(PAGES.values()),
) -> list[threading.Thread]:
    """Let that many visitors come until the time is over; each stays with one of the servers."""
    threads = [
        threading.Thread(
            target=_come_and_go, args=(bases[seed % len(bases)], links, seed, until, seen)
        )
        for seed in range(visitors)
    ]
    for thread in threads:
        thread.start()
    return threads


def _come_and_go(base: str, links: Sequence[str], seed: int, until: float, seen: Seen) -> None:
    chance = random.Random(seed)
    time.sleep(chance.uniform(0, THINK[1]))
    while time.monotonic() < until:
        Person(base, links, seen, chance).stay(until)
