"""The evidence map as one file: opened from disk, without a server and without a network."""

from __future__ import annotations

import csv
import json
import random
import re
from dataclasses import asdict

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from legwise.charts.evidence import cell_mark, cell_step, map_rows
from legwise.exports.map_file import map_file
from legwise.intake.devices import build
from legwise.intake.proposals import known_names, propose
from legwise.intake.reading import read_content
from legwise.rules.findings import SEVERAL, EvidenceFilter, select_findings
from legwise.rules.shortlist import verdict_rank
from legwise.rules.verdicts import findings_of, plain_sentence, verdicts
from legwise.tables.catalogue import load_catalogue
from legwise.tables.subjects import UNKNOWN_TYPE
from tests.browser.conftest import PHONE, WIDE
from tests.packages import small
from tests.tables import on_disk

#: Every cell of every state as the script answers it, and the order of its lists.
ANSWER = """states => states.map(wanted => {
    const rows = verdicts(wanted);
    return {
        cells: rows.map(row => row.map(cell => [
            words(cell), mark(cell), step(cell), sentence(cell), cell.tier ? reason(cell) : "",
            cell.studies, cell.participants, cell.findings.map(finding => finding.id),
        ])),
        lists: DATA.symptoms.map((_, column) =>
            ordered(rows.map(row => row[column])).map(cell => cell.subject.name)),
    };
})"""


@pytest.fixture
def opened(window, tmp_path):
    """Open a map from disk; nothing may be asked of the network, and nothing may go wrong."""
    pages = []

    def open_(catalogue=None, size=WIDE, scheme="light"):
        path = tmp_path / "map.html"
        path.write_text(map_file(catalogue or small(), today="2026-11-29"), encoding="utf-8")
        page, asked = window.new_page(), []
        pages.append((page, asked))
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(message.text))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.route(re.compile("^https?:"), lambda route: route.abort())
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.goto(path.as_uri())
        return page

    yield open_
    for page, asked in pages:
        assert [text for text in asked if not text.startswith("file:")] == []
        page.close()


def seeded(catalogue, number):
    """States of the switches, the empty one first."""
    rng, table = random.Random(20261129), catalogue.package["evidence"]

    def some(column):
        values = list(table[column].labels)
        return tuple(rng.sample(values, rng.choice((0, 0, 0, 2, len(values) - 1))))

    yield EvidenceFilter()
    for _ in range(number - 1):
        yield EvidenceFilter(
            max_level=rng.choice((1, 2, 3, 4)),
            direct=rng.random() < 0.3,
            claims=rng.random() < 0.6,
            year_from=rng.choice((None, None, rng.randint(1995, 2020))),
            **{name: some(column) for name, column in SEVERAL.items()},
        )


def expected(catalogue, wanted):
    kept = select_findings(catalogue, wanted).kept
    cells = verdicts(catalogue, kept, claims=wanted.claims)
    symptoms = catalogue.keys("symptoms")
    rows = [
        (label, [cells[kind, subject, symptom] for symptom in symptoms])
        for _, label, kind, subject in map_rows(catalogue)
    ]
    order = [
        sorted(
            ((verdict_rank(its[column]), label.casefold(), label) for label, its in rows),
        )
        for column in range(len(symptoms))
    ]
    return {
        "cells": [
            [
                [
                    cell.words,
                    cell_mark(cell),
                    cell_step(cell),
                    plain_sentence(cell, label),
                    cell.reason if cell.tier else "",
                    cell.studies,
                    cell.participants,
                    [row["evidence_id"] for row in findings_of(catalogue, cell.findings)],
                ]
                for cell in its
            ]
            for label, its in rows
        ],
        "lists": [[label for *_, label in names] for names in order],
    }


