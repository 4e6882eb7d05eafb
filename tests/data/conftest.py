"""Here, and only here, ``catalogue`` is the shipped package: its figures are held by these tests."""

import pytest

from tests import packages


@pytest.fixture(scope="session")
def catalogue():
    return packages.shipped()
