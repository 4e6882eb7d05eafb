"""Every page × empty, deep link, hostile link; then what each page is for."""

import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from legwise.links.explore import filters_key
from legwise.links.filters import facet_key, value_key
from legwise.links.find import FIND
from legwise.rules.shortlist import Wish, rank_device_types
from legwise.text.markup import plain
from tests.app.conftest import link, run
from tests.packages import SMALL
from tests.tables import ALL, HEATED, number_of, on_disk
from tests.unit.test_check import edit
from ui.page import PAGES

DEEP: dict[str, dict[str, Any]] = {
    "app.py": {},
    "pages/explore.py": {
        "table": "findings_with_sources",
        "group": ["design", "direction"],
        "chart": "heat_map",
        "where.year": "2015..",
        "where.population_group": ["circulation_condition", "healthy"],
    },
    "pages/find.py": {
        "heat": "yes",
        "remote_control": "yes",
        "weight_kg": ["..20", "not_stated"],
        "condition": "diabetes",
        "sort": "-weight_kg",
    },
    "pages/compare.py": {
        "device": ["hyperice-normatec-3", "homedics-hhp-375h"],
        "type": "self_massage",
        "condition": "pregnancy",
        "rows": "differences",
        "units": "imperial",
        "order": "2,0,1",
    },
    "pages/symptoms.py": {
        "subject": "compression_stockings",
        "symptom": "swelling",
        "level": "2",
        "people": ["circulation_condition", "pregnancy"],
        "direct": "yes",
        "year_from": "2010",
        "claims": "no",
        "view": "bubbles",
    },
    "pages/risks.py": {
        "condition": ["diabetes", "pregnancy"],
        "kind": "lifestyle",
        "tab": "factors",
    },
    "pages/match.py": {
        "signs": "none",
        "symptom": ["swelling", "pain"],
        "condition": "diabetes",
        "budget": "200",
        "by": "device",
    },
    "pages/data.py": {"table": "evidence"},
    "pages/device.py": {"id": "hyperice-normatec-3", "condition": "diabetes"},
    "pages/type.py": {"id": "air_compression", "condition": "diabetes"},
}
HOSTILE = [
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "'; DROP TABLE devices;--",
    "\x00",
    "💥" * 500,
    "..",
    "1e999..",
    "[x](javascript:alert(1))",
]
NAMES = [
    "heat",
    "device_type",
    "weight_kg",
    "q",
    "sort",
    "page",
    "condition",
    "device",
    "type",
    "subject",
    "symptom",
    "table",
    "kind",
    "view",
    "pick",
    "id",
    "<b>",
]


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_page_opens_empty(open_page, path):
    app = open_page(path)
    assert app.title[0].value
    assert not app.warning
    assert any("not proof of safety" in caption.value for caption in app.caption)


@pytest.mark.parametrize("path", DEEP)
def test_page_opens_from_a_deep_link_and_keeps_it(open_page, path):
    app = open_page(path, **DEEP[path])
    assert not app.warning
    for name, value in DEEP[path].items():
        assert link(app)[name] == (value if isinstance(value, list) else [value])


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_page_survives_a_hostile_link(open_page, path, value):
    app = open_page(path, **{name: [value, value] for name in NAMES})
    if path != "app.py":
        assert "could not be applied" in app.warning[0].value


def sentence(app):
    return app.header[0].value.replace("\\", "")


def test_find_opens_filtered_and_says_so_with_the_count_of_the_csv(open_page):
    expected = number_of("devices", heat="yes", remote_control="yes")
    app = open_page("pages/find.py", heat="yes", remote_control="yes")
    assert (
        sentence(app) == f"{expected} of {ALL} devices where heat is yes and remote control is yes"
    )
    assert app.checkbox(key=value_key("find", "heat", "yes")).value is True
    assert app.checkbox(key=value_key("find", "heat", "yes")).label == f"yes ({expected})"