def test_the_file_answers_fifty_states_as_the_app_does(opened):
    # A list from elsewhere adds a type of which nothing is known.
    sheet = read_content(b"brand,device_type\nZork,Stiefel\n", known_names(small()).keys())
    listed = build(sheet, propose(sheet, small()), small(), "list.csv", "0" * 12)
    catalogue = listed.catalogue(small())
    assert UNKNOWN_TYPE in catalogue.keys("device_types")
    states = list(seeded(catalogue, 50))
    answers = opened(catalogue).evaluate(ANSWER, [asdict(state) for state in states])
    for state, answer in zip(states, answers, strict=True):
        assert answer == expected(catalogue, state), state
    # They are not all the same question.
    assert len({json.dumps(answer) for answer in answers}) > 30


def test_filters_and_a_cell_by_keyboard_alone(opened):
    page = opened()
    row = small().row("evidence", "air-compression-swelling-boris-1998-genital")
    source = small().sources([row["source_id"]])[0]
    page.get_by_label("Minimum study quality").select_option("Systematic reviews")
    kept = select_findings(small(), EvidenceFilter(max_level=1)).kept
    expect(page.locator("#kept")).to_contain_text(f"{len(kept)} of")
    page.get_by_role("button", name="Count all findings").press("Enter")
    expect(page.locator("#kept")).to_contain_text(f"{len(on_disk('evidence'))} of")
    cells = page.locator("#map td button")
    cells.first.focus()
    page.keyboard.press("End")
    assert page.evaluate("buttons.indexOf(document.activeElement)") == len(on_disk("symptoms")) - 1
    page.get_by_role("gridcell").get_by_label("Air compression massager, Swelling").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(row["finding"])
    expect(dialog.get_by_role("link", name=source.citation)).to_have_attribute("href", source.link)
    expect(dialog).to_contain_text("Of 100 people with leg lymphoedema who used a pump, about 43")
    expect(dialog.locator("i.yes")).to_have_count(43 + 3)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_phone_reads_a_list_and_can_have_the_map(opened):
    page = opened(size=PHONE)
    expect(page.locator("#map")).to_be_hidden()
    name = small().names("symptoms")["swelling"]
    page.get_by_role("heading", name=name).click()
    cell = verdicts(small())["device_type", "air_compression", "swelling"]
    label = small().subject_label("device_type", "air_compression")
    line = page.get_by_role("listitem").filter(has_text=plain_sentence(cell, label))
    line.get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text(cell.words)
    page.get_by_role("button", name="Close").click()
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0
    page.get_by_text("Kind of people", exact=True).click()
    people = page.get_by_role("group", name="Kind of people")
    people.get_by_label("In pregnancy").check()
    kept = select_findings(small(), EvidenceFilter(populations=("pregnancy",))).kept
    expect(page.locator("#kept")).to_contain_text(f"{len(kept)} of")
    assert page.evaluate(overflow) <= 0
    page.keyboard.press("Escape")
    expect(people).to_be_hidden()
    page.get_by_label("Map", exact=True).check()
    expect(page.locator("#map")).to_be_visible()
    assert page.evaluate(overflow) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_fault_of_accessibility(opened, scheme):
    page = opened(scheme=scheme)
    for _ in range(2):
        faults = Axe().run(page).response["violations"]
        assert not faults, [(fault["id"], fault["nodes"][0]["html"]) for fault in faults]
        page.get_by_label("List, for phones").check()
        page.locator("#list summary").first.click()


def test_texts_of_tables_stay_texts(opened, copied):
    attack = "</script><script>window.hit = 1</script><img src=x onerror='window.hit = 1'>{n} & \""
    for table, column in (
        ("evidence.csv", "finding"),
        ("symptoms.csv", "name"),
        ("device_types.csv", "name"),
        ("sources.csv", "title"),
        ("absolute_numbers.csv", "who"),
    ):
        rows = on_disk(table.removesuffix(".csv"), copied)
        rows[-1][column] += attack
        with (copied / table).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    page = opened(load_catalogue(copied))
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert page.evaluate("window.hit") is None
    expect(page.locator("#map tbody th[scope=row]").filter(has_text=attack)).to_have_count(1)
    page.get_by_role("gridcell").get_by_label("Air compression massager, Swelling").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.locator("img, script").count() == 2
    assert page.evaluate("window.hit") is None
