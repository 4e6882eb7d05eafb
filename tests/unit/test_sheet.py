from html.parser import HTMLParser

from legwise.answers.comparison import Cell, Comparison, Group, Item, Row
from legwise.answers.side_by_side import compare, suggestions
from legwise.charts.comparison import evidence_strip, number_dots
from legwise.exports.print_sheet import print_sheet, questions, to_markdown, wish_sheet
from legwise.exports.spreadsheets import about
from legwise.rules.shortlist import Wish, rank_device_types
from legwise.tables.schema import within_sentence

ITEMS = [("device", "hyperice-normatec-3"), ("type", "compression_stockings")]


class Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.text, self.tags = [], []

    def handle_starttag(self, tag, _):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text.append(data)


def read(sheet):
    parser = Words()
    parser.feed(sheet)
    return parser


def first_page(sheet):
    """Texts of the first page, and of the appendix if there is one."""
    texts = read(sheet).text
    end = texts.index("Appendix") if "Appendix" in texts else len(texts)
    return texts[:end], texts[end:]


def test_the_first_page_has_cautions_key_facts_evidence_and_questions_in_this_order(catalogue):
    comparison = compare(catalogue, ITEMS, ["diabetes"])
    texts, appendix = first_page(print_sheet(catalogue, comparison, ["diabetes"], {"Made on": "x"}))
    assert not appendix
    heads = ["Cautions for the chosen conditions", "Key facts", "Evidence by symptom"]
    positions = [texts.index(head) for head in [*heads, "Questions to ask a clinician"]]
    assert positions == sorted(positions)
    rows = next(group for group in comparison.groups if group.pinned).rows
    for cell in (cell for row in rows for cell in row.cells):
        assert cell.text in texts
        # The page says who says so.
        assert all(any(work.citation in text for text in texts) for work in cell.sources)
    assert not any(flag["description"] in texts for flag in catalogue.records("red_flags"))


def test_without_a_condition_the_page_says_so_and_with_which_there_are_cautions(catalogue):
    comparison = compare(catalogue, ITEMS)
    (rows,) = (group.rows for group in comparison.groups if group.name == "cautions")
    texts, _ = first_page(print_sheet(catalogue, comparison, [], {}))
    (line,) = (text for text in texts if text.startswith("No condition was chosen"))
    assert len(rows) > 1
    assert all(within_sentence(row.title) in line for row in rows)
    texts, _ = first_page(print_sheet(catalogue, comparison, ["diabetes"], {}))
    assert not [text for text in texts if text.startswith("No condition was chosen")]


def test_a_product_is_named_with_its_type(catalogue):
    product = next(item for item in ITEMS if item[0] == "device")
    comparison = compare(catalogue, [product, ("type", "self_massage")])
    texts, _ = first_page(print_sheet(catalogue, comparison, [], {}))
    assert comparison.items[0].subtitle in texts
    asked = questions(catalogue, comparison, ["diabetes"])[0]
    assert asked.endswith(f"any of these for me: {', '.join(comparison.labels)}?")


def test_the_first_page_has_the_evidence_for_the_symptoms_asked_for(catalogue):
    comparison = compare(catalogue, ITEMS)
    evidence = next(group for group in comparison.groups if group.name == "evidence")
    asked = evidence.rows[-1]
    texts, _ = first_page(print_sheet(catalogue, comparison, [], {}, symptoms=[asked.symptom]))
    assert [row.title for row in evidence.rows if row.title in texts] == [asked.title]
    texts, _ = first_page(print_sheet(catalogue, comparison, [], {}))
    shown = [row for row in evidence.rows if row.title in texts]
    least = min(sum(len(cell.sources) for cell in row.cells) for row in shown)
    left_out = [row for row in evidence.rows if row not in shown]
    assert shown
    assert all(sum(len(cell.sources) for cell in row.cells) <= least for row in left_out)


def test_the_appendix_has_every_row_every_urgent_sign_and_every_source(catalogue):
    comparison = compare(catalogue, ITEMS, ["diabetes"])
    notes = about(catalogue, "x", "http://localhost", "2026-11-22")
    sheet = print_sheet(catalogue, comparison, ["diabetes"], notes, appendix=True)
    before, texts = first_page(sheet)
    assert before
    for group in comparison.groups:
        for row in group.rows:
            assert row.title in texts
            assert all(cell.text in texts for cell in row.cells)
    order = [
        texts.index(title)
        for title in (
            "Signs that need urgent care",
            "Cautions for the chosen conditions",
            "Features",
            "Sources",
        )
    ]
    assert order == sorted(order)
    works = {
        work.citation
        for group in comparison.groups
        for row in group.rows
        for cell in row.cells
        for work in cell.sources
    }
    assert works <= set(texts)
    assert all(f"{flag['description']}: " in texts for flag in catalogue.records("red_flags"))
    assert any(
        "About diabetes" in question for question in questions(catalogue, comparison, ["diabetes"])
    )


