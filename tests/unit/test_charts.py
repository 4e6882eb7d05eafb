import itertools
import json
import subprocess
import sys

import pandas as pd
import pytest

from legwise.answers.side_by_side import compare
from legwise.charts.comparison import evidence_strip, number_dots
from legwise.charts.devices import draw_stated, feature_by_type, share_stated, two_numbers
from legwise.charts.evidence import evidence_map
from legwise.charts.risk_factors import caution_matrix, flow, forest_plot, prevalence_bars
from legwise.charts.studies import bubble_map, study_charts, symptom_bars
from legwise.charts.theme import PALETTES, ink_on
from legwise.rules.verdicts import verdicts
from legwise.rules.wording import GLYPHS
from legwise.tables.catalogue import Catalogue
from legwise.tables.stated import is_stated
from tests.conftest import ROOT


def test_map_and_table_twin_name_the_same_rows_and_columns(catalogue):
    chart = evidence_map(catalogue)
    labels = [text for text in chart.figure.layout.yaxis.ticktext if not text.startswith("<b>")]
    assert sorted(labels) == sorted(chart.table["Subject"])
    assert list(chart.figure.layout.xaxis.ticktext) == list(chart.table.columns[1:])
    assert len(chart.figure.data[2].text) == len(chart.table) * (len(chart.table.columns) - 1)


def test_claimed_cells_are_hatched(catalogue):
    claimed = sum(cell.state == "claimed" for cell in verdicts(catalogue).values())
    assert len(evidence_map(catalogue).figure.data[1].x) == claimed * 9