def test_ticking_a_box_filters_counts_and_goes_into_the_link(open_page, index, scope):
    app = open_page("pages/find.py")
    run(app.checkbox(key=value_key("find", "heat", "yes")).check())
    state, _ = FIND.decode(link(app), scope)
    assert sentence(app) == f"{index.ask(state.query).total} of {ALL} devices where heat is yes"
    assert link(app)["heat"] == ["yes"]


def test_a_value_that_gives_nothing_is_greyed_in_place(open_page):
    app = open_page("pages/find.py", heat="yes", device_type="compression_stockings")
    box = app.checkbox(key=value_key("find", "cordless", "yes"))
    assert box.label == "yes (0)"
    assert box.disabled


def test_not_stated_is_a_choice_with_its_count(open_page, catalogue):
    app = open_page("pages/find.py")
    missing = int(catalogue["devices"]["heat"].isna().sum())
    assert (
        app.checkbox(key=value_key("find", "heat", "not_stated")).label == f"not stated ({missing})"
    )
    run(app.checkbox(key=value_key("find", "heat", "not_stated")).check())
    assert sentence(app) == f"{missing} of {ALL} devices where heat is not stated"


def test_a_chip_takes_its_filter_off_and_clear_takes_all_off(open_page):
    app = open_page("pages/find.py", heat="yes", remote_control="yes", q="chair")
    run(app.button(key="find.drop.heat").click())
    assert "heat" not in link(app)
    assert app.checkbox(key=value_key("find", "heat", "yes")).value is False
    assert link(app)["remote_control"] == ["yes"]
    run(app.button(key="find.clear").click())
    assert link(app) == {"q": ["chair"]}


def test_no_result_names_the_filter_to_drop_and_what_that_gives(open_page):
    app = open_page("pages/find.py", heat="yes", device_type="compression_stockings")
    assert app.info[0].value == "No devices match these filters."
    button = app.button(key="find.relax")
    assert (
        button.label.replace("\\", "")
        == f"Drop the filter: type is Compression stockings → {HEATED} devices"
    )
    run(button.click())
    assert sentence(app) == f"{HEATED} of {ALL} devices where heat is yes"


def test_a_number_range_filters_and_a_reversed_one_is_said_not_applied(open_page):
    app = open_page("pages/find.py")
    run(app.number_input(key=facet_key("find", "weight_kg", "high")).set_value(1.0))
    assert link(app)["weight_kg"] == ["..1"]
    run(app.number_input(key=facet_key("find", "weight_kg", "low")).set_value(5.0))
    assert "above the upper bound" in app.error[0].value
    assert "weight_kg" not in link(app)


def test_conditions_mark_and_hide_nothing(open_page):
    app = open_page("pages/find.py", condition="diabetes")
    assert sentence(app) == f"{ALL} of {ALL} devices"
    assert "For my conditions" in app.dataframe[0].value.columns


def test_paging_starts_again_with_a_new_question(open_page, long_list):
    app = open_page("pages/find.py", page="3")
    assert link(app)["page"] == ["3"]
    run(app.checkbox(key=value_key("find", "heat", "yes")).check())
    assert "page" not in link(app)


def test_filters_survive_a_visit_to_another_page(open_page):
    app = open_page("pages/find.py", heat="yes")
    app.query_params.clear()
    run(app.switch_page("pages/risks.py"))
    app.query_params.clear()
    run(app.switch_page("pages/find.py"))
    assert link(app)["heat"] == ["yes"]


def test_an_unknown_value_in_a_link_is_dropped_and_said(open_page):
    app = open_page("pages/find.py", heat="maybe", remote_control="yes")
    assert "maybe" in app.warning[0].value
    assert "remote control is yes" in sentence(app)


def test_text_of_a_link_is_not_drawn_as_markdown(open_page):
    app = open_page("pages/find.py", heat="**bold** [x](https://e.org)")
    assert r"\*\*bold\*\*" in app.warning[0].value
    assert r"\[x\]\(https" in app.warning[0].value


def written(app):
    """All HTML of a page."""
    return "".join(item.proto.body for item in app.get("html"))


