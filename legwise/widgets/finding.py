"""The device list in a notebook: filters with honest counts, order, columns, a figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from legwise.answers.devices import PAGE_SIZE, shown_devices
from legwise.answers.query import BY_FACTS, SYMPTOM, describe
from legwise.charts.devices import number_by_type
from legwise.exports.page_notebooks import find_program
from legwise.links.find import FIND, FindState, column_names, number_names, sort_keys
from legwise.rules.cautions import NO_PROOF, conditions
from legwise.tables.catalogue import Catalogue
from legwise.widgets.controls import Choice, Facet, Number, Several, Words, facets
from legwise.widgets.panel import Panel, scope_of


class Finding(Panel[FindState]):
    """The find page in a notebook; ``frame`` has the devices of all pages, in order."""

    def __init__(
        self, link: str, tables: Catalogue | Path | str | None, params: dict[str, Any]
    ) -> None:
        super().__init__(FIND, scope_of(tables), link, params)
        catalogue, index = self.scope.catalogue, self.scope.index
        table = catalogue.package["devices"]
        titles = {field.name: field.title for field in table.fields}
        orders = {"": "Best documented first"}
        for key in sort_keys(catalogue):
            name = "Facts stated" if key == BY_FACTS else titles[key]
            orders |= {key: f"{name}, ascending", f"-{key}": f"{name}, descending"}
        numbers = {key: titles[key] for key in number_names(catalogue)}
        symptom = Facet(
            "find", SYMPTOM, "Symptom", index.values(SYMPTOM), catalogue.names("symptoms")
        )
        self.pages = Number("find.page", "Page")
        self.place_controls(
            [
                Words("find.text", "Search", "normatec, calf, boots"),
                *facets("find", index, [symptom]),
                Several("find.conditions", "My conditions", conditions(catalogue)),
            ],
            [
                Choice("find.sort", "Order", orders),
                Several(
                    "find.columns", "Columns", {key: titles[key] for key in column_names(catalogue)}
                ),
                Choice("find.number", "Figure", numbers),
                self.pages,
            ],
        )
        self.ask(self.state)

    def ask(self, state: FindState) -> None:
        """Show the answer to a state."""
        self.state = state
        catalogue, query = self.scope.catalogue, state.query
        table = catalogue.package["devices"]
        answer = self.scope.index.ask(query)
        fields = [table[name] for name in state.columns or table.listed]
        keys = answer.keys(slice(None))
        self.pages.widget.max = answer.pages
        self.show(
            describe(query, catalogue, answer.total, answer.of),
            shown_devices(catalogue, keys, fields, query.conditions).frame,
            answer.counts,
            number_by_type(catalogue, answer.rows_to_count, table[state.number])
            if answer.total
            else None,
            lambda: find_program(
                self.scope.relation("devices"), answer, state.columns, state.feature
            ).source(),
            [NO_PROOF] if query.conditions else [],
            shown=slice((answer.page - 1) * PAGE_SIZE, answer.page * PAGE_SIZE),
        )


def find(link: str = "", tables: Catalogue | Path | str | None = None, **asked: Any) -> Finding:
    """Return the device list as a panel: ``find("/find?heat=yes")``, or ``find(heat="yes")``.

    ``tables`` are loaded tables or their folder (default: the shipped ones).
    """
    return Finding(link, tables, asked)
