"""What the HTML tables hand to the browser, when the tables try to be more than text."""

import re
from html.parser import HTMLParser

import pandas as pd
import pytest
import streamlit as st

from legwise.answers.comparison import Cell, Comparison, Group, Item, Row
from legwise.tables.sources import Source
from ui import html_tables

EVIL = "<script>alert(1)</script>\n\"' onclick='x' {{ 7*7 }}"


@pytest.fixture
def drawn(monkeypatch):
    """HTML that was drawn."""
    bodies = []
    monkeypatch.setattr("streamlit.html", bodies.append)
    monkeypatch.setattr(html_tables, "theme", lambda: "light")
    return bodies


def attributes(body):
    """Names of all attributes of all tags."""
    names = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda _, pairs: names.update(name for name, _ in pairs)
    parser.feed(body)
    return names


def comparison(url):
    """Every text hostile, every address the same."""
    source = Source("s", "study", EVIL, EVIL, EVIL, 2020, EVIL, url, "", "")
    cells = (Cell(EVIL, link=url), Cell(EVIL, sources=(source,)), Cell(EVIL, derived=True))
    items = tuple(
        Item(kind, EVIL, EVIL, EVIL, (1, 2), url, (EVIL,), EVIL)
        for kind in ("device", "device", "type")
    )
    rows = (Row("x", EVIL, EVIL, cells), Row("y", EVIL, "", (Cell(EVIL, False),) * 3))
    return Comparison(items, (Group("features", EVIL, rows, EVIL),))


def draw_comparison(whole, narrow):
    html_tables.show_heads(whole, narrow)
    st.html(html_tables.groups_of_rows(whole, whole.groups, narrow, about=True))


def test_hostile_text_stays_text_in_a_comparison(drawn):
    draw_comparison(comparison("https://e.org/'\"><script>"), [0])
    body = "".join(drawn)
    assert "<script" not in body
    assert "href" in attributes(body)
    assert "onclick" not in attributes(body)
    assert body.count('href="https://e.org/') == 3 + 1 + 1
    assert body.count('href="device?id=%3Cscript%3E') == 2
    assert 'href="find?device_type=%3Cscript%3E' in body


def test_no_address_but_one_of_the_web_becomes_a_link_in_a_comparison(drawn):
    draw_comparison(comparison("javascript:alert(1)"), [0])
    links = re.findall(r'href="([^"?]*)', "".join(drawn))
    assert links == ["device", "device", "type", "find"]


def test_hostile_text_stays_text_in_a_table(drawn):
    html_tables.show_table(pd.DataFrame({EVIL: [EVIL], "b": [EVIL]}), EVIL)
    assert "<script" not in drawn[0]
    assert "onclick" not in attributes(drawn[0])
    assert "{{ 7*7 }}" in drawn[0]


def test_columns_that_a_narrow_screen_leaves_out_are_marked(drawn):
    draw_comparison(comparison("https://e.org"), [1])
    heads, rows = drawn
    assert heads.count('<div class="name wide-only"') == 2
    assert rows.count('<th scope="col" role="columnheader" class="wide-only"') == 2
    # What the items are, and the row that is not the same "not stated" for all.
    assert rows.count('<td role="cell" class="wide-only') == 2 * 2
