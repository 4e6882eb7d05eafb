import json

import pytest

from legwise.schema import SHIPPED, SchemaError, read_package


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
