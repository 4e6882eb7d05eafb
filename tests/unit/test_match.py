"""The rule of the shortlist, by properties and by cases worked out by hand from the tables."""

import itertools
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legwise.catalogue import Catalogue, is_stated, load_catalogue
from legwise.evidence import verdicts
from legwise.export import about
from legwise.match import Wish, rank_device_types, verdict_rank
from legwise.safety import cautions_for, conditions, worst
from legwise.sheet import wish_sheet

CATALOGUE = load_catalogue()
SYMPTOMS = list(CATALOGUE.keys("symptoms"))
CONDITIONS = list(conditions(CATALOGUE))
some_symptoms = st.lists(st.sampled_from(SYMPTOMS), unique=True, min_size=1, max_size=3).map(tuple)
some_conditions = st.lists(st.sampled_from(CONDITIONS), unique=True, max_size=3).map(tuple)
wishes = st.builds(Wish, some_symptoms, some_conditions, st.just(("heat",)) | st.just(()), st.none() | st.just(100.0))


def ranked(wish, catalogue=CATALOGUE):
    return rank_device_types(catalogue, wish)


def place(matches, key):
    return next(place for place, match in enumerate(matches) if match.device_type == key)


@given(wishes)
@settings(max_examples=60, deadline=None)
def test_every_type_is_there_and_contraindicated_ones_come_last_with_their_reason(wish):
    matches = ranked(wish)
    assert sorted(match.device_type for match in matches) == sorted(CATALOGUE.keys("device_types"))
    flags = [match.contraindicated for match in matches]
    assert flags == sorted(flags)
    for match in matches:
        if match.contraindicated:
            assert any(line.startswith("⛔ Contraindicated with ") and len(line) > 40 for line in match.against)


@given(wishes)
@settings(max_examples=60, deadline=None)
def test_reasons_name_every_symptom_chosen_and_unknowns_every_condition_without_record(wish):
    names, risks = CATALOGUE.names("symptoms"), CATALOGUE.names("risk_factors")
    for match in ranked(wish):
        assert [line.partition(":")[0] for line in match.reasons] == [names[symptom] for symptom in wish.symptoms]
        for condition in wish.conditions:
            recorded = any(caution.risk_factor == condition for caution in match.cautions)
            assert recorded or any(line.startswith(f"{risks[condition]}: nothing recorded") for line in match.unknown)


def with_caution(severity, device_type, condition):
    """The tables with one more caution."""
    table = CATALOGUE["cautions"]
    row = {**table.iloc[0].to_dict(), "caution_id": "added", "subject_kind": "device_type", "subject": device_type}
    row.update(risk_factor=condition, severity=severity, reason="Added for the test of the rule only.")
    frame = table.iloc[[*range(len(table)), 0]].reset_index(drop=True)
    frame.loc[len(table)] = row
    return Catalogue(CATALOGUE.package, {**CATALOGUE.tables, "cautions": frame})


@given(
    wishes,
    st.sampled_from(list(CATALOGUE.keys("device_types"))),
    st.sampled_from(["caution", "ask_clinician", "contraindicated"]),
)
@settings(max_examples=40, deadline=None)
def test_a_more_severe_caution_never_ranks_a_type_higher(wish, device_type, severity):
    if not wish.conditions:
        return
    after = ranked(wish, with_caution(severity, device_type, wish.conditions[0]))
    assert place(after, device_type) >= place(ranked(wish), device_type)
    if severity == "contraindicated":
        assert all(match.contraindicated for match in after[place(after, device_type) :])


def test_verdicts_stand_in_the_published_order():
    cells = verdicts(CATALOGUE).values()
    order = []
    for wanted in ("benefit", "mixed", "unclear", "searched", "no_difference", "harm"):
        ranks = {verdict_rank(cell) for cell in cells if wanted in (cell.direction, cell.state)}
        order.append((min(ranks), max(ranks)))
    assert all(one[1] < other[0] for one, other in itertools.pairwise(order))
    claimed = {verdict_rank(cell) for cell in cells if cell.state == "claimed"}
    assert claimed == {5}


# --- worked cases: what the tables say, read by hand ---------------------------------------------------


