"""The parts of the data page on how far to trust the tables, and on what changed in them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from legwise.answers.audits import audit_frame, gaps, stated_shares
from legwise.answers.changes import Changes
from legwise.answers.dictionary import table_frame
from legwise.links.data import ROWS_OF_A_PAGE
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Table
from legwise.tables.stated import is_stated
from legwise.text.markup import plain
from ui.cache import Loaded
from ui.html_tables import show_table
from ui.rows import PAGE, page_column, with_pages

#: Most sentences about gaps; the table below them has all.
MOST_GAPS = 8


def show_rows(loaded: Loaded, table: Table, page: int) -> None:
    """Draw the rows of a table as a grid; a long table has pages."""
    catalogue = loaded.catalogue
    size = catalogue.size(table.name)
    pages = max(1, -(-size // ROWS_OF_A_PAGE))
    first = (min(page, pages) - 1) * ROWS_OF_A_PAGE
    rows = slice(first, first + ROWS_OF_A_PAGE)
    shown = loaded.keep(
        ("data.rows", table.name, first),
        lambda: _rows(catalogue, table, rows),
    )
    links = {
        item.heading: st.column_config.LinkColumn()
        for item in table.fields
        if "url" in item.name and not item.is_list
    }
    links[PAGE] = page_column()
    which = "All rows" if pages == 1 else f"Rows {first + 1:,} to {first + len(shown):,}"
    st.dataframe(
        shown,
        hide_index=True,
        column_config=links,
        key=f"data.rows.{table.name}",
        alt=f"{which} of the table {table.title}",
    )
    if pages > 1:
        files = (
            "The files below hold all of them."
            if len(catalogue.tables[table.name]) == size
            else f"The files below hold the {len(catalogue.tables[table.name]):,} that were drawn."
        )
        st.caption(f"{which} of {size:,}. {files}")
        st.pagination(pages, key="data.page")


def _rows(catalogue: Catalogue, table: Table, rows: slice) -> pd.DataFrame:
    shown = table_frame(catalogue, table, rows)
    return with_pages(shown, table.name, shown[table[table.key].heading])


def only_drawn(catalogue: Catalogue) -> str:
    """Say what files of the devices hold where the database has more rows than were drawn."""
    return "" if catalogue.is_whole else f", {catalogue.drawn[0]:,} drawn devices only"


def show_trust(catalogue: Catalogue) -> None:
    """Draw the notes on the data, each with its figures."""
    figures = {"made": _show_audits, "thin": _show_thin, "left_out": _show_left_out}
    for note in catalogue.package.notes:
        st.subheader(plain(note.title), anchor=False)
        st.markdown(plain(note.text))
        if note.name in figures:
            figures[note.name](catalogue)


def _show_audits(catalogue: Catalogue) -> None:
    frame = catalogue["audits"]
    if frame.empty:
        return
    counts = frame[["rows_read", "agree", "debatable", "wrong"]].sum()
    st.markdown(
        f"**{counts['rows_read']:,} rows were drawn at random and checked against their sources: "
        f"{counts['agree']:,} agree, {counts['debatable']:,} are debatable, {counts['wrong']:,} "
        "were wrong.** The errors have been corrected."
    )
    show_table(audit_frame(catalogue), "Audits by date and table", compact=True)
    for note in dict.fromkeys(catalogue["audits"]["note"].dropna()):
        st.caption(plain(note))


def _show_thin(catalogue: Catalogue) -> None:
    shares = stated_shares(catalogue)
    for line in gaps(catalogue)[:MOST_GAPS]:
        st.markdown(f"- {plain(line)}")
    with st.expander("What percentage of each type's products state each fact"):
        st.dataframe(
            shares, hide_index=True, alt="Percentage of products that state each fact, by type"
        )


def _show_left_out(catalogue: Catalogue) -> None:
    table = catalogue.package["left_out"]
    with st.expander(f"{len(catalogue['left_out']):,} products left out"):
        links = {table["seen_url"].title: st.column_config.LinkColumn()}
        st.dataframe(
            table_frame(catalogue, table).iloc[:, 1:],
            hide_index=True,
            column_config=links,
            alt=table.title,
        )


def show_changes(catalogue: Catalogue, changes: Changes | None) -> None:
    """Draw what changed since the previous version: first what it means, then each row and cell."""
    if changes is None:
        st.info(
            "This package includes no earlier version to compare with.",
            icon=":material/history:",
        )
        return
    st.subheader(plain(f"From version {changes.before} to {changes.after}"), anchor=False)
    st.markdown(
        f"{len(changes.rows):,} rows were added, removed or changed. "
        f"{len(changes.consequences):,} verdicts and cautions changed because of it."
    )
    if changes.rows:
        titles = {table.name: table.title for table in catalogue.package.tables}
        counts = changes.counts().replace({"Table": titles}).rename(columns=str.capitalize)
        show_table(counts, "Rows added, removed and changed, by table", compact=True)
    if changes.consequences:
        st.markdown("**Verdicts and cautions that changed**")
        st.dataframe(
            changes.effects(), hide_index=True, alt="Verdicts and cautions before and after"
        )
    with st.expander("Why, row by row"):
        why = table_frame(catalogue, catalogue.package["changes"]).iloc[:, 1:]
        st.dataframe(
            why,
            hide_index=True,
            alt="Every row that was added, changed or removed, with the reason",
        )
    with st.expander("Every cell, before and after"):
        st.dataframe(
            changes.frame(), hide_index=True, alt="Every cell that changed, before and after"
        )


def show_words(catalogue: Catalogue) -> None:
    """Draw the words that a reader may not know, by name."""
    table = catalogue.package["glossary"]
    name, meaning, aliases = table["name"], table["meaning"], table["also_called"]
    rows = sorted(catalogue.records("glossary"), key=lambda row: row["name"].casefold())
    st.markdown(plain(table.description))
    lines = [
        {
            name.title: row["name"],
            meaning.title: row["meaning"],
            aliases.title: ", ".join(row["also_called"]) if is_stated(row["also_called"]) else "",
        }
        for row in rows
    ]
    show_table(pd.DataFrame(lines), table.title)
