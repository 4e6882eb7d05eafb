import csv
from pathlib import Path

import pytest

from legwise.cli import main
from legwise.tables.catalogue import load_catalogue
from legwise.tables.checking import check_package
from legwise.tables.descriptor import read_package
from legwise.tables.loading import DataError
from tests.packages import SMALL


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
        ("devices", {"body_areas": "foot;foot"}, "body_areas", "foot", "in the list twice"),
        ("devices", {"body_areas": "foot;"}, "body_areas", "", "empty item"),
        (
            "devices",
            {"device_type": "hover"},
            "device_type",
            "hover",
            "names no row of device_types",
        ),
        (
            "devices",
            {"pressure_min_mmhg": "90", "pressure_max_mmhg": "20"},
            "pressure_min_mmhg",
            "90",
            "above pressure_max_mmhg",
        ),
        ("devices", {"weight_kg": "1,5"}, "weight_kg", "1,5", "not a number"),
        ("devices", {"weight_kg": "-1"}, "weight_kg", "-1", "out of range; allowed: at least 0 kg"),
        ("devices", {"intensity_levels": "2.5"}, "intensity_levels", "2.5", "not a whole number"),
        (
            "devices",
            {"source_url": "javascript:alert(1)"},
            "source_url",
            "javascript:alert(1)",
            "does not have the form",
        ),
        ("devices", {"other_urls": "ftp://x"}, "other_urls", "ftp://x", "does not have the form"),
        (
            "devices",
            {"remote_control": "no", "remote_kind": "app"},
            "remote_kind",
            "app",
            "remote_control must be yes",
        ),
        ("devices", {"model": ""}, "model", "", "a value is required"),
        ("devices", {"model": "x "}, "model", "x ", "has spaces"),
        ("devices", {"by_nature": "wings"}, "by_nature", "wings", "is not a column of devices"),
        ("evidence", {"level": "3"}, "level", "3", "does not agree with design"),
        ("evidence", {"level": ""}, "level", "", "does not agree with design"),
        (
            "evidence",
            {"review_of": "mixed"},
            "review_of",
            "mixed",
            "design must be systematic_review",
        ),
        ("evidence", {"source_id": "nobody"}, "source_id", "nobody", "names no row of sources"),
        ("evidence", {"source_id": ""}, "source_id", "", "a value is required"),
        ("evidence", {"subject": "hover"}, "subject", "hover", "is not a device type"),
        (
            "evidence",
            {"subject_kind": "technique", "subject": "percussion_"},
            "subject",
            "percussion_",
            "is not a technique",
        ),
        (
            "evidence",
            {"subject_kind": "feature", "subject": "recalled"},
            "subject",
            "recalled",
            "is not a feature",
        ),
        ("claims", {"source_id": ""}, "source_id", "", "a value is required"),
        (
            "cautions",
            {"source_ids": "nccih-massage;ghost"},
            "source_ids",
            "ghost",
            "names no row of sources",
        ),
        ("cautions", {"severity": "fatal"}, "severity", "fatal", "not in the vocabulary"),
        ("clearances", {"date_cleared": "2016-13-13"}, "date_cleared", "2016-13-13", "not a date"),
        ("risk_effects", {"ci_low": "9", "ci_high": "2"}, "ci_low", "9", "above ci_high"),
        ("sources", {"doi": "doi:10.1/x"}, "doi", "doi:10.1/x", "does not have the form"),
    ],
)
def test_each_kind_of_fault_is_named_with_its_place(copied, table, cells, column, value, words):
    edit(copied, table, 3, **cells)
    faults = [
        problem
        for problem in problems(copied)
        if problem.column == column and words in problem.message
    ]
    assert [(problem.file, problem.line, problem.value) for problem in faults] == [
        (f"{table}.csv", 5, value)
    ]


def test_a_doubled_id_names_both_rows(copied):
    first = problems(copied)
    assert not first
    edit(copied, "symptoms", 1, symptom="swelling")
    faults = [problem for problem in problems(copied) if "more than one row" in problem.message]
    assert [problem.line for problem in faults] == [2, 3]


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


