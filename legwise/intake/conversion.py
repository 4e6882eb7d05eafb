"""A column of texts → a column of a field, by its distinct texts; what cannot be read is told."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from legwise.intake.amounts import currency_of, factor, read_amounts, unit_of
from legwise.intake.faults import Faults
from legwise.intake.limits import MOST_CHARACTERS
from legwise.intake.sheet import Texts, in_pieces, too_long
from legwise.intake.spellings import printable, read_yes_no
from legwise.intake.vocabulary import Words
from legwise.tables.letters import letters
from legwise.tables.schema import Field
from legwise.text.cells import allowed, format_number

#: Kinds of faults, as a report names them.
NOT_NUMBER = "not a number"
UNCLEAR = "could be two numbers"
NOT_YES_NO = "neither yes nor no"
NOT_WHOLE = "not a whole number"
OUT_OF_RANGE = "out of range"
UNKNOWN_UNIT = "unknown unit"
UNKNOWN_WORD = "unknown word"
WRONG_FORM = "wrong form"
NOT_DATE = "not a date"
TOO_LONG = "too long"
#: Up to so many rows a text column has one object per row, as shipped tables do.
FEW_ROWS = 50_000
#: What texts of shops are marked up with; "< 5 cm" is none of it.
_INLINE = "span|strong|b|em|i|u|a"
_NAMES = f"(?:{_INLINE}|p|br|hr|div|ul|ol|li|h[1-6]|table|tbody|tr|td|th|img)"
_TAG = rf"(?i)</?{_NAMES}\b[^>]*>"
_INLINE_TAG = rf"(?i)</?(?:{_INLINE})\b[^>]*>"
#: Tags with what is between them, which nobody reads.
_CODE_OF_PAGES = r"(?is)<style\b.*?</style>|<script\b.*?</script>"
#: A text is HTML if it ends something, or breaks a line. A "calf <b>" is a name.
_MARKED_UP = rf"(?i)</{_NAMES}>|<br\b[^>]*>"
#: The form of web addresses, as the descriptor states it.
_ADDRESS = r"^https?://\S+$"
_TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$|^(\d{1,2})\.(\d{1,2})\.(\d{4})$")


class Complaints:
    """Collects faults of one column by distinct text, and what was done to read it."""

    def __init__(self, column: str, texts: Texts, rows: np.ndarray) -> None:
        self.column, self.texts, self.rows = column, texts, rows
        self.notes: list[str] = []
        self._wrong: dict[int, tuple[str, str, str]] = {}

    def add(self, position: int | np.integer[Any], kind: str, may: str, value: str = "") -> None:
        """Note that a distinct text is at fault."""
        self._wrong.setdefault(int(position), (kind, may, value))

    def faults(self) -> tuple[Faults, ...]:
        """Return the faults, each with its rows, in one pass over the column."""
        if not self._wrong:
            return ()
        wrong = np.zeros(len(self.texts.texts) + 1, dtype=bool)
        wrong[list(self._wrong)] = True
        at = np.flatnonzero(wrong[self.texts.codes])
        order = np.argsort(self.texts.codes[at], kind="stable")
        at = at[order]
        codes = self.texts.codes[at]
        starts = np.flatnonzero(np.diff(codes, prepend=-2))
        made = []
        for group in np.split(at, starts[1:]):
            if not len(group):
                continue
            position = int(self.texts.codes[group[0]])
            kind, may, value = self._wrong[position]
            text = value or printable(str(self.texts.texts[position]), 120)
            made.append(Faults(kind, self.column, text, may, self.rows[group]))
        return tuple(made)


def to_yes_no(texts: Texts, complaints: Complaints) -> pd.Series:
    """Convert to yes and no."""
    words = texts.texts.to_pylist()
    crosses = {word.casefold() for word in words} == {"x"}
    values = np.full(len(words) + 1, 2, dtype=np.uint8)
    for position, word in enumerate(words):
        answer = read_yes_no(word, cross=crosses)
        if answer is None:
            complaints.add(position, NOT_YES_NO, "yes or no")
        else:
            values[position] = answer
    cells = values[texts.codes]
    return pd.Series(pd.arrays.BooleanArray(cells == 1, cells == 2), copy=False)


@dataclass(frozen=True)
class Reader:
    """How the numbers of a field are read: the unit of cells that name none, the decimal mark."""

    field: Field
    unit: str
    decimal_comma: bool


def to_numbers(texts: Texts, reader: Reader, complaints: Complaints) -> np.ndarray:
    """Convert to numbers in the unit of the field; return one per distinct text."""
    field = reader.field
    amounts = read_amounts(texts.texts, reader.decimal_comma)
    numbers = amounts.numbers.copy()
    kinds, codes = _distinct(amounts.marks)
    counts = np.bincount(texts.codes[texts.codes >= 0], minlength=len(numbers))
    for number, mark in enumerate(kinds):
        here = (codes == number) & ~np.isnan(numbers)
        if not here.any():
            continue
        unit = _unit_named(mark, field.unit) if mark else reader.unit
        times = 1.0 if unit == field.unit else factor(unit, field.unit)
        if times is None:
            may = f"a number in {field.unit}" if field.unit else "a number without a unit"
            for position in np.flatnonzero(here):
                complaints.add(position, UNKNOWN_UNIT, may)
            numbers[here] = np.nan
        elif times != 1.0:
            numbers[here] = [float(f"{value:.4g}") for value in numbers[here] * times]
            cells = int(counts[here].sum())
            complaints.notes.append(
                f"“{complaints.column}”: Numbers in {unit} ({cells:,}) were converted to "
                f"{field.unit} ({_factor(times, unit, field.unit)}), to four digits."
            )
    may = allowed(field) or "a number"
    for position in np.flatnonzero(np.isnan(amounts.numbers)):
        unclear = amounts.unclear[position]
        complaints.add(
            position,
            UNCLEAR if unclear else NOT_NUMBER,
            "the same decimal mark in the whole column" if unclear else "a number",
        )
    if field.type == "integer":
        _refuse(numbers, numbers != np.round(numbers), NOT_WHOLE, "a whole number", complaints)
        _refuse(numbers, np.abs(numbers) > 2**53, OUT_OF_RANGE, "a smaller number", complaints)
    low = -np.inf if field.minimum is None else field.minimum
    high = np.inf if field.maximum is None else field.maximum
    _refuse(numbers, (numbers < low) | (numbers > high), OUT_OF_RANGE, may, complaints)
    return numbers


def _factor(times: float, unit: str, wanted: str) -> str:
    """Write a factor without a long fraction: "1 h = 60 min", not "1 min = 0.01667 h"."""
    if times < 1 and abs(1 / times - round(1 / times)) < 1e-9:
        return f"1 {wanted} = {format_number(round(1 / times))} {unit}"
    return f"1 {unit} = {format_number(times)} {wanted}"


def _unit_named(mark: str, wanted: str) -> str:
    """Return the unit or currency that a mark names; one that nobody knows is only itself."""
    if mark == wanted or currency_of(mark) == wanted:
        return wanted
    return unit_of(mark) or mark


def number_cells(numbers: np.ndarray, texts: Texts, field: Field) -> pd.Series:
    """Return the cells of a number column, given a number per distinct text."""
    numbers = np.append(numbers, np.nan)
    if field.type != "integer":
        return pd.Series(numbers[texts.codes], copy=False)
    missing = np.isnan(numbers)
    whole = np.where(missing, 0, numbers).astype(np.int64)
    cells = pd.arrays.IntegerArray(whole[texts.codes], missing[texts.codes])
    return pd.Series(cells, copy=False)


def _refuse(
    numbers: np.ndarray, wrong: np.ndarray, kind: str, may: str, complaints: Complaints
) -> None:
    wrong = wrong & ~np.isnan(numbers)
    for position in np.flatnonzero(wrong):
        complaints.add(position, kind, may)
    numbers[wrong] = np.nan


def _distinct(marks: np.ndarray) -> tuple[list[str], np.ndarray]:
    codes, kinds = pd.factorize(marks)
    return [str(kind) for kind in kinds], codes


def to_prices(
    texts: Texts, unit: str, decimal_comma: bool, complaints: Complaints
) -> dict[str, np.ndarray]:
    """Return currency → a price per distinct text (NaN: none in that currency).

    Nothing is converted: what a price is worth elsewhere depends on the day.
    """
    amounts = read_amounts(texts.texts, decimal_comma)
    kinds, codes = _distinct(amounts.marks)
    prices: dict[str, np.ndarray] = {}
    for number, mark in enumerate(kinds):
        here = (codes == number) & ~np.isnan(amounts.numbers)
        currency = unit if not mark else currency_of(mark)
        if mark and not currency:
            for position in np.flatnonzero(here):
                complaints.add(position, UNKNOWN_UNIT, "a price with a sign or code of a currency")
            continue
        column = prices.setdefault(currency, np.full(len(texts.texts), np.nan))
        column[here] = amounts.numbers[here]
    for position in np.flatnonzero(np.isnan(amounts.numbers)):
        complaints.add(position, NOT_NUMBER, "a price")
    for column in prices.values():
        _refuse(column, column < 0, OUT_OF_RANGE, "from 0", complaints)
    counts = Counter({code: int((~np.isnan(column)).sum()) for code, column in prices.items()})
    return {code: prices[code] for code, number in counts.most_common() if number}


def to_words(texts: Texts, words: Words, may: str, complaints: Complaints) -> pd.Series:
    """Convert to values of a vocabulary."""
    values = []
    for position, text in enumerate(texts.texts.to_pylist()):
        value = words.value(text)
        if not value:
            complaints.add(position, UNKNOWN_WORD, may)
        values.append(value or None)
    return text_cells(values, texts.codes)


def to_lists(texts: Texts, words: Words | None, may: str, complaints: Complaints) -> pd.Series:
    """Convert to tuples; an item that is not in the vocabulary is a fault, the others are kept."""
    cells = np.empty(len(texts.texts) + 1, dtype=object)
    made: dict[tuple[str, ...], tuple[str, ...]] = {}
    for position, text in enumerate(texts.texts.to_pylist()):
        if words is None:
            items = tuple(filter(None, re.split(r"\s*[;|\n]\s*|\s*,\s+|\s+", text)))
        else:
            items, unknown = words.read(text, many=True)
            if unknown:
                complaints.add(position, UNKNOWN_WORD, may, printable(", ".join(unknown), 120))
        cells[position] = made.setdefault(items, items)
    cells[-1] = ()
    return pd.Series(cells[texts.codes], dtype=object, copy=False)


def to_text(texts: Texts, field: Field, complaints: Complaints) -> pd.Series:
    """Convert to text of the form that the field asks for."""
    if not field.pattern.startswith("^https"):
        texts = _without_tags(texts, complaints)
    wrong = too_long(texts)
    for position in np.flatnonzero(wrong).tolist():
        complaints.add(position, TOO_LONG, f"at most {MOST_CHARACTERS:,} characters")
    if field.pattern:
        strange = ~wrong & ~_of_form(texts.texts, field.pattern)
        for position in np.flatnonzero(strange).tolist():
            complaints.add(position, WRONG_FORM, _form_in_words(field))
        wrong |= strange
    values = texts.texts
    if wrong.any():
        values = pc.if_else(pa.array(wrong), pa.scalar(None, values.type), values)
    return text_cells(values, texts.codes)


def _without_tags(texts: Texts, complaints: Complaints) -> Texts:
    """Return texts without the HTML that shops describe their products in."""
    words = texts.texts
    if not (letters(words)[0] == ord("<")).any():
        return texts
    tagged = pc.match_substring_regex(words, _MARKED_UP)
    some = words.filter(tagged)
    if not len(some):
        return texts
    for pattern, instead in ((_CODE_OF_PAGES, " "), (_INLINE_TAG, ""), (_TAG, " ")):
        some = pc.replace_substring_regex(some, pattern, instead)
    plain = [printable(html.unescape(text), len(text)) for text in some.to_pylist()]
    complaints.notes.append(f"“{complaints.column}”: HTML was left out, its text was kept.")
    words = pc.replace_with_mask(words, tagged, pa.array(plain, pa.string()))
    # What was nothing but tags states nothing.
    blank = np.append(pc.equal(words, "").to_numpy(zero_copy_only=False), False)
    return Texts(words, np.where(blank[texts.codes], np.int32(-1), texts.codes))


def _of_form(texts: pa.StringArray, pattern: str) -> np.ndarray:
    """Return which texts have the form, by the quick engine if it knows the pattern."""
    content, edges = letters(texts)
    if pattern == _ADDRESS and content.min(initial=0xFF) > ord(" "):
        # Without any space, only the beginning needs a look: that takes a fifth of the time.
        fits, sizes = np.zeros(len(texts), dtype=bool), np.diff(edges)
        for start in ("http://", "https://"):
            begins = pc.starts_with(texts, start).fill_null(False)
            fits |= begins.to_numpy(zero_copy_only=False) & (sizes > len(start))
        return fits
    try:
        fits = in_pieces(texts, lambda piece: pc.match_substring_regex(piece, pattern))
        fits = fits.to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        match = re.compile(pattern).search
        fits = np.array([bool(match(text)) for text in texts.to_pylist()], dtype=bool)
    return np.asarray(fits, dtype=bool)


def _form_in_words(field: Field) -> str:
    if field.pattern.startswith("^https"):
        return "a web address that starts with http"
    return f"the form {field.pattern}"


def to_months(texts: Texts, field: Field, complaints: Complaints) -> pd.Series:
    """Convert dates to months, and keep years and months as they are."""
    shorter = [
        f"{day[0]}-{day[1]:02d}" if (day := read_date(text)) else text
        for text in texts.texts.to_pylist()
    ]
    return to_text(Texts(pa.array(shorter, pa.string()), texts.codes), field, complaints)


def to_dates(texts: Texts, complaints: Complaints) -> pd.Series:
    """Convert to days."""
    days = []
    for position, text in enumerate(texts.texts.to_pylist()):
        day = read_date(text)
        if day is None:
            complaints.add(position, NOT_DATE, "a date such as 2026-11-30 or 30.11.2026")
        days.append(pd.NaT if day is None else pd.Timestamp(*day))
    column = pd.Series([*days, pd.NaT], dtype="datetime64[us]").to_numpy()
    return pd.Series(column[texts.codes])


def read_date(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a date that can be read in one way only."""
    match = _DATE.match(text.strip())
    if not match:
        return None
    if match[1]:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    else:
        year, month, day = int(match[6]), int(match[5]), int(match[4])
    try:
        pd.Timestamp(year, month, day)
    except ValueError:
        return None
    return year, month, day


