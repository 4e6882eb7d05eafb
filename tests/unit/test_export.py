import io
from datetime import datetime

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.devices import device_frame, shown_devices
from legwise.answers.query import DeviceQuery
from legwise.answers.side_by_side import compare
from legwise.explore.relations import load_relation
from legwise.explore.state import ExploreState
from legwise.explore.view import look
from legwise.exports.spreadsheets import about, harmless, package_zip, to_csv, to_xlsx
from legwise.facets.filters import Choice
from legwise.rules.findings import finding_table
from legwise.tables.stated import is_stated
from legwise.tables.writing import table_file
from legwise.text.cells import format_number
from legwise.text.shown import Shown


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_what_looks_like_a_formula_is_made_harmless(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", " \t ", "\u3000", "\u00a0"])
def test_a_wide_mark_or_blanks_before_one_make_a_formula_too(before, mark):
    cell = f"{before}{mark}SUM(A1)"
    assert harmless(cell) == f"'{cell}"
    assert to_csv(pd.DataFrame({"a": [cell]})).decode().count(f"'{cell}") == 1


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
    fields = [catalogue.package["devices"][name] for name in catalogue.package["devices"].listed]
    frame = device_frame(catalogue, catalogue.keys_at("devices", answer.rows), fields)
    notes = about(
        catalogue,
        "72 of 234 devices where heat is yes",
        "http://localhost/find?heat=yes",
        "2026-11-22",
    )
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(Shown(frame, {}), "Devices", notes)))
    assert book.sheetnames == ["Devices", "About"]
    rows = list(book["Devices"].values)
    assert list(rows[0]) == list(frame.columns)
    assert len(rows) == answer.total + 1
    # An empty cell of a sheet reads back as None.
    assert [tuple(cell or "" for cell in row) for row in rows[1:]] == [
        tuple(map(harmless, row)) for row in frame.itertuples(index=False)
    ]
    about_sheet = dict(book["About"].values)
    assert about_sheet["What this is"] == "72 of 234 devices where heat is yes"
    assert about_sheet["Link"].endswith("?heat=yes")
    assert catalogue.version in about_sheet["Data version (hash)"]
    assert not any(cell.data_type == "f" for row in book["Devices"].iter_rows() for cell in row)


def column(shown, head):
    """Cells of one column of the workbook of a table, without the head."""
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(shown, "Rows", {})))["Rows"]
    heads = [cell.value for cell in sheet[1]]
    return [line[heads.index(head)] for line in sheet.iter_rows(min_row=2)]


def test_prices_are_numbers_that_show_when_they_were_seen(catalogue):
    table = catalogue.package["devices"]
    fields = [table["price_usd"], table["heat"], table["techniques"], table["price_seen"]]
    shown = shown_devices(catalogue, list(catalogue.keys("devices")), fields)
    cells = column(shown, table["price_usd"].heading)
    for cell, price, text in zip(
        cells,
        catalogue["devices"]["price_usd"],
        shown.frame[table["price_usd"].heading],
        strict=True,
    ):
        if is_stated(price):
            assert (cell.data_type, cell.value) == ("n", price)
            assert not cell.is_date
            # The format shows the number and what stands behind it, as the screen does.
            assert cell.number_format == f'General"{text.removeprefix(format_number(price))}"'
            assert "seen" in cell.number_format or "date not stated" in cell.number_format
        else:
            assert cell.value == "not stated"
    for name in ("heat", "techniques", "price_seen"):
        assert {cell.data_type for cell in column(shown, table[name].heading)} == {"s"}
    assert {cell.value for cell in column(shown, table["heat"].heading)} >= {"yes", "not stated"}


def test_numbers_of_findings_are_numbers(catalogue):
    field = catalogue.package["evidence"]["participants"]
    rows = catalogue.records("evidence")
    cells = column(finding_table(catalogue, rows), field.heading)
    assert [cell.value for cell in cells] == [
        row["participants"] if is_stated(row["participants"]) else "not stated" for row in rows
    ]


def test_dates_of_a_view_are_dates_and_numbers_of_its_groups_numbers(catalogue):
    relation = load_relation(catalogue, "clearances")
    shown = look(relation, ExploreState("clearances", ("k_number", "date_cleared"))).shown()
    cells = column(shown, relation.table["date_cleared"].heading)
    assert [cell.value for cell in cells] == [
        datetime.combine(day, datetime.min.time()) if is_stated(day) else "not stated"
        for day in relation.frame["date_cleared"].dt.date
    ]
    assert {cell.number_format for cell in cells if cell.is_date} == {"yyyy-mm-dd"}
    grouped = look(
        relation, ExploreState("clearances", group=("date_cleared",), chart="bar")
    ).shown()
    assert any(cell.is_date for cell in column(grouped, relation.table["date_cleared"].heading))
    assert {cell.data_type for cell in column(grouped, grouped.frame.columns[-1])} == {"n"}


def test_numbers_of_a_comparison_are_numbers_with_their_units(catalogue):
    devices = catalogue["devices"].query("weight_kg.notna() and price_usd.notna()")["device_id"][:2]
    whole = compare(catalogue, [("device", key) for key in devices], system="imperial")
    shown = whole.shown()
    rows = [row for group in whole.groups for row in group.rows]
    weight = next(number for number, row in enumerate(rows) if row.name == "weight_kg")
    for number, label in enumerate(whole.labels):
        cell = column(shown, label)[weight]
        assert (cell.value, cell.number_format) == (
            rows[weight].cells[number].value,
            'General" lb"',
        )
        assert (
            column(shown, label)[
                rows.index(next(row for row in rows if row.name == "heat"))
            ].data_type
            == "s"
        )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e+20", 1e20),
        ("12345678901234567", 12345678901234567),
        ("inf", float("inf")),
        ('5 "x"; =1', 5.0),
        (f"5 (seen {'x' * 200})", 5.0),
    ],
)
def test_a_number_that_a_sheet_cannot_hold_or_show_stays_text(text, value):
    (cell,) = column(Shown(pd.DataFrame({"a": [text]}), {"a": [value]}), "a")
    assert (cell.data_type, cell.value) == ("s", text)


def test_a_sheet_that_is_too_long_is_said(catalogue):
    with pytest.raises(ValueError, match="take the CSV"):
        to_xlsx(Shown(pd.DataFrame({"a": range(1_048_576)}), {}), "Devices", {})


def test_the_package_is_whole(catalogue):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(package_zip(catalogue))) as archive:
        assert set(archive.namelist()) == {
            "datapackage.json",
            *(table.path for table in catalogue.package.tables),
        }
        assert archive.read("devices.csv") == table_file(catalogue, catalogue.package["devices"])
