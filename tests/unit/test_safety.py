from legwise.rules.cautions import (
    NOTHING_RECORDED,
    acceptances,
    caution_classes,
    caution_mark,
    cautions_for,
    conditions,
    grade,
    severities,
    worst,
)
from legwise.tables.catalogue import Catalogue
from legwise.tables.subjects import UNKNOWN_TYPE
from tests.tables import on_disk


def test_most_severe_class_comes_first(catalogue):
    its_cautions = cautions_for(catalogue, [("device_type", "compression_stockings")], ["diabetes"])
    assert [caution.severity for caution in its_cautions] == ["contraindicated", "caution"]
    assert worst(its_cautions) == "contraindicated"


def test_nothing_recorded_is_a_class_of_its_own(catalogue):
    its_cautions = cautions_for(catalogue, [("device_type", "professional_massage")], ["diabetes"])
    assert its_cautions == ()
    assert worst(its_cautions) == NOTHING_RECORDED
    assert list(severities(catalogue))[-1] == NOTHING_RECORDED


def test_a_heated_product_inherits_cautions_of_heat_as_indirect(catalogue):
    device = (
        catalogue["devices"]
        .query("heat == True and device_type == 'electric_foot_massager'")["device_id"]
        .iloc[0]
    )
    its_cautions = cautions_for(
        catalogue, catalogue.device_subjects(device), ["peripheral_neuropathy"]
    )
    assert any(caution.subject == "heat" and caution.indirect for caution in its_cautions)
    without = cautions_for(
        catalogue, [("device_type", "electric_foot_massager")], ["peripheral_neuropathy"]
    )
    assert not any(caution.indirect for caution in without)


def test_every_caution_names_its_basis_and_sources(catalogue):
    subjects = {(row["subject_kind"], row["subject"]) for row in catalogue.records("cautions")}
    its_cautions = cautions_for(catalogue, subjects)
    assert sorted(caution.caution_id for caution in its_cautions) == sorted(
        row["caution_id"] for row in on_disk("cautions")
    )
    assert all(caution.basis and caution.source_ids and caution.reason for caution in its_cautions)


def test_classes_rise_with_severity(catalogue):
    ranks = caution_classes(catalogue, ["diabetes"])
    classes = [
        UNKNOWN_TYPE,  # as bad as any: nobody looked
        "electric_foot_massager",  # contraindicated
        "compression_stockings",  # contraindicated in part
        "massage_chair",  # ask
        "massage_ball_roller",  # caution
        "professional_massage",  # nothing recorded
    ]
    worst, outright, part, ask, care, none = (
        ranks.get(("device_type", item), 0) for item in classes
    )
    assert worst == outright > part > ask > care > none == 0


def test_statements_that_disagree_are_found(catalogue):
    assert [
        row["source_ids"][0] for row in acceptances(catalogue, "air_compression", ["pregnancy"])
    ] == ["aushealth-normatec"]


def test_conditions_on_offer_are_those_that_cautions_name(catalogue):
    assert set(conditions(catalogue)) == {
        row["risk_factor"] for row in catalogue.records("cautions")
    }


def made(catalogue, *cautions, copies=()):
    """The tables with those cautions alone, all of massage chairs unless said; ``copies`` pairs a
    source with its original.
    """
    frame = catalogue["cautions"].iloc[[0] * len(cautions)].reset_index(drop=True)
    usual = {
        "subject_kind": "device_type",
        "subject": "massage_chair",
        "limits": None,
        "severity_basis": "stated",
    }
    for index, cells in enumerate(cautions):
        for name, cell in {"caution_id": f"made-{index}", **usual, **cells}.items():
            frame.at[index, name] = cell
    sources = catalogue["sources"]
    sources["copy_of"] = sources["source_id"].map(dict(copies))
    return Catalogue(catalogue.package, {**catalogue.tables, "cautions": frame, "sources": sources})


def labels(catalogue, *subjects):
    return [
        caution.label
        for caution in cautions_for(catalogue, subjects or [("device_type", "massage_chair")])
    ]