def test_command_line_says_no_faults_with_row_counts(capsys, catalogue):
    assert main(["check", str(SMALL)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("no faults\n")
    assert f"{len(catalogue['devices']):>6} rows  devices.csv" in printed


def test_command_line_ends_with_1_and_names_file_line_column_value(copied, capsys):
    edit(copied, "devices", 0, heat="maybe")
    assert main(["check", str(copied)]) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("devices.csv:2: heat: 'maybe': is not allowed")
    assert printed.err == "1 fault\n"


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


@pytest.mark.parametrize(
    "tables",
    # Rows of the last table name rows of the one before it.
    [("devices",), ("claims",), ("not_a_bar",), ("risk_effects", "absolute_numbers")],
)
def test_a_table_may_have_a_header_only(copied, tables):
    for table in tables:
        path = copied / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert all(problem.tolerable for problem in problems(copied))
    assert all(load_catalogue(copied)[table].empty for table in tables)


def first(folder, table, **cells):
    """Return the position of the first row that has these cells."""
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return next(
        number
        for number, row in enumerate(rows)
        if all(row[name] == value for name, value in cells.items())
    )


def repeat(folder, table, number, **cells):
    """Write the row once more at the end, with these cells changed."""
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows.append({**rows[number], **cells})
    with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("table", "cells", "column", "words"),
    [
        (
            "devices",
            {"price_usd": "10", "price_seen": ""},
            "price_usd",
            "stated without price_seen",
        ),
        (
            "devices",
            {"price_usd": "", "price_seen": "2026"},
            "price_seen",
            "stated without price_usd",
        ),
        (
            "devices",
            {"remote_control": "", "remote_kind": "app"},
            "remote_kind",
            "remote_control must be yes",
        ),
        (
            "devices",
            {"power": "battery", "cordless": "no"},
            "cordless",
            "does not agree with power battery",
        ),
        (
            "devices",
            {"power": "mains", "cordless": "yes"},
            "cordless",
            "does not agree with power mains",
        ),
        (
            "devices",
            {"device_type": "compression_stockings", "techniques": "percussion"},
            "techniques",
            "percussion is outside",
        ),
        (
            "devices",
            {"pressure_min_mmhg": "90", "pressure_max_mmhg": "20"},
            "pressure_min_mmhg",
            "above pressure_max_mmhg",
        ),
        (
            "evidence",
            {
                "design": "systematic_review",
                "review_of": "mixed",
                "level": "2",
                "included_studies": "3",
            },
            "level",
            "does not agree",
        ),
        (
            "evidence",
            {
                "design": "systematic_review",
                "review_of": "non_randomised",
                "level": "1",
                "included_studies": "3",
            },
            "level",
            "does not agree with review_of non_randomised; allowed: 3 or 4",
        ),
        (
            "evidence",
            {"design": "cohort", "review_of": "", "level": "4"},
            "level",
            "does not agree with design cohort; allowed: 3",
        ),
        (
            "evidence",
            {"design": "guideline", "review_of": "", "level": "4"},
            "level",
            "allowed: an empty cell",
        ),
        (
            "evidence",
            {"design": "cohort", "level": "3", "review_of": "mixed"},
            "review_of",
            "design must be systematic_review",
        ),
        (
            "evidence",
            {"design": "systematic_review", "level": "1", "review_of": ""},
            "review_of",
            "what the review included",
        ),
        (
            "evidence",
            {
                "design": "systematic_review",
                "review_of": "randomised",
                "level": "1",
                "included_studies": "",
                "participants": "",
            },
            "included_studies",
            "states none of included_studies, participants although design is systematic_review",
        ),
        (
            "cautions",
            {"risk_factor": "pregnancy", "limits": "only in pregnancy"},
            "limits",
            "only repeats risk_factor",
        ),
        ("cautions", {"limits": "x" * 61}, "limits", "longer than 60 characters"),
    ],
)
def test_cells_of_a_row_that_cannot_all_be_right_are_named(copied, table, cells, column, words):
    edit(copied, table, 3, **cells)
    assert {
        problem.line
        for problem in problems(copied)
        if problem.column == column and words in problem.message
    } == {5}


def test_one_source_does_not_ask_for_two_severities(copied):
    number = first(copied, "cautions", severity="contraindicated")
    repeat(copied, "cautions", number, caution_id="another-word", severity="caution")
    (fault,) = (problem for problem in problems(copied) if problem.column == "severity")
    assert f"disagrees with 'contraindicated' in line {number + 2}" in fault.message


def test_a_caution_of_a_part_of_a_condition_stands_beside_that_of_the_whole(copied):
    repeat(
        copied,
        "cautions",
        0,
        caution_id="in-part",
        limits="severe",
        reason="In other words.",
        source_ids="nccih-massage",
    )
    assert not problems(copied)


def test_one_caution_holds_all_sources_of_a_subject_condition_severity_and_limits(copied):
    repeat(
        copied,
        "cautions",
        0,
        caution_id="once-more",
        reason="In other words.",
        source_ids="nccih-massage",
    )
    (fault,) = (problem for problem in problems(copied) if "join the sources" in problem.message)
    assert "is the same as line 2 in subject_kind, subject, risk_factor, severity, limits" in (
        fault.message
    )


@pytest.mark.parametrize("table", ["cautions", "risk_effects", "regulation"])
def test_rows_that_differ_only_in_their_id_are_named(copied, package, table):
    repeat(copied, table, 0, **{package[table].key: "the-same-again"})
    faults = [problem for problem in problems(copied) if "all but the id" in problem.message]
    assert [problem.message for problem in faults] == [
        "is the same as line 2 in all but the id; remove one of them"
    ]


def test_two_findings_of_one_source_subject_symptom_and_dose_are_named(copied):
    repeat(
        copied, "evidence", 0, evidence_id="again", finding="Said otherwise.", direction="unclear"
    )
    faults = [problem for problem in problems(copied) if "merge the findings" in problem.message]
    assert [problem.value for problem in faults] == ["henryford-2004-scd"]


def test_two_products_of_one_name_are_named(copied):
    repeat(copied, "devices", 0, device_id="twin", notes="Another.")
    (fault,) = (
        problem for problem in problems(copied) if "tell the two products apart" in problem.message
    )
    assert "line 2" in fault.message


@pytest.mark.parametrize("spelling", ["NORMATEC", "Normatec (Hyperice)", "normatec"])
def test_a_brand_has_one_spelling(copied, spelling):
    number = first(copied, "devices", brand="Normatec")
    repeat(copied, "devices", number, device_id="twin", brand=spelling, model="Another")
    (fault,) = (problem for problem in problems(copied) if "is also spelt" in problem.message)
    assert (fault.value, fault.message) == (
        spelling,
        "is also spelt 'Normatec'; use one spelling",
    )


def test_a_source_that_nothing_cites_is_named(copied):
    repeat(copied, "sources", 0, source_id="nobody-cites-me", title="Unread")
    (fault,) = problems(copied)
    assert (fault.value, fault.message) == (
        "nobody-cites-me",
        "is not cited by any table; cite it or remove it",
    )
    assert load_catalogue(copied)  # worth fixing, but nothing that a page could not show


#: All in one file, each in a row of its own: a check of all rows costs as much as one of one.
NO_NUMBERS = [
    ("intensity_levels", str(2**63)),
    ("intensity_levels", "-9223372036854775809"),
    ("intensity_levels", "1" * 5000),
    ("intensity_levels", "１２"),
    ("intensity_levels", "٣"),
    ("weight_kg", "１.５"),
    ("weight_kg", "1e400"),
    ("weight_kg", "9" * 5000),
    ("weight_kg", "nan"),
    ("weight_kg", "inf"),
    ("weight_kg", "1_0"),
    ("weight_kg", "0x1"),
]
NUMBERS = [
    ("intensity_levels", "9" * 18),
    ("weight_kg", "1e300"),
    ("weight_kg", "+.5"),
    ("weight_kg", "007"),
]


def test_numbers_that_cannot_be_held_are_faults_and_never_a_crash(copied):
    for row, (column, value) in enumerate(NO_NUMBERS):
        edit(copied, "devices", row, **{column: value})
    faults = problems(copied)
    assert [(fault.line, fault.column, fault.value) for fault in faults] == [
        (row + 2, column, value) for row, (column, value) in enumerate(NO_NUMBERS)
    ]
    assert all("is not a" in fault.message for fault in faults)
    with pytest.raises(DataError) as caught:
        load_catalogue(copied)
    assert len(caught.value.problems) == len(NO_NUMBERS)


def test_numbers_that_pass_are_loaded(copied):
    for row, (column, value) in enumerate(NUMBERS):
        edit(copied, "devices", row, **{column: value})
    assert not problems(copied)
    devices = load_catalogue(copied)["devices"]
    for row, (column, value) in enumerate(NUMBERS):
        assert devices[column][row] == float(value)


def test_dates_that_pass_are_loaded(copied):
    days = ["0001-01-01", "9999-12-31", "1677-01-01"]
    for row, day in enumerate(days):
        edit(copied, "clearances", row, date_cleared=day)
    assert not problems(copied)
    loaded = load_catalogue(copied)["clearances"]["date_cleared"]
    assert [f"{loaded[row]:%m-%d}" for row in range(3)] == [day[5:] for day in days]


@pytest.mark.parametrize("day", ["２０２４-01-01", "0000-01-01", "2023-02-29"])
def test_a_date_that_is_none_is_a_fault(copied, day):
    edit(copied, "clearances", 3, date_cleared=day)
    assert [problem.message for problem in problems(copied)] == [
        "is not a date; write year-month-day, such as 2024-05-31"
    ]