def hostile():
    text = "<script>alert(1)</script>|`x`\n[y](javascript:1)"
    item = Item("device", "x", text, text, (1, 2), "javascript:alert(1)", (text,))
    return Comparison((item,), (Group("features", text, (Row("x", text, text, (Cell(text),)),)),))


def test_hostile_text_stays_text_on_the_sheet(catalogue):
    assert "script" not in read(print_sheet(catalogue, hostile(), [], {"x": "<script>"})).tags


def test_hostile_text_cannot_break_a_markdown_table():
    lines = to_markdown(hostile()).splitlines()
    assert "<script>" not in "\n".join(lines)
    assert all(line.replace("\\|", "").count("|") == 3 for line in lines if line.startswith("|"))


def test_notices_of_a_product_leave_with_it():
    item = Item("device", "x", "Foot spa", "", notices=("Recall notice exists", "Second-hand"))
    assert to_markdown(Comparison((item, Item("device", "y", "Ball", "")), ())).startswith(
        "**Foot spa:** Recall notice exists; Second-hand"
    )


def test_two_products_of_one_name_are_told_apart():
    item = Item("device", "x", "Foot spa", "")
    assert Comparison((item, item), ()).labels == ("Foot spa (1)", "Foot spa (2)")


def test_suggestions_are_drawn_from_the_tables_and_can_be_compared(catalogue):
    suggested = suggestions(catalogue)
    assert len(suggested) == 4
    for items in suggested.values():
        assert len(compare(catalogue, items).items) == len(items) >= 2
    works = {
        kind: {row["source_id"] for row in catalogue.records("evidence") if row["subject"] == kind}
        for kind in set(catalogue["devices"]["device_type"])
    }
    most = next(iter(suggested.values()))
    assert most[0] == ("type", max(works, key=lambda kind: len(works[kind])))


def test_dots_show_the_numbers_that_two_products_state(catalogue):
    devices = catalogue["devices"].query(
        "device_type == 'compression_stockings' and pressure_max_mmhg.notna()"
    )["device_id"][:3]
    comparison = compare(catalogue, [("device", key) for key in devices])
    chart = number_dots(catalogue, comparison)
    assert {"Lowest pressure", "Highest pressure"} <= set(chart.table["Attribute"])
    drawn = [trace.x[0] for trace in chart.figure.data if trace.mode == "markers"]
    stated = [
        cell.value
        for group in comparison.groups
        for row in group.rows
        if row.title in set(chart.table["Attribute"])
        for cell in row.cells
    ]
    assert sorted(drawn) == sorted(value for value in stated if value is not None)


def test_no_number_stated_twice_means_no_dots(catalogue):
    assert (
        number_dots(
            catalogue, compare(catalogue, [("type", "percussion"), ("type", "self_massage")])
        )
        is None
    )


def test_strip_says_the_verdicts_of_the_types(catalogue):
    comparison = compare(catalogue, ITEMS)
    table = evidence_strip(catalogue, comparison).table
    assert list(table["Subject"]) == list(comparison.labels)
    row = next(
        row for group in comparison.groups for row in group.rows if row.name == "evidence-swelling"
    )
    assert row.cells[1].text.startswith(table["Swelling (oedema)"][1])


def test_two_products_read_on_one_page_are_both_cited(catalogue):
    devices = catalogue["devices"]
    shared = devices["source_url"][devices["source_url"].duplicated()].iloc[0]
    pair = devices.loc[devices["source_url"] == shared, "device_id"][:2]
    comparison = compare(catalogue, [("device", key) for key in pair])
    texts = " ".join(read(print_sheet(catalogue, comparison, [], {})).text)
    assert all(texts.count(label) >= 2 for label in comparison.labels)
    assert f"Page read: {comparison.labels[0]}, {comparison.labels[1]}" in texts


def test_a_shortlist_on_paper_has_its_cautions_before_the_questions(catalogue):
    wish = Wish(("swelling",), ("deep_vein_thrombosis",), budget=150.0, areas=("calf",))
    sheet = wish_sheet(catalogue, wish, rank_device_types(catalogue, wish), {})
    # What was stated comes first, and what is ruled out by it.
    heads = ["<b>Symptoms:</b>", "<b>Contraindicated:</b>", "Cautions for the chosen conditions"]
    heads += ["Evidence by", "Questions to ask a clinician"]
    positions = [sheet.index(head) for head in heads]
    assert positions == sorted(positions)
    assert "150 USD" in sheet
    assert "Calf" in sheet
