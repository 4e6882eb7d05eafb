"""A real server and a real Chromium. Without a browser these tests fail: they are never skipped."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.chromium import find
from tests.conftest import ROOT

# Long enough for a first page on two slow cores that other tests share; a page that is done is not waited for.
expect.set_options(timeout=30_000)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# Streamlit asks for two files under the page's own path before it falls back to the root: both answer 404.
HARMLESS = ("Failed to load resource", "404")


def start_server(log: Path, **environment: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start the app on a free port and wait until it is healthy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.headless=true",
        "--server.address=127.0.0.1",
    ]
    command += [f"--server.port={port}", "--server.fileWatcherType=none"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=out, env={**os.environ, **environment}
        )
    base = f"http://127.0.0.1:{port}"
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()}")
        try:
            urllib.request.urlopen(f"{base}/_stcore/health", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return server, base
    server.terminate()
    raise RuntimeError(f"the server did not come up: {log.read_text()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, base = start_server(tmp_path_factory.mktemp("server") / "log")
    yield base
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    assert path, "no Chromium found: run make test, which installs one"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    arguments += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(server: str, browser: Browser) -> Iterator[Visit]:
    """Open a page as a new visitor. At the end no page may show an exception or have logged an error."""
    opened: list[tuple[Page, list[str]]] = []

    def open_(
        path: str,
        *,
        size: dict[str, int] = WIDE,
        scheme: str = "light",
        base: str = server,
        tolerate: str = "",
    ) -> Page:
        context = browser.new_context(viewport=size, color_scheme=scheme, accept_downloads=True)
        page = context.new_page()
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
    for page, errors in opened:
        settle(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert not errors
        page.context.close()


def settle(page: Page) -> None:
    """Wait until the script has run and nothing is pending."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-stale=true]")).to_have_count(0)


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
