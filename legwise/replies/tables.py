"""Replies about tables: a view of the explore page, and the rows of a table."""

from __future__ import annotations

from dataclasses import replace

from legwise.answers.dictionary import dictionary_frame, table_frame
from legwise.explore.state import ExploreState
from legwise.explore.view import look
from legwise.links.data import ROWS_OF_A_PAGE, DataState
from legwise.links.form import Scope
from legwise.replies.reply import Json, Reply, records
from legwise.text.units import counted


def view(scope: Scope, state: ExploreState) -> Reply:
    """Return the table of a view, and the code that makes it and its figure."""
    made = look(scope.relation(state.relation), state)
    columns = list(map(str, made.table.columns))
    return Reply(
        made.summary,
        len(made.table),
        lambda some: records(made.table.iloc[some]),
        lambda some: replace(made, table=made.table.iloc[some]).shown().frame,
        {
            "title": made.title,
            "columns": {name: made.headings.get(name, name) for name in columns},
            "remarks": list(made.notes),
            "matches": made.matches.total,
            "of": made.relation.index.size,
            "code": made.code,
        },
    )


def rows(scope: Scope, state: DataState) -> Reply:
    """Return the rows of a table as the file has them, and what its columns mean."""
    catalogue = scope.catalogue
    table = catalogue.package[state.table]
    size = catalogue.size(state.table)

    def some_rows(some: slice) -> list[dict[str, Json]]:
        return records(catalogue.rows(state.table, some))

    return Reply(
        f"{table.title}: {counted(size, 'row')}. {table.description}",
        size,
        some_rows,
        lambda some: table_frame(catalogue, table, some),
        {"dictionary": dictionary_frame(catalogue, table).to_dict("records")},
        usual=ROWS_OF_A_PAGE,
        page=state.page,
    )
