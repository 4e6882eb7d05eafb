"""The data page: its four parts, on whole packages and on those that lack what they show."""

import shutil
from pathlib import Path

import pytest
from markupsafe import escape

import ui.data
import ui.rows
from legwise.answers.audits import gaps
from legwise.answers.changes import changes
from legwise.tables.catalogue import load_catalogue
from legwise.text.markup import plain
from tests.app.conftest import link, run
from tests.tables import number_of
from tests.unit.test_check import edit
from ui.words import meanings

PAGE = "pages/data.py"


def test_how_far_to_trust_the_data_is_told_with_its_figures(open_page, catalogue):
    app = open_page(PAGE, view="trust")
    text = " ".join(item.value for item in app.markdown)
    assert [item.value for item in app.subheader] == [
        note.title for note in catalogue.package.notes
    ]
    assert f"{catalogue['audits']['rows_read'].sum():,} rows were drawn at random" in text
    assert gaps(catalogue)[0].split(",")[0] in text
    assert {f"{len(catalogue['left_out']):,} products left out"} <= {
        item.label for item in app.expander
    }


@pytest.mark.parametrize(("table", "page"), [("devices", "device"), ("device_types", "type")])
def test_a_row_of_a_device_or_type_leads_to_its_page(open_page, catalogue, table, page):
    rows = open_page(PAGE, table=table).dataframe[0].value
    ids = rows[catalogue.package[table][catalogue.package[table].key].heading]
    assert list(rows[ui.rows.PAGE]) == [f"{page}?id={key}" for key in ids]


def test_what_changed_counts_rows_and_what_follows_from_them(open_page, served, package):
    before = Path(shutil.copytree(served, served / "previous"))
    path = before / "datapackage.json"
    now = f'"version": "{package.version}"'
    assert now in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(now, '"version": "0.9"'), "utf-8")
    edit(served, "devices", 0, notes="Otherwise.")
    edit(served, "evidence", 0, direction="harm")
    result = changes(before, served)
    assert len(result.rows) == 2
    assert result.consequences
    app = open_page(PAGE, view="changes")
    assert app.subheader[0].value == f"From version {plain('0.9')} to {plain(package.version)}"
    assert f"{len(result.rows):,} rows were added, removed or changed" in " ".join(
        item.value for item in app.markdown
    )
    assert len(app.dataframe[0].value) == len(result.consequences)


@pytest.mark.parametrize("view", ["trust", "changes"])
def test_a_package_without_audits_or_an_earlier_version_says_so(
    open_page, copied, monkeypatch, view
):
    for name in ("audits", "left_out", "CHANGES", "devices"):
        path = copied / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    app = open_page(PAGE, view=view)
    assert not app.exception
    if view == "changes":
        assert "includes no earlier version" in app.info[0].value


def test_another_part_keeps_the_open_table(open_page):
    app = open_page(PAGE, table="sources", view="trust")
    app.button_group(key="data.view").set_value("tables").run()
    assert app.selectbox(key="data.table").value == "sources"


def test_every_word_of_the_glossary_is_explained_on_the_data_page(open_page, catalogue):
    app = open_page(PAGE, view="words")
    bodies = " ".join(item.proto.body for item in app.get("html"))
    for row in catalogue.records("glossary"):
        assert str(escape(row["meaning"])) in bodies


def test_help_texts_explain_the_words_of_the_glossary_that_a_package_has(catalogue, served):
    assert "1 means no link" in meanings(catalogue, "odds_ratio")
    lines = (served / "glossary.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("odds_ratio,")]
    (served / "glossary.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    left = meanings(load_catalogue(served), "odds_ratio", "interval")
    assert left.startswith("**95% interval")


def test_a_long_table_has_pages_and_another_table_starts_at_its_first(
    open_page, long_list, monkeypatch
):
    monkeypatch.setattr(ui.data, "ROWS_OF_A_PAGE", 25)
    app = open_page("pages/data.py", page="3")
    size = number_of("devices", long_list)
    assert len(app.dataframe[0].value) == size - 50
    assert any(
        item.value == f"Rows 51 to {size} of {size}. The files below hold all of them."
        for item in app.caption
    )
    run(app.selectbox(key="data.table").set_value("symptoms"))
    assert "page" not in link(app)
    assert len(app.dataframe[0].value) == number_of("symptoms", long_list)
    assert len(open_page("pages/data.py", page="99").dataframe[0].value) == size - 50
