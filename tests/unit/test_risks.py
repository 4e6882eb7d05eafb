import pytest

from legwise.answers.risk_factors import (
    EVERY,
    LARGEST,
    MOST_RATIOS,
    RATIOS,
    chosen_ratios,
    circulation_risks,
    effects,
    on_outcome,
    outcomes,
    risk_frame,
)
from legwise.charts.risk_factors import caution_matrix, flow, forest_plot, prevalence_bars
from legwise.charts.theme import inert
from legwise.rules.cautions import (
    cautions_by_subject,
    cautions_for,
    conditions,
    severities,
    worst,
)
from legwise.tables.catalogue import Catalogue
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject
from legwise.text.units import counted
from tests.tables import number_of


def test_forest_plot_draws_every_ratio_with_its_interval_null_results_too(catalogue):
    chart = forest_plot(catalogue)
    rows = [
        row
        for row in catalogue.records("risk_effects")
        if row["effect_measure"] in RATIOS and is_stated(row["estimate"])
    ]
    marks = [trace for trace in chart.figure.data if trace.showlegend is False]
    assert sorted(x for trace in marks for x in trace.x) == sorted(row["estimate"] for row in rows)
    widths = sorted(width for trace in marks for width in trace.error_x.array if width)
    assert widths == pytest.approx(
        sorted(row["ci_high"] - row["estimate"] for row in rows if is_stated(row["ci_high"]))
    )
    assert any(row["direction"] == "no_link" for row in rows)
    assert {trace.marker.size for trace in chart.figure.data} == {10}
    assert len(chart.table) == len(rows)
    # The legend has each measure, filled, and what an open mark means.
    legend = {trace.name: trace.marker.symbol for trace in chart.figure.data if trace not in marks}
    measures = {row["effect_measure"] for row in rows}
    assert set(legend) == {*measures, "interval not stated"}
    assert [name for name, symbol in legend.items() if symbol.endswith("-open")] == [
        "interval not stated"
    ]
    # What is noted on a result stands below the pointer and in the table.
    notes = {row["note"] for row in rows if is_stated(row["note"])}
    assert set(chart.table["Noted"]) - {""} == notes
    told = "".join(text for trace in marks for text in trace.hovertext)
    assert all(f"Noted: {inert(note)}" in told for note in notes)


def test_results_without_a_ratio_follow_the_outcome_that_is_asked_for(catalogue):
    _, words = effects(catalogue)
    assert on_outcome(words, LARGEST) == on_outcome(words, EVERY) == words
    for outcome in {row["outcome"] for row in words}:
        chosen = on_outcome(words, outcome)
        assert 0 < len(chosen) < len(words)
        assert {row["outcome"] for row in chosen} == {outcome}
    notes = {name: forest_plot(catalogue, outcome=name).note for name in outcomes(catalogue)}
    for outcome, note in notes.items():
        number = len(on_outcome(words, outcome))
        told = f"; {counted(number, 'result')} not given as one ratio in the table below. "
        assert told in note if number else "not given" not in note
    assert len({"not given" in note for note in notes.values()}) == 2


def test_effects_that_are_words_stay_out_of_the_plot_and_are_not_lost(catalogue):
    drawn, words = effects(catalogue)
    assert len(drawn) + len(words) == number_of("risk_effects")
    assert any(row["estimate_text"] for row in words)


def test_forest_plot_of_a_factor_without_ratios_is_none(catalogue):
    assert forest_plot(catalogue, ["pacemaker"]) is None


def test_prevalence_names_the_population_of_every_share(catalogue):
    table = prevalence_bars(catalogue).table
    assert len(table) == catalogue["risk_factors"]["prevalence_pct"].notna().sum()
    assert table["Among"].map(bool).all()


def with_cells(catalogue, table, row, **cells):
    """The tables with other cells in one row."""
    frame = catalogue[table]
    for name, cell in cells.items():
        frame.loc[row, name] = cell
    return Catalogue(catalogue.package, {**catalogue.tables, table: frame})


@pytest.mark.parametrize("share", [0, 4, 47.7, 80, 100])
def test_the_axis_of_shares_holds_the_largest_and_is_no_longer_than_needed(catalogue, share):
    frame = catalogue["risk_factors"]
    frame["prevalence_pct"] = frame["prevalence_pct"].where(frame["prevalence_pct"].isna(), share)
    made = Catalogue(catalogue.package, {**catalogue.tables, "risk_factors": frame})
    low, high = prevalence_bars(made).figure.layout.xaxis.range
    assert low == 0
    assert share < high <= max(5, share * 1.1 + 5)


