import itertools
import random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.comparison import NO_PRODUCTS, Cell, Group, Row
from legwise.answers.side_by_side import KEY_FACTS, compare, parts, suggestions
from legwise.rules.cautions import cautions_for
from legwise.tables.catalogue import Catalogue
from tests.packages import small
from tests.strategies import asking
from tests.tables import number_of

CATALOGUE = small()
CAUTION = "caution-diabetes"
ITEMS = [
    *(("device", key) for key in CATALOGUE.keys("devices")),
    *(("type", key) for key in CATALOGUE.keys("device_types")),
]


def cell(comparison, name, position=0):
    return next(
        row.cells[position] for group in comparison.groups for row in group.rows if row.name == name
    )


@pytest.mark.parametrize(
    "pair", list(itertools.combinations(CATALOGUE.keys("device_types"), 2)), ids="-".join
)
def test_any_two_types_compare(pair):
    comparison = compare(CATALOGUE, [("type", key) for key in pair])
    assert [item.key for item in comparison.items] == list(pair)
    assert {group.name for group in comparison.groups} >= {
        "identity",
        "how_it_works",
        "features",
        "evidence",
        "regulation",
    }


def test_two_hundred_pairs_of_devices_compare():
    rng = random.Random(20261122)
    devices = list(CATALOGUE.keys("devices"))
    for _ in range(200):
        comparison = compare(
            CATALOGUE, [("device", key) for key in rng.sample(devices, 2)], ["diabetes"]
        )
        assert all(
            len(row.cells) == 2 and all(cell.text for cell in row.cells)
            for group in comparison.groups
            for row in group.rows
        )


@given(st.lists(st.sampled_from(ITEMS), min_size=2, max_size=5, unique=True))
@asking(40)
def test_a_row_hidden_as_equal_is_equal_in_every_column(items):
    whole = compare(CATALOGUE, items)
    kept = {row.name for group in whole.only("differences").groups for row in group.rows}
    for group in whole.groups:
        for row in group.rows:
            assert (row.name in kept) == (len({cell.text for cell in row.cells}) > 1)


def test_no_choice_of_rows_hides_a_caution_for_a_chosen_condition():
    heated = CATALOGUE["devices"].query("heat == True")["device_id"][:2]
    alike = compare(CATALOGUE, [("device", key) for key in heated], ["peripheral_neuropathy"])
    apart = compare(
        CATALOGUE,
        [("device", heated.iloc[0]), ("type", "compression_stockings")],
        ["anticoagulants", "diabetes"],
    )
    for comparison in (alike, apart):
        for rows in ("differences", "stated"):
            assert comparison.only(rows).groups[0].rows == comparison.groups[0].rows


def test_a_type_says_on_how_many_products_a_cell_rests():
    comparison = compare(CATALOGUE, [("type", "air_compression")])
    yes, no, silent = (
        number_of("devices", device_type="air_compression", heat=text) for text in ("yes", "no", "")
    )
    assert silent
    assert (
        cell(comparison, "heat").text == f"{yes} of {yes + no} that state it ({silent} not stated)"
    )


def test_numbers_of_a_type_are_a_range_with_median():
    stockings = CATALOGUE["devices"].query("device_type == 'compression_stockings'")
    text = cell(compare(CATALOGUE, [("type", "compression_stockings")]), "pressure_max_mmhg").text
    stated = stockings["pressure_max_mmhg"].dropna()
    assert (
        text
        == f"{stated.min():g} to {stated.max():g} mmHg, median {stated.median():g} ({len(stated)} of {len(stockings)} state it)"  # noqa: E501
    )


def test_a_method_without_products_says_so():
    comparison = compare(CATALOGUE, [("type", "self_massage")])
    assert comparison.items[0].subtitle == "Method (by hand), no products: done by hand"
    assert not cell(comparison, "heat").stated


def test_not_stated_is_in_words_and_never_no():
    comparison = compare(CATALOGUE, [("device", "hyperice-normatec-3")])
    assert cell(comparison, "heat").text == "not stated"
    assert not cell(comparison, "heat").stated


def test_what_follows_from_the_kind_says_so():
    device = next(
        row["device_id"] for row in CATALOGUE.records("devices") if "heat" in row["by_nature"]
    )
    assert cell(compare(CATALOGUE, [("device", device)]), "heat").text == "no (unpowered)"


