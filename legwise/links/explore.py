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
    settle,
    shown_fields,
    usual_columns,
)
from legwise.links.filters import Facets
from legwise.links.form import Form, OneOf, Scope, Several, Values, Widgets
from legwise.links.params import Dropped, Reader

#: Prefix of column names in links: a table's column may be called like one of our parameters.
WHERE = "where."
#: Stands for "no group" in a link, where the table is grouped by default.
NO_GROUP = "none"


def filters_key(relation: str) -> str:
    """Return the first part of the keys of a table's filters: tables share names of columns."""
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
    """The table or join. Its widget is not read: choosing another one sets a whole new state."""

    def hear(self, key: str, name: str, widgets: Widgets, default: Any, scope: Scope) -> Values:
        return {name: scope.values[name]}


class Groups(Several):
    """The columns to group by. A link can say "none" where the table is grouped by default."""

    def write(self, value: Any) -> list[str]:
        return list(value) or [NO_GROUP]

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        known = _groupable(scope)
        groups = reader.ids(name, [*known, NO_GROUP], self.what, self.most)
        return tuple(group for group in groups if group in known) if groups else default


class ExploreForm(Form[ExploreState]):
    """A form whose state is always possible. A default view adds nothing to the link."""

    def default(self, name: str, scope: Scope) -> Any:
        values = scope.values
        if name == "group":
            return _relation(scope).usual_group
        if name == "chart" and name in values:  # a link has not been read that far yet
            offered = charts(_relation(scope), values["group"], values["aggregate"])
            return next(iter(offered), "")
        return super().default(name, scope)

    def decode(
        self, params: Mapping[str, Collection[str]], scope: Scope
    ) -> tuple[ExploreState, tuple[Dropped, ...]]:
        """Read the state; report what does not fit the rest of the link."""
        state, dropped = super().decode(params, scope)
        settled = settle(state, scope.relation(state.relation))
        unfit = [
            Dropped(name, ", ".join(value) if name == "group" else value, _UNFIT)
            for name in ("group", "aggregate", "measure", "chart", "x", "y", "colour")
            if (value := getattr(state, name)) and value != getattr(settled, name)
        ]
        return settled, (*dropped, *unfit)


_UNFIT = "it does not fit the rest of the link"

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
