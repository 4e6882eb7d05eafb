"""Groups of rows: ordered values and one number per group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from legwise.explore.program import Program
from legwise.explore.reading import ROWS
from legwise.explore.relations import Relation
from legwise.explore.state import OF_NUMBERS, ExploreState, stated_name, value_name
from legwise.explore.steps import by_frequency, in_order, number_texts, share_stated
from legwise.tables.schema import NOT_STATED_LABEL, Field
from legwise.text.literals import Call, Name


def order_values(
    program: Program,
    relation: Relation,
    columns: Iterable[str],
    name: str = "rows",
    counts: str = "",
) -> None:
    """Turn columns of the frame ``name`` into ordered categories; lists get one row per item.

    The order is that of the vocabulary, numbers or dates; free text has the most frequent first.
    ``counts`` is the column with how many rows a row of the frame stands for, if several.
    """
    fields = [relation.table[column] for column in columns]
    comment = "The values of each column in order; missing cells become a separate value."
    for field in fields:
        if field.is_list:
            program.do(name, Call("explode", Name(name), field.name), comment)
            comment = ""
        elif field.is_numeric:
            column = Name(name, field.name)
            program.do(column, Call(number_texts, column), comment)
            comment = ""
    for field in fields:
        column = Name(name, field.name)
        order = _order(field, column, is_worded=field.name in program.names["labels"])
        if order is None:
            order = Call(by_frequency, column, *([Name(name, counts)] if counts else []))
        program.do(column, Call(in_order, column, order, NOT_STATED_LABEL), comment)
        comment = ""


def _order(field: Field, column: Name, *, is_worded: bool) -> Any:
    if field.subject_of:
        return Call("values", Name("subjects"))
    if is_worded:
        return Call("values", Name("labels", field.name))
    if field.type == "boolean":
        return list(field.labels)
    if field.is_numeric or field.type == "date":
        values = Call("unique", Call("dropna", column))
        return Call(sorted, values, **({"key": float} if field.is_numeric else {}))
    return None


def group_rows(program: Program, state: ExploreState, name: str = "table") -> pd.DataFrame:
    """Return the table of groups, ``name`` in the code: one row and one number per group.

    A mean, median or extreme comes with the count of rows that state it: a number from few rows
    must not look like one from many.
    """
    columns, measure, value = list(state.group), state.measure, value_name(state)
    comment = f"The {name}: one row per group."
    if state.aggregate == "stated":
        call = Call(share_stated, ROWS, columns, measure, value)
        return pd.DataFrame(program.do(name, call, comment))
    groups = Name("groups")
    program.do("groups", Call("groupby", ROWS, columns, observed=True), comment)
    if state.aggregate == "rows":
        call = Call("reset_index", Call("size", groups), name=value)
    elif state.aggregate in OF_NUMBERS:
        numbers = {stated_name(columns): (measure, "count"), value: (measure, state.aggregate)}
        call = Call("reset_index", Call("round", Call("agg", groups, **numbers), 2))
    else:
        call = Call("reset_index", Call("agg", groups, **{value: (measure, "nunique")}))
    return pd.DataFrame(program.do(name, call))
