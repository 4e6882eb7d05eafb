"""The find page: filters as menus, a list to pick from, what to ask instead, charts."""

import re
from collections import Counter

import pytest

from legwise.answers.devices import PAGE_SIZE
from legwise.links.filters import facet_key, value_key
from legwise.links.find import FIND
from legwise.tables.descriptor import DESCRIPTOR, SHIPPED
from tests.app.conftest import link, listing, open_part, run, sentence
from tests.tables import ALL, HEATED, number_of, on_disk
from ui.fold import fold_key

FOLD = "find.menu.more"


def open_filter(app, name):
    """Open one of the filters under "More filters"."""
    open_part(app, FOLD)
    return open_part(app, fold_key(f"find.{name}"))


def drawn(app):
    return [item.proto.body for item in app.get("html")]


def relaxations(app):
    return {
        button.label.replace("\\", ""): button
        for button in app.button
        if button.key and button.key.startswith("find.relax.")
    }


def test_find_opens_filtered_and_says_so_with_the_count_of_the_csv(open_page):
    expected = number_of("devices", heat="yes", remote_control="yes")
    app = open_page("pages/find.py", heat="yes", remote_control="yes")
    assert sentence(app) == f"{expected} of {ALL} devices with heat and a remote control"
    assert app.button(key="find.quick.heat").label == r"Heat\: yes"


def test_closed_menus_draw_nothing_and_keep_what_was_chosen(open_page):
    app = open_page("pages/find.py", heat="yes", weight_kg="..8", device_type="foot_bath")
    assert not app.checkbox
    assert not app.sidebar.checkbox
    open_part(app, "find.menu.device_type")
    assert app.checkbox(key=value_key("find", "device_type", "foot_bath")).value is True
    open_part(app, "find.menu.body_areas")
    app.session_state["find.menu.device_type"] = False
    run(app)
    assert not any("device_type" in (box.key or "") for box in app.checkbox)
    assert link(app) == {"heat": ["yes"], "weight_kg": ["..8"], "device_type": ["foot_bath"]}


def test_the_descriptor_says_which_filters_stand_above_the_list(open_page, served):
    text = (SHIPPED / DESCRIPTOR).read_text(encoding="utf-8")
    before, name, after = text.partition('"name": "washable",')
    after = after.replace('"title"', '"legwise:quick": true, "title"', 1)
    (served / DESCRIPTOR).write_text(before + name + after, encoding="utf-8")
    app = open_page("pages/find.py")
    assert app.button(key="find.quick.washable").label.startswith("Washable (")


def test_a_switch_filters_counts_and_goes_into_the_link_and_comes_off(open_page, index, scope):
    app = open_page("pages/find.py")
    assert app.button(key="find.quick.heat").label == f"Heat ({HEATED})"
    run(app.button(key="find.quick.heat").click())
    state, _ = FIND.decode(link(app), scope)
    assert sentence(app) == f"{index.ask(state.query).total} of {ALL} devices with heat"
    assert link(app) == {"heat": ["yes"]}
    run(app.button(key="find.quick.heat").click())
    assert link(app) == {}


def test_a_family_ticks_all_its_types(open_page, catalogue):
    app = open_part(open_page("pages/find.py"), "find.menu.device_type")
    family = next(box for box in app.checkbox if "Foot and calf machines" in box.label)
    types = [row for row in on_disk("device_types") if row["family"] == "foot_and_calf"]
    ids = {row["device_type"] for row in types}
    expected = sum(row["device_type"] in ids for row in on_disk("devices"))
    assert family.label == f"Foot and calf machines ({expected})"
    run(family.check())
    assert set(link(app)["device_type"]) == ids
    assert sentence(app).startswith(f"{expected} of {ALL} devices of type ")
    run(app.checkbox(key=value_key("find", "device_type", min(ids))).uncheck())
    assert app.checkbox(key=family.key).value is False


def test_a_value_that_gives_nothing_is_greyed_in_place(open_page):
    app = open_page("pages/find.py", heat="yes", device_type="compression_stockings")
    open_filter(app, "cordless")
    box = app.checkbox(key=value_key("find", "cordless", "yes"))
    assert box.label == "yes (0)"
    assert box.disabled
    assert app.button(key="find.quick.remote_control").disabled


def test_not_stated_is_a_choice_with_its_count(open_page, catalogue):
    app = open_filter(open_page("pages/find.py"), "heat")
    missing = int(catalogue["devices"]["heat"].isna().sum())
    box = app.checkbox(key=value_key("find", "heat", "not_stated"))
    assert box.label == f"not stated ({missing})"
    run(box.check())
    assert sentence(app) == f"{missing} of {ALL} devices, heat not stated"


