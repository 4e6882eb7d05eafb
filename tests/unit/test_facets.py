"""The engine against a naive oracle: a handful of lines of plain pandas a facet."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.devices import PAGE_SIZE, FacetIndex
from legwise.answers.query import SYMPTOM, TEXT, DeviceQuery
from legwise.answers.searched import fold
from legwise.facets.codes import NumberCounts, ValueCounts
from legwise.facets.filters import Choice, Span
from legwise.rules.cautions import cautions_for
from legwise.rules.verdicts import verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED
from tests.packages import small
from tests.strategies import asking, queries
from tests.tables import number_of, on_disk

CATALOGUE = small()
TABLE = CATALOGUE.package["devices"]
DEVICES = CATALOGUE["devices"]
VERDICTS = verdicts(CATALOGUE)


def cell_values(cell):
    """Facet values of one typed cell, by their ids."""
    if isinstance(cell, tuple):
        return set(cell) or {NOT_STATED}
    if pd.isna(cell):
        return {NOT_STATED}
    if isinstance(cell, (bool, np.bool_)):
        return {"yes" if cell else "no"}
    return {cell}


def targets(device_type, query):
    symptoms = set()
    for symptom in CATALOGUE.keys("symptoms"):
        cell = VERDICTS["device_type", device_type, symptom]
        least = {"claimed": 3, "studied": 3, "randomised": 2, "reviewed": 1}[query.evidence]
        studied = cell.tier is not None and cell.tier <= least
        if query.directions:
            studied = studied and cell.direction in query.directions
        elif query.evidence == "claimed" and cell.claimed == "type":
            studied = True
        if studied:
            symptoms.add(symptom)
    return symptoms


def fits(row, name, item, query):
    if name == TEXT:
        kind = CATALOGUE.row("device_types", row["device_type"])
        called = [
            kind["name"],
            *kind["also_called"],
            CATALOGUE.package["device_types"]["family"].labels[kind["family"]],
        ]
        words = [row["brand"], row["maker"], row["model"], *called, row["notes"]]
        text = fold("\n".join("" if pd.isna(word) else word for word in words))
        return all(word in text for word in fold(item).split())
    if isinstance(item, Span):
        if pd.isna(row[name]):
            return item.not_stated
        return (
            item.bounded
            and (item.low is None or row[name] >= item.low)
            and (item.high is None or row[name] <= item.high)
        )
    values = targets(row["device_type"], query) if name == SYMPTOM else cell_values(row[name])
    return set(item.values) <= values if item.match_all else bool(set(item.values) & values)


def oracle(frame, query):
    """Total and counts, slowly: every facet's counts over the rows that all other filters leave."""
    active = [*query.filters, *([(TEXT, query.text)] if query.text.strip() else [])]
    rows = frame.to_dict("records")
    passed = [{name: fits(row, name, item, query) for name, item in active} for row in rows]
    hits = [position for position, fit in enumerate(passed) if all(fit.values())]
    counts = {}
    for name in [*(field.name for field in TABLE.facets), SYMPTOM]:
        its = query.filter(name)
        free = not (isinstance(its, Choice) and its.match_all)
        left = [
            row
            for row, fit in zip(rows, passed, strict=True)
            if all(ok for other, ok in fit.items() if other != name or not free)
        ]
        if name != SYMPTOM and TABLE[name].filter == "range":
            numbers = [row[name] for row in left if not pd.isna(row[name])]
            counts[name] = (
                min(numbers, default=None),
                max(numbers, default=None),
                len(numbers),
                len(left) - len(numbers),
            )
        else:
            tally = {}
            for row in left:
                for value in (
                    targets(row["device_type"], query)
                    if name == SYMPTOM
                    else cell_values(row[name])
                ):
                    tally[value] = tally.get(value, 0) + 1
            counts[name] = tally
    return hits, counts


def compare_with_oracle(frame, query):
    answer = FacetIndex(CATALOGUE, frame).ask(query)
    hits, counts = oracle(frame, query)
    assert sorted(answer.rows.tolist()) == hits
    assert answer.total == len(hits)
    assert set(answer.counts) == set(counts)
    for name, expected in counts.items():
        counted = answer.counts[name]
        if isinstance(counted, NumberCounts):
            assert (counted.low, counted.high, counted.stated, counted.not_stated) == expected, name
        else:
            assert isinstance(counted, ValueCounts)
            assert {value: number for value, number in counted.counts if number} == expected, name


@given(queries(), st.integers(0, 2**32 - 1), st.integers(0, 60))
@asking(120)
def test_rows_total_and_every_count_equal_the_oracle(query, seed, size):
    rng = np.random.default_rng(seed)
    frame = DEVICES.iloc[rng.integers(0, len(DEVICES), size)].reset_index(drop=True)
    # Shuffle each column by itself: combinations the real table does not have.
    shuffled = pd.DataFrame(
        {
            name: column.iloc[rng.permutation(size)].reset_index(drop=True)
            for name, column in frame.items()
        }
    )
    compare_with_oracle(shuffled, query)


def test_shipped_table_equals_the_oracle():
    compare_with_oracle(
        DEVICES,
        DeviceQuery(
            filters=(
                ("heat", Choice(("yes", NOT_STATED))),
                ("techniques", Choice(("rolling", "stretching"), True)),
            )
        ),
    )


