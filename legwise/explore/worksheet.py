"""The working of a view, done and written down at once.

Every method does one step on the frames and notes the same step as pandas code, so that the code is the
view and not a description of it. The code needs the CSV files, pandas and plotly, nothing of ours. Values
from tables enter it as literals only (:mod:`legwise.explore.literals`), never as names.

The cells are those that the code has: text as it stands in the files, numbers as floats, lists as lists.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from legwise.explore.literals import assign, literal
from legwise.explore.reading import READ, filter_code, read_code, words_code
from legwise.explore.relations import Relation
from legwise.explore.state import OF_NUMBERS, stated_name
from legwise.facets.filters import Filter
from legwise.tables.schema import NOT_STATED_LABEL, Field

#: Where the files are: the one line that a reader may have to change.
DATA_LINE = 'DATA = Path("data")  # the folder that holds the CSV files'


@dataclass(frozen=True)
class Block:
    """Some lines of code that belong together, under a comment of ours; one of them makes ``table``."""

    comment: str
    code: str
    makes_table: bool = False

    def __str__(self) -> str:
        return f"# {self.comment}\n{self.code}" if self.comment else self.code


class Worksheet:
    """Frames by name (``rows``, then ``table`` and ``chart``), and the blocks of code that make them.

    ``columns`` are those that later steps use, ``positions`` the rows that the filters leave, in their order.
    ``before_labels`` is code for what the filters of columns cannot say; it may use the columns ``also_read``.
    """

    def __init__(
        self,
        relation: Relation,
        columns: Collection[str],
        filters: Mapping[str, Filter],
        positions: np.ndarray,
        before_labels: Sequence[Block] = (),
        also_read: Collection[str] = (),
    ) -> None:
        self.relation = relation
        self.blocks: list[Block] = []
        #: Column → its categories in order.
        self.orders: dict[str, list[str]] = {}
        #: Column → the words that stand for its ids, in the order of its values.
        self.vocabulary: dict[str, list[str]] = {}
        table = relation.table
        fields = [field for field in table.fields if field.name in columns]
        self.note("", *read_code(relation, {*columns, *filters, *also_read}))
        if filters:
            self.note(
                "The filters.",
                *(
                    line
                    for name, item in filters.items()
                    for line in filter_code(table[name], item)
                ),
            )
        self.blocks += before_labels
        source = relation.frame.iloc[positions]
        needed = dict.fromkeys(
            [*fields, *(table[field.subject_of] for field in fields if field.subject_of)]
        )
        self.rows = pd.DataFrame(
            {field.name: _cells(source[field.name], field) for field in needed}, source.index
        )
        self._label(fields)

    def note(self, comment: str, *lines: str, makes_table: bool = False) -> None:
        """Write lines of code down."""
        self.blocks.append(Block(comment, "\n".join(lines), makes_table))

    def _label(self, fields: Sequence[Field]) -> None:
        """Put words for ids, in the columns that are used."""
        subjects: list[str] = []
        labels: list[str] = []
        for field in fields:
            column = f"rows[{literal(field.name)}]"
            if field.subject_of:
                pairs = self.relation.subject_labels(field)
                self.vocabulary[field.name] = list(pairs.values())
                both = f"zip(rows[{literal(field.subject_of)}], {column})"
                subjects += [
                    assign("subjects", pairs),
                    f"{column} = [subjects[pair] for pair in {both}]",
                ]
                cells = zip(self.rows[field.subject_of], self.rows[field.name], strict=True)
                self.rows[field.name] = [pairs[pair] for pair in cells]
        for field in fields:
            words = self.relation.labels(field)
            if field.subject_of or field.type == "boolean" or not words:
                continue
            column, own = f"rows[{literal(field.name)}]", f"labels[{literal(field.name)}]"
            self.vocabulary[field.name] = list(words.values())
            labels += words_code(self.relation.catalogue, own, field, words)
            if field.is_list:
                labels.append(f"words = {own}")
                labels.append(
                    f'{column} = {column}.map(lambda ids: [words[id] for id in ids], na_action="ignore")'
                )
                self.rows[field.name] = self.rows[field.name].map(
                    _translate(words), na_action="ignore"
                )
            else:
                labels.append(f"{column} = {column}.map({own})")
                self.rows[field.name] = self.rows[field.name].map(words)
        if subjects or labels:
            self.note("Words for ids.", *subjects, *(["labels = {}"] if labels else []), *labels)

    def categorise(self, frame: pd.DataFrame, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Make ordered categories of columns, a row a value of a list, with "not stated" as the last one.

        ``name`` is the frame's name in the code. The order is that of the vocabulary, of the numbers or dates,
        or, of free text, the most frequent first.
        """
        fields = [self.relation.table[column] for column in columns]
        lines = []
        for field in fields:
            if field.is_list:
                lines.append(f"{name} = {name}.explode({literal(field.name)})")
                frame = frame.explode(field.name)
            elif field.is_numeric:
                column = f"{name}[{literal(field.name)}]"
                lines.append(f'{column} = {column}.map("{{:.10g}}".format, na_action="ignore")')
                frame[field.name] = frame[field.name].map("{:.10g}".format, na_action="ignore")
        lines.append("orders = {")
        for field in fields:
            self.orders[field.name], code = self._order(
                frame[field.name], field, f"{name}[{literal(field.name)}]"
            )
            lines.append(f"    {literal(field.name)}: {code},")
        lines += [
            "}",
            "for column, order in orders.items():",
            f'    orders[column] = list(dict.fromkeys([*order, "{NOT_STATED_LABEL}"]))',
            f'    cells = {name}[column].astype("object").fillna("{NOT_STATED_LABEL}")',
            f"    {name}[column] = pd.Categorical(cells, orders[column])",
        ]
        for column, order in self.orders.items():
            self.orders[column] = list(dict.fromkeys([*order, NOT_STATED_LABEL]))
            cells = frame[column].astype("object").fillna(NOT_STATED_LABEL)
            frame[column] = pd.Categorical(cells, self.orders[column])
        self.note(
            "The values of each column in order; what is missing is a value of its own.", *lines
        )
        return frame

    def _order(self, cells: pd.Series, field: Field, column: str) -> tuple[list[str], str]:
        if field.name in self.vocabulary:
            words = "subjects" if field.subject_of else f"labels[{literal(field.name)}]"
            return self.vocabulary[field.name], f"{words}.values()"
        if field.type == "boolean":
            return list(field.labels), literal(list(field.labels))
        if field.is_numeric:
            return sorted(
                cells.dropna().unique(), key=float
            ), f"sorted({column}.dropna().unique(), key=float)"
        if field.type == "date":
            return sorted(cells.dropna().unique()), f"sorted({column}.dropna().unique())"
        return list(cells.value_counts().index), f"{column}.value_counts().index"

    def shown(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return the table of single rows: lists joined, "not stated" in every text that is missing."""
        fields = [self.relation.table[name] for name in columns]
        table = self.rows[list(columns)].reset_index(drop=True)
        lines = [assign("shown", list(columns)), "table = rows[shown].reset_index(drop=True)"]
        lists = [field.name for field in fields if field.is_list]
        for name in lists:
            column = f"table[{literal(name)}]"
            lines.append(f'{column} = {column}.map(", ".join, na_action="ignore")')
            table[name] = table[name].map(", ".join, na_action="ignore")
        texts = [field.name for field in fields if not field.is_numeric]
        if texts:
            lines += [
                f"for column in {literal(texts)}:",
                f'    table[column] = table[column].astype("object").fillna("{NOT_STATED_LABEL}")',
            ]
        for name in texts:
            table[name] = table[name].astype("object").fillna(NOT_STATED_LABEL)
        self.note("The table.", *lines, makes_table=True)
        return table

    def grouped(
        self, columns: Sequence[str], aggregate: str, measure: str, value: str, name: str = "table"
    ) -> pd.DataFrame:
        """Return the table of groups: their values and one number each, called ``value``; ``name`` is its name in the code.

        A number of numbers has the count of the rows that state it before it.
        """
        groups = self.rows.groupby(list(columns), observed=True)
        of = f"groups[{literal(measure)}]"
        lines = [f"groups = rows.groupby({literal(list(columns))}, observed=True)"]
        if aggregate in OF_NUMBERS:
            # A number of few rows must not look like one of many: how many state it stands beside it.
            kinds: dict[str, Any] = {stated_name(columns): "count", value: aggregate}
            table = pd.DataFrame(groups[measure].agg(**kinds)).round(2).reset_index()
            lines.append(f"{name} = {of}.agg(**{literal(kinds)}).round(2).reset_index()")
        else:
            numbers: dict[str, tuple[Callable[[], pd.Series], str]] = {
                "rows": (groups.size, "groups.size()"),
                "distinct": (lambda: groups[measure].nunique(), f"{of}.nunique()"),
                "stated": (
                    lambda: (groups[measure].count() / groups.size() * 100).round(1),
                    f"({of}.count() / groups.size() * 100).round(1)",
                ),
            }
            run, code = numbers[aggregate]
            table = pd.DataFrame(run().reset_index(name=value))
            lines.append(f"{name} = {code}.reset_index(name={literal(value)})")
        self.note(f"The {name}: a row a group.", *lines, makes_table=name == "table")
        return table


def source(blocks: Sequence[Block], data: str = "data") -> str:
    """Code of blocks as one script, with the imports it needs and the folder it reads."""
    body = "\n\n".join(str(block) for block in blocks)
    return f"from pathlib import Path\n\n{preamble(blocks, data)}\n\n\n{body}\n"


def preamble(blocks: Sequence[Block], data: str = "") -> str:
    """Imports that the blocks need and the function that reads a file; with ``data``, the folder too."""
    body = "\n".join(block.code for block in blocks)
    imports = ["import pandas as pd", *(["import plotly.express as px"] if "px." in body else [])]
    if "escape(" in body:
        imports.insert(0, "from html import escape\n")
    folder = [DATA_LINE.replace('"data"', literal(data))] if data else []
    return "\n\n".join(["\n".join(imports), *folder]) + f"\n\n\n{READ}"


def _translate(words: Mapping[str, str]) -> Callable[[list[str]], list[str]]:
    return lambda ids: [words[key] for key in ids]


def _cells(cells: pd.Series, field: Field) -> pd.Series:
    """Cells as the code has them: text as in the file, numbers as floats, lists as lists, NaN for missing."""
    if field.is_numeric:
        return cells.astype("float64")
    if field.type == "boolean":
        return cells.map({True: "yes", False: "no"}).astype("str")
    if field.type == "date":
        return pd.Series(cells.dt.strftime("%Y-%m-%d"), dtype="str")
    if field.is_list:
        return pd.Series([list(items) or np.nan for items in cells], cells.index, dtype="object")
    return cells
