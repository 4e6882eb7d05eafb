"""The tables that figures are drawn from, each counted a second time in a plain way."""

from collections import Counter

import pandas as pd
import pytest

from legwise.answers.risk_factors import effects
from legwise.answers.side_by_side import compare
from legwise.charts.comparison import number_table
from legwise.charts.devices import feature_table, number_pairs, stated_table
from legwise.charts.evidence import STEPS, draw_verdicts, verdict_table
from legwise.charts.grid import crossed, headed_lines, heat_map, matrix
from legwise.charts.risk_factors import caution_table, flow_table, forest_table, prevalence_table
from legwise.charts.studies import draw_symptom, finding_rows, symptom_table, work_table
from legwise.rules.cautions import conditions
from legwise.rules.verdicts import subjects, verdicts
from legwise.rules.wording import TIER_WORDS
from legwise.tables.stated import is_stated
from tests.tables import on_disk

CELLS = pd.DataFrame(
    {
        "y": [0, 0, 1, 1],
        "x": [0, 1, 0, 1],
        "Row": ["Z", "Z", "A", "A"],
        "Column": ["Z", "A", "Z", "A"],
        "value": [1, 2, 3, 4],
    }
)


def test_cells_are_crossed_in_their_order_and_not_by_name():
    wide = crossed(CELLS, "Row", "Column", "value")
    assert list(wide.columns) == ["Row", "Z", "A"]
    assert wide.to_numpy().tolist() == [["Z", 1, 2], ["A", 3, 4]]
    assert matrix(CELLS, "value") == [[1, 2], [3, 4]]


def test_rows_of_one_name_stay_two_rows():
    wide = crossed(CELLS.assign(Row="Same"), "Row", "Column", "value")
    assert wide["Row"].tolist() == ["Same", "Same"]


def test_a_heading_takes_a_line_and_an_empty_one_takes_none():
    lines, axis = headed_lines(pd.Series(["", "One", "One", "Two"]), "abcd")
    assert lines.tolist() == [0, 2, 3, 5]
    assert axis["ticktext"] == ["a", "<b>One</b>", "b", "c", "<b>Two</b>", "d"]
    assert axis["tickvals"] == [0, 1, 2, 3, 4, 5]
    assert axis["range"] == [5.5, -0.5]


def test_each_step_of_a_heat_map_has_one_colour():
    cells = heat_map([[0, 1]], ["#000000", "#ffffff"])
    assert cells.colorscale == ((0, "#000000"), (0.5, "#000000"), (0.5, "#ffffff"), (1, "#ffffff"))
    assert (cells.zmin, cells.zmax) == (-0.5, 1.5)


def test_verdict_table_holds_the_verdict_of_every_cell(catalogue):
    rows = [("", catalogue.subject_label(*pair), *pair) for pair in subjects(catalogue)]
    table, cells = verdict_table(catalogue, rows), verdicts(catalogue)
    assert len(table) == len(cells)
    for row in table.to_dict("records"):
        cell = cells[row["subject_kind"], row["subject"], row["symptom"]]
        assert row["words"] == cell.words
        assert row["step"] == (f"tier{cell.tier}" if cell.tier else cell.state)


def test_map_colours_each_cell_by_its_step_below_its_heading(catalogue):
    pairs = subjects(catalogue)[:2]
    rows = [(heading, "x", *pair) for heading, pair in zip(("One", "Two"), pairs, strict=True)]
    table = verdict_table(catalogue, rows)
    heat = draw_verdicts(table, "light").data[0].z
    width = len(catalogue.keys("symptoms"))
    steps = [STEPS.index(step) for step in table["step"]]
    assert list(heat[0]) == list(heat[2]) == [None] * width
    assert [*heat[1], *heat[3]] == steps