def test_compare_shows_the_table_and_suggests_something_when_empty(open_page):
    app = open_page("pages/compare.py")
    assert "Choose at least two" in app.info[0].value
    app = open_page("pages/compare.py", device=["hyperice-normatec-3", "gone"])
    assert "gone" in app.warning[0].value
    assert "Add one more" in app.info[0].value
    body = written(app)
    assert 'scope="col"' in body
    assert "Normatec 3 Legs" in body


@pytest.mark.parametrize("second", ["air-relax-ar-2-0", "truform-8865-20-30", "theragun-pro-g4"])
def test_any_two_devices_compare_on_the_page(open_page, second):
    app = open_page("pages/compare.py", device=["hyperice-normatec-3", second])
    assert "Evidence by symptom" in written(app)
    assert any(fold.label.startswith("**Cautions**") for fold in app.expander)


def test_data_page_shows_every_table(open_page, package):
    app = open_page("pages/data.py")
    for table in package.tables:
        run(app.selectbox(key="data.table").set_value(table.name))
        assert len(app.dataframe[0].value.columns) == len(table.fields)


def test_two_visitors_do_not_see_each_others_state(open_page):
    first = open_page("pages/find.py", heat="yes", condition="diabetes")
    second = open_page("pages/find.py")
    assert sentence(second) == f"{ALL} of {ALL} devices"
    assert link(second) == {}
    assert "heat is yes" in sentence(first.run())


def test_faulty_tables_are_listed_by_line_and_no_trace_is_shown(open_page, copied, monkeypatch):
    edit(copied, "devices", 0, washable="maybe")
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    app = open_page("pages/find.py")
    assert app.error[0].value.startswith("The tables hold 1 fault and cannot be shown.")
    assert app.dataframe[0].value.iloc[0]["Value"] == "maybe"


def test_a_missing_folder_is_said(open_page, monkeypatch, tmp_path):
    monkeypatch.setenv("LEGWISE_DATA", str(tmp_path / "nowhere"))
    app = open_page("app.py")
    assert "could not be read" in app.error[0].value


def test_an_edited_table_shows_without_a_restart(open_page, copied, monkeypatch):
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    app = open_page("pages/symptoms.py", symptom="pain")
    path = copied / "symptoms.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Leg pain", "Sore legs"), encoding="utf-8"
    )
    run(app)
    assert any("Sore legs" in item.value for item in app.markdown)


def test_a_link_that_leads_nowhere_in_the_data_folder_takes_no_page_down(
    open_page, copied, monkeypatch
):
    """Editors make such links beside a file that is open."""
    (copied / ".#devices.csv").symlink_to("someone@somewhere.123")
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    assert not open_page("pages/symptoms.py").error


def test_a_file_that_vanishes_while_the_data_folder_is_read_takes_no_page_down(
    open_page, copied, monkeypatch
):
    (copied / "gone.tmp").touch()
    stat = Path.stat

    def vanishing(path, **options):
        if path.name == "gone.tmp":
            path.unlink(missing_ok=True)
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", vanishing)
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    assert not open_page("pages/symptoms.py").error


def test_a_table_that_is_a_link_to_nowhere_is_said(open_page, copied, monkeypatch):
    (copied / "symptoms.csv").unlink()
    (copied / "symptoms.csv").symlink_to("nowhere.csv")
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    app = open_page("pages/symptoms.py")
    assert app.error
    assert "symptoms.csv" in set(app.dataframe[0].value["File"])


def test_a_click_that_left_before_the_link_arrived_is_not_taken_for_back(open_page):
    app = open_page("pages/find.py")
    run(app.checkbox(key=value_key("find", "heat", "yes")).check())
    # The browser still has the old, empty link when the next click leaves it.
    app.query_params.clear()
    run(app.checkbox(key=value_key("find", "remote_control", "yes")).check())
    assert link(app) == {"heat": ["yes"], "remote_control": ["yes"]}