def text_series(cells: pa.StringArray | pa.LargeStringArray) -> pd.Series:
    """Return texts as a column, without a copy."""
    cells = cells.cast(pa.large_string())
    return pd.Series(pd.arrays.ArrowStringArray(cells, dtype=_TEXT))  # type: ignore[call-arg]


def text_cells(values: pa.StringArray | Sequence[str | None], codes: np.ndarray) -> pd.Series:
    """Return a text per row, given one per distinct text; long columns as categories."""
    if not isinstance(values, pa.Array):
        values = pa.array(values, pa.string())
    if len(codes) <= FEW_ROWS or len(values) > len(codes) // 4:
        cells = values.cast(pa.large_string())
        # Texts that all differ may be in the order of the rows.
        if not np.array_equal(codes, np.arange(len(cells))):
            cells = cells.take(pa.array(codes, mask=codes < 0))
        return text_series(cells)
    kept, distinct = pd.factorize(np.array([*values.to_pylist(), None], dtype=object))
    cells = pd.Categorical.from_codes(kept[codes], pd.Index(distinct, dtype="str"))
    return pd.Series(cells, copy=False)


def nothing(field: Field, size: int) -> pd.Series:
    """Return a column in which nothing is stated; its cell is held once."""
    missing = np.broadcast_to(np.True_, size)
    if field.type == "boolean":
        cells = pd.arrays.BooleanArray(np.broadcast_to(np.False_, size), missing)
        return pd.Series(cells, copy=False)
    if field.type == "integer":
        whole = pd.arrays.IntegerArray(np.broadcast_to(np.int64(0), size), missing)
        return pd.Series(whole, copy=False)
    if field.type == "date":
        return pd.Series(np.broadcast_to(np.datetime64("NaT", "us"), size), copy=False)
    if field.type == "number":
        return pd.Series(np.broadcast_to(np.nan, size), copy=False)
    if field.is_list:
        empty = np.empty((), dtype=object)
        empty[()] = ()
        return pd.Series(np.broadcast_to(empty, size), copy=False)
    return text_cells([], np.full(size, -1, dtype=np.int32))
