"""The shipped tables: complete, valid by an independent validator, and honest in their wording."""

import re
import warnings
from functools import partial

import pytest

from legwise.answers.changes import PREVIOUS, changes
from legwise.answers.risk_factors import effects
from legwise.tables.descriptor import SHIPPED
from legwise.text.cells import format_device_cell
from tests import tables

on_disk = partial(tables.on_disk, folder=SHIPPED)
ROWS = {
    "devices": 334,
    "device_types": 13,
    "symptoms": 13,
    "risk_factors": 60,
    "risk_factor_symptoms": 89,
    "risk_effects": 78,
    "evidence": 219,
    "absolute_numbers": 17,
    "claims": 24,
    "cautions": 325,
    "not_a_bar": 10,
    "red_flags": 17,
    "regulation": 21,
    "clearances": 17,
    "sources": 365,
    "glossary": 19,
    "audits": 6,
    "left_out": 46,
    "changes": 1061,
}


@pytest.mark.parametrize(("table", "count"), ROWS.items())
def test_every_table_is_complete(table, count, catalogue):
    assert len(on_disk(table)) == len(catalogue[table]) == count


def test_every_table_is_counted_here(package):
    assert {table.name for table in package.tables} == set(ROWS)


def test_an_independent_validator_agrees():
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the validator's own dependencies warn, which is not ours to fix
        from frictionless import Package

        report = Package(str(SHIPPED / "datapackage.json")).validate()
    assert report.valid, report.to_summary()
    assert report.stats["tasks"] == len(ROWS)


def test_products_left_out_are_listed_with_the_reason_and_are_not_listed_as_devices():
    listed = {row["device_id"] for row in on_disk("devices")}
    for row in on_disk("left_out"):
        assert row["left_out_id"] not in listed
        assert row["product"]
        assert row["reason"].endswith(".")
        assert row["seen_url"].startswith("http")


def test_every_source_is_used(catalogue):
    named = set()
    for table in catalogue.package.tables:
        for field in table.fields:
            if field.references == "sources":
                for cell in catalogue[table.name][field.name].dropna():
                    named |= set(cell) if isinstance(cell, tuple) else {cell}
    assert named == set(catalogue.keys("sources"))


def test_every_row_that_needs_one_has_a_source(catalogue):
    for table in ("evidence", "claims", "clearances", "risk_effects"):
        assert catalogue[table]["source_id"].notna().all()
    for table in (
        "cautions",
        "not_a_bar",
        "red_flags",
        "regulation",
        "risk_factors",
        "risk_factor_symptoms",
        "symptoms",
    ):
        assert catalogue[table]["source_ids"].map(bool).all()


def test_every_price_carries_its_date_or_says_that_it_has_none(catalogue):
    table = catalogue.package["devices"]
    for row in catalogue.records("devices"):
        if row["price_usd"] == row["price_usd"]:
            assert re.search(
                r"\(seen \d{4}|\(date not stated\)",
                format_device_cell(table["price_usd"], row),
            )


def test_population_group_agrees_with_plain_words(catalogue):
    groups = {
        "pregnan": "pregnancy",
        "claudication": "circulation_condition",
        "venous ulcer": "circulation_condition",
    }
    for row in catalogue.records("evidence"):
        for word, group in groups.items():
            if word in row["population"] and "one trial in" not in row["population"]:
                assert row["population_group"] == group, row["evidence_id"]


def test_nothing_in_the_tables_says_safe_or_cures():
    # Published titles and addresses are quoted as they are; "safety factor" and "safety class" are
    # terms.
    allowed = re.compile(r"safety (factor|class)|electrical safety")
    # The table of changes names rows, of the version before too, by ids that hold the name of a
    # source.
    ids = {row["row"] for row in on_disk("changes")}
    for table in ROWS:
        for row in on_disk(table):
            for name, value in row.items():
                if name in (
                    "title",
                    "url",
                    "seen_url",
                    "other_urls",
                    "source_url",
                ) or name.endswith(("_id", "_ids")):
                    continue
                text = allowed.sub(
                    "", " ".join(word for word in value.split() if word.strip(":,.;") not in ids)
                )
                assert not re.search(
                    r"\b(safe|safely|safer|safest|safety|cures?|cured)\b", text, flags=re.I
                ), (table, value)


def test_the_changes_since_the_version_before_are_those_that_the_tables_show():
    made = changes(SHIPPED / PREVIOUS, SHIPPED)
    assert (made.before, made.after) == ("1.0.0", "1.1.0")
    listed = {(row["table"], row["row"], row["what"]) for row in on_disk("changes")}
    assert {(row.table, row.key, row.what) for row in made.rows} == listed
    assert len(listed) == len(on_disk("changes"))
    assert all(row["why"] for row in on_disk("changes"))


def test_the_kinds_that_the_article_names_first_are_well_represented(catalogue):
    devices = catalogue["devices"]
    kinds = devices["device_type"].value_counts()
    assert kinds["foot_calf_massager"] >= 16
    assert kinds["shiatsu_foot_calf"] >= 36
    assert (
        int((devices["heat"].fillna(False) & devices["remote_control"].fillna(False)).sum()) >= 20
    )


def test_every_type_of_product_has_a_caution_with_a_source(catalogue):
    """A type that is split off must not leave its cautions behind: silence would look like the
    absence of risk.
    """
    warned = {
        row["subject"]
        for row in catalogue.records("cautions")
        if row["subject_kind"] == "device_type"
    }
    assert set(catalogue["devices"]["device_type"]) <= warned


def test_an_effect_that_a_study_only_calls_absent_stays_in_words(catalogue):
    _, words = effects(catalogue)
    assert any(row["estimate_text"] == "not associated" for row in words)
