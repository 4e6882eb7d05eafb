"""The rule of the shortlist, by properties and by cases worked out by hand on small tables."""

import itertools
import re

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from legwise.exports.print_sheet import wish_sheet
from legwise.exports.spreadsheets import about
from legwise.rules.cautions import Contraindication, cautions_for, conditions, worst
from legwise.rules.shortlist import Wish, rank_device_types, shortfall, verdict_rank
from legwise.rules.verdicts import verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.stated import is_stated
from tests.packages import small
from tests.strategies import asking

CATALOGUE = small()
SYMPTOMS = list(CATALOGUE.keys("symptoms"))
CONDITIONS = list(conditions(CATALOGUE))
FEATURES = [item.name for item in CATALOGUE.package["devices"].features]
AREAS = list(CATALOGUE.package["devices"]["body_areas"].labels)
some_symptoms = st.lists(st.sampled_from(SYMPTOMS), unique=True, min_size=1, max_size=3).map(tuple)
some_conditions = st.lists(st.sampled_from(CONDITIONS), unique=True, max_size=3).map(tuple)
wishes = st.builds(
    Wish,
    some_symptoms,
    some_conditions,
    st.just(("heat",)) | st.just(()),
    st.none() | st.just(100.0),
)


def ranked(wish, catalogue=CATALOGUE):
    return rank_device_types(catalogue, wish)


def position(matches, key):
    return next(position for position, match in enumerate(matches) if match.device_type == key)


@given(wishes)
@asking(60)
def test_every_type_is_there_and_contraindicated_ones_come_last_with_their_reason(wish):
    matches = ranked(wish)
    assert sorted(match.device_type for match in matches) == sorted(CATALOGUE.keys("device_types"))
    flags = [match.contraindication for match in matches]
    assert flags == sorted(flags)
    for match in matches:
        bars = [item.limits for item in match.cautions if item.severity == "contraindicated"]
        assert match.contraindication == (bool(bars) + (not all(bars)))
        # The strongest caution, which is told alone at first, says why it stands here.
        if match.contraindication is Contraindication.OUTRIGHT:
            assert not match.cautions[0].limits
        if match.contraindicated:
            assert any(
                line.startswith("× Contraindicated with ") and len(line) > 40
                for line in match.against
            )


@given(wishes)
@asking(60)
def test_reasons_name_every_symptom_chosen_and_unknowns_every_condition_without_record(wish):
    names, risks = CATALOGUE.names("symptoms"), CATALOGUE.names("risk_factors")
    for match in ranked(wish):
        assert [line.partition(":")[0] for line in match.reasons] == [
            names[symptom] for symptom in wish.symptoms
        ]
        for condition in wish.conditions:
            recorded = any(caution.risk_factor == condition for caution in match.cautions)
            assert recorded or any(
                line.startswith(f"{risks[condition]}: nothing recorded") for line in match.unknown
            )


def with_caution(severity, device_type, condition, limits):
    """The tables with one more caution."""
    table = CATALOGUE["cautions"]
    row = {
        **table.iloc[0].to_dict(),
        "caution_id": "added",
        "subject_kind": "device_type",
        "subject": device_type,
    }
    row.update(
        risk_factor=condition,
        limits=limits,
        severity=severity,
        reason="Added for the test of the rule only.",
    )
    frame = table.iloc[[*range(len(table)), 0]].reset_index(drop=True)
    frame.loc[len(table)] = row
    return Catalogue(CATALOGUE.package, {**CATALOGUE.tables, "cautions": frame})


@given(
    wishes,
    st.sampled_from(list(CATALOGUE.keys("device_types"))),
    st.sampled_from(["caution", "ask_clinician", "contraindicated"]),
    st.sampled_from(["", "severe"]),
)
@asking(40)
def test_a_more_severe_caution_never_ranks_a_type_higher(wish, device_type, severity, limits):
    assume(wish.conditions)
    after = ranked(wish, with_caution(severity, device_type, wish.conditions[0], limits))
    assert position(after, device_type) >= position(ranked(wish), device_type)
    if severity == "contraindicated":
        least = Contraindication.IN_PART if limits else Contraindication.OUTRIGHT
        assert all(
            match.contraindication >= least for match in after[position(after, device_type) :]
        )


