"""What a file holds: named columns of texts, each as its distinct texts and a code per row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from legwise.intake.limits import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, IntakeError
from legwise.intake.spellings import EMPTY, printable
from legwise.tables.letters import letters, outer_letters

#: Most characters of a column's name.
LONGEST_NAME = 80
#: A column of so many rows is not searched for repeated texts if nearly all of so many differ.
LONG, LOOKED_AT = 50_000, 5_000
#: Rows that one processor works on at a time.
PIECE = 100_000
#: Byte → whether a spelling of nothing may begin with it.
_BEGINS_AS_EMPTY = np.arange(256) >= 0x80
_BEGINS_AS_EMPTY[
    [ord(first) for word in EMPTY for first in word[:1] + word[:1].upper() if first.isascii()]
] = True
#: Told how far the work is (0 to 1) and what is done; what it raises stops the work.
Progress = Callable[[float, str], None]


def silent(share: float, what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False)
class Texts:
    """A column: its distinct texts, trimmed, and each row's position among them (-1: empty).

    Of a long column in which nearly all texts differ, the texts are those of all rows.
    """

    texts: pa.StringArray
    codes: np.ndarray

    def take(self, most: int) -> list[str]:
        """Return the first distinct texts."""
        return [str(text) for text in self.texts[:most].to_pylist()]

    @property
    def of_rows(self) -> pa.DictionaryArray:
        """The text of each row, null where it is empty."""
        codes = pa.array(self.codes, mask=self.codes < 0)
        return pa.DictionaryArray.from_arrays(codes, self.texts)


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used: its number as a spreadsheet counts, its text, and why."""

    row: int
    text: str
    message: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """The rows of a file, with the number of each as a spreadsheet counts them."""

    columns: Mapping[str, Texts]
    rows: np.ndarray
    bad_rows: tuple[BadRow, ...] = ()
    #: What was done to read it, for people: its encoding, its separator, the lines passed over.
    notes: tuple[str, ...] = ()
    #: Whether a comma stands for the decimal point where a column does not tell.
    decimal_comma: bool = False

    def __len__(self) -> int:
        return len(self.rows)


def column_names(heads: Sequence[str]) -> tuple[str, ...]:
    """Return a name for every column, each once: "colour", "colour (2)", "column 7".

    Raises:
        IntakeError: there are too many columns.
    """
    if len(heads) > MOST_COLUMNS:
        raise IntakeError(
            f"The file has {len(heads):,} columns; at most {MOST_COLUMNS} can be read. "
            "Keep the columns that matter."
        )
    names: list[str] = []
    taken: set[str] = set()
    for position, head in enumerate(heads, 1):
        name = base = printable(head, LONGEST_NAME) or f"column {position}"
        number = 1
        while name in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def check_rows(number: int) -> None:
    """Refuse a file that is empty or too long.

    Raises:
        IntakeError: it is.
    """
    if not number:
        raise IntakeError("The file has no rows below its header.")
    if number > MOST_ROWS:
        raise IntakeError(
            f"The file has more than {MOST_ROWS:,} rows. Split it, or keep the rows that matter."
        )


def as_texts(column: pa.ChunkedArray | pa.Array) -> Texts:
    """Return a column of any type as texts; dates are written as 2026-11-30."""
    differ = nearly_all_differ(column)
    if differ:
        stated = column.is_valid().to_numpy(zero_copy_only=False)
        codes = np.where(stated, np.cumsum(stated, dtype=np.int32) - 1, np.int32(-1))
        # Piece by piece: the longest columns are among these.
        words = pa.concat_arrays([_trimmed(piece.drop_null()) for piece in column.chunks])
    else:
        array = _as_dictionary(column)
        codes = array.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
        distinct = array.dictionary
        distinct = distinct.cast(pa.string()) if distinct.type != pa.string() else distinct
        words = _trimmed(distinct)
        differ = words is distinct
    if not len(words):
        return Texts(words, codes)
    empty = _empty(words)
    if differ and not pc.any(empty).as_py():
        return Texts(words, codes)
    codes_of = words.filter(pc.invert(empty)).dictionary_encode()
    new = np.full(len(words) + 1, -1, dtype=np.int32)
    new[:-1][~empty.fill_null(True).to_numpy(zero_copy_only=False)] = codes_of.indices.to_numpy()
    return Texts(codes_of.dictionary, new[codes])