def test_price_carries_the_date_it_was_seen():
    row = next(row for row in CATALOGUE.records("devices") if row["price_usd"] > 0)
    assert "(seen " in cell(compare(CATALOGUE, [("device", row["device_id"])]), "price_usd").text


def test_chosen_conditions_stand_first_with_reason_and_basis():
    comparison = compare(
        CATALOGUE, [("type", "compression_stockings"), ("type", "self_massage")], ["diabetes"]
    )
    first = comparison.groups[0]
    assert first.name == "chosen_conditions"
    cautions = cautions_for(CATALOGUE, [("device_type", "compression_stockings")], ["diabetes"])
    assert first.rows[0].cells[0].text.startswith("× Contraindicated with diabetes (")
    assert first.rows[0].cells[0].text == "\n".join(
        f"{item.label}: {item.reason} ({item.basis})" for item in cautions
    )
    assert first.rows[0].cells[0].sources
    assert first.rows[0].cells[1].text == "– Nothing recorded"


def test_a_recalled_product_is_marked():
    device = CATALOGUE["devices"].query("recalled == True")["device_id"].iloc[0]
    assert "Recall notice exists" in compare(CATALOGUE, [("device", device)]).items[0].notices


def test_the_head_of_a_product_says_what_it_is_and_how_its_facts_were_read():
    devices = (
        CATALOGUE["devices"]
        .iloc[:2]
        .assign(provenance="roundup", summary=["Made for the test.", pd.NA])
    )
    made = Catalogue(CATALOGUE.package, {**CATALOGUE.tables, "devices": devices})
    told, bare = compare(made, [("device", key) for key in made.keys("devices")]).items
    assert [told.subtitle, bare.subtitle] == [
        CATALOGUE.names("device_types")[key] for key in devices["device_type"]
    ]
    assert [told.summary, bare.summary] == ["Made for the test.", ""]
    assert CATALOGUE.package["devices"]["provenance"].labels["roundup"] in told.notices


def test_an_evidence_cell_has_its_sources():
    comparison = compare(CATALOGUE, [("type", "air_compression")])
    findings = [
        row
        for row in CATALOGUE.records("evidence")
        if (row["subject"], row["symptom"]) == ("air_compression", "swelling")
    ]
    shown = {source.source_id for source in cell(comparison, "evidence-swelling").sources}
    assert shown == {row["source_id"] for row in findings}
    assert len(shown) > 3


def test_mixed_kinds_are_known():
    assert compare(CATALOGUE, [("type", "percussion"), ("device", "hyperice-normatec-3")]).mixed


def with_types(*keys):
    """The tables with those types alone, and what speaks of them."""
    tables = dict(CATALOGUE.tables)
    for name, column in (
        ("device_types", "device_type"),
        ("devices", "device_type"),
        ("claims", "device_type"),
    ):
        tables[name] = tables[name][tables[name][column].isin(keys)].reset_index(drop=True)
    evidence, numbers = tables["evidence"], tables["absolute_numbers"]
    other = evidence["subject_kind"].ne("device_type")
    evidence = evidence[other | evidence["subject"].isin(keys)].reset_index(drop=True)
    kept = numbers["evidence_id"].isna() | numbers["evidence_id"].isin(evidence["evidence_id"])
    tables |= {"evidence": evidence, "absolute_numbers": numbers[kept].reset_index(drop=True)}
    return Catalogue(CATALOGUE.package, tables)


@pytest.mark.parametrize(
    ("types", "headings"),
    [
        (
            ["air_compression", "percussion", "self_massage"],
            [
                "The two most studied, and massage by hand",
                "A much studied type, and doing nothing",
                "Least and most studied",
                "The two with most facts published",
            ],
        ),
        (
            ["air_compression", "percussion"],
            [
                "Most studied",
                "A much studied type, and doing nothing",
                "Least and most studied",
                "The two with most facts published",
            ],
        ),
        (
            ["percussion", "self_massage"],
            ["The two most studied, and massage by hand", "The two with most facts published"],
        ),
        (["percussion"], ["The two with most facts published"]),
        (["self_massage"], []),
        ([], []),
    ],
)
def test_what_can_be_suggested_is_suggested_of_few_types(types, headings):
    catalogue = with_types(*types)
    suggested = suggestions(catalogue)
    assert list(suggested) == headings
    for items in suggested.values():
        assert len(set(items)) > 1
        compare(catalogue, items)


