"""Help me choose: signs, form, the answer at a glance and its reasons."""

import html
import re

import pytest

from legwise.rules.cautions import Contraindication, cautions_for
from legwise.rules.red_flags import sign_groups
from legwise.rules.shortlist import RULE, Wish, rank_device_types
from legwise.tables.subjects import Subject
from legwise.text.markup import plain
from tests.app.conftest import link, run
from tests.app.test_pages import rewritten
from ui.fold import fold_key

PAGE = "pages/match.py"
MANY = {"symptom": "swelling", "condition": "varicose_veins", "feature": "heat", "budget": "200"}
MANY_WISH = Wish(("swelling",), ("varicose_veins",), ("heat",), 200.0)


def shown(app):
    """All text of the page, as a reader sees it."""
    bodies = [
        re.sub(r"<style>.*?</style>|<[^>]+>", "", item.proto.body, flags=re.S)
        for item in app.get("html")
    ]
    words = [item.value.replace("\\", "") for item in (*app.markdown, *app.caption)]
    return html.unescape("\n".join((*bodies, *words)))


def rows(app):
    """Rows of the shortlist at a glance: heads and cells."""
    table = next(
        body for item in app.get("html") if 'class="legwise-shortlist"' in (body := item.proto.body)
    )
    lines = re.findall(r'<tr role="row">\n(<th scope="row".*?)</tr>', table, re.S)
    text = [re.sub(r"<[^>]+>", " ", line) for line in lines]
    return [" ".join(html.unescape(line).split()) for line in text]


def opened(app, *keys):
    for key in keys:
        app.session_state[fold_key(key)] = True
    return run(app)


def test_signs_come_before_any_ranking(open_page):
    app = open_page(PAGE, symptom="swelling")
    assert "warning signs first" in app.info[0].value
    run(app.radio(key="match.signs").set_value("some"))
    assert "Do not use a device" in app.error[0].value
    assert not app.header
    run(app.radio(key="match.signs").set_value("none"))
    assert app.header[0].value == "Your shortlist"
    assert link(app) == {"signs": ["none"], "symptom": ["swelling"]}


def test_signs_are_few_lines_and_each_of_them_is_one_click_away(open_page, catalogue):
    app = open_page(PAGE)
    groups = sign_groups(catalogue)
    lines = shown(app)
    for group in groups:
        assert f"- {group.line}: **{group.action}**" in lines
    flags = catalogue.records("red_flags")
    assert not [row for row in flags if row["action"] in lines]
    lines = shown(opened(app, "match.signs"))
    for row in flags:
        assert f"- {row['description']}. **{row['action']}.** [" in lines


def test_the_form_is_open_until_a_link_brings_an_answer_and_one_line_says_the_wish(open_page):
    assert open_page(PAGE, symptom="swelling").multiselect
    app = open_page(PAGE, signs="none", area=["foot", "calf"], by="device", **MANY)
    assert not app.multiselect
    wish_line = (
        "Swelling (oedema) · varicose veins · heat · foot, calf · up to 200 USD · with a device"
    )
    assert wish_line in app.button(key="match.change").label.replace("\\", "")
    run(app.button(key="match.change").click())
    assert app.multiselect(key="match.areas").value == ["foot", "calf"]
    run(app.multiselect(key="match.areas").set_value(["foot"]))
    assert link(app)["area"] == ["foot"]
    run(app.button(key="match.fold").click())
    assert not app.multiselect
    assert link(app)["area"] == ["foot"]


def test_the_shortlist_on_the_page_is_the_cores_own(open_page, catalogue):
    app = open_page(PAGE, signs="none", **MANY)
    matches = rank_device_types(catalogue, MANY_WISH)
    heads = [
        f"{'× ' if match.contraindicated else ''}{rank}. {match.name} "
        for rank, match in enumerate(matches, 1)
    ]
    assert len(rows(app)) == len(heads)
    for row, head, match in zip(rows(app), heads, matches, strict=True):
        assert row.startswith(head)
        assert (match.cautions[0].label if match.cautions else "– Nothing recorded") in row
        if match.lacking:
            assert f"No product states {match.lacking}." in row
        if not match.contraindicated and match.meets:
            assert f"{len(match.meets)} fit" in row
    flags = [match.contraindication for match in matches]
    assert flags == sorted(flags)
    assert set(flags) == set(Contraindication)
    text = " ".join(shown(app).split())
    groups = [text.index("Contraindicated in part: "), text.index("shown with the reason")]
    assert groups == sorted(groups)
    # Each group stands under its heading.
    for match in matches:
        above = [start for start in groups if start < text.index(f". {match.name} ")]
        assert len(above) == match.contraindication


