"""The risks page ⇄ its link."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from legwise.links.params import Dropped, Params, Reader, put
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import Catalogue

MOST_SIDE_BY_SIDE = 5


@dataclass(frozen=True)
class RisksState:
    """State of the risks page: chosen conditions, which risk factors are listed, which are set side by side."""

    conditions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    modifiable: tuple[str, ...] = ()
    in_article: bool = False
    side_by_side: tuple[str, ...] = ()
    flow: str = "diabetes"


def encode_risks(state: RisksState) -> Params:
    """Link parameters of the risks page."""
    params: Params = {}
    put(params, "condition", list(state.conditions))
    put(params, "kind", list(state.kinds))
    put(params, "modifiable", list(state.modifiable))
    put(params, "in_article", ["yes"] if state.in_article else [])
    put(params, "risk_factor", list(state.side_by_side))
    put(params, "flow", [state.flow] if state.flow != RisksState.flow else [])
    return params


def decode_risks(
    params: Mapping[str, Collection[str]], catalogue: Catalogue
) -> tuple[RisksState, tuple[Dropped, ...]]:
    """Read the state of the risks page from a link."""
    reader = Reader(params)
    table = catalogue.package["risk_factors"]
    state = RisksState(
        conditions=reader.choices("condition", list(conditions(catalogue)), "condition"),
        kinds=reader.choices("kind", list(table["kind"].labels), "kind of risk factor"),
        modifiable=reader.choices("modifiable", list(table["modifiable"].labels), "answer"),
        in_article=reader.flag("in_article"),
        side_by_side=reader.ids(
            "risk_factor", circulation_factors(catalogue), "risk factor", MOST_SIDE_BY_SIDE
        ),
        flow=reader.one(
            "flow", flow_factors(catalogue), "risk factor with symptoms", RisksState.flow
        ),
    )
    return state, reader.finish()


def circulation_factors(catalogue: Catalogue) -> tuple[str, ...]:
    """Risk factors that go with poor leg circulation, in file order."""
    return tuple(
        row["risk_factor"]
        for row in catalogue.records("risk_factors")
        if row["role"] == "circulation"
    )


def flow_factors(catalogue: Catalogue) -> tuple[str, ...]:
    """Risk factors of which a symptom is recorded, in file order."""
    bring = {row["risk_factor"] for row in catalogue.records("risk_factor_symptoms")}
    return tuple(key for key in catalogue.keys("risk_factors") if key in bring)
