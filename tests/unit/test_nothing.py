"""The column without a device: what it says, what may stand in it, and who offers it."""

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.absolute_numbers import NOT_TOLD, TABLE
from legwise.answers.comparison import NO_DEVICE, NOTHING
from legwise.answers.side_by_side import (
    NOTHING_CAUTION,
    NOTHING_RISK,
    NOTHING_TOLD,
    compare,
    offers,
    suggestions,
)
from legwise.commands.views import Tables
from legwise.exports.print_sheet import questions
from legwise.links.compare import COMPARE, CompareState
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import load_catalogue
from tests.packages import SMALL, small
from tests.strategies import ITEMS, asking
from tests.tables import FILES, on_disk

CATALOGUE = small()
TYPES = [("type", "air_compression"), ("type", "compression_stockings")]
#: What no cell may say of doing nothing.
NEVER = re.compile(
    r"\b(safe\w*|harmless|no risk|without risk|no side effects?|heals|cures)\b", re.I
)


def evidence(catalogue, items):
    """Symptom → the last cell of its row."""
    groups = {group.name: group for group in compare(catalogue, items).groups}
    return {row.symptom: row.cells[-1] for row in groups["evidence"].rows}


def with_kinds(folder, kind):
    """The package with every number of a finding of that kind; ``None`` takes the column away."""
    rows = on_disk(TABLE, folder)
    for row in rows:
        if kind is None:
            del row["without_kind"]
        elif row["evidence_id"]:
            row["without_kind"] = kind
    with (folder / FILES[TABLE]).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return load_catalogue(folder)


def test_each_number_of_people_without_a_device_is_said_with_its_source():
    cells = evidence(CATALOGUE, [*TYPES, NOTHING])
    findings = {row["evidence_id"]: row for row in on_disk("evidence")}
    told = [row for row in on_disk(TABLE) if row["without_kind"] == "no_device"]
    assert told
    for row in told:
        finding = findings[row["evidence_id"]]
        cell = cells[finding["symptom"]]
        number = f"about {round(float(row['without_of_100']))}"
        assert f"Without a device: of 100 {row['who']}, {number} {row['happened']} (" in cell.text
        assert finding["source_id"] in {source.source_id for source in cell.sources}
        assert cell.stated
    silent = cells.keys() - {findings[row["evidence_id"]]["symptom"] for row in told}
    assert {cells[symptom].text for symptom in silent} == {NOTHING_TOLD}


def test_outcomes_of_one_group_are_one_sentence_and_the_finding_is_said_once(copied):
    first, *rest = on_disk(TABLE, copied)
    second = {**first, "numbers_id": "another", "happened": "felt worse", "without_of_100": "0.5"}
    path = copied / FILES[TABLE]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerows([first, second, *rest])
    cell = evidence(load_catalogue(copied), [NOTHING])["swelling"]
    assert cell.text == (
        "Without a device: of 100 people with leg lymphoedema, about 3 developed genital swelling "
        "(about 43 of those who used a pump), fewer than 1 felt worse (about 43 of those who used "
        "a pump).\nThe finding on air compression massager: harm."
    )
    assert (cell.first, cell.rest) == tuple(cell.text.split("\n"))


def test_studies_of_other_types_are_told_where_there_are_none_of_those_compared(copied):
    path = copied / "evidence.csv"
    text = path.read_text(encoding="utf-8")
    finding = "compression-stockings-discoloration-clots1-2009,device_type,compression_stockings,"
    path.write_text(text.replace(f"{finding}discoloration", f"{finding}swelling"), encoding="utf-8")
    catalogue = load_catalogue(copied)
    told = ("leg lymphoedema", "after a stroke")
    for compared, its in zip(TYPES, told, strict=True):
        text = evidence(catalogue, [compared, NOTHING])["swelling"].text
        assert [who for who in told if who.split()[-1] in text] == [its]
    text = evidence(catalogue, [("type", "percussion"), NOTHING])["swelling"].text
    assert all(who.split()[-1] in text for who in told)


def test_a_sham_is_said_to_be_one(copied):
    cells = evidence(with_kinds(copied, "sham"), [NOTHING])
    assert cells["swelling"].text.startswith("On a sham or placebo (who did not): of 100 ")
    assert not any(cell.text.startswith("Without") for cell in cells.values())