def test_swelling_and_varicose_veins():
    """Stockings: 17 studies, mixed, and no caution with varicose veins is recorded, so they lead.

    Electric foot machines have the only one-way benefit for swelling, but a maker says to avoid them with varicose
    veins, so they stand first among the contraindicated, with that reason.
    """
    matches = ranked(Wish(("swelling",), ("varicose_veins",)))
    assert matches[0].device_type == "compression_stockings"
    first_barred = next(match for match in matches if match.contraindicated)
    assert first_barred.device_type == "electric_foot_massager"
    assert any("avoid with varicose veins" in line for line in first_barred.against)


def test_diabetes_and_numbness():
    """Machines for feet and stockings are contraindicated by a source each; boots ask for a clinician.

    For numbness the manual massager and boots show benefit in randomised trials. The trial on boots, like that on
    the manual massager, was made on people with diabetes, so the alphabet decides between the two.
    """
    matches = ranked(Wish(("numbness",), ("diabetes",)))
    barred = {match.device_type for match in matches if match.contraindicated}
    assert barred == {"foot_calf_massager", "electric_foot_massager", "compression_stockings"}
    assert [match.device_type for match in matches[:2]] == ["air_compression", "manual_foot_massager"]
    assert any("ask a doctor" in line for line in matches[0].against)


def test_heat_is_warned_of_with_diabetes(index):
    """Products with heat inherit the warning of the US regulator on heating numb feet."""
    device = CATALOGUE["devices"].query("heat == True and device_type == 'massage_chair'")["device_id"].iloc[0]
    found = cautions_for(CATALOGUE, CATALOGUE.device_subjects(device), ["diabetes"])
    assert any(caution.subject == "heat" and caution.severity == "contraindicated" for caution in found)


def test_tired_legs_from_standing_without_a_condition():
    """Stockings: benefit in a systematic review (four studies), the strongest verdict on tired legs; nothing is barred."""
    matches = ranked(Wish(("fatigue",)))
    assert matches[0].device_type == "compression_stockings"
    assert not any(match.contraindicated for match in matches)


def test_pregnancy_and_swelling():
    """A maker bans boots and foot-and-calf machines in pregnancy: both stand last with the reason.

    Stockings carry no caution with pregnancy; insurers accept severe swelling in pregnancy as a reason for them.
    """
    matches = ranked(Wish(("swelling",), ("pregnancy",)))
    barred = {match.device_type for match in matches if match.contraindicated}
    assert {"air_compression", "foot_calf_massager"} <= barred
    assert "compression_stockings" not in barred
    assert any(
        "do not use" in line.lower() for match in matches if match.device_type == "air_compression" for line in match.against
    )


def test_known_deep_vein_thrombosis():
    """Makers, regulators and case reports of fatal lung clots bar nearly everything, massage by hand included."""
    matches = ranked(Wish(("swelling", "pain"), ("deep_vein_thrombosis",)))
    barred = {match.device_type for match in matches if match.contraindicated}
    assert {"air_compression", "professional_massage", "self_massage", "percussion", "massage_chair"} <= barred


def test_products_meet_the_needs_or_are_marked_to_ask(catalogue):
    matches = {match.device_type: match for match in ranked(Wish(("pain",), (), ("heat",), 200.0))}
    for match in matches.values():
        for device in match.meets:
            row = catalogue.row("devices", device)
            assert row["heat"] is True
            assert row["price_usd"] <= 200
        for device, missing in match.ask_seller:
            row = catalogue.row("devices", device)
            assert row["heat"] is not False
            assert missing
    assert matches["compression_stockings"].meets == matches["compression_stockings"].ask_seller == ()


