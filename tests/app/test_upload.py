"""A visitor's own device list: what the pages do with it, and that nobody else sees it."""

from __future__ import annotations

import gc
import tracemalloc
import weakref

import pytest
import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from legwise.intake.template import template_csv
from tests.app.conftest import link, listing, run
from tests.unit.test_intake import opened, written
from ui.cache import faults, load
from ui.upload import DRAFT, KEPT_OF_A_LIST, MOST_KEPT_OF_A_LIST, USED

CSV = (
    "brand,model,device_type,price,heat,colour\n"
    "Zork,Alpha,compression boots,99 EUR,yes,red\n"
    "Zork,Beta,hovercraft,89 EUR,maybe,blue\n"
)


def bring(open_page, text=CSV, name="mine.csv"):
    app = open_page("pages/data.py", view="upload")
    app.file_uploader[0].set_value((name, text.encode(), "text/csv"))
    return run(app)


def use(open_page, text=CSV, name="mine.csv"):
    app = bring(open_page, text, name)
    app.button(key="upload.use").click()
    return run(app)


def test_a_list_is_checked_before_it_is_used(open_page):
    app = bring(open_page)
    assert "2 cells cannot be read" in app.warning[0].value
    assert USED not in app.session_state
    app.button(key="upload.use").click()
    run(app)
    assert "Your own list" in app.markdown[0].value


PAGES = [
    ("app.py", {}),
    ("pages/find.py", {}),
    ("pages/find.py", {"view": "charts"}),
    ("pages/match.py", {"symptom": "tired_legs"}),
    ("pages/compare.py", {"device": ["zork-alpha", "zork-beta"]}),
    ("pages/symptoms.py", {}),
    ("pages/risks.py", {}),
    ("pages/explore.py", {"table": "devices", "column": ["list_colour", "brand"]}),
    ("pages/explore.py", {"table": "verdicts"}),
    ("pages/data.py", {}),
    ("pages/data.py", {"view": "trust"}),
    ("pages/data.py", {"view": "changes"}),
    ("pages/data.py", {"view": "upload"}),
    ("pages/device.py", {"id": "zork-alpha"}),
    ("pages/device.py", {"id": "zork-beta"}),
    ("pages/type.py", {"id": "type_not_listed"}),
    ("pages/type.py", {"id": "air_compression"}),
]


@pytest.mark.parametrize(("page", "params"), PAGES)
def test_every_page_works_on_an_uploaded_list_and_says_so(open_page, page, params):
    held = use(open_page).session_state[USED]
    app = open_page("pages/data.py")
    app.session_state[USED] = held
    app.switch_page(page)
    app.query_params.clear()
    for name, value in params.items():
        app.query_params[name] = value
    run(app)
    texts = [item.value for item in app.markdown]
    assert any("Your own list" in text and "2 rows" in text for text in texts)
    assert not app.error, [item.value for item in app.error]
    if page not in ("app.py", "pages/symptoms.py"):
        assert link(app)["list"] == [held.mark]


def test_a_type_that_is_not_listed_here_is_not_counted_as_one(open_page, catalogue):
    app = use(open_page)
    app.switch_page("app.py")
    run(app)
    types = len(catalogue["device_types"])
    assert any(item.value.startswith(f"2 devices of {types} types") for item in app.caption)


def test_a_link_made_on_an_uploaded_list_says_which_file_it_needs(open_page):
    app = open_page("pages/find.py", list="mine.csv 0123456789ab", heat="yes")
    notice = app.warning[0].value.replace("\\", "")
    assert "mine.csv (0123456789ab)" in notice
    assert "Your own list" in notice
    assert link(app)["heat"] == ["yes"]
    assert "list" not in link(app)


def test_one_click_leads_back_to_the_shipped_data(open_page):
    app = use(open_page)
    app.button(key="upload.leave").click()
    run(app)
    assert USED not in app.session_state
    assert not any("Your own list:" in item.value for item in app.markdown)


def test_two_visitors_see_their_lists_and_a_third_the_shipped_one(open_page):
    one = use(open_page, CSV, "one.csv")
    two = use(open_page, CSV.replace("Zork", "Quux"), "two.csv")
    third = open_page("pages/find.py")
    for app, brand in ((one, "Zork"), (two, "Quux")):
        devices = app.session_state[USED].catalogue["devices"]
        assert set(devices["brand"]) == {brand}
        app.switch_page("pages/find.py")
        run(app)
        assert brand in listing(app)
        assert "nan" not in listing(app)
    assert "Zork" not in listing(third)
    assert "Quux" not in listing(third)


def test_an_uploaded_list_goes_with_its_visit(open_page):
    app = use(open_page)
    app.switch_page("pages/explore.py")
    run(app)
    held = weakref.ref(app.session_state[USED])
    frame = weakref.ref(app.session_state[USED].catalogue.tables["devices"])
    del app
    gc.collect()
    assert held() is None
    assert frame() is None


def test_nothing_of_an_uploaded_list_reaches_a_shared_cache(open_page):
    app = use(open_page)
    devices = app.session_state[USED].catalogue.tables["devices"]
    shared = load()
    for page in ("pages/find.py", "pages/explore.py", "pages/data.py"):
        app.switch_page(page)
        run(app)
    assert load() is shared
    assert not any("list_" in str(key) or "Zork" in str(key) for key in shared._kept)
    assert shared.relation("devices").frame is not devices


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"\x1f\x8b\x08\0\0\0", b"PK\x03\x04 ", b"a,b\n"]
)
def test_a_file_that_is_no_list_is_refused_on_the_page(open_page, content):
    app = open_page("pages/data.py", view="upload")
    app.file_uploader[0].set_value(("list.csv", content, "text/csv"))
    run(app)
    assert len(app.error) == 1


