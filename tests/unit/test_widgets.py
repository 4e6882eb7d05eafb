"""Panels in a notebook: the states and answers of the pages, asked by widgets."""

from __future__ import annotations

import pandas as pd
import pytest

from legwise.answers.comparison import NOTHING
from legwise.answers.devices import PAGE_SIZE, shown_devices
from legwise.explore.view import look
from legwise.replies.asking import ask
from legwise.replies.routes import BY_NAME
from legwise.widgets import compare_widget, explore, find
from legwise.widgets.controls import Facet, Span
from tests.conftest import ROOT
from tests.packages import SMALL
from tests.unit.test_notebook import run_in_jupyter

EXPLORE = ROOT / "notebooks" / "explore.ipynb"


def control(panel, name):
    """The control of a column, or of a widget's key."""
    return next(
        item
        for item in panel.controls
        if name in (getattr(item, "name", ""), getattr(item, "key", ""))
        or (isinstance(item, Span) and item.field.name == name)
    )


def told(facet):
    """Value → the number behind its words."""
    return {value: int(words.rpartition("(")[2][:-1]) for words, value in facet.widget.options}


def test_a_panel_shows_the_list_of_the_page_with_its_counts(catalogue, index, scope):
    panel = find("/find?heat=yes&sort=-weight_kg", catalogue)
    answer = ask(BY_NAME["find"], scope, {"heat": ["yes"], "sort": ["-weight_kg"]})
    assert answer.reply.summary in panel.summary.value
    assert panel.link == answer.link
    table = catalogue.package["devices"]
    keys = catalogue.keys_at("devices", index.ask(panel.state.query).rows)
    fields = [table[name] for name in table.listed]
    pd.testing.assert_frame_equal(panel.frame, shown_devices(catalogue, keys, fields).frame)
    counts = answer.reply.more["counts"]
    for item in panel.controls:
        if isinstance(item, Facet):
            told = {
                value: int(words.rpartition("(")[2][:-1]) for words, value in item.widget.options
            }
            assert told == counts[item.name]


def test_a_choice_asks_again_and_is_in_the_link_and_in_every_count(catalogue):
    panel = find(tables=catalogue, heat="yes")
    heat = control(panel, "heat").widget
    heat.value = ("no",)
    assert panel.link == "/find?heat=no"
    assert "without heat" in panel.summary.value
    # A filter counts without itself; another one counts within it.
    assert dict(heat.options)["yes (7)"] == "yes"
    cordless = control(panel, "cordless").widget
    assert sum(int(words.rpartition("(")[2][:-1]) for words, _ in cordless.options) == len(
        panel.frame
    )


def test_a_range_is_written_as_in_a_link_and_nonsense_is_no_filter(catalogue):
    panel = find(tables=catalogue)
    weight = control(panel, "weight_kg")
    weight.range.value = "1..20"
    weight.missing.value = True
    assert panel.link == "/find?weight_kg=1..20&weight_kg=not_stated"
    weight.range.value = "heavy"
    assert panel.link == "/find?weight_kg=not_stated"
    assert weight.range.value == ""


def test_conditions_mark_devices_and_hide_none(catalogue):
    panel = find(tables=catalogue)
    every = len(panel.frame)
    control(panel, "find.conditions").widget.value = ("diabetes",)
    assert len(panel.frame) == every
    assert "not proof of safety" in panel.summary.value


def test_a_new_question_starts_on_the_first_page_of_a_long_list(long_package):
    panel = find(tables=long_package)
    page = control(panel, "find.page").widget
    page.value = 3
    assert panel.state.query.page == 3
    assert f"Rows {2 * PAGE_SIZE + 1} to {3 * PAGE_SIZE}" in panel.table.value
    control(panel, "heat").widget.value = ("yes",)
    assert (panel.state.query.page, page.value) == (1, 1)


def test_what_is_named_in_vain_is_told_as_text(catalogue):
    panel = find(tables=catalogue, heat="<b>", zzz="1")
    notice = panel.widget.children[1].children[0].value
    assert "zzz: “1”, there is no such filter" in notice
    assert "&lt;b&gt;" in notice
    assert "<b>”" not in notice


