"""The only caches: loaded tables and their index, one for all visitors, renewed when a file changes."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from legwise.catalogue import Catalogue, load_catalogue
from legwise.facets import FacetIndex
from legwise.schema import SHIPPED

#: Folder of the package to serve, for ``make run DATA=dir``.
DATA_VARIABLE = "LEGWISE_DATA"


@dataclass(frozen=True, eq=False)
class Loaded:
    """What every page works on."""

    catalogue: Catalogue
    index: FacetIndex


def load() -> Loaded:
    """Return tables and index of the served package.

    Raises:
        SchemaError, DataError: as :func:`legwise.catalogue.load_catalogue`.
    """
    folder = Path(os.environ.get(DATA_VARIABLE) or SHIPPED)
    stamps = tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*"))) if folder.is_dir() else ()
    return _load(str(folder), stamps)


# A resource, not data: copies for every rerun would cost more than a page does. Nothing in it can be
# changed through what it hands out (copy-on-write frames, read-only rows and arrays).
@st.cache_resource(max_entries=2, show_spinner="Reading the tables …")
def _load(folder: str, stamps: tuple[tuple[str, int], ...]) -> Loaded:  # noqa: ARG001 (stamps renew the cache)
    catalogue = load_catalogue(folder)
    loaded = Loaded(catalogue, FacetIndex(catalogue))
    # What was loaded lives as long as the server: the collector need not walk it again.
    gc.freeze()
    return loaded
