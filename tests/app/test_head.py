"""What a page says of itself before it is drawn; nothing of it repeats what a visitor stated."""

from __future__ import annotations

import re
import struct
from html import unescape

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from server.head import CARDS, HEADS, ORIGIN_VARIABLE, path_of
from tests.app.test_pages import DEEP
from tests.browser.cards import SIZE, told_by, words_of
from tests.packages import small
from ui.page import BY_NAME, PAGES

EVERY = pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
#: Enough for a result of a search, and not cut there.
SHORTEST, LONGEST = 70, 170
HOSTILE = (
    'x"><script>alert(1)</script>',
    "x' onload='alert(1)",
    "a b",
    "evil.example/path",
    "evil.example?q=",
    "user@evil.example",
    "[::1",
    "x" * 300,
    "",
)


@pytest.fixture
def ask():
    return TestClient(Starlette(routes=HEADS), base_url="http://legwise.example").get


def contents(text, name):
    """The contents of every tag of a head that has this name or property."""
    return re.findall(rf'(?:name|property|rel)="{name}" (?:content|href)="([^"]*)"', text)


def title(text):
    (inside,) = re.findall(r"<title>(.*?)</title>", text)
    return unescape(inside)


@EVERY
def test_a_page_says_what_it_is_before_it_is_drawn(ask, shown):
    text = ask(path_of(shown)).text
    assert '<html lang="en">' in text
    assert title(text) == shown.head()
    (about,) = contents(text, "description")
    assert unescape(about) == shown.about
    assert SHORTEST <= len(shown.about) <= LONGEST
    address = f"http://legwise.example{path_of(shown)}"
    assert contents(text, "canonical") == contents(text, "og:url") == [address]
    unscripted = re.search(r"<noscript>.*?</noscript>", text, re.DOTALL)
    assert shown.about in unescape(unscripted[0])
    # Nothing of Streamlit's own words, and all of what starts its shown.
    assert "Streamlit" not in unscripted[0] + title(text)
    assert "_stcore/agent" not in text
    assert 'src="./static/js/' in text
    assert '<div id="root">' in text


def test_no_two_pages_say_the_same():
    assert len({page.about for page in PAGES}) == len({page.head() for page in PAGES}) == len(PAGES)


@EVERY
def test_a_page_has_a_small_picture_of_its_present_words(ask, shown):
    (address,) = contents(ask(path_of(shown)).text, "og:image")
    answer = ask(address)
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == (CARDS / f"{shown.name}.png").read_bytes()
    assert struct.unpack(">II", answer.content[16:24]) == SIZE
    assert len(answer.content) < 40_000
    # `make shots` writes them into the file.
    assert words_of(CARDS / f"{shown.name}.png") == told_by(shown)


@EVERY
def test_nothing_that_a_visitor_stated_is_repeated(ask, shown):
    stated = DEEP[shown.path]
    text = ask(path_of(shown), params=stated).text
    expected = ask(path_of(shown), params={"id": stated["id"]} if "id" in stated else {}).text
    assert text == expected


@pytest.mark.parametrize(("kind", "table"), [("device", "devices"), ("type", "device_types")])
def test_a_device_or_type_is_named_from_the_tables_and_unknown_ids_are_not_repeated(
    ask, kind, table
):
    catalogue = small()
    key = next(iter(catalogue.keys(table)))
    name = catalogue.device_name(key) if kind == "device" else catalogue.names(table)[key]
    text = ask(f"/{kind}?id={key}&condition=diabetes").text
    assert title(text) == f"{name} · Legwise"
    assert contents(text, "canonical") == [f"http://legwise.example/{kind}?id={key}"]
    assert unescape(contents(text, "og:description")[0]).startswith(f"{name}. ")
    plain = ask(f"/{kind}").text
    for unknown in ("no-such-thing", "%3Cscript%3E", "%00", "%FF", "", "a" * 5000):
        assert ask(f"/{kind}?id={unknown}").text == plain


@pytest.mark.parametrize("host", HOSTILE)
def test_what_is_no_host_does_not_get_into_a_page(ask, host):
    headers = {"host": host}
    text = ask("/find", headers=headers).text
    assert not contents(text, "canonical") + contents(text, "og:url") + contents(text, "og:image")
    assert title(text) == BY_NAME["find"].head()
    assert not host or host not in text
    assert "Sitemap" not in ask("/robots.txt", headers=headers).text
    assert ask("/sitemap.xml", headers=headers).status_code == 400


def test_the_scheme_is_that_of_the_proxy_and_nothing_else(ask):
    for sent, scheme in (("https", ["https://legwise.example/find"]), ('"><b>', [])):
        text = ask("/find", headers={"x-forwarded-proto": sent}).text
        assert contents(text, "canonical") == scheme
        assert "<b>" not in text


def test_a_stated_origin_stands_above_what_a_request_says(ask, monkeypatch):
    monkeypatch.setenv(ORIGIN_VARIABLE, "https://legs.example/")
    text = ask("/find", headers={"host": HOSTILE[0]}).text
    assert contents(text, "canonical") == ["https://legs.example/find"]
    assert "Sitemap: https://legs.example/sitemap.xml" in ask("/robots.txt").text


def test_the_sitemap_has_every_page_device_and_type_and_answers_each_host_with_its_own(ask):
    catalogue = small()
    for host in ("legwise.example", "other.example:8080"):
        answer = ask("/sitemap.xml", headers={"host": host})
        assert answer.headers["content-type"].startswith("application/xml")
        addresses = re.findall(r"<loc>(.*?)</loc>", answer.text)
        assert f"http://{host}/" in addresses
        assert f"http://{host}/type?id=air_compression" in addresses
        things = len(catalogue["devices"]) + len(catalogue["device_types"])
        assert len(addresses) == len(set(addresses)) == things + sum(bool(p.group) for p in PAGES)
        assert all(address.startswith(f"http://{host}/") for address in addresses)


def test_tables_that_cannot_be_read_leave_the_head_of_the_page(ask, served):
    (served / "devices.csv").write_text("no table", encoding="utf-8")
    assert title(ask("/device?id=hyperice-normatec-3").text) == BY_NAME["device"].head()
    assert ask("/sitemap.xml").status_code == 503
