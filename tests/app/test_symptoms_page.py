"""The symptoms page: a cell, a symptom and a type in sentences, and the tabs below."""

import json
import re
from html import escape

import pytest
from streamlit.runtime.context import ContextProxy

from legwise.charts.studies import study_charts
from legwise.links.symptoms import SYMPTOM_TABS
from legwise.rules.findings import design_and_level, on_cell
from legwise.rules.shortlist import verdict_rank
from legwise.rules.verdicts import plain_sentence, verdicts
from legwise.text.markup import plain
from tests.app.conftest import link, open_part, run
from tests.tables import number_of
from ui.fold import fold_key


def test_symptoms_open_a_cell_with_its_findings(open_page):
    app = open_page("pages/symptoms.py", subject="shiatsu_foot_calf", symptom="foot_pain")
    assert any("claimed, no study found" in item.value.replace("\\", "") for item in app.markdown)
    app = open_page("pages/symptoms.py", subject="air_compression", symptom="cramps")
    assert any("haemodialysis" in item.value for item in app.caption)


def test_a_finding_that_states_both_groups_is_drawn_as_people(open_page):
    app = open_page("pages/symptoms.py", subject="compression_stockings", symptom="discoloration")
    (drawn,) = [item.proto.body for item in app.get("html") if "<figure" in item.proto.body]
    assert "about 5 had skin breaks" in drawn
    assert drawn.count('<i class="yes">') == 5 + 1
    assert drawn.count("<i>") == 95 + 99


def test_what_a_review_says_of_its_certainty_is_quoted(open_page):
    app = open_page("pages/symptoms.py", subject="compression_stockings", symptom="swelling")
    app.session_state[fold_key("symptoms.more.compression_stockings.swelling")] = True
    run(app)
    texts = [item.value.replace("\\", "") for item in app.caption]
    assert any("as the review rates it: “low-quality evidence”" in text for text in texts)


def test_findings_say_what_a_review_took_in_and_how_the_level_is_given(open_page, catalogue):
    table = catalogue.package["evidence"]
    row = next(
        row
        for row in catalogue.records("evidence")
        if row["review_of"] == "mixed" and row["subject_kind"] == "device_type"
    )
    app = open_page("pages/symptoms.py", subject=row["subject"], symptom=row["symptom"])
    assert any(
        item.value.startswith(plain(design_and_level(catalogue, row))) for item in app.caption
    )
    rule = next(item for item in app.expander if item.label == plain(table["level"].title))
    assert rule.markdown[0].value == plain(table["level"].description)


def test_switches_change_the_map_and_list_what_they_dropped(open_page):
    app = open_page("pages/symptoms.py")
    app.session_state["symptoms.which"] = True
    run(app)
    run(app.multiselect(key="symptoms.populations").set_value(["circulation_condition"]))
    assert link(app)["people"] == ["circulation_condition"]
    dropped = number_of("evidence") - number_of(
        "evidence", population_group="circulation_condition"
    )
    assert any(f"{dropped} findings left out by" in item.label for item in app.expander)


def test_the_studies_are_those_of_what_was_chosen(open_page, catalogue):
    cell = {"subject": "compression_stockings", "symptom": "swelling"}
    number = number_of("evidence", **cell)
    assert 0 < number < number_of("evidence")
    app = open_page("pages/symptoms.py", tab="studies", **cell)
    told = [item.value.replace("\\", "") for item in app.caption]
    assert f"{number} findings on compression stockings and swelling (oedema)" in told
    designs = json.loads(app.get("plotly_chart")[1].proto.spec)["data"]
    findings = on_cell(catalogue.records("evidence"), *cell.values())
    works = study_charts(catalogue, findings)["Studies by design"].table["Studies"].sum()
    assert sum(sum(bar["x"]) for bar in designs) == works > 0
    cell = {"subject": "foot_bath", "symptom": "venous_ulcer"}
    empty = open_page("pages/symptoms.py", tab="studies", **cell)
    assert not empty.get("plotly_chart")
    assert "No study is recorded" in empty.info[0].value


def test_the_articles_two_special_claims_are_worked_out(open_page):
    app = open_page("pages/symptoms.py", tab="claims")
    texts = [item.value.replace("\\", "") for item in app.markdown]
    assert any("releases toxins" in text and "Contradicted" in text for text in texts)
    assert any(
        "matters most for people with diabetes" in text and "Conflicts with safety advice" in text
        for text in texts
    )


