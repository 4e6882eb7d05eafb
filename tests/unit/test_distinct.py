"""Distinct cells and ids are told apart as pandas and Python tell them apart."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.tables.distinct import distinct_cells
from legwise.tables.keys import Keys, all_differ, text_hashes

LISTS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3).map(tuple)
TEXTS = st.lists(st.text("aé😀\0-0", max_size=20), max_size=30)


def column(cells):
    """Return cells as a column of objects, each an object of its own."""
    objects = np.empty(len(cells), dtype=object)
    for position, cell in enumerate(cells):
        objects[position] = (*cell,) if isinstance(cell, tuple) else cell
    return pd.Series(objects, dtype=object)


@given(cells=st.lists(LISTS | st.none() | st.just("text")))
def test_lists_are_told_apart_by_what_they_hold(cells):
    codes, distinct = distinct_cells(column(cells))
    expected, first = pd.factorize(column(cells), use_na_sentinel=False)
    assert codes.tolist() == expected.tolist()
    assert [*map(str, distinct)] == [*map(str, first)]


@pytest.mark.parametrize("kind", ["str", "category", "Int64", "boolean"])
def test_other_columns_are_as_pandas_has_them(kind):
    cells = pd.Series([1, 0, None, 1], dtype="Int64").astype(kind)
    codes, distinct = distinct_cells(cells)
    assert codes.tolist() == [0, 1, 2, 0]
    assert len(distinct) == 3


def test_a_column_that_is_one_cell_many_times():
    one = np.empty((), dtype=object)
    one[()] = ("foot",)
    codes, distinct = distinct_cells(pd.Series(np.broadcast_to(one, 1000), dtype=object))
    assert not codes.any()
    assert [*distinct] == [("foot",)]


@given(texts=TEXTS)
def test_equal_texts_have_one_hash_and_others_another(texts):
    hashes = text_hashes(pd.Series(texts, dtype="str")).tolist()
    assert len(set(hashes)) == len(set(texts))
    assert hashes == [int(text_hashes([text])[0]) for text in texts]
    # Of a part of a column, too.
    assert text_hashes(pd.Series(texts, dtype="str")[2:]).tolist() == hashes[2:]
    assert all_differ(pd.Series(texts, dtype="str")) == (len(set(texts)) == len(texts))


def test_long_texts_are_hashed_quickly_and_to_their_end():
    long = "x" * 3_000_000
    texts = [long, f"{long}y", f"y{long}", long, "x"]
    hashes = text_hashes(texts).tolist()
    assert hashes[0] == hashes[3]
    assert len(set(hashes)) == 4


def test_texts_of_one_hash_are_told_apart(monkeypatch):
    monkeypatch.setattr(
        "legwise.tables.keys.text_hashes", lambda texts: np.zeros(len(texts), dtype=np.uint64)
    )
    ids = pd.Series(["a", "b", "c"], dtype="str")
    assert all_differ(ids)
    assert not all_differ(pd.Series(["a", "b", "a"], dtype="str"))
    keys = Keys(ids)
    assert [keys[key] for key in ids] == [0, 1, 2]
    assert "d" not in keys
