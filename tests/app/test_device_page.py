"""The page of one device."""

import pytest
from markupsafe import escape

from legwise.answers.profiles import conditions_by_class, fact_groups
from legwise.answers.similar import RULE, similar_devices
from legwise.links.find import FindState
from legwise.rules.cautions import cautions_for, conditions
from legwise.text.markup import plain
from tests.app.conftest import link, run
from tests.unit.test_check import edit
from ui.fold import fold_key

DEVICE = "hyperice-normatec-3"
RECALLED = "truform-8865-20-30"


def open_fold(app, label):
    """Open the part of the page with that label."""
    part = next(item for item in app.expander if label in item.label.replace("\\", ""))
    key = part.proto.id.rpartition("-fold.")[2]
    app.session_state[fold_key(key)] = True
    return run(app)


def texts(app):
    """All text of the page that is Markdown, as it is read."""
    items = [*app.markdown, *app.caption]
    return "\n".join(item.value.replace("\\", "") for item in items)


def html(app):
    return "\n".join(item.proto.body for item in app.get("html"))


def test_the_head_says_what_it_is_what_it_costs_and_what_to_know_first(open_page, catalogue):
    app = open_page("pages/device.py", id=RECALLED)
    body = html(app)
    assert app.title[0].value == plain(catalogue.device_name(RECALLED))
    assert catalogue.row("devices", RECALLED)["summary"] in body
    assert "<b>Price:</b> not stated" in body
    assert "Recall notice exists" in body
    assert "Compression stockings" in body


@pytest.mark.parametrize("device", [DEVICE, RECALLED, "beurer-fm90"])
def test_every_stated_fact_has_its_source_and_the_others_are_named(open_page, catalogue, device):
    body = html(open_page("pages/device.py", id=device))
    *facts, _ = fact_groups(catalogue, device)
    for group in facts:
        for fact in group.facts:
            assert fact.text.replace("'", "&#39;") in body
            assert not fact.link or f'aria-label="Source of {fact.title}"' in body
        assert not group.missing or f"Not stated: {', '.join(group.missing)}" in body


def test_without_conditions_the_cautions_are_a_list_of_conditions_by_class(open_page, catalogue):
    app = open_page("pages/device.py", id=DEVICE)
    cautions = cautions_for(catalogue, catalogue.device_subjects(DEVICE))
    for group in conditions_by_class(catalogue, cautions):
        assert f"{group.label}** ({len(group.conditions)} condition" in texts(app)
        assert all(name in texts(app) for _, name, _ in group.conditions)


def test_chosen_conditions_come_first_and_stay_in_the_link(open_page, catalogue):
    app = open_page("pages/device.py", id=DEVICE)
    condition, name = next(iter(conditions(catalogue).items()))
    run(app.multiselect(key="device.conditions").set_value([condition, "pregnancy"]))
    assert sorted(link(app)["condition"]) == sorted({condition, "pregnancy"})
    assert link(app)["id"] == [DEVICE]
    for caution in cautions_for(catalogue, catalogue.device_subjects(DEVICE), ["pregnancy"]):
        assert caution.reason in texts(app)
    # A clinic that accepts it is shown next to the makers that do not.
    assert "A physiotherapy clinic offers leg boots" in texts(app)
    assert f"**{name}**" in texts(app)


def test_similar_devices_are_shown_with_their_reasons_and_the_rule(open_page, catalogue):
    app = open_page("pages/device.py", id=DEVICE)
    for item in similar_devices(catalogue, DEVICE):
        assert escape(f"{item.alike} alike: {item.reasons}.") in html(app)
    app = open_fold(app, "How similar devices are ordered")
    assert all(step in texts(app) for step in RULE)


def test_a_click_adds_it_to_the_compare_list_of_the_find_page_and_another_removes_it(open_page):
    app = open_page("pages/find.py", pick=RECALLED, heat="yes")
    app.query_params.clear()
    app.switch_page("pages/device.py")
    app.query_params["id"] = DEVICE
    run(app)
    run(app.button(key="device.compare").click())
    assert app.button(key="device.compare").label == "Remove from compare list"
    app.query_params.clear()
    run(app.switch_page("pages/find.py"))
    assert link(app)["pick"] == [RECALLED, DEVICE]
    assert link(app)["heat"] == ["yes"]
    app.query_params.clear()
    app.switch_page("pages/device.py")
    app.query_params["id"] = DEVICE
    run(app)
    run(app.button(key="device.compare").click())
    assert app.session_state["find.state"] == FindState(
        query=app.session_state["find.state"].query, picks=(RECALLED,)
    )


def test_a_full_compare_list_says_so(open_page, catalogue):
    picks = [key for key in catalogue.keys("devices") if key != DEVICE][:5]
    app = open_page("pages/find.py", pick=picks)
    app.query_params.clear()
    app.switch_page("pages/device.py")
    app.query_params["id"] = DEVICE
    run(app)
    assert app.button(key="device.compare").disabled
    assert "takes 5" in app.button(key="device.compare").help


def test_a_recall_is_told_with_what_the_notice_says(open_page, catalogue):
    app = open_page("pages/device.py", id=RECALLED)
    assert "! Recall notice exists." in texts(app)
    assert "Z-0391-2012" in texts(app)
    assert "No recall notice was found" in texts(open_page("pages/device.py", id=DEVICE))


def test_an_unknown_device_is_said_and_a_search_leads_on(open_page, catalogue):
    app = open_page("pages/device.py", id="gone")
    assert "there is no device of that name" in app.warning[0].value
    assert app.info[0].value.startswith("No device is chosen.")
    run(app.text_input(key="device.search").set_value("truform"))
    names = {item.value for item in app.text} | {item.label for item in app.get("page_link")}
    assert any(catalogue.device_name(RECALLED) in name.replace("\\", "") for name in names)
    run(app.text_input(key="device.search").set_value("xyzzy"))
    assert "No device matches these words." in texts(app)


def test_text_of_the_tables_is_never_markup(open_page, served):
    edit(served, "devices", 1, maker="<b>x</b> **y**", notes="[x](javascript:alert) <i>")
    app = open_page("pages/device.py", id=DEVICE)
    assert "<b>x</b>" not in html(app)
    assert "&lt;b&gt;x" in html(app)
    app = open_fold(app, "how these facts were read")
    assert "<i>" not in html(app)
