"""Every sentence of the shipped tables says what the row it comes from says, and no more."""

from __future__ import annotations

import re

import pytest

from legwise.answers.absolute_numbers import TABLE, numbers_of, without
from legwise.answers.risk_factors import RATIOS, effect_sentence
from legwise.exports.map_file import map_file
from legwise.rules.verdicts import plain_sentence, subjects, verdicts
from legwise.rules.wording import SAYS, TIER_WORDS, of_100
from legwise.tables.descriptor import SHIPPED
from tests.tables import on_disk as rows_of

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
#: Shares that findings write as words.
IN_WORDS = {"one third": 100 / 3, "none": 0.0}
NEVER = re.compile(r"\b(safe|harmless|proven|works|significant\w*|you|cures?|heals)\b", re.I)
BETTER = {"raises": "more often", "lowers": "less often", "worsens": "worse"}


def on_disk(table):
    return rows_of(table, SHIPPED)


def numbers(text):
    """The numbers of a text, as floats."""
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


def shares(quotes):
    """The shares that words state, in their order: as per cents, "23 of 53" and "7/27" too."""
    text = " ".join(quotes)
    percentages = []
    pattern = r"(\d+)(?: of |/)(\d+)|(\d+(?:\.\d+)?)%?|\b(one third|none)\b"
    for part, whole, share, words in re.findall(pattern, text):
        percentages.append(
            100 * int(part) / int(whole) if whole else float(share or IN_WORDS[words])
        )
    return percentages


@pytest.mark.parametrize("row", on_disk(TABLE), ids=lambda row: row["numbers_id"])
def test_numbers_of_100_are_read_from_words_of_their_row(row, catalogue):
    table, field = ("evidence", "evidence_id")
    if not row[field]:
        table, field = ("risk_effects", "effect_id")
    key = row[field]
    (its,) = [other for other in on_disk(table) if other[field] == key]
    quotes = row["words"].split(";")
    cells = its["finding"].split("\n") if table == "evidence" else list(its.values())
    assert all(any(quote in cell for cell in cells) for quote in quotes)
    pair = [float(row["with_of_100"]), float(row["without_of_100"])]
    assert shares(quotes) == pytest.approx(pair, abs=0.05)
    (item,) = [
        item for item in numbers_of(catalogue, [key])[key] if row["happened"] == item.happened
    ]
    for share, group in zip(pair, item.groups, strict=True):
        assert group.marked == pytest.approx(share, abs=0.5 if share >= 1 else 1)
        assert group.number in item.sentence
    in_sentence = numbers(item.sentence.replace("Of 100", "").replace("of 100", ""))
    within = numbers(row["who"] + row["happened"] + row["with_group"] + row["without_group"])
    assert sorted(in_sentence) == sorted(
        [float(group.marked) for group in item.groups if group.number.startswith("about")] + within
    )
    if table == "evidence":
        assert item.sentence.endswith(f"as a whole: {its['direction'].replace('_', ' ')}.")
    assert not NEVER.search(item.sentence)


#: What the other group had → how its words begin, or what is among them.
OTHER_GROUP = {
    "no_device": re.compile(r"^(without\b|who did not$)"),
    "sham": re.compile(r"\b(sham|placebo)\b"),
    "other_treatment": re.compile(r"^treated with (?!.*\b(sham|placebo)\b)"),
    "not_told": re.compile(r"\bcontrols?$"),
}


@pytest.mark.parametrize(
    "row", [row for row in on_disk(TABLE) if row["evidence_id"]], ids=lambda row: row["numbers_id"]
)
def test_what_the_other_group_had_is_told_by_its_words(row, catalogue):
    kinds = [kind for kind, words in OTHER_GROUP.items() if words.search(row["without_group"])]
    assert kinds == [row["without_kind"]]
    (finding,) = [its for its in on_disk("evidence") if its["evidence_id"] == row["evidence_id"]]
    told = [
        item.sentence
        for item in without(catalogue).get(finding["symptom"], ())
        if item.source == finding["source_id"]
    ]
    if row["without_kind"] in ("other_treatment", "not_told"):
        assert told == []
        return
    (sentence,) = told
    for group, share in (("with", row["with_of_100"]), ("without", row["without_of_100"])):
        assert of_100(float(share)) in sentence, group
    assert row["with_group"] in sentence
    assert row["who"] in sentence
    assert not NEVER.search(sentence)


@pytest.mark.parametrize("row", on_disk("risk_effects"), ids=lambda row: row["effect_id"])
def test_an_effect_in_words_has_the_numbers_and_the_direction_of_its_row(row, catalogue):
    sentence = effect_sentence(catalogue, catalogue.row("risk_effects", row["effect_id"]))
    cells = [row[name] for name in ("comparison", "population", "outcome", "estimate_text")]
    stated = " ".join([*cells, row["estimate"], row["ci_low"], row["ci_high"], "95"])
    assert set(numbers(sentence)) <= {*numbers(stated), *numbers(row["effect_measure"])}
    words = sentence.casefold()
    assert all(row[name].casefold() in words for name in ("comparison", "population", "outcome"))
    assert sentence.count(BETTER.get(row["direction"], "link")) >= 1
    others = set(BETTER.values()) - {BETTER.get(row["direction"])}
    assert not any(f"was {words}." in sentence for words in others)
    if row["effect_measure"] in RATIOS and row["estimate"]:
        raised = float(row["estimate"]) > 1
        assert row["direction"] in ("no_link", "unclear", "raises" if raised else "lowers")
    # A ratio is never made a number of people.
    assert not re.search(r"of 100|per cent more|% more", sentence)
    assert not NEVER.search(sentence)


def test_a_cell_in_sentences_counts_the_findings_of_the_table(catalogue):
    findings, names = on_disk("evidence"), catalogue.names("symptoms")
    cells = verdicts(catalogue)
    assert {kind for kind, _, _ in cells} == {kind for kind, _ in subjects(catalogue)}
    for cell, verdict in cells.items():
        sentence = plain_sentence(verdict, catalogue.subject_label(*cell[:2]), names[cell[2]])
        assert not NEVER.search(sentence)
        its = [
            row
            for row in findings
            if (row["subject_kind"], row["subject"], row["symptom"]) == cell and row["level"]
        ]
        if not its:
            assert numbers(sentence) == []
            continue
        best = [row for row in its if row["level"] in "12"] or its
        votes = [row["direction"] for row in best]
        for direction in set(votes):
            says, counted = SAYS[direction]
            agreed = len(set(votes)) == 1 or 2 * votes.count(direction) > len(votes)
            assert says in sentence if agreed else f"{votes.count(direction)} {counted}" in sentence
        for direction in set(SAYS) - set(votes):
            assert not re.search(rf"\b\d+ {SAYS[direction][1]}|say {SAYS[direction][0]}", sentence)
        people = {}
        for row in its:
            number = int(row["participants"] or 0)
            people[row["source_id"]] = max(number, people.get(row["source_id"], 0))
        allowed = {len(people), sum(people.values()), len(votes), *map(votes.count, votes)}
        assert set(numbers(sentence)) <= allowed
        assert TIER_WORDS[min(3, *(int(row["level"]) for row in its), 3)] in sentence


def test_the_map_of_the_shipped_tables_is_a_small_file_that_quotes_every_number(catalogue):
    page = map_file(catalogue, today="2026-11-29")
    assert len(page.encode()) < 2_000_000
    of_findings = [row for row in on_disk(TABLE) if row["evidence_id"]]
    assert page.count('<figure class="legwise-people">') == len(of_findings)