@pytest.mark.parametrize(
    ("low", "middle", "high"), [(0.004, 0.5, 2), (0.9, 60, 700), (0.6, 1, 1.4), (0.0001, 1, 30_000)]
)
def test_the_axis_of_ratios_holds_every_estimate_and_interval(catalogue, low, middle, high):
    row = (
        catalogue["risk_effects"]
        .query("effect_measure == 'odds ratio' and ci_low.notna()")
        .index[0]
    )
    made = with_cells(catalogue, "risk_effects", row, estimate=middle, ci_low=low, ci_high=high)
    axis = forest_plot(made, [made["risk_effects"]["risk_factor"][row]]).figure.layout.xaxis
    start, end = (10**edge for edge in axis.range)
    assert start < min(axis.tickvals) <= low
    assert high <= max(axis.tickvals) < end
    assert 1 in axis.tickvals
    assert list(axis.ticktext) == [f"{tick:g}" for tick in axis.tickvals]
    assert 2 < len(axis.tickvals) < 16


def test_flow_and_its_table_hold_the_same_ways(catalogue):
    for key in {row["risk_factor"] for row in catalogue.records("risk_factor_symptoms")}:
        chart = flow(catalogue, key)
        symptoms = {
            row["symptom"]
            for row in catalogue.records("risk_factor_symptoms")
            if row["risk_factor"] == key
        }
        link = chart.figure.data[0].link
        ways = sum(bool(label) for label in link.label)
        assert len(link.source) == len(symptoms) + ways
        assert len(chart.table) == ways + (chart.table["What studies found"] == "").sum()
    brings = {row["risk_factor"] for row in catalogue.records("risk_factor_symptoms")}
    without = next(key for key in catalogue.keys("risk_factors") if key not in brings)
    assert flow(catalogue, without) is None


def test_matrix_equals_the_cautions_cell_by_cell(catalogue):
    chosen = list(conditions(catalogue))
    chart = caution_matrix(catalogue, chosen)
    table, grid = chart.table.set_index("Condition"), chart.figure.data[0]
    names, order = catalogue.names("risk_factors"), [*reversed(list(severities(catalogue)))]
    for column, (key, name) in enumerate(catalogue.names("device_types").items()):
        for line, condition in enumerate(chosen):
            cautions = cautions_for(catalogue, [("device_type", key)], [condition])
            assert grid.z[line][column] == order.index(worst(cautions))
            labels = [caution.label for caution in cautions] or ["– Nothing recorded"]
            assert table.loc[names[condition], name] == "; ".join(labels)
            assert grid.customdata[line][column] == "<br>".join(labels)
            signs = {label.split(" ")[0] for label in labels}
            bars = [caution.limits for caution in cautions if caution.label.startswith("×")]
            in_part = bool(bars) and all(bars)
            assert grid.text[line][column] in ({"(×)"} if in_part else signs)
    assert "(×) contraindicated in part" in chart.note


def test_no_condition_is_a_row_of_nothing(catalogue):
    table = caution_matrix(catalogue, list(conditions(catalogue))).table.set_index("Condition")
    assert not table.apply(lambda row: row.str.endswith("Nothing recorded").all(), axis=1).any()


def test_cautions_by_subject_are_those_of_each_subject(catalogue):
    for chosen in (None, [], list(conditions(catalogue))[:4]):
        grouped = cautions_by_subject(catalogue, chosen)
        for subject in {*map(Subject.of, catalogue.records("cautions"))}:
            expected = cautions_for(catalogue, [subject], chosen)
            assert grouped.get(subject, ()) == expected


def test_ratios_are_those_of_one_outcome_or_the_farthest_from_1_or_all(catalogue):
    ratios, _ = effects(catalogue)
    for outcome, number in outcomes(catalogue).items():
        chosen = chosen_ratios(ratios, outcome)
        assert {row["outcome"] for row in chosen} == {outcome}
        assert len(chosen) == number
    assert chosen_ratios(ratios, EVERY) == ratios
    made = [{"outcome": "", "estimate": 1 + position / 100} for position in range(MOST_RATIOS)]
    less, equal = {"outcome": "", "estimate": 0.1}, {"outcome": "", "estimate": 1.0}
    largest = chosen_ratios([equal, *made, less], LARGEST)
    assert len(largest) == MOST_RATIOS
    assert largest[0] == less
    assert equal not in largest


def test_table_of_risk_factors_narrows_by_kind_change_and_article(catalogue):
    everyone = circulation_risks(catalogue)
    assert len(everyone) == (catalogue["risk_factors"]["role"] == "circulation").sum()
    assert (
        len(circulation_risks(catalogue, in_article=True))
        == number_of("risk_factors", in_seed_article="yes", role="circulation")
        > 0
    )
    changed = circulation_risks(catalogue, ["lifestyle"], ["yes"])
    assert {row["name"] for row in changed} >= {"Smoking", "Prolonged sitting"}
    two = circulation_risks(catalogue, only=["smoking", "diabetes"])
    assert list(risk_frame(catalogue, two)["Risk factor"]) == ["Diabetes", "Smoking"]
