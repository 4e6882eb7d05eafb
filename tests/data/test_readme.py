"""Documents that quote figures of the shipped tables."""

import doctest

from tests.conftest import ROOT


def test_the_recipes_of_the_readme_run():
    assert (
        doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8").failed
        == 0
    )
