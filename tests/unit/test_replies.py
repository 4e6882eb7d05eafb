"""What a link accepts is declared once, and replies hold values that programs can read."""

from __future__ import annotations

import json
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from legwise.links import FORMS
from legwise.replies.asking import ask
from legwise.replies.reply import as_values, value
from legwise.replies.routes import BY_NAME, BY_PAGE
from tests import strategies
from tests.strategies import SCOPE, asking

STATES = {
    "find": strategies.find_states,
    "compare": strategies.compare_states,
    "symptoms": strategies.symptoms_states,
    "risks": strategies.risks_states,
    "match": strategies.match_states,
    "explore": strategies.explore_states(),
    "data": strategies.data_states,
    "device": strategies.device_states,
    "type": strategies.type_states,
}
EVERY = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.page)


@pytest.mark.parametrize("page", STATES)
@asking(25)
@given(data=st.data())
def test_every_link_of_a_page_is_among_what_its_form_says_it_accepts(page, data):
    form = BY_PAGE[page].form
    accepted = form.accepted(SCOPE)
    for name, texts in form.encode(data.draw(STATES[page]), SCOPE).items():
        prefix = name.partition(".")[0]
        schema = accepted.get(name) or accepted[prefix]
        for item in read_as(schema, name, texts):
            Draft202012Validator(schema).validate(item)


def read_as(schema, name, texts):
    """The texts of a link as a reader of the document has them."""
    if schema["type"] == "array":
        return [texts]
    if schema["type"] == "object":
        return [{name: text} for text in texts]
    return [int(text) if schema["type"] == "integer" else text for text in texts]


@EVERY
def test_every_parameter_has_a_description_and_a_schema(form):
    accepted = form.accepted(SCOPE)
    assert {*form.link_names, *form.columns(SCOPE)} <= accepted.keys()
    for item in accepted.values():
        assert item["description"]
        Draft202012Validator.check_schema(item)


def test_a_value_that_the_document_lists_is_applied(scope):
    route = BY_NAME["find"]
    for name, item in route.form.accepted(scope).items():
        listed = item.get("enum") or item.get("items", {}).get("enum") or []
        for choice in listed[:3]:
            assert not ask(route, scope, {name: [choice]}).all_dropped, (name, choice)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (pd.NA, None),
        (math.nan, None),
        (None, None),
        ((), None),
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (np.bool_(False), False),
        (("a", "b"), ["a", "b"]),
        (date(2026, 11, 1), "2026-11-01"),
        (pd.Timestamp("2026-11-01"), "2026-11-01"),
    ],
)
def test_a_cell_is_written_as_json_has_it_and_null_where_not_stated(cell, written):
    assert value(cell) == written
    assert type(value(cell)) is type(written)


def test_a_value_of_the_core_becomes_plain_values(catalogue):
    rows = as_values(list(catalogue.records("evidence")))
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows


def test_a_column_called_like_a_parameter_of_ours_stays_a_filter(scope):
    route = BY_NAME["find"]
    assert "page" in route.form.link_names
    answer = ask(route, scope, {"page": ["1"], "per_page": ["5"]})
    assert answer.per_page == 5
    assert len(answer.document()["rows"]) == 5


def test_what_is_not_there_is_an_error_of_its_own_name(scope):
    with pytest.raises(KeyError, match="none"):
        ask(BY_NAME["devices"], scope, {}, "none")
