"""The rows of a view: read, joined, filtered, put into words, shown as a table.

The screen takes rows from the loaded tables and filters with their index. So the steps that read
and filter files are noted but not run; all later steps serve both the screen and the code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from legwise.explore.program import Program
from legwise.explore.relations import MOST_JOINED, SEED, VERDICTS, Relation
from legwise.explore.steps import as_table, names_of, read, words_of_lists, words_of_pairs
from legwise.facets.filters import Filter
from legwise.rules.verdicts import devices_by_symptom
from legwise.tables.schema import NOT_STATED_LABEL, Field
from legwise.text.literals import Call, Code, Name

ROWS = Name("rows")


def read_file(relation: Relation, table: str) -> Call:
    """Return the call that reads the file of a table."""
    return Call(read, Name("DATA"), relation.catalogue.package[table].path)


def read_findings(relation: Relation) -> Call:
    """Return the call that reads the findings, with levels as numbers."""
    return Call("astype", read_file(relation, "evidence"), {"level": "float64"})


def note_reading(
    program: Program, relation: Relation, used: Collection[str], filters: Mapping[str, Filter]
) -> None:
    """Note the steps from the files to the filtered rows; only ``used`` columns get their types."""
    join, table = relation.join, relation.table
    if join is None:
        program.note("rows", read_file(relation, relation.name))
    elif join.join == VERDICTS:
        devices, symptoms = (read_file(relation, name) for name in ("devices", "symptoms"))
        if relation.drawn_from:
            devices = Call("sample", devices, MOST_JOINED, random_state=SEED)
        tables = [devices, symptoms]
        findings, claims = read_findings(relation), read_file(relation, "claims")
        program.note("rows", Call(devices_by_symptom, *tables, findings, claims))
    else:
        program.note("rows", read_file(relation, join.table))
        more = {"on": join.on, "how": "left", "suffixes": ("", f"_{join.join}")}
        program.note("rows", Call("merge", ROWS, read_file(relation, join.join), **more))
    fields = [field for field in table.fields if field.name in {*used, *filters}]
    numbers = {field.name: "float64" for field in fields if field.is_numeric}
    if numbers:
        program.note("rows", Call("astype", ROWS, numbers))
    worked_out = {field.name for field in join.fields} if join else set()
    for field in fields:
        if field.is_list and field.name not in worked_out:
            column = Name("rows", field.name)
            program.note(column, Call("str.split", column, field.delimiter))
    conditions = [code for name, item in filters.items() for code in item.code(table[name])]
    for number, condition in enumerate(conditions):
        program.note("rows", Name("rows", Code(condition)), "" if number else "The filters.")


def give_rows(
    program: Program,
    relation: Relation,
    columns: Collection[str],
    positions: np.ndarray,
    *,
    texts: bool = True,
) -> None:
    """Give the program the rows that the noted steps would leave, and replace ids by words.

    Without ``texts``, texts may be categories, which are much faster to group by.
    """
    table = relation.table
    fields = [field for field in table.fields if field.name in columns]
    needed = dict.fromkeys(
        [*fields, *(table[field.subject_of] for field in fields if field.subject_of)]
    )
    # Only these columns: taking rows of a whole long list would cost more than the view.
    source = relation.frame[[field.name for field in needed]].iloc[positions]
    cells = {field.name: _cells(source[field.name], field, texts=texts) for field in needed}
    program.names["rows"] = pd.DataFrame(cells, source.index)
    _put_words(program, relation, fields)


def carry_rows(
    program: Program,
    fields: Sequence[Field],
    frame: pd.DataFrame,
    comment: str,
    name: str = "rows",
) -> None:
    """Let the program hold rows that no file has, as a literal, and replace ids by words."""
    by_name = {field.name: field for field in fields}
    cells = {
        column: _cells(its, by_name[column]) if column in by_name else its
        for column, its in frame.items()
    }
    made = pd.DataFrame(cells, frame.index)
    lists = {column: _literals(its) for column, its in made.items()}
    program.carries = True
    carried = Call(pd.DataFrame, list(zip(*lists.values(), strict=True)), columns=list(lists))
    program.do(name, carried, comment)
    # What a column of few cells, or of none, does not tell.
    kinds = {
        str(column): str(its.dtype)
        for column, its in made.items()
        if its.dtype not in (object, program.names[name][column].dtype)
    }
    if kinds:
        program.do(name, Call("astype", Name(name), kinds))
    labels = {field.name: field.labels for field in fields if field.type != "boolean"}
    labels = {column: words for column, words in labels.items() if words}
    program.names["labels"] = labels
    if labels:
        program.do("labels", labels, "Words for ids.")
        _map_words(program, fields, name)


def _literals(cells: pd.Series) -> list[Any]:
    """Return cells as values of Python: what is missing as ``None``."""
    return [
        cell if isinstance(cell, list) else None if pd.isna(cell) else cell
        for cell in cells.tolist()
    ]


def _put_words(program: Program, relation: Relation, fields: Sequence[Field]) -> None:
    table, comment = relation.table, "Words for ids."
    for field in fields:
        if field.subject_of:
            kinds, column = Name("rows", field.subject_of), Name("rows", field.name)
            program.do("subjects", relation.subject_labels(field), comment)
            program.do(column, Call(words_of_pairs, kinds, column, Name("subjects")))
            comment = ""
    labels = {
        field.name: field.labels
        for field in fields
        if not field.subject_of and field.type != "boolean"
    }
    labels = program.names["labels"] = {name: words for name, words in labels.items() if words}
    if not labels:
        return
    program.note(
        "labels", {name: _words(relation, table[name], labels[name]) for name in labels}, comment
    )
    _map_words(program, fields)


def _map_words(program: Program, fields: Sequence[Field], name: str = "rows") -> None:
    for field in fields:
        if field.name in program.names["labels"]:
            column, words = Name(name, field.name), Name("labels", field.name)
            program.do(column, Call(words_of_lists if field.is_list else "map", column, words))


def show_rows(program: Program, relation: Relation, columns: Sequence[str]) -> pd.DataFrame:
    """Return the table of single rows."""
    lists = [name for name in columns if relation.table[name].is_list]
    more = {"lists": lists} if lists else {}
    call = Call(as_table, ROWS, list(columns), NOT_STATED_LABEL, **more)
    return pd.DataFrame(program.do("table", call, "The table."))


def _words(relation: Relation, field: Field, words: Mapping[str, str]) -> Any:
    """Return the words of a field in code: read from the table of names, or spelt out."""
    table = relation.catalogue.package.by_name.get(field.references)
    if table is None or not table.label_field:
        return dict(words)
    return Call(names_of, read_file(relation, table.name), table.key, table.label_field)


def _cells(cells: pd.Series, field: Field, *, texts: bool = True) -> pd.Series:
    """Return cells as the code has them: text, floats, lists, NaN for missing."""
    if field.is_numeric:
        return cells.astype("float64")
    if field.type == "boolean":
        return cells.map({True: "yes", False: "no"}).astype("str")
    if field.type == "date":
        return pd.Series(cells.dt.strftime("%Y-%m-%d"), dtype="str")
    if field.is_list:
        return pd.Series([list(items) or np.nan for items in cells], cells.index, dtype="object")
    return cells.astype("str") if texts and isinstance(cells.dtype, pd.CategoricalDtype) else cells
