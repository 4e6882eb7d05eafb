import csv
from pathlib import Path

import pytest

from legwise.__main__ import main
from legwise.catalogue import load_catalogue
from legwise.check import check_package
from legwise.descriptor import read_package
from legwise.load import DataError


def edit(folder: Path, table: str, row: int, **cells: str) -> None:
    path = folder / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[row].update(cells)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def problems(folder: Path):
    return check_package(read_package(folder))[0].problems


@pytest.mark.parametrize(
    ("table", "cells", "column", "value", "words"),
    [
        ("devices", {"heat": "maybe"}, "heat", "maybe", "allowed: yes, no"),
        ("devices", {"heat": "Yes"}, "heat", "Yes", "allowed: yes, no"),
        ("devices", {"body_areas": "foot;tail"}, "body_areas", "tail", "not in the vocabulary"),
        ("devices", {"body_areas": "foot;foot"}, "body_areas", "foot", "named twice"),
        ("devices", {"body_areas": "foot;"}, "body_areas", "", "empty item"),
        ("devices", {"device_type": "hover"}, "device_type", "hover", "names no row of device_types"),
        ("devices", {"pressure_min_mmhg": "90", "pressure_max_mmhg": "20"}, "pressure_min_mmhg", "90", "above pressure_max_mmhg"),
        ("devices", {"weight_kg": "1,5"}, "weight_kg", "1,5", "not a number"),
        ("devices", {"weight_kg": "-1"}, "weight_kg", "-1", "out of range; allowed: at least 0 kg"),
        ("devices", {"intensity_levels": "2.5"}, "intensity_levels", "2.5", "not a whole number"),
        ("devices", {"source_url": "javascript:alert(1)"}, "source_url", "javascript:alert(1)", "does not have the form"),
        ("devices", {"other_urls": "ftp://x"}, "other_urls", "ftp://x", "does not have the form"),
        ("devices", {"remote_control": "no", "remote_kind": "app"}, "remote_kind", "app", "remote_control must be yes"),
        ("devices", {"model": ""}, "model", "", "a value is required"),
        ("devices", {"model": "x "}, "model", "x ", "has spaces"),
        ("devices", {"by_nature": "wings"}, "by_nature", "wings", "is not a column of devices"),
        ("evidence", {"level": "3"}, "level", "3", "does not agree with design"),
        ("evidence", {"level": ""}, "level", "", "does not agree with design"),
        ("evidence", {"review_of": "mixed"}, "review_of", "mixed", "randomised_trial → empty"),
        ("evidence", {"source_id": "nobody"}, "source_id", "nobody", "names no row of sources"),
        ("evidence", {"source_id": ""}, "source_id", "", "a value is required"),
        ("evidence", {"subject": "hover"}, "subject", "hover", "is no device type"),
        ("evidence", {"subject_kind": "technique", "subject": "percussion_"}, "subject", "percussion_", "is no technique"),
        ("evidence", {"subject_kind": "feature", "subject": "recalled"}, "subject", "recalled", "is no feature"),
        ("claims", {"source_id": ""}, "source_id", "", "a value is required"),
        ("cautions", {"source_ids": "nccih-massage;ghost"}, "source_ids", "ghost", "names no row of sources"),
        ("cautions", {"severity": "fatal"}, "severity", "fatal", "not in the vocabulary"),
        ("clearances", {"date_cleared": "2016-13-13"}, "date_cleared", "2016-13-13", "not a date"),
        ("risk_effects", {"ci_low": "9", "ci_high": "2"}, "ci_low", "9", "above ci_high"),
        ("sources", {"doi": "doi:10.1/x"}, "doi", "doi:10.1/x", "does not have the form"),
    ],
)
def test_each_kind_of_fault_is_named_with_its_place(copied, table, cells, column, value, words):
    edit(copied, table, 3, **cells)
    found = [problem for problem in problems(copied) if problem.column == column and words in problem.message]
    assert [(problem.file, problem.line, problem.value) for problem in found] == [(f"{table}.csv", 5, value)]


def test_a_doubled_id_names_both_rows(copied):
    first = problems(copied)
    assert not first
    edit(copied, "symptoms", 1, symptom="swelling")
    found = [problem for problem in problems(copied) if "more than one row" in problem.message]
    assert [problem.line for problem in found] == [2, 3]


def test_all_faults_are_found_at_once(copied):
    edit(copied, "devices", 0, heat="maybe", weight_kg="heavy")
    edit(copied, "evidence", 0, direction="up")
    assert {(problem.file, problem.column) for problem in problems(copied)} == {
        ("devices.csv", "heat"),
        ("devices.csv", "weight_kg"),
        ("evidence.csv", "direction"),
    }


def test_rows_are_not_blamed_for_a_table_that_cannot_be_read(copied):
    (copied / "sources.csv").unlink()
    assert [problem.file for problem in problems(copied)] == ["sources.csv"]


def test_loading_faulty_tables_raises_all_of_them(copied):
    edit(copied, "devices", 0, heat="maybe")
    with pytest.raises(DataError) as error:
        load_catalogue(copied)
    assert "devices.csv:2: heat: 'maybe'" in str(error.value)


def test_windows_line_ends_are_named_but_do_not_stop_the_loading(copied):
    path = copied / "symptoms.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(problems(copied)) == 1
    assert len(load_catalogue(copied)["symptoms"]) == 13


def test_command_line_says_no_faults_with_row_counts(capsys):
    assert main(["check"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("no faults\n")
    assert "   234 rows  devices.csv" in said


def test_command_line_ends_with_1_and_names_file_line_column_value(copied, capsys):
    edit(copied, "devices", 0, heat="maybe")
    assert main(["check", str(copied)]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("devices.csv:2: heat: 'maybe': is not allowed")
    assert said.err == "1 fault\n"


def test_command_line_ends_with_2_for_a_path_that_cannot_be_read(tmp_path, capsys):
    assert main(["check", str(tmp_path / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_column_may_be_empty_altogether(copied, package):
    path = copied / "devices.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for field in package["devices"].fields:
        if not field.required:
            for row in rows:
                row[field.name] = ""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    assert all(problem.tolerable for problem in problems(copied))
    assert load_catalogue(copied)["devices"]["techniques"].map(len).sum() == 0


@pytest.mark.parametrize("table", ["devices", "claims", "not_a_bar", "risk_effects"])
def test_a_table_may_have_a_header_only(copied, table):
    path = copied / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert all(problem.tolerable for problem in problems(copied))
    assert load_catalogue(copied)[table].empty
