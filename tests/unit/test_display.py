import pandas as pd
import pytest

from legwise.answers.devices import device_frame, device_notices, marked_name
from legwise.answers.dictionary import dictionary_frame, table_frame
from legwise.links.find import column_names
from legwise.tables.catalogue import Catalogue
from legwise.text.cells import format_cell, format_number
from tests.tables import number_of


def test_numbers_have_no_trailing_zeros_and_no_ten_digits():
    assert format_number(1995.0) == "1,995"
    assert format_number(0.1 + 0.2) == "0.3"


def test_a_price_has_no_cents_or_two_digits_of_them(catalogue):
    price = catalogue.package["devices"].price
    cells = {99.0: "99 USD", 149.5: "149.50 USD", 1149.95: "1,149.95 USD", 0.125: "0.125 USD"}
    assert {value: format_cell(price, value) for value in cells} == cells
    assert format_cell(catalogue.package["devices"]["weight_kg"], 149.5) == "149.5 kg"


def test_every_table_can_be_shown_without_raw_missing_values(catalogue):
    for table in catalogue.package.tables:
        frame = table_frame(catalogue, table)
        assert frame.shape == (len(catalogue[table.name]), len(table.fields))
        assert not frame.isin(["nan", "<NA>", "None", "NaT", "()", ""]).to_numpy().any(), table.name


def test_years_have_no_thousands_separator(catalogue):
    field = catalogue.package["sources"]["year"]
    assert format_cell(field, 2020) == "2020"


def test_list_of_devices_marks_conditions_and_what_to_know(catalogue):
    frame = device_frame(
        catalogue, ["homedics-hhp-375h"], [catalogue.package["devices"]["heat"]], ["diabetes"]
    )
    row = frame.iloc[0]
    assert "Recall notice exists" in row["Notes"]
    assert row["For my conditions"].startswith(
        "× Contraindicated with diabetes (numb feet; through heat; "
    )
    assert row["Device"].endswith("! recall notice")
    assert row["Facts stated"].endswith(f" of {len(catalogue.package['devices'].facts)}")


def with_devices(catalogue, **cells):
    """The tables with those cells in every row of the devices."""
    return Catalogue(
        catalogue.package, {**catalogue.tables, "devices": catalogue["devices"].assign(**cells)}
    )


def test_what_a_product_is_stands_beside_its_name_and_cautions(catalogue):
    made = with_devices(catalogue, summary="Made for the test.")
    field = catalogue.package["devices"]["heat"]
    device = next(iter(made.keys("devices")))
    assert list(device_frame(made, [device], [field]).columns[:3]) == ["Device", "In short", "Heat"]
    marked = device_frame(made, [device], [field], ["diabetes"])
    assert list(marked.columns[:3]) == ["Device", "For my conditions", "In short"]
    assert marked["In short"].tolist() == ["Made for the test."]
    assert "summary" not in column_names(catalogue)


@pytest.mark.parametrize("provenance", ["direct", "third_party_copy", "roundup"])
def test_how_its_facts_were_read_marks_a_product_unless_it_was_at_the_source(catalogue, provenance):
    made = with_devices(catalogue, provenance=provenance, recalled=pd.NA)
    device = next(iter(made.keys("devices")))
    label = catalogue.package["devices"]["provenance"].labels[provenance]
    expected = () if provenance == "direct" else (label,)
    assert device_notices(made, device) == expected
    assert device_frame(made, [device], [])["Notes"].tolist() == ["; ".join(expected)]
    assert marked_name(made, device) == " ! ".join((made.device_name(device), *expected))


def test_dictionary_counts_what_is_stated(catalogue):
    frame = dictionary_frame(catalogue, catalogue.package["devices"]).set_index("Column")
    assert (
        frame.loc["heat", "Stated"]
        == f"{number_of('devices') - number_of('devices', heat='')} of {number_of('devices')}"
    )
    assert isinstance(frame, pd.DataFrame)
