"""A column that is searched finds what a plain search of each folded text finds."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.searched import fold, searched

#: Case, accents, letters that fold to several, spaces; and cells that state nothing.
CELLS = st.lists(st.none() | st.text("aAbéÉßİ 1.", max_size=6), min_size=1, max_size=12)
PARTS = st.text("aAbéß 1.", min_size=1, max_size=2).map(fold).filter(bool)


@pytest.mark.parametrize("kind", ["str", "category", "object"])
@given(cells=CELLS, part=PARTS)
def test_parts_and_beginnings_of_words(kind, cells, part):
    column = searched(pd.Series(cells, dtype=kind), {})
    folded = [fold(cell or "") for cell in cells]
    np.testing.assert_array_equal(column.holding(part), [part in text for text in folded])
    np.testing.assert_array_equal(
        column.starting(part), [f" {part}" in f" {text}" for text in folded]
    )


@given(cells=st.lists(st.sampled_from(["x", "y", None]), min_size=1))
def test_words_stand_in_for_values(cells):
    column = searched(pd.Series(cells, dtype="category"), {"x": "Bottes É"})
    mask = column.starting("bottes e")
    np.testing.assert_array_equal(mask, [cell == "x" for cell in cells])


def test_names_of_a_long_list_are_not_copied():
    names = pd.Series([f"Name {number}" for number in range(100)], dtype="str")
    column = searched(names, {})
    assert column.codes is None
    assert _memory(column.texts) == _memory(pa.array(names.array))


def _memory(texts):
    return {part.buffers()[2].address for part in getattr(texts, "chunks", [texts])}
