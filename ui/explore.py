"""The explore page as widgets: table, groups, number, chart and columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import streamlit as st

from legwise.explore.matching import Matching, match
from legwise.explore.profile import profile_frame
from legwise.explore.relations import Relation, relation_names
from legwise.explore.state import (
    AGGREGATES,
    CHARTS,
    MOST_GROUPS,
    SIDES,
    ExploreState,
    aggregates,
    charts,
    first_look,
    measures,
    most_groups,
    shown_fields,
    side_columns,
)
from legwise.explore.view import View, look
from legwise.exports.citations import works
from legwise.facets.codes import Counts
from legwise.links.explore import EXPLORE
from legwise.links.form import Scope
from legwise.tables.schema import NOT_STATED_LABEL, Package
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.cache import Loaded
from ui.choosers import ask_one, ask_several
from ui.draw import show_figure
from ui.figures import ready
from ui.html_tables import show_table, theme
from ui.page import link
from ui.rows import PAGE, page_column, row_pages, with_pages
from ui.session import set_state
from ui.steps import as_far_as_it_goes

#: Longer tables are scrolled and sorted, not read: they become a grid.
MOST_READ = 300
#: A grid of more rows is not sent to the browser.
MOST_SENT = 1_000
#: Longer code scrolls.
MOST_LINES = 1_000
#: Parameters of a view, besides its table and its filters.
VIEW = ("columns", "group", "aggregate", "measure", "chart", "x", "y", "colour")
#: Two boxes of this width fit side by side on a phone.
NARROW = 168


def match_as_far_as_it_goes(relation: Relation, state: ExploreState) -> Matching | None:
    """Return the rows that match the filters, or ``None`` where a database cannot count them.

    Where it takes too long to count what each filter would leave, the counts are those of all
    rows, and the page says so: the view is shown all the same.
    """
    matching = None
    with as_far_as_it_goes("What each filter would leave"):
        matching = match(relation, dict(state.filters))
    if matching is None:
        st.caption("The numbers beside the filters are those of all rows.")
        with as_far_as_it_goes("The view"):
            matching = match(relation, dict(state.filters), counts=False)
    return matching


def view_as_far_as_it_goes(
    loaded: Loaded, relation: Relation, state: ExploreState, matching: Matching
) -> View | None:
    """Return the view of a state, or ``None`` where a database cannot be asked for it."""
    with as_far_as_it_goes("The view"):
        return view_of(loaded, relation, state, matching)
    return None


def view_of(loaded: Loaded, relation: Relation, state: ExploreState, matching: Matching) -> View:
    """Return the view of a state; its figure is ready JSON.

    Of a long list, and of a visitor's, only views of all rows are kept: a filter has its own, which
    take memory.
    """
    colours = theme()

    def make() -> View:
        view = look(relation, state, colours, matching)
        return replace(view, explored=ready(view.explored)) if view.explored else view

    if matching.held > loaded.kept_with_rows:
        if state.filters:
            return make()

        def make_without_rows() -> View:
            view = make()
            for name in ("rows", "groups"):
                view.program.names.pop(name, None)
            return view

        return loaded.keep(("explore", state, colours), make_without_rows)
    return loaded.keep(("explore", state, colours), make)


def cited(loaded: Loaded, relation: Relation, state: ExploreState, view: View) -> tuple[str, ...]:
    """Return the ids of the sources that the matching rows name, which their filters decide."""
    return loaded.keep(("cited", relation.name, state.filters), lambda: works(view.matches))


def ask_relation(package: Package, relation: Callable[[str], Relation]) -> None:
    """Draw the choice of a table or join; a new choice starts with its first view."""
    names = relation_names(package)

    def opened() -> None:
        set_state("explore", first_look(relation(st.session_state["explore.relation"])))

    ask_one(
        "Table",
        list(names),
        key="explore.relation",
        format_func=names.__getitem__,
        on_change=opened,
    )


def show_ready_views(relation: Relation) -> None:
    """Draw links to the ready-made views of the table."""
    if relation.table.views:
        with st.container(horizontal=True, key="legwise-ready-views"):
            for title, link_text in relation.table.views:
                link("explore", title, parse_qs(f"table={relation.name}&{link_text}"))


def ask_view(relation: Relation, state: ExploreState, scope: Scope) -> None:
    """Draw the settings of the view; only possible ones are offered."""
    # Their options depend on each other, and a widget with new options forgets its value.
    widgets = EXPLORE.seed(state, scope)
    st.session_state.update({EXPLORE.key(name): widgets[EXPLORE.key(name)] for name in VIEW})
    fields = relation.table.by_name

    def title(name: str) -> str:
        return fields[name].title

    with st.container(horizontal=True, vertical_alignment="bottom"):
        if relation.groupable:
            names = [field.name for field in relation.groupable]
            ask_several(
                "Group by",
                names,
                key="explore.group",
                format_func=title,
                max_selections=most_groups(state.aggregate),
                placeholder="nothing: row by row",
                width=320,
            )
        if state.group:
            offered = aggregates(relation, state.group)
            ask_one(
                "Number",
                offered,
                key="explore.aggregate",
                format_func=AGGREGATES.__getitem__,
                width=NARROW,
            )
            of = measures(relation, state.aggregate, state.group)
            if of:
                ask_one("Of", of, key="explore.measure", format_func=title, width=NARROW)
        kinds = charts(relation, state.group, state.aggregate)
        if kinds:
            ask_one(
                "Chart", kinds, key="explore.chart", format_func=CHARTS.__getitem__, width=NARROW
            )
        for side, role in {} if state.group else SIDES.get(state.chart, {}).items():
            taken = {getattr(state, other) for other in ("x", "y", "colour") if other != side}
            options = [name for name in side_columns(relation, role) if name not in taken]
            ask_one(
                role.title,
                options if role.needed else [None, *options],
                key=f"explore.{side}",
                format_func=lambda name: title(name) if name else "none",
                placeholder="none",
                width=NARROW,
            )


def ask_columns(relation: Relation, state: ExploreState) -> None:
    """Draw the choice of columns, for a table of single rows."""
    if not state.group:
        ask_several(
            "Columns of the table",
            [field.name for field in shown_fields(relation)],
            key="explore.columns",
            format_func=lambda name: relation.table[name].title,
            placeholder="the usual ones",
        )


def totals(relation: Relation) -> dict[str, Counts]:
    """Return the counts of all rows, for filters of which nothing else can be told."""
    index = relation.index
    return {field.name: index.totals(field.name) for field in index.table.facets}


def show_nothing(view: View) -> None:
    """Say that no rows match, and offer to drop the filter without which most would."""
    st.info("No rows match these filters.", icon=":material/search_off:")
    without = view.matches.without
    best = max(without, key=without.__getitem__, default="")
    if best and without[best]:
        label = plain(f"Drop the filter: {view.phrases[best]} → {counted(without[best], 'row')}")
        st.button(
            label,
            key="explore.relax",
            on_click=set_state,
            args=("explore", view.state.without(best)),
        )


def show_view(view: View) -> None:
    """Draw a view's figure and table, side by side if both fit."""
    for note in view.notes:
        st.caption(plain(note))
    if not view.explored:
        show_view_table(view)
        ask_columns(view.relation, view.state)
        return
    is_wide = view.state.chart == "parallel" or len(view.state.group) == MOST_GROUPS
    if is_wide:
        # Ribbons between three columns of names cannot be read on a phone.
        show_figure(
            view.explored.figure, "explore.figure", view.title, wide=view.state.chart == "parallel"
        )
        show_view_table(view)
        ask_columns(view.relation, view.state)
        return
    with st.container(key="legwise-beside"):
        left, right = st.columns([3, 2])
        with left:
            show_figure(view.explored.figure, "explore.figure", view.title)
        with right:
            show_view_table(view)
            ask_columns(view.relation, view.state)


