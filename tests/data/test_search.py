"""The search of the shipped tables."""

from legwise.answers.search import nearest


def test_the_example_in_the_box_of_home_leads_to_all_of_its_words(catalogue):
    near = nearest(catalogue, "boots, swollen legs, diabetes")
    assert "air_compression" in near.types.names
    assert "swelling" in near.symptoms.names
    assert "diabetes" in near.conditions.names
