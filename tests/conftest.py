"""Fixtures of all tests.

``catalogue`` and ``index`` are those of the small package, save in ``tests/data``.
"""

from __future__ import annotations

import os
import shutil
from functools import cache, partial
from pathlib import Path

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


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the small package, with a descriptor, that a test may break."""
    folder = Path(shutil.copytree(packages.SMALL, tmp_path / "data"))
    shutil.copy(SHIPPED / DESCRIPTOR, folder)
    return folder
