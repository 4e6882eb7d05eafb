from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.side_by_side import compare
from legwise.text.units import convert, counted


def test_metric_values_and_other_units_are_never_touched():
    assert convert(115.9, "kg", "metric") == (115.9, "kg")
    assert convert(40.0, "mmHg", "imperial") == (40.0, "mmHg")


def test_known_values():
    assert convert(1.0, "kg", "imperial") == (2.2, "lb")
    assert convert(115.9, "kg", "imperial") == (256.0, "lb")
    assert convert(2.54, "cm", "imperial") == (1.0, "in")


@given(st.floats(0.01, 1000))
def test_rounding_loses_less_than_one_per_cent(value):
    converted, _ = convert(value, "kg", "imperial")
    assert abs(converted * 0.45359237 - value) <= 0.01 * value


def test_a_comparison_speaks_one_system(catalogue):
    comparison = compare(
        catalogue,
        [("device", "hyperice-normatec-3"), ("type", "shiatsu_foot_calf")],
        system="imperial",
    )
    weights = next(
        row for group in comparison.groups for row in group.rows if row.name == "weight_kg"
    )
    assert weights.cells[0].text == "3.2 lb"
    assert (weights.cells[0].value, weights.cells[0].unit) == (3.2, "lb")
    assert " lb" in weights.cells[1].text


def test_one_thing_is_counted_without_an_s():
    assert [counted(number, "fault") for number in (0, 1, 2, 12345)] == [
        "0 faults",
        "1 fault",
        "2 faults",
        "12,345 faults",
    ]
