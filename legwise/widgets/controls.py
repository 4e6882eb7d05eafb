"""Controls: each is a widget that holds some of the values that a page's form reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import ipywidgets

from legwise.facets.codes import Counts, NumberCounts
from legwise.facets.filters import span_of
from legwise.facets.index import TableIndex
from legwise.links.filters import facet_key, value_key
from legwise.links.form import Widgets
from legwise.links.params import LONGEST_TEXT
from legwise.tables.schema import NOT_STATED, NOT_STATED_LABEL, Field

#: Most values that a filter shows at once; it scrolls to the others.
MOST_LINES = 6
#: The label stands above what it names: beside it, neither has room.
STACKED = {"flex_flow": "column", "align_items": "stretch", "height": "auto", "width": "auto"}


class Control:
    """A widget, and how it gives and takes values: session key → value, as the form names them."""

    def __init__(self, widget: Any, *parts: Any) -> None:
        self.widget = widget
        #: What someone changes, if the widget is made of several.
        self.parts = parts or (widget,)

    def read(self) -> Widgets:
        """Return what the widget says."""
        raise NotImplementedError

    def show(self, values: Widgets, counts: Mapping[str, Counts]) -> None:
        """Make the widget say what the state is."""
        raise NotImplementedError

    def listen(self, heard: Callable[[Control], None]) -> None:
        """Call ``heard`` when someone changes the widget."""
        for part in self.parts:
            part.observe(lambda _: heard(self), names="value")


class Choice(Control):
    """One of several: id → words."""

    def __init__(self, key: str, label: str, options: Mapping[Any, str]) -> None:
        self.key = key
        super().__init__(ipywidgets.Dropdown(description=label, layout=STACKED, style=_style()))
        self.offer(options)

    def offer(self, options: Mapping[Any, str]) -> None:
        """Change what can be chosen."""
        pairs = [(words, key) for key, words in options.items()]
        if tuple(pairs) != tuple(self.widget.options):
            self.widget.options = pairs

    def read(self) -> Widgets:
        return {self.key: self.widget.value}

    def show(self, values: Widgets, counts: Mapping[str, Counts]) -> None:
        known = [key for _, key in self.widget.options]
        self.widget.value = values[self.key] if values[self.key] in known else None


class Several(Control):
    """Some of several: id → words."""

    def __init__(self, key: str, label: str, options: Mapping[Any, str]) -> None:
        self.key = key
        super().__init__(
            ipywidgets.SelectMultiple(
                description=label,
                options=[(words, key) for key, words in options.items()],
                rows=min(MOST_LINES, max(2, len(options))),
                layout=STACKED,
                style=_style(),
            )
        )

    def read(self) -> Widgets:
        return {self.key: list(self.widget.value)}

    def show(self, values: Widgets, counts: Mapping[str, Counts]) -> None:
        known = [key for _, key in self.widget.options]
        self.widget.value = tuple(key for key in values[self.key] if key in known)


class Words(Control):
    """Free text."""

    def __init__(self, key: str, label: str, placeholder: str) -> None:
        self.key = key
        super().__init__(
            ipywidgets.Text(
                description=label,
                placeholder=placeholder,
                continuous_update=False,
                layout=STACKED,
                style=_style(),
            )
        )

    def read(self) -> Widgets:
        return {self.key: self.widget.value[:LONGEST_TEXT]}

    def show(self, values: Widgets, counts: Mapping[str, Counts]) -> None:
        self.widget.value = values[self.key]


class Number(Control):
    """A whole number from 1."""

    def __init__(self, key: str, label: str) -> None:
        self.key = key
        super().__init__(
            ipywidgets.BoundedIntText(
                description=label, min=1, max=1, layout=STACKED, style=_style()
            )
        )

    def read(self) -> Widgets:
        return {self.key: self.widget.value}

    def show(self, values: Widgets, counts: Mapping[str, Counts]) -> None:
        self.widget.value = values[self.key]


class Facet(Control):
    """The filter of a column, or of symptoms, that lists values with how many rows each gives."""

    def __init__(
        self, page: str, name: str, title: str, values: Sequence[str], labels: Mapping[str, str]
    ) -> None:
        self.page, self.name, self.values = page, name, values
        self.labels = {**labels, NOT_STATED: NOT_STATED_LABEL}
        super().__init__(
            ipywidgets.SelectMultiple(
                description=title,
                rows=min(MOST_LINES, max(2, len(values))),
                layout=STACKED,
                style=_style(),
            )
        )

    def read(self) -> Widgets:
        chosen = self.widget.value
        return {value_key(self.page, self.name, value): value in chosen for value in self.values}

    def show(self, values: Widgets, counts: Mapping[str, Counts]) -> None:
        numbers = counts.get(self.name)
        told = {} if isinstance(numbers, NumberCounts) or numbers is None else dict(numbers.counts)
        options = [
            (f"{self.labels.get(value, value)} ({told.get(value, 0):,})", value)
            for value in self.values
        ]
        if tuple(options) != tuple(self.widget.options):
            self.widget.options = options
        self.widget.value = tuple(
            value for value in self.values if values[value_key(self.page, self.name, value)]
        )


class Span(Control):
    """The filter of a column of numbers or dates: a range such as 10..20, and empty cells."""

    def __init__(self, page: str, field: Field) -> None:
        self.page, self.field = page, field
        self.range = ipywidgets.Text(
            description=field.heading,
            placeholder="10..20, 10.. or ..20",
            continuous_update=False,
            layout=STACKED,
            style=_style(),
        )
        self.missing = ipywidgets.Checkbox(indent=False, layout={"width": "auto"})
        whole = ipywidgets.VBox([self.range, self.missing])
        super().__init__(whole, self.range, self.missing)

    def read(self) -> Widgets:
        kind = span_of(self.field)
        span = kind.parse(self.range.value.strip(), whole=self.field.type == "integer") or kind()
        keys = {name: facet_key(self.page, self.field.name, name) for name in ("low", "high")}
        return {
            keys["low"]: span.low,
            keys["high"]: span.high,
            facet_key(self.page, self.field.name, NOT_STATED): self.missing.value,
        }

    def show(self, values: Widgets, counts: Mapping[str, Counts]) -> None:
        low, high = (values[facet_key(self.page, self.field.name, end)] for end in ("low", "high"))
        kind = span_of(self.field)
        texts = [kind.text(end) for end in (low, high)]
        self.range.value = "..".join(texts) if any(texts) else ""
        self.missing.value = values[facet_key(self.page, self.field.name, NOT_STATED)]
        told = counts.get(self.field.name)
        if isinstance(told, NumberCounts):
            self.missing.description = f"{NOT_STATED_LABEL} ({told.not_stated:,})"
            ends = [kind_text(end) for end in (told.low, told.high)]
            stated = f"{told.stated:,} state it" + (f", {ends[0]} to {ends[1]}" if ends[0] else "")
            self.range.tooltip = stated
            self.range.placeholder = stated


def kind_text(end: float | None) -> str:
    """Write an end of the numbers that a column states."""
    return "" if end is None else f"{end:,.10g}"


def facets(page: str, index: TableIndex, extra: Iterable[Facet] = ()) -> list[Control]:
    """Return the filters of a table, in the order of its columns."""
    controls: list[Control] = [
        Span(page, field)
        if field.filter == "range"
        else Facet(page, field.name, field.title, index.values(field.name), field.labels)
        for field in index.table.facets
    ]
    return [*controls, *extra]


def _style() -> dict[str, str]:
    """Return a style of its own for each widget."""
    return {"description_width": "initial"}