def test_reasons_of_a_type_are_drawn_when_they_are_opened(open_page, catalogue):
    app = open_page(PAGE, signs="none", **MANY)
    matches = rank_device_types(catalogue, MANY_WISH)
    match = next(match for match in matches if match.device_type == "air_compression")
    assert "Reasons for caution" not in shown(app)
    text = shown(opened(app, "match.air_compression"))
    assert "For swelling (oedema), " in text
    assert match.cautions
    for caution in match.cautions:
        assert f"**{caution.label}:** {caution.reason}" in text
    for line in match.unknown:
        assert f"- {line}" in text


def test_a_caution_of_many_types_is_said_once_above(open_page, catalogue):
    wish = {"symptom": "pain", "condition": "diabetes", "feature": "heat"}
    app = open_page(PAGE, signs="none", **wish)
    heated = [item.label for item in app.expander if item.label == "For all products with heat"]
    assert heated
    shared = cautions_for(catalogue, [Subject("feature", "heat")], ["diabetes"])
    assert shared
    matches = rank_device_types(catalogue, Wish(("pain",), ("diabetes",), ("heat",)))
    types = [
        match.device_type for match in matches if any(caution.through for caution in match.cautions)
    ]
    assert len(types) > 1
    text = shown(opened(app, "match.shared", *(f"match.{key}" for key in types)))
    for caution in shared:
        assert text.count(f"**{caution.label}:**") == 1
        assert text.count(f"- {caution.label}: see above") == len(types)


def test_products_that_fit_stand_by_name_with_price_and_a_link(open_page, catalogue):
    app = open_page(PAGE, signs="none", symptom="pain")
    matches = rank_device_types(catalogue, Wish(("pain",)))
    match = next(match for match in matches if match.device_type == "massage_chair")
    opened(app, "match.massage_chair")
    body = next(
        b for item in app.get("html") if 'class="legwise-products"' in (b := item.proto.body)
    )
    assert match.meets
    for key in match.meets[:8]:
        assert f'href="device?id={key}"' in body
        assert html.escape(catalogue.device_name(key), quote=False) in html.unescape(body)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, ": Made for the test."),
        ({"feature": "heat"}, ": heat not stated"),
        ({"condition": "diabetes"}, ": × Contraindicated with"),
    ],
)
def test_products_read_in_a_round_up_are_marked_in_the_shortlist(
    open_page, served, package, catalogue, more, told
):
    rewritten(served, "devices", provenance="roundup", summary="Made for the test.")
    label = package["devices"]["provenance"].labels["roundup"]
    app = open_page(PAGE, signs="none", symptom="swelling", **more)
    text = shown(opened(app, *(f"match.{key}" for key in catalogue.keys("device_types"))))
    assert f"! {label}{told}" in text


def test_needs_that_no_product_meets_are_said_plainly(open_page):
    app = open_page(PAGE, signs="none", symptom="swelling", feature="heat", budget="1")
    assert "No product states heat at up to 1 USD." in shown(app)
    app = open_page(PAGE, signs="none", symptom="swelling", feature="heat")
    assert "at up to" not in shown(app)


def test_a_type_without_a_needed_feature_says_so_on_the_page(open_page):
    app = open_page(PAGE, signs="none", symptom="swelling", feature="heat")
    stockings = next(row for row in rows(app) if "Compression stockings" in row)
    assert stockings.endswith("None fits No product states heat.")
    assert "- No product of this type states heat." in shown(
        opened(app, "match.compression_stockings")
    )


def test_the_published_rule_is_on_the_page(open_page):
    app = opened(open_page(PAGE, signs="none", symptom="swelling"), "match.rule")
    text = shown(app)
    assert all(step in text for step in RULE)


def test_a_type_is_drawn_as_text_whatever_its_name(open_page, served):
    rewritten(served, "device_types", kind="device")
    path = served / "device_types.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Percussion massager", "<b>[x](y)</b>"), encoding="utf-8")
    app = open_page(PAGE, signs="none", symptom="swelling")
    table = next(
        b for item in app.get("html") if 'class="legwise-shortlist"' in (b := item.proto.body)
    )
    assert "&lt;b&gt;[x](y)&lt;/b&gt;" in table
    assert any(plain("<b>[x](y)</b>") in item.label for item in app.expander)
