"""What whoever runs a database should know of a table: ids that stand twice, indexes that help."""

from __future__ import annotations

import ibis
from ibis import _

from legwise.database.opening import Opened
from legwise.intake.mapping import Mapping
from legwise.text.units import counted

#: Ids that are named of those that stand in several rows.
NAMED = 5
ABOUT_INDEXES = (
    "Indexes that would help to open a device, to order a list, and to narrow it to few rows "
    "(counts of many rows read the table all the same):"
)


def doubled_ids(opened: Opened) -> tuple[str, ...]:
    """Say which ids stand in several rows, and how many rows have none; empty if all is well."""
    rows = opened.database.source.select(k=opened.key)
    missing = int(opened.ask(rows.filter(rows["k"].isnull()).aggregate(n=_.count()))[0][0])
    several = rows.filter(rows["k"].notnull()).group_by("k").aggregate(n=_.count())
    several = several.filter(several["n"] > 1)
    total = int(opened.ask(several.aggregate(n=_.count()))[0][0])
    lines = []
    if missing:
        lines.append(f"{counted(missing, 'row')} without an id: they have no page.")
    if total:
        first = opened.ask(several.order_by([ibis.desc("n"), "k"]).limit(NAMED))
        names = ", ".join(f"{key!r} ({number} times)" for key, number in first)
        more = ", …" if total > NAMED else ""
        verb = "stands" if total == 1 else "stand"
        lines.append(
            f"{counted(total, 'id')} {verb} in several rows: {names}{more}. Each row is counted "
            "and listed, but they share one page, which shows one of them."
        )
    return tuple(lines)


def index_advice(opened: Opened, mapping: Mapping) -> tuple[str, ...]:
    """Return the commands that make indexes for what is asked most, if the database has use of any.

    A device is asked for by its id. Lists are ordered by numbers, and narrowed by them. Counts of
    all rows read the whole table: no index helps there.
    """
    database = opened.database
    known = database.indexed()
    if known is None:
        return ()
    fields = opened.devices.package["devices"]
    asked = [
        *(item.name for item in fields.facets if item.filter == "range"),
        *(item.name for item in fields.facets if item.quick),
    ]
    wanted = [mapping.column_of(fields.key), *map(mapping.column_of, asked)]
    return tuple(
        database.index_command(column)
        for column in dict.fromkeys(filter(None, wanted))
        if column not in known
    )
