"""Bands of a number column: what to offer where a slider over skewed numbers would not help.

The rule: breaks are round numbers (1, 2 or 5 times a power of ten). From the lowest up, a band ends
at the first of them where it holds a sixth of the stated numbers; what is left over joins the last.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

#: A band is closed once it holds this share of the stated numbers.
SHARE = 1 / 6


@dataclass(frozen=True)
class Band:
    """Numbers from ``low`` to ``high``, both inclusive; an open end is ``None``.

    ``below`` is the round number under which the band lies: no stated number is between ``high``
    and it.
    """

    low: float | None
    high: float | None
    below: float | None


def round_numbers(low: float, high: float) -> Iterator[float]:
    """Yield the numbers 1, 2 and 5 times a power of ten that are above ``low``, up to ``high``."""
    if high <= 0:
        return
    start = low if low > 0 else min(1.0, high)
    power = math.floor(math.log10(start))
    while 10.0**power <= high:
        for number in (1, 2, 5):
            # Not 3 * 0.1, which is not 0.3: a quotient of whole numbers is the nearest float.
            value = float(number * 10**power) if power >= 0 else number / 10**-power
            if low < value <= high:
                yield value
        power += 1


def cut_bands(numbers: np.ndarray, counts: np.ndarray) -> tuple[Band, ...]:
    """Return the bands of distinct ascending ``numbers``, each stated by so many of ``counts``.

    Fewer than two bands are no choice: then there are none.
    """
    if len(numbers) < 2:
        return ()
    before = np.concatenate([[0], np.cumsum(counts)])  # how many are below each position
    total, starts, breaks = int(before[-1]), [0], []
    for value in round_numbers(float(numbers[0]), float(numbers[-1])):
        position = int(np.searchsorted(numbers, value))
        if before[position] - before[starts[-1]] >= max(1, total * SHARE):
            starts.append(position)
            breaks.append(value)
    if len(starts) > 1 and total - before[starts[-1]] < max(1, total * SHARE):
        del starts[-1], breaks[-1]
    if not breaks:
        return ()
    lows = [None, *breaks]
    highs = [float(numbers[start - 1]) for start in starts[1:]] + [None]
    return tuple(
        Band(low, high, below)
        for low, high, below in zip(lows, highs, [*breaks, None], strict=True)
    )


def count_bands(bands: tuple[Band, ...], numbers: np.ndarray, counts: np.ndarray) -> list[int]:
    """Count each band, given ascending ``numbers`` and how many rows hold each."""
    starts = [0, *(int(np.searchsorted(numbers, band.low or 0)) for band in bands[1:])]
    return [int(part.sum()) for part in np.split(counts, starts[1:])] if bands else []
