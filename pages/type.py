"""Device type: all that is known of one device type."""

import ui  # noqa: F401  # before all else: see there

# isort: split
from functools import partial

from legwise.answers.disagreements import disagreements
from legwise.answers.profiles import FeatureShare, typical_features
from legwise.answers.query import DeviceQuery
from legwise.answers.side_by_side import item_name
from legwise.facets.filters import Choice
from legwise.links.detail import TYPE
from legwise.rules.claims import judge_claims
from legwise.tables.subjects import Subject
from ui.detail import (
    ABOUT_EVIDENCE,
    ask_for_another,
    section,
    show_caution_section,
    show_disagreements,
    show_evidence,
)
from ui.device import ask_for_device
from ui.page import dropped_notice, footer, frame, heading
from ui.session import read_state, write_state
from ui.steps import as_far_as_it_goes
from ui.type import (
    show_claims,
    show_features,
    show_law,
    show_products,
    show_type_downloads,
    show_type_head,
    show_type_links,
)

loaded = frame("type")
catalogue = loaded.catalogue
state, dropped = read_state(TYPE, loaded.scope)
name = item_name(catalogue, ("type", state.id)) if state.id else ""
heading("type", name)
dropped_notice(dropped)
if state.id:
    subject = Subject.type(state.id)
    of_type = DeviceQuery(filters=(("device_type", Choice((state.id,))),))
    products = loaded.answer(of_type, counts=False)
    features: tuple[FeatureShare, ...] = ()
    with as_far_as_it_goes("What its products state"):
        features = loaded.keep(
            ("features", state.id), lambda: typical_features(catalogue, state.id)
        )
    parts: frozenset[Subject] = frozenset()
    with as_far_as_it_goes("What was studied of its techniques and features"):
        parts = catalogue.type_parts(state.id)
    show_type_head(loaded, state.id, products.total)
    show_type_links(catalogue, state.id, products.total, state.conditions)

    take_away = partial(
        show_type_downloads,
        catalogue,
        name,
        TYPE.encode(state, loaded.scope),
        subject,
        features if products.total else (),
    )

    with section("What studies show", ABOUT_EVIDENCE):
        show_evidence(loaded, subject, parts)

    with section("Cautions"):
        show_caution_section(loaded, "type", state.id, [subject], state.conditions)

    with section("What is claimed, and how it held up"):
        show_claims(catalogue, state.id, judge_claims(catalogue))

    with section("Where sources disagree"):
        show_disagreements(
            catalogue,
            loaded.keep(("disagreements", subject), lambda: disagreements(catalogue, state.id)),
        )

    if products.total:
        with section("Products of this type", "Best documented first."):
            show_products(loaded, state.id, products, state.conditions)
        with section("What they state", "Yes and no are counted only where they are stated."):
            show_features(features)

    with section("Clearances, law and files"):
        show_law(catalogue, state.id, take_away)
else:
    ask_for_another(catalogue, "device type", lambda: ask_for_device(catalogue))

write_state(TYPE, state, loaded.scope)
footer(loaded)