@pytest.mark.parametrize("symptom", ["swelling", "pain"])
def test_symptom_table_counts_findings_by_subject_direction_and_kind(catalogue, symptom):
    evidence = catalogue.package["evidence"]
    expected = Counter(
        (
            catalogue.subject_label(row["subject_kind"], row["subject"]),
            evidence["direction"].labels[row["direction"]],
            TIER_WORDS[min(int(row["level"]), 3)],
        )
        for row in on_disk("evidence")
        if row["symptom"] == symptom and row["level"]
    )
    rows = finding_rows(catalogue, catalogue.records("evidence"))
    table = symptom_table(rows[rows["Symptom"] == catalogue.names("symptoms")[symptom]])
    by = ["Subject", "Direction", "Best kind of study", "Findings"]
    assert {(*key, number) for key, number in expected.items()} == set(
        table[by].itertuples(index=False, name=None)
    )


def test_parts_of_a_bar_touch_and_the_middle_is_in_the_middle():
    directions = ["harm", "no_difference", "mixed", "unclear", "benefit", "benefit"]
    kinds = [*TIER_WORDS.values()]
    table = pd.DataFrame(
        {
            "Subject": "Boots",
            "direction": pd.Categorical(
                directions, ["harm", "no_difference", "unclear", "mixed", "benefit"]
            ),
            "Direction": directions,
            "Best kind of study": pd.Categorical([*kinds, *kinds], kinds),
            "Findings": [1, 2, 3, 1, 4, 5],
        }
    )
    bars = draw_symptom(table, "light").data
    spans = sorted((bar.base[0], bar.base[0] + bar.x[0]) for bar in bars)
    assert spans == [(-5, -3), (-3, -2), (-2, -1), (-1, 2), (2, 6), (6, 11)]


@pytest.mark.parametrize(
    ("by", "column"), [("Design", "design"), ("People", "population_group"), ("Year", "year")]
)
def test_works_are_counted_once_per_group(catalogue, by, column):
    years = {row["source_id"]: row["year"] or "no year" for row in on_disk("sources")}
    labels = catalogue.package["evidence"][column].labels if column != "year" else {}
    works = {
        (labels.get(value, value), row["source_id"])
        for row in on_disk("evidence")
        if row["level"]
        for value in [years[row["source_id"]] if column == "year" else row[column]]
    }
    expected = Counter(group for group, _ in works)
    table = work_table(finding_rows(catalogue, catalogue.records("evidence")), by)
    assert dict(zip(table[by], table["Studies"], strict=True)) == expected
    order = [*labels.values()] or sorted(expected)
    assert table[by].tolist() == [group for group in order if group in expected]


def test_no_finding_gives_empty_tables(catalogue):
    rows = finding_rows(catalogue, [])
    assert symptom_table(rows).empty
    assert work_table(rows, "Design").empty
    assert not draw_symptom(symptom_table(rows), "light").data


def test_feature_table_counts_devices_of_each_type(catalogue):
    field = catalogue.package["devices"]["heat"]
    table = feature_table(catalogue, catalogue["devices"], field).set_index("Type")
    expected = Counter(
        (row["device_type"], row["heat"] or "not stated") for row in on_disk("devices")
    )
    for key, name in catalogue.names("device_types").items():
        counts = {state: expected[key, state] for state in ("yes", "no", "not stated")}
        assert counts == (
            table.loc[name].to_dict() if any(counts.values()) else dict.fromkeys(counts, 0)
        )


def test_pairs_hold_the_numbers_of_each_device(catalogue):
    fields = catalogue.package["devices"]
    x, y = fields["pressure_min_mmhg"], fields["pressure_max_mmhg"]
    devices = catalogue["devices"].dropna(subset=[x.name, y.name])
    table = number_pairs(catalogue, devices, x, y)
    rows = [row for row in on_disk("devices") if row[x.name] and row[y.name]]
    numbers = table[[x.heading, y.heading]].to_numpy().tolist()
    assert numbers == [[float(row[x.name]), float(row[y.name])] for row in rows]
    names = catalogue.names("device_types")
    assert table["Type"].tolist() == [names[row["device_type"]] for row in rows]


