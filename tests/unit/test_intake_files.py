"""The files that frictionless tests itself with: what we read of each, and what it reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from frictionless import Detector, Resource

from legwise.intake.limits import IntakeError
from legwise.intake.proposals import known_names
from legwise.intake.reading import read_content
from tests.packages import small
from tests.sheets import rows_of

FILES = Path(__file__).parent.parent / "fixtures" / "frictionless"
EXPECTED = json.loads((FILES / "expected.json").read_text(encoding="utf-8"))
#: Files that frictionless must be told more of, and files that we refuse: packed in other ways.
TOLD_MORE = {
    "country-2.csv": "the header on line 2",
    "dialect.csv": "the separator",
    "skip-rows.csv": "the header on line 2",
    "table-infer-iso-8859-7.csv": "nothing: it knows Greek by few letters, we do not",
}
REFUSED = {"table.csv.bz2", "table.csv.zip"}


def ours(name):
    sheet = read_content((FILES / name).read_bytes(), known_names(small()).keys())
    return sheet, rows_of(sheet)


def theirs(name):
    with Resource(path=name, basepath=str(FILES), detector=Detector(field_type="string")) as file:
        rows = [[str(cell or "").strip() for cell in row.cells] for row in file.row_stream]
    return [row for row in rows if any(row)]


def test_every_file_has_an_expected_outcome():
    files = {path.name for path in FILES.iterdir()} - {"README.md", "expected.json"}
    assert files == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_of_frictionless_is_read_as_expected(name):
    expected = EXPECTED[name]
    if "message" in expected:
        with pytest.raises(IntakeError) as error:
            ours(name)
        assert str(error.value) == expected["message"]
        return
    sheet, rows = ours(name)
    assert list(sheet.columns) == expected["columns"]
    assert rows == expected["rows"]
    assert sheet.rows.tolist() == expected["numbers"]
    assert [row.row for row in sheet.bad_rows] == expected["bad_rows"]


# It leaves packed files open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", sorted(set(EXPECTED) - set(TOLD_MORE) - REFUSED))
def test_frictionless_reads_the_same_cells(name):
    # It also yields rows of another length, which we list.
    width = len(EXPECTED[name].get("columns", ()))
    expected = [row for row in theirs(name) if len(row) == width]
    assert EXPECTED[name].get("rows", []) == expected


def test_a_header_is_known_by_its_names_where_all_rows_have_a_cell_more():
    sheet = read_content(b"brand,model\nA,1,\nB,2,\n", known_names(small()).keys())
    assert list(sheet.columns) == ["brand", "model", "column 3"]
    assert sheet.columns["brand"].take(3) == ["A", "B"]


def test_a_web_page_is_told_whatever_its_case_and_a_packed_file_by_its_name():
    for content, what in ((b"\n<TABLE><tr>", "a web page"), (b"\xfd7zXZ\0", "packed with xz")):
        with pytest.raises(IntakeError, match=what):
            read_content(content)
