"""Bands of skewed numbers: they cover all that is stated, once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from legwise.facets.bands import count_bands, cut_bands, round_numbers

NUMBERS = st.lists(st.integers(-50, 20_000) | st.floats(0.01, 900).map(lambda x: round(x, 2)))


@given(NUMBERS)
def test_every_stated_number_is_in_one_band_and_counts_add_up(stated):
    numbers, counts = np.unique(np.array(stated, dtype=float), return_counts=True)
    bands = cut_bands(numbers, counts)
    for number in numbers if bands else ():
        low, high = -np.inf, np.inf
        assert (
            sum(
                (low if band.low is None else band.low)
                <= number
                <= (high if band.high is None else band.high)
                for band in bands
            )
            == 1
        )
    assert len(bands) != 1
    if bands:
        held = count_bands(bands, numbers, counts)
        assert sum(held) == len(stated)
        # No band is a sliver, so there are few.
        assert min(held) * 6 >= len(stated)
        assert all(np.searchsorted(numbers, band.low) > 0 for band in bands[1:])


def test_breaks_are_the_round_numbers_where_a_band_is_full():
    prices = np.array([5.0, 12.0, 49.99, 99.0, 150.0, 1999.0, 6999.0, 9999.0])
    bands = cut_bands(prices, np.ones(len(prices), dtype=int))
    assert [band.low for band in bands] == [None, 20, 100, 2000]
    assert [band.below for band in bands] == [20, 100, 2000, None]
    assert [band.high for band in bands] == [12, 99, 1999, None]
    assert count_bands(bands, prices, np.ones(len(prices), dtype=int)) == [2, 2, 2, 2]


def test_round_numbers_are_exact():
    assert list(round_numbers(0.01, 3)) == [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]
