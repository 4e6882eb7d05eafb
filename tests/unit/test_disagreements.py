"""Where sources disagree: each of the four kinds, counted again in a plain way."""

import pytest

from legwise.answers.disagreements import KINDS, disagreements
from legwise.rules.verdicts import verdicts
from legwise.tables.subjects import Subject

ORDER = list(KINDS)


def of_kind(catalogue, device_type, kind):
    return [item for item in disagreements(catalogue, device_type) if item.kind == kind]


def test_a_statement_that_accepts_stands_beside_the_cautions_for_the_same_condition(catalogue):
    names = catalogue.names("risk_factors")
    for key in catalogue.keys("device_types"):
        cautioned = {
            row["risk_factor"] for row in catalogue.records("cautions") if row["subject"] == key
        }
        accepted = [row for row in catalogue.records("not_a_bar") if row["device_type"] == key]
        disputed = {row["risk_factor"] for row in accepted} & cautioned
        matters = of_kind(catalogue, key, "acceptance")
        assert {item.about for item in matters} == {names[condition] for condition in disputed}
        for item in matters:
            texts = [side.text for side in item.sides]
            assert any(row["statement"] in texts for row in accepted)
            assert any(text[0] in "×!" for text in texts)


def test_cautions_that_differ_in_severity_rest_on_different_works(catalogue):
    matters = [
        (key, item)
        for key in catalogue.keys("device_types")
        for item in of_kind(catalogue, key, "severity")
    ]
    assert matters
    for key, item in matters:
        rows = [
            row
            for row in catalogue.records("cautions")
            if row["subject"] == key
            and catalogue.names("risk_factors")[row["risk_factor"]] == item.about
        ]
        assert len(rows) == len(item.sides)
        assert len({row["severity"] for row in rows}) > 1
        assert len({row["source_ids"] for row in rows}) > 1


def test_one_work_with_two_severities_is_no_dispute(catalogue):
    """Each severity needs a work that the other lacks."""
    by_condition = {}
    for row in catalogue.records("cautions"):
        if row["subject_kind"] == "device_type":
            cell = by_condition.setdefault((row["subject"], row["risk_factor"]), {})
            cell.setdefault(row["severity"], set()).update(
                source.copy_of or source.source_id
                for source in catalogue.sources(row["source_ids"])
            )
    names = catalogue.names("risk_factors")
    for (key, condition), works in by_condition.items():
        shown = [
            item
            for item in disagreements(catalogue, key)
            if item.about == names[condition] and item.kind == "severity"
        ]
        sets = list(works.values())
        if not any(one - two and two - one for one in sets for two in sets):
            assert not shown


def test_every_mixed_verdict_of_the_type_is_said_in_its_sentence(catalogue):
    for key in catalogue.keys("device_types"):
        mixed = [
            symptom
            for (kind, subject, symptom), cell in verdicts(catalogue).items()
            if (kind, subject) == Subject.type(key) and cell.direction == "mixed"
        ]
        names = catalogue.names("symptoms")
        matters = of_kind(catalogue, key, "studies")
        assert [item.about for item in matters] == [names[symptom] for symptom in mixed]
        assert all(item.sides[0].source_ids for item in matters)


def test_a_claim_that_is_borne_out_is_no_disagreement(catalogue):
    for key in catalogue.keys("device_types"):
        for item in of_kind(catalogue, key, "claim"):
            claimed, reply = item.sides
            assert claimed.text.startswith("Claimed: ")
            assert claimed.source_ids
            assert not reply.text.startswith("Supported")


@pytest.mark.parametrize("key", ["air_compression", "compression_stockings"])
def test_kinds_come_in_one_order(catalogue, key):
    kinds = [ORDER.index(item.kind) for item in disagreements(catalogue, key)]
    assert kinds
    assert kinds == sorted(kinds)
