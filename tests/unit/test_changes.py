import csv
import shutil

import pytest

from legwise.answers.changes import changes, version
from legwise.cli import main
from legwise.tables.descriptor import SHIPPED, SchemaError
from legwise.tables.loading import DataError
from tests.unit.test_check import edit


@pytest.fixture
def newer(copied, tmp_path):
    """A second copy, to be changed; the first stays as it is."""
    return shutil.copytree(copied, tmp_path / "newer")


def rows_of(folder, table):
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(folder, table, rows):
    with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_equal_packages_have_no_changes(copied, newer):
    result = changes(copied, newer)
    assert not result.rows
    assert not result.consequences


def test_a_changed_cell_is_named_with_both_texts(copied, newer):
    key = rows_of(copied, "devices")[3]["device_id"]
    edit(newer, "devices", 3, notes="Something else.")
    (row,) = changes(copied, newer).rows
    assert (row.table, row.key, row.what) == ("devices", key, "changed")
    assert [(cell.column, cell.after) for cell in row.cells] == [("notes", "Something else.")]


def test_added_and_removed_rows_are_told_apart(copied, newer):
    rows = rows_of(copied, "red_flags")
    write(newer, "red_flags", [*rows[1:], {**rows[0], "flag": "another_flag"}])
    assert {(row.key, row.what) for row in changes(copied, newer).rows} == {
        (rows[0]["flag"], "removed"),
        ("another_flag", "added"),
    }


def test_the_order_of_rows_and_columns_is_no_change(copied, newer):
    rows = rows_of(copied, "devices")
    write(newer, "devices", [dict(reversed(row.items())) for row in reversed(rows)])
    assert not changes(copied, newer).rows


def test_a_verdict_that_follows_from_a_changed_finding_is_named(copied, newer):
    rows = rows_of(copied, "evidence")
    number = next(number for number, row in enumerate(rows) if row["subject_kind"] == "device_type")
    cell = {name: rows[number][name] for name in ("subject_kind", "subject", "symptom")}
    kept = [row for row in rows if any(row[name] != value for name, value in cell.items())]
    write(newer, "evidence", kept)
    verdicts = [item for item in changes(copied, newer).consequences if item.kind == "verdict"]
    assert len(verdicts) == 1
    assert "stud" in verdicts[0].before
    assert "no study found" in verdicts[0].after


@pytest.mark.parametrize(
    ("cells", "after"),
    [({"severity": "caution"}, "Caution"), ({"limits": "severe"}, "Contraindicated in part")],
)
def test_a_caution_that_follows_from_a_changed_row_is_named(copied, newer, cells, after):
    rows = rows_of(copied, "cautions")
    seen = [(row["subject"], row["risk_factor"]) for row in rows]
    number = next(
        i
        for i, row in enumerate(rows)
        if row["severity"] == "contraindicated" and not row["limits"] and seen.count(seen[i]) == 1
    )
    edit(newer, "cautions", number, **cells)
    (item,) = changes(copied, newer).consequences
    assert (item.kind, item.before, item.after) == ("caution", "Contraindicated", after)


def test_a_column_that_the_older_files_lack_is_empty_there(copied, newer):
    write(
        copied,
        "symptoms",
        [
            {k: v for k, v in row.items() if k != "also_called"}
            for row in rows_of(copied, "symptoms")
        ],
    )
    assert {
        (row.table, cell.column, cell.before)
        for row in changes(copied, newer).rows
        for cell in row.cells
    } == {("symptoms", "also_called", "")}


def test_a_missing_folder_and_unreadable_rows_are_said(copied, newer, tmp_path, capsys):
    with pytest.raises(SchemaError, match="no such folder"):
        changes(tmp_path / "nowhere", newer)
    (copied / "symptoms.csv").write_text('symptom,name\n"never closed\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"symptoms\.csv"):
        changes(copied, newer)
    assert main(["diff", str(tmp_path / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_the_version_is_read_even_from_a_descriptor_of_another_time(tmp_path):
    assert version(SHIPPED / "previous") == "1.0.0"
    (tmp_path / "datapackage.json").write_text("{", encoding="utf-8")
    assert version(tmp_path) == tmp_path.name


def test_the_command_line_prints_cells_consequences_and_counts(copied, newer, capsys):
    edit(newer, "devices", 0, notes="Otherwise.")
    assert main(["diff", str(copied), str(newer)]) == 0
    text = capsys.readouterr().out
    assert "-> 'Otherwise.'" in text
    assert text.splitlines()[-1].split() == ["devices", "0", "0", "1"]
    assert main(["diff", str(copied), str(copied)]) == 0
    assert capsys.readouterr().out.endswith("no rows changed\n")