def test_only_what_the_article_says_of_a_type_rests_on_the_article():
    shown = compare(CATALOGUE, [("type", "air_compression"), ("type", "compression_stockings")])
    rows = {row.name: row for group in shown.groups for row in group.rows}
    article = {claim["source_id"] for claim in CATALOGUE.records("claims")}
    for name in ("what_the_article_says", "features_the_article_names"):
        assert all(
            {source.source_id for source in cell.sources} == article
            for cell in rows[name].cells
            if cell.stated
        )
    for name in ("kind", "family", "also_called"):
        assert not any(cell.sources for cell in rows[name].cells)
    assert not {"summary", "maker", "regulatory"} & rows.keys()


def row(*texts):
    """A row; what is in brackets is not stated."""
    cells = (Cell(text.strip("()"), not text.startswith("(")) for text in texts)
    return Row("x", "X", "", tuple(cells))


@pytest.mark.parametrize(
    ("texts", "marked"),
    [
        (("yes", "no"), (True, True)),
        (("yes", "yes", "no"), (False, False, True)),
        (("yes", "(not stated)", "no"), (True, False, True)),
        (("yes", "(not stated)"), (False, False)),
        (("yes", "yes"), (False, False)),
    ],
)
def test_a_cell_is_marked_if_it_states_something_else_than_most(texts, marked):
    assert row(*texts).marked == marked


def test_rows_that_no_item_states_fit_in_a_line_but_cautions_never_do():
    rows = (
        row("(not stated)", f"({NO_PRODUCTS})"),
        row("yes", "(not stated)"),
        row("(claimed)", "(searched)"),
    )
    assert Group("features", "", rows).unstated == {"not stated": ("X",)}
    assert Group("features", "", rows).full_rows == rows[1:]
    assert Group("cautions", "", rows, is_cautions=True).full_rows == rows


@given(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=5, unique=True), st.booleans())
@asking(20)
def test_the_parts_hold_every_row_once_beside_the_key_facts(items, chosen):
    whole = compare(CATALOGUE, items, ["diabetes"] if chosen else [])
    shown = [part for part in parts(CATALOGUE, whole) if part.name != KEY_FACTS]
    rows = [(group.name, row.name) for part in shown for group in part.groups for row in group.rows]
    assert len(rows) == len(set(rows)) == whole.size
    opened = {part.name for part in shown if part.is_open}
    assert {"chosen_conditions"} <= opened if chosen else "chosen_conditions" not in opened
    assert not opened & {"cautions", "official"}


def test_the_more_columns_the_fewer_rows_are_open_at_first():
    types = [("type", key) for key in CATALOGUE.keys("device_types")][:5]

    def rows(items, conditions=()):
        shown = parts(CATALOGUE, compare(CATALOGUE, items, conditions))
        assert not any(part.is_open for part in shown if part.name == "other_evidence")
        its = {part.name: len(part.groups[0].full_rows) for part in shown}
        return its[KEY_FACTS], its["evidence"], its.get("other_evidence", 0)

    few, many = rows(types[:2]), rows(types)
    cautioned = rows(types, ["diabetes", "pregnancy"])
    assert few[2] == 0, "all are open"
    assert few[0] >= many[0] > cautioned[0] == 4
    assert many[1] > cautioned[1] == 4
    assert many[1] + many[2] == cautioned[1] + cautioned[2], "none is lost"


def test_beside_many_columns_only_the_reason_of_the_most_severe_caution_is_shown_at_first():
    others = [("type", key) for key in CATALOGUE.keys("device_types") if key != "percussion"]
    few, many = (
        cell(compare(CATALOGUE, [("type", "percussion"), *others[:most]], ["diabetes"]), CAUTION)
        for most in (2, 3)
    )
    assert many.text == few.text == few.first
    first, second = few.text.split("\n")
    assert ": " in first
    label = second.partition(": ")[0]
    assert many.first == f"{first}\n{label.replace(' with diabetes', '')}"
    assert many.rest == many.text, "nothing is lost"


def test_a_statement_that_accepts_a_type_is_in_the_cell_of_its_cautions():
    for accepted in CATALOGUE.records("not_a_bar"):
        whole = compare(CATALOGUE, [("type", accepted["device_type"])], [accepted["risk_factor"]])
        text = cell(whole, f"caution-{accepted['risk_factor']}")
        assert f"Another source: {accepted['statement']}" in text.text
        assert {CATALOGUE.sources([key])[0] for key in accepted["source_ids"]} <= set(text.sources)
