"""The loaded tables and their joins: what every question is asked of."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from legwise.tables.checking import check_package
from legwise.tables.descriptor import read_package
from legwise.tables.loading import DataError, to_typed
from legwise.tables.schema import Field, Package, Table

#: A row as read-only cells by column name.
Record = Mapping[str, Any]
#: A table of findings, cautions or sources never comes near this; a shop's device list may.
MOST_RECORDS = 50_000
#: Columns that say what else a row is called: everyday words to search by.
CALLED = ("also_called", "family")
#: Everyday words that a chooser shows behind a name; more would hide it.
MOST_WORDS = 3


@dataclass(frozen=True)
class Source:
    """One work, ready to cite: its kind, title and the best link to it."""

    source_id: str
    kind: str
    kind_label: str
    title: str
    authors: str
    year: int | None
    container: str
    link: str
    seen_url: str
    note: str
    doi: str = ""
    author_list: tuple[str, ...] = ()
    #: The work that this one reprints or sums up, if it does.
    copy_of: str = ""

    @property
    def citation(self) -> str:
        """Authors, year, title and place in one line, as far as they are known."""
        who = f"{self.authors} " if self.authors else ""
        when = f"({self.year}). " if self.year else ""
        where = f". {self.container}" if self.container else ""
        return f"{who}{when}{self.title}{where}"


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The typed tables of one package.

    ``catalogue["devices"]`` is the frame of a table, in file order, with the columns of the descriptor
    (see :func:`legwise.tables.loading.to_typed` for their types). One catalogue serves every visitor: what it hands
    out are copy-on-write frames and read-only rows, so nobody's change reaches another.
    """

    package: Package
    tables: dict[str, pd.DataFrame]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name].copy(deep=False)

    @cached_property
    def version(self) -> str:
        """The data version shown and exported."""
        package = self.package
        return data_version(package.directory, [table.path for table in package.tables])

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
    def _told_apart(self) -> dict[str, dict[str, str]]:
        shared = {
            table: {name for name, number in Counter(names.values()).items() if number > 1}
            for table, names in self._names.items()
        }
        return {
            table: {
                key: f"{name} ({key})" if name in shared[table] else name
                for key, name in names.items()
            }
            for table, names in self._names.items()
        }

    @cached_property
    def _places(self) -> dict[str, dict[str, int]]:
        return {
            table.name: {key: place for place, key in enumerate(self.tables[table.name][table.key])}
            for table in self.package.tables
        }

    @cached_property
    def _records(self) -> dict[str, tuple[Record, ...]]:
        # Reading a row out of a frame is slow and a page reads hundreds; a large table stays a frame.
        return {
            name: tuple(_record(row) for row in frame.to_dict("records"))
            for name, frame in self.tables.items()
            if len(frame) <= MOST_RECORDS
        }

    def records(self, table: str) -> tuple[Record, ...]:
        """Return the rows of a small table (not devices), in file order."""
        return self._records[table]

    def keys(self, table: str) -> Collection[str]:
        """Ids of a table, in file order."""
        return self._places[table].keys()

    def keys_at(self, table: str, places: np.ndarray) -> list[str]:
        """Ids of the rows at those positions of a table."""
        return list(self.tables[table][self.package[table].key].iloc[places].tolist())

    def row(self, table: str, key: str) -> Record:
        """Cells of the row with that key.

        Raises:
            KeyError: no such row.
        """
        place = self._places[table][key]
        records = self._records.get(table)
        return records[place] if records else _record(self.tables[table].iloc[place].to_dict())

    def names(self, table: str) -> dict[str, str]:
        """Id → name for people, in file order, of a table that has a label column."""
        return dict(self._names[table])

    def labels(self, field: Field) -> dict[str, str]:
        """Value → label of a field: its vocabulary, or the names of the table it refers to; else empty.

        Rows of that table that share a name are told apart by their ids.
        """
        return (
            dict(self._told_apart[field.references])
            if field.references in self._names
            else dict(field.labels)
        )

    def everyday_words(self, field: Field) -> dict[str, str]:
        """Value → what else people call the row that it refers to, in one text: to search by, not to be shown."""
        table = self.package.by_name.get(field.references)
        columns = [item for item in table.fields if item.name in CALLED] if table else []
        if not table or not columns:
            return {}
        return {row[table.key]: " ".join(_words(row, columns)) for row in self.records(table.name)}

    def choices(self, table: str) -> dict[str, str]:
        """Id → label for a chooser: the name, then everyday words. Choosers find options by their labels alone."""
        also = {
            row[self.package[table].key]: row["also_called"][:MOST_WORDS]
            for row in self.records(table)
        }
        return {
            key: f"{name} · {', '.join(also[key])}" if also[key] else name
            for key, name in self._told_apart[table].items()
        }

    def label(self, field: Field, value: str) -> str:
        """Label of one value; the value itself where no vocabulary names it."""
        return self.labels(field).get(value, value)

    def subject_label(self, kind: str, subject: str) -> str:
        """Name of a subject of evidence, cautions or regulation."""
        if kind == "device_type":
            return self.names("device_types")[subject]
        devices = self.package["devices"]
        return (
            devices["techniques"].labels[subject] if kind == "technique" else devices[subject].title
        )

    @cached_property
    def _shared_names(self) -> frozenset[tuple[Any, Any]]:
        devices = self.tables["devices"]
        named = devices[["brand", "model"]].fillna("")
        return frozenset(named[named.duplicated(keep=False)].itertuples(index=False, name=None))

    def device_name(self, device: str) -> str:
        """Brand and model of a product; its id too where another product has the same name."""
        row = self.row("devices", device)
        brand = row["brand"] if is_stated(row["brand"]) else ""
        name = f"{brand} {row['model']}".strip()
        return f"{name} ({device})" if (brand, row["model"]) in self._shared_names else name

    def device_subjects(self, device: str) -> tuple[tuple[str, str], ...]:
        """(kind, subject) pairs whose evidence and cautions a product inherits.

        Its type's come first (direct); those of its techniques and of the features it states to have
        follow (indirect).
        """
        row = self.row("devices", device)
        return (
            ("device_type", row["device_type"]),
            *(("technique", technique) for technique in row["techniques"]),
            *(
                ("feature", item.name)
                for item in self.package["devices"].features
                if row[item.name] is True
            ),
        )

    def type_parts(self, device_type: str) -> frozenset[tuple[str, str]]:
        """(kind, subject) pairs of the techniques and features that products of a type have."""
        return self._type_parts.get(device_type, frozenset())

    @cached_property
    def _type_parts(self) -> dict[str, frozenset[tuple[str, str]]]:
        devices = self.tables["devices"]
        parts: dict[str, set[tuple[str, str]]] = {}
        pairs = devices[["device_type", "techniques"]].drop_duplicates()
        for device_type, techniques in pairs.itertuples(index=False, name=None):
            parts.setdefault(device_type, set()).update(
                ("technique", technique) for technique in techniques
            )
        for item in self.package["devices"].features:
            for device_type in devices.loc[
                devices[item.name].fillna(False), "device_type"
            ].unique():
                parts[device_type].add(("feature", item.name))
        return {device_type: frozenset(own) for device_type, own in parts.items()}

    def stated(self, table: Table, key: str) -> tuple[int, int]:
        """How many facts the row states, and how many it could; what follows from its kind is not counted."""
        return int(self.facts_stated(table)[self._places[table.name][key]]), len(table.facts)

    def facts_stated(self, table: Table) -> np.ndarray:
        """How many facts each row of the table states, as :meth:`stated` counts them."""
        return self._facts_stated[table.name]

    @cached_property
    def _facts_stated(self) -> dict[str, np.ndarray]:
        return {
            table.name: count_facts(table, self.tables[table.name]) for table in self.package.tables
        }

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {row["source_id"]: self._source(row) for row in self.records("sources")}

    def sources(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """Return the sources with those ids, in that order."""
        return tuple(self._sources[source] for source in ids)

    def works(self, ids: Iterable[str]) -> int:
        """Return how many works those sources are: a copy of a text counts as its original."""
        return len({source.copy_of or source.source_id for source in self.sources(ids)})

    def _source(self, row: Record) -> Source:
        text = {name: value if is_stated(value) else "" for name, value in row.items()}
        link = (
            f"https://doi.org/{text['doi']}"
            if text["doi"]
            else f"https://pubmed.ncbi.nlm.nih.gov/{text['pmid']}/"
            if text["pmid"]
            else text["url"]
        )
        return Source(
            source_id=row["source_id"],
            kind=row["kind"],
            kind_label=self.package["sources"]["kind"].labels[row["kind"]],
            title=row["title"],
            authors=", ".join(row["authors"]),
            year=int(row["year"]) if is_stated(row["year"]) else None,
            container=text["container"],
            link=link,
            seen_url=row["seen_url"],
            note=text["notes"],
            doi=text["doi"],
            author_list=row["authors"],
            copy_of=text.get("copy_of", ""),  # a package may be older than the column
        )


def _record(row: Mapping[Any, Any]) -> Record:
    return MappingProxyType(dict(row))


def _words(row: Record, columns: Iterable[Field]) -> Iterator[str]:
    """Every value of those cells, by its label where it has one."""
    for field in columns:
        cell = row[field.name]
        if is_stated(cell):
            yield from (
                field.labels.get(value, value) for value in (cell if field.is_list else (cell,))
            )


def data_version(folder: Path, files: Iterable[str]) -> str:
    """Return the first 12 hex digits of the SHA-256 over the files: the version of the data."""
    digest = hashlib.sha256()
    for file in files:
        digest.update((folder / file).read_bytes())
    return digest.hexdigest()[:12]


def stated_facts(table: Table, frame: pd.DataFrame) -> Iterator[tuple[Field, np.ndarray]]:
    """Yield each fact of the table with a boolean per row: the row states it.

    What follows from the kind of product, such as an unpowered roller without heat, is not something its page states.
    """
    nowhere = np.zeros(len(frame), dtype=np.intp)
    codes, kinds = (
        pd.factorize(frame["by_nature"].to_numpy())
        if "by_nature" in frame
        else (nowhere, np.array([()]))
    )
    for item in table.facts:
        by_nature = np.array([item.name in kind for kind in kinds], dtype=bool)
        yield item, stated_cells(frame[item.name]).to_numpy() & ~by_nature[codes]


def count_facts(table: Table, frame: pd.DataFrame) -> np.ndarray:
    """Return how many facts each row states."""
    counts = np.zeros(len(frame), dtype=np.int16)
    for _, stated in stated_facts(table, frame):
        counts += stated
    return counts


def is_stated(value: Any) -> bool:
    """Whether a typed cell holds a value (an empty list and a missing cell do not)."""
    return bool(value) if isinstance(value, tuple) else not pd.isna(value)


def stated_cells(cells: pd.Series) -> pd.Series:
    """Boolean per cell of a typed column: it holds a value. Total also for a column without rows."""
    stated = cells.notna()
    return (
        stated & cells.astype(bool) if cells.dtype == object else stated
    )  # only lists are objects


def load_catalogue(directory: Path | str | None = None) -> Catalogue:
    """Read, check and type every table of the package in ``directory`` (default: the shipped data).

    Raises:
        SchemaError: the folder or its descriptor cannot be read.
        DataError: the tables hold faults; all of them are listed. A byte order mark or Windows line
            ends alone do not stop the loading.
    """
    package = read_package(directory)
    report, raws = check_package(package)
    faults = tuple(problem for problem in report.problems if not problem.tolerable)
    if faults:
        raise DataError(faults)
    return Catalogue(package, {name: to_typed(raw) for name, raw in raws.items()})
