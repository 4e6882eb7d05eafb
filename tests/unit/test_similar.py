"""Similar devices: the reasons are true to the table, and the order follows the rule."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.similar import Similar, compared_fields, similar_devices
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from tests.packages import small

CATALOGUE = small()
TABLE = CATALOGUE.package["devices"]
DEVICES = list(CATALOGUE.keys("devices"))


def stated(row, field):
    """The cell, if the page states it: not what follows from the kind of product."""
    cell = row[field.name]
    return cell if is_stated(cell) and field.name not in row["by_nature"] else None


def plain_pair(one, other):
    """What both state alike, and what they state differently: by reading the two rows."""
    here, there = (CATALOGUE.row("devices", key) for key in (one, other))
    both, differs = [], []
    if here["device_type"] != there["device_type"]:
        differs.append("type")
    for field in compared_fields(TABLE):
        mine, theirs = stated(here, field), stated(there, field)
        if mine is None or theirs is None:
            continue
        if field.is_list:
            both += [within_sentence(field.label(item)) for item in mine if item in theirs]
        elif mine == theirs:
            both.append(field.noun if mine else f"{field.noun}: no")
        else:
            differs.append(field.noun)
    return both, differs


def family(device):
    kind = CATALOGUE.row("devices", device)["device_type"]
    return CATALOGUE.row("device_types", kind)["family"]


@pytest.mark.parametrize("device", DEVICES)
def test_every_reason_is_true_to_the_table_and_none_is_missing(device):
    for item in similar_devices(CATALOGUE, device, most=99):
        both, differs = plain_pair(device, item.device)
        assert sorted(item.both) == sorted(both)
        assert sorted(item.differs) == sorted(differs)
        assert item.same_type == ("type" not in differs)
        assert item.alike == len(both) + item.same_type > 0


@pytest.mark.parametrize("device", DEVICES)
def test_the_order_follows_the_rule_and_leaves_out_no_relative(device):
    def order(other):
        both, differs = plain_pair(device, other)
        name = CATALOGUE.device_name(other).casefold()
        return -(len(both) + ("type" not in differs)), len(differs), name

    relatives = [key for key in DEVICES if key != device and family(key) == family(device)]
    expected = sorted((key for key in relatives if order(key)[0]), key=order)
    assert [item.device for item in similar_devices(CATALOGUE, device, most=99)] == expected


@given(st.sampled_from(DEVICES), st.integers(1, 9))
def test_the_first_ones_are_the_same_however_many_are_asked_for(device, most):
    every = similar_devices(CATALOGUE, device, most=99)
    assert similar_devices(CATALOGUE, device, most) == every[:most]
    assert device not in [item.device for item in every]


def test_the_reasons_are_said_in_one_line():
    item = Similar("x", True, ("heat", "air compression"), ("cordless",))
    assert item.reasons == "same type; both: heat, air compression; differs: cordless"
    assert item.alike == 3


def test_what_follows_from_the_kind_of_product_makes_nothing_alike():
    pair = [key for key in DEVICES if "heat" in CATALOGUE.row("devices", key)["by_nature"]]
    for device in pair:
        for item in similar_devices(CATALOGUE, device, most=99):
            assert not any("heat" in words for words in item.both)
    assert pd.Series(pair).size