def test_the_template_is_read_back_without_faults(catalogue):
    made = opened(template_csv(catalogue), catalogue)
    assert not made.report.total, made.report.frame()
    assert len(made.tables["devices"]) == 2


@pytest.mark.parametrize(
    ("page", "params"),
    [
        ("pages/device.py", {"id": "zork-alpha"}),
        ("pages/compare.py", {"device": ["zork-alpha"]}),
        ("pages/find.py", {"list_colour": "red", "pick": "zork-alpha"}),
        ("pages/type.py", {"id": "type_not_listed"}),
        ("pages/explore.py", {"table": "devices", "column": "list_colour"}),
    ],
)
def test_the_way_back_leads_from_every_page(open_page, page, params):
    app = use(open_page)
    app.switch_page(page)
    app.query_params.clear()
    for name, value in params.items():
        app.query_params[name] = value
    run(app)
    app.button(key="upload.leave").click()
    run(app)
    assert USED not in app.session_state
    assert "list" not in link(app)


def test_what_a_column_and_a_word_for_a_type_become_can_be_changed(open_page):
    app = bring(open_page)
    app.selectbox[0].set_value("colour")
    app = run(app)
    app.selectbox[1].set_value("Leave it out")
    app = run(app)
    app.button(key="upload.change").click()
    app = run(app)
    draft = app.session_state["upload.draft"]
    assert [item.field for item in draft.mapping.targets if item.column == "colour"] == ["-"]
    app.multiselect[0].set_value(["hovercraft"])
    app = run(app)
    app.button(key="upload.types").click()
    app = run(app)
    assert "1 cell cannot be read" in app.warning[0].value
    app.button(key="upload.use").click()
    devices = run(app).session_state[USED].catalogue["devices"]
    assert "type_not_listed" not in set(devices["device_type"])
    assert "list_colour" not in devices


@pytest.fixture
def served_list(served, tmp_path, monkeypatch):
    """The path of a list that is served to all."""
    path = tmp_path / "shop.csv"
    path.write_text(CSV)
    monkeypatch.setenv("LEGWISE_DEVICES", str(path))
    monkeypatch.setenv("LEGWISE_CACHE", str(tmp_path / "cache"))
    return path


def test_a_list_that_is_served_to_all_is_named_on_every_page_with_its_check(open_page, served_list):
    for _ in range(2):  # read, then as it was prepared
        app = open_page("pages/find.py")
        assert any(
            "shop.csv" in item.value.replace("\\", "") and "2 rows" in item.value
            for item in app.markdown
        )
        assert "Zork" in listing(app)
        report = load().report
        assert (report.total, len(report.frame())) == (2, 2)
        st.cache_resource.clear()
        written()
    app = open_page("pages/data.py", view="upload")
    assert "shop.csv" in app.success[0].value.replace("\\", "")


def test_a_closed_group_names_those_in_use_and_a_dozen_of_many_filters(open_page, served_list):
    names = [f"n{number}" for number in range(40)]
    cells = ",".join(f"{number % 5}" for number in range(40))
    served_list.write_text(f"brand,model,{','.join(names)}\nZork,Alpha,{cells}\nZork,B,{cells}\n")
    app = open_page("pages/explore.py", **{"where.list_n39": "0..9"})
    (label,) = [part.label for part in app.sidebar.expander if "n39" in part.label]
    inside = label.partition(":small[")[2].removesuffix("]")
    assert inside.endswith("**n39** and 28 more")
    assert inside.startswith("n0, n1, ")


def test_a_list_that_turns_into_nonsense_leaves_what_was_good(open_page, served_list):
    good = load()
    served_list.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert load() is good
    assert "picture" in str(faults())
    assert any("picture" in item.value for item in open_page("pages/data.py").text)


def test_what_pages_keep_of_an_uploaded_list_is_bounded(open_page):
    used = use(open_page).session_state[USED]
    made = []
    for number in (*range(2), *range(2 * MOST_KEPT_OF_A_LIST)):
        used.keep_of_rows(number, lambda number=number: made.append(number))
    assert made == [*range(2 * MOST_KEPT_OF_A_LIST)]
    assert len(used._kept) == MOST_KEPT_OF_A_LIST


def test_what_is_kept_of_an_uploaded_list_takes_no_more_than_is_counted(open_page):
    names = [f"n{at}" for at in range(12)]
    rows = (
        ["Zork", f"m{row}", *(f"{row * 7 % 1000}.{at}" for at in range(12))] for row in range(4000)
    )
    text = "\n".join(map(",".join, (["brand", "model", *names], *rows)))
    app = use(open_page, text)
    used = app.session_state[USED]
    app.switch_page("pages/explore.py")
    tracemalloc.start()
    try:
        for least in range(10):
            app.query_params.clear()
            app.query_params.update({"group": "none", "where.list_n3": f"{least}.."})
            run(app)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        number = len(used._kept)
        used._kept.clear()
        gc.collect()
        freed = before - tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert number >= 10
    assert freed < number * KEPT_OF_A_LIST / MOST_KEPT_OF_A_LIST


def test_a_list_in_use_no_longer_has_its_file(open_page, monkeypatch):
    removed = []
    monkeypatch.setattr(
        MemoryUploadedFileManager, "remove_file", lambda _, *ids: removed.append(ids)
    )
    app = bring(open_page)
    file_id = app.session_state[f"{DRAFT}.id"]
    app.button(key="upload.use").click()
    run(app)
    assert [item for _, item in removed] == [file_id]
