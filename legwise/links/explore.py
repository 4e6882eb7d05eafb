"""The explore page ⇄ its link."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from legwise.explore.relations import Relation, relation_names
from legwise.explore.state import (
    AGGREGATES,
    CHARTS,
    MOST_GROUPS,
    ExploreState,
    charts,
    first_look,
    settle,
    shown_fields,
)
from legwise.links.find import encode_filters, read_filters, read_match_all
from legwise.links.params import Dropped, Params, Reader, put
from legwise.tables.catalogue import Catalogue

#: Before the name of a column in links of the explore page, where columns of any table meet our own names.
WHERE = "where."


def encode_explore(state: ExploreState, relation: Relation) -> Params:
    """Link parameters of the explore page; left out is what the table shows by itself."""
    params = {
        name: values for name, values in encode_filters(state.filters, WHERE).items() if values
    }
    put(params, "table", [state.relation] if state.relation != ExploreState.relation else [])
    put(params, "column", list(state.columns))
    put(
        params,
        "group",
        (list(state.group) or ["none"]) if state.group != first_look(relation).group else [],
    )
    put(params, "aggregate", [state.aggregate] if state.aggregate != "rows" else [])
    put(params, "measure", [state.measure] if state.measure else [])
    put(
        params,
        "chart",
        [state.chart]
        if [state.chart] != [*charts(relation, state.group, state.aggregate)][:1]
        else [],
    )
    for side in ("x", "y", "colour"):
        put(params, side, [getattr(state, side)] if getattr(state, side) else [])
    return {name: values for name, values in params.items() if any(values)}


def decode_explore(
    params: Mapping[str, Collection[str]], catalogue: Catalogue, relation: Callable[[str], Relation]
) -> tuple[ExploreState, tuple[Dropped, ...]]:
    """Read the state of the explore page from a link; ``relation`` gives the table or join of a name."""
    reader = Reader(params)
    name = reader.one(
        "table", relation_names(catalogue.package), "table or join", ExploreState.relation
    )
    chosen = relation(name)
    shown = [field.name for field in shown_fields(chosen)]
    fields = [field.name for field in chosen.table.fields]
    groupable = [field.name for field in chosen.groupable]
    groups = reader.ids("group", [*groupable, "none"], "column to group by", MOST_GROUPS)
    state = ExploreState(
        relation=name,
        columns=reader.ids("column", shown, "column"),
        filters=tuple(
            read_filters(reader, chosen.index, read_match_all(reader, chosen.index), WHERE)
        ),
        group=tuple(group for group in groups if group in groupable)
        if groups
        else first_look(chosen).group,
        aggregate=reader.one("aggregate", list(AGGREGATES), "aggregate", "rows"),
        measure=reader.one("measure", shown, "column", ""),
        chart=reader.one("chart", list(CHARTS), "chart", ""),
        x=reader.one("x", fields, "column", ""),
        y=reader.one("y", fields, "column", ""),
        colour=reader.one("colour", fields, "column", ""),
    )
    settled = settle(state, chosen)
    for own in ("group", "aggregate", "measure", "chart", "x", "y", "colour"):
        wanted = getattr(state, own)
        if wanted and wanted != getattr(settled, own):
            reader.drop(
                own,
                ", ".join(wanted) if own == "group" else wanted,
                "it does not go with the rest of the link",
            )
    return settled, reader.finish()
