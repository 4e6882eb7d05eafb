"""The match page ⇄ its link."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from legwise.links.find import feature_names
from legwise.links.params import Dropped, Params, Reader, put
from legwise.rules.cautions import conditions
from legwise.rules.shortlist import BY, Wish
from legwise.tables.catalogue import Catalogue

#: Answers to "do you have one of these signs now?".
SIGNS = ("none", "some")


@dataclass(frozen=True)
class MatchState:
    """State of the match page: the wish, and the answer to the question about warning signs."""

    wish: Wish = field(default_factory=Wish)
    signs: str = ""


def encode_match(state: MatchState) -> Params:
    """Link parameters of the match page."""
    params: Params = {}
    wish = state.wish
    put(params, "signs", [state.signs] if state.signs else [])
    put(params, "symptom", list(wish.symptoms))
    put(params, "condition", list(wish.conditions))
    put(params, "feature", list(wish.features))
    put(params, "budget", [f"{wish.budget:.10g}"] if wish.budget is not None else [])
    put(params, "by", [wish.by] if wish.by != "any" else [])
    return params


def decode_match(
    params: Mapping[str, Collection[str]], catalogue: Catalogue
) -> tuple[MatchState, tuple[Dropped, ...]]:
    """Read the state of the match page from a link."""
    reader = Reader(params)
    budget = reader.whole("budget", 0)
    wish = Wish(
        symptoms=reader.choices("symptom", list(catalogue.keys("symptoms")), "symptom"),
        conditions=reader.choices("condition", list(conditions(catalogue)), "condition"),
        features=reader.choices("feature", feature_names(catalogue), "feature"),
        budget=float(budget) if budget else None,
        by=reader.one("by", list(BY), "choice", "any"),
    )
    return MatchState(wish, reader.one("signs", SIGNS, "answer", "")), reader.finish()
