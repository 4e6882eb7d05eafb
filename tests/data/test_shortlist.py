"""The shortlist on the shipped tables: what findings and cautions say, read by hand row by row.

A test here turns red where a row was corrected: read the rows again, then write down what they say
now.
"""

from legwise.rules.cautions import cautions_for
from legwise.rules.shortlist import Wish, rank_device_types


def barred(matches):
    return {match.device_type for match in matches if match.contraindicated}


def test_swelling_and_varicose_veins(catalogue):
    """Stockings: sixteen works, mixed at levels 1 and 2, and no caution with varicose veins is
    recorded, so they lead.

    Boots and massage by a therapist are mixed, too. A maker says not to use boots on acute varices,
    and a health
    service says not to massage over varicose veins: both stand first among the contraindicated,
    with that reason.
    """
    matches = rank_device_types(catalogue, Wish(("swelling",), ("varicose_veins",)))
    assert matches[0].device_type == "compression_stockings"
    assert "(16 studies" in matches[0].reasons[0]
    assert matches[0].cautions == ()
    first = [match for match in matches if match.contraindicated][:2]
    assert [match.device_type for match in first] == ["air_compression", "professional_massage"]
    assert any("Acute varices: do not use." in line for line in first[0].against)
    assert any("Not over varicose veins." in line for line in first[1].against)


def test_diabetes_and_numbness(catalogue):
    """Boots show benefit in a trial on people with diabetes, and a maker says to ask a doctor
    first: they lead.

    Massage by a therapist and by oneself are mixed (a benefit beside a mixed and an unclear one), a
    wooden massager is
    unclear. Foot and calf machines, electric foot machines, foot baths and stockings are
    contraindicated by a source each.
    """
    matches = rank_device_types(catalogue, Wish(("numbness",), ("diabetes",)))
    assert barred(matches) == {
        "foot_calf_massager",
        "electric_foot_massager",
        "foot_bath",
        "compression_stockings",
    }
    assert [match.device_type for match in matches[:4]] == [
        "air_compression",
        "professional_massage",
        "self_massage",
        "manual_foot_massager",
    ]
    assert any("ask a doctor" in line for line in matches[0].against)


def test_heat_is_warned_of_with_diabetes(catalogue):
    """Products with heat inherit the warning of the US regulator on heating numb feet."""
    device = (
        catalogue["devices"]
        .query("heat == True and device_type == 'massage_chair'")["device_id"]
        .iloc[0]
    )
    its_cautions = cautions_for(catalogue, catalogue.device_subjects(device), ["diabetes"])
    assert any(
        caution.subject == "heat" and caution.severity == "contraindicated"
        for caution in its_cautions
    )


def test_tired_legs_from_standing_without_a_condition(catalogue):
    """A wearable roller on four people is the only study of foot and calf machines: benefit at
    level 4, so they lead.

    Four types are mixed, of which boots, stockings and massage by a therapist were put to
    randomised trials. A review
    of rollers is unclear. Nothing is barred, since no condition was stated.
    """
    matches = rank_device_types(catalogue, Wish(("fatigue",)))
    assert matches[0].device_type == "foot_calf_massager"
    assert matches[0].reasons == (
        "Tired, heavy legs: ▲ benefit, best level: other studies (1 study, 4 people).",
    )
    mixed = [match.device_type for match in matches if "mixed" in match.reasons[0]]
    assert mixed == [match.device_type for match in matches[1:5]]
    assert set(mixed) == {
        "air_compression",
        "compression_stockings",
        "percussion",
        "professional_massage",
    }
    assert not barred(matches)


def test_pregnancy_and_swelling(catalogue):
    """Makers ban boots, foot-and-calf machines and electrical stimulators in pregnancy: they stand
    last with the reason.

    Stockings carry no caution with pregnancy; insurers accept severe swelling in pregnancy as a
    reason for them.
    """
    matches = rank_device_types(catalogue, Wish(("swelling",), ("pregnancy",)))
    last = ["air_compression", "foot_calf_massager", "electrical_foot_stimulator"]
    assert [match.device_type for match in matches[-3:]] == last
    assert barred(matches) == set(last)
    assert all(
        any("do not use" in line.lower() for line in match.against) for match in matches[-3:-1]
    )
    assert any("not in pregnancy" in line for line in matches[-1].against)
    assert not next(
        match for match in matches if match.device_type == "compression_stockings"
    ).cautions


def test_known_deep_vein_thrombosis(catalogue):
    """Makers, regulators and a health service bar nearly everything, massage by hand included."""
    matches = rank_device_types(catalogue, Wish(("swelling", "pain"), ("deep_vein_thrombosis",)))
    assert {
        "air_compression",
        "foot_calf_massager",
        "electric_foot_massager",
        "shiatsu_foot_calf",
        "professional_massage",
        "self_massage",
        "percussion",
        "massage_chair",
    } <= barred(matches)
