import csv
import io

import pytest

from legwise.answers.audits import TO_FILL_IN, gaps, sample, stated_shares
from legwise.cli import main
from legwise.tables.catalogue import load_catalogue
from tests.unit.test_check import edit


def test_a_seed_draws_the_same_rows_again_and_another_seed_others(catalogue):
    first, again, other = (
        sample(catalogue, 20, 1),
        sample(catalogue, 20, 1),
        sample(catalogue, 20, 2),
    )
    assert first.equals(again)
    assert not first["row_id"].equals(other["row_id"])


def test_every_drawn_row_has_its_words_and_a_source_to_read(catalogue):
    drawn = sample(catalogue, 150, 3)
    assert not drawn.duplicated(["table", "row_id"]).any()
    assert drawn["what_the_row_says"].str.len().gt(20).all()
    assert drawn["sources"].str.contains("http").all()
    assert (drawn[list(TO_FILL_IN)] == "").all(axis=None)
    for name in drawn["table"].unique():
        assert catalogue.package[name].name not in ("sources", "audits", "changes", "left_out")


@pytest.mark.parametrize("number", [0, -1, 10**9])
def test_a_number_of_rows_that_cannot_be_drawn_is_said(catalogue, number):
    with pytest.raises(ValueError, match="rows cannot be drawn"):
        sample(catalogue, number, 1)


def test_the_command_line_writes_a_sheet(capsys):
    assert main(["sample", "5", "--seed", "7"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(lines) == 5
    assert {"table", "row_id", "sources", *TO_FILL_IN} <= lines[0].keys()
    assert main(["sample", "0", "--seed", "7"]) == 2


def test_shares_count_what_pages_state_and_not_what_the_kind_brings(copied):
    catalogue = load_catalogue(copied)
    frame, table = catalogue["devices"], catalogue.package["devices"]
    shares = stated_shares(catalogue)
    assert list(shares["Products"]) == [
        int((frame["device_type"] == key).sum())
        for key in catalogue.keys("device_types")
        if (frame["device_type"] == key).any()
    ]
    for kind, share in zip(shares["Type"], shares[table["heat"].heading], strict=True):
        key = next(key for key, name in catalogue.names("device_types").items() if name == kind)
        rows = [row for row in catalogue.records("devices") if row["device_type"] == key]
        stated = [
            row for row in rows if row["heat"] in (True, False) and "heat" not in row["by_nature"]
        ]
        assert share == round(100 * len(stated) / len(rows)), kind


def test_a_gap_is_named_until_one_product_states_its_price(copied):
    frame = load_catalogue(copied)["devices"]
    heated = frame[
        frame["heat"].eq(True).fillna(False) & (frame["device_type"] == "shiatsu_foot_calf")
    ]
    for label in heated.index:
        edit(copied, "devices", label, price_usd="", price_seen="")
    line = (
        f"Shiatsu foot and calf massager, heat yes: none of {len(heated)} products states a price."
    )
    assert line in gaps(load_catalogue(copied))
    edit(copied, "devices", heated.index[0], price_usd="99", price_seen="2026-11")
    assert line not in gaps(load_catalogue(copied))
