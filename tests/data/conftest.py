"""Here, and only here, ``catalogue`` and ``index`` are those of the shipped package.

Its figures are held by these tests.
"""

import pytest

from legwise.answers.devices import FacetIndex
from tests import packages


@pytest.fixture(scope="session")
def catalogue():
    return packages.shipped()


@pytest.fixture(scope="session")
def index(catalogue):
    return FacetIndex(catalogue)