def test_a_type_shows_its_claims_beside_its_verdicts(open_page):
    app = open_page("pages/symptoms.py", subject="shiatsu_foot_calf")
    assert not any("relaxes painful feet" in item.value for item in app.markdown)
    app.session_state[fold_key("symptoms.claims.shiatsu_foot_calf")] = True
    run(app)
    texts = [item.value.replace("\\", "") for item in app.markdown]
    assert any(
        "Shiatsu massage relaxes painful feet" in text and "Only related methods studied" in text
        for text in texts
    )


def test_one_symptom_is_said_in_sentences_in_the_published_order(open_page, catalogue):
    body = answer(open_page("pages/symptoms.py", symptom="swelling"))
    judged = {
        catalogue.subject_label(kind, key): verdict
        for (kind, key, symptom), verdict in verdicts(catalogue).items()
        if symptom == "swelling"
    }
    studied = {name: verdict for name, verdict in judged.items() if verdict.tier}
    names = re.findall(r'class="name"[^>]*>([^<]*)</a>', body)
    assert sorted(names) == sorted(studied)
    ranks = [verdict_rank(studied[name]) for name in names]
    assert ranks == sorted(ranks)
    for name, verdict in studied.items():
        sentence = plain_sentence(verdict, name, catalogue.names("symptoms")["swelling"])
        assert escape(sentence.partition(", ")[2]) in body
    assert all(f">{escape(name)}</a>" in body for name in judged)


def test_names_lead_to_the_type_and_sentences_to_their_findings(open_page):
    body = answer(open_page("pages/symptoms.py", symptom="swelling", level="2"))
    assert 'href="type?id=compression_stockings"' in body
    cell = "symptoms?subject=compression_stockings&amp;symptom=swelling&amp;level=2"
    assert f'href="{cell}"' in body


def test_one_type_is_said_symptom_by_symptom(open_page, catalogue):
    body = answer(open_page("pages/symptoms.py", subject="air_compression"))
    names = catalogue.names("symptoms").values()
    assert all(f">{escape(name)}</a>" in body for name in names)


def test_a_tab_draws_its_content_only_and_is_in_the_link(open_page):
    app = open_page("pages/symptoms.py", symptom="swelling")
    charts, maps = {}, {}
    for tab, title in SYMPTOM_TABS.items():
        app.session_state["symptoms.tab"] = title
        run(app)
        expected = {"symptom": ["swelling"]} | ({"tab": [tab]} if tab != "map" else {})
        assert link(app) == expected
        charts[tab] = len(app.get("plotly_chart"))
        maps[tab] = sum('class="legwise-map"' in item.proto.body for item in app.get("html"))
    assert charts == {"map": 0, "claims": 0, "studies": 3, "download": 0}
    assert maps == {"map": 1, "claims": 0, "studies": 0, "download": 0}


def test_a_switch_holds_after_its_list_is_closed(open_page):
    app = open_page("pages/symptoms.py")
    app.session_state["symptoms.which"] = True
    run(app)
    run(app.toggle(key="symptoms.claims").set_value(False))
    app.session_state["symptoms.which"] = False
    for _ in "ab":
        run(app)
        assert link(app) == {"claims": ["no"]}


def answer(app):
    """The list of verdicts above the tabs."""
    bodies = [item.proto.body for item in app.get("html")]
    return next(body for body in bodies if "What was found" in body)


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.mark.parametrize(
    "headers",
    [{"User-Agent": IPHONE}, {"User-Agent": LAPTOP}, {}],
    ids=["phone", "laptop", "untold"],
)
def test_a_phone_draws_a_wide_chart_when_it_is_asked_to(open_page, monkeypatch, headers):
    monkeypatch.setattr(ContextProxy, "headers", headers)
    on_phone = headers.get("User-Agent") == IPHONE
    app = open_page("pages/symptoms.py", view="bubbles")
    assert len(app.get("plotly_chart")) == (not on_phone)
    assert any(item.label == "Show the chart" for item in app.expander) == on_phone
    if on_phone:
        assert len(open_part(app, fold_key("symptoms.bubbles.chart")).get("plotly_chart")) == 1
