"""``show_*`` draws a value. Text from tables or visitors is always drawn as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from legwise.answers.absolute_numbers import numbers_of
from legwise.charts.theme import Chart
from legwise.rules.cautions import (
    NOTHING_RECORDED,
    NOTHING_RECORDED_NOTE,
    SEVERITY_GLYPHS,
    Caution,
    acceptances,
)
from legwise.rules.claims import OUTCOMES, ClaimVerdict
from legwise.rules.findings import finding_facts
from legwise.rules.red_flags import sign_groups
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.loading import DataError
from legwise.tables.schema import TablesError, within_sentence
from legwise.tables.sources import Source
from legwise.tables.stated import is_stated
from legwise.text.markup import plain, web_link
from legwise.text.units import counted
from ui.figures import ready_figure
from ui.fold import Fold, fold, folds
from ui.html_tables import draw_template, show_table


def show_faults(error: TablesError) -> None:
    """Say why there are no tables to show, and list every fault of them."""
    words = "The tables could not be read."
    if isinstance(error, DataError):
        words = (
            f"The tables hold {counted(len(error.problems), 'fault')} and cannot be shown. "
            "Fix the cells below and reload."
        )
    _show_error(words, error)


def show_unserved(error: TablesError | None) -> None:
    """Say that the tables on disk were broken by an edit, and that those before it are shown."""
    if error:
        words = (
            "The files on disk have changed and cannot be shown. All pages still show the last "
            "version without faults."
        )
        _show_error(words, error)


def _show_error(words: str, error: TablesError) -> None:
    """Draw ``words``, and below them what is wrong: by file and line if that is known."""
    st.error(words, icon=":material/error:")
    if not isinstance(error, DataError):
        st.text(str(error))
        return
    rows = [
        {
            "File": item.file,
            "Line": item.line,
            "Column": item.column,
            "Value": item.value,
            "What is wrong": item.message,
        }
        for item in error.problems
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Faults of the tables by file and line")


def show_charts(charts: Mapping[str, Chart]) -> None:
    """Draw charts under their headings."""
    for heading, chart in charts.items():
        st.header(plain(heading), anchor=False)
        show_chart(chart, f"chart.{heading}")


def show_chart(chart: Chart, key: str, *, wide: bool = False) -> None:
    """Draw a figure, which may be too ``wide`` for a phone, its note and its table."""
    show_figure(chart.figure, key, chart.alt, reading=chart.reading, wide=wide)
    if chart.note:
        st.caption(plain(chart.note))
    fold("Show as a table", f"{key}.table", partial(show_table, chart.table, chart.alt))


#: What stands instead of a wide figure where there is little room, above its table.
TOO_WIDE = "This chart needs more room. The table below has the same content."


def show_figure(figure: Any, key: str, alt: str, *, reading: str = "", wide: bool = False) -> None:
    """Draw a figure and how it is read; where there is little room, a notice instead of both."""
    name = key.replace(".", "-")
    drawn = partial(_draw_figure, figure, key, alt, reading)
    if wide and on_phone():
        # The code of charts is half of what a page fetches: a phone fetches it when it is asked to.
        st.info(TOO_WIDE, icon=":material/open_in_full:")
        fold("Show the chart", f"{key}.chart", partial(drawn, f"legwise-scroll-{name}"))
        return
    if not wide:
        drawn(f"legwise-chart-{name}")
        return
    with st.container(key=f"legwise-room-{name}"):
        drawn(f"legwise-roomy-{name}")
        with st.container(key=f"legwise-instead-{name}"):
            st.info(TOO_WIDE, icon=":material/open_in_full:")


def on_phone() -> bool:
    """Whether the browser says that it is a phone's. A narrow window elsewhere does not say so."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def _draw_figure(figure: Any, key: str, alt: str, reading: str, container: str) -> None:
    config = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
    with st.container(key=container):
        st.plotly_chart(ready_figure(figure), theme=None, config=config, key=key, alt=alt)
        if reading:
            st.caption(plain(reading))


def show_red_flags(catalogue: Catalogue) -> None:
    """Draw the signs that need urgent care in a fold."""
    folds([red_flags_fold(catalogue)])