def in_pieces(texts: pa.Array, work: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Do slow work on the texts of a long column on all processors."""
    pieces = [texts.slice(start, PIECE) for start in range(0, len(texts), PIECE)]
    if len(pieces) < 2:
        return work(texts)
    # Arrow lets other threads run meanwhile.
    with ThreadPoolExecutor() as pool:
        return pa.concat_arrays(pool.map(work, pieces))


def _trimmed(words: pa.StringArray) -> pa.StringArray:
    """Return texts without spaces around them; the same array, if there are none."""
    # A look at two bytes of each takes a tenth of the time.
    if not any(_may_be_space(ends) for ends in outer_letters(words)):
        return words
    trimmed = pc.utf8_trim_whitespace(words)
    return words if trimmed.equals(words) else trimmed


def _may_be_space(ends: np.ndarray) -> bool:
    """Whether one of these bytes may be of a space; in other alphabets all may."""
    return bool(len(ends)) and bool(ends.min() <= ord(" ") or ends.max() >= 0x80)


def nearly_all_differ(column: pa.ChunkedArray | pa.Array) -> bool:
    """Whether a column is long, and its first texts differ: what repeats in it saves no memory."""
    if not isinstance(column, pa.ChunkedArray) or not column.type.equals(pa.string()):
        return False
    if len(column) < LONG:
        return False
    first = column[:LOOKED_AT]
    return bool(pc.count_distinct(first).as_py() > 0.9 * LOOKED_AT)


def _empty(words: pa.StringArray) -> pa.BooleanArray:
    """Return which texts are spellings of nothing; a null is one, too."""
    content, edges = letters(words)
    sizes = np.diff(edges)
    empty = sizes == 0
    at = np.flatnonzero(~empty & (sizes <= max(map(len, EMPTY)) + 2))
    # Only those are looked at that are short and begin as one of these does: they are few.
    at = at[_BEGINS_AS_EMPTY[content[edges[at]]]]
    lower = pc.utf8_lower(words.take(pa.array(at)))
    empty[at] = pc.is_in(lower, value_set=pa.array(sorted(EMPTY))).to_numpy(zero_copy_only=False)
    return pa.array(empty)


def _as_dictionary(column: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    kind = column.type
    if kind.equals(pa.null()):
        column = column.cast(pa.string())
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.date32(), safe=False)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), ";")
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    if isinstance(column, pa.ChunkedArray):
        chunked = column.unify_dictionaries().combine_chunks()
        if isinstance(chunked, pa.ChunkedArray):
            chunked = (
                chunked.chunk(0)
                if chunked.num_chunks
                else pa.array([], pa.dictionary(pa.int32(), pa.string()))
            )
        return chunked
    return column


def too_long(texts: Texts) -> np.ndarray:
    """Return which distinct texts are longer than a page can show."""
    wrong = np.zeros(len(texts.texts), dtype=bool)
    # Characters are counted where there are as many bytes.
    at = np.flatnonzero(pc.greater(pc.binary_length(texts.texts), MOST_CHARACTERS))
    wrong[at] = pc.greater(pc.utf8_length(texts.texts.take(at)), MOST_CHARACTERS)
    return wrong


def drop_empty_rows(
    columns: Mapping[str, Texts], rows: Iterable[int] | np.ndarray
) -> tuple[dict[str, Texts], np.ndarray, int]:
    """Leave out rows in which every cell is empty; return how many these were, too."""
    numbers = np.asarray(rows)
    stated = np.zeros(len(numbers), dtype=bool)
    for column in columns.values():
        stated |= column.codes >= 0
    if stated.all():
        return dict(columns), numbers, 0
    return _rows_of(columns, stated), numbers[stated], int(len(numbers) - stated.sum())


def _rows_of(columns: Mapping[str, Texts], kept: np.ndarray) -> dict[str, Texts]:
    return {name: Texts(column.texts, column.codes[kept]) for name, column in columns.items()}


def without_variants(sheet: Sheet, key: str, names: Sequence[str]) -> Sheet:
    """Return one row per product: shops list its sizes and colours below it, under its id alone.

    ``key`` is the column of ids, ``names`` are those of what a product is called.
    """
    nameless = np.ones(len(sheet), dtype=bool)
    for name in names:
        nameless &= sheet.columns[name].codes < 0
    ids = sheet.columns[key]
    asked = nameless & (ids.codes >= 0)
    if not names or not asked.any() or nameless.all():
        return sheet
    # Of a long column the texts are those of all rows.
    numbers = ids.texts.dictionary_encode().indices.to_numpy()
    rows = np.flatnonzero(~nameless & (ids.codes >= 0))[::-1]
    # The first row of a product stays, as it is written last.
    first = dict(zip(numbers[ids.codes[rows]].tolist(), rows.tolist(), strict=True))
    at = np.flatnonzero(asked)
    product = np.array([first.get(number, -1) for number in numbers[ids.codes[at]].tolist()])
    at, product = at[product >= 0], product[product >= 0]
    if not len(at):
        return sheet
    kept = np.ones(len(sheet), dtype=bool)
    kept[at] = False
    note = (
        f"“{key}”: Rows without a name that repeat the id of a product: {len(at):,}. They are its "
        "variants or pictures; it is listed once, with what the first rows to state it say."
    )
    filled = {
        name: _filled(texts, product[::-1], at[::-1]) for name, texts in sheet.columns.items()
    }
    return replace(
        sheet,
        columns=_rows_of(filled, kept),
        rows=sheet.rows[kept],
        notes=(*sheet.notes, note),
    )


def _filled(texts: Texts, rows: np.ndarray, others: np.ndarray) -> Texts:
    """Return texts with those of other rows where rows have none; of several the last counts."""
    stated = texts.codes[others] >= 0
    instead = np.full(len(texts.codes), -1, dtype=np.int32)
    instead[rows[stated]] = texts.codes[others[stated]]
    return Texts(texts.texts, np.where(texts.codes < 0, instead, texts.codes))
