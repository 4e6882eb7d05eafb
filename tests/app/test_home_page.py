"""Home: the search, the leg, and the ways in."""

import html
import re

from legwise.charts.evidence import cell_mark, cell_step, map_rows
from legwise.rules.verdicts import verdicts
from tests.app.conftest import link, run

PAGE = "app.py"


def hits(app):
    return next(
        (body for item in app.get("html") if 'class="legwise-hits"' in (body := item.proto.body)),
        "",
    )


def ways(app):
    """Links to pages: label → the state they carry."""
    return {
        item.proto.label.replace("\\", ""): item.proto.query_string for item in app.get("page_link")
    }


def test_the_search_leads_to_types_symptoms_conditions_and_devices(open_page):
    app = open_page(PAGE)
    assert not hits(app)
    run(app.text_input(key="app.text").set_value("  swollen  legs "))
    assert link(app) == {"q": ["swollen legs"]}
    assert 'href="symptoms?symptom=swelling"' in hits(app)
    assert 'href="type?id=air_compression"' in hits(open_page(PAGE, q="boots"))
    assert 'href="risks?condition=diabetes"' in hits(open_page(PAGE, q="diabetes"))
    many = hits(open_page(PAGE, q="massage"))
    assert 'href="device?id=' in many
    assert 'href="find?q=massage"' in many


def test_a_search_without_a_hit_says_so_as_text(open_page):
    app = open_page(PAGE, q="<b>zzyzx</b>")
    assert any("&lt;b&gt;zzyzx" in item.value for item in app.markdown)
    assert "<b>zzyzx" not in html.unescape(hits(app))


def test_a_search_of_several_words_leads_to_what_has_some_of_them(open_page):
    app = open_page(PAGE, q="boots, swollen legs, diabetes")
    assert any("This comes nearest" in item.value for item in app.markdown)
    for address in ("type?id=air_compression", "symptoms?symptom=swelling"):
        assert f'href="{address}"' in hits(app)


def test_areas_of_the_body_lead_to_types_and_devices_for_them(open_page):
    app = open_page(PAGE)
    assert not [label for label in ways(app) if " for foot" in label]
    run(app.multiselect(key="app.areas").set_value(["calf", "foot"]))
    assert link(app) == {"area": ["foot", "calf"]}
    both = ways(app)
    assert both["Help me choose for foot and calf"] == "area=foot&area=calf"
    assert both["Devices for foot and calf"] == "body_areas=foot&body_areas=calf&all=body_areas"


def test_the_ways_in_and_every_symptom_are_linked(open_page, catalogue):
    app = open_page(PAGE)
    assert {"Find devices", "Help me choose", "Compare"} <= set(ways(app))
    (lines,) = (its for item in app.get("html") if '"legwise-lines"' in (its := item.proto.body))
    for key, name in catalogue.names("symptoms").items():
        assert f'<a href="symptoms?symptom={key}" target="_self">{html.escape(name)}</a>' in lines


def test_figures_are_one_line(open_page, catalogue):
    line = next(item.value for item in open_page(PAGE).caption if "findings" in item.value)
    assert f"{len(catalogue['devices'])} devices of {len(catalogue['device_types'])} types" in line


def test_the_table_at_a_glance_says_every_verdict_of_the_types_and_leads_on(open_page, catalogue):
    app = open_page(PAGE)
    (body,) = (its for item in app.get("html") if "legwise-map" in (its := item.proto.body)[:80])
    types = [row for row in map_rows(catalogue) if row[2] == "device_type"]
    symptoms = catalogue.keys("symptoms")
    told = [
        (step, mark, html.unescape(words))
        for step, words, mark in re.findall(
            r'<td class="(\w+)" title="([^"]+)"><span aria-hidden="true">([^<]+)<', body
        )
    ]
    judged = verdicts(catalogue)
    cells = [judged[kind, key, symptom] for _, _, kind, key in types for symptom in symptoms]
    assert told == [(cell_step(cell), cell_mark(cell), cell.words) for cell in cells]
    links = re.findall(r'href="([^"]+)"', body)
    assert links == [
        *(f"symptoms?symptom={symptom}" for symptom in symptoms),
        *(f"type?id={key}" for _, _, _, key in types),
    ]