def test_a_label_has_the_condition_its_limits_the_number_of_sources_and_whose_word_it_is(catalogue):
    one, two, three = catalogue["sources"]["source_id"][:3]
    assert labels(
        made(
            catalogue,
            {
                "severity": "contraindicated",
                "risk_factor": "varicose_veins",
                "limits": "acute phlebitis only",
                "source_ids": (one, two, three),
            },
            {
                "severity": "ask_clinician",
                "risk_factor": "diabetes",
                "severity_basis": "inferred",
                "source_ids": (one,),
            },
            {"severity": "caution", "risk_factor": "deep_vein_thrombosis", "source_ids": (two,)},
        )
    ) == [
        "× Contraindicated with varicose veins (acute phlebitis only; 3 sources)",
        "!! Ask a clinician first with diabetes (1 source; our reading)",
        "! Caution with deep vein thrombosis (DVT) (1 source)",
    ]


def test_a_copy_of_a_text_and_the_text_are_one_source(catalogue):
    one, two, three = catalogue["sources"]["source_id"][:3]
    caution = {"severity": "caution", "risk_factor": "diabetes", "source_ids": (one, two, three)}
    assert labels(made(catalogue, caution)) == ["! Caution with diabetes (3 sources)"]
    assert labels(made(catalogue, caution, copies=[(three, one)])) == [
        "! Caution with diabetes (2 sources)"
    ]
    apart = {**caution, "source_ids": (two, three)}
    assert labels(made(catalogue, apart, copies=[(two, one), (three, one)])) == [
        "! Caution with diabetes (1 source)"
    ]


def test_a_caution_of_a_technique_or_feature_says_through_what(catalogue):
    heat = {
        "subject_kind": "feature",
        "subject": "heat",
        "severity": "caution",
        "risk_factor": "diabetes",
        "limits": "numb feet",
    }
    heat["source_ids"] = (catalogue["sources"]["source_id"][0],)
    its_cautions = made(
        catalogue,
        heat,
        {**heat, "subject_kind": "technique", "subject": "air_compression", "limits": None},
    )
    assert labels(its_cautions, ("feature", "heat")) == [
        "! Caution with diabetes (numb feet; through heat; 1 source)"
    ]
    assert labels(its_cautions, ("technique", "air_compression")) == [
        "! Caution with diabetes (through air compression; 1 source)"
    ]
    assert [caution.through for caution in cautions_for(its_cautions, [("feature", "heat")])] == [
        "through heat"
    ]


def test_the_mark_of_a_product_says_more_where_the_most_severe_caution_is_limited(catalogue):
    chair = catalogue["devices"].query("device_type == 'massage_chair'")["device_id"].iloc[0]
    source = (catalogue["sources"]["source_id"][0],)
    barred = {"severity": "contraindicated", "risk_factor": "diabetes", "source_ids": source}
    asks = {**barred, "severity": "ask_clinician"}
    wholly = caution_mark(made(catalogue, barred, asks), chair, ["diabetes"])
    assert wholly == "× Contraindicated with diabetes (1 source)"
    partly = caution_mark(
        made(catalogue, {**barred, "limits": "numb feet"}, asks), chair, ["diabetes"]
    )
    assert (
        partly
        == "× Contraindicated with diabetes (numb feet; 1 source); !! Ask a clinician first with diabetes (1 source)"  # noqa: E501
    )
    assert caution_mark(made(catalogue), chair, ["diabetes"]) == "– Nothing recorded"


def test_what_is_contraindicated_in_part_is_a_grade_of_its_own(catalogue):
    bar = {"severity": "contraindicated", "risk_factor": "diabetes"}
    ask = {"severity": "ask_clinician", "risk_factor": "diabetes"}
    part, other = {**bar, "limits": "severe"}, {**bar, "limits": "over the area"}
    grades = []
    for rows in ([bar, part], [part, other, ask], [ask], []):
        tables = made(catalogue, *rows)
        cautions = cautions_for(tables, [("device_type", "massage_chair")])
        grades.append(grade(tables, cautions))
    assert [rank for rank, _ in grades] == sorted({rank for rank, _ in grades})
    assert [words for _, words in grades] == [
        "Contraindicated",
        "Contraindicated in part",
        "Ask a clinician first",
        "Nothing recorded",
    ]
