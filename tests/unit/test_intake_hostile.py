"""Files from elsewhere, and files that mean harm: each is a working table or a clear message."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.devices import FacetIndex
from legwise.intake.devices import build
from legwise.intake.limits import MOST_CHARACTERS, IntakeError
from legwise.intake.proposals import known_names, propose
from legwise.intake.reading import read_content
from tests.strategies import CATALOGUE
from tests.unit.test_intake import opened

SPECTRUM = Path(__file__).parent.parent / "fixtures" / "spectrum"
CELLS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(
    [
        "yes",
        "ja",
        "1,299",
        "1.299",
        "2.4 lb",
        "€ 5",
        "boots",
        "=1+1",
        '"',
        "a;b",
        "\n",
        "x",
        "1e999",
    ]
)


@pytest.mark.parametrize("path", sorted(SPECTRUM.glob("*.csv")), ids=lambda path: path.stem)
def test_the_csv_spectrum_is_read_as_its_json_says(path):
    rows = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    sheet = read_content(path.read_bytes())
    if isinstance(rows, dict):
        # Its JSON states another number than its CSV, and replaces what is no UTF-8.
        assert list(sheet.columns) == list(rows)
        assert len(sheet) == 1
        return
    texts = {name: column.texts.to_pylist() for name, column in sheet.columns.items()}
    read = [
        {
            name: texts[name][column.codes[row]] if column.codes[row] >= 0 else ""
            for name, column in sheet.columns.items()
        }
        for row in range(len(sheet))
    ]
    expected = [
        {name: str(value).replace("\r\n", "\n").strip() for name, value in row.items()}
        for row in rows
        if any(row.values())
    ]
    assert [{k: v.replace("\r\n", "\n") for k, v in row.items()} for row in read] == expected


def make(content: bytes) -> None:
    with suppress(IntakeError):
        sheet = read_content(content, known_names(CATALOGUE).keys())
        made = build(sheet, propose(sheet, CATALOGUE), CATALOGUE, "x", "0")
        assert len(made.tables["devices"]) == made.report.rows == len(sheet)
        assert made.report.total == len(made.report.frame())
        FacetIndex(made.catalogue(CATALOGUE))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_message(content):
    make(content)
    make(gzip.compress(content))
    make(b"PAR1" + content + b"PAR1")
    make(b"PK\x03\x04" + content)


@given(
    st.lists(
        st.sampled_from(["brand", "Modell", "Preis", "heat", "weight_kg", "Typ", "techniques"])
        | CELLS,
        min_size=1,
        max_size=5,
    ),
    st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_any_text_table_is_a_table_or_a_message(heads, rows, separator, encoding):
    lines = [separator.join(cells) for cells in (heads, *rows)]
    make("\n".join(lines).encode(encoding))


def test_one_huge_cell_is_one_fault():
    made = opened(f"brand,notes\nA,{'x' * 1_000_000}\nB,short\n", CATALOGUE)
    assert made.report.frame()["kind"].tolist() == ["too long"]
    assert made.tables["devices"]["notes"].dropna().tolist() == ["short"]
    assert MOST_CHARACTERS < 1_000_000


def test_quotes_gone_wrong_never_join_rows_in_silence():
    with pytest.raises(IntakeError, match="quotation mark"):
        read_content(b'brand,model\nA,"x\n' + b"B,y\n" * 2_000)


@pytest.mark.parametrize("last", ['B,"C","nice\n"\n', 'B,C,"nice\n', 'B,C,"\n'])
def test_an_inch_mark_and_a_line_break_at_the_end_are_no_open_quotation_mark(last):
    sheet = read_content(f'brand,model,Notes\nA,Mat 12" long,x\n{last}'.encode())
    assert len(sheet) == 2


def test_an_open_quotation_mark_is_told_with_its_row():
    with pytest.raises(IntakeError, match="in row 3 is never closed"):
        read_content(b'brand,model\nA,x\nB,"C\nx')


def test_a_workbook_that_is_broken_or_packed_to_harm_is_refused():
    book = io.BytesIO()
    pd.DataFrame({"a": [1], "b": [2]}).to_excel(book, index=False)
    content = book.getvalue()
    # Without a part of its beginning the directory points before the file.
    with pytest.raises(IntakeError, match="cannot be unpacked"):
        read_content(content[:100] + content[900:])
    with zipfile.ZipFile(book, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", bytes(99))
    with pytest.raises(IntakeError, match="unusual way"):
        read_content(book.getvalue())


def test_parquet_whose_texts_are_no_text_is_refused():
    texts = pa.array([b"yes", b"\x95no"], pa.binary()).view(pa.string())
    file = io.BytesIO()
    pq.write_table(pa.table({"heat": texts}), file)
    with pytest.raises(IntakeError, match="cannot be read"):
        read_content(file.getvalue())