def test_verdicts_stand_in_the_published_order():
    cells = verdicts(CATALOGUE).values()
    order = []
    for wanted in ("benefit", "mixed", "unclear", "searched", "no_difference", "harm"):
        ranks = {verdict_rank(cell) for cell in cells if wanted in (cell.direction, cell.state)}
        order.append((min(ranks), max(ranks)))
    assert all(one[1] < other[0] for one, other in itertools.pairwise(order))
    claimed = {verdict_rank(cell) for cell in cells if cell.state == "claimed"}
    assert claimed == {5}


# --- worked cases of the rule, on tables in which nothing is known but what the case says
# -----------------


def made(name, columns, rows):
    """A table of those rows; the columns that are not given say what the first row of the shipped
    table says.
    """
    frame = CATALOGUE[name].iloc[[0] * len(rows)].reset_index(drop=True)
    cells = dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}
    return frame.assign(
        **{
            column: pd.Series(list(values), dtype=frame[column].dtype)
            for column, values in cells.items()
        }
    )


def known(findings=(), cautions=(), devices=()):
    """Tables of findings (type or technique, symptom, level, direction, people), cautions (type,
    condition, severity, limits if it has some) and devices (type, techniques) alone; nothing is
    claimed.
    """
    types = CATALOGUE.keys("device_types")
    findings = [
        (f"finding-{number}", "device_type" if row[0] in types else "technique", *row)
        for number, row in enumerate(findings)
    ]
    cautions = [
        (f"caution-{number}", "device_type", *row[:3], *(row[3:] or ("",)), "Said for this case.")
        for number, row in enumerate(cautions)
    ]
    devices = [
        (f"device-{number}", *row, *[pd.NA] * len(FEATURES)) for number, row in enumerate(devices)
    ]
    subject = ("subject_kind", "subject")
    return Catalogue(
        CATALOGUE.package,
        {
            **CATALOGUE.tables,
            "claims": CATALOGUE["claims"].iloc[:0],
            "evidence": made(
                "evidence",
                ("evidence_id", *subject, "symptom", "level", "direction", "population_group"),
                findings,
            ),
            "cautions": made(
                "cautions",
                ("caution_id", *subject, "risk_factor", "severity", "limits", "reason"),
                cautions,
            ),
            "devices": made(
                "devices", ("device_id", "device_type", "techniques", *FEATURES), devices
            ),
        },
    )


def order_of(wish, catalogue):
    return [match.device_type for match in ranked(wish, catalogue)]


def test_a_barred_benefit_comes_first_of_the_barred_and_behind_all_others_with_its_reason():
    tables = known(
        findings=[
            ("compression_stockings", "swelling", 1, "benefit", "healthy"),
            ("compression_stockings", "swelling", 2, "no_difference", "healthy"),
            ("percussion", "swelling", 2, "harm", "healthy"),
            ("electric_foot_massager", "swelling", 2, "benefit", "healthy"),
        ],
        cautions=[
            ("air_compression", "varicose_veins", "contraindicated"),
            ("electric_foot_massager", "varicose_veins", "contraindicated"),
            ("compression_stockings", "varicose_veins", "ask_clinician"),
            ("percussion", "diabetes", "contraindicated"),
        ],
    )
    matches = ranked(Wish(("swelling",), ("varicose_veins",)), tables)
    assert matches[0].device_type == "compression_stockings"
    assert [match.device_type for match in matches[-3:]] == [
        "percussion",
        "electric_foot_massager",
        "air_compression",
    ]
    assert [match.contraindicated for match in matches] == [False] * (len(matches) - 2) + [True] * 2
    for match in (matches[0], *matches[-2:]):
        assert any("Said for this case." in line for line in match.against)


