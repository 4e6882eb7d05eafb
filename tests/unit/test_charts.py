import itertools
import json
import subprocess
import sys

from legwise.charts.base import PALETTES
from legwise.charts.devices import feature_by_type, share_stated, two_numbers
from legwise.charts.evidence import cell_mark, evidence_map
from legwise.evidence import subjects, verdicts
from tests.conftest import ROOT


def test_map_and_table_twin_show_the_same_cells(catalogue):
    chart = evidence_map(catalogue)
    table, heat = chart.table, chart.figure.data[0]
    assert list(heat.y) == list(table["Subject"])
    names = list(catalogue.names("symptoms").values())
    assert list(heat.x) == names
    for line, (_, row) in zip(heat.customdata, table.iterrows(), strict=True):
        assert list(line) == [row[name] for name in names]


def test_every_cell_of_the_map_has_its_mark(catalogue):
    figure = evidence_map(catalogue).figure
    marks = dict(zip(zip(figure.data[1].y, figure.data[1].x, strict=True), figure.data[1].text, strict=True))
    cells = verdicts(catalogue)
    names = catalogue.names("symptoms")
    assert len(marks) == len(cells)
    for (kind, subject, symptom), cell in cells.items():
        assert marks[catalogue.subject_label(kind, subject), names[symptom]] == cell_mark(cell)


def test_compact_map_leaves_techniques_out(catalogue):
    shown = list(evidence_map(catalogue, compact=True).figure.data[0].y)
    assert shown == [catalogue.subject_label(kind, key) for kind, key in subjects(catalogue) if kind == "device_type"]


def test_a_figure_does_not_depend_on_streamlit_being_imported():
    code = (
        "{first}; from legwise.catalogue import load_catalogue; from legwise.charts.evidence import evidence_map; "
        "print(evidence_map(load_catalogue(), 'dark').figure.to_json())"
    )
    spec = [
        json.loads(
            subprocess.run([sys.executable, "-c", code.format(first=first)], cwd=ROOT, check=True, capture_output=True).stdout
        )
        for first in ("pass", "import streamlit")
    ]
    assert spec[0] == spec[1]


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
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
    assert chart.table["yes"].sum() == (devices["heat"] == True).sum()  # noqa: E712


def test_scatter_draws_every_device_that_states_both_and_says_who_is_left_out(catalogue):
    devices, table = catalogue["devices"], catalogue.package["devices"]
    chart = two_numbers(catalogue, devices, table["pressure_min_mmhg"], table["pressure_max_mmhg"])
    both = (devices["pressure_min_mmhg"].notna() & devices["pressure_max_mmhg"].notna()).sum()
    assert sum(len(trace.x) for trace in chart.figure.data) == len(chart.table) == both
    assert chart.note.startswith(f"{both} devices state both; {len(devices) - both} do not")


def test_scatter_of_nothing_is_an_empty_figure_with_its_note(catalogue):
    table = catalogue.package["devices"]
    chart = two_numbers(catalogue, catalogue["devices"].iloc[:0], table["weight_kg"], table["price_usd"])
    assert chart.note.startswith("0 devices state both")


def test_share_stated_equals_a_plain_count(catalogue):
    devices = catalogue["devices"]
    table = share_stated(catalogue, devices).table.set_index("Column")
    assert table.loc["Heat", "Stated by"] == devices["heat"].notna().sum()
    assert table.loc["Techniques", "Stated by"] == devices["techniques"].map(bool).sum()