def test_explore_shows_the_view_of_the_page_and_offers_what_fits_it(catalogue, scope):
    panel = explore(tables=catalogue, table="evidence", group=["direction"], where_level="1..2")
    view = look(scope.relation("evidence"), panel.state)
    assert view.title in panel.summary.value
    assert len(panel.frame) == len(view.table)
    assert panel.code == view.code
    choices = panel.choices
    assert choices["x"].widget.layout.display == "none"
    control(panel, "explore.group").widget.value = ()
    assert [key for _, key in choices["chart"].widget.options][:2] == ["strip", "box"]
    assert choices["x"].widget.layout.display is None


def test_another_table_starts_with_its_first_look_and_its_own_filters(catalogue):
    panel = explore(tables=catalogue, table="evidence", where_level="1..2")
    panel.table_choice.widget.value = "cautions"
    assert panel.state.relation == "cautions"
    assert panel.state.filters == ()
    assert control(panel, "severity")
    assert "Cautions by" in panel.summary.value


def test_items_are_added_by_a_search_and_removed_by_a_button(catalogue):
    panel = compare_widget(tables=catalogue)
    assert "Choose two" in panel.summary.value
    for words in ("normatec", "homedics"):
        panel.words.value = words
        panel.offered.value = next(item for _, item in panel.offered.options if item)
    first, second = panel.state.items
    assert list(panel.frame.columns[:2]) == ["Group", "Attribute"]
    assert len(panel.frame.columns) == 4
    control(panel, "compare.rows").widget.value = "differences"
    assert all(len(set(row[2:])) > 1 for row in panel.frame.itertuples(index=False))
    panel.items.children[0].click()
    assert panel.state.items == (second,)
    assert panel.offered.value is None
    assert first != second


def test_doing_nothing_is_found_by_words_and_needs_no_figure_alone(catalogue):
    panel = compare_widget(tables=catalogue)
    for words in ("no device", "Nothing"):
        panel.words.value = words
        assert [name for name, item in panel.offered.options if item] == ["Do nothing"]
    panel.offered.value = NOTHING
    assert list(panel.frame.columns[2:]) == ["Do nothing"]
    assert "evidence_strip(catalogue, whole)" not in panel.code
    assert compare_widget(tables=catalogue, do="nothing").state.items == (NOTHING,)


@pytest.mark.parametrize("make", [find, explore, compare_widget])
def test_the_code_is_made_when_its_fold_is_opened(catalogue, make):
    asked = {"type": ["air_compression", "self_massage"]} if make is compare_widget else {}
    panel = make(tables=catalogue, **asked)
    program, fold = panel._program, panel._fold
    assert program.value == ""
    fold.selected_index = 0
    assert "import" in program.value
    compile(panel.code, "view", "exec")
    fold.selected_index = None
    assert program.value == ""


ASKED = f"""
from legwise.tables.catalogue import load_catalogue
panel = find(tables=load_catalogue({str(SMALL)!r}), heat="yes")
heat = next(item for item in panel.controls if getattr(item, "name", "") == "heat")
heat.widget.value = ("no",)
print(panel.link, len(panel.frame))
panel
"""


@pytest.mark.slow
def test_the_notebook_opens_its_panels_and_they_answer_in_jupyter():
    import nbformat
    from nbformat.v4 import new_code_cell

    notebook = nbformat.read(EXPLORE, 4)
    notebook.cells.append(new_code_cell(ASKED))
    done = run_in_jupyter(nbformat.writes(notebook), EXPLORE.parent)
    outputs = [cell.outputs for cell in done.cells if cell.cell_type == "code"]
    assert not [item for some in outputs for item in some if item.output_type == "error"]
    views = [
        item
        for some in outputs
        for item in some
        if "application/vnd.jupyter.widget-view+json" in item.get("data", {})
    ]
    assert len(views) == 4
    assert outputs[-1][0].text == "/find?heat=no 3\n"
    state = done.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    drawn = [item["state"].get("outputs") for item in state.values()]
    assert len([some for some in drawn if some]) == 4
