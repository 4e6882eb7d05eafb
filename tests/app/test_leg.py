"""The picture of a leg, without a browser: what it is told, and what it makes of an answer."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ui import leg

AREAS = {"foot": "Foot", "calf": "Calf", "back": "Back"}


def page():
    import streamlit as st

    from ui.leg import ask_leg

    ask_leg({"foot": "Foot", "back": "Back"}, ["foot"], "leg", list)
    st.text("below")


def test_a_page_with_the_picture_runs_without_a_browser():
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.text[0].value == "below"
    assert not app.run().exception


@pytest.fixture
def mounted(monkeypatch):
    """What the picture was given; an answer is put into the session."""
    given = {}
    monkeypatch.setattr(leg, "_draw", lambda **options: given.update(options))
    monkeypatch.setattr(st, "session_state", {})
    return given


def test_the_picture_is_told_the_areas_that_it_shows(mounted):
    leg.ask_leg(AREAS, ["calf", "back"], "leg", list)
    assert mounted["data"]["areas"] == {"foot": "Foot", "calf": "Calf"}
    assert mounted["data"]["chosen"] == ["calf"]


@pytest.mark.parametrize(
    ("picked", "chosen"),
    [
        (["calf", "foot"], ["foot", "calf", "back"]),
        ([], ["back"]),
        (["<script>", "back", "knee"], ["back"]),
    ],
)
def test_an_answer_leaves_what_the_picture_does_not_show(mounted, picked, chosen):
    told = []
    leg.ask_leg(AREAS, ["calf", "back"], "leg", told.extend)
    st.session_state["leg"] = {"picked": {"areas": picked, "clicks": 3}}
    mounted["on_picked_change"]()
    assert told == chosen
    leg.ask_leg(AREAS, told, "leg", told.extend)
    assert mounted["data"]["clicks"] == 3


def test_the_picture_shows_areas_that_devices_are_for(catalogue):
    assert set(leg.DRAWN) < set(catalogue.package["devices"]["body_areas"].labels)