def test_stated_table_counts_cells_that_hold_something(catalogue):
    rows = on_disk("devices")
    table = stated_table(catalogue, catalogue["devices"]).set_index("Column")
    for field in catalogue.package["devices"].facts:
        stated = sum(bool(row[field.name]) for row in rows)
        assert table.loc[field.title, "Stated by"] == stated
        assert table.loc[field.title, "Share"] == stated / len(rows)


def test_number_table_spans_what_products_of_the_same_types_state(catalogue):
    by_type = {}
    for row in on_disk("devices"):
        if row["weight_kg"]:
            by_type.setdefault(row["device_type"], []).append(row)
    first, second = [rows for rows in by_type.values() if len(rows) > 1][:2]
    chosen = [first[0], second[0]]
    items = [("device", row["device_id"]) for row in chosen]
    table = number_table(catalogue, compare(catalogue, items))
    part = table[table["Attribute"] == catalogue.package["devices"]["weight_kg"].title]
    numbers = [float(row["weight_kg"]) for row in (*first, *second)]
    assert part["value"].tolist() == [float(row["weight_kg"]) for row in chosen]
    assert set(part["low"]) == {min(numbers)}
    assert set(part["high"]) == {max(numbers)}
    assert set(part["stated"]) == {len(numbers)}


def test_forest_table_keeps_every_ratio_and_sorts_by_outcome(catalogue):
    drawn, _ = effects(catalogue)
    table = forest_table(catalogue, drawn)
    names = catalogue.names("risk_factors")
    expected = [(row["outcome"], names[row["risk_factor"]], row["estimate"]) for row in drawn]
    assert [*zip(table["Outcome"], table["Risk factor"], table["estimate"], strict=True)] == sorted(
        expected
    )
    assert table["ci_low"].notna().sum() == sum(is_stated(row["ci_low"]) for row in drawn)


def test_shares_stand_largest_first_with_their_population(catalogue):
    rows = [row for row in on_disk("risk_factors") if row["prevalence_pct"]]
    rows.sort(key=lambda row: -float(row["prevalence_pct"]))
    table = prevalence_table(catalogue)
    assert table["Share"].tolist() == [float(row["prevalence_pct"]) for row in rows]
    assert table["Among"].tolist() == [row["prevalence_population"] for row in rows]


def test_flow_table_has_a_row_for_every_type_studied_and_for_symptoms_without(catalogue):
    names, types = catalogue.names("symptoms"), catalogue.names("device_types")
    studied = {
        (row["symptom"], row["subject"])
        for row in on_disk("evidence")
        if row["subject_kind"] == "device_type" and row["level"]
    }
    for key in catalogue.keys("risk_factors"):
        brings = [r["symptom"] for r in on_disk("risk_factor_symptoms") if r["risk_factor"] == key]
        expected = {
            (names[symptom], types[subject]) for symptom, subject in studied if symptom in brings
        }
        met = {name for name, _ in expected}
        expected |= {(names[s], "no type studied") for s in brings if names[s] not in met}
        table = flow_table(catalogue, key)
        assert expected == {*zip(table["Symptom"], table["Type studied for it"], strict=True)}
        assert len(table) == len(expected)


def test_caution_table_names_every_caution_of_each_pair(catalogue):
    chosen = list(conditions(catalogue))[:3]
    table = caution_table(catalogue, chosen)
    names = catalogue.names("risk_factors")
    recorded = Counter(
        (names[row["risk_factor"]], catalogue.subject_label(row["subject_kind"], row["subject"]))
        for row in on_disk("cautions")
        if row["risk_factor"] in chosen
    )
    for row in table.to_dict("records"):
        number = recorded[row["Condition"], row["Subject"]]
        assert len(row["cautions"]) == max(number, 1)
        assert (row["severity"] == "nothing_recorded") == (number == 0)
