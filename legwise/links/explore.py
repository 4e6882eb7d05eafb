"""The form of the explore page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from legwise.explore.relations import Relation, relation_names
from legwise.explore.state import (
    AGGREGATES,
    CHARTS,
    MOST_GROUPS,
    ExploreState,
    charts,
    first_look,
    settle,
    shown_fields,
    usual_columns,
)
from legwise.links.filters import Facets
from legwise.links.form import Form, OneOf, Said, Scope, Several, Values
from legwise.links.params import Dropped, Reader

#: Before the name of a column in links, where columns of any table meet our parameters.
WHERE = "where."
#: What a link says for "no group", where a table has groups by itself.
NO_GROUP = "none"


def filters_key(relation: str) -> str:
    """First part of the widgets' keys of a table's filters: columns of other tables have the same names."""
    return f"explore.{relation}"


def _relation(scope: Scope) -> Relation:
    return scope.relation(scope.values["relation"])


def _shown(scope: Scope) -> list[str]:
    return [field.name for field in shown_fields(_relation(scope))]


def _groupable(scope: Scope) -> list[str]:
    return [field.name for field in _relation(scope).groupable]


def _columns(scope: Scope) -> list[str]:
    return [field.name for field in _relation(scope).table.fields]


class OpenTable(OneOf):
    """The table or join. Choosing another one sets a new state, so its widget says nothing else."""

    def hear(self, key: str, name: str, said: Said, default: Any, scope: Scope) -> Values:
        return {name: scope.values[name]}


class Groups(Several):
    """The columns to group by; none can be chosen where the table has some by itself."""

    def write(self, value: Any) -> list[str]:
        return list(value) or [NO_GROUP]

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        known = _groupable(scope)
        groups = reader.ids(name, [*known, NO_GROUP], self.what, self.most)
        return tuple(group for group in groups if group in known) if groups else default


class ExploreForm(Form[ExploreState]):
    """A form whose state has to be possible; what a table shows by itself is left out of its link."""

    def default(self, name: str, values: Values, scope: Scope) -> Any:
        if name == "group":
            return first_look(_relation(scope)).group
        if name == "chart" and name in values:  # a link is not read that far yet
            offered = charts(_relation(scope), values["group"], values["aggregate"])
            return next(iter(offered), "")
        return super().default(name, values, scope)

    def decode(
        self, params: Mapping[str, Collection[str]], scope: Scope
    ) -> tuple[ExploreState, tuple[Dropped, ...]]:
        """Read the state; say what does not go with the rest of the link."""
        state, dropped = super().decode(params, scope)
        settled = settle(state, scope.relation(state.relation))
        unfit = [
            Dropped(name, ", ".join(value) if name == "group" else value, _UNFIT)
            for name in ("group", "aggregate", "measure", "chart", "x", "y", "colour")
            if (value := getattr(state, name)) and value != getattr(settled, name)
        ]
        return settled, (*dropped, *unfit)


_UNFIT = "it does not go with the rest of the link"

EXPLORE = ExploreForm(
    "explore",
    ExploreState,
    settle=lambda state, before, scope: settle(state, scope.relation(state.relation)),
    relation=OpenTable(
        "table or join", link="table", known=lambda s: relation_names(s.catalogue.package)
    ),
    columns=Several(
        "column", link="column", known=_shown, usual=lambda s: usual_columns(_relation(s))
    ),
    filters=Facets(
        index=lambda scope: _relation(scope).index,
        page=lambda scope: filters_key(scope.values["relation"]),
        prefix=WHERE,
    ),
    group=Groups("column to group by", known=_groupable, most=MOST_GROUPS),
    aggregate=OneOf("aggregate", known=AGGREGATES),
    measure=OneOf("column", known=_shown),
    chart=OneOf("chart", known=CHARTS),
    x=OneOf("column", known=_columns),
    y=OneOf("column", known=_columns),
    colour=OneOf("column", known=_columns),
)
