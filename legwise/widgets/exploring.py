"""Any table in a notebook: filters with honest counts, groups, a chart, and the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from legwise.explore.relations import relation_names
from legwise.explore.state import (
    AGGREGATES,
    CHARTS,
    SIDES,
    ExploreState,
    aggregates,
    charts,
    first_look,
    measures,
    shown_fields,
    side_columns,
)
from legwise.explore.view import look
from legwise.links.explore import EXPLORE, filters_key
from legwise.tables.catalogue import Catalogue
from legwise.widgets.controls import Choice, Control, Several, facets
from legwise.widgets.panel import Panel, scope_of


class Exploring(Panel[ExploreState]):
    """The explore page in a notebook; ``frame`` is the table of the view."""

    def __init__(
        self, link: str, tables: Catalogue | Path | str | None, params: dict[str, Any]
    ) -> None:
        # A keyword holds no dot: where_level stands for where.level.
        named = {
            f"where.{name.removeprefix('where_')}" if name.startswith("where_") else name: value
            for name, value in params.items()
        }
        super().__init__(EXPLORE, scope_of(tables), link, named)
        self._controls_of = ""
        self.ask(self.state)

    def _place_controls(self) -> None:
        """Put the controls of the open table: another one has other columns."""
        relation = self.scope.relation(self.state.relation)
        titles = {field.name: field.title for field in relation.table.fields}
        groups = {field.name: field.title for field in relation.groupable}
        shown = {field.name: field.title for field in shown_fields(relation)}
        table = Choice("explore.relation", "Table", relation_names(self.scope.catalogue.package))
        self.choices = {
            "aggregate": Choice("explore.aggregate", "Aggregate", AGGREGATES),
            "measure": Choice("explore.measure", "Of", shown),
            "chart": Choice("explore.chart", "Chart", CHARTS),
            **{
                side: Choice(f"explore.{side}", side.capitalize(), titles)
                for side in ("x", "y", "colour")
            },
        }
        top: list[Control] = [
            table,
            Several("explore.group", "Group by", groups),
            Several("explore.columns", "Columns", shown),
            *self.choices.values(),
        ]
        self.place_controls(facets(filters_key(relation.name), relation.index), top)
        self.table_choice = table
        self._controls_of = relation.name

    def _heard(self, control: Control) -> None:
        if control is self.table_choice and not self._is_showing:
            name = control.widget.value
            if name and name != self.state.relation:
                self.ask(first_look(self.scope.relation(name)))
            return
        super()._heard(control)

    def ask(self, state: ExploreState) -> None:
        """Show the answer to a state."""
        self.state = state
        relation = self.scope.relation(state.relation)
        if self._controls_of != relation.name:
            self._place_controls()
        self._offer()
        view = look(relation, state)
        self.show(
            view.summary,
            view.texts_to_read,
            view.matches.counts,
            view.explored,
            lambda: view.code,
            view.notes,
        )

    def _offer(self) -> None:
        """Offer what fits the state, as the page does."""
        state, relation = self.state, self.scope.relation(self.state.relation)
        titles = {field.name: field.title for field in relation.table.fields}
        sides = {} if state.group else SIDES.get(state.chart, {})
        offers = {
            "aggregate": aggregates(relation, state.group) if state.group else (),
            "measure": measures(relation, state.aggregate, state.group) if state.group else (),
            "chart": charts(relation, state.group, state.aggregate),
            **{
                side: side_columns(relation, sides[side]) if side in sides else ()
                for side in ("x", "y", "colour")
            },
        }
        words = {"aggregate": AGGREGATES, "chart": CHARTS}
        self._is_showing = True
        try:
            for name, keys in offers.items():
                control, named = self.choices[name], words.get(name, titles)
                control.offer({key: named[key] for key in keys})
                control.widget.layout.display = None if keys else "none"
                if name in sides:
                    control.widget.description = sides[name].title
        finally:
            self._is_showing = False


def explore(
    link: str = "", tables: Catalogue | Path | str | None = None, **asked: Any
) -> Exploring:
    """Return any table as a panel: ``explore(table="evidence", group=["design", "direction"])``.

    A filter is named ``where_`` and its column: ``explore(table="evidence", where_level="1..2")``.
    ``tables`` are loaded tables or their folder (default: the shipped ones).
    """
    return Exploring(link, tables, asked)
