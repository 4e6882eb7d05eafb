"""A long list of devices: texts that repeat come as categories, and ids are found without a
dictionary of them.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from legwise.answers.devices import FacetIndex, shown_devices
from legwise.answers.names import search_devices
from legwise.answers.profiles import fact_groups, price_range
from legwise.answers.query import DeviceQuery
from legwise.answers.side_by_side import compare
from legwise.answers.similar import similar_devices
from legwise.charts.devices import feature_table, number_by_type, number_table
from legwise.explore.relations import load_relation
from legwise.explore.state import ExploreState, settle
from legwise.explore.view import look
from legwise.rules.shortlist import Wish, rank_device_types
from legwise.tables.catalogue import Catalogue
from legwise.tables.keys import Keys
from tests.unit.test_view import hold_equal, run_scripts


@pytest.fixture(scope="module")
def coded(catalogue: Catalogue) -> Catalogue:
    """The small package, with the texts of its devices as categories."""
    devices = catalogue["devices"]
    texts = {
        name: devices[name].astype("category") for name in devices if devices[name].dtype == "str"
    }
    return Catalogue(catalogue.package, {**catalogue.tables, "devices": devices.assign(**texts)})


def answers(catalogue: Catalogue) -> dict[str, object]:
    """Return what pages ask of the list, as values that can be compared."""
    index, table = FacetIndex(catalogue), catalogue.package["devices"]
    keys = list(catalogue.keys("devices"))
    frame, fields = catalogue["devices"], [table[name] for name in table.listed]
    queries = (
        DeviceQuery(),
        DeviceQuery(text="foot"),
        DeviceQuery(sort="brand"),
        DeviceQuery(conditions=("diabetes",)),
    )
    numbers = [field for field in table.fields if field.is_numeric]
    views = [
        ExploreState("devices", group=("device_type", "heat")),
        ExploreState("devices", group=("body_areas",)),
        ExploreState("devices"),
        ExploreState("devices_with_types", group=("family",)),
        ExploreState("devices_by_symptom", group=("symptom", "direction")),
    ]
    relations = {state.relation: load_relation(catalogue, state.relation) for state in views}
    return {
        "rows": [index.ask(query).rows.tolist() for query in queries],
        "counts": [str(dict(index.ask(query).counts)) for query in queries],
        "names": [catalogue.device_name(key) for key in keys],
        "rows of the table": [dict(catalogue.row("devices", key)) for key in keys],
        "search": search_devices(catalogue, "foot"),
        "listed": shown_devices(catalogue, keys, fields).frame.to_dict("list"),
        "facts": [fact_groups(catalogue, key) for key in keys],
        "prices": [price_range(catalogue, key) for key in catalogue.keys("device_types")],
        "similar": [similar_devices(catalogue, key) for key in keys],
        "compared": compare(catalogue, [("device", key) for key in keys[:3]]).frame().to_dict(),
        "compared types": compare(
            catalogue, [("type", key) for key in catalogue.keys("device_types")]
        )
        .frame()
        .to_dict(),
        "shortlist": rank_device_types(
            catalogue, Wish(("swelling",), ("diabetes",), ("heat",), 100.0, areas=("calf",))
        ),
        "charts": [number_table(catalogue, frame, item).to_dict("list") for item in numbers],
        "features": feature_table(catalogue, frame, table["heat"]).to_dict("list"),
        "views": [
            look(relations[state.relation], settle(state, relations[state.relation]))
            .texts()
            .to_dict("list")
            for state in views
        ],
    }


@pytest.mark.slow
def test_categories_and_texts_give_the_same_answers(catalogue: Catalogue, coded: Catalogue) -> None:
    with_texts, with_categories = answers(catalogue), answers(coded)
    for part, expected in with_texts.items():
        # By their text: a number that is missing does not equal itself.
        assert str(with_categories[part]) == str(expected), part


def test_keys_know_their_positions_and_nothing_else() -> None:
    cells = pd.Series([f"device-{number}" for number in range(1000)], dtype="str")
    keys = Keys(cells)
    assert [keys[key] for key in cells] == list(range(1000))
    assert list(keys) == cells.tolist()
    assert len(keys) == 1000
    assert "device-7" in keys
    assert "device-1000" not in keys
    with pytest.raises(KeyError):
        keys["device-1000"]


def test_a_row_of_a_long_table_is_as_one_of_a_short_table(
    catalogue: Catalogue, coded: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("legwise.tables.catalogue.MOST_RECORDS", 0)
    long = Catalogue(coded.package, coded.tables)
    for key in catalogue.keys("devices"):
        assert str(dict(long.row("devices", key))) == str(dict(catalogue.row("devices", key)))


def test_a_join_of_a_long_list_is_of_some_products_and_says_so(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("relations", "reading", "view"):
        monkeypatch.setattr(f"legwise.explore.{module}.MOST_JOINED", 5)
    relation = load_relation(catalogue, "devices_by_symptom")
    assert relation.frame["device_id"].nunique() == 5
    assert len(relation.frame) == 5 * len(catalogue["symptoms"])
    view = look(relation, settle(ExploreState(relation.name, group=("symptom",)), relation))
    assert any("5 of 12 products" in note for note in view.notes)
    assert ".sample(5, random_state=" in view.code


def test_charts_of_a_long_list_draw_some_devices_and_say_so(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("legwise.charts.devices.MOST_POINTS", 1)
    field = catalogue.package["devices"]["price_usd"]
    chart = number_by_type(catalogue, catalogue["devices"], field)
    assert len(chart.table) == 1
    assert "of them are drawn, chosen at random" in chart.note


@pytest.mark.slow
def test_a_chart_of_single_rows_draws_some_of_a_long_list_and_its_code_the_same(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    relation = load_relation(catalogue, "devices")
    state = settle(ExploreState("devices", chart="strip", x="weight_kg", y="device_type"), relation)
    monkeypatch.setattr("legwise.explore.matching.MOST_DRAWN", 4)
    view = look(relation, state)
    assert len(view.table) == 4
    assert any("4 of 12 rows are shown" in note for note in view.notes)
    (made,) = run_scripts(tmp_path, [view.code])
    hold_equal(view, made)
