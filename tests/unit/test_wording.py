"""Verdicts, numbers and effects in words, by the published templates."""

import json

import pytest

from legwise.answers.absolute_numbers import TABLE, numbers_of
from legwise.answers.risk_factors import effect_sentence
from legwise.exports.map_file import map_file
from legwise.rules.findings import finding_facts
from legwise.rules.wording import count, marked, of_100
from legwise.tables.catalogue import load_catalogue
from legwise.tables.descriptor import DESCRIPTOR


@pytest.mark.parametrize(
    ("share", "words", "figures"),
    [
        (0, "none", 0),
        (0.4, "fewer than 1", 0),
        (0.9, "fewer than 1", 0),
        (1, "about 1", 1),
        (2.5, "about 3", 3),
        (99, "about 99", 99),
        (99.7, "more than 99", 99),
        (100, "all", 100),
    ],
)
def test_what_rounds_to_none_or_all_is_not_said_to_be_that(share, words, figures):
    assert (of_100(share), marked(share)) == (words, figures)


def test_one_thing_is_counted_as_one():
    assert [count(number, "person") for number in (1, 2000)] == ["1 person", "2,000 people"]


def test_a_ratio_is_said_as_a_ratio_and_its_interval_with_it(catalogue):
    def sentence(key):
        return effect_sentence(catalogue, catalogue.row("risk_effects", key))

    assert sentence("smoking-ostchega-2007-nhanes-pad60-past-against-never") == (
        "Smoking (past against never), US adults 60+: the odds of peripheral artery disease were "
        "1.94 times as high (95% interval 1.39 to 2.69). So peripheral artery disease "
        "occurred more often."
    )
    assert "(interval not stated)" in sentence(
        "varicose-veins-chang-2018-vv-dvt-varicose-veins-425-968-adults-deep-vein-thrombosis"
    )
    assert sentence("obesity-rabe-bonn-vein-varicose-veins").endswith("No link was found.")


def test_a_package_older_than_the_numbers_is_served_without_them(copied):
    (copied / "absolute_numbers.csv").unlink()
    path = copied / DESCRIPTOR
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] != TABLE
    ]
    path.write_text(json.dumps(package), encoding="utf-8")
    older = load_catalogue(copied)
    assert numbers_of(older) == {}
    assert finding_facts(older, older.records("evidence")[0])
    assert "legwise-people" not in map_file(older, today="2026-11-29").partition("</style>")[2]
