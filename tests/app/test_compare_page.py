"""Compare: what is open, what is drawn when it is opened, and what is offered."""

import pytest

from legwise.answers.side_by_side import compare, key_facts
from tests.app.conftest import link, run
from tests.tables import on_disk
from ui import compare as page
from ui.fold import fold_key

PAIR = ["hyperice-normatec-3", "homedics-hhp-375h"]


def written(app):
    """All HTML of the page."""
    return "".join(item.proto.body for item in app.get("html"))


def opened(app, name):
    """Open a menu or a fold of the page."""
    app.session_state[fold_key(f"compare.{name}")] = True
    return run(app)


def test_the_menu_of_items_offers_the_free_way_and_the_compare_list(open_page):
    app = open_page("pages/find.py", pick=["homedics-hhp-375h"])
    app.query_params.clear()
    run(app.switch_page("pages/compare.py"))
    run(app.button(key="compare.add.Add self-massage by hand").click())
    opened(app, "items")
    run(app.button(key="compare.add.Add the 1 in the compare list").click())
    assert link(app) == {
        "device": ["homedics-hhp-375h"],
        "type": ["self_massage"],
        "order": ["1,0"],
    }


def test_doing_nothing_is_a_column_that_is_found_by_words_and_leads_nowhere(open_page):
    app = open_page("pages/compare.py", type="compression_stockings")
    (offer,) = (
        name for name in app.multiselect(key="compare.items").options if "no device" in name
    )
    assert offer.startswith("Do nothing")
    run(app.button(key="compare.add.Add “do nothing”").click())
    assert link(app) == {"type": ["compression_stockings"], "do": ["nothing"]}
    assert "Without a device: of 100 " in written(app)
    assert "Doing nothing has a risk too" in written(app)
    assert "do?id=" not in written(app)
    # Alone beside it, a type has nothing to differ from: nothing of it is hidden.
    run(app.segmented_control(key="compare.rows").set_value("differences"))
    assert not any("alike in every" in text.value for text in app.caption)
    opened(app, "items")
    run(app.button(key="compare.add.Add self-massage by hand").click())
    assert any("alike in every column but “Do nothing”" in text.value for text in app.caption)
    opened(app, "columns")
    run(app.button(key="compare.out.0").click())
    opened(app, "charts")
    assert link(app)["do"] == ["nothing"]
    assert not app.exception


def test_doing_nothing_is_not_offered_where_no_study_tells_of_it(served, open_page):
    path = served / "absolute_numbers.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("no_device", "other_treatment"), encoding="utf-8")
    app = open_page("pages/compare.py", type="percussion", do="nothing")
    assert "do" not in link(app)
    assert not any("Do nothing" in name for name in app.multiselect(key="compare.items").options)
    assert not any("nothing" in button.label for button in app.button)
    assert any("do not tell what happens without a device" in item.value for item in app.warning)


def test_columns_move_and_come_out(open_page):
    app = open_page("pages/compare.py", type=["percussion", "massage_chair", "self_massage"])
    opened(app, "columns")
    run(app.button(key="compare.Move right.0").click())
    assert link(app)["type"] == ["massage_chair", "percussion", "self_massage"]
    opened(app, "columns")
    run(app.button(key="compare.out.1").click())
    assert link(app)["type"] == ["massage_chair", "self_massage"]


def test_rows_and_units_are_in_the_link_and_hidden_rows_are_counted(open_page, catalogue):
    app = open_page("pages/compare.py", device=PAIR)
    everything = written(app)
    run(app.segmented_control(key="compare.rows").set_value("stated"))
    opened(app, "columns")
    run(app.segmented_control(key="compare.units").set_value("imperial"))
    assert (link(app)["rows"], link(app)["units"]) == (["stated"], ["imperial"])
    assert len(written(app)) < len(everything)
    whole = compare(catalogue, [("device", key) for key in PAIR])
    hidden = whole.size - whole.only("stated").size
    assert any(
        text.value == f"{hidden} of {whole.size} rows are hidden: not stated by all."
        for text in app.caption
    )


