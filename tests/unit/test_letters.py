"""What a look at the bytes of texts tells is what a look at the texts tells."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.intake import conversion, devices, sheet
from legwise.intake.reading import _line_breaks
from legwise.intake.spellings import EMPTY
from legwise.tables.letters import letters, outer_letters
from tests.packages import small

#: Texts of what matters: spaces of several alphabets, hyphens, capitals, accents, and nothing.
TEXTS = st.lists(st.text(st.sampled_from("abz09-- A.É\u00a0\u2003\t"), max_size=6))
KINDS = st.sampled_from([pa.string(), pa.large_string()])


@given(TEXTS, KINDS, st.integers(0, 3), st.integers(0, 9))
def test_letters_are_those_of_each_text(texts, kind, start, end):
    column, texts = pa.array(texts, kind)[start:end], texts[start:end]
    content, edges = letters(column)
    assert [content[a:b].tobytes().decode() for a, b in pairwise(edges)] == texts
    assert edges[0] == 0
    assert edges[-1] == len(content)
    encoded = [text.encode() for text in texts if text]
    first, last = outer_letters(column)
    assert first.tolist() == [text[0] for text in encoded]
    assert last.tolist() == [text[-1] for text in encoded]


@given(TEXTS)
def test_texts_are_trimmed_as_arrow_trims(texts):
    words = pa.array(texts, pa.string())
    assert sheet._trimmed(words).equals(pc.utf8_trim_whitespace(words))


@given(st.lists(st.one_of(st.none(), st.text(st.sampled_from("abz09--A .É"), max_size=6))))
def test_ids_that_are_written_well_need_no_writing(texts):
    lower = pc.utf8_lower(pa.array(texts, pa.string()))
    slugs = devices._slugs_of_piece(lower)
    assert devices._slugs(lower).equals(slugs)
    if devices._are_slugs(lower):
        assert slugs.equals(lower)


def test_ids_that_are_written_well_are_told():
    assert devices._are_slugs(pa.array(["d1", None, "boots-2", ""]))
    for strange in ("d_1", "-d", "d-", "d--1", "é", "d 1"):
        assert not devices._are_slugs(pa.array(["d1", strange, "d2"]))


@pytest.mark.parametrize("spelled", sorted(EMPTY))
@pytest.mark.parametrize("case", [str, str.upper, str.title])
def test_every_spelling_of_nothing_is_nothing(spelled, case):
    words = pa.array(["a", case(spelled), None, "none of these", "d1"])
    assert sheet._empty(words).to_pylist() == [False, True, True, False, False]


@given(st.binary(max_size=50), st.integers(0, 3))
def test_line_breaks_are_counted(content, times):
    content = (content + b"\n") * times
    assert _line_breaks(content) == content.count(b"\n")


def test_line_breaks_of_a_long_file_are_counted():
    assert _line_breaks(b"a\n" * 400_000 + b"a") == 400_000


ENDS = st.text(st.sampled_from("a/é \n"), max_size=2)
BEGINNINGS = st.sampled_from(["", "http:", "http://", "https://", "HTTPS://", "xhttp://"])


@given(st.lists(st.one_of(st.none(), st.builds("".join, st.tuples(BEGINNINGS, ENDS)))))
def test_web_addresses_are_told_as_their_pattern_tells(texts):
    pattern = small().package["devices"]["source_url"].pattern
    # What is quick knows this very pattern.
    assert pattern == conversion._ADDRESS
    words = pa.array(texts, pa.string())
    expected = pc.match_substring_regex(words, pattern).fill_null(False).to_pylist()
    assert conversion._of_form(words, pattern).tolist() == expected
    # One text with a space is no reason to tell the others otherwise.
    assert conversion._of_form(pa.array([*texts, "a b"]), pattern).tolist() == [*expected, False]
