"""A comparison in a notebook: devices and types side by side, and the code that compares them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets

from legwise.answers.comparison import ROW_CHOICES
from legwise.answers.names import search_devices
from legwise.answers.side_by_side import compare, item_name, offers
from legwise.charts.comparison import evidence_strip
from legwise.exports.comparison_notebook import compare_program
from legwise.links.compare import COMPARE, MOST_COMPARED, CompareState
from legwise.links.params import LONGEST_TEXT
from legwise.rules.cautions import NO_PROOF, conditions
from legwise.tables.catalogue import Catalogue
from legwise.text.units import SYSTEMS, counted
from legwise.widgets.controls import STACKED, Choice, Several
from legwise.widgets.panel import Panel, scope_of

#: Most devices that a search offers.
MOST_OFFERED = 20


class Comparing(Panel[CompareState]):
    """The compare page in a notebook; ``frame`` has one column per device or type."""

    def __init__(
        self, link: str, tables: Catalogue | Path | str | None, params: dict[str, Any]
    ) -> None:
        super().__init__(COMPARE, scope_of(tables), link, params)
        self.place_controls(
            [],
            [
                Several("compare.conditions", "My conditions", conditions(self.scope.catalogue)),
                Choice("compare.rows", "Rows", ROW_CHOICES),
                Choice("compare.units", "Units", SYSTEMS),
            ],
        )
        wide = {**STACKED, "width": "320px"}
        self.words = ipywidgets.Text(
            description="Search", placeholder="brand, model, or a word such as boots", layout=wide
        )
        self.offered = ipywidgets.Dropdown(description="Add", layout=wide)
        self.items = ipywidgets.HBox(layout={"flex_flow": "row wrap", "width": "100%"})
        self.words.observe(lambda _: self._offer(), names="value")
        self.offered.observe(lambda _: self._add(), names="value")
        self.top.children = [self.words, self.offered, self.items, *self.top.children]
        self._offer()
        self.ask(self.state)

    def _offer(self) -> None:
        """Offer the types and devices that have the words, in the order of the search."""
        catalogue, text = self.scope.catalogue, self.words.value[:LONGEST_TEXT]
        devices, _ = search_devices(catalogue, text, MOST_OFFERED)
        words = text.lower().split()
        offered = [
            *(
                item
                for item, name in offers(catalogue).items()
                if all(word in name.lower() for word in words)
            ),
            *(("device", key) for key in devices),
        ]
        named = [(item_name(catalogue, item), item) for item in offered]
        self.offered.options = [("choose", None), *named]

    def _add(self) -> None:
        item = self.offered.value
        items = self.state.items
        if item and item not in items and len(items) < MOST_COMPARED:
            self.ask(replace(self.state, items=(*items, item)))
        if item:
            self.offered.value = None

    def _remove(self, item: tuple[str, str], _: object) -> None:
        items = tuple(other for other in self.state.items if other != item)
        self.ask(replace(self.state, items=items))

    def ask(self, state: CompareState) -> None:
        """Show the answer to a state."""
        self.state = state
        catalogue = self.scope.catalogue
        buttons = []
        for item in state.items:
            name = item_name(catalogue, item)
            button = ipywidgets.Button(
                description=f"Remove {name}", tooltip=name, layout={"width": "auto"}
            )
            button.on_click(partial(self._remove, item))
            buttons.append(button)
        self.items.children = buttons
        whole = compare(catalogue, state.items, state.conditions, state.units)
        shown = whole.only(state.shown_rows)
        self.show(
            f"{', '.join(shown.labels)}: {shown.size:,} of {counted(whole.size, 'row')}"
            if state.items
            else f"Choose two to {MOST_COMPARED} devices or device types.",
            shown.frame(),
            {},
            evidence_strip(catalogue, whole) if state.items else None,
            lambda: compare_program(
                catalogue, whole, state.items, state.conditions, state.units, state.shown_rows
            ).source(),
            [NO_PROOF] if state.items else [],
        )


def compare_widget(
    link: str = "", tables: Catalogue | Path | str | None = None, **asked: Any
) -> Comparing:
    """Return a comparison as a panel: ``compare_widget(type=["air_compression", "self_massage"])``.

    ``tables`` are loaded tables or their folder (default: the shipped ones).
    """
    return Comparing(link, tables, asked)