def test_filters_come_off_by_switch_menu_and_chip_and_all_at_once(open_page):
    app = open_page(
        "pages/find.py", heat="yes", device_type="foot_bath", weight_kg="..90", q="foot"
    )
    run(app.button(key="find.drop.weight_kg").click())
    open_part(app, "find.menu.device_type")
    run(app.button(key="find.drop.device_type").click())
    assert link(app) == {"heat": ["yes"], "q": ["foot"]}
    run(app.button(key="find.clear").click())
    assert link(app) == {"q": ["foot"]}


def test_no_result_offers_each_single_step_and_the_nearest_types(open_page):
    app = open_page("pages/find.py", heat="yes", device_type="compression_stockings")
    assert sentence(app).startswith(f"0 of {ALL} devices")
    steps = relaxations(app)
    drop = steps[f"Drop “of type Compression stockings”: {HEATED} devices"]
    types = Counter(row["device_type"] for row in on_disk("devices") if row["heat"] == "yes")
    near = [step for step in steps if step.endswith("with heat")]
    assert near
    assert int(re.search(r": (\d+) device", near[0])[1]) == max(types.values())
    run(drop.click())
    assert sentence(app) == f"{HEATED} of {ALL} devices with heat"
    assert not relaxations(app)


def test_a_symptom_searched_among_devices_leads_to_its_page(open_page):
    app = open_page("pages/find.py", q="heavy legs")
    assert sentence(app).startswith(f"0 of {ALL} devices")
    assert any('href="symptoms?symptom=fatigue"' in part for part in drawn(app))
    # Words that no page has lead nowhere, and a list that is not empty leads to its products.
    for words in ("zzyzx", "foot"):
        app = open_page("pages/find.py", q=words)
        assert not any('class="legwise-hits"' in part for part in drawn(app))


def test_a_near_type_is_asked_for_by_its_button(open_page):
    app = open_page("pages/find.py", heat="yes", device_type="compression_stockings")
    words, button = next(item for item in relaxations(app).items() if item[0].endswith("with heat"))
    run(button.click())
    assert link(app)["heat"] == ["yes"]
    assert link(app)["device_type"] != ["compression_stockings"]
    assert sentence(app).split(" ")[0] == re.search(r": (\d+) device", words)[1]


def test_what_is_not_stated_is_offered_for_a_number_too(open_page):
    app = open_page("pages/find.py", price_usd="..1")
    missing = number_of("devices", price_usd="")
    run(relaxations(app)[f"Include those that do not state price: {missing} devices"].click())
    assert link(app)["price_usd"] == ["..1", "not_stated"]


def test_a_number_range_filters_and_a_reversed_one_is_said_not_applied(open_page):
    app = open_filter(open_page("pages/find.py"), "weight_kg")
    run(app.number_input(key=facet_key("find", "weight_kg", "high")).set_value(1.0))
    assert link(app)["weight_kg"] == ["..1"]
    run(app.number_input(key=facet_key("find", "weight_kg", "low")).set_value(5.0))
    assert "above the upper bound" in app.error[0].value
    assert "weight_kg" not in link(app)


def test_a_bound_of_zero_is_a_bound_and_a_blank_box_takes_no_part_in_the_session(open_page):
    app, low = open_page("pages/find.py"), facet_key("find", "weight_kg", "low")
    boxes = [
        key for key in app.session_state._state.filtered_state if key.endswith((".low", ".high"))
    ]
    assert not boxes
    open_filter(app, "weight_kg")
    run(app.number_input(key=low).set_value(0.0))
    assert link(app)["weight_kg"] == ["0.."]
    for is_open in (False, True):
        app.session_state[fold_key("find.weight_kg")] = is_open
        assert link(run(app))["weight_kg"] == ["0.."]
    assert app.number_input(key=low).value == 0
    run(app.number_input(key=low).set_value(None))
    assert "weight_kg" not in link(app)
    for is_open in (False, True):
        app.session_state[fold_key("find.weight_kg")] = is_open
        assert "weight_kg" not in link(run(app))
    assert app.number_input(key=low).value is None


def test_a_bound_of_zero_from_a_link_does_not_come_back_once_it_is_cleared(open_page):
    app, low = open_page("pages/find.py", weight_kg="0.."), facet_key("find", "weight_kg", "low")
    open_filter(app, "weight_kg")
    run(app.number_input(key=low).set_value(None))
    app.session_state[fold_key("find.weight_kg")] = False
    assert "weight_kg" not in link(run(app))


