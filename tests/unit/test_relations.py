"""Tables and joins as one kind of thing, and their columns at a glance."""

from dataclasses import replace
from statistics import median

import numpy as np
import pandas as pd
import pytest

from legwise.explore.matching import MatchingInMemory
from legwise.explore.profile import BARS, profile_frame
from legwise.explore.relations import VERDICTS, load_relation, relation_names
from legwise.explore.state import ExploreState, describe_view, filter_phrases, first_look, settle
from legwise.explore.view import look
from legwise.exports.citations import references, works
from legwise.facets.filters import Choice, Span
from legwise.facets.tallies import FrameTallies
from legwise.tables.catalogue import Catalogue, load_catalogue
from legwise.tables.descriptor import SHIPPED, SchemaError, read_package
from legwise.tables.loading import DataError
from legwise.tables.stated import is_stated
from tests.packages import small
from tests.tables import number_of, on_disk

CATALOGUE = small()
RELATIONS = {name: load_relation(CATALOGUE, name) for name in relation_names(CATALOGUE.package)}


def test_every_table_and_every_declared_join_can_be_explored():
    assert set(RELATIONS) == {table.name for table in CATALOGUE.package.tables} | {
        join.name for join in CATALOGUE.package.joins
    }
    with pytest.raises(KeyError):
        load_relation(CATALOGUE, "nothing")


@pytest.mark.parametrize("name", RELATIONS)
def test_every_column_of_a_relation_is_declared_and_is_there(name):
    relation = RELATIONS[name]
    assert set(relation.table.by_name) <= set(relation.frame.columns)
    assert len(relation.table.by_name) == len(relation.table.fields)
    titles = [field.title for field in relation.table.fields]
    assert len(set(titles)) == len(titles), [title for title in titles if titles.count(title) > 1]


