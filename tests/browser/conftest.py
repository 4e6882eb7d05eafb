"""A real server and a real Chromium. Without a browser these tests fail: they are never skipped."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    WebSocketRoute,
    expect,
)

from tests.browser.chromium import AS_A_BROWSER, find
from tests.conftest import ROOT
from tests.packages import SMALL

# Long enough for a first page on two slow cores that other tests share; a page that is done is not
# waited for.
expect.set_options(timeout=30_000)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
#: How many pixels of an element do not fit into it.
OVER = "element => element.scrollWidth - element.clientWidth"
# Streamlit asks for two files under the page's own path before it falls back to the root: both
# answer 404.
HARMLESS = ("Failed to load resource", "404")


def start_server(
    log: Path, *, script: str = "app.py", folder: Path = ROOT, port: int = 0, **environment: str
) -> tuple[subprocess.Popen[bytes], str]:
    """Start an app on a port, by default a free one, and wait until it is healthy."""
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.headless=true",
        "--server.address=127.0.0.1",
    ]
    command += [f"--server.port={port}", "--server.fileWatcherType=none"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env={**os.environ, **environment}
        )
    base = f"http://127.0.0.1:{port}"
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended: {_text(log)}")
        try:
            urllib.request.urlopen(f"{base}/_stcore/health", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return server, base
    server.terminate()
    raise RuntimeError(f"the server did not come up: {_text(log)}")


def _text(log: Path) -> str:
    # A device has no end.
    return log.read_text() if log.is_file() else ""


def serve(log: Path, package: Path, **environment: str) -> Iterator[str]:
    """Serve a package until the fixture ends, as ``make run`` does."""
    process, base = start_server(log, script="serve.py", LEGWISE_DATA=str(package), **environment)
    try:
        yield base
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an app that serves the small package, one per process of the run."""
    yield from serve(tmp_path_factory.mktemp("server") / "log", SMALL)


@pytest.fixture(scope="session")
def long_server(tmp_path_factory: pytest.TempPathFactory, long_package: Path) -> Iterator[str]:
    """Address of an app whose list of products has several pages."""
    yield from serve(tmp_path_factory.mktemp("long-server") / "log", long_package)


#: With the first one on, Chromium compiles every script again on each page load, although it has
#: kept the compiled code. Our switch replaces Playwright's, so the rest repeats what matters of it.
UNWANTED = (
    "BackgroundResourceFetch",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "OptimizationHints",
    "PaintHolding",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of this machine, without what a test does not need."""
    path = find()
    assert path, "no Chromium found: run make test, which says how to get one"
    arguments = [AS_A_BROWSER, "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    arguments += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    arguments += ["--process-per-site", f"--disable-features={','.join(UNWANTED)}"]
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


Visit = Callable[..., Page]

#: Folds open and close at once. One that is still growing moves what is in it, so that a click can
#: miss: a reader clicks again, a test cannot know.
AT_ONCE = """
const animate = Element.prototype.animate;
Element.prototype.animate = function (frames, options) {
    return animate.call(this, frames, {...options, duration: 0});
};
"""


@pytest.fixture(scope="session")
def shared_window(
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
    server: str,
) -> Iterator[BrowserContext]:
    """One window for all visitors of a process: what the app is made of is loaded once.

    Every page in it is a visitor of its own to the server, whose sessions are connections.
    """
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"), **browser_type_launch_args
    )
    context.add_init_script(AT_ONCE)
    # As long as one page of a site is open, its other pages share that page's process.
    context.new_page().goto(f"{server}/_stcore/health")
    yield context
    context.close()


@pytest.fixture
def window(request: pytest.FixtureRequest) -> BrowserContext:
    """The window that pages open in: one for all, or one for each test if tests are traced."""
    if request.config.getoption("--tracing") != "off":
        traced: BrowserContext = request.getfixturevalue("new_context")()
        traced.add_init_script(AT_ONCE)
        return traced
    shared: BrowserContext = request.getfixturevalue("shared_window")
    return shared


@pytest.fixture
def visit(server: str, window: BrowserContext) -> Iterator[Visit]:
    """Open a page as a new visitor.

    At the end no page may show an exception or have logged an error: what the policy of the server
    forbids is one.
    """
    opened: list[tuple[Page, list[str]]] = []

    def open_(
        path: str,
        *,
        size: dict[str, int] = WIDE,
        scheme: str = "light",
        base: str = server,
        tolerate: str = "",
    ) -> Page:
        page = window.new_page()
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        errors: list[str] = []

        def keep(message: ConsoleMessage) -> None:
            if message.type == "error" and not all(part in message.text for part in HARMLESS):
                if tolerate and tolerate in message.text:
                    return
                errors.append(message.text)

        page.on("console", keep)
        page.on("pageerror", lambda error: errors.append(str(error)))
        opened.append((page, errors))
        page.goto(base + path)
        settle(page)
        return page

    yield open_
    try:
        for page, errors in opened:
            hold_no_exception(page)
            assert not errors
    finally:
        for page, _ in opened:
            page.close()


class Line:
    """The connection of the next page that is opened in a tab.

    What the page says while it is cut is lost on the way; what the server says while it is slow
    arrives when it is fast again.
    """

    def __init__(self, page: Page) -> None:
        self.is_cut = self.is_slow = False
        self.late: list[str | bytes] = []
        self.ends: list[WebSocketRoute] = []
        page.route_web_socket(re.compile("/_stcore/stream"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        self.ends = [socket, server]
        socket.on_message(lambda message: None if self.is_cut else server.send(message))
        server.on_message(
            lambda message: self.late.append(message) if self.is_slow else socket.send(message)
        )

    def cut(self) -> None:
        self.is_cut = True

    def fix(self) -> None:
        for end in self.ends:
            end.close()
        self.is_cut = False

    def slow(self) -> None:
        self.is_slow = True

    def hurry(self) -> None:
        self.is_slow = False
        for message in self.late:
            self.ends[0].send(message)


def hold_no_exception(page: Page) -> None:
    """Hold that the page is done and shows no exception."""
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def settle(page: Page) -> None:
    """Wait until the script has run and nothing is pending."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-stale=true]")).to_have_count(0)


def bare(text: str) -> str:
    """Letters and digits only: a PDF breaks lines, joins letters and swaps hyphens as it likes."""
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text))


def printed(page: Page, **options: Any) -> list[str]:
    """Return what each sheet of paper says when a page is printed, as :func:`bare` text."""
    pdf = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", **options)))
    return [bare(sheet.extract_text()) for sheet in pdf.pages]


def inside(page: Page, key: str):
    """Return the element with that widget key."""
    return page.locator(f".st-key-{key.replace('.', '-')}")


def choose(page: Page, key: str, text: str) -> None:
    """Choose an option of a select box by typing it."""
    box = inside(page, key).get_by_role("combobox")
    box.click()
    box.press_sequentially(text)
    page.get_by_role("option", name=text, exact=True).click()
    # The list of a box that takes several stays open, over the page.
    page.keyboard.press("Escape")
    settle(page)