def test_a_bar_in_part_ranks_between_none_and_one_that_is_outright():
    """The best verdict is that of the type barred outright, the worst that of the free one."""
    tables = known(
        findings=[
            ("compression_stockings", "swelling", 1, "harm", "healthy"),
            ("air_compression", "swelling", 2, "no_difference", "healthy"),
            ("percussion", "swelling", 1, "benefit", "healthy"),
        ],
        cautions=[
            ("compression_stockings", "diabetes", "ask_clinician"),
            ("air_compression", "diabetes", "contraindicated", "severe loss of feeling"),
            ("percussion", "diabetes", "contraindicated", "with a wound"),
            ("percussion", "diabetes", "contraindicated"),
        ],
    )
    matches = ranked(Wish(("swelling",), ("diabetes",)), tables)
    last = [match.device_type for match in matches[-3:]]
    assert last == ["compression_stockings", "air_compression", "percussion"]
    assert [match.contraindication for match in matches[-3:]] == [
        Contraindication.NONE,
        Contraindication.IN_PART,
        Contraindication.OUTRIGHT,
    ]
    # What holds for the whole condition is the strongest caution.
    assert [caution.limits for caution in matches[-1].cautions] == ["", "with a wound"]


def test_equal_verdicts_are_parted_by_people_like_the_one_who_asks_and_then_by_the_alphabet():
    tables = known(
        findings=[
            ("air_compression", "numbness", 2, "benefit", "healthy"),
            ("percussion", "numbness", 2, "benefit", "other_condition"),
            ("manual_foot_massager", "numbness", 2, "benefit", "other_condition"),
        ]
    )
    with_diabetes, without = Wish(("numbness",), ("diabetes",)), Wish(("numbness",))
    assert order_of(with_diabetes, tables)[:3] == [
        "manual_foot_massager",
        "percussion",
        "air_compression",
    ]
    assert order_of(without, tables)[:3] == [
        "air_compression",
        "manual_foot_massager",
        "percussion",
    ]


def test_benefit_comes_first_by_its_kind_of_study_then_mixed_unclear_not_studied_no_difference_and_harm():  # noqa: E501
    tables = known(
        findings=[
            ("percussion", "fatigue", 1, "benefit", "healthy"),
            ("massage_chair", "fatigue", 2, "benefit", "healthy"),
            ("foot_calf_massager", "fatigue", 4, "benefit", "healthy"),
            ("compression_stockings", "fatigue", 1, "mixed", "healthy"),
            ("air_compression", "fatigue", 1, "unclear", "healthy"),
            ("self_massage", "fatigue", 1, "no_difference", "healthy"),
            ("professional_massage", "fatigue", 1, "harm", "healthy"),
        ]
    )
    order = order_of(Wish(("fatigue",)), tables)
    assert order[:5] == [
        "percussion",
        "massage_chair",
        "foot_calf_massager",
        "compression_stockings",
        "air_compression",
    ]
    assert order[-2:] == ["self_massage", "professional_massage"]


def test_verdicts_on_several_symptoms_are_compared_from_the_best_one_on():
    tables = known(
        findings=[
            ("percussion", "pain", 2, "benefit", "healthy"),
            ("percussion", "swelling", 2, "harm", "healthy"),
            ("air_compression", "pain", 1, "mixed", "healthy"),
            ("air_compression", "swelling", 1, "mixed", "healthy"),
            ("massage_chair", "pain", 1, "mixed", "healthy"),
        ]
    )
    order = order_of(Wish(("swelling", "pain")), tables)
    assert order[:3] == ["percussion", "air_compression", "massage_chair"]


def test_a_type_of_which_only_a_technique_was_studied_stands_between_studied_and_not_studied():
    tables = known(
        findings=[("vibration", "swelling", 2, "benefit", "healthy")],
        devices=[("massage_chair", ("vibration",)), ("foot_calf_massager", ("kneading",))],
    )
    assert order_of(Wish(("swelling",)), tables)[0] == "massage_chair"
    claimed_only = made(
        "claims",
        ("claim_id", "device_type", "symptom"),
        [("claim", "shiatsu_foot_calf", "swelling")],
    )
    with_claim = Catalogue(tables.package, {**tables.tables, "claims": claimed_only})
    assert order_of(Wish(("swelling",)), with_claim)[:2] == ["shiatsu_foot_calf", "massage_chair"]


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
    assert (
        matches["compression_stockings"].meets == matches["compression_stockings"].ask_seller == ()
    )