@pytest.mark.parametrize(
    ("name", "left", "right", "key"),
    [
        ("devices_with_types", "devices", "device_types", "device_type"),
        ("findings_with_sources", "evidence", "sources", "source_id"),
        ("cautions_with_risk_factors", "cautions", "risk_factors", "risk_factor"),
    ],
)
def test_a_join_keeps_every_row_once_and_in_order(name, left, right, key):
    frame = RELATIONS[name].frame
    pd.testing.assert_frame_equal(frame[CATALOGUE[left].columns], CATALOGUE[left])
    row = frame.iloc[len(frame) // 2]
    other = CATALOGUE.row(right, row[key])
    field = next(
        item
        for item in CATALOGUE.package[right].fields
        if item.type == "string" and item.categories
    )
    renamed = f"{field.name}_{right}" if field.name in CATALOGUE[left] else field.name
    assert row[renamed] == other[field.name]


def test_a_column_gets_the_filter_that_its_type_allows():
    kinds = {field.name: field.filter for field in RELATIONS["findings_with_sources"].table.fields}
    assert kinds["design"] == kinds["subject"] == kinds["source_id"] == "choice"
    assert kinds["level"] == kinds["year"] == "range"
    assert kinds["finding"] is None
    assert kinds["doi"] is None


def test_counts_of_a_join_are_those_of_pandas():
    relation = RELATIONS["findings_with_sources"]
    answer = relation.index.find({"year": Span(2015), "direction": Choice(("benefit",))})
    frame = relation.frame
    recent = frame["year"] >= 2015
    assert len(answer.rows) == int((recent & (frame["direction"] == "benefit")).sum())
    expected = frame[recent.fillna(False)]["direction"].value_counts()
    assert {
        value: number for value, number in answer.counts["direction"].counts if number
    } == expected.to_dict()


def test_one_id_of_two_kinds_has_both_names():
    relation = RELATIONS["evidence"]
    field = relation.table["subject"]
    assert set(relation.subject_labels(field)) == set(
        CATALOGUE["evidence"][["subject_kind", "subject"]].itertuples(index=False, name=None)
    )
    assert field.labels["heat"] == "Heat"


@pytest.mark.parametrize("name", RELATIONS)
def test_a_profile_says_what_is_there(name):
    relation = RELATIONS[name]
    rows = np.arange(len(relation.frame))[::2]
    profile = profile_frame(relation, FrameTallies(relation.table, relation.frame, rows))
    by_title = {field.title: field for field in relation.table.fields}
    for line in profile.to_dict("records"):
        cells = relation.frame[by_title[line["Column"]].name].iloc[rows]
        stated = cells[cells.map(is_stated)]
        assert line["Stated (%)"] == round(100 * len(stated) / len(cells), 1)
        assert line["Values"] == stated.explode().nunique()
        assert len(line["Shape"]) <= BARS
        if by_title[line["Column"]].is_numeric:
            assert sum(line["Shape"]) == len(stated)


def glance(name, rows):
    """The columns of a relation, by what the first rows hold."""
    relation = RELATIONS[name]
    tallies = FrameTallies(relation.table, relation.frame, np.arange(rows))
    return profile_frame(relation, tallies).set_index("Column")


def test_a_profile_in_words():
    profile = glance("devices", number_of("devices"))["Most frequent"]
    assert (
        profile["Heat"]
        == f"yes ({number_of('devices', heat='yes')}), no ({number_of('devices', heat='no')})"
    )
    weights = [float(row["weight_kg"]) for row in on_disk("devices") if row["weight_kg"]]
    assert profile["Weight"].endswith(f" kg, median {round(median(weights), 2):g}")
    assert glance("devices", 0)["Stated (%)"].eq(0).all()
    years = glance("sources", number_of("sources"))["Most frequent"]["Year"]
    assert "," not in years.split(", median")[0]


def test_a_view_is_said_in_words():
    relation = RELATIONS["devices"]
    state = ExploreState(group=("device_type", "heat"), aggregate="median", measure="weight_kg")
    assert (
        describe_view(settle(state, relation), relation)
        == "Devices by type and heat: median of weight (kg)"
    )
    state = ExploreState(
        filters=(
            ("heat", Choice(("yes", "not_stated"))),
            ("weight_kg", Span(high=2, not_stated=True)),
        )
    )
    assert list(filter_phrases(state, relation).values()) == [
        "heat is yes or not stated",
        "weight is at most 2 kg or not stated",
    ]


def test_the_sources_of_rows_are_all_named_once():
    relation = RELATIONS["cautions"]
    named = {source for ids in CATALOGUE["cautions"]["source_ids"].iloc[:20] for source in ids}
    assert set(works(MatchingInMemory(relation, np.arange(20)))) == named
    pages = references(MatchingInMemory(RELATIONS["devices"], np.arange(5)))
    assert [link for _, link in pages] == CATALOGUE["devices"]["source_url"].iloc[:5].tolist()


def test_a_join_that_names_no_key_is_refused(copied):
    path = copied / "datapackage.json"
    right = '"join": "sources",\n      "on": "{}"'
    text = path.read_text(encoding="utf-8").replace(
        right.format("source_id"), right.format("symptom")
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match="'symptom', which is not the key of 'sources'"):
        read_package(copied)


def test_a_package_without_joins_still_opens():
    package = read_package(SHIPPED)
    bare = Catalogue(replace(package, joins=()), CATALOGUE.tables)
    assert set(relation_names(bare.package)) == {table.name for table in package.tables}


def test_the_word_that_links_write_for_a_missing_cell_is_no_value(copied):
    path = copied / "devices.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",Beurer,", ",not_stated,"), encoding="utf-8"
    )
    with pytest.raises(DataError, match="is how links write a missing cell; leave the cell empty"):
        load_catalogue(copied)


def test_every_relation_opens_on_tables_without_rows(copied):
    for table in CATALOGUE.package.tables:
        path = copied / table.path
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    catalogue = load_catalogue(copied)
    for name in relation_names(catalogue.package):
        relation = load_relation(catalogue, name)
        view = look(relation, first_look(relation))
        assert len(view.table) == 0
        assert profile_frame(relation, view.matches.rows_to_count)["Values"].eq(0).all()


@pytest.mark.parametrize("few", [0, 50_000])
def test_what_is_looked_up_is_a_left_join(monkeypatch, few):
    """Of a long list, texts that are looked up are kept as codes."""
    monkeypatch.setattr("legwise.explore.relations.FEW_ROWS", few)
    for join in (item for item in CATALOGUE.package.joins if item.join != VERDICTS):
        joined = load_relation(CATALOGUE, join.name).frame
        expected = CATALOGUE[join.table].merge(
            CATALOGUE[join.join], on=join.on, how="left", suffixes=("", f"_{join.join}")
        )
        pd.testing.assert_frame_equal(joined.astype(expected.dtypes), expected)
        assert (joined.dtypes == expected.dtypes).all() == bool(few)