def walked(catalogue, rows, device_type, wish):
    """Products of a type by a walk over the rows: those that meet the needs, those to ask about, those barred."""
    table = catalogue.package["devices"]
    needs = [*wish.features, *(["price_usd"] if wish.budget is not None else [])]
    meets, asked, barred = [], [], []
    for row in rows:
        if row["device_type"] != device_type or any(row[name] is False for name in wish.features):
            continue
        if wish.budget is not None and row["price_usd"] > wish.budget:
            continue
        parts = [("device_type", row["device_type"]), *(("technique", own) for own in row["techniques"])]
        parts += [("feature", item.name) for item in table.features if row[item.name] is True]
        missing = tuple(table[name].title for name in needs if not is_stated(row[name]))
        if worst(cautions_for(catalogue, parts, wish.conditions)) == "contraindicated":
            barred.append(row)
        elif missing:
            asked.append((row, missing))
        else:
            meets.append(row)

    def most_said(row):
        return -sum(is_stated(row[item.name]) and item.name not in row["by_nature"] for item in table.facts)

    return (
        tuple(row["device_id"] for row in sorted(meets, key=most_said)),
        tuple((row["device_id"], missing) for row, missing in sorted(asked, key=lambda pair: most_said(pair[0]))),
        tuple(row["device_id"] for row in sorted(barred, key=most_said)),
    )


FEATURES = [item.name for item in CATALOGUE.package["devices"].features]
some_features = st.lists(st.sampled_from(FEATURES), unique=True, max_size=3).map(tuple)
needy = st.builds(Wish, some_symptoms, some_conditions, some_features, st.none() | st.sampled_from([0.0, 30.0, 100.0, 500.0]))


def holds_by_a_walk(catalogue, wish):
    rows = catalogue["devices"].to_dict("records")
    for match in ranked(wish, catalogue):
        assert (match.meets, match.ask_seller, match.barred) == walked(catalogue, rows, match.device_type, wish)


@given(needy)
@settings(max_examples=40, deadline=None)
def test_products_are_those_that_a_walk_over_the_rows_finds(wish):
    holds_by_a_walk(CATALOGUE, wish)


@given(needy)
@settings(max_examples=40, deadline=None)
def test_types_that_offer_the_needed_features_come_before_those_that_do_not(wish):
    rows = CATALOGUE["devices"].to_dict("records")
    matches = ranked(wish)
    flags = [(match.contraindicated, bool(match.unmet)) for match in matches]
    assert flags == sorted(flags)
    for match in matches:
        assert (match.unmet in match.against) == bool(match.unmet)
        # Without a limit to pay, or a product left open, what meets the needs is what states them all.
        meets, _, _ = walked(CATALOGUE, rows, match.device_type, Wish((), wish.conditions, wish.features))
        assert bool(match.unmet) == (bool(wish.features) and not meets)


def with_features(*products):
    """The tables with those products of air compression alone, given as the features each states to have or not."""
    devices = CATALOGUE["devices"].query("device_type == 'air_compression'").iloc[: len(products)].reset_index(drop=True)
    for row, stated in enumerate(products):
        devices.loc[row, [item.name for item in CATALOGUE.package["devices"].fields if item.type == "boolean"]] = pd.NA
        for name, has in stated.items():
            devices.loc[row, name] = has
        devices.at[row, "techniques"] = ()
    return Catalogue(CATALOGUE.package, {**CATALOGUE.tables, "devices": devices})


@pytest.mark.parametrize(
    ("products", "conditions", "said"),
    [
        ([{"heat": True, "remote_control": True}], (), ""),
        ([{"heat": True}], (), "No product of this type states remote control."),
        ([{"heat": False}, {}], (), "No product of this type states heat or remote control."),
        ([{"heat": True}, {"remote_control": True}], (), "No product of this type states heat and remote control together."),
        (
            [{"heat": True, "remote_control": True}],
            ("peripheral_neuropathy",),
            "Every product of this type that states heat and remote control is contraindicated for what you stated.",
        ),
    ],
)
def test_a_type_without_the_needed_features_says_which(products, conditions, said):
    matches = ranked(Wish(("swelling",), conditions, ("heat", "remote_control")), with_features(*products))
    match = matches[place(matches, "air_compression")]
    assert match.unmet == said
    assert [line for line in match.against if "of this type" in line] == ([said] if said else [])
    if not said:
        # Types without any such product stand behind it, whatever their verdicts.
        assert matches[0] == match


def test_heat_and_remote_control_are_no_reason_for_stockings():
    matches = ranked(Wish(("swelling",), (), ("heat", "remote_control")))
    stockings = matches[place(matches, "compression_stockings")]
    assert stockings.unmet == "No product of this type states heat or remote control."
    assert matches[0].meets
    assert all(match.unmet for match in matches[place(matches, "compression_stockings") :])


