"""Here, and only here, ``catalogue`` and ``index`` are those of the shipped package.

Its figures are held by these tests.
"""

from functools import cache, partial

import pytest

from legwise.answers.devices import FacetIndex
from legwise.explore.relations import load_relation
from legwise.links.form import Scope
from tests import packages


@pytest.fixture(scope="session")
def catalogue():
    return packages.shipped()


@pytest.fixture(scope="session")
def index(catalogue):
    return FacetIndex(catalogue)


@pytest.fixture(scope="session")
def scope(catalogue, index):
    return Scope(catalogue, index, cache(partial(load_relation, catalogue)))
