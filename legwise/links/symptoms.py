"""The symptoms page ⇄ its link."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from legwise.links.params import Dropped, Params, Reader, put
from legwise.rules.findings import EvidenceFilter
from legwise.tables.catalogue import Catalogue

MAP_VIEWS = ("map", "bubbles")


@dataclass(frozen=True)
class SymptomsState:
    """State of the symptoms page: the open cell (either half may be empty), which findings count, the view."""

    subject: str = ""
    symptom: str = ""
    wanted: EvidenceFilter = field(default_factory=EvidenceFilter)
    view: str = "map"


def encode_symptoms(state: SymptomsState) -> Params:
    """Link parameters of the symptoms page."""
    params: Params = {}
    wanted = state.wanted
    put(params, "subject", [state.subject] if state.subject else [])
    put(params, "symptom", [state.symptom] if state.symptom else [])
    put(
        params,
        "level",
        [str(wanted.max_level)] if wanted.max_level != EvidenceFilter.max_level else [],
    )
    put(params, "direct", ["yes"] if wanted.direct else [])
    put(params, "people", list(wanted.populations))
    put(params, "design", list(wanted.designs))
    put(params, "direction", list(wanted.directions))
    put(params, "year_from", [str(wanted.year_from)] if wanted.year_from is not None else [])
    put(params, "claims", [] if wanted.claims else ["no"])
    put(params, "view", [state.view] if state.view != "map" else [])
    return params


def decode_symptoms(
    params: Mapping[str, Collection[str]], catalogue: Catalogue, subjects: Collection[str]
) -> tuple[SymptomsState, tuple[Dropped, ...]]:
    """Read the state of the symptoms page from a link."""
    reader = Reader(params)
    table = catalogue.package["evidence"]
    years = [str(year) for year in range(1900, 2101)]
    year = reader.one("year_from", years, "year", "")
    wanted = EvidenceFilter(
        max_level=int(
            reader.one("level", ("1", "2", "3", "4"), "level", str(EvidenceFilter.max_level))
        ),
        direct=reader.flag("direct"),
        populations=reader.choices(
            "people", list(table["population_group"].labels), "kind of people"
        ),
        designs=reader.choices("design", list(table["design"].labels), "design"),
        directions=reader.choices("direction", list(table["direction"].labels), "direction"),
        year_from=int(year) if year else None,
        claims=reader.one("claims", ("yes", "no"), "setting", "yes") == "yes",
    )
    state = SymptomsState(
        subject=reader.one("subject", subjects, "device type, technique or feature", ""),
        symptom=reader.one("symptom", catalogue.keys("symptoms"), "symptom", ""),
        wanted=wanted,
        view=reader.one("view", MAP_VIEWS, "view", "map"),
    )
    return state, reader.finish()