def walked(catalogue, rows, device_type, wish):
    """Products of a type by a walk over the rows: those that meet the needs, those to ask about,
    those barred.
    """
    table = catalogue.package["devices"]
    needs = [
        *wish.features,
        *(["body_areas"] if wish.areas else []),
        *(["price_usd"] if wish.budget is not None else []),
    ]
    meets, asked, barred = [], [], []
    for row in rows:
        if row["device_type"] != device_type or any(row[name] is False for name in wish.features):
            continue
        if wish.budget is not None and row["price_usd"] > wish.budget:
            continue
        if row["body_areas"] and not set(wish.areas) <= set(row["body_areas"]):
            continue
        parts = [
            ("device_type", row["device_type"]),
            *(("technique", name) for name in row["techniques"]),
        ]
        parts += [("feature", item.name) for item in table.features if row[item.name] is True]
        missing = tuple(table[name].title for name in needs if not is_stated(row[name]))
        if worst(cautions_for(catalogue, parts, wish.conditions)) == "contraindicated":
            barred.append(row)
        elif missing:
            asked.append((row, missing))
        else:
            meets.append(row)

    def most_said(row):
        return -sum(
            is_stated(row[item.name]) and item.name not in row["by_nature"] for item in table.facts
        )

    return (
        tuple(row["device_id"] for row in sorted(meets, key=most_said)),
        tuple(
            (row["device_id"], missing)
            for row, missing in sorted(asked, key=lambda pair: most_said(pair[0]))
        ),
        tuple(row["device_id"] for row in sorted(barred, key=most_said)),
    )


some_features = st.lists(st.sampled_from(FEATURES), unique=True, max_size=3).map(tuple)
needy = st.builds(
    Wish,
    some_symptoms,
    some_conditions,
    some_features,
    st.none() | st.sampled_from([0.0, 30.0, 100.0, 500.0]),
    areas=st.lists(st.sampled_from(AREAS), unique=True, max_size=2).map(tuple),
)


def holds_by_a_walk(catalogue, wish):
    rows = catalogue["devices"].to_dict("records")
    for match in ranked(wish, catalogue):
        assert (match.meets, match.ask_seller, match.barred) == walked(
            catalogue, rows, match.device_type, wish
        )


@given(needy)
@asking(40)
def test_products_are_those_that_a_walk_over_the_rows_finds(wish):
    holds_by_a_walk(CATALOGUE, wish)


@given(needy)
@asking(40)
def test_types_that_offer_the_needed_features_come_before_those_that_do_not(wish):
    rows = CATALOGUE["devices"].to_dict("records")
    matches = ranked(wish)
    flags = [(match.contraindication, bool(match.unmet)) for match in matches]
    assert flags == sorted(flags)
    for match in matches:
        assert (match.unmet in match.against) == bool(match.unmet)
        # Without a limit to pay, or a product left open, what meets the needs is what states them
        # all.
        meets, _, _ = walked(
            CATALOGUE,
            rows,
            match.device_type,
            Wish((), wish.conditions, wish.features, areas=wish.areas),
        )
        by_hand = CATALOGUE.row("device_types", match.device_type)["kind"] == "method"
        asked = bool(wish.features) or (bool(wish.areas) and not by_hand)
        assert bool(match.unmet) == (asked and not meets)


def with_features(*products):
    """The tables with those products of air compression alone, given as the features each states
    to have or not.
    """
    devices = (
        CATALOGUE["devices"]
        .query("device_type == 'air_compression'")
        .iloc[: len(products)]
        .reset_index(drop=True)
    )
    for row, stated in enumerate(products):
        devices.loc[
            row,
            [item.name for item in CATALOGUE.package["devices"].fields if item.type == "boolean"],
        ] = pd.NA
        for name, has in stated.items():
            devices.loc[row, name] = has
        devices.at[row, "techniques"] = ()
    return Catalogue(CATALOGUE.package, {**CATALOGUE.tables, "devices": devices})