def show_view_table(view: View) -> None:
    """Draw the table of a view; empty cells read "not stated"."""
    if (view.state.group or not view.explored) and len(view.table) <= MOST_READ:
        pages = row_pages(view.relation.rows_of, view.keys)
        show_table(view.texts_to_read, view.title, compact=bool(view.state.group), pages=pages)
        return
    if len(view.table) > MOST_SENT:
        st.caption(
            f"The first {MOST_SENT:,} of these {len(view.table):,} rows; the files below have all."
        )
    st.dataframe(
        with_pages(view.table.head(MOST_SENT), view.relation.rows_of, view.keys[:MOST_SENT]),
        hide_index=True,
        column_config={
            PAGE: page_column(),
            **{name: _column(view, name, heading) for name, heading in view.headings.items()},
        },
        placeholder=NOT_STATED_LABEL,
        height=min(560, 38 + 35 * max(1, len(view.table))),
        key=f"explore.rows.{view.relation.name}",
        alt=view.title,
    )


def _column(view: View, name: str, heading: str) -> Any:
    if name in view.numbers:
        return st.column_config.NumberColumn(
            heading, format="%d" if view.is_plain(name) else "localized"
        )
    return (
        st.column_config.LinkColumn(heading)
        if "url" in name
        else st.column_config.TextColumn(heading)
    )


def show_code(view: View) -> None:
    """Draw the program that makes the view."""
    st.caption(
        "This code makes exactly this table and figure. "
        + (
            "It holds what the database counted or drew, and needs only pandas and plotly."
            if view.program.carries
            else "It needs only the CSV files, pandas and plotly."
        )
    )
    is_long = view.code.count("\n") > MOST_LINES
    # The rows of a database that it holds: nobody reads thousands, and to colour them takes long.
    st.code(view.code, None if is_long else "python", height=600 if is_long else "content")


def show_profiles(matching: Matching) -> None:
    """Draw every column at a glance, for the rows that match the filters."""
    frame = profile_frame(matching.relation, matching.rows_to_count)
    st.dataframe(
        frame,
        hide_index=True,
        column_config={
            "Column": st.column_config.TextColumn(pinned=True, width=170),
            "Stated (%)": st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.0f%%"
            ),
            "Values": st.column_config.NumberColumn("Different values", format="localized"),
            "Most frequent": st.column_config.TextColumn("Most frequent, or range", width="large"),
            "Shape": st.column_config.BarChartColumn("Shape", y_min=0, width="small"),
        },
        height=min(440, 38 + 35 * len(frame)),
        key=f"explore.profile.{matching.relation.name}",
        alt="Columns at a glance: how much is stated, how many values, "
        "the most frequent ones, and how they spread",
    )
