"""The small package is whole, has a case of every rule, and frees the tests of code from the
shipped tables.
"""

import ast
import csv
import os
import shutil
import subprocess
import sys

import pytest

from legwise.cli import main
from legwise.rules.claims import judge_claims
from legwise.rules.shortlist import Wish, rank_device_types
from legwise.rules.verdicts import verdicts
from legwise.tables.checking import check_package
from legwise.tables.descriptor import read_package
from tests.conftest import ROOT
from tests.packages import SMALL

#: What a pull request with one more product brings; no real product.
PRODUCT = {
    "device_id": "made-for-this-test",
    "brand": "Made for this test",
    "model": "None",
    "device_type": "massage_chair",
    "heat": "yes",
    "remote_control": "yes",
    "weight_kg": "99.5",
    "source_url": "https://example.org/none",
    "source_kind": "manufacturer",
    "provenance": "direct",
}


def test_the_check_finds_no_fault_in_the_small_package(capsys):
    assert main(["check", str(SMALL)]) == 0
    assert capsys.readouterr().out.startswith("no faults\n    12 rows  devices.csv\n")


def test_the_small_package_has_every_kind_of_verdict(catalogue):
    cells = verdicts(catalogue).values()
    assert {(cell.state, cell.claimed) for cell in cells} == {
        ("studied", ""),
        ("studied", "general"),
        ("studied", "type"),
        ("claimed", "general"),
        ("claimed", "type"),
        ("searched", ""),
    }
    labels = catalogue.package["evidence"]["direction"].labels
    assert {cell.direction for cell in cells} == {None, *labels}
    assert {cell.tier for cell in cells} == {None, 1, 2, 3}
    kept = [row for row in catalogue.records("evidence") if row["direction"] == "benefit"]
    assert "filtered" in {cell.state for cell in verdicts(catalogue, kept).values()}


def test_the_small_package_has_every_kind_of_caution(catalogue):
    rows = catalogue.records("cautions")
    table = catalogue.package["cautions"]
    for name in ("severity", "severity_basis", "subject_kind"):
        assert {row[name] for row in rows} == set(table[name].labels)
    assert 0 < catalogue["cautions"]["limits"].notna().sum() < len(rows)


def test_the_small_package_has_claims_that_come_out_in_several_ways(catalogue):
    assert {item.outcome for item in judge_claims(catalogue)} >= {
        "supported",
        "mixed",
        "no_difference",
        "contradicted",
        "related",
        "not_studied",
        "cautions",
        "no_effect_claimed",
    }


def test_the_small_package_has_products_for_every_way_to_meet_a_wish(catalogue):
    wish = Wish(("pain",), ("diabetes",), ("heat",), 20_000.0)
    matches = rank_device_types(catalogue, wish)
    assert any(match.barred for match in matches)
    assert any(match.ask_seller for match in matches)
    assert any(match.unmet for match in matches)
    assert any(match.meets for match in rank_device_types(catalogue, Wish(budget=20_000.0)))


def test_the_small_package_has_products_of_every_kind(catalogue):
    devices = catalogue["devices"]
    assert set(devices["provenance"]) == set(catalogue.package["devices"]["provenance"].labels)
    assert {True, False} <= set(devices["heat"].dropna())
    assert devices["heat"].isna().any()
    assert devices["by_nature"].map(bool).any()
    assert devices["recalled"].eq(True).any()
    assert devices["model"].duplicated().any()
    assert devices["price_usd"].notna().any()


@pytest.fixture
def one_product_more(tmp_path):
    """The project in another folder, with one more product in its tables."""
    for name in ("legwise", "data", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("pyproject.toml", "README.md", "app.py", "ui", "pages", "docs", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    with (tmp_path / "data" / "devices.csv").open("a+", newline="", encoding="utf-8") as file:
        file.seek(0)
        columns = next(csv.reader(file))
        file.seek(0, os.SEEK_END)
        csv.DictWriter(file, columns, lineterminator="\n").writerow(PRODUCT)
    assert not check_package(read_package(tmp_path / "data"))[0].problems
    return tmp_path


def test_one_product_more_turns_no_test_of_code_red(one_product_more):
    """The tests of code read the small package; those that name the shipped tables are run on one
    product more.
    """
    tests = [
        test
        for folder in ("unit", "app", "browser")
        for path in sorted((ROOT / "tests" / folder).glob("test_*.py"))
        for test in naming_the_shipped_tables(path)
    ]
    assert tests
    assert not [test for test in tests if "browser" in test]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:playwright"]
    done = subprocess.run(
        [*command, "-q", "--tb=short", *tests],
        cwd=one_product_more,
        env={**os.environ, "PYTHONPATH": str(one_product_more), "HYPOTHESIS_PROFILE": "fast"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]


def naming_the_shipped_tables(path):
    """The ids of those tests; that of the whole file, if more than tests names the tables."""
    file = str(path.relative_to(ROOT))
    named = [
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        if any(word in ast.unparse(node) for word in WORDS)
    ]
    names = [getattr(node, "name", "") for node in named]
    if all(name.startswith("test_") for name in names):
        return [f"{file}::{name}" for name in names]
    return [file]


#: What names the shipped tables in a test.
WORDS = ("SHIPPED", "load_catalogue()", "shipped(", "'sample'")
