"""A figure in the making: the frame cut to what can be drawn, the plotly express call, and both as code.

A :class:`Drawing` names the function, its arguments and what is set afterwards. :meth:`Drawing.draw` calls
them, :meth:`Drawing.code` writes them, so that the code gives this very figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go

from legwise.charts.theme import Theme, inert
from legwise.explore.literals import Name, call, literal
from legwise.explore.relations import Relation
from legwise.explore.worksheet import Worksheet
from legwise.tables.schema import NOT_STATED_LABEL

#: Longest run of whole numbers that is filled with zeros.
MOST_STEPS = 300
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
            getattr(figure, method)(**{key: value(item) for key, item in settings.items()})
        return figure

    def code(self) -> list[str]:
        """Return the same as lines of code."""
        lines = [call(f"figure = px.{self.function}", Name(self.data), **self.arguments)]
        return [
            *lines,
            *(call(f"figure.{method}", **settings) for method, settings in self.updates),
            SHOW,
        ]


class Draft:
    """The frame of a figure as it is cut to what can be drawn, noted in the worksheet as it goes."""

    def __init__(
        self, sheet: Worksheet, frame: pd.DataFrame, name: str, chart: str, theme: Theme
    ) -> None:
        self.sheet, self.chart, self.theme = sheet, chart, theme
        self.frame = frame
        self.lines = [] if name == "chart" else [f"chart = {name}"]
        self.notes: list[str] = []
        #: Columns that stand in the hover text besides what is drawn.
        self.hover: list[str] = []
        #: Names along an axis, cut where they are long.
        self.short: list[str] = []

    def drop_missing(self, column: str) -> None:
        """Drop groups without the number that the figure shows."""
        kept = self.frame.dropna(subset=[column])
        left = len(self.frame) - len(kept)
        if left:
            self.notes.append(
                f"{left:,} of {len(self.frame):,} groups {_are(left)} left out: no row of them states it."
            )
            self.lines.append(f"chart = chart.dropna(subset={literal([column])})")
        self.frame = kept

    def cut(self, column: str, most: int, title: str, counted: pd.Series | None = None) -> None:
        """Keep the most frequent values of a category, where there are more than can be told apart.

        ``counted`` are the cells of all ``rows``, where the frame has a row a group; else the frame's own count.
        """
        present = self.frame[column].nunique()
        if present <= most:
            return
        cells, name = (self.frame[column], "chart") if counted is None else (counted, "rows")
        kept = cells[cells.isin(self.frame[column])].value_counts().head(most).index
        self.frame = self.frame[self.frame[column].isin(kept)]
        own = f"{name}[{literal(column)}]"
        self.lines += [
            f"kept = {own}[{own}.isin(chart[{literal(column)}])].value_counts().head({most}).index",
            f"chart = chart[chart[{literal(column)}].isin(kept)]",
        ]
        left = present - most
        self.notes.append(
            f"{title}: the {most} most frequent of {present:,} values are drawn; {left:,} {_are(left)} left out."
        )

    def drop_not_above_zero(self, value: str) -> None:
        """Drop groups that an area cannot show."""
        kept = self.frame[self.frame[value] > 0]
        if len(kept) < len(self.frame):
            self.lines.append(f"chart = chart[chart[{literal(value)}] > 0]")
            left = len(self.frame) - len(kept)
            self.notes.append(
                f"{left:,} {'group is' if left == 1 else 'groups are'} left out: an area cannot show zero or less."
            )
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
            self.notes.append(
                f"{relation.table[name].title}: groups that do not state it are left out of the line."
            )

    def fill_zeros(self, across: str, value: str, colour: str) -> None:
        """Write zero where a whole number between the least and the most has no row: nothing there is a count too."""
        low, high = int(self.frame[across].min()), int(self.frame[across].max())
        if high - low > MOST_STEPS:
            return
        keys = [colour] if colour else []
        grid = pd.MultiIndex.from_product(
            [range(low, high + 1), *(self.frame[key].unique() for key in keys)],
            names=[across, *keys],
        )
        self.frame = (
            self.frame.set_index([across, *keys])[value].reindex(grid, fill_value=0).reset_index()
        )
        steps = (
            f"range(int(chart[{literal(across)}].min()), int(chart[{literal(across)}].max()) + 1)"
        )
        values = "".join(f", chart[{literal(key)}].unique()" for key in keys)
        self.lines += [
            "# No row is a count too.",
            f"grid = pd.MultiIndex.from_product([{steps}{values}], names={literal([across, *keys])})",
            f"chart = chart.set_index({literal([across, *keys])})[{literal(value)}].reindex(grid, fill_value=0).reset_index()",
        ]

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
                column: [value for value in order if value in present[column]]
                for column, order in orders.items()
            }

    def head(self, most: int) -> None:
        """Keep the first rows, where there are more marks than can be read."""
        if len(self.frame) > most:
            self.notes.append(f"Only the first {most:,} of {len(self.frame):,} marks are drawn.")
            self.lines.append(f"chart = chart.head({most})")
            self.frame = self.frame.head(most)

    def fill(self, columns: list[str]) -> None:
        """Write "not stated" into texts that are missing."""
        if columns:
            self.lines += [
                f"for column in {literal(columns)}:",
                f'    chart[column] = chart[column].astype("object").fillna("{NOT_STATED_LABEL}")',
            ]
            filled = {
                name: self.frame[name].astype("object").fillna(NOT_STATED_LABEL) for name in columns
            }
            self.frame = self.frame.assign(**filled)

    def as_texts(self, columns: list[str]) -> None:
        """Make plain texts of categories."""
        self.frame = self.frame.astype(dict.fromkeys(columns, "str"))
        if columns:
            self.lines.append(f"chart = chart.astype({literal(dict.fromkeys(columns, 'str'))})")

    def escape(self, columns: list[str]) -> None:
        """Escape what plotly would read as markup or as a template in texts, where there is any."""
        texts = [text for column in columns for text in self.frame[column].unique()]
        texts += [text for order in self.sheet.orders.values() for text in order]
        if not any(inert(text) != text for text in texts):
            return
        # The columns of a frame in use elsewhere stay as they are.
        self.frame = self.frame.copy()
        for column in columns:
            self.frame[column] = self.frame[column].map(inert)
        self.sheet.orders = {
            column: [inert(text) for text in order] for column, order in self.sheet.orders.items()
        }
        self.lines += [
            "",
            "",
            "def as_text(text):",
            '    """What plotly would read as a tag or a template, shown as it stands."""',
            '    return escape(text, quote=False).replace("%{", "&#37;{")',
            "",
            "",
            f"for column in {literal(columns)}:",
            "    chart[column] = chart[column].map(as_text)",
        ]
        if self.sheet.orders:
            self.lines += [
                "for column, order in orders.items():",
                "    orders[column] = [as_text(text) for text in order]",
            ]

    def part_names(self, columns: list[str]) -> None:
        """Keep names of parts apart from the paths that plotly express makes of them: it joins them by a slash."""
        if len(columns) > 1 and any(
            "/" in text for column in columns for text in self.frame[column].unique()
        ):
            self.frame = self.frame.assign(
                **{column: self.frame[column].str.replace("/", "∕") for column in columns}
            )
            self.sheet.orders = {
                column: [text.replace("/", "∕") for text in order]
                for column, order in self.sheet.orders.items()
            }
            self.lines += [
                "# Plotly express joins the names of parts by slashes; those within names get another sign.",
                f"for column in {literal(columns)}:",
                '    chart[column] = chart[column].str.replace("/", "∕")',
                '    orders[column] = [text.replace("/", "∕") for text in orders[column]]',
            ]


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
