"""Data: where the data come from, and downloads."""

import ui  # noqa: F401  # before all else: see there

# isort: split
import streamlit as st

from legwise.answers.dictionary import dictionary_frame
from legwise.exports.spreadsheets import package_zip
from legwise.links.data import DATA, DATA_VIEWS
from legwise.rules.findings import EvidenceFilter
from legwise.tables.writing import table_file
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.cache import faults, load
from ui.choosers import ask_one
from ui.data import only_drawn, show_changes, show_rows, show_trust, show_words
from ui.downloads import show_map_file
from ui.draw import show_unserved
from ui.html_tables import show_table
from ui.page import dropped_notice, footer, frame, heading, link
from ui.session import read_state, write_state
from ui.steps import as_far_as_it_goes
from ui.upload import ask_upload

loaded = frame("data")
catalogue = loaded.catalogue
state, dropped = read_state(DATA, loaded.scope)
heading("data")
dropped_notice(dropped)
st.markdown(plain(catalogue.package.description))
show_unserved(faults())
st.segmented_control(
    "Part",
    list(DATA_VIEWS),
    key="data.view",
    format_func=DATA_VIEWS.__getitem__,
    required=True,
    label_visibility="collapsed",
)

if state.view == "upload":
    if loaded.report:
        link("find", f"Find devices in {loaded.report.name}")
    ask_upload(loaded, load().without_list)
elif state.view == "trust":
    show_trust(catalogue)
elif state.view == "changes":
    show_changes(catalogue, loaded.changes())
elif state.view == "words":
    show_words(catalogue)
else:
    st.caption(
        "An empty cell means not stated, never no. Every table was checked when it was loaded: "
        "types, vocabularies, ranges, references and sources."
    )
    tables = catalogue.package.by_name
    ask_one(
        "Table",
        list(tables),
        key="data.table",
        format_func=lambda key: f"{tables[key].title} ({counted(catalogue.size(key), 'row')})",
    )
    table = tables[state.table]
    st.markdown(plain(table.description))
    rows, dictionary = st.tabs(["Rows", "Dictionary"], key="data.part", on_change="rerun")
    if rows.open:
        with rows, as_far_as_it_goes("Its rows"):
            show_rows(loaded, table, state.page)
    else:
        with dictionary, as_far_as_it_goes("Its columns"):
            show_table(dictionary_frame(catalogue, table), f"Columns of the table {table.title}")

    drawn = only_drawn(catalogue)
    with st.container(horizontal=True):
        st.download_button(
            f"This table (CSV{drawn if table.name == 'devices' else ''})",
            lambda: table_file(catalogue, table),
            f"{table.path}",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            f"The whole package (ZIP{drawn})",
            lambda: package_zip(catalogue),
            "legwise-data.zip",
            "application/zip",
            icon=":material/folder_zip:",
            on_click="ignore",
        )
        show_map_file(catalogue, EvidenceFilter(), {})

write_state(DATA, state, loaded.scope)
footer(loaded)
