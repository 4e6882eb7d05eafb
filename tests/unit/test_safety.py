from legwise.safety import NOTHING_RECORDED, acceptances, caution_classes, cautions_for, conditions, severities, worst
from tests.tables import on_disk


def test_most_severe_class_comes_first(catalogue):
    found = cautions_for(catalogue, [("device_type", "compression_stockings")], ["diabetes"])
    assert [caution.severity for caution in found] == ["contraindicated", "caution"]
    assert worst(found) == "contraindicated"


def test_nothing_recorded_is_a_class_of_its_own(catalogue):
    found = cautions_for(catalogue, [("device_type", "professional_massage")], ["diabetes"])
    assert found == ()
    assert worst(found) == NOTHING_RECORDED
    assert list(severities(catalogue))[-1] == NOTHING_RECORDED


def test_a_heated_product_inherits_cautions_of_heat_as_indirect(catalogue):
    device = catalogue["devices"].query("heat == True and device_type == 'electric_foot_massager'")["device_id"].iloc[0]
    found = cautions_for(catalogue, catalogue.device_subjects(device), ["peripheral_neuropathy"])
    assert any(caution.subject == "heat" and caution.indirect for caution in found)
    without = cautions_for(catalogue, [("device_type", "electric_foot_massager")], ["peripheral_neuropathy"])
    assert not any(caution.indirect for caution in without)


def test_every_caution_names_its_basis_and_sources(catalogue):
    subjects = {(row["subject_kind"], row["subject"]) for row in catalogue.records("cautions")}
    found = cautions_for(catalogue, subjects)
    assert sorted(caution.caution_id for caution in found) == sorted(row["caution_id"] for row in on_disk("cautions"))
    assert all(caution.basis and caution.source_ids and caution.reason for caution in found)


def test_classes_rise_with_severity(catalogue):
    ranks = caution_classes(catalogue, ["diabetes"])
    assert ranks["device_type", "compression_stockings"] == 3
    assert ranks["device_type", "massage_chair"] == 2
    assert ("device_type", "professional_massage") not in ranks


def test_statements_that_disagree_are_found(catalogue):
    assert [row["source_ids"][0] for row in acceptances(catalogue, "air_compression", ["pregnancy"])] == ["aushealth-normatec"]


def test_conditions_on_offer_are_those_that_cautions_name(catalogue):
    assert set(conditions(catalogue)) == {row["risk_factor"] for row in catalogue.records("cautions")}