def test_a_budget_below_the_lower_bound_takes_its_place(open_page):
    app = open_page("pages/find.py", price_usd="200..")
    run(app.number_input(key="find.budget").set_value(100.0))
    assert link(app)["price_usd"] == ["..100"]
    assert link(run(app))["price_usd"] == ["..100"]
    run(app.number_input(key="find.budget").set_value(None))
    assert "price_usd" not in link(app)


def test_bands_say_how_many_state_the_number_and_set_its_bounds(open_page):
    app = open_filter(open_page("pages/find.py"), "weight_kg")
    stated = [float(row["weight_kg"]) for row in on_disk("devices") if row["weight_kg"]]
    assert any(
        item.value.replace("\\", "").startswith(f"{len(stated)} of {ALL} state weight: ")
        for item in app.markdown
    )
    bands = [button for button in app.button if ".weight_kg.band-" in (button.key or "")]
    counts = [int(re.search(r"\((\d+)\)", band.label)[1]) for band in bands]
    assert sum(counts) == len(stated)
    run(bands[-1].click())
    assert sentence(app).startswith(f"{counts[-1]} of {ALL} devices with weight at least")
    low = app.number_input(key=facet_key("find", "weight_kg", "low")).value
    assert sum(weight >= low for weight in stated) == counts[-1]
    run(app.button(key=bands[-1].key).click())
    assert "weight_kg" not in link(app)


def test_the_price_is_limited_beside_the_search_and_in_its_menu_alike(open_page):
    app = open_page("pages/find.py")
    run(app.number_input(key="find.budget").set_value(150.0))
    assert link(app)["price_usd"] == ["..150"]
    open_part(app, "find.menu.price_usd")
    box = app.number_input(key=facet_key("find", "price_usd", "high"))
    assert box.value == 150
    run(box.set_value(90.0))
    assert app.number_input(key="find.budget").value == 90


def test_conditions_mark_and_hide_nothing(open_page):
    app = open_page("pages/find.py", condition="diabetes")
    assert sentence(app) == f"{ALL} of {ALL} devices"
    assert listing(app).count('class="caution"') == ALL


def test_paging_starts_again_with_a_new_question(open_page, long_list):
    app = open_page("pages/find.py", page="3")
    assert link(app)["page"] == ["3"]
    run(app.button(key="find.quick.heat").click())
    assert "page" not in link(app)


def test_filters_survive_a_visit_to_another_page(open_page):
    app = open_page("pages/find.py", heat="yes")
    app.query_params.clear()
    run(app.switch_page("pages/data.py"))
    app.query_params.clear()
    run(app.switch_page("pages/find.py"))
    assert link(app)["heat"] == ["yes"]


def test_an_unknown_value_in_a_link_is_dropped_and_said(open_page):
    app = open_page("pages/find.py", heat="maybe", remote_control="yes")
    assert "maybe" in app.warning[0].value
    assert "with a remote control" in sentence(app)


def test_text_of_a_link_is_not_drawn_as_markdown(open_page):
    app = open_page("pages/find.py", heat="**bold** [x](https://e.org)")
    assert r"\*\*bold\*\*" in app.warning[0].value
    assert r"\[x\]\(https" in app.warning[0].value


def test_a_click_that_left_before_the_link_arrived_is_not_taken_for_back(open_page):
    app = open_page("pages/find.py")
    run(app.button(key="find.quick.heat").click())
    # The browser still has the old, empty link when the next click leaves it.
    app.query_params.clear()
    run(app.button(key="find.quick.remote_control").click())
    assert link(app) == {"heat": ["yes"], "remote_control": ["yes"]}


def test_a_link_that_changes_without_a_click_is_back(open_page):
    app = open_page("pages/find.py")
    run(app.button(key="find.quick.heat").click())
    app.query_params.clear()
    run(app)
    assert sentence(app) == f"{ALL} of {ALL} devices"


def test_whole_number_columns_take_links_with_fractions(open_page):
    app = open_filter(open_page("pages/find.py", intensity_levels="2.5..6.5"), "intensity_levels")
    assert link(app)["intensity_levels"] == ["3..6"]
    assert app.number_input(key=facet_key("find", "intensity_levels", "low")).value == 3


