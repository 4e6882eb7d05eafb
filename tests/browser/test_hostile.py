"""Tables that try to be more than text, on every page that shows them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle, start_server
from tests.packages import SMALL

EVIL = "<img src=x onerror=alert(1)>**b** [l](javascript:alert(2))"
DEVICES = "device=hyperice-normatec-3&device=gorilla-grf-2401"


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory):
    """The app on tables whose names, notes and findings hold markup."""
    folder = tmp_path_factory.mktemp("hostile")
    copied = Path(shutil.copytree(SMALL, folder / "data"))
    for table, before, after in (
        ("devices", ",Normatec,", f",Normatec {EVIL},"),
        ("devices", ",Hyperice,", f",Hyperice {EVIL},"),
        ("evidence", "Three of eight mostly small", f"{EVIL} Three of eight mostly small"),
        ("cautions", "Loss of feeling", f"{EVIL} Loss of feeling"),
        ("symptoms", "Leg pain", f"{EVIL} Leg pain"),
    ):
        path = copied / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
    server, base = start_server(folder / "log", LEGWISE_DATA=str(copied))
    yield base
    server.terminate()
    server.wait(10)


@pytest.mark.parametrize(
    "path",
    [
        f"/compare?{DEVICES}&condition=diabetes",
        "/find?q=normatec&view=cards",
        "/symptoms?subject=air_compression&symptom=discomfort",
        "/match?signs=none&symptom=pain&condition=diabetes&feature=cordless",
        "/risks?condition=diabetes",
        "/data?table=symptoms",
        "/explore?group=brand&chart=treemap",
        "/explore?table=evidence&group=symptom&group=direction",
        "/explore?table=cautions&group=none&column=reason",
        "/",
    ],
)
def test_markup_in_the_tables_is_text_on_screen(hostile_server, visit, path):
    page = visit(path, base=hostile_server)
    settle(page)
    expect(page.locator("img[src=x]")).to_have_count(0)
    expect(page.locator("a[href^='javascript']")).to_have_count(0)
    if path.startswith(("/compare", "/find")):
        expect(
            page.get_by_test_id("stMain").get_by_text("<img src=x onerror=alert(1)>**b**")
        ).not_to_have_count(0)