def red_flags_fold(catalogue: Catalogue, *, expanded: bool = False) -> Fold:
    """Return the fold of the signs that need urgent care, with what to do and their sources."""
    return Fold(
        "**Urgent signs: do not massage, get help**",
        "red_flags",
        partial(show_signs, catalogue),
        icon=":material/emergency:",
        expanded=expanded,
    )


def show_sign_lines(catalogue: Catalogue) -> None:
    """Draw the signs that need urgent care in a few lines, one per group."""
    lines = (f"- {plain(group.line)}: **{group.action}**" for group in sign_groups(catalogue))
    with st.container(key="legwise-signs"):
        st.markdown("\n".join(lines))


def show_signs(catalogue: Catalogue) -> None:
    """Draw every sign with what to do and its sources, under the line of its group."""
    for group in sign_groups(catalogue):
        lines = [f"**{plain(group.line)}: {plain(group.action)}**", ""]
        for row in group.signs:
            sign, action = plain(row["description"]), plain(row["action"])
            links = source_links(catalogue.sources(row["source_ids"]))
            lines.append(f"- {sign}. **{action}.** {links}")
        st.markdown("\n".join(lines))


def source_links(sources: Iterable[Source]) -> str:
    """Return sources as short links: journal or site (else kind) and year."""
    return " · ".join(
        web_link(
            f"{source.container or source.kind_label}{f', {source.year}' if source.year else ''}",
            source.link,
        )
        for source in sources
    )


def show_cautions(catalogue: Catalogue, cautions: Sequence[Caution]) -> None:
    """Draw cautions with class, reason, reach, basis and sources."""
    if not cautions:
        st.markdown(f"{SEVERITY_GLYPHS[NOTHING_RECORDED]} {NOTHING_RECORDED_NOTE}")
    for caution in cautions:
        basis = f"*{caution.applies_label}. {caution.basis}.*"
        note = f" {plain(caution.note)}." if caution.note else ""
        links = source_links(catalogue.sources(caution.source_ids))
        st.markdown(f"- **{plain(caution.label)}:** {plain(caution.reason)} {basis} {links}{note}")


def show_acceptances(catalogue: Catalogue, device_type: str, conditions: Sequence[str]) -> None:
    """Draw statements that accept the type for a condition; cautions may disagree with them."""
    names = catalogue.names("risk_factors")
    for row in acceptances(catalogue, device_type, conditions):
        note = f" {plain(row['note'])}." if is_stated(row["note"]) else ""
        links = source_links(catalogue.sources(row["source_ids"]))
        head = f"**Another source, {plain(within_sentence(names[row['risk_factor']]))}:**"
        st.markdown(f"- {head} {plain(row['statement'])}{note} {links}")


def show_claim(catalogue: Catalogue, item: ClaimVerdict, *, expanded: bool = False) -> None:
    """Draw a claim with its outcome, the reasons and the sources."""
    st.markdown(
        f"**“{plain(item.claim['claim'])}”** {plain(item.about)}. → **{OUTCOMES[item.outcome]}**"
    )
    tried_on = item.tried_on(catalogue)
    if tried_on:
        st.caption(plain(f"Tried on: {tried_on}"))
    with st.expander("Why", expanded=expanded):
        for reason in item.reasons:
            st.markdown(f"- {plain(reason)}")
        if item.source_ids:
            st.markdown(f"Sources: {source_links(catalogue.sources(item.source_ids))}")


def show_numbers(catalogue: Catalogue, rows: Sequence[str]) -> None:
    """Draw the numbers of 100 that those findings or effects state, if they do."""
    for items in numbers_of(catalogue, rows).values():
        for item in items:
            draw_template("numbers.html.j2", item=item)


def show_findings(catalogue: Catalogue, findings: Sequence[Record]) -> None:
    """Draw findings with direction, design, level, people, dose and source; explain the level."""
    table = catalogue.package["evidence"]
    if findings:
        with st.expander(plain(table["level"].title)):
            st.markdown(plain(table["level"].description))
    for row in findings:
        source = catalogue.sources([row["source_id"]])[0]
        with st.container(border=True):
            st.markdown(
                f"**{table['direction'].labels[row['direction']]}.** {plain(row['finding'])}"
            )
            show_numbers(catalogue, [row[table.key]])
            st.caption(plain(" · ".join(finding_facts(catalogue, row))))
            st.markdown(f"{web_link(source.citation, source.link)} ({source.kind_label})")
