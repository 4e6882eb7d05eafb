"""What holds for the form of every page, whatever its parameters are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.links import FORMS
from legwise.links.form import KeyOf
from legwise.links.params import Reader
from tests.strategies import asking

TEXTS = ["yes", "no", "1", "3", "2020", "..", "1..9", "not_stated", "none", "map", "cards", "-1"]
EVERY = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.page)


def links(form):
    """Links of a page: known parameters and others, sensible values and nonsense."""
    names = st.sampled_from([*form.link_names, "heat", "where.heat", "zzz"]) | st.text(max_size=8)
    values = st.lists(st.sampled_from(TEXTS) | st.text(max_size=12), max_size=4)
    return st.dictionaries(names, values, max_size=8)


@EVERY
@asking(60)
@given(data=st.data())
def test_any_link_gives_a_state_whose_own_link_gives_it_again(form, data, scope):
    state, _ = form.decode(data.draw(links(form)), scope)
    again, dropped = form.decode(form.encode(state, scope), scope)
    assert again == state
    assert dropped == ()


@EVERY
@asking(60)
@given(data=st.data())
def test_widgets_seeded_with_a_state_say_that_state(form, data, scope):
    state, _ = form.decode(data.draw(links(form)), scope)
    widgets = form.seed(state, scope)
    assert form.read(widgets, state, scope) == (state, {})
    assert all(key.startswith(f"{form.page}.") for key in widgets)


@EVERY
def test_an_empty_link_is_what_a_page_shows_by_itself(form, scope):
    state, dropped = form.decode({}, scope)
    assert form.encode(state, scope) == {}
    assert dropped == ()


def test_a_new_question_starts_on_its_first_page(scope):
    form = FORMS[0]
    state, _ = form.decode({"page": ["3"], "heat": ["yes"]}, scope)
    widgets = {**form.seed(state, scope), "find.heat.value.no": True}
    asked, corrected = form.read(widgets, state, scope)
    assert asked.query.page == 1
    assert corrected == {"find.page": 1}
    turned, _ = form.read({**form.seed(state, scope), "find.page": 2}, state, scope)
    assert turned.query.page == 2


def test_groups_that_a_chart_cannot_show_are_taken_out_of_the_widgets_too(scope):
    form = next(form for form in FORMS if form.page == "explore")
    state, _ = form.decode({"group": ["device_type"]}, scope)
    widgets = {**form.seed(state, scope), "explore.aggregate": "mean", "explore.measure": "brand"}
    settled, corrected = form.read(widgets, state, scope)
    assert settled.measure != "brand"
    assert corrected == {"explore.measure": settled.measure}


def test_the_open_tab_is_an_id_in_the_link_and_a_title_in_its_widget(scope):
    form = next(form for form in FORMS if form.page == "risks")
    state, dropped = form.decode({"tab": ["effects"]}, scope)
    assert (state.tab, dropped) == ("effects", ())
    widgets = form.seed(state, scope)
    assert widgets["risks.tab"] == "Effect sizes"
    moved, _ = form.read({**widgets, "risks.tab": "Pathways"}, state, scope)
    assert form.encode(moved, scope) == {"tab": ["pathways"]}
    assert form.read({**widgets, "risks.tab": "gone"}, state, scope)[0].tab == "mine"
    assert form.decode({"tab": ["gone"]}, scope)[1][0].name == "tab"


def test_the_id_in_a_link_is_looked_up_however_long_the_table(scope):
    class Keys:
        """Keys that can be looked up, but not walked through."""

        def __contains__(self, key):
            return key == "hyperice-normatec-3"

    class Long:
        def keys(self, _):
            return Keys()

    reader = Reader({"id": ["hyperice-normatec-3", "gone"]})
    kind = KeyOf("device", table="devices")
    assert kind.read(reader, "id", "", replace(scope, catalogue=Long())) == "hyperice-normatec-3"
    assert [item.value for item in reader.dropped] == ["gone"]