@pytest.mark.parametrize(
    ("products", "conditions", "sentence"),
    [
        ([{"heat": True, "remote_control": True}], (), ""),
        ([{"heat": True}], (), "No product of this type states remote control."),
        ([{"heat": False}, {}], (), "No product of this type states heat or remote control."),
        (
            [{"heat": True}, {"remote_control": True}],
            (),
            "No product of this type states heat and remote control together.",
        ),
        (
            [{"heat": True, "remote_control": True}],
            ("peripheral_neuropathy",),
            "Every product of this type that states heat and remote control is contraindicated for "
            "what you stated, at least in part.",
        ),
    ],
)
def test_a_type_without_the_needed_features_says_which(products, conditions, sentence):
    matches = ranked(
        Wish(("swelling",), conditions, ("heat", "remote_control")), with_features(*products)
    )
    match = matches[position(matches, "air_compression")]
    assert match.unmet == sentence
    assert [line for line in match.against if "of this type" in line] == (
        [sentence] if sentence else []
    )
    if not sentence:
        # Types without any such product stand behind it, whatever their verdicts.
        assert matches[0] == match


def test_heat_and_remote_control_are_no_reason_for_stockings():
    matches = ranked(Wish(("swelling",), (), ("heat", "remote_control")))
    stockings = matches[position(matches, "compression_stockings")]
    assert stockings.unmet == "No product of this type states heat or remote control."
    assert matches[0].meets
    assert all(match.unmet for match in matches[position(matches, "compression_stockings") :])


