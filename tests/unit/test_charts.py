import itertools
import json
import subprocess
import sys

from legwise.charts import PALETTES, cell_mark, evidence_map, evidence_map_frame
from legwise.evidence import subjects, verdicts
from tests.conftest import ROOT


def test_map_and_table_twin_show_the_same_cells(catalogue):
    figure, table = evidence_map(catalogue), evidence_map_frame(catalogue)
    heat = figure.data[0]
    assert list(heat.y) == list(table["Subject"])
    names = list(catalogue.names("symptoms").values())
    assert list(heat.x) == names
    for line, (_, row) in zip(heat.customdata, table.iterrows(), strict=True):
        assert list(line) == [row[name] for name in names]


def test_every_cell_of_the_map_has_its_mark(catalogue):
    figure = evidence_map(catalogue)
    marks = dict(zip(zip(figure.data[1].y, figure.data[1].x, strict=True), figure.data[1].text, strict=True))
    cells = verdicts(catalogue)
    names = catalogue.names("symptoms")
    assert len(marks) == len(cells)
    for (kind, subject, symptom), cell in cells.items():
        assert marks[catalogue.subject_label(kind, subject), names[symptom]] == cell_mark(cell)


def test_compact_map_leaves_techniques_out(catalogue):
    shown = list(evidence_map(catalogue, compact=True).data[0].y)
    assert shown == [catalogue.subject_label(kind, key) for kind, key in subjects(catalogue) if kind == "device_type"]


def test_a_figure_does_not_depend_on_streamlit_being_imported():
    code = (
        "{first}; from legwise.catalogue import load_catalogue; from legwise.charts import evidence_map; "
        "print(evidence_map(load_catalogue(), 'dark').to_json())"
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
