"""Files and links to save what is on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from legwise.answers.comparison import Comparison
from legwise.exports.citations import to_bibtex, to_ris
from legwise.exports.map_file import map_file
from legwise.exports.print_sheet import print_sheet, to_markdown
from legwise.exports.spreadsheets import about, to_csv, to_xlsx
from legwise.links.params import Params
from legwise.rules.findings import EvidenceFilter
from legwise.tables.catalogue import Catalogue
from legwise.text.shown import Shown

#: Rows whose words are written in a few seconds.
MOST_ROWS = 20_000
NOTEBOOK = "application/x-ipynb+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def back_link(params: Params) -> str:
    """Return the full address that restores the screen.

    Ask for it while the page runs: when a download is written, nothing knows the address.
    """
    query = urlencode(params, doseq=True)
    return f"{st.context.url or ''}?{query}" if query else st.context.url or ""


def show_downloads(
    catalogue: Catalogue,
    *,
    sheet: str,
    what: str,
    params: Params,
    shown: Callable[[], Shown],
    rows: int = 0,
) -> None:
    """Offer all pages of what is shown as CSV and as a workbook that explains itself.

    More than so many ``rows`` are offered as a file by the Data page alone.
    """
    if rows > MOST_ROWS:
        whole = (
            "The Data page has all rows as they are."
            if catalogue.elsewhere is None
            else "The database has all rows as they are."
        )
        st.caption(
            f"To download these rows with their words, narrow them to {MOST_ROWS:,}. {whole}"
        )
        return
    notes = about(catalogue, what, back_link(params), f"{date.today():%Y-%m-%d}")
    name = f"legwise-{sheet.lower()}"
    with st.container(horizontal=True):
        _download(
            "Download CSV", lambda: to_csv(shown().frame), f"{name}.csv", "text/csv", "download"
        )
        _download(
            "Download XLSX",
            lambda: to_xlsx(shown(), sheet, notes),
            f"{name}.xlsx",
            XLSX,
            "table_view",
        )


def show_notebook(page: str, params: Params, make: Callable[[str, str], str]) -> None:
    """Offer what is shown as a notebook; ``make`` writes it, given the link back and the day."""
    link, today = back_link(params), f"{date.today():%Y-%m-%d}"
    _download(
        "Download as notebook",
        lambda: make(link, today),
        f"legwise-{page}.ipynb",
        NOTEBOOK,
        "terminal",
    )


def show_citations(catalogue: Catalogue, ids: Iterable[str]) -> None:
    """Offer the sources shown as BibTeX and as RIS."""
    sources = catalogue.sources(dict.fromkeys(ids))
    with st.container(horizontal=True):
        _download(
            "BibTeX",
            lambda: to_bibtex(sources),
            "legwise-sources.bib",
            "application/x-bibtex",
            "format_quote",
        )
        _download(
            "RIS",
            lambda: to_ris(sources),
            "legwise-sources.ris",
            "application/x-research-info-systems",
            "format_quote",
        )


def show_print(
    catalogue: Catalogue, whole: Comparison, conditions: Sequence[str], params: Params
) -> None:
    """Offer a comparison as one page to print."""
    notes = _about(catalogue, whole, params)
    _download(
        "Print for my clinician",
        lambda: print_sheet(catalogue, whole, conditions, notes),
        "legwise-comparison.html",
        "text/html",
        "print",
        help="One page that opens in your browser, ready to print.",
    )


def show_map_file(catalogue: Catalogue, wanted: EvidenceFilter, params: Params) -> None:
    """Offer the evidence map as one file, with those findings at first; ``params`` link back."""
    link, today = back_link(params), f"{date.today():%Y-%m-%d}"
    _download(
        "The map as one file",
        lambda: map_file(catalogue, wanted, link=link, today=today),
        "legwise-map.html",
        "text/html",
        "download",
        help="An HTML file with the map, its filters, findings and sources. It works offline.",
    )


def show_take_away(
    catalogue: Catalogue,
    shown: Comparison,
    whole: Comparison,
    conditions: Sequence[str],
    params: Params,
) -> None:
    """Offer a comparison as link, files, Markdown and printable sheet (with every row)."""
    st.caption("This link restores the comparison:")
    st.code(back_link(params), language=None, wrap_lines=True)
    what = _what(whole)
    show_downloads(catalogue, sheet="Comparison", what=what, params=params, shown=shown.shown)
    with st.container(horizontal=True):
        _download(
            "Markdown",
            lambda: to_markdown(shown),
            "legwise-comparison.md",
            "text/markdown",
            "markdown",
        )
        notes = _about(catalogue, whole, params)
        _download(
            "Print with every row",
            lambda: print_sheet(catalogue, whole, conditions, notes, appendix=True),
            "legwise-comparison-with-appendix.html",
            "text/html",
            "print",
            help="The page for a clinician, then all rows, all urgent signs and all sources.",
        )


def _what(comparison: Comparison) -> str:
    return f"Comparison of {', '.join(comparison.labels)}"


def _about(catalogue: Catalogue, comparison: Comparison, params: Params) -> dict[str, str]:
    return about(catalogue, _what(comparison), back_link(params), f"{date.today():%Y-%m-%d}")


def show_sheet(catalogue: Catalogue, sheet: Callable[[dict[str, str]], str], link: str) -> None:
    """Offer a shortlist as a sheet to print."""
    st.header("Take to a clinician", anchor=False)
    notes = about(catalogue, "Shortlist of device types", link, f"{date.today():%Y-%m-%d}")
    _download(
        "Print for my clinician",
        lambda: sheet(notes),
        "legwise-shortlist.html",
        "text/html",
        "print",
    )
    st.caption("One page in a file, which opens in your browser: print it, or send it on.")


def _download(
    label: str,
    data: Callable[[], bytes | str],
    file: str,
    mime: str,
    icon: str,
    help: str | None = None,
) -> None:
    st.download_button(
        label,
        data,
        file,
        mime,
        key=f"download.{file}",
        icon=f":material/{icon}:",
        help=help,
        on_click="ignore",
    )
