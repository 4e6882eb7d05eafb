"""What a filter of dates adds to one of numbers: how an end is read, written and counted."""

from datetime import date

import pandas as pd
import pytest

from legwise.facets.codes import encode_column
from legwise.facets.filters import DateSpan, Span, span_of
from legwise.tables.schema import Field

DAYS = Field("seen", "date", "Seen", "", filter="range")
CELLS = pd.to_datetime(pd.Series(["2020-02-29", None, "1899-12-31", "2020-02-29", "2024-01-01"]))


@pytest.mark.parametrize(
    ("span", "rows"),
    [
        (DateSpan(date(2020, 1, 1), date(2020, 12, 31)), [0, 3]),
        (DateSpan(date(2020, 2, 29), None), [0, 3, 4]),
        (DateSpan(None, date(2020, 2, 28)), [2]),
        (DateSpan(not_stated=True), [1]),
        (DateSpan(date(2024, 1, 1), None, True), [1, 4]),
    ],
)
def test_a_range_of_dates_takes_both_ends_and_says_the_same_in_code(span, rows):
    assert encode_column(CELLS, DAYS).rows_that_match(span).nonzero()[0].tolist() == rows
    frame = pd.DataFrame({"seen": CELLS.dt.strftime("%Y-%m-%d")})
    (condition,) = span.code(DAYS)
    assert frame[eval(condition, {"rows": frame})].index.tolist() == rows


def test_a_range_of_dates_is_read_from_what_it_writes_and_said_in_words():
    span = DateSpan(date(2020, 1, 1), date(2020, 12, 31))
    assert span.link() == ["2020-01-01..2020-12-31"]
    assert DateSpan.parse("2020-01-01..2020-12-31") == span
    assert span.words(DAYS) == "seen is 2020-01-01 to 2020-12-31"
    assert DateSpan(None, date(2020, 1, 1), True).words(DAYS) == (
        "seen is at most 2020-01-01 or not stated"
    )


@pytest.mark.parametrize(
    "text", ["2020..", "2021-01-01..2020-01-01", "..", "2020-02-30..", "5..6", "1700-01-01.."]
)
def test_what_is_no_range_of_dates_is_refused(text):
    assert DateSpan.parse(text) is None


def test_the_kind_of_range_follows_from_the_column():
    assert span_of(DAYS) is DateSpan
    assert span_of(Field("n", "integer", "N", "")) is Span


def test_the_counts_of_a_column_of_dates_are_its_first_and_last_day():
    counts = encode_column(CELLS, DAYS).totals
    days = [date.fromordinal(int(end)) for end in (counts.low, counts.high)]
    assert days == [date(1899, 12, 31), date(2024, 1, 1)]
    assert (counts.stated, counts.not_stated) == (4, 1)