@pytest.fixture
def many(monkeypatch):
    """The tables with more products than are kept as records; the limit is lowered to just below
    their number.
    """
    largest = max(len(frame) for name, frame in CATALOGUE.tables.items() if name != "devices")
    devices = pd.concat(
        [CATALOGUE["devices"]] * (largest // len(CATALOGUE["devices"]) + 1), ignore_index=True
    )
    devices["device_id"] = [f"{key}-{number}" for number, key in enumerate(devices["device_id"])]
    monkeypatch.setattr("legwise.tables.catalogue.MOST_RECORDS", len(devices) - 1)
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


def test_a_shortlist_of_a_long_list_holds_the_first_products_of_a_type(many, monkeypatch):
    """One is kept for every wish: all ids of a million products would fill the memory."""
    wish = Wish(("pain",), ("diabetes",), ("heat",), 300.0)
    whole = ranked(wish, many)
    monkeypatch.setattr("legwise.rules.shortlist.MOST_HELD", 3)
    monkeypatch.setattr("legwise.rules.shortlist.MOST_FETCHED", 2)
    cut = 0
    for one, other in zip(ranked(wish, many), whole, strict=True):
        for name in ("meets", "ask_seller", "barred"):
            few, every = getattr(one, name), getattr(other, name)
            assert len(few) == len(every)
            assert list(few) == list(every)[: 2 if len(every) > 3 else None]
            cut += len(every) > 3
    assert cut


def test_parts_and_facts_of_a_long_list_are_those_of_its_rows(many):
    parts = {}
    for row in many["devices"].to_dict("records"):
        parts_of_row = {("feature", name) for name in FEATURES if row[name] is True} | {
            ("technique", name) for name in row["techniques"]
        }
        parts[row["device_type"]] = parts.get(row["device_type"], set()) | parts_of_row
    assert {key: set(many.type_parts(key)) for key in parts} == parts
    table = many.package["devices"]
    for key in list(many.keys("devices"))[::7]:
        row = many.row("devices", key)
        told = sum(
            is_stated(row[item.name]) and item.name not in row["by_nature"] for item in table.facts
        )
        assert many.stated(table, key) == (told, len(table.facts))


def test_a_needed_feature_brings_its_own_cautions(catalogue):
    """Heat is contraindicated with numb feet: no heated product is put forward, and the reason is
    said.
    """
    wish = Wish(("pain",), ("peripheral_neuropathy",), ("heat",))
    for match in ranked(wish):
        for device in [*match.meets, *(key for key, _ in match.ask_seller)]:
            its_cautions = cautions_for(
                catalogue, catalogue.device_subjects(device), wish.conditions
            )
            assert not any(caution.severity == "contraindicated" for caution in its_cautions)
        if match.device_type in ("shiatsu_foot_calf", "massage_chair", "electric_foot_massager"):
            assert match.barred
            assert match.contraindicated
            assert any("through heat" in line for line in match.against)
        assert not any(
            "Peripheral neuropathy: nothing recorded" in line
            for line in match.unknown
            if match.contraindicated
        )


def test_by_hand_and_by_device_split_the_types():
    hand = {match.device_type for match in ranked(Wish(("pain",), by="hand"))}
    device = {match.device_type for match in ranked(Wish(("pain",), by="device"))}
    assert hand == {"self_massage", "professional_massage"}
    assert hand | device == set(CATALOGUE.keys("device_types"))
    assert not hand & device


def test_the_sheet_for_a_clinician_says_what_was_stated(catalogue):
    wish = Wish(("swelling",), ("varicose_veins",), ("heat",), 200.0)
    sheet = wish_sheet(
        catalogue, wish, ranked(wish), about(catalogue, "x", "http://localhost", "2026-11-22")
    )
    for words in (
        "Swelling (oedema)",
        "Varicose veins",
        "200 USD",
        "Questions to ask a clinician",
        "Electric foot massager",
    ):
        assert words in sheet
    stated = " ".join(re.sub(r"<[^>]+>", " ", sheet).split())
    for words, part in (
        ("Contraindicated", Contraindication.OUTRIGHT),
        ("Contraindicated in part", Contraindication.IN_PART),
    ):
        names = [match.name for match in ranked(wish) if match.contraindication is part]
        assert names
        assert f"{words}: {', '.join(names)}" in stated
    assert sheet.index("Cautions for the chosen conditions") < sheet.index("Evidence by symptom")
    assert not re.search(r"\bsafe\b", sheet)


@pytest.mark.parametrize("wish", [Wish(), Wish(by="hand")])
def test_a_wish_without_symptoms_is_ordered_by_the_alphabet(wish):
    by_hand = {
        row["device_type"]: row["kind"] == "method" for row in CATALOGUE.records("device_types")
    }
    names = CATALOGUE.names("device_types")
    admitted = [key for key in names if wish.by == "any" or by_hand[key]]
    assert order_of(wish, CATALOGUE) == sorted(admitted, key=lambda key: names[key].casefold())


def priced(*products):
    """The tables with those foot and calf massagers alone: (areas, heat, price), None if not
    stated.
    """
    devices = made(
        "devices",
        ("device_id", "device_type", "techniques", "body_areas", "heat", "price_usd"),
        [
            (f"made-{number}", "foot_calf_massager", (), areas, heat, price)
            for number, (areas, heat, price) in enumerate(products)
        ],
    )
    return Catalogue(CATALOGUE.package, {**CATALOGUE.tables, "devices": devices})


def test_a_product_for_another_area_does_not_fit_and_one_that_names_no_area_is_one_to_ask_about():
    tables = priced(
        (("foot", "calf"), True, 90.0), (("foot",), True, 90.0), ((), True, 90.0), ((), False, 9.0)
    )
    wish = Wish(("pain",), (), ("heat",), 100.0, areas=("calf",))
    matches = ranked(wish, tables)
    match = matches[position(matches, "foot_calf_massager")]
    assert match.meets == ("made-0",)
    assert match.ask_seller == (("made-2", ("Body areas",)),)
    hands = matches[position(matches, "self_massage")]
    assert hands.lacking == "heat"
    chair = matches[position(matches, "massage_chair")]
    assert chair.unmet == "No product of this type states heat or use for the calf."


def test_it_is_said_that_no_product_meets_the_needs_and_how_many_state_no_price():
    tables = priced(
        (("foot",), True, 200.0), (("foot",), True, None), (("foot",), pd.NA, 50.0), ((), True, 9)
    )
    wish = Wish(("pain",), (), ("heat",), 100.0, areas=("foot",))
    assert shortfall(tables, wish, ranked(wish, tables)) == (
        "No product states heat and use for the foot at up to 100 USD.",
        "1 product that states heat and use for the foot states no price.",
        "3 of 4 products state a price.",
    )
    for reachable in (Wish(("pain",), (), ("heat",), 250.0), Wish(("pain",)), Wish(by="hand")):
        assert shortfall(tables, reachable, ranked(reachable, tables)) == ()
