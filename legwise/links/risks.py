"""The form of the risks page."""

from __future__ import annotations

from dataclasses import dataclass

from legwise.answers.risk_factors import EVERY, LARGEST, circulation_risks, outcomes
from legwise.links.form import CONDITIONS, Flag, Form, OneOf, Several, SomeOf, Tab, param
from legwise.tables.catalogue import Catalogue, Record

MOST_SIDE_BY_SIDE = 5
#: Tab → its title.
RISK_TABS = {
    "mine": "My cautions",
    "factors": "Risk factors",
    "effects": "Effect sizes",
    "pathways": "Pathways",
}


def circulation_factors(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the risk factors linked to poor leg circulation, in file order."""
    rows = catalogue.records("risk_factors")
    return tuple(row["risk_factor"] for row in rows if row["role"] == "circulation")


def flow_factors(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the risk factors with at least one recorded symptom, in file order."""
    bring = {row["risk_factor"] for row in catalogue.records("risk_factor_symptoms")}
    return tuple(key for key in catalogue.keys("risk_factors") if key in bring)


@dataclass(frozen=True)
class RisksState:
    """The open tab and what each of them shows: conditions, risk factors, outcome, pathway."""

    conditions: tuple[str, ...] = param((), CONDITIONS)
    kinds: tuple[str, ...] = param(
        (),
        SomeOf(
            "kind of risk factor",
            link="kind",
            known=lambda s: s.catalogue.package["risk_factors"]["kind"].labels,
        ),
    )
    modifiable: tuple[str, ...] = param(
        (),
        SomeOf("answer", known=lambda s: s.catalogue.package["risk_factors"]["modifiable"].labels),
    )
    in_article: bool = param(False, Flag())
    side_by_side: tuple[str, ...] = param(
        (),
        Several(
            "risk factor",
            link="risk_factor",
            known=lambda s: circulation_factors(s.catalogue),
            most=MOST_SIDE_BY_SIDE,
        ),
    )
    flow: str = param(
        "diabetes",
        OneOf("risk factor with symptoms", known=lambda s: flow_factors(s.catalogue)),
    )
    outcome: str = param(
        LARGEST, OneOf("outcome", known=lambda s: (LARGEST, EVERY, *outcomes(s.catalogue)))
    )
    tab: str = param("mine", Tab(known=RISK_TABS))

    def factors(self, catalogue: Catalogue) -> list[Record]:
        """Return the risk factors that are asked for."""
        return circulation_risks(
            catalogue,
            self.kinds,
            self.modifiable,
            in_article=self.in_article,
            only=self.side_by_side,
        )


RISKS = Form("risks", RisksState)
