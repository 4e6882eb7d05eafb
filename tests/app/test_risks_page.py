"""The tabs of the risks page."""

import pytest

from legwise.answers.risk_factors import circulation_risks, effect_sentence
from legwise.links.risks import RISK_TABS
from legwise.rules.cautions import acceptances, conditions, severities
from legwise.text.markup import plain
from tests.app.conftest import link, run
from tests.tables import on_disk
from ui.fold import fold_key


def test_each_type_says_its_strongest_caution_in_one_line_the_worst_first(open_page, catalogue):
    app = open_page("pages/risks.py", condition="diabetes")
    assert "Urgent signs" in app.expander[0].label
    lines = [
        item.label
        for item in app.expander
        if any(
            f"**{plain(name)}**" in item.label for name in catalogue.names("device_types").values()
        )
    ]
    assert len(lines) == len(catalogue.keys("device_types"))
    order = list(severities(catalogue).values())
    ranks = [next(n for n, label in enumerate(order) if label in line) for line in lines]
    assert ranks == sorted(ranks)
    assert all("source" in line for line, rank in zip(lines, ranks, strict=True) if rank < 3)


def test_a_type_opens_to_its_cautions_beside_statements_that_accept_it(open_page, catalogue):
    row = next(
        row
        for row in on_disk("not_a_bar")
        if any(
            item["subject"] == row["device_type"] and item["risk_factor"] == row["risk_factor"]
            for item in on_disk("cautions")
        )
    )
    kind, condition = row["device_type"], row["risk_factor"]
    number = len(acceptances(catalogue, kind, [condition]))
    app = open_page("pages/risks.py", condition=condition)
    name = plain(catalogue.names("device_types")[kind])
    line = next(item for item in app.expander if f"**{name}**" in item.label)
    assert f"{number} statement" in line.label
    assert not line.markdown
    app.session_state[fold_key(f"risks.type.{kind}")] = True
    run(app)
    line = next(item for item in app.expander if f"**{name}**" in item.label)
    drawn = [item.value for item in line.markdown]
    assert any("with " in text and "https://" in text for text in drawn)
    assert sum(text.startswith("- **Another source") for text in drawn) == number


def test_without_a_condition_some_are_offered(open_page, catalogue):
    app = open_page("pages/risks.py")
    buttons = [item for item in app.button if item.key.startswith("risks.start.")]
    chosen = buttons[0].key.removeprefix("risks.start.")
    assert buttons[0].label == plain(conditions(catalogue)[chosen])
    run(buttons[0].click())
    assert link(app) == {"condition": [chosen]}


def test_risk_factors_stand_side_by_side(open_page):
    app = open_page("pages/risks.py", tab="factors", risk_factor=["smoking", "diabetes"])
    tables = [item.proto.body for item in app.get("html")]
    assert any(
        '<th scope="col">Smoking</th>' in body and '<th scope="col">Diabetes</th>' in body
        for body in tables
    )


def test_each_risk_factor_opens_to_all_its_cells_and_sources(open_page, catalogue):
    app = open_page("pages/risks.py", tab="factors")
    body = next(item.proto.body for item in app.get("html") if "legwise-risks" in item.proto.body)
    rows = circulation_risks(catalogue)
    assert body.count("<details>") == len(rows)
    sources = {source for row in rows for source in catalogue.sources(row["source_ids"])}
    assert all(f'href="{source.link}"' in body.replace("&amp;", "&") for source in sources)


def test_a_tab_draws_its_content_only_and_is_in_the_link(open_page):
    app = open_page("pages/risks.py", condition="diabetes")
    widgets = {
        "mine": "conditions",
        "factors": "in_article",
        "effects": "outcome",
        "pathways": "flow",
    }
    for tab, title in RISK_TABS.items():
        app.session_state["risks.tab"] = title
        run(app)
        expected = {"condition": ["diabetes"]} | ({"tab": [tab]} if tab != "mine" else {})
        assert link(app) == expected
        drawn = {item.key for item in (*app.multiselect, *app.toggle, *app.selectbox)}
        assert [name for name, widget in widgets.items() if f"risks.{widget}" in drawn] == [tab]


def test_what_is_chosen_in_a_tab_outlives_a_look_at_another(open_page):
    app = open_page("pages/risks.py", tab="factors")
    run(app.toggle(key="risks.in_article").set_value(True))
    app.session_state["risks.tab"] = RISK_TABS["pathways"]
    run(app)
    run(app.selectbox(key="risks.flow").set_value("varicose_veins"))
    assert link(app) == {"in_article": ["yes"], "flow": ["varicose_veins"], "tab": ["pathways"]}
    app.session_state["risks.tab"] = RISK_TABS["factors"]
    run(app)
    assert app.toggle(key="risks.in_article").value


def test_effects_are_said_in_plain_words_with_numbers_of_100_where_stated(open_page, catalogue):
    app = open_page("pages/risks.py", tab="effects")
    assert not [item for item in app.get("html") if "<figure" in item.proto.body]
    app.session_state[fold_key("risks.said")] = True
    run(app)
    texts = [item.value.replace("\\", "") for item in app.markdown]
    row = catalogue.row("risk_effects", "smoking-ostchega-2007-nhanes-pad60-current-against-never")
    assert any(effect_sentence(catalogue, row) in text for text in texts)
    (drawn,) = [item.proto.body for item in app.get("html") if "<figure" in item.proto.body]
    assert drawn.count('<i class="yes">') == 29 + 15
    assert "about 29 had peripheral neuropathy; of 100 adults in all, about 15" in drawn


@pytest.mark.parametrize("outcome", ["largest", "all", "varicose veins"])
def test_effect_sizes_are_those_of_the_chosen_outcome(open_page, outcome):
    app = open_page("pages/risks.py", tab="effects", outcome=outcome)
    assert app.selectbox(key="risks.outcome").value == outcome
    assert not app.warning
    assert any("A link is not a cause" in item.value.replace("\\", "") for item in app.caption)
