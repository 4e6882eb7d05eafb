"""Fixtures of all tests.

``catalogue`` and ``index`` are those of the small package, save in ``tests/data``.
"""

from __future__ import annotations

import os
import shutil
from functools import cache, partial
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from legwise.answers.devices import FacetIndex
from legwise.explore.relations import load_relation
from legwise.links.form import Scope
from legwise.tables.catalogue import Catalogue
from legwise.tables.descriptor import DESCRIPTOR, SHIPPED, read_package
from legwise.tables.schema import Package
from tests import packages

ROOT = Path(__file__).resolve().parent.parent

# Two slow cores that other tests share make any example slow now and then: no deadline.
settings.register_profile("dev", deadline=None, max_examples=30)
settings.register_profile("fast", deadline=None, max_examples=5)
# For the run of every change: more examples where a test does not ask for a number.
settings.register_profile("ci", deadline=None, max_examples=100, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark the tests that start a server, so that a quick run can leave them out."""
    for item in items:
        if "postgres_server" in getattr(item, "fixturenames", ()):
            item.add_marker("postgresql")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return packages.small()


@pytest.fixture(scope="session")
def index() -> FacetIndex:
    return packages.small_index()


@pytest.fixture(scope="session")
def scope(catalogue: Catalogue, index: FacetIndex) -> Scope:
    """What the parameters of the pages may depend on."""
    return Scope(catalogue, index, cache(partial(load_relation, catalogue)))


@pytest.fixture(scope="session")
def package() -> Package:
    return read_package()


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL server that runs; a test that stops it starts it again."""
    # Only who asks for it needs what it takes.
    from tests.databases import postgres

    with postgres() as running:
        yield running


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the small package, with a descriptor, that a test may break."""
    folder = Path(shutil.copytree(packages.SMALL, tmp_path / "data"))
    shutil.copy(SHIPPED / DESCRIPTOR, folder)
    return folder


@pytest.fixture(scope="session")
def long_package(tmp_path_factory) -> Path:
    """The small package with every product five times, so that lists need pages and searches."""
    folder = Path(shutil.copytree(packages.SMALL, tmp_path_factory.mktemp("long") / "data"))
    shutil.copy(SHIPPED / DESCRIPTOR, folder)
    devices = pd.read_csv(packages.SMALL / "devices.csv", dtype="str", keep_default_na=False)
    copies = [
        devices.assign(
            device_id=devices["device_id"] + f"-{number}",
            # Two brands for each: the first has three products for every two of the other.
            brand=devices["brand"] + f" {number % 2}",
            model=devices["model"] + f" {number}",
        )
        for number in range(5)
    ]
    pd.concat(copies).to_csv(folder / "devices.csv", index=False)
    return folder
