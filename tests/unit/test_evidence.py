from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.rules.verdicts import findings_of, judge, plain_sentence, subjects, verdicts

DIRECTIONS = ["benefit", "no_difference", "mixed", "harm", "unclear"]


def finding(level, direction):
    return {"level": level, "direction": direction}


findings = st.lists(
    st.builds(finding, st.sampled_from([1, 2, 3, 4, float("nan")]), st.sampled_from(DIRECTIONS)),
    max_size=8,
)


def test_without_a_levelled_finding_there_is_no_verdict():
    assert judge([]) == (None, None)
    assert judge([finding(float("nan"), "benefit")]) == (None, None)


def test_tier_is_the_best_level_present():
    assert judge([finding(4, "benefit"), finding(2, "benefit")])[0] == 2
    assert judge([finding(1, "benefit"), finding(2, "benefit")])[0] == 1


def test_levels_three_and_four_are_one_tier():
    assert judge([finding(3, "benefit")])[0] == 3
    assert judge([finding(4, "benefit")])[0] == 3


def test_direction_is_read_from_levels_one_and_two_where_there_are_any():
    assert judge([finding(2, "no_difference"), finding(4, "benefit"), finding(3, "harm")]) == (
        2,
        "no_difference",
    )


def test_direction_is_read_from_levels_three_and_four_else():
    assert judge([finding(3, "benefit"), finding(4, "benefit")]) == (3, "benefit")


def test_more_than_one_kind_is_mixed():
    assert judge([finding(1, "benefit"), finding(2, "no_difference")]) == (1, "mixed")
    assert judge([finding(1, "benefit"), finding(2, "unclear")]) == (1, "mixed")


def test_only_unclear_is_unclear():
    assert judge([finding(2, "unclear"), finding(2, "unclear")]) == (2, "unclear")


@given(findings)
def test_order_does_not_matter(rows):
    assert judge(rows) == judge(rows[::-1])


@given(
    findings,
    st.builds(finding, st.sampled_from([1, 2, 3, 4, float("nan")]), st.sampled_from(DIRECTIONS)),
)
def test_adding_a_finding_never_lowers_the_tier(rows, extra):
    before, after = judge(rows)[0], judge([*rows, extra])[0]
    assert before is None or (after is not None and after <= before)


def test_cell_without_study_but_with_a_claim_is_claimed(catalogue):
    cell = verdicts(catalogue)["device_type", "shiatsu_foot_calf", "foot_pain"]
    assert (cell.state, cell.claimed, cell.words) == ("claimed", "type", "claimed, no study found")


def test_a_claim_of_leg_massage_in_general_says_so(catalogue):
    cell = verdicts(catalogue)["device_type", "shiatsu_foot_calf", "stress"]
    assert (cell.state, cell.claimed) == ("claimed", "general")
    assert cell.words == "claimed (of leg massage in general), no study found"


def test_cell_without_study_and_claim_was_searched(catalogue):
    cell = verdicts(catalogue)["device_type", "percussion", "venous_ulcer"]
    assert (cell.state, cell.words) == ("searched", "searched, no study found")


def test_a_claim_never_reaches_a_technique(catalogue):
    assert not any(
        cell.claimed for (kind, _, _), cell in verdicts(catalogue).items() if kind != "device_type"
    )


def test_participants_of_a_work_with_two_findings_count_once(catalogue):
    one = catalogue.records("evidence")[0]
    work, another = list(catalogue.keys("sources"))[:2]
    about = {
        "subject_kind": "device_type",
        "subject": "compression_stockings",
        "symptom": "poor_blood_flow",
        "level": 2,
    }
    first = {**one, **about, "source_id": work, "participants": 77}
    rows = [
        first,
        {**first, "participants": 60},
        {**first, "source_id": another, "participants": 94},
    ]
    cell = verdicts(catalogue, rows)["device_type", "compression_stockings", "poor_blood_flow"]
    assert (cell.studies, cell.participants) == (2, 77 + 94)


def test_every_cell_agrees_with_a_naive_recount(catalogue):
    table = catalogue["evidence"]
    cells = verdicts(catalogue)
    assert len(cells) == len(subjects(catalogue)) * len(catalogue["symptoms"])
    for (kind, subject, symptom), cell in cells.items():
        rows = table[
            (table["subject_kind"] == kind)
            & (table["subject"] == subject)
            & (table["symptom"] == symptom)
        ]
        rated = rows[rows["level"].notna()]
        assert cell.studies == rated["source_id"].nunique()
        assert set(cell.findings) == set(rows["evidence_id"])
        if rated.empty:
            assert cell.tier is None
            continue
        assert cell.tier == {1: 1, 2: 2, 3: 3, 4: 3}[rated["level"].min()]
        top = rated[rated["level"] <= 2] if (rated["level"] <= 2).any() else rated
        kinds = top["direction"].unique()
        assert cell.direction == (kinds[0] if len(kinds) == 1 else "mixed")


def test_findings_stand_best_level_first_and_without_level_last(catalogue):
    ids = verdicts(catalogue)["device_type", "compression_stockings", "swelling"].findings
    levels = [row["level"] for row in findings_of(catalogue, ids)]
    ranks = [
        9 if level is None or level != level or str(level) == "<NA>" else int(level)
        for level in levels
    ]
    assert ranks == sorted(ranks)
    assert ranks[-1] == 9


SENTENCES = {
    (("benefit", 1),): "one finding counts, and it says that it helped",
    (("no_difference", 2),): "both findings that count say that it made no difference",
    (("harm", 3),): "all 3 findings that count say that it made things worse",
    (("no_difference", 1), ("benefit", 3)): (
        "most findings that count say that it helped (3 of 4; 1 no difference)"
    ),
    (("benefit", 2), ("mixed", 2)): "the findings that count differ (2 that it helped, 2 mixed)",
}


@pytest.mark.parametrize("read_from", SENTENCES)
def test_a_plain_sentence_says_no_more_than_the_counts(catalogue, read_from):
    verdict = replace(
        next(item for item in verdicts(catalogue).values() if item.tier == 1),
        read_from=read_from,
        studies=5,
        participants=1200,
    )
    assert plain_sentence(verdict, "Massage ball", "Swelling (oedema)") == (
        "For swelling (oedema), 5 studies of massage ball, 1,200 people: "
        f"{SENTENCES[read_from]}. Best kind of study: systematic reviews."
    )


def test_a_plain_sentence_tells_no_study_from_a_hidden_one(catalogue):
    cells = verdicts(catalogue, claims=False)
    searched = next(item for item in cells.values() if item.state == "searched")
    assert plain_sentence(searched, "Boots", "Pain") == "For pain, no study of boots was found."
    claimed = replace(searched, state="claimed", claimed="type")
    assert plain_sentence(claimed, "Boots", "Pain").endswith("The article claims this of it.")
    hidden = replace(searched, state="filtered")
    assert "hidden by the filters" in plain_sentence(hidden, "Boots", "Pain")