def test_an_item_that_says_almost_nothing_is_told(open_page, catalogue):
    poor = next(
        key
        for key in catalogue.keys("devices")
        if catalogue.stated(catalogue.package["devices"], key)[0] == 2
    )
    app = open_page("pages/compare.py", device=[poor, "hyperice-normatec-3"])
    assert "states 2 of 23 facts" in app.warning[0].value


@pytest.mark.parametrize("pair", range(12))
def test_seeded_pairs_compare_on_the_page(open_page, catalogue, pair):
    devices = list(catalogue.keys("devices"))
    chosen = [devices[pair * 17 % len(devices)], devices[(pair * 31 + 5) % len(devices)]]
    app = open_page("pages/compare.py", device=chosen, condition="pregnancy")
    heads, first, *_ = [
        item.proto.body for item in app.get("html") if "legwise-" in item.proto.body[:20]
    ]
    assert heads.count('class="name') == 2
    assert first.count('<th scope="col"') == 3
    assert "Cautions for the chosen conditions" in first


def test_two_products_of_one_name_stay_two(open_page):
    both = ["marnur-foot-spa", "maxkare-foot-spa"]
    app = opened(open_page("pages/compare.py", device=both), "items")
    options = app.multiselect(key="compare.items").options
    assert len(set(options)) == len(options)
    run(app.segmented_control(key="compare.rows").set_value("differences"))
    assert link(app)["device"] == both


def test_other_cautions_and_regulation_are_drawn_when_they_are_opened(open_page):
    app = open_page("pages/compare.py", device=PAIR, condition="pregnancy")
    for title, name in {"All other cautions": "cautions", "Legal class": "official"}.items():
        assert title not in written(app)
        assert title in written(opened(app, f"part.{name}"))


def test_the_names_lead_to_their_pages_with_the_conditions(open_page):
    app = open_page("pages/compare.py", device=PAIR[0], type="percussion", condition="pregnancy")
    for address in (f"device?id={PAIR[0]}", "type?id=percussion"):
        assert f'href="{address}&amp;condition=pregnancy"' in written(app)


def test_a_statement_that_accepts_the_type_is_beside_its_cautions(open_page):
    row = next(row for row in on_disk("not_a_bar") if row["device_type"] == "air_compression")
    app = open_page("pages/compare.py", type="air_compression", condition=row["risk_factor"])
    chosen = written(app).partition("Key facts")[0]
    assert f"Another source: {row['statement']}" in chosen
    assert "Contraindicated" in chosen


def test_key_facts_are_first_those_that_differ(catalogue):
    facts = key_facts(catalogue, compare(catalogue, [("device", key) for key in PAIR]))
    differs = [any(row.marked) for row in facts.rows]
    assert any(differs)
    assert differs == sorted(differs, reverse=True)
    assert all(any(cell.stated for cell in row.cells) for row in facts.rows)


def test_a_long_list_is_searched_and_not_sent(open_page, long_list, monkeypatch):
    monkeypatch.setattr(page, "SHORT_LIST", 20)
    monkeypatch.setattr(page, "MOST_OFFERED", 5)
    app = open_page("pages/compare.py")
    # Every type, and doing nothing.
    types = len(on_disk("device_types", long_list)) + 1
    assert len(app.multiselect(key="compare.items").options) == types + 5
    run(app.text_input(key="compare.search").set_value("normatec"))
    names = app.multiselect(key="compare.items").options[types:]
    assert names
    assert all("Normatec" in name for name in names)
    run(app.multiselect(key="compare.items").set_value([("device", "hyperice-normatec-3-1")]))
    opened(app, "items")
    run(app.text_input(key="compare.search").set_value("boots"))
    # What is chosen stays, whatever is searched for next.
    assert link(app)["device"] == ["hyperice-normatec-3-1"]
