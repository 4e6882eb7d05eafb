"""Device: all that is known of one device."""

import ui  # noqa: F401  # before all else: see there

# isort: split
from functools import partial

from legwise.answers.disagreements import disagreements
from legwise.answers.profiles import fact_groups
from legwise.answers.side_by_side import item_name
from legwise.answers.similar import Similar, similar_devices
from legwise.links.detail import DEVICE
from ui.detail import (
    ABOUT_EVIDENCE,
    ask_for_another,
    section,
    show_caution_section,
    show_disagreements,
    show_evidence,
)
from ui.device import (
    ask_for_device,
    ask_to_compare,
    show_device_downloads,
    show_device_facts,
    show_device_head,
    show_recalls,
    show_similar,
)
from ui.page import dropped_notice, footer, frame, heading
from ui.session import read_state, write_state
from ui.steps import as_far_as_it_goes

loaded = frame("device")
catalogue = loaded.catalogue
state, dropped = read_state(DEVICE, loaded.scope)
name = item_name(catalogue, ("device", state.id)) if state.id else ""
heading("device", name)
dropped_notice(dropped)
if state.id:
    device_type, *parts = subjects = catalogue.device_subjects(state.id)
    groups = loaded.keep_of_rows(("facts", state.id), lambda: fact_groups(catalogue, state.id))
    similar: tuple[Similar, ...] = ()
    with as_far_as_it_goes("Similar devices"):
        similar = loaded.keep(("similar", state.id), lambda: similar_devices(catalogue, state.id))
    show_device_head(catalogue, state.id)
    ask_to_compare(catalogue, state.id, similar, state.conditions)

    take_away = partial(
        show_device_downloads, catalogue, state.id, name, DEVICE.encode(state, loaded.scope), groups
    )

    with section("What is stated", "Each fact with its source. Not stated never means no."):
        show_device_facts(loaded, state.id, groups)

    with section("What studies of this type show", ABOUT_EVIDENCE):
        show_evidence(loaded, device_type, parts)

    with section("Cautions"):
        show_caution_section(loaded, "device", device_type.id, subjects, state.conditions)

    with section("Where sources disagree"):
        show_disagreements(
            catalogue,
            loaded.keep(
                ("disagreements", subjects),
                lambda: disagreements(catalogue, device_type.id, subjects),
            ),
        )

    with section("Similar devices"):
        show_similar(loaded, state.id, similar, state.conditions)

    with section("Recalls, clearances, law and files"):
        show_recalls(catalogue, state.id, take_away)

else:
    ask_for_another(catalogue, "device", lambda: ask_for_device(catalogue))

write_state(DEVICE, state, loaded.scope)
footer(loaded)
