from __future__ import annotations

import shutil
from functools import cache, partial
from pathlib import Path

import pytest

from legwise.answers.devices import FacetIndex
from legwise.explore.relations import load_relation
from legwise.links.form import Scope
from legwise.tables.catalogue import Catalogue, load_catalogue
from legwise.tables.descriptor import SHIPPED, read_package
from legwise.tables.schema import Package

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def index(catalogue: Catalogue) -> FacetIndex:
    return FacetIndex(catalogue)


@pytest.fixture(scope="session")
def scope(catalogue: Catalogue, index: FacetIndex) -> Scope:
    """What the parameters of the pages may depend on."""
    return Scope(catalogue, index, cache(partial(load_relation, catalogue)))


@pytest.fixture(scope="session")
def package() -> Package:
    return read_package()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped package that a test may break."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "data"))
