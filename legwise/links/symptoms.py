"""The form of the symptoms page."""

from __future__ import annotations

from dataclasses import dataclass

from legwise.links.form import Flag, Form, OneOf, Scope, SomeOf, Tab, param, part
from legwise.rules.findings import EvidenceFilter
from legwise.rules.verdicts import subjects

MAP_VIEWS = ("map", "bubbles")
#: Tab → its title.
SYMPTOM_TABS = {
    "map": "Map",
    "claims": "Claims",
    "studies": "Studies",
    "download": "Download and share",
}


def _labels(scope: Scope, field: str) -> dict[str, str]:
    return scope.catalogue.package["evidence"][field].labels


@dataclass(frozen=True)
class SymptomsState:
    """The open cell (either half may be empty), which findings count, the view and the tab."""

    subject: str = param(
        "",
        OneOf(
            "device type, technique or feature",
            known=lambda scope: [subject.id for subject in subjects(scope.catalogue)],
        ),
    )
    symptom: str = param("", OneOf("symptom", known=lambda s: s.catalogue.keys("symptoms")))
    wanted: EvidenceFilter = part(
        EvidenceFilter,
        max_level=OneOf("level", link="level", known=(1, 2, 3, 4)),
        direct=Flag(),
        populations=SomeOf(
            "kind of people", link="people", known=lambda s: _labels(s, "population_group")
        ),
        designs=SomeOf("design", link="design", known=lambda s: _labels(s, "design")),
        directions=SomeOf("direction", link="direction", known=lambda s: _labels(s, "direction")),
        year_from=OneOf("year", known=range(1900, 2101)),
        claims=Flag(),
    )
    view: str = param("map", OneOf("view", known=MAP_VIEWS))
    tab: str = param("map", Tab(known=SYMPTOM_TABS))


SYMPTOMS = Form("symptoms", SymptomsState)
