import pytest
from jinja2 import UndefinedError

from legwise.text.markup import is_web_link, plain, plain_lines, templates, web_link

OTHERS = ["javascript:alert(1)", "data:text/html,x", "//e.org", "/find", " https://e.org", "", "x"]


@pytest.mark.parametrize("url", ["https://e.org", "http://e.org/a?b=1"])
def test_a_web_address_becomes_a_link(url):
    assert is_web_link(url)
    assert web_link("a", url) == f"[a](<{url}>)"


@pytest.mark.parametrize("url", OTHERS)
def test_no_other_address_becomes_a_link(url):
    assert not is_web_link(url)
    assert web_link("*a*", url) == r"\*a\*"


def test_what_could_be_a_tag_or_an_entity_is_text_in_markdown():
    assert plain("<b> & &amp;") == r"&lt;b&gt; &amp; &amp;amp;"


def test_a_hyphen_is_escaped_where_markdown_could_read_it():
    assert plain("- a") == r"\- a"
    assert plain("--- x-\ny") == r"\-\-\- x\- y"
    assert plain("Second-hand, 2026-11-22") == "Second-hand, 2026-11-22"


def test_lines_of_a_cell_stay_lines_of_its_table():
    assert plain_lines("a|b\n<br>") == r"a\|b<br>&lt;br&gt;"


@pytest.fixture
def written(tmp_path):
    """A folder of templates with one that puts a value into a tag."""
    (tmp_path / "x.html.j2").write_text('<b title="{{ value }}">{{ value }}</b>')
    return templates(tmp_path).get_template("x.html.j2")


def test_a_template_escapes_what_is_put_into_it(written):
    assert "<i>" not in written.render(value='"<i>')
    assert written.render(value='"').count('"') == 2


def test_a_value_that_a_template_misses_is_an_error(written):
    with pytest.raises(UndefinedError):
        written.render()
