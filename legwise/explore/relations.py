"""What can be explored: every table of the package and a few named joins, as relations.

A relation is a frame with declared columns. A column has the filter declared, else one that follows
from its type and vocabulary. So all relations are indexed, filtered, grouped and drawn alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from legwise.facets.index import IndexElsewhere, TableIndex
from legwise.intake.conversion import FEW_ROWS
from legwise.rules.verdicts import devices_by_symptom
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Category, Field, Join, Package, Table, within_sentence

#: The only join with a computed right side.
VERDICTS = "verdicts"
#: Most products that are joined with every symptom: of more, so many are drawn, in words on screen.
MOST_JOINED = 20_000
#: Of that draw, so that everyone sees the same products.
SEED = 20261129
#: A column with more values than this is not what rows are counted by at first.
FEW_GROUPS = 15


@dataclass(frozen=True, eq=False)
class Relation:
    """A table or join: ``table`` declares its columns, ``frame`` holds its typed rows.

    Of a table in a database, the frame may hold some rows, drawn at random: what can be asked of
    it (which columns tell something) follows from those, what is counted does not.
    """

    catalogue: Catalogue
    table: Table
    frame: pd.DataFrame
    join: Join | None = None
    #: Number of rows of the left table, if the join is of a sample of them.
    drawn_from: int = 0

    @property
    def name(self) -> str:
        """Name of the relation in links."""
        return self.table.name

    @property
    def rows_of(self) -> str:
        """Name of the table whose ids its rows have."""
        return self.join.table if self.join else self.name

    @property
    def chance(self) -> str:
        """Say that its devices were drawn from those of a database, if they were not all taken."""
        drawn, of = self.catalogue.drawn
        if drawn == of or not (self.join and self.join.table == "devices"):
            return ""
        return f"; devices are {drawn:,} drawn at random from {of:,}"

    @cached_property
    def index(self) -> TableIndex | IndexElsewhere:
        """Index for filters and counts: of all rows, also where the frame holds some of them."""
        elsewhere = self.catalogue.elsewhere
        if self.name != "devices" or elsewhere is None or self.catalogue.is_whole:
            return TableIndex(self.table, self.frame)
        return cast(IndexElsewhere, elsewhere.index(self.table))

    def subject_labels(self, field: Field) -> dict[tuple[str, str], str]:
        """Return (kind, subject) → label of the subjects here: two kinds can share an id."""
        return _subjects(self.catalogue, self.frame, field)

    @cached_property
    def groupable(self) -> tuple[Field, ...]:
        """Columns to group or colour by: few values, numbers or dates."""
        return tuple(field for field in self.table.fields if field.filter or field.type == "date")

    def stated(self, name: str) -> np.ndarray:
        """Return a boolean per row: does it state the column?"""
        cells = self.frame[name]
        return (cells.astype(bool) if self.table[name].is_list else cells.notna()).to_numpy(
            dtype=bool
        )

    @cached_property
    def share_stated(self) -> dict[str, float]:
        """Column → share of the rows that state it."""
        size = max(1, len(self.frame))
        return {
            field.name: np.count_nonzero(self.stated(field.name)) / size
            for field in self.table.fields
        }

    @cached_property
    def different(self) -> dict[str, int]:
        """Column to group by → how many different cells it states; lists are left out."""
        return {
            field.name: int(self.frame[field.name].nunique())
            for field in self.groupable
            if not field.is_list
        }

    @cached_property
    def usual_group(self) -> tuple[str, ...]:
        """The most telling column to count rows by, if there is one: many values, not too many."""
        best, most = "", 0
        for field in self.groupable:
            if field.filter in ("choice", "yes_no") and not field.is_list:
                present = self.different[field.name]
                if most < present <= FEW_GROUPS:
                    best, most = field.name, present
        return (best,) if best else ()

    @cached_property
    def numeric(self) -> tuple[Field, ...]:
        """Columns of numbers."""
        return tuple(field for field in self.table.fields if field.is_numeric)


def relation_names(package: Package) -> dict[str, str]:
    """Return name → title of all relations: tables first, then joins."""
    tables = {table.name: table.title for table in package.tables}
    return tables | {join.name: join.title for join in package.joins}


def load_relation(catalogue: Catalogue, name: str) -> Relation:
    """Build the relation of that name.

    Raises:
        KeyError: there is no table or join of that name.
    """
    package = catalogue.package
    join = next((item for item in package.joins if item.name == name), None)
    if join is None:
        table = package[name]
        frame = catalogue[name]
        return Relation(catalogue, _with_filters(catalogue, table, table.fields, frame), frame)
    return join_relation(catalogue, join)


def join_relation(catalogue: Catalogue, join: Join) -> Relation:
    """Build the relation of a join."""
    package = catalogue.package
    left = package[join.table]
    whole = replace(left, name=join.name, title=join.title, description=join.description)
    if join.join == VERDICTS:
        frame = _verdict_frame(catalogue)
        fields = (*left.fields, *join.fields)
        size = len(catalogue.tables[left.name])
        drawn_from = size if size > MOST_JOINED else 0
        bound = _with_filters(catalogue, whole, fields, frame)
        return Relation(catalogue, bound, frame, join, drawn_from)
    right = package[join.join]
    frame = _looked_up(catalogue[left.name], catalogue[right.name], join.on, f"_{right.name}")
    fields = (*left.fields, *_right_fields(left, right, join))
    return Relation(catalogue, _with_filters(catalogue, whole, fields, frame), frame, join)


def _looked_up(frame: pd.DataFrame, rows: pd.DataFrame, on: str, suffix: str) -> pd.DataFrame:
    """Return a frame with the columns of the rows whose id it states: a left join by a key.

    ``merge`` would copy every column of the frame: with a million rows, all it takes in memory.
    """
    if len(frame) > FEW_ROWS:
        texts = [name for name in rows if rows[name].dtype == "str" and name != on]
        rows = rows.astype(dict.fromkeys(texts, "category"))
    added = rows.set_index(on).reindex(frame[on].array)
    added.index = frame.index
    names = {name: f"{name}{suffix}" for name in added if name in frame}
    return pd.concat([frame, added.rename(columns=names)], axis=1)


def _subjects(
    catalogue: Catalogue, frame: pd.DataFrame, field: Field
) -> dict[tuple[str, str], str]:
    pairs = frame[[field.subject_of, field.name]].drop_duplicates()
    return {
        (kind, subject): catalogue.subject_label(kind, subject)
        for kind, subject in sorted(pairs.itertuples(index=False, name=None))
    }


def _with_filters(
    catalogue: Catalogue, table: Table, fields: tuple[Field, ...], frame: pd.DataFrame
) -> Table:
    return replace(
        table, fields=tuple(_with_filter(_bound(catalogue, field, frame)) for field in fields)
    )


def _bound(catalogue: Catalogue, field: Field, frame: pd.DataFrame) -> Field:
    """Return the field with the names of the subjects in the frame as its vocabulary."""
    if not field.subject_of:
        return field
    words: dict[str, list[str]] = {}
    for (_, subject), label in _subjects(catalogue, frame, field).items():
        words.setdefault(subject, []).append(label)
    return replace(
        field,
        categories=tuple(
            Category(subject, " / ".join(dict.fromkeys(labels)))
            for subject, labels in words.items()
        ),
    )


def _with_filter(field: Field) -> Field:
    """Return the field with its declared filter, else with one that fits its type and words."""
    if field.filter or field.items_are_fields:
        return field
    if field.type == "boolean":
        return replace(field, filter="yes_no")
    if field.is_numeric or field.type == "date":
        return replace(field, filter="range")
    if field.subject_of or field.labels:
        return replace(field, filter="choice")
    return field


def _right_fields(left: Table, right: Table, join: Join) -> Iterator[Field]:
    """Yield the columns that the joined table adds; the label of the joined column has its name."""
    titles = {field.title for field in left.fields}
    for field in right.fields:
        if field.name in (join.on, right.label_field):
            continue
        name = f"{field.name}_{right.name}" if field.name in left.by_name else field.name
        title = (
            f"{field.title} ({within_sentence(right.title)})"
            if field.title in titles
            else field.title
        )
        yield replace(field, name=name, title=title, required=False, unique=False)


def _verdict_frame(catalogue: Catalogue) -> pd.DataFrame:
    """Return device × symptom with the verdict on the device's type, typed like tables."""
    devices = catalogue["devices"]
    if len(devices) > MOST_JOINED:
        devices = devices.sample(MOST_JOINED, random_state=SEED)
    others = [catalogue[name] for name in ("symptoms", "evidence", "claims")]
    frame = devices_by_symptom(devices.reset_index(drop=True), *others)
    works = [tuple(works) if isinstance(works, list) else () for works in frame["finding_sources"]]
    frame["finding_sources"] = pd.Series(works, frame.index, dtype="object")
    texts = dict.fromkeys(("state", "direction", "tier"), "str")
    return frame.astype({**texts, "studies": "Int64"})
