from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.packages import SMALL
from ui.cache import DATA_VARIABLE

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def small_package(monkeypatch):
    # What is loaded stays loaded: it is kept by folder and times of its files, so no test meets
    # another's.
    monkeypatch.setenv(DATA_VARIABLE, str(SMALL))


@pytest.fixture(scope="session", autouse=True)
def one_search_for_components():
    """AppTest reads what every installed package says of itself for each page it opens, which takes
    longer than most pages. What is installed stays the same while the tests run.
    """
    with pytest.MonkeyPatch.context() as patch:
        scan_once = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan_once)
        yield


@pytest.fixture
def served(copied, monkeypatch) -> Path:
    """A copy of the small package that the app serves, for tests that change its tables."""
    monkeypatch.setenv(DATA_VARIABLE, str(copied))
    return copied


@pytest.fixture
def long_list(long_package, monkeypatch) -> Path:
    """The app serves the long list of products."""
    monkeypatch.setenv(DATA_VARIABLE, str(long_package))
    return long_package


@pytest.fixture
def open_page() -> Open:
    """Open a page with link parameters as a visitor would, and hold that nothing went wrong."""

    def open_(path: str, **params: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if path != "app.py":
            # The first run must be the page itself: a deep link is a visitor's first request.
            app.switch_page(path)
        for name, value in params.items():
            app.query_params[name] = value
        return run(app)

    return open_


def run(app: AppTest) -> AppTest:
    """Run an app, or the app of the widget that was just used."""
    app = app.run()
    assert not app.exception, [item.message for item in app.exception]
    return app


def link(app: AppTest) -> dict[str, list[str]]:
    """Parameters of the link, always as lists (AppTest unpacks single ones)."""
    return {
        name: value if isinstance(value, list) else [value]
        for name, value in app.query_params.items()
    }


def open_part(app: AppTest, key: str) -> AppTest:
    """Open a menu or fold, which draws its content only then."""
    app.session_state[key] = True
    return run(app)


def sentence(app: AppTest) -> str:
    """What the find page says was asked, with the counts."""
    return app.header[0].value.replace("\\", "")


def listing(app: AppTest) -> str:
    """The list of devices on the find page, as HTML."""
    return str(json.loads(app.get("bidi_component")[0].proto.json)["body"])
