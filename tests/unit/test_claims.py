import pytest

from legwise.rules.claims import OUTCOMES, claim_frame, judge_claims
from legwise.tables.catalogue import Catalogue
from tests.tables import on_disk


def judged(catalogue):
    return {item.claim["claim_id"]: item for item in judge_claims(catalogue)}


def test_every_claim_has_an_outcome_with_reasons(catalogue):
    items = judge_claims(catalogue)
    assert [item.claim["claim"] for item in items] == [row["claim"] for row in on_disk("claims")]
    assert all(item.outcome in OUTCOMES and item.reasons for item in items)
    assert len(claim_frame(items)) == len(items)


def test_releases_toxins_is_contradicted_by_the_findings_made_to_check_it(catalogue):
    item = judged(catalogue)["any-toxins"]
    assert item.outcome == "contradicted"
    assert len(item.findings) == 4
    assert "wiltshire-2010-lactate" in item.source_ids


def test_the_groups_it_matters_most_for_meet_cautions_and_clearances(catalogue):
    item = judged(catalogue)["any-for-risk-groups"]
    assert item.outcome == "cautions"
    diabetes = next(reason for reason in item.reasons if reason.startswith("Diabetes"))
    assert "contraindicated: " in diabetes
    assert "contraindicated in part: Compression stockings;" in diabetes
    assert "good health" in item.reasons[-1]
    assert "K160608" in item.reasons[-1]


def test_a_claim_about_a_type_without_studies_names_related_methods_only(catalogue):
    item = judged(catalogue)["shiatsu-foot-pain"]
    assert item.outcome == "related"
    assert item.reasons[0] == "No study of this type was found."
    assert any(reason.startswith("Professional massage") for reason in item.reasons)


def test_a_claim_with_one_direction_takes_it(catalogue):
    items = judged(catalogue)
    assert items["percussion-tension"].outcome == "no_difference"
    assert items["roller-tension"].outcome == "supported"
    assert items["air-circulation"].outcome == "mixed"


def test_a_claim_without_an_effect_says_so(catalogue):
    assert judged(catalogue)["chair-legs"].outcome == "no_effect_claimed"


@pytest.mark.parametrize(
    ("findings", "outcome"),
    [
        ([(2, "benefit"), (2, "benefit")], "supported"),
        ([(2, "unclear"), (3, "unclear")], "unclear"),
        ([(2, "no_difference")], "contradicted"),
        ([(2, "harm"), (3, "benefit")], "contradicted"),
        ([(2, "benefit"), (2, "harm")], "mixed"),
        ([(2, "mixed")], "mixed"),
        ([(None, "benefit")], "not_studied"),
    ],
)
def test_a_checked_claim_takes_the_direction_that_a_verdict_would(catalogue, findings, outcome):
    claims, evidence = catalogue["claims"], catalogue["evidence"].iloc[: len(findings)].copy()
    evidence["level"] = [level for level, _ in findings]
    evidence["level"] = evidence["level"].astype("Int64")
    evidence["direction"] = [direction for _, direction in findings]
    claim = claims[claims["evidence_ids"].astype(bool)].iloc[:1].copy()
    claim["evidence_ids"] = [tuple(evidence["evidence_id"])]
    made = Catalogue(catalogue.package, {**catalogue.tables, "claims": claim, "evidence": evidence})
    (item,) = judge_claims(made)
    assert item.outcome == outcome
    assert item.findings == tuple(evidence["evidence_id"])
