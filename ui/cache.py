"""The only caches: tables, their index and what follows from them, shared by all visitors.

They are renewed when a file changes. Nothing that only one visitor may see is kept here.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import ClassVar, TypeVar

import streamlit as st
from cachetools import LRUCache
from streamlit.runtime.scriptrunner import get_script_run_ctx

from legwise.answers.changes import Changes, changes, previous
from legwise.answers.devices import Answer, DeviceIndex, FacetIndex
from legwise.answers.query import DeviceQuery
from legwise.database.address import DatabaseError, read_address
from legwise.explore.relations import Relation, load_relation
from legwise.intake.faults import Report
from legwise.intake.memory import give_back, keep_little
from legwise.intake.opening import saved_mapping
from legwise.intake.prepared import prepare
from legwise.links.form import Scope
from legwise.tables.catalogue import Catalogue, load_catalogue
from legwise.tables.descriptor import SHIPPED
from legwise.tables.schema import TablesError

LOG = logging.getLogger("legwise")
T = TypeVar("T")
#: Most answers kept of one package: a figure and its table take some 100 kB.
MOST_KEPT = 512
#: Most answers of the device list kept of one package.
MOST_ANSWERS = 16
#: Folder of the package to serve, for ``make run DATA=dir``.
DATA_VARIABLE = "LEGWISE_DATA"
#: A device list to serve in the place of the package's, and the mapping of its columns.
DEVICES_VARIABLE, MAPPING_VARIABLE = "LEGWISE_DEVICES", "LEGWISE_MAPPING"


@dataclass(frozen=True, eq=False)
class Loaded:
    """What every page works on."""

    catalogue: Catalogue
    index: DeviceIndex
    #: Key of the caches: the folder, and when each of its files changed, as text: that is quick to
    #: compare.
    stamp: tuple[str, str]
    #: What was read, if the devices are those of a list from elsewhere.
    report: Report | None = None
    #: The package as it is without that list.
    package: Catalogue | None = None
    #: A kept view holds its rows: those of longer tables would fill the memory.
    kept_with_rows: ClassVar[int] = 5_000
    _kept: LRUCache[Hashable, object] = field(
        default_factory=lambda: LRUCache(MOST_KEPT), repr=False
    )
    #: An answer has all its rows: 8 MB of a million.
    _answers: LRUCache[tuple[DeviceQuery, bool], Answer] = field(
        default_factory=lambda: LRUCache(MOST_ANSWERS), repr=False
    )
    _lock: Lock = field(default_factory=Lock, repr=False)

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` makes of these tables; made once as long as it is asked for.

        ``key`` says what it depends on besides the tables: its name, the theme, the state. It must
        not change afterwards: every visitor gets the same object.
        """
        with self._lock:
            if key in self._kept:
                return self._kept[key]  # type: ignore[return-value]  # what make returns
        # Not under the lock: others need not wait for it, and two that make it make the same.
        made = make()
        with self._lock:
            self._kept[key] = made
        return made

    def keep_of_rows(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` makes of the rows of some devices.

        It is not kept of a database, whose rows may change under the same ids.
        """
        return self.keep(key, make) if self.catalogue.elsewhere is None else make()

    def answer(self, query: DeviceQuery, *, counts: bool = True) -> Answer:
        """Return the answer to a query of the device list; the last ones are kept."""
        asked = (replace(query, page=1), counts)
        with self._lock:
            answer = self._answers.get(asked)
        if answer is None:
            answer = self.index.ask(asked[0], counts=counts)
            with self._lock:
                self._answers[asked] = answer
        return replace(answer, query=query)

    @property
    def without_list(self) -> Catalogue:
        """The tables of the package, beside which a list of devices can stand."""
        return self.package or self.catalogue

    @property
    def scope(self) -> Scope:
        """What the parameters of a page may depend on."""
        return Scope(self.catalogue, self.index, self.relation)

    def relation(self, name: str) -> Relation:
        """Return a table or join to explore.

        Raises:
            KeyError: there is none of that name.
        """
        return self.keep(("relation", name), lambda: _joined(*self.stamp, name))

    def changes(self) -> Changes | None:
        """Return what changed since the previous version, if the package includes one."""
        return _changes(*self.stamp)


def load() -> Loaded:
    """Return tables and index of the served package.

    Raises:
        TablesError: they cannot be used, and no version before them could.
    """
    return _serving().now()


def faults() -> TablesError | None:
    """Return why the tables on disk are not those that are served, if an edit broke them."""
    return _serving().error


@dataclass(eq=False)
class Served:
    """One package while it is served: its last version without faults, and what broke since.

    A table may be edited while visitors read: what was good goes on being served.
    """

    folder: str
    error: TablesError | None = None
    _good: Loaded | None = None
    _read: str = ""
    _lock: Lock = field(default_factory=Lock, repr=False)

    def now(self) -> Loaded:
        """Return the last good version; a changed folder is read once.

        Raises:
            TablesError: no version was good yet.
        """
        stamps = repr([*_stamps(Path(self.folder))])
        with self._lock:
            if stamps != self._read:
                self._renew(stamps)
            if self._good:
                return self._good
            assert self.error
            raise self.error.with_traceback(None)

    def _renew(self, stamps: str) -> None:
        try:
            with _spinner("Reading the tables …"):
                self._good, self.error = _load(self.folder, stamps), None
        except TablesError as error:
            self.error = error
            if self._read:  # what is wrong at first, whoever starts the server says
                LOG.error("faults in the tables", extra={"fields": {"what": str(error)}})
            if isinstance(error, DatabaseError) and not self._good:
                return  # a database comes back without a file that changes: ask it again
        self._read = stamps


def _spinner(text: str) -> AbstractContextManager[None]:
    """Tell a visitor who waits why; before the first visitor there is nobody to tell."""
    return st.spinner(text) if get_script_run_ctx(suppress_warning=True) else nullcontext()


def _serving() -> Served:
    return _served(os.environ.get(DATA_VARIABLE) or str(SHIPPED))


@st.cache_resource(max_entries=2, show_spinner=False)
def _served(folder: str) -> Served:
    return Served(folder)


def _stamps(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield name and time of the last change of every file; a missing folder has none."""
    # At every run: this takes a third of the time that paths take.
    with suppress(OSError), os.scandir(folder) as files:
        for file in sorted(files, key=lambda file: file.name):
            # Editors leave broken links and files that vanish: neither is a table.
            with suppress(OSError):
                yield file.name, file.stat().st_mtime_ns
    for variable in (DEVICES_VARIABLE, MAPPING_VARIABLE):
        if name := os.environ.get(variable):
            time = 0  # a database has none: its address alone tells it from another
            with suppress(OSError):
                time = Path(name).stat().st_mtime_ns
            yield name, time


# A resource, not data: a copy for every rerun would cost more than a page. What it hands out cannot
# change it (copy-on-write frames, read-only rows and arrays).
@st.cache_resource(max_entries=2, show_spinner=False)
def _load(folder: str, stamps: str) -> Loaded:
    keep_little()
    package = catalogue = load_catalogue(folder)
    report = None
    index: DeviceIndex | None = None
    if file := os.environ.get(DEVICES_VARIABLE):
        mapping = os.environ.get(MAPPING_VARIABLE)
        saved = Path(mapping) if mapping else None
        if address := read_address(file):
            # Only who serves a database needs what it takes.
            from legwise.database.index import serve

            database = serve(address, package, saved_mapping(saved, package))
            index, catalogue = database, database.catalogue
            report = database.opened.devices.report
        else:
            devices = prepare(Path(file), package, saved)
            catalogue, report = devices.catalogue(package), devices.report
    index = index or FacetIndex(catalogue)
    loaded = Loaded(catalogue, index, (folder, stamps), report, package)
    if report:
        give_back()
    # Loaded tables live as long as the server: keep the garbage collector from walking them again.
    gc.freeze()
    return loaded


# Twice the number of tables and joins: the previous package is kept while a new one loads.
@st.cache_resource(max_entries=64, show_spinner=False)
def _relation(folder: str, stamps: str, name: str) -> Relation:
    relation = load_relation(_load(folder, stamps).catalogue, name)
    # Built now: several visitors at once would each build an index that is built at first use.
    _ = relation.index
    return relation


def _joined(folder: str, stamps: str, name: str) -> Relation:
    with _spinner("Joining the tables …"):
        return _relation(folder, stamps, name)


@st.cache_resource(max_entries=2, show_spinner="Comparing with the version before …")
def _changes(folder: str, stamps: str) -> Changes | None:
    catalogue = _load(folder, stamps).catalogue
    before = None if os.environ.get(DEVICES_VARIABLE) else previous(catalogue)
    return changes(before, catalogue.package.directory) if before else None
