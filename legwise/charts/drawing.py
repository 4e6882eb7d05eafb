"""A figure in the making: the frame cut to what can be drawn, the plotly express call, and both as code.

A :class:`Drawing` names the function, its arguments and what is set afterwards. :meth:`Drawing.draw` calls
them, :meth:`Drawing.code` writes them, so that the code gives this very figure.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go

from legwise.charts.base import Theme
from legwise.literals import Name, call, literal
from legwise.relations import Relation
from legwise.schema import NOT_STATED_LABEL
from legwise.worksheet import Worksheet

#: The last line: a notebook shows what it names.
SHOW = "figure  # in a script: figure.show()"


@dataclass(frozen=True)
class Drawing:
    """A call of plotly express, what is set on the figure afterwards, and the variables that both name."""

    function: str
    arguments: Mapping[str, Any]
    updates: tuple[tuple[str, Mapping[str, Any]], ...]
    data: str = "chart"
    variables: Mapping[str, Any] = field(default_factory=dict)

    def draw(self) -> go.Figure:
        """Return the figure."""

        def value(item: Any) -> Any:
            return self.variables[item.name] if isinstance(item, Name) else item

        arguments = {key: value(item) for key, item in self.arguments.items()}
        figure = getattr(px, self.function)(self.variables[self.data], **arguments)
        for method, settings in self.updates:
            getattr(figure, method)(**settings)
        return figure

    def code(self) -> list[str]:
        """Return the same as lines of code."""
        lines = [call(f"figure = px.{self.function}", Name(self.data), **self.arguments)]
        return [*lines, *(call(f"figure.{method}", **settings) for method, settings in self.updates), SHOW]


class Draft:
    """The frame of a figure as it is cut to what can be drawn, noted in the worksheet as it goes."""

    def __init__(self, sheet: Worksheet, frame: pd.DataFrame, name: str, chart: str, theme: Theme) -> None:
        self.sheet, self.chart, self.theme = sheet, chart, theme
        self.frame = frame
        self.lines = [] if name == "chart" else [f"chart = {name}"]
        self.notes: list[str] = []

    def drop_missing(self, columns: list[str], what: str, lacking: str) -> None:
        """Drop rows without the numbers that the figure shows."""
        kept = self.frame.dropna(subset=columns)
        if len(kept) < len(self.frame):
            missing, of = len(self.frame) - len(kept), len(self.frame)
            self.notes.append(f"{missing:,} of {of:,} {what} are left out: they do not state {lacking}.")
            self.lines.append(f"chart = chart.dropna(subset={literal(columns)})")
        self.frame = kept

    def cut(self, column: str, most: int, counted: pd.Series, name: str, title: str) -> None:
        """Keep the most frequent values of a category, where there are more than can be told apart."""
        counts = counted.value_counts()
        present = int((counts > 0).sum())
        if present > most:
            kept = counts.head(most).index
            self.frame = self.frame[self.frame[column].isin(kept)]
            self.lines += [
                f"kept = {name}[{literal(column)}].value_counts().head({most}).index",
                f"chart = chart[chart[{literal(column)}].isin(kept)]",
            ]
            self.notes.append(
                f"{title}: the {most} most frequent of {present:,} values are drawn; {present - most:,} are left out."
            )

    def drop_not_above_zero(self, value: str) -> None:
        """Drop groups that an area cannot show."""
        kept = self.frame[self.frame[value] > 0]
        if len(kept) < len(self.frame):
            self.lines.append(f"chart = chart[chart[{literal(value)}] > 0]")
            self.notes.append(f"{len(self.frame) - len(kept):,} groups are left out: an area cannot show zero or less.")
        self.frame = kept

    def as_axis(self, relation: Relation, name: str) -> None:
        """Turn the first group of a line into numbers or dates; what is not stated has no place on such an axis."""
        before, column = len(self.frame), f"chart[{literal(name)}]"
        self.sheet.orders.pop(name)
        self.lines.append(f"del orders[{literal(name)}]")
        if relation.table[name].is_numeric:
            numbers = pd.to_numeric(self.frame[name], errors="coerce")
            self.frame = self.frame.assign(**{name: numbers}).dropna(subset=[name])
            self.lines += [
                f'{column} = pd.to_numeric({column}, errors="coerce")',
                f"chart = chart.dropna(subset=[{literal(name)}])",
            ]
        else:
            self.frame = self.frame[self.frame[name] != NOT_STATED_LABEL]
            self.lines.append(f'chart = chart[{column} != "{NOT_STATED_LABEL}"]')
        if len(self.frame) < before:
            self.notes.append(f"{relation.table[name].title}: groups that do not state it are left out of the line.")

    def keep_present(self) -> None:
        """Keep the values in order that are there: others would take room in the figure."""
        orders = self.sheet.orders
        if any(set(order) - set(self.frame[column]) for column, order in orders.items()):
            self.lines += [
                "for column, order in orders.items():",
                "    orders[column] = [value for value in order if value in set(chart[column])]",
            ]
            present = {column: set(self.frame[column]) for column in orders}
            self.sheet.orders = {
                column: [value for value in order if value in present[column]] for column, order in orders.items()
            }

    def head(self, most: int) -> None:
        """Keep the first rows, where there are more marks than can be read."""
        if len(self.frame) > most:
            self.notes.append(f"Only the first {most:,} of {len(self.frame):,} rows are drawn.")
            self.lines.append(f"chart = chart.head({most})")
            self.frame = self.frame.head(most)

    def fill(self, columns: list[str]) -> None:
        """Write "not stated" into texts that are missing."""
        if columns:
            self.lines += [
                f"for column in {literal(columns)}:",
                f'    chart[column] = chart[column].astype("object").fillna("{NOT_STATED_LABEL}")',
            ]
            filled = {name: self.frame[name].astype("object").fillna(NOT_STATED_LABEL) for name in columns}
            self.frame = self.frame.assign(**filled)

    def as_texts(self, columns: list[str]) -> None:
        """Make plain texts of categories."""
        self.frame = self.frame.astype(dict.fromkeys(columns, "str"))
        if columns:
            self.lines.append(f"chart = chart.astype({literal(dict.fromkeys(columns, 'str'))})")

    def escape(self, columns: list[str]) -> None:
        """Escape what plotly would read as markup in texts, where there is any."""
        texts = [text for column in columns for text in self.frame[column].unique()]
        texts += [text for order in self.sheet.orders.values() for text in order]
        if not any(mark in str(text) for text in texts for mark in "&<>"):
            return
        # The columns of a frame in use elsewhere stay as they are.
        self.frame = self.frame.copy()
        for column in columns:
            self.frame[column] = self.frame[column].map(_escape)
        self.sheet.orders = {column: [_escape(text) for text in order] for column, order in self.sheet.orders.items()}
        self.lines += [
            "# plotly reads tags in texts; these are shown as they stand.",
            f"for column in {literal(columns)}:",
            "    chart[column] = chart[column].map(lambda text: escape(text, quote=False))",
        ]
        if self.sheet.orders:
            self.lines += [
                "for column, order in orders.items():",
                "    orders[column] = [escape(text, quote=False) for text in order]",
            ]


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