def test_a_link_that_changes_without_a_click_is_back(open_page):
    app = open_page("pages/find.py")
    run(app.checkbox(key=value_key("find", "heat", "yes")).check())
    app.query_params.clear()
    run(app)
    assert sentence(app) == f"{ALL} of {ALL} devices"
    assert app.checkbox(key=value_key("find", "heat", "yes")).value is False


def test_a_slider_moves_the_typed_bounds_and_the_other_way_round(open_page):
    app = open_page("pages/find.py", weight_kg="..8")
    low, high = app.slider(key=facet_key("find", "weight_kg", "slider")).value
    assert high == 8.0
    run(app.slider(key=facet_key("find", "weight_kg", "slider")).set_range(low, 5.0))
    assert link(app)["weight_kg"] == ["..5"]
    assert app.number_input(key=facet_key("find", "weight_kg", "high")).value == 5.0


def test_whole_number_columns_take_links_with_fractions(open_page):
    app = open_page("pages/find.py", intensity_levels="2.5..6.5")
    assert link(app)["intensity_levels"] == ["3..6"]
    assert app.number_input(key=facet_key("find", "intensity_levels", "low")).value == 3


def test_views_show_the_same_devices(open_page, long_list):
    app = open_page("pages/find.py", heat="yes", view="charts")
    assert {item.value.replace("\\", "") for item in app.subheader} >= {
        "Heat by type",
        "How much is stated",
    }
    run(app.segmented_control(key="find.view").set_value("cards"))
    assert link(app)["view"] == ["cards"]
    assert sum("Source page" in item.value for item in app.markdown) == 25


def rewritten(folder, table, **cells):
    """Write those cells into every row of a table of the folder."""
    path = folder / f"{table}.csv"
    pd.read_csv(path, dtype="str", keep_default_na=False).assign(**cells).to_csv(path, index=False)


def test_products_read_in_a_round_up_are_marked_in_list_cards_comparison_and_shortlist(
    open_page, served, package
):
    rewritten(served, "devices", provenance="roundup", summary="Made for the test.")
    label = package["devices"]["provenance"].labels["roundup"]
    app = open_page("pages/find.py")
    assert app.dataframe[0].value["Notes"].str.contains(label).all()
    assert (app.dataframe[0].value["In short"] == "Made for the test.").all()
    run(app.segmented_control(key="find.view").set_value("cards"))
    assert sum(item.value == f"! {plain(label)}" for item in app.caption) == ALL
    assert sum(item.value == plain("Made for the test.") for item in app.markdown) == ALL
    app = open_page("pages/compare.py", device=[row["device_id"] for row in on_disk("devices")[:2]])
    assert written(app).count("Made for the test.") == written(app).count(f"! {label}") == 2
    for more, told in (
        ({}, ": Made for the test."),
        ({"feature": "heat"}, ": heat not stated"),
        ({"condition": "diabetes"}, ": × Contraindicated with"),
    ):
        app = open_page("pages/match.py", signs="none", symptom="swelling", **more)
        lines = [line for item in app.markdown for line in item.value.splitlines()]
        assert any(f"! {plain(label)}{plain(told)}" in line for line in lines), told


def test_columns_of_choice_survive_a_look_at_the_charts(open_page):
    app = open_page("pages/find.py", column=["heat", "noise_db"])
    assert list(app.dataframe[0].value.columns)[1:4] == ["In short", "Heat", "Noise (dB)"]
    run(app.segmented_control(key="find.view").set_value("charts"))
    run(app.segmented_control(key="find.view").set_value("table"))
    assert link(app)["column"] == ["heat", "noise_db"]
    assert list(app.dataframe[0].value.columns)[1:4] == ["In short", "Heat", "Noise (dB)"]


def test_the_tray_survives_other_filters_and_leads_to_compare(open_page):
    app = open_page("pages/find.py", pick=["hyperice-normatec-3", "homedics-hhp-375h"])
    run(app.checkbox(key=value_key("find", "heat", "yes")).check())
    assert link(app)["pick"] == ["hyperice-normatec-3", "homedics-hhp-375h"]
    assert any("Compare these 2" in item.proto.label for item in app.get("page_link"))


