"""The page of one device type."""

import re

import pytest
from markupsafe import escape

from legwise.answers.profiles import evidence_lines, price_range, typical_features
from legwise.rules.claims import OUTCOMES, judge_claims
from legwise.tables.subjects import Subject
from legwise.text.markup import plain
from tests.app.test_device_page import html, open_fold, texts
from tests.tables import on_disk


@pytest.mark.parametrize("key", ["air_compression", "self_massage", "massage_chair"])
def test_the_page_says_what_the_type_is_and_what_studies_show_best_first(open_page, catalogue, key):
    app = open_page("pages/type.py", id=key)
    row = catalogue.row("device_types", key)
    assert app.title[0].value == plain(row["name"])
    assert all(word in html(app) for word in row["also_called"])
    lines = evidence_lines(catalogue, Subject.type(key))
    assert [line.studied for line in lines] == sorted(
        (line.studied for line in lines), reverse=True
    )
    if lines[0].studied:
        assert escape(lines[0].sentence) in html(app)
        assert f"symptoms?subject={key}&amp;symptom={lines[0].symptom}" in html(app)
    else:
        assert "No study of this type was found for any symptom." in texts(app)


def test_numbers_of_100_open_with_their_sources(open_page, catalogue):
    app = open_fold(open_page("pages/type.py", id="air_compression"), "In numbers of 100")
    assert "about 43 developed genital swelling" in html(app)
    finding = catalogue.row("evidence", "air-compression-swelling-boris-1998-genital")
    assert catalogue.sources([finding["source_id"]])[0].link in texts(app)


def test_features_are_counted_only_where_they_are_stated(open_page, catalogue):
    key = "air_compression"
    rows = [row for row in on_disk("devices") if row["device_type"] == key]
    app = open_page("pages/type.py", id=key)
    for share in typical_features(catalogue, key):
        name = next(
            field.name
            for field in catalogue.package["devices"].fields
            if field.title == share.title
        )
        stated = [row[name] for row in rows if row[name] and name not in row["by_nature"]]
        assert (share.yes, share.no) == (stated.count("yes"), stated.count("no"))
        assert f"{share.title}:** {share.words}" in texts(app)


def test_the_price_range_says_how_many_state_a_price(catalogue):
    for key in catalogue.keys("device_types"):
        rows = [row for row in on_disk("devices") if row["device_type"] == key]
        prices = sorted(float(row["price_usd"]) for row in rows if row["price_usd"])
        words = price_range(catalogue, key)
        if prices:
            assert f"{len(prices)} of {len(rows)}" in words
            assert words.startswith(f"{prices[0]:,.10g}")
        else:
            assert words.startswith("none of ")


def test_every_claim_about_the_type_stands_with_its_outcome_and_its_reasons(open_page, catalogue):
    key = "percussion"
    its = [item for item in judge_claims(catalogue) if item.claim["device_type"] == key]
    assert its
    app = open_page("pages/type.py", id=key)
    for item in its:
        assert f"“{item.claim['claim']}” → **{OUTCOMES[item.outcome]}**" in texts(app)
    app = open_fold(app, "Why, and the sources")
    assert all(reason in texts(app) for item in its for reason in item.reasons)


def test_both_sides_of_a_disagreement_are_shown_with_their_sources(open_page, catalogue):
    app = open_page("pages/type.py", id="air_compression")
    app = open_fold(app, "Accepted by some")
    lines = [line for line in texts(app).split("\n") if line.startswith("- ")]
    accepting = next(line for line in lines if "physiotherapy clinic" in line)
    against = next(line for line in lines if re.match("- [×!]+ .* with pregnancy", line))
    assert "](<https://" in accepting
    assert "](<https://" in against


def test_without_a_type_the_page_leads_on(open_page, catalogue):
    app = open_page("pages/type.py", id="gone")
    assert "there is no device type of that name" in app.warning[0].value
    assert app.info[0].value.startswith("No device type is chosen.")
