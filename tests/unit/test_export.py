import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.display import DEFAULT_COLUMNS, device_frame
from legwise.export import about, harmless, package_zip, table_csv, to_csv, to_xlsx
from legwise.query import Choice, DeviceQuery


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_what_looks_like_a_formula_is_made_harmless(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-26.8", "+5", "-1,000", "1995", "no (unpowered)", "–", ""])
def test_numbers_and_words_stay_as_they_are(cell):
    assert harmless(cell) == cell


@given(st.text(max_size=20))
def test_nothing_exported_starts_like_a_formula_unless_it_is_a_number(text):
    out = harmless(text)
    assert out[:1] not in "=@\t\r" or not out
    if out[:1] in ("+", "-"):
        float(out.replace(",", ""))


def test_csv_keeps_every_cell_as_text():
    frame = pd.DataFrame({"a": ["x,y", 'say "no"', "=1"], "b": ["two\nlines", "é", "not stated"]})
    back = pd.read_csv(io.BytesIO(to_csv(frame)), dtype=str, keep_default_na=False)
    assert back["a"].tolist() == ["x,y", 'say "no"', "'=1"]
    assert back["b"].tolist() == frame["b"].tolist()


def test_workbook_holds_the_list_and_says_what_it_is(catalogue, index):
    answer = index.ask(DeviceQuery(filters=(("heat", Choice(("yes",))),)))
    fields = [catalogue.package["devices"][name] for name in DEFAULT_COLUMNS]
    frame = device_frame(catalogue, catalogue.keys_at("devices", answer.rows), fields)
    notes = about(catalogue, "72 of 234 devices where heat is yes", "http://localhost/find?heat=yes", "2026-11-22")
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(frame, "Devices", notes)))
    assert book.sheetnames == ["Devices", "About"]
    rows = list(book["Devices"].values)
    assert list(rows[0]) == list(frame.columns)
    assert len(rows) == answer.total + 1
    # An empty cell of a sheet reads back as None.
    assert [tuple(cell or "" for cell in row) for row in rows[1:]] == [
        tuple(map(harmless, row)) for row in frame.itertuples(index=False)
    ]
    said = dict(book["About"].values)
    assert said["What this is"] == "72 of 234 devices where heat is yes"
    assert said["Link"].endswith("?heat=yes")
    assert catalogue.version in said["Data version (hash)"]
    assert not any(cell.data_type == "f" for row in book["Devices"].iter_rows() for cell in row)


def test_a_sheet_that_is_too_long_is_said(catalogue):
    with pytest.raises(ValueError, match="take the CSV"):
        to_xlsx(pd.DataFrame({"a": range(1_048_576)}), "Devices", {})


def test_the_package_is_whole(catalogue):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(package_zip(catalogue))) as archive:
        assert set(archive.namelist()) == {"datapackage.json", *(table.path for table in catalogue.package.tables)}
        assert archive.read("devices.csv") == table_csv(catalogue, catalogue.package["devices"])