def test_the_order_survives_a_question_without_an_answer(open_page):
    app = open_page(
        "pages/find.py", sort="-weight_kg", heat="yes", device_type="compression_stockings"
    )
    run(app.button(key="find.relax").click())
    assert link(app)["sort"] == ["-weight_kg"]


def test_searching_within_a_long_facet_narrows_its_list(open_page, long_list):
    app = open_page("pages/find.py")
    shown = [box.key for box in app.checkbox if box.key.startswith("find.brand.value.")]
    assert len(shown) < 16
    run(app.text_input(key=facet_key("find", "brand", "search")).set_value("SHARPER"))
    brands = Counter(
        row["brand"] for row in on_disk("devices", long_list) if "sharper" in row["brand"].lower()
    )
    assert len(brands) > 1
    found = [
        box.key.removeprefix("find.brand.value.")
        for box in app.checkbox
        if box.key.startswith("find.brand.value.")
    ]
    assert sorted(found) == sorted(brands)
    assert [brands[brand] for brand in found] == sorted(brands.values(), reverse=True)


def test_signs_come_before_any_ranking(open_page):
    app = open_page("pages/match.py", symptom="swelling")
    assert "warning signs first" in app.info[0].value
    run(app.radio(key="match.signs").set_value("some"))
    assert "Do not use a device" in app.error[0].value
    assert not app.header
    run(app.radio(key="match.signs").set_value("none"))
    assert app.header[0].value == "Your shortlist"
    assert link(app) == {"signs": ["none"], "symptom": ["swelling"]}


def test_the_shortlist_on_the_page_is_the_cores_own(open_page, catalogue):
    app = open_page(
        "pages/match.py",
        signs="none",
        symptom="swelling",
        condition="varicose_veins",
        feature="heat",
        budget="200",
    )
    said = [item.value.replace("\\", "") for item in app.markdown]
    matches = rank_device_types(
        catalogue, Wish(("swelling",), ("varicose_veins",), ("heat",), 200.0)
    )
    heads = [
        text.strip("*").replace("× ", "") for text in said if re.match(r"\*\*(× )?\d+\. ", text)
    ]
    assert heads == [f"{place}. {match.name}" for place, match in enumerate(matches, 1)]


def test_a_type_without_a_needed_feature_says_so_on_the_page(open_page):
    app = open_page("pages/match.py", signs="none", symptom="swelling", feature="heat")
    said = [item.value.replace("\\", "") for item in app.markdown]
    assert "- No product of this type states heat." in said


@pytest.fixture(scope="module")
def hardly_anything(tmp_path_factory):
    """The small package with one product and no claims; one for all pages, so that it is loaded
    once.
    """
    folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("hardly") / "data"))
    for table, lines in (("devices", 2), ("claims", 1), ("not_a_bar", 1), ("risk_effects", 1)):
        path = folder / f"{table}.csv"
        path.write_text(
            "\n".join(path.read_text(encoding="utf-8").splitlines()[:lines]) + "\n",
            encoding="utf-8",
        )
    return folder


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_every_page_opens_on_a_catalogue_with_hardly_anything(
    open_page, hardly_anything, monkeypatch, path
):
    monkeypatch.setenv("LEGWISE_DATA", str(hardly_anything))
    params = {
        "pages/match.py": {"signs": "none", "symptom": "pain"},
        "pages/find.py": {"view": "charts"},
    }.get(path, {})
    app = open_page(path, **params)
    words = [item.value for item in (*app.header, *app.markdown)] + [
        item.label for item in app.expander
    ]
    words += [option for item in app.selectbox for option in item.options]
    assert not [
        text
        for text in words
        if re.search(r"(?<![\d,.])1 (faults|devices|rows|results|findings|groups)\b", text)
    ]


