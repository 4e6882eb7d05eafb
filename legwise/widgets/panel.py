"""A page as a panel: controls, the answer in words, table, figure, and the code of the view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs, urlsplit

import ipywidgets
import pandas as pd
from IPython.display import display

from legwise.answers.devices import FacetIndex
from legwise.charts.theme import Chart
from legwise.explore.relations import Relation, load_relation
from legwise.facets.codes import Counts
from legwise.links.form import Form, Scope
from legwise.links.params import Dropped
from legwise.replies.reply import address
from legwise.tables.catalogue import Catalogue, load_catalogue
from legwise.text.markup import templates
from legwise.widgets.controls import Control

S = TypeVar("S")
_TEMPLATES = templates(Path(__file__).parent)
#: Rows shown at once; the frame of the panel has all.
MOST_SHOWN = 50


def scope_of(tables: Catalogue | Path | str | None) -> Scope:
    """Return what a panel works on: loaded tables, those of a folder, or the shipped ones."""
    catalogue = tables if isinstance(tables, Catalogue) else load_catalogue(tables)
    return _scope(catalogue)


@cache
def _scope(catalogue: Catalogue) -> Scope:
    @cache
    def relation(name: str) -> Relation:
        return load_relation(catalogue, name)

    return Scope(catalogue, FacetIndex(catalogue), relation)


class Panel(Generic[S]):
    """One page in a notebook.

    ``state`` is what is asked, ``frame`` the answer as a table of pandas, ``link`` the page of the
    app that shows the same, ``code`` the program that makes it.
    """

    def __init__(self, form: Form[S], scope: Scope, link: str, params: Mapping[str, Any]) -> None:
        self.form, self.scope = form, scope
        asked = {name: _texts(value) for name, value in params.items()}
        asked |= parse_qs(urlsplit(link).query, keep_blank_values=True)
        self.state, dropped = form.decode(asked, scope)
        self.frame = pd.DataFrame()
        self.controls: list[Control] = []
        self._is_showing = False
        self._make_code: Callable[[], str] = str
        self.summary, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        self.figure = ipywidgets.Output()
        self._program = ipywidgets.HTML()
        self._fold = ipywidgets.Accordion([self._program], titles=["The code of this view"])
        self._fold.observe(lambda _: self._show_code(), names="selected_index")
        self.side = ipywidgets.VBox(
            layout={"width": "300px", "flex": "none", "max_height": "900px", "overflow": "auto"}
        )
        self.top = ipywidgets.HBox(layout={"flex_flow": "row wrap", "align_items": "flex-start"})
        notice = ipywidgets.HTML(_template("notice", dropped=_told(dropped)))
        answer = [notice, self.top, self.summary, self.table, self.figure, self._fold]
        main = ipywidgets.VBox(answer, layout={"flex": "1 1 0", "min_width": "0"})
        self.widget = ipywidgets.HBox([self.side, main], layout={"width": "100%"})
        self.widget.add_class("legwise")

    def _ipython_display_(self) -> None:
        display(self.widget)

    @property
    def link(self) -> str:
        """The page of the app that shows the same, from the app's root."""
        return address(self.form.page, self.form.encode(self.state, self.scope))

    @property
    def code(self) -> str:
        """The program that makes the view."""
        return self._make_code()

    def place_controls(self, side: Sequence[Control], top: Sequence[Control]) -> None:
        """Put controls beside the answer and above it."""
        self.controls = [*side, *top]
        self.side.children = [control.widget for control in side]
        self.top.children = [control.widget for control in top]
        for control in top:
            control.widget.layout.width = "210px"
        self.side.layout.display = None if side else "none"
        for control in self.controls:
            control.listen(self._heard)

    def _heard(self, control: Control) -> None:
        if self._is_showing:
            return
        values = {**self.form.seed(self.state, self.scope), **control.read()}
        state, _ = self.form.read(values, self.state, self.scope)
        self.ask(state)

    def ask(self, state: S) -> None:
        """Show the answer to a state."""
        self.state = state
        raise NotImplementedError

    def show(
        self,
        summary: str,
        frame: pd.DataFrame,
        counts: Mapping[str, Counts],
        chart: Chart | None,
        code: Callable[[], str],
        notes: Iterable[str] = (),
        shown: slice = slice(MOST_SHOWN),
    ) -> None:
        """Draw an answer: controls with their counts, words, the rows ``shown``, figure."""
        values = self.form.seed(self.state, self.scope)
        self._is_showing = True
        try:
            for control in self.controls:
                control.show(values, counts)
        finally:
            self._is_showing = False
        self.frame, self._make_code = frame, code
        rows, first = frame.iloc[shown], shown.start or 0
        self.summary.value = _template("summary", summary=summary, notes=list(notes))
        self.table.value = _template(
            "rows",
            heads=list(rows.columns),
            rows=rows.itertuples(index=False),
            first=first + 1,
            last=first + len(rows),
            total=len(frame),
        )
        # Not displayed within the widget, which would take a message to and from the browser.
        self.figure.outputs = (_drawn(chart),) if chart else ()
        self._show_code()

    def _show_code(self) -> None:
        # A closed fold costs nothing.
        is_open = self._fold.selected_index is not None
        self._program.value = _template("code", code=self.code) if is_open else ""


def _template(name: str, **values: Any) -> str:
    return _TEMPLATES.get_template(f"{name}.html.j2").render(**values)


def _drawn(chart: Chart) -> dict[str, Any]:
    """Return a figure as the output of a cell, in the form that this notebook can draw."""
    words = {"text/plain": chart.alt}
    data = {**words, **(chart.figure._repr_mimebundle_() or {})}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _told(dropped: Iterable[Dropped]) -> list[str]:
    return [f"{item.name}: “{item.value}”, {item.reason}" for item in dropped]


def _texts(value: Any) -> Collection[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    several = isinstance(value, (list, tuple, set))
    return [str(item) for item in value] if several else [str(value)]