@pytest.mark.parametrize("kind", ["other_treatment", "not_told", None])
def test_where_no_group_went_without_there_is_no_such_column(copied, kind, capsys):
    catalogue = with_kinds(copied, kind) if kind else without_column(copied)
    assert NOTHING not in offers(catalogue)
    assert not any(NOTHING in items for items in suggestions(catalogue).values())
    with pytest.raises(KeyError, match=NOT_TOLD):
        compare(catalogue, [NOTHING])
    scope = Tables(copied).scope()
    state, dropped = COMPARE.decode({"type": ["percussion"], "do": ["nothing"]}, scope)
    assert state.items == (("type", "percussion"),)
    assert [(item.name, item.value, item.reason) for item in dropped] == [
        ("do", "nothing", NOT_TOLD)
    ]
    assert "do" not in COMPARE.accepted(scope)


def without_column(folder):
    """The package as it was before the column."""
    path = folder / "datapackage.json"
    text = path.read_text(encoding="utf-8")
    start = text.rindex("{", 0, text.index('"name": "without_kind"'))
    text = text[:start] + text[text.index("{", text.index('"value": "not_told"')) :]
    rule = text.index('{"kind": "one_of", "columns": ["effect_id", "without_kind"]')
    text = text[: text.rindex(",", 0, rule)] + text[text.index("\n", rule) :]
    path.write_text(text, encoding="utf-8")
    return with_kinds(folder, None)


@given(
    st.lists(st.sampled_from(ITEMS), max_size=4, unique=True).map(lambda its: [*its, NOTHING]),
    st.lists(st.sampled_from(sorted(conditions(CATALOGUE))), max_size=2, unique=True),
)
@asking(30)
def test_no_cell_is_blank_and_none_says_that_doing_nothing_has_no_risk(items, chosen):
    items = list(dict.fromkeys(items))
    index = items.index(NOTHING)
    whole = compare(CATALOGUE, items, chosen)
    for group in whole.groups:
        for row in group.rows:
            cell = row.cells[index]
            assert cell.text
            assert not NEVER.search(cell.text)
            if group.is_cautions:
                assert cell.text == NOTHING_CAUTION
            elif group.name != "evidence":
                assert cell.text == NO_DEVICE
    item = whole.items[index]
    assert not NEVER.search(f"{item.name} {item.subtitle} {item.summary} {item.notices}")
    assert "warning sign needs a doctor" in item.summary
    assert NOTHING_RISK in item.notices
    assert "warning sign needs a doctor" in NOTHING_CAUTION


@pytest.mark.parametrize("rows", ["differences", "stated"])
def test_the_column_neither_hides_nor_keeps_a_row_of_the_devices(rows):
    def kept(items):
        whole = compare(CATALOGUE, items, ["diabetes"]).only(rows)
        return {
            row.name for group in whole.groups for row in group.rows if group.name != "evidence"
        }

    pair = [("device", "hyperice-normatec-3"), ("type", "percussion")]
    assert kept([*pair, NOTHING]) == kept(pair)


@pytest.mark.parametrize("item", [*TYPES, ("device", "hyperice-normatec-3")])
def test_beside_doing_nothing_alone_no_caution_is_hidden(item):
    whole = compare(CATALOGUE, [item, NOTHING])
    assert whole.only("differences") == whole
    shown = {row.name for group in whole.only("stated").groups for row in group.rows}
    for group in whole.groups:
        if group.is_cautions:
            assert {row.name for row in group.rows if row.cells[0].stated} <= shown


def test_what_nobody_states_is_still_a_line():
    for items in ([*TYPES, NOTHING], [("type", "self_massage"), NOTHING], [NOTHING]):
        shown = compare(CATALOGUE, items)
        alone = compare(CATALOGUE, [item for item in items if item != NOTHING] or [NOTHING])
        lines = [group.unstated for group in shown.groups if group.name != "evidence"]
        assert lines == [group.unstated for group in alone.groups if group.name != "evidence"]
        assert any(lines)


def test_a_clinician_is_asked_what_waiting_may_bring_and_never_whether_nothing_is_barred():
    both = questions(CATALOGUE, compare(CATALOGUE, [TYPES[0], NOTHING]), ["diabetes"])
    assert both[0] == (
        "About diabetes: does it speak against this for me: Air compression massager?"
    )
    assert both[1] == "What may happen if I use no device, and for how long may I wait?"
    alone = questions(CATALOGUE, compare(CATALOGUE, [NOTHING]), ["diabetes"])
    assert alone == both[1:]


def test_it_stands_where_the_link_says():
    state = CompareState((TYPES[0], NOTHING, TYPES[1]))
    scope = Tables(SMALL).scope()
    params = COMPARE.encode(state, scope)
    assert params == {
        "type": ["air_compression", "compression_stockings"],
        "do": ["nothing"],
        "order": ["0,2,1"],
    }
    assert COMPARE.decode(params, scope) == (state, ())
