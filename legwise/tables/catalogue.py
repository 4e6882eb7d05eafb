"""The loaded tables, which every question is asked of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd

from legwise.tables.checking import check_package
from legwise.tables.descriptor import read_package
from legwise.tables.keys import Keys
from legwise.tables.loading import DataError, to_typed
from legwise.tables.schema import Package, Table
from legwise.tables.sources import Source, read_source
from legwise.tables.stated import count_facts, is_stated
from legwise.tables.subjects import Subject
from legwise.tables.vocabularies import bind, row_names

#: A row as read-only cells by column name.
Record = Mapping[str, Any]
#: A table of findings, cautions or sources never comes near this; a shop's device list may.
MOST_RECORDS = 5_000
#: Rows of long tables that are kept as records, some kB each.
MOST_ROWS_KEPT = 2_000
#: Everyday words that a chooser shows behind a name; more would hide it.
MOST_WORDS = 3
T = TypeVar("T")


class Elsewhere(Collection[str], Protocol):
    """The ids of all devices, and what is asked by id, where the devices are not in memory."""

    def row(self, key: str) -> Record:
        """Return the row with that key, or raise ``KeyError``."""

    def stated(self, key: str) -> int:
        """Return how many facts the row states."""

    def shares_name(self, key: str) -> bool:
        """Whether another device has the same name."""

    def search(self, words: tuple[str, ...], most: int) -> tuple[list[str], int]:
        """Return ids of devices whose names have every word, and how many do."""

    def page(self, start: int, stop: int) -> pd.DataFrame:
        """Return the rows from ``start`` to before ``stop``, in the order of their ids."""

    def type_parts(self) -> dict[str, frozenset[Subject]]:
        """Return type → the techniques and features that devices of it have."""

    def best(self, of: Any, parts: Mapping[str, Any], most: int) -> dict[str, list[str]]:
        """Return condition → ids of the devices, among others, that state most facts."""

    def closest(
        self, of: Any, alike: Sequence[Any], differs: Sequence[Any], most: int
    ) -> pd.DataFrame:
        """Return the devices with most alike, then with fewest differences, then by name."""

    @property
    def tallies(self) -> object:
        """What counts all devices: see :mod:`legwise.facets.tallies`."""

    def index(self, table: Table) -> object:
        """Return what filters all devices, by the facets of a table: an ``IndexElsewhere``."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The typed tables of one package.

    ``catalogue["devices"]`` is the frame of a table, in file order, with the columns of the
    descriptor (see :func:`legwise.tables.loading.to_typed` for their types). One catalogue serves
    every visitor: it hands out copy-on-write frames and read-only rows, so that no change to them
    reaches anyone else.
    """

    package: Package
    tables: dict[str, pd.DataFrame]
    #: Tables that are not those of the folder, and what names their content.
    replaced: frozenset[str] = frozenset()
    content: str = ""
    #: Where the devices are, if the frame holds only some of them, drawn for charts.
    elsewhere: Elsewhere | None = None
    #: Devices that share their name with one that is not among these.
    namesakes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        # Bind the names of referenced rows once, as the vocabulary of the columns that name them.
        object.__setattr__(self, "package", bind(self.package, self.tables))
        _ = self._kept_positions  # made now: its lock is one for all who ask

    def once(self, make: Callable[[Catalogue], T]) -> T:
        """Return ``make(self)``, made at the first call: it follows from these tables alone.

        It lives as long as the tables, and is the same object for all: it must not be changed.
        """
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[no-any-return]  # what make returns

    @cached_property
    def _made(self) -> dict[Callable[[Catalogue], Any], Any]:
        return {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name].copy(deep=False)

    @cached_property
    def version(self) -> str:
        """Version of the data, as shown and exported."""
        package = self.package
        files = data_version(package.directory, [table.path for table in package.tables])
        return f"{files}-{self.content}" if self.content else files

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return {
            table.name: dict(
                zip(self[table.name][table.key], self[table.name][table.label_field], strict=True)
            )
            for table in self.package.tables
            if table.label_field
        }

    @cached_property
    def _kept_positions(self) -> tuple[Lock, dict[str, Mapping[str, int] | Keys]]:
        return Lock(), {}

    def _positions(self, table: str) -> Mapping[str, int] | Keys:
        """Return the position of each id of a table, noted when it is first asked for.

        Under a lock: visitors who come at once would each note those of a million rows.
        """
        lock, kept = self._kept_positions
        with lock:
            if table not in kept:
                cells = self.tables[table][self.package[table].key]
                kept[table] = (
                    Keys(cells)
                    if len(cells) > MOST_RECORDS
                    else {key: row for row, key in enumerate(cells)}
                )
            return kept[table]

    @cached_property
    def _records(self) -> dict[str, tuple[Record, ...]]:
        return {}

    def records(self, table: str) -> tuple[Record, ...]:
        """Return the rows of a small table (not devices), in file order.

        Raises:
            KeyError: the table is large, and stays a frame.
        """
        # Reading a row from a frame is slow, and a page reads hundreds.
        if table not in self._records:
            if len(self.tables[table]) > MOST_RECORDS:
                raise KeyError(table)
            rows = self.tables[table].to_dict("records")
            self._records[table] = tuple(map(_record, rows))
        return self._records[table]

    def keys(self, table: str) -> Collection[str]:
        """Return the ids of a table, in file order."""
        if self.elsewhere is not None and table == "devices":
            return self.elsewhere
        positions = self._positions(table)
        return positions if isinstance(positions, Keys) else positions.keys()

    def keys_at(self, table: str, rows: np.ndarray) -> list[str]:
        """Return the ids of the rows at those positions."""
        return list(self.tables[table][self.package[table].key].array.take(rows).tolist())

    def size(self, table: str) -> int:
        """Return how many rows a table has."""
        if self.elsewhere is not None and table == "devices":
            return len(self.elsewhere)
        return len(self.tables[table])

    def rows(self, table: str, some: slice) -> pd.DataFrame:
        """Return some rows of a table, typed, in file order."""
        if self.elsewhere is not None and table == "devices":
            start, stop, _ = some.indices(len(self.elsewhere))
            return self.elsewhere.page(start, stop)
        return self.tables[table].iloc[some]

    @property
    def drawn(self) -> tuple[int, int]:
        """How many devices are at hand, and of how many; fewer where they are in a database."""
        return len(self.tables["devices"]), self.size("devices")

    @property
    def is_whole(self) -> bool:
        """Whether all devices are at hand, so that a file can hold them."""
        drawn, of = self.drawn
        return drawn == of

    def row(self, table: str, key: str) -> Record:
        """Return the row with that key.

        Raises:
            KeyError: no such row.
        """
        if self.elsewhere is not None and table == "devices":
            return self.elsewhere.row(key)
        position = self._positions(table)[key]
        if len(self.tables[table]) <= MOST_RECORDS:
            return self.records(table)[position]
        return self._long_row(table, position)

    @cached_property
    def _long_row(self) -> Callable[[str, int], Record]:
        """Read a row of a long table; a page asks for the same ones again and again."""

        @lru_cache(MOST_ROWS_KEPT)
        def read(table: str, position: int) -> Record:
            # A row of a frame would first become a column of objects: cell by cell is much faster.
            columns = self._columns[table].items()
            return _record({name: _plain(cells[position]) for name, cells in columns})

        return read

    @cached_property
    def _columns(self) -> dict[str, dict[str, Any]]:
        return {
            table: {str(name): cells.array for name, cells in frame.items()}
            for table, frame in self.tables.items()
        }

    def names(self, table: str) -> dict[str, str]:
        """Return id → name, in file order, of a table that has a label column."""
        return dict(self._names[table])

    def choices(self, table: str) -> dict[str, str]:
        """Return id → label for a chooser: the name, then everyday words.

        A chooser searches its labels only.
        """
        return dict(self._choices[table])

    @cached_property
    def _choices(self) -> dict[str, dict[str, str]]:
        return {
            table.name: {
                item.value: " · ".join([item.label, *filter(None, [", ".join(words)])])
                for item, words in zip(
                    row_names(table, self.tables[table.name]),
                    (row["also_called"][:MOST_WORDS] for row in self.records(table.name)),
                    strict=True,
                )
            }
            for table in self.package.tables
            if table.label_field and "also_called" in table.by_name
        }

    def subject_label(self, kind: str, subject: str) -> str:
        """Return the name of a subject of evidence, cautions or regulation."""
        devices = self.package["devices"]
        if kind == "feature":
            return devices[subject].title
        return devices["device_type" if kind == "device_type" else "techniques"].labels[subject]

    @cached_property
    def _shared_names(self) -> np.ndarray:
        """A mask of the products that share their name with another."""
        named = self.tables["devices"][list(self.package["devices"].named_by)]
        return named.duplicated(keep=False).to_numpy()

    def device_name(self, device: str) -> str:
        """Return brand and model of a product, with its id if another product shares the name."""
        row = self.row("devices", device)
        cells = [row[name] for name in self.package["devices"].named_by]
        parts = tuple(cell if is_stated(cell) else "" for cell in cells)
        name = " ".join(filter(None, parts))
        return f"{name} ({device})" if self.shares_name(device) else name

    def shares_name(self, device: str) -> bool:
        """Whether another product has the same name."""
        if self.elsewhere is not None:
            return self.elsewhere.shares_name(device)
        position = self._positions("devices")[device]
        return device in self.namesakes or bool(self._shared_names[position])

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """Ids of the types that are methods, such as massage by hand, in file order."""
        types = self.records("device_types")
        return tuple(row["device_type"] for row in types if row["kind"] == "method")

    def device_subjects(self, device: str) -> tuple[Subject, ...]:
        """Return the subjects from which a product inherits evidence and cautions.

        First its type (direct), then its techniques and the features it states (indirect).
        """
        row = self.row("devices", device)
        return (
            Subject.type(row["device_type"]),
            *(Subject("technique", technique) for technique in row["techniques"]),
            *(
                Subject("feature", item.name)
                for item in self.package["devices"].features
                if row[item.name] is True
            ),
        )

    def type_parts(self, device_type: str) -> frozenset[Subject]:
        """Return the techniques and features that products of a type have."""
        if self.elsewhere is not None:
            return self.elsewhere.type_parts().get(device_type, frozenset())
        return self._type_parts.get(device_type, frozenset())

    @cached_property
    def _type_parts(self) -> dict[str, frozenset[Subject]]:
        devices = self.tables["devices"]
        parts: dict[str, set[Subject]] = {}
        pairs = devices[["device_type", "techniques"]].drop_duplicates()
        for device_type, techniques in pairs.itertuples(index=False, name=None):
            parts.setdefault(device_type, set()).update(
                Subject("technique", technique) for technique in techniques
            )
        for item in self.package["devices"].features:
            for device_type in devices.loc[
                devices[item.name].fillna(False), "device_type"
            ].unique():
                parts[device_type].add(Subject("feature", item.name))
        return {device_type: frozenset(its) for device_type, its in parts.items()}

    def stated(self, table: Table, key: str) -> tuple[int, int]:
        """Return how many facts the row states, and how many it could.

        What follows from its kind is not counted.
        """
        if self.elsewhere is not None and table.name == "devices":
            return self.elsewhere.stated(key), len(table.facts)
        return int(self.facts_stated(table)[self._positions(table.name)[key]]), len(table.facts)

    def facts_stated(self, table: Table) -> np.ndarray:
        """Return how many facts each row states, counted as in :meth:`stated`."""
        return self._facts_stated[table.name]

    @cached_property
    def _facts_stated(self) -> dict[str, np.ndarray]:
        return {
            table.name: count_facts(table, self.tables[table.name]) for table in self.package.tables
        }

    @cached_property
    def _sources(self) -> dict[str, Source]:
        table = self.package["sources"]
        return {row[table.key]: read_source(row, table) for row in self.records("sources")}

    def sources(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """Return the sources with those ids, in that order."""
        return tuple(self._sources[source] for source in ids)

    def works(self, ids: Iterable[str]) -> int:
        """Return the number of works among those sources; a copy counts as its original."""
        return len({source.copy_of or source.source_id for source in self.sources(ids)})


def _plain(cell: Any) -> Any:
    """Return a cell as ``to_dict`` does: numbers of Python, no special value for missing ones."""
    return None if cell is pd.NA else cell.item() if isinstance(cell, np.generic) else cell


def _record(row: Mapping[Any, Any]) -> Record:
    return MappingProxyType(dict(row))


def data_version(folder: Path, files: Iterable[str]) -> str:
    """Return the version of the data: the first 12 hex digits of the SHA-256 of its files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update((folder / file).read_bytes())
    return digest.hexdigest()[:12]


def load_catalogue(directory: Path | str | None = None) -> Catalogue:
    """Read, check and type every table of the package in ``directory`` (default: the shipped data).

    Raises:
        SchemaError: the folder or its descriptor cannot be read.
        DataError: the tables have faults; all are listed. Tolerable ones, such as a byte order mark
            or Windows line ends, do not stop the loading.
    """
    package = read_package(directory)
    report, raws = check_package(package)
    faults = tuple(problem for problem in report.problems if not problem.tolerable)
    if faults:
        raise DataError(faults)
    return Catalogue(package, {name: to_typed(raw) for name, raw in raws.items()})
