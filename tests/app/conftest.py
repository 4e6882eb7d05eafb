from __future__ import annotations

from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def fresh_caches():
    # The cache outlives a test in the same process.
    yield
    st.cache_resource.clear()


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