@pytest.mark.slow
def test_a_figure_does_not_depend_on_streamlit_being_imported():
    # Imports the charts and draws, once before and once after Streamlit is imported.
    code = """
import sys
def draw():
    for name in [name for name in sys.modules if name.partition(".")[0] == "legwise"]:
        del sys.modules[name]
    from legwise.charts.evidence import evidence_map
    from legwise.tables.catalogue import load_catalogue
    print(evidence_map(load_catalogue(), "dark").figure.to_json())
draw()
assert "streamlit" not in sys.modules
import streamlit
draw()
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    without, with_it = map(json.loads, done.stdout.splitlines())
    assert without == with_it


def luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_marks_are_readable_on_their_cells_in_both_themes():
    for palette in PALETTES.values():
        pairs = [
            *zip(palette.on_tiers, palette.tiers, strict=True),
            (palette.text, palette.claimed),
            (palette.text, palette.searched),
        ]
        assert all(contrast(ink, ground) >= 4.5 for ink, ground in pairs)


def test_numbers_in_bars_are_readable_on_every_colour_of_a_category():
    for palette in PALETTES.values():
        for colour in (*palette.kinds, palette.states[2]):
            assert contrast(ink_on(colour), colour) >= 4.5, colour


def test_tiers_differ_in_lightness_in_order():
    for palette in PALETTES.values():
        steps = [contrast(tier, palette.page) for tier in palette.tiers]
        assert steps == sorted(steps, reverse=True)
        assert all(one / other > 1.5 for one, other in itertools.pairwise(steps))


def test_feature_chart_shows_what_its_table_says_not_stated_included(catalogue):
    devices = catalogue["devices"]
    chart = feature_by_type(catalogue, devices, catalogue.package["devices"]["heat"])
    for trace, state in zip(chart.figure.data, ["yes", "no", "not stated"], strict=True):
        assert list(trace.x) == chart.table[state].tolist()
    assert chart.table[["yes", "no", "not stated"]].to_numpy().sum() == len(devices)
    assert chart.table["yes"].sum() == devices["heat"].sum()


def test_scatter_draws_every_device_that_states_both_and_says_who_is_left_out(catalogue):
    devices, table = catalogue["devices"], catalogue.package["devices"]
    chart = two_numbers(catalogue, devices, table["pressure_min_mmhg"], table["pressure_max_mmhg"])
    both = (devices["pressure_min_mmhg"].notna() & devices["pressure_max_mmhg"].notna()).sum()
    assert sum(len(trace.x) for trace in chart.figure.data) == len(chart.table) == both
    assert chart.note.startswith(f"{both} devices state both; {len(devices) - both} do not")


def test_scatter_marks_products_that_were_read_in_a_round_up(catalogue):
    table = catalogue.package["devices"]
    devices = (
        catalogue["devices"]
        .iloc[:2]
        .assign(weight_kg=1.0, price_usd=1.0, recalled=None, provenance=["direct", "roundup"])
    )
    made = Catalogue(catalogue.package, {**catalogue.tables, "devices": devices})
    chart = two_numbers(made, made["devices"], table["weight_kg"], table["price_usd"])
    mark = f" ! {table['provenance'].labels['roundup']}"
    assert [name.endswith(mark) for name in chart.table["Device"]] == [False, True]
    assert sorted(text for trace in chart.figure.data for text in trace.text) == sorted(
        chart.table["Device"]
    )


def test_scatter_of_nothing_is_an_empty_figure_with_its_note(catalogue):
    table = catalogue.package["devices"]
    chart = two_numbers(
        catalogue, catalogue["devices"].iloc[:0], table["weight_kg"], table["price_usd"]
    )
    assert chart.note.startswith("0 devices state both")


def test_share_stated_equals_a_plain_count(catalogue):
    devices = catalogue["devices"]
    table = share_stated(catalogue, devices).table.set_index("Column")
    assert table.loc["Heat", "Stated by"] == devices["heat"].notna().sum()
    assert table.loc["Techniques", "Stated by"] == devices["techniques"].map(bool).sum()


#: Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB.
DEFICIENCIES = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "greyscale": ((0.2126, 0.7152, 0.0722),) * 3,
}


def simulated_luminance(colour, matrix):
    linear = []
    for start in (1, 3, 5):
        part = int(colour[start : start + 2], 16) / 255
        linear.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    red, green, blue = (
        min(1, max(0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in matrix
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", DEFICIENCIES)
@pytest.mark.parametrize("scheme", PALETTES)
def test_tiers_stay_apart_and_in_order_under_colour_vision_deficiencies(name, scheme):
    palette = PALETTES[scheme]
    levels = [simulated_luminance(tier, DEFICIENCIES[name]) + 0.05 for tier in palette.tiers]
    ratios = [max(one, other) / min(one, other) for one, other in itertools.pairwise(levels)]
    assert all(ratio >= 1.7 for ratio in ratios), ratios
    assert levels == sorted(levels, reverse=scheme == "dark")


def test_directions_are_told_by_glyphs_that_differ():
    assert len(set(GLYPHS.values())) == 5


def test_names_that_look_like_numbers_are_names():
    counts = {"Column": ["34", "35", "36"], "Stated by": [3, 2, 1], "Share": [1.0, 0.67, 0.33]}
    axis = draw_stated(pd.DataFrame(counts), 3, "light").layout.yaxis
    # The first is at the top, half a place below the end of the axis.
    assert (axis.type, axis.range) == ("category", (2.5, -0.5))


def test_bars_of_a_symptom_hold_every_finding_with_a_level(catalogue):
    findings = catalogue.records("evidence")
    for symptom in catalogue.keys("symptoms"):
        chart = symptom_bars(catalogue, findings, symptom)
        rated = [row for row in findings if row["symptom"] == symptom and is_stated(row["level"])]
        assert chart.table["Findings"].sum() == len(rated)
        assert sum(sum(trace.x) for trace in chart.figure.data) == len(rated)
        for trace in chart.figure.data:
            if "Benefit" in trace.name:
                assert all(base >= 0 for base in trace.base)


def test_study_charts_count_works_once(catalogue):
    findings = catalogue.records("evidence")
    works = {row["source_id"] for row in findings if is_stated(row["level"])}
    charts = study_charts(catalogue, findings)
    assert charts["Studies by year"].table["Studies"].sum() == len(works)
    assert charts["Studies by the people they were tried on"].note.endswith(
        "with a disease of leg veins, arteries or lymph."
    )


def test_bubbles_show_the_number_of_studies_of_each_cell(catalogue):
    table = bubble_map(catalogue, catalogue.records("evidence")).table
    names = catalogue.names("symptoms")
    expected = {
        (catalogue.subject_label(kind, subject), names[symptom]): cell.studies
        for (kind, subject, symptom), cell in verdicts(catalogue).items()
        if cell.studies
    }
    assert {(row.Subject, row.Symptom): row.Studies for row in table.itertuples()} == expected


def test_markup_in_the_tables_is_shown_literally_in_every_figure(catalogue):
    """Plotly draws some tags and links in its texts: none may come from the tables."""
    evil = "<a href='https://e.org'>x</a><b>"
    tables = {name: frame.copy() for name, frame in catalogue.tables.items()}
    for table, column in (
        ("devices", "brand"),
        ("device_types", "name"),
        ("symptoms", "name"),
        ("risk_factors", "name"),
        ("risk_factors", "prevalence_population"),
        ("risk_effects", "comparison"),
        ("risk_effects", "population"),
        ("risk_effects", "outcome"),
        ("cautions", "limits"),
    ):
        tables[table][column] = tables[table][column].astype("str") + evil
    hostile = Catalogue(catalogue.package, tables)
    devices, fields = hostile["devices"], hostile.package["devices"]
    whole = compare(
        hostile,
        [("device", key) for key in devices.query("pressure_max_mmhg.notna()")["device_id"][:2]],
    )
    charts = [
        evidence_map(hostile),
        bubble_map(hostile, hostile.records("evidence")),
        symptom_bars(hostile, hostile.records("evidence"), "swelling"),
        feature_by_type(hostile, devices, fields["heat"]),
        two_numbers(hostile, devices, fields["pressure_min_mmhg"], fields["pressure_max_mmhg"]),
        number_dots(hostile, whole),
        evidence_strip(hostile, whole),
        forest_plot(hostile),
        prevalence_bars(hostile),
        flow(hostile, "diabetes"),
        caution_matrix(hostile, ["diabetes"]),
    ]
    for chart in charts:
        spec = chart.figure.to_json()
        assert "<a href" not in spec.replace("\\u003c", "<"), chart.alt