@pytest.mark.parametrize("path", [page.path for page in PAGES if page.path != "app.py"])
def test_a_look_at_the_home_page_loses_nothing_and_breaks_nothing(open_page, path):
    app = open_page(path, **DEEP[path])
    before = link(app)
    for there in ("app.py", path):
        app.query_params.clear()
        run(app.switch_page(there))
    assert link(app) == before


def test_brands_named_like_parts_of_the_page_do_no_harm(open_page, copied, monkeypatch):
    path = copied / "devices.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(",Beurer,", ",all,").replace(",HoMedics,", ",search,"), encoding="utf-8"
    )
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    app = open_page("pages/find.py", brand=["all", "search"])
    assert "brand is all or search" in sentence(app)


def test_a_list_without_any_device_says_so(open_page, copied, monkeypatch):
    path = copied / "devices.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    assert open_page("pages/find.py").info[0].value == "No devices match these filters."


def test_explore_follows_its_widgets_and_offers_only_what_is_possible(open_page, long_list):
    app = open_page("pages/explore.py")
    assert app.header[0].value == "Devices by type\\: number of rows"
    assert app.selectbox(key="explore.chart").options == ["Bars", "Treemap", "Sunburst"]
    run(app.multiselect(key="explore.group").set_value(["device_type", "heat"]))
    assert app.selectbox(key="explore.chart").options == [
        "Stacked bars",
        "Bars",
        "Heat map",
        "Treemap",
        "Sunburst",
    ]
    run(app.selectbox(key="explore.chart").set_value("heat_map"))
    run(app.selectbox(key="explore.aggregate").set_value("median"))
    assert app.selectbox(key="explore.measure").value
    run(app.selectbox(key="explore.measure").set_value("price_usd"))
    assert app.header[0].value == "Devices by type and heat\\: median of price \\(USD\\)"
    expected = {
        "group": ["device_type", "heat"],
        "chart": ["heat_map"],
        "aggregate": ["median"],
        "measure": ["price_usd"],
    }
    assert link(app) == expected
    run(app.multiselect(key="explore.group").set_value([]))
    assert app.selectbox(key="explore.chart").value == "strip"
    assert app.selectbox(key="explore.x").value
    run(app.selectbox(key="explore.chart").set_value("scatter"))
    assert app.selectbox(key="explore.x").value != app.selectbox(key="explore.y").value


def test_explore_filters_count_like_find_and_can_be_taken_off(open_page):
    expected = number_of("devices", heat="yes", remote_control="yes")
    app = open_page("pages/explore.py")
    run(app.checkbox(key=value_key(filters_key("devices"), "heat", "yes")).check())
    run(app.checkbox(key=value_key(filters_key("devices"), "remote_control", "yes")).check())
    assert any(item.value.startswith(f"{expected} of {ALL} rows") for item in app.markdown)
    assert link(app) == {"where.heat": ["yes"], "where.remote_control": ["yes"]}
    run(app.button(key="explore.drop.heat").click())
    assert link(app) == {"where.remote_control": ["yes"]}
    assert not app.checkbox(key=value_key(filters_key("devices"), "heat", "yes")).value
    run(app.button(key="explore.clear").click())
    assert link(app) == {}


def test_explore_opens_another_table_with_a_look_of_its_own(open_page):
    app = open_page("pages/explore.py", **{"where.heat": "yes", "group": "brand"})
    run(app.selectbox(key="explore.relation").set_value("evidence"))
    assert link(app) == {"table": ["evidence"]}
    run(app.selectbox(key="explore.relation").set_value("devices"))
    assert link(app) == {}


@pytest.mark.parametrize("table", ["red_flags", "symptoms", "devices_by_symptom", "clearances"])
def test_explore_opens_every_kind_of_table(open_page, table):
    app = open_page("pages/explore.py", table=table)
    assert "read(" in app.code[0].value


def test_explore_says_what_to_drop_where_nothing_fits(open_page):
    app = open_page("pages/explore.py", **{"where.heat": "yes", "where.weight_kg": "400.."})
    assert app.info[0].value == "No rows match these filters."
    run(app.button(key="explore.relax").click())
    assert len(link(app)) == 1


