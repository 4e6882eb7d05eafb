"""The check of a list finds what an independent validator finds."""

from __future__ import annotations

from frictionless import Resource, Schema

from benchmarks.catalogue import draw_list
from benchmarks.checking import WHOLE_ROW, plant, schema, told_by_frictionless, told_by_legwise
from legwise.cli import main
from tests.packages import small


def test_frictionless_finds_the_same_planted_faults(tmp_path, capsys):
    drawn = draw_list(small(), 400)
    content, planted = plant(drawn, small(), every=3)
    (tmp_path / "list.csv").write_bytes(content)
    columns = {column for _, column in planted}
    assert {WHOLE_ROW, "device_id", "weight_kg", "heat", "remote_kind"} <= columns
    assert main(["check", str(tmp_path / "list.csv")]) == 1
    assert told_by_legwise(capsys.readouterr().out) == planted
    described = Schema.from_descriptor(schema(drawn.column_names, small()))
    file = Resource(path="list.csv", basepath=str(tmp_path), schema=described)
    assert told_by_frictionless(file.validate(limit_errors=10_000).to_json()) == planted
