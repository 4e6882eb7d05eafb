"""Here, and only here, ``catalogue`` is the shipped package: these tests hold its figures."""

import pytest

from tests import packages


@pytest.fixture(scope="session")
def catalogue():
    return packages.shipped()
