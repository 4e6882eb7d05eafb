"""What to ask instead gives what it says."""

import re

from hypothesis import given, settings

from legwise.answers.devices import TYPE, FacetIndex
from legwise.answers.query import DeviceQuery, phrases
from legwise.answers.relaxations import quoted, relaxations
from legwise.facets.filters import Choice, Span
from tests.packages import small
from tests.strategies import queries

INDEX = FacetIndex(small())


@given(queries())
@settings(deadline=None)
def test_every_step_gives_as_many_devices_as_its_words_say(query):
    answer = INDEX.ask(query)
    for step in relaxations(INDEX, answer):
        number = re.search(r": ([\d,]+) devices?", step.words)[1]
        assert INDEX.ask(step.query).total == int(number.replace(",", "")), step.words


@given(queries())
@settings(deadline=None)
def test_near_types_are_others_and_give_as_many_as_they_say(query):
    wanted = query.filter(TYPE)
    for near in INDEX.nearest(query):
        assert wanted is None or near.device_type not in wanted.values
        assert INDEX.ask(near.query).total == near.total > 0


@given(queries())
@settings(deadline=None)
def test_a_step_to_a_near_type_names_every_filter_that_it_drops(query):
    asked = dict(phrases(query, INDEX.catalogue))
    for step in relaxations(INDEX, INDEX.ask(query)):
        if step.query.filter(TYPE) != query.filter(TYPE) and step.query.filter(TYPE):
            kept = dict(phrases(step.query, INDEX.catalogue))
            for name, phrase in asked.items():
                drops = quoted(phrase) in step.words.partition("; drops ")[2]
                assert drops == (name not in kept), step.words


def test_words_that_are_searched_stand_in_quotes_within_quotes():
    query = DeviceQuery(text="zyzzy legs")
    (step,) = relaxations(INDEX, INDEX.ask(query))
    assert step.words == f"Drop “matching ‘zyzzy legs’”: {INDEX.size} devices"


def test_missing_facts_come_first_then_filters_to_drop():
    query = DeviceQuery(
        filters=(("heat", Choice(("yes",))), ("price_usd", Span(high=1))), text="massager"
    )
    words = [step.words for step in relaxations(INDEX, INDEX.ask(query))]
    assert words[0].startswith("Include those that do not state price: ")
    assert words[1].startswith("Drop “with price at most 1 USD”: ")