def test_counts_leave_the_facets_own_choice_out(index):
    answer = index.ask(DeviceQuery(filters=(("heat", Choice(("yes",))),)))
    assert dict(answer.counts["heat"].counts) == {
        "yes": int(DEVICES["heat"].sum()),
        "no": int((~DEVICES["heat"]).sum()),
        NOT_STATED: int(DEVICES["heat"].isna().sum()),
    }


def test_zero_results_say_what_dropping_each_filter_gives(index):
    answer = index.ask(
        DeviceQuery(
            filters=(
                ("device_type", Choice(("compression_stockings",))),
                ("heat", Choice(("yes",))),
            )
        )
    )
    assert answer.total == 0
    assert answer.without == {
        "device_type": int(DEVICES["heat"].sum()),
        "heat": number_of("devices", device_type="compression_stockings"),
    }


def test_text_search_ignores_case_and_accents_and_wants_all_words(index):
    searched = ["brand", "maker", "model", "notes"]
    named = sum(
        "normatec" in " ".join(row[name] for name in searched).lower() for row in on_disk("devices")
    )
    assert (
        index.ask(DeviceQuery(text="NORMATEC")).total
        == index.ask(DeviceQuery(text="normatéc")).total
        == named
        > 0
    )
    assert (
        0
        < index.ask(DeviceQuery(text="spa maxkare")).total
        < index.ask(DeviceQuery(text="spa")).total
    )
    assert (
        index.ask(DeviceQuery(text="massage chair")).total
        >= number_of("devices", device_type="massage_chair")
        > 0
    )


def test_text_search_finds_products_by_what_people_call_their_type_and_by_their_maker():
    types = (
        CATALOGUE["device_types"]
        .iloc[:2]
        .assign(
            also_called=[("wobble boots", "puffers"), ()],
            family=["chairs", "tools"],
            name=["One", "Two"],
        )
    )
    devices = DEVICES.iloc[:3].assign(
        device_type=types["device_type"].tolist()[:1] + types["device_type"].tolist(), notes=pd.NA
    )
    devices["maker"] = [pd.NA, pd.NA, "Zzyzx Works"]
    made = Catalogue(
        CATALOGUE.package, {**CATALOGUE.tables, "device_types": types, "devices": devices}
    )
    made.tables["evidence"] = made.tables["evidence"].iloc[:0]
    index = FacetIndex(made)
    family = CATALOGUE.package["device_types"]["family"].labels["chairs"]
    for words, rows in {
        "BOOTS": [0, 1],
        "puffers wobble": [0, 1],
        family: [0, 1],
        "zzyzx": [2],
        "two": [2],
    }.items():
        assert sorted(index.ask(DeviceQuery(text=words)).rows.tolist()) == rows, words


def test_order_puts_not_stated_last_both_ways(index):
    for descending in (False, True):
        rows = index.ask(DeviceQuery(sort="weight_kg", descending=descending)).rows
        weights = DEVICES["weight_kg"].to_numpy()[rows]
        stated = weights[~np.isnan(weights)]
        assert np.isnan(weights[len(stated) :]).all()
        assert (np.diff(stated) <= 0).all() if descending else (np.diff(stated) >= 0).all()


def test_order_of_labels_is_alphabetical(index):
    rows = index.ask(DeviceQuery(sort="device_type")).rows
    names = [
        CATALOGUE.names("device_types")[key].casefold() for key in DEVICES["device_type"].iloc[rows]
    ]
    assert names == sorted(names)


def test_conditions_sort_down_and_hide_nothing(index):
    answer = index.ask(DeviceQuery(conditions=("diabetes",)))
    assert answer.total == len(DEVICES)
    order = {"contraindicated": 3, "ask_clinician": 2, "caution": 1}
    ranks = []
    for position in answer.rows:
        its_cautions = cautions_for(
            CATALOGUE, CATALOGUE.device_subjects(DEVICES["device_id"].iloc[position]), ["diabetes"]
        )
        ranks.append(max((order[caution.severity] for caution in its_cautions), default=0))
    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[-1] == 3


@pytest.fixture
def pages_of_products():
    """An index of more products than a page holds."""
    number = PAGE_SIZE * 2 // len(DEVICES) + 1
    return FacetIndex(CATALOGUE, pd.concat([DEVICES] * number, ignore_index=True))


def test_paging_covers_every_row_once(pages_of_products):
    index = pages_of_products
    first = index.ask(DeviceQuery())
    pages = [index.ask(DeviceQuery(page=page)).page_rows for page in range(1, first.pages + 1)]
    assert np.concatenate(pages).tolist() == first.rows.tolist()
    assert {len(page) for page in pages[:-1]} == {PAGE_SIZE}


def test_a_page_beyond_the_last_is_the_last(pages_of_products):
    answer = pages_of_products.ask(DeviceQuery(page=999))
    assert answer.page == answer.pages == math.ceil(answer.of / PAGE_SIZE) > 1


def test_an_empty_table_can_be_asked():
    answer = FacetIndex(CATALOGUE, DEVICES.iloc[:0]).ask(
        DeviceQuery(filters=(("heat", Choice(("yes",))),), conditions=("diabetes",))
    )
    assert (answer.total, answer.of, answer.pages) == (0, 0, 1)
