"""How far the data can be trusted: what is stated at all, and random rows to check."""

from __future__ import annotations

import random

import pandas as pd

from legwise.facets.tallies import Every, Has, States, states_fact, tallies
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import Field, Table
from legwise.tables.stated import is_stated
from legwise.text.cells import format_cell

#: Columns for the reader of a sample to fill in.
TO_FILL_IN = ("verdict", "what", "proposed_fix", "seen_at")


def audit_frame(catalogue: Catalogue) -> pd.DataFrame:
    """Return the table of audits: date, table, rows read, and how many agree or not."""
    table = catalogue.package["audits"]
    titles = {other.name: other.title for other in catalogue.package.tables}
    shown = [field for field in table.fields if field.name in ("date", "table") or field.is_numeric]
    frame = catalogue["audits"][[field.name for field in shown]]
    frame = frame.assign(table=[titles.get(name, "All tables") for name in frame["table"]])
    return frame.set_axis([field.title for field in shown], axis=1)


def stated_shares(catalogue: Catalogue) -> pd.DataFrame:
    """Return the percentage of products that state each fact, one row per type with products."""
    table = catalogue.package["devices"]
    names = catalogue.names("device_types")
    groups = tallies(catalogue).tally(
        ("device_type",), [states_fact(table, item) for item in table.facts]
    )
    rows = [
        [names[key], of, *(round(100 * number / of) for number in stated)]
        for key in names
        if (key,) in groups
        for of, *stated in [groups[key,]]
    ]
    return pd.DataFrame(rows, columns=["Type", "Products", *(f.heading for f in table.facts)])


def gaps(catalogue: Catalogue) -> tuple[str, ...]:
    """Say for which types and features no product states a price, largest groups first."""
    table, names = catalogue.package["devices"], catalogue.names("device_types")
    asked = [
        (fact, feature) for fact in table.fields if fact.dated_by for feature in table.features
    ]
    having = [Has(feature.name, (True,)) for _, feature in asked]
    stating = [
        Every((has, States(fact.name))) for has, (fact, _) in zip(having, asked, strict=True)
    ]
    groups = tallies(catalogue).tally(("device_type",), [*having, *stating])
    lines: list[tuple[int, str]] = []
    for position, (fact, feature) in enumerate(asked, 1):
        for device_type in sorted(names):
            numbers = groups.get((device_type,), (0,) * (1 + 2 * len(asked)))
            number, stated = numbers[position], numbers[position + len(asked)]
            if number > 1 and not stated:
                name = f"{names[device_type]}, {feature.noun} yes"
                lines.append((number, f"{name}: none of {number:,} products states a {fact.noun}."))
    return tuple(line for _, line in sorted(lines, key=lambda line: -line[0]))


def sample(catalogue: Catalogue, number: int, seed: int) -> pd.DataFrame:
    """Draw rows that name a source, at random from all tables, for a reader to check.

    Columns are what the row says, its sources, and :data:`TO_FILL_IN`.

    Raises:
        ValueError: there are not as many rows.
    """
    tables = [
        table
        for table in catalogue.package.tables
        if not table.bookkeeping and table.name != "sources"
    ]
    rows = [
        (table, key) for table in tables if _sources_of(table) for key in catalogue.keys(table.name)
    ]
    if not 0 < number <= len(rows):
        raise ValueError(f"{number} rows cannot be drawn; there are {len(rows)} that name a source")
    drawn = random.Random(seed).sample(rows, number)  # noqa: S311 (chance, not secrecy)
    lines = [
        [
            table.name,
            key,
            _text(catalogue, table, catalogue.row(table.name, key)),
            _citations(catalogue, table, key),
        ]
        for table, key in drawn
    ]
    frame = pd.DataFrame(lines, columns=["table", "row_id", "what_the_row_says", "sources"])
    return frame.assign(**dict.fromkeys(TO_FILL_IN, ""))


def _sources_of(table: Table) -> list[Field]:
    return [
        field
        for field in table.fields
        if field.references == "sources" or field.name == "source_url"
    ]


def _text(catalogue: Catalogue, table: Table, row: Record) -> str:
    cited = _sources_of(table)
    lines = []
    for field in table.fields:
        cell = row[field.name]
        if field in cited or not is_stated(cell):
            continue
        text = (
            catalogue.subject_label(row[field.subject_of], cell)
            if field.subject_of
            else format_cell(field, cell)
        )
        lines.append(f"{field.title}: {text}")
    return "\n".join(lines)


def _citations(catalogue: Catalogue, table: Table, key: str) -> str:
    row = catalogue.row(table.name, key)
    lines: dict[str, None] = {}
    for field in _sources_of(table):
        cell = row[field.name]
        if not is_stated(cell):
            continue
        if field.references != "sources":
            lines[str(cell)] = None
            continue
        for source in catalogue.sources(cell if field.is_list else (cell,)):
            seen = f", seen at {source.seen_url}" if source.seen_url != source.link else ""
            lines[f"{source.citation}: {source.link}{seen}"] = None
    return "\n".join(lines)
