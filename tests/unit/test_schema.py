import json

import pytest

from legwise.tables.descriptor import SHIPPED, SchemaError, read_package


def test_every_field_has_a_title_and_a_description(package):
    for table in package.tables:
        for field in table.fields:
            assert field.title, (table.name, field.name)
            assert field.description.endswith("."), (table.name, field.name)


def test_labels_of_a_boolean_are_yes_and_no(package):
    assert package["devices"]["heat"].labels == {"yes": "yes", "no": "no"}


def test_key_is_required_and_unique(package):
    for table in package.tables:
        assert table[table.key].required
        assert table[table.key].unique


def test_every_group_of_a_field_is_declared(package):
    groups = {name for name, _ in package.groups}
    assert {field.group for table in package.tables for field in table.fields} - {""} <= groups


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(SchemaError, match="no such folder"):
        read_package(tmp_path / "nowhere")


def test_folder_without_descriptor_uses_the_shipped_one(tmp_path, package):
    assert read_package(tmp_path).tables == package.tables


@pytest.mark.parametrize("text", ["{", '{"title": "x"}', '{"resources": 3}', "[]"])
def test_broken_descriptor_is_named_not_raised_raw(tmp_path, text):
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(SchemaError, match=r"datapackage\.json"):
        read_package(tmp_path)


def test_unknown_type_is_named(tmp_path):
    descriptor = json.loads((SHIPPED / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"][0]["schema"]["fields"][0]["type"] = "geopoint"
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    with pytest.raises(SchemaError, match="geopoint"):
        read_package(tmp_path)


def changed(tmp_path, change):
    """Write a copy of the shipped descriptor, changed; return the folder."""
    descriptor = json.loads((SHIPPED / "datapackage.json").read_text(encoding="utf-8"))
    change(descriptor)
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    return tmp_path


def field_of(descriptor, table, name):
    resource = next(item for item in descriptor["resources"] if item["name"] == table)
    return next(item for item in resource["schema"]["fields"] if item["name"] == name)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda it: field_of(it, "devices", "heat").update({"legwise:filtr": "yes_no"}),
            r"field devices\.heat: unknown key 'legwise:filtr'; did you mean 'legwise:filter'\?",
        ),
        (
            lambda it: field_of(it, "devices", "heat").update({"filter": "yes_no"}),
            r"field devices\.heat: unknown key 'filter'; did you mean 'legwise:filter'\?",
        ),
        (
            lambda it: field_of(it, "devices", "price_usd").update({"legwise:filter": "rnge"}),
            r"field devices\.price_usd: legwise:filter: 'rnge' does not exist; did you mean 'range'\?",  # noqa: E501
        ),
        (
            lambda it: field_of(it, "devices", "price_usd")["constraints"].update({"minimun": 1}),
            r"field devices\.price_usd: unknown key 'minimun'; did you mean 'minimum'\?",
        ),
        (
            lambda it: field_of(it, "devices", "price_usd").update(
                {"legwise:datedBy": "price_sen"}
            ),
            r"field devices\.price_usd: 'price_sen' is not a column; did you mean 'price_seen'\?",
        ),
        (
            lambda it: field_of(it, "cautions", "source_ids").update(
                {"legwise:references": "source"}
            ),
            r"field cautions\.source_ids: 'source' is not a table; did you mean 'sources'\?",
        ),
        (
            lambda it: field_of(it, "devices", "power")["legwise:spellings"].append(["solr", "x"]),
            r"field devices\.power: 'solr' is not a value",
        ),
        (
            lambda it: field_of(it, "evidence", "design")["categories"][0].update({"lable": "x"}),
            r"field evidence\.design: unknown key 'lable'; did you mean 'label'\?",
        ),
        (
            lambda it: it["resources"][0].update({"legwise:lable": "model"}),
            r"resource 'devices': unknown key 'legwise:lable'; did you mean 'legwise:label'\?",
        ),
        (
            lambda it: it["resources"][0]["legwise:listed"].append("hot"),
            r"resource devices: 'hot' is not a column; did you mean",
        ),
        (
            lambda it: field_of(it, "devices", "device_type").update(
                {"legwise:groupedBy": "famly"}
            ),
            r"field devices\.device_type: 'famly' is not a column of device_types",
        ),
        (lambda it: it.update({"legwise:join": []}), r"package: unknown key 'legwise:join'"),
        (lambda it: it.pop("version"), r"package: version: is missing"),
        (
            lambda it: field_of(it, "devices", "heat").update({"title": 3}),
            r"field devices\.heat: title: 3: input should be a valid string",
        ),
    ],
)
def test_what_the_descriptor_gets_wrong_is_named_with_the_nearest_known_word(
    tmp_path, change, words
):
    with pytest.raises(SchemaError, match=words):
        read_package(changed(tmp_path, change))