@pytest.fixture
def many(monkeypatch):
    """The tables with more products than are kept as records; the limit is lowered to just below their number."""
    largest = max(len(frame) for name, frame in CATALOGUE.tables.items() if name != "devices")
    devices = pd.concat([CATALOGUE["devices"]] * (largest // len(CATALOGUE["devices"]) + 1), ignore_index=True)
    devices["device_id"] = [f"{key}-{number}" for number, key in enumerate(devices["device_id"])]
    monkeypatch.setattr("legwise.catalogue.MOST_RECORDS", len(devices) - 1)
    return Catalogue(CATALOGUE.package, {**CATALOGUE.tables, "devices": devices})


@pytest.mark.parametrize(
    "wish",
    [
        Wish(("pain",), ("diabetes",), ("heat", "remote_control"), 300.0),
        Wish(("swelling", "pain"), ("deep_vein_thrombosis", "pregnancy"), ("cordless",)),
        Wish(("fatigue",)),
    ],
)
def test_a_long_list_of_devices_is_matched_as_a_short_one(many, wish):
    with pytest.raises(KeyError):
        many.records("devices")
    holds_by_a_walk(many, wish)
    short = ranked(wish)
    for one, other in zip(ranked(wish, many), short, strict=True):
        assert (one.device_type, one.reasons, one.against, one.unknown) == (
            other.device_type,
            other.reasons,
            other.against,
            other.unknown,
        )


def test_parts_and_facts_of_a_long_list_are_those_of_its_rows(many):
    parts = {}
    for row in many["devices"].to_dict("records"):
        own = {("feature", name) for name in FEATURES if row[name] is True} | {("technique", name) for name in row["techniques"]}
        parts[row["device_type"]] = parts.get(row["device_type"], set()) | own
    assert {key: set(many.type_parts(key)) for key in parts} == parts
    table = many.package["devices"]
    for key in list(many.keys("devices"))[::7]:
        row = many.row("devices", key)
        told = sum(is_stated(row[item.name]) and item.name not in row["by_nature"] for item in table.facts)
        assert many.stated(table, key) == (told, len(table.facts))


def test_a_needed_feature_brings_its_own_cautions(catalogue):
    """Heat is contraindicated with numb feet: no heated product is put forward, and the reason is said."""
    wish = Wish(("pain",), ("peripheral_neuropathy",), ("heat",))
    for match in ranked(wish):
        for device in [*match.meets, *(key for key, _ in match.ask_seller)]:
            found = cautions_for(catalogue, catalogue.device_subjects(device), wish.conditions)
            assert not any(caution.severity == "contraindicated" for caution in found)
        if match.device_type in ("shiatsu_foot_calf", "massage_chair", "electric_foot_massager"):
            assert match.barred
            assert match.contraindicated
            assert any("through heat" in line for line in match.against)
        assert not any("Peripheral neuropathy: nothing recorded" in line for line in match.unknown if match.contraindicated)


def test_by_hand_and_by_device_split_the_types():
    hand = {match.device_type for match in ranked(Wish(("pain",), by="hand"))}
    device = {match.device_type for match in ranked(Wish(("pain",), by="device"))}
    assert hand == {"self_massage", "professional_massage"}
    assert hand | device == set(CATALOGUE.keys("device_types"))
    assert not hand & device


def test_the_sheet_for_a_clinician_says_what_was_stated(catalogue):
    wish = Wish(("swelling",), ("varicose_veins",), ("heat",), 200.0)
    sheet = wish_sheet(catalogue, wish, ranked(wish), about(catalogue, "x", "http://localhost", "2026-11-22"))
    for words in ("Swelling (oedema)", "Varicose veins", "200 USD", "Questions to ask a clinician", "Electric foot massager"):
        assert words in sheet
    assert sheet.index("Cautions for the chosen conditions") < sheet.index("Evidence by symptom")
    assert not re.search(r"\bsafe\b", sheet)


@pytest.mark.parametrize("wish", [Wish(), Wish(by="hand")])
def test_a_wish_without_symptoms_is_still_an_order(wish):
    assert ranked(wish)
