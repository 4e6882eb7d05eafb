"""Measures the check of a list beside frictionless: the same planted faults found, and how long it takes.

Both run as commands on the same file in one run. The faults are of the kinds that both can know:
``legwise check`` also knows units, currencies and what must hold between cells.
``make bench-catalogue`` writes the result into ``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.catalogue import SEED, draw_list
from benchmarks.pages import put_section
from legwise.tables.catalogue import Catalogue, load_catalogue
from legwise.tables.schema import Field

#: A row as a spreadsheet counts, and a column, or this for a row that is too short or too long.
Fault = tuple[int, str]
WHOLE_ROW = ""
#: Kinds of faults that both know, as each names them.
OURS = (
    "not a number",
    "not a whole number",
    "neither yes nor no",
    "out of range",
    "unknown word",
    "wrong form",
    "id there before",
    "row of another length",
)
LENGTHS = ("missing-cell", "extra-cell")


def plant(drawn: pa.Table, catalogue: Catalogue, every: int) -> tuple[bytes, set[Fault]]:
    """Write a list as CSV with a fault in one of ``every`` rows; return the faults, too."""
    chance = np.random.default_rng(SEED)
    fields = [catalogue.package["devices"][name] for name in drawn.column_names]
    kinds = [(field, text) for field in fields for text in _wrong(field)]
    columns = [column.to_pylist() for column in drawn.columns]
    text, faults = io.StringIO(), set()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(drawn.column_names)
    for number, cells in enumerate(zip(*columns, strict=True)):
        row = ["" if cell is None else cell for cell in cells]
        if number and not chance.integers(every):
            kind = int(chance.integers(len(kinds) + 3))
            if kind < len(kinds):
                field, wrong = kinds[kind]
                row[fields.index(field)] = wrong
                faults.add((number + 2, field.name))
            elif kind == len(kinds):
                key = catalogue.package["devices"].key
                row[drawn.column_names.index(key)] = columns[drawn.column_names.index(key)][0]
                faults.add((number + 2, key))
            else:
                row = row[:-2] if kind == len(kinds) + 1 else [*row, "more"]
                faults.add((number + 2, WHOLE_ROW))
        writer.writerow(row)
    return text.getvalue().encode(), faults


def _wrong(field: Field) -> list[str]:
    """Return a cell of each kind that the field does not allow."""
    if field.is_list:
        return []
    if field.type == "boolean":
        return ["perhaps"]
    if field.is_numeric:
        wrong = ["a lot"]
        if field.minimum is not None:
            wrong.append(str(int(field.minimum) - 5))
        return [*wrong, "12.5"] if field.type == "integer" else wrong
    if field.categories or field.references:
        return ["zzzz"]
    return ["no such form"] if field.pattern.startswith(("^http", r"^\d")) else []


def schema(names: Iterable[str], catalogue: Catalogue) -> dict[str, Any]:
    """Return the schema of the columns for frictionless, vocabularies included."""
    table = catalogue.package["devices"]
    fields: list[dict[str, Any]] = []
    for field in (table[name] for name in names):
        limits: dict[str, Any] = {
            "minimum": field.minimum,
            "maximum": field.maximum,
            "pattern": field.pattern or None,
            "enum": None if field.is_list else list(_vocabulary(field, catalogue)) or None,
            "unique": True if field.name == table.key else None,
        }
        kept = {key: value for key, value in limits.items() if value is not None}
        made: dict[str, Any] = {
            "name": field.name,
            "type": "string" if field.is_list else field.type,
        }
        if field.type == "boolean":
            made |= {"trueValues": ["yes"], "falseValues": ["no"]}
        fields.append({**made, "constraints": kept})
    return {"fields": fields}


def _vocabulary(field: Field, catalogue: Catalogue) -> Iterable[str]:
    return catalogue.keys(field.references) if field.references else field.labels


def told_by_legwise(printed: str) -> set[Fault]:
    """Return the faults that ``legwise check`` printed, of the kinds that both know."""
    line = re.compile(rf"^row (\d+): (.*?): .*: (?:{'|'.join(OURS)}); allowed: ", re.MULTILINE)
    named = line.findall(printed)
    return {(int(row), WHOLE_ROW if column == "-" else column) for row, column in named}


def told_by_frictionless(printed: str) -> set[Fault]:
    """Return the faults in the report of ``frictionless validate --json``."""
    errors = [error for task in json.loads(printed)["tasks"] for error in task["errors"]]
    return {
        (error["rowNumber"], WHOLE_ROW if error["type"] in LENGTHS else error["fieldName"])
        for error in errors
    }


def commands(file: Path, described: Path, most: int) -> dict[str, list[str]]:
    """Return the command of each, run in the folder of a file and its schema.

    frictionless takes no path to elsewhere.
    """
    folder = Path(sys.executable).parent
    theirs = [str(folder / "frictionless"), "validate", file.name, "--json"]
    return {
        "legwise check": [str(folder / "legwise"), "check", file.name],
        "frictionless validate": [
            *theirs,
            *("--schema", described.name, "--limit-errors", str(most)),
        ],
    }


def run(words: list[str], folder: str) -> tuple[str, float, float]:
    """Run a command; return what it printed, its seconds, and its seconds of CPU."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    printed = subprocess.run(words, cwd=folder, capture_output=True, text=True).stdout
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return printed, seconds, cpu


def main() -> None:
    """Plant faults, let both find them, and write down how long each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    catalogue = load_catalogue()
    drawn = draw_list(catalogue, options.rows)
    content, planted = plant(drawn, catalogue, 20)
    rows, taken = [], []
    with tempfile.TemporaryDirectory() as name:
        file, short = Path(name) / "devices.csv", Path(name) / "short.csv"
        described = Path(name) / "schema.json"
        file.write_bytes(content)
        short.write_bytes(b"\n".join(content.splitlines()[:2]))
        described.write_text(json.dumps(schema(drawn.column_names, catalogue)), encoding="utf-8")
        for (command, words), told in zip(
            commands(file, described, options.rows).items(),
            (told_by_legwise, told_by_frictionless),
            strict=True,
        ):
            _, _, start = run([short.name if word == file.name else word for word in words], name)
            printed, seconds, cpu = run(words, name)
            seen = told(printed)
            taken.append((seconds, cpu, cpu - start))
            rows.append(
                f"| `{command}` | {seconds:.1f} | {cpu:.1f} | {cpu - start:.1f} "
                f"| {len(planted & seen):,} | {len(seen - planted):,} |"
            )
    times = [theirs / ours for ours, theirs in zip(*taken, strict=True)]
    lines = [
        "# The check of a list",
        "",
        f"Made by `make bench-catalogue`: {options.rows:,} rows × {len(drawn.column_names)} columns "
        f"with {len(planted):,} planted faults of the kinds that both know, both as commands.",
        "",
        "| command | seconds | CPU s | CPU s without the start | planted faults found | others |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        f"`frictionless validate` takes {times[0]:.1f} times as long, {times[1]:.1f} times the CPU, "
        f"and without the start of both {times[2]:.1f} times.",
    ]
    print("\n".join(lines))
    put_section("checking", lines)


if __name__ == "__main__":
    main()