def test_every_name_and_type_is_a_link_and_the_views_show_the_same_devices(open_page, long_list):
    listed = {}
    for view in ("table", "cards"):
        body = listing(open_page("pages/find.py", heat="yes", view=view))
        listed[view] = re.findall(r'href="device\?id=([^"&]+)', body)
        assert len(listed[view]) == PAGE_SIZE
        assert len(re.findall(r'href="type\?id=', body)) == PAGE_SIZE
        assert re.findall(r'data-device="([^"]+)"', body) == listed[view]
    assert listed["table"] == listed["cards"]


def test_a_card_shows_first_what_was_asked_for(open_page):
    body = listing(open_page("pages/find.py", view="cards", remote_control="yes"))
    facts = re.search(r'<p class="facts">(.*?)</p>', body, re.DOTALL)[1]
    assert re.sub(r"<.*?>", "", facts).strip().startswith("Remote control: yes")


def test_charts_start_with_prices_by_type_and_open_one_by_one(open_page):
    app = open_page("pages/find.py", view="charts")
    assert app.subheader[0].value == "Price by type"
    assert len(app.get("plotly_chart")) == 1
    open_part(app, fold_key("find.chart.feature"))
    assert len(app.get("plotly_chart")) == 2


def test_a_link_to_another_chart_opens_it(open_page):
    app = open_page("pages/find.py", view="charts", feature="cordless")
    assert len(app.get("plotly_chart")) == 2
    assert any(box.label == "Cordless by type" for box in app.expander)


def test_a_chart_of_few_points_says_so_and_names_pairs_that_have_more(open_page, long_list):
    app = open_page("pages/find.py", view="charts", x="weight_kg", y="noise_db", heat="yes")
    assert any("too few to see a pattern" in item.value for item in app.warning)
    assert any("Pairs that more devices state" in item.value for item in app.markdown)


def test_columns_of_choice_survive_a_look_at_the_charts(open_page):
    def heads(app):
        return re.findall(r'<th scope="col"[^>]*>([^<]*)<', listing(app))

    app = open_page("pages/find.py", column=["heat", "noise_db"])
    usual = ["Compare", "Device", "Heat", "Noise (dB)", "Facts stated"]
    assert heads(app) == usual
    run(app.segmented_control(key="find.view").set_value("charts"))
    run(app.segmented_control(key="find.view").set_value("table"))
    assert link(app)["column"] == ["heat", "noise_db"]
    assert heads(app) == usual


def test_what_is_picked_survives_other_filters_and_leads_to_compare(open_page):
    app = open_page("pages/find.py", pick=["hyperice-normatec-3", "homedics-hhp-375h"])
    run(app.button(key="find.quick.heat").click())
    assert link(app)["pick"] == ["hyperice-normatec-3", "homedics-hhp-375h"]
    assert any("Compare these 2" in item.proto.label for item in app.get("page_link"))
    run(app.button(key="find.unpick.homedics-hhp-375h").click())
    assert link(app)["pick"] == ["hyperice-normatec-3"]
    run(app.button(key="find.unpick").click())
    assert "pick" not in link(app)


def test_the_order_survives_a_question_without_an_answer(open_page):
    app = open_page(
        "pages/find.py", sort="-weight_kg", heat="yes", device_type="compression_stockings"
    )
    run(app.button(key="find.relax.0").click())
    assert link(app)["sort"] == ["-weight_kg"]


def test_searching_within_a_long_facet_narrows_its_list(open_page, long_list):
    app = open_filter(open_page("pages/find.py"), "brand")
    shown = [box.key for box in app.checkbox if box.key.startswith("find.brand.value.")]
    assert len(shown) < 16
    run(app.text_input(key=facet_key("find", "brand", "search")).set_value("SHARPER"))
    brands = Counter(
        row["brand"] for row in on_disk("devices", long_list) if "sharper" in row["brand"].lower()
    )
    assert len(brands) > 1
    offered = [
        box.key.removeprefix("find.brand.value.")
        for box in app.checkbox
        if box.key.startswith("find.brand.value.")
    ]
    assert sorted(offered) == sorted(brands)
    assert [brands[brand] for brand in offered] == sorted(brands.values(), reverse=True)


@pytest.mark.parametrize("view", ["table", "cards", "charts"])
def test_no_list_of_all_names_leaves_the_server(open_page, long_list, view):
    app = open_page("pages/find.py", view=view)
    for key in ("find.menu.order", "find.menu.columns"):
        open_part(app, key)
    names = {row["model"] for row in on_disk("devices", long_list)}
    for box in (*app.selectbox, *app.multiselect):
        assert not names.intersection(box.options)
