"""Every page × empty, deep link, hostile link; then what each page is for."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from legwise.links.explore import filters_key
from legwise.links.filters import value_key
from tests.app.conftest import link, listing, open_part, run, sentence
from tests.packages import SMALL
from tests.tables import ALL, number_of, on_disk
from tests.unit.test_check import edit
from ui.fold import fold_key
from ui.page import PAGES
from ui.rows import PAGE

DEEP: dict[str, dict[str, Any]] = {
    "app.py": {"q": "swollen legs", "area": ["foot", "calf"]},
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
    assert "could not be applied" in app.warning[0].value


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
        columns = [name for name in app.dataframe[0].value.columns if name != PAGE]
        assert len(columns) == len(table.fields)


def test_rows_of_devices_and_types_lead_to_their_pages_in_explore(open_page, catalogue):
    rows = open_page("pages/explore.py", table="devices", group="none").dataframe[0].value
    assert list(rows[PAGE]) == [f"device?id={key}" for key in catalogue.keys("devices")]
    joined = open_page("pages/explore.py", table="devices_by_symptom", group="none")
    assert set(joined.dataframe[0].value[PAGE]) == set(rows[PAGE])
    types = open_page("pages/explore.py", table="device_types", group="none")
    drawn = " ".join(item.proto.body for item in types.get("html"))
    tables = [item.value.get(PAGE, pd.Series(dtype="str")) for item in types.dataframe]
    for key in catalogue.keys("device_types"):
        address = f"type?id={key}"
        assert f'<a href="{address}"' in drawn or any(address in set(its) for its in tables)
    findings = open_page("pages/explore.py", table="evidence", group="none")
    assert not any(PAGE in item.value for item in findings.dataframe)


@pytest.mark.parametrize(
    ("page", "first", "second"),
    [
        ("pages/find.py", {"heat": ["yes"]}, {"heat": ["no"]}),
        ("pages/device.py", {"id": ["homedics-hhp-375h"]}, {"id": ["hyperice-normatec-3"]}),
    ],
)
def test_forward_while_the_page_goes_back_ends_where_it_was(
    open_page, monkeypatch, page, first, second
):
    app = open_page(page, **first)

    def ask(params):
        app.query_params.clear()
        app.query_params.update(params)
        run(app)

    ask(second)
    with monkeypatch.context() as patched:
        # The run of Back is stopped before it has written its state.
        patched.setattr("ui.session.write_state", lambda *_: st.stop())
        ask(first)
    ask(second)
    assert link(app) == second


def test_two_visitors_do_not_see_each_others_state(open_page):
    first = open_page("pages/find.py", heat="yes", condition="diabetes")
    second = open_page("pages/find.py")
    assert sentence(second) == f"{ALL} of {ALL} devices"
    assert link(second) == {}
    assert "with heat" in sentence(first.run())


def test_faulty_tables_are_listed_by_line_and_no_trace_is_shown(open_page, copied, monkeypatch):
    edit(copied, "devices", 0, washable="maybe")
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    app = open_page("pages/find.py")
    assert app.error[0].value.startswith("The tables hold 1 fault and cannot be shown.")
    assert app.dataframe[0].value.iloc[0]["Value"] == "maybe"


def test_a_table_broken_while_visitors_read_leaves_the_last_good_version(open_page, served, caplog):
    app = open_page("pages/find.py")
    edit(served, "devices", 0, washable="maybe")
    with caplog.at_level("ERROR", logger="legwise"):
        assert sentence(run(app)) == f"{ALL} of {ALL} devices"
        data = open_page("pages/data.py")
    assert data.error[0].value.startswith("The files on disk have changed and cannot be shown.")
    assert data.dataframe[0].value.iloc[0]["Value"] == "maybe"
    logged = [record.getMessage() for record in caplog.records if record.name == "legwise"]
    assert logged == ["faults in the tables"]  # read and logged once, not by every visitor
    edit(served, "devices", 0, washable="yes")
    assert not open_page("pages/data.py").error
    shutil.rmtree(served)
    assert sentence(open_page("pages/find.py")) == f"{ALL} of {ALL} devices"
    assert "no such folder" in next(item.value for item in open_page("pages/data.py").text)


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


def rewritten(folder, table, **cells):
    """Write those cells into every row of a table of the folder."""
    path = folder / f"{table}.csv"
    pd.read_csv(path, dtype="str", keep_default_na=False).assign(**cells).to_csv(path, index=False)


def test_products_read_in_a_round_up_are_marked_in_list_cards_comparison_and_shortlist(
    open_page, served, package
):
    rewritten(served, "devices", provenance="roundup", summary="Made for the test.")
    label = package["devices"]["provenance"].labels["roundup"]
    for view in ("table", "cards"):
        body = listing(open_page("pages/find.py", view=view))
        assert body.count(f"! {label}") == body.count("Made for the test.") == ALL
    app = open_page("pages/compare.py", device=[row["device_id"] for row in on_disk("devices")[:2]])
    assert written(app).count("Made for the test.") == written(app).count(f"! {label}") == 2


@pytest.fixture(scope="module")
def hardly_anything(tmp_path_factory):
    """The small package with one product and no claims; one for all pages, so that it is loaded
    once.
    """
    folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("hardly") / "data"))
    lines_of = {"devices": 2, "claims": 1, "not_a_bar": 1, "risk_effects": 1, "absolute_numbers": 1}
    for table, lines in lines_of.items():
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
    assert "with brand all or search" in sentence(app)


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


def test_a_closed_group_of_filters_names_them_and_which_are_in_use(open_page, package):
    app = open_page("pages/explore.py", **{"where.heat": "yes"})
    labels = [part.label for part in app.sidebar.expander]
    facets = [field for field in package["devices"].facets if field.group]
    assert len(labels) == len({field.group for field in facets})
    headings = dict(package.groups)
    for field in facets:
        (label,) = [text for text in labels if text.startswith(f"**{headings[field.group]}**")]
        inside = label.partition(":small[")[2].removesuffix("]").split(", ")
        assert (f"**{field.title}**" if field.name == "heat" else field.title) in inside


def test_explore_filters_count_like_find_and_can_be_taken_off(open_page, package):
    expected = number_of("devices", heat="yes", remote_control="yes")
    app = open_page("pages/explore.py")
    for name in ("heat", "remote_control"):
        group = package["devices"][name].group
        for part in (f"group.{group}", name):
            open_part(app, fold_key(f"{filters_key('devices')}.{part}"))
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
    app = open_part(open_page("pages/explore.py", table=table), "fold.explore.code")
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
    open_part(app, "fold.explore.code")
    made = {}
    exec(app.code[0].value.replace('Path("data")', f"Path({str(SMALL)!r})"), made)
    shown = app.dataframe[0].value.drop(columns=PAGE)
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
    if chooser == "find.conditions":
        open_part(app, "find.menu.conditions")
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
    facet = "explore.cautions_with_risk_factors.risk_factor"
    open_part(app, fold_key(facet))
    run(app.text_input(key=f"{facet}.search").set_value("ZZYZX"))
    shown = [box for box in app.checkbox if box.key.startswith(f"{facet}.value.")]
    assert [box.key for box in shown] == [f"{facet}.value.diabetes"]
    assert shown[0].label.startswith("Diabetes (")


def test_dates_are_filtered_by_a_first_and_a_last_day(open_page):
    app = open_page("pages/explore.py", table="clearances", group="none")
    open_part(app, fold_key("explore.clearances.date_cleared"))
    run(app.date_input(key="explore.clearances.date_cleared.low").set_value(date(2015, 1, 1)))
    assert link(app)["where.date_cleared"] == ["2015-01-01.."]
    stated = [row["date_cleared"] for row in on_disk("clearances")]
    expected = sum(day >= "2015-01-01" for day in stated if day)
    assert any(
        f"{expected} of {len(stated)} rows where date cleared" in item.value.replace("\\", "")
        for item in app.markdown
    )