def test_the_code_on_the_explore_page_is_that_of_its_table(open_page):
    app = open_page(
        "pages/explore.py",
        **{"group": "none", "column": ["model", "techniques", "heat"], "where.heat": "yes"},
    )
    made = {}
    exec(app.code[0].value.replace('Path("data")', f"Path({str(SMALL)!r})"), made)
    shown = app.dataframe[0].value
    assert made["table"].values.tolist() == shown.values.tolist()


@pytest.mark.parametrize(
    ("path", "chooser", "table"),
    [
        ("pages/find.py", "find.conditions", "risk_factors"),
        ("pages/compare.py", "compare.items", "device_types"),
        ("pages/compare.py", "compare.conditions", "risk_factors"),
        ("pages/symptoms.py", "symptoms.subject", "device_types"),
        ("pages/symptoms.py", "symptoms.symptom", "symptoms"),
        ("pages/risks.py", "risks.conditions", "risk_factors"),
        ("pages/risks.py", "risks.side_by_side", "risk_factors"),
        ("pages/risks.py", "risks.flow", "risk_factors"),
        ("pages/match.py", "match.symptoms", "symptoms"),
        ("pages/match.py", "match.conditions", "risk_factors"),
    ],
)
def test_every_chooser_finds_everyday_words(open_page, catalogue, path, chooser, table):
    tabs = {"risks.side_by_side": {"tab": "factors"}, "risks.flow": {"tab": "pathways"}}
    app = open_page(path, **tabs.get(chooser, {}))
    box = next(box for box in (*app.multiselect, *app.selectbox) if box.key == chooser)
    labels = {label.removeprefix("Type: ") for label in box.options}
    offered = [
        key
        for key in catalogue.keys(table)
        if any(label.startswith(catalogue.names(table)[key]) for label in labels)
    ]
    assert offered
    assert {catalogue.choices(table)[key] for key in offered} <= labels


def test_a_long_list_of_boxes_is_searched_by_everyday_words_too(open_page, served):
    risk_factors = pd.read_csv(served / "risk_factors.csv", dtype="str", keep_default_na=False)
    cautions = pd.read_csv(served / "cautions.csv", dtype="str", keep_default_na=False)
    numbers = [str(number) for number in range(20)]
    made = [risk_factors.iloc[:1].assign(risk_factor=f"made-{n}", name=n) for n in numbers]
    risk_factors.loc[risk_factors["risk_factor"] == "diabetes", "also_called"] = "zzyzx"
    pd.concat([risk_factors, *made]).to_csv(served / "risk_factors.csv", index=False)
    made = [cautions.iloc[:1].assign(caution_id=n, risk_factor=f"made-{n}") for n in numbers]
    pd.concat([cautions, *made]).to_csv(served / "cautions.csv", index=False)
    app = open_page("pages/explore.py", table="cautions_with_risk_factors")
    place = "explore.cautions_with_risk_factors.risk_factor"
    run(app.text_input(key=f"{place}.search").set_value("ZZYZX"))
    shown = [box for box in app.checkbox if box.key.startswith(f"{place}.value.")]
    assert [box.key for box in shown] == [f"{place}.value.diabetes"]
    assert shown[0].label.startswith("Diabetes (")


def test_dates_are_filtered_by_a_first_and_a_last_day(open_page):
    app = open_page("pages/explore.py", table="clearances", group="none")
    run(app.date_input(key="explore.clearances.date_cleared.low").set_value(date(2015, 1, 1)))
    assert link(app)["where.date_cleared"] == ["2015-01-01.."]
    stated = [row["date_cleared"] for row in on_disk("clearances")]
    expected = sum(day >= "2015-01-01" for day in stated if day)
    assert any(
        f"{expected} of {len(stated)} rows where date cleared" in item.value.replace("\\", "")
        for item in app.markdown
    )
