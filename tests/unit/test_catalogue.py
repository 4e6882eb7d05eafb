import pytest

from legwise.tables.catalogue import Catalogue, load_catalogue
from legwise.tables.stated import is_stated
from tests.packages import SMALL


def test_what_a_catalogue_hands_out_cannot_change_it(catalogue):
    frame = catalogue["devices"]
    frame.loc[:, "brand"] = "gone"
    assert "gone" not in set(catalogue["devices"]["brand"])
    with pytest.raises(TypeError):
        catalogue.row("devices", "hyperice-normatec-3")["brand"] = "gone"


def test_a_link_is_the_doi_else_pubmed_else_the_address(catalogue):
    for source in catalogue.sources(catalogue.keys("sources")):
        row = catalogue.row("sources", source.source_id)
        if isinstance(row["doi"], str):
            assert source.link == f"https://doi.org/{row['doi']}"
        elif isinstance(row["pmid"], str):
            assert source.link == f"https://pubmed.ncbi.nlm.nih.gov/{row['pmid']}/"
        else:
            assert source.link == row["url"]


def test_a_product_inherits_type_first_then_techniques_and_stated_features(catalogue):
    row = next(
        row
        for row in catalogue.records("devices")
        if row["heat"] is True and "vibration" in row["techniques"]
    )
    subjects = catalogue.device_subjects(row["device_id"])
    assert subjects[0] == ("device_type", row["device_type"])
    assert {("technique", "vibration"), ("feature", "heat")} <= set(subjects)


def test_stated_facts_leave_out_what_follows_from_the_kind(catalogue):
    table = catalogue.package["devices"]
    row = next(
        row
        for row in catalogue.records("devices")
        if set(row["by_nature"]) >= {"heat", "remote_control", "power"}
    )
    raw = sum(
        row[field.name] == row[field.name] and row[field.name] not in ((), None)
        for field in table.facts
        if field.name not in row["by_nature"]
    )
    stated, of = catalogue.stated(table, row["device_id"])
    assert stated == raw
    assert of == len(table.facts)


def test_version_changes_with_a_table(copied):
    before = load_catalogue(copied).version
    path = copied / "symptoms.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Leg pain", "Pain in the leg"), encoding="utf-8"
    )
    assert load_catalogue(copied).version != before


def test_a_row_reads_the_same_in_a_large_table(catalogue, monkeypatch):
    small = catalogue.row("devices", "hyperice-normatec-3")
    monkeypatch.setattr("legwise.tables.catalogue.MOST_RECORDS", 10)
    large = load_catalogue(SMALL).row("devices", "hyperice-normatec-3")
    assert {name: value for name, value in large.items() if is_stated(value)} == {
        name: value for name, value in small.items() if is_stated(value)
    }


def test_a_choice_is_a_name_with_at_most_three_everyday_words(catalogue):
    symptoms = (
        catalogue["symptoms"]
        .iloc[:3]
        .assign(also_called=[("puffy", "fat ankles", "water", "oedema"), ("sore",), ()])
    )
    made = Catalogue(catalogue.package, {**catalogue.tables, "symptoms": symptoms})
    one, two, three = made.names("symptoms").values()
    assert list(made.choices("symptoms").values()) == [
        f"{one} · puffy, fat ankles, water",
        f"{two} · sore",
        three,
    ]


@pytest.mark.parametrize("table", ["device_types", "symptoms", "risk_factors"])
def test_choices_are_told_apart_and_names_stay_plain(catalogue, table):
    choices, names = catalogue.choices(table), catalogue.names(table)
    assert list(choices) == list(names)
    assert len(set(choices.values())) == len(choices)
    for key, label in choices.items():
        assert label.startswith(names[key])
        words = label.removeprefix(f"{names[key]} · ").split(", ") if " · " in label else []
        assert words == list(catalogue.row(table, key)["also_called"][:3])
        assert " · " not in names[key]
