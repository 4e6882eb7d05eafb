"""The form of the match page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from legwise.links.find import feature_names
from legwise.links.form import CONDITIONS, Form, OneOf, Scope, SomeOf, Whole, param, part
from legwise.links.params import Reader
from legwise.rules.shortlist import AREAS, BY, Wish
from legwise.tables.catalogue import Catalogue

#: Answers to "do you have one of these signs now?".
SIGNS = ("none", "some")


def area_names(catalogue: Catalogue) -> dict[str, str]:
    """Return the areas of the body that products name: id → label."""
    return catalogue.package["devices"][AREAS].labels


class Amount(Whole):
    """A whole amount of money, or none."""

    def write(self, value: Any) -> list[str]:
        return [f"{value:.10g}"]

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        amount = reader.whole(name, 0)
        return float(amount) if amount else default

    def to_widget(self, value: Any, scope: Scope) -> Any:
        return None if value is None else int(value)

    def from_widget(self, value: Any, default: Any, scope: Scope) -> Any:
        return float(value) if value else default


@dataclass(frozen=True)
class MatchState:
    """The wish, and the answer about warning signs."""

    wish: Wish = part(
        Wish,
        symptoms=SomeOf("symptom", link="symptom", known=lambda s: s.catalogue.keys("symptoms")),
        conditions=CONDITIONS,
        features=SomeOf("feature", link="feature", known=lambda s: feature_names(s.catalogue)),
        budget=Amount(),
        by=OneOf("choice", known=BY),
        areas=SomeOf("body area", link="area", known=lambda s: area_names(s.catalogue)),
    )
    signs: str = param("", OneOf("answer", known=SIGNS))


MATCH = Form("match", MatchState)
