import pandas as pd

from legwise.display import device_frame, dictionary_frame, format_cell, format_number, table_frame
from tests.tables import number_of


def test_numbers_have_no_trailing_zeros_and_no_ten_digits():
    assert format_number(1995.0) == "1,995"
    assert format_number(0.1 + 0.2) == "0.3"


def test_every_table_can_be_shown_without_raw_missing_values(catalogue):
    for table in catalogue.package.tables:
        frame = table_frame(catalogue, table)
        assert frame.shape == (len(catalogue[table.name]), len(table.fields))
        assert not frame.isin(["nan", "<NA>", "None", "NaT", "()", ""]).to_numpy().any(), table.name


def test_years_have_no_thousands_separator(catalogue):
    field = catalogue.package["sources"]["year"]
    assert format_cell(catalogue, field, 2020) == "2020"


def test_list_of_devices_marks_conditions_and_what_to_know(catalogue):
    frame = device_frame(catalogue, ["homedics-hhp-375h"], [catalogue.package["devices"]["heat"]], ["diabetes"])
    row = frame.iloc[0]
    assert "Recall notice exists" in row["To know"]
    assert row["For my conditions"] == "⛔ Contraindicated: Diabetes (because of heat)"
    assert row["Device"].endswith("⚠ recall notice")
    assert row["Facts stated"].endswith(f" of {len(catalogue.package['devices'].facts)}")


def test_dictionary_counts_what_is_stated(catalogue):
    frame = dictionary_frame(catalogue, catalogue.package["devices"]).set_index("Column")
    assert frame.loc["heat", "Stated"] == f"{number_of('devices') - number_of('devices', heat='')} of {number_of('devices')}"
    assert isinstance(frame, pd.DataFrame)
