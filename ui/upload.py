"""A visitor's device list: asked for, mapped, checked, used. It lives in the session alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import BoundedSemaphore
from typing import ClassVar
from weakref import WeakSet

import pandas as pd
import streamlit as st
from cachetools import LRUCache
from streamlit.runtime.scriptrunner import get_script_run_ctx

from legwise.answers.changes import Changes
from legwise.answers.devices import FacetIndex
from legwise.explore.relations import Relation, load_relation
from legwise.exports.spreadsheets import to_csv
from legwise.intake.devices import DeviceList, build
from legwise.intake.faults import Report
from legwise.intake.limits import MOST_BYTES, MOST_HELD, MOST_ROWS, IntakeError, size_in_words
from legwise.intake.mapping import FURTHER, LEFT_OUT, Kind, Mapping, Target, read_mapping
from legwise.intake.memory import give_back
from legwise.intake.opening import content_digest
from legwise.intake.proposals import known_names, mappable, propose
from legwise.intake.reading import ENDINGS, read_content
from legwise.intake.sheet import Progress, Sheet
from legwise.intake.spellings import printable
from legwise.intake.template import template_csv, template_words
from legwise.intake.vocabulary import words_of
from legwise.links.params import Dropped
from legwise.tables.catalogue import Catalogue
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.cache import Loaded
from ui.choosers import ask_one, ask_several
from ui.fold import fold
from ui.html_tables import show_table

#: Session keys: the list in use, and the one that is being looked at.
USED, DRAFT = "upload.used", "upload.draft"
#: Session key: how many files were opened. A box for files can be emptied by no other means.
BOX = "upload.box"
#: Parameter of a link that was made on a visitor's list.
LIST = "list"
#: Most answers that pages keep of one list, most of them 20 to 100 kB, and what they take in bytes.
MOST_KEPT_OF_A_LIST = 40
KEPT_OF_A_LIST = 4 << 20
#: Faults and words for types that are shown; the download has all faults.
MOST_SHOWN = 200
#: What becomes of a column that is none of ours.
KINDS: dict[Kind, str] = {
    "choice": "A further filter: choices",
    "yes_no": "A further filter: yes or no",
    "number": "A further filter: numbers",
    "date": "A further column: dates",
    "text": "A further column: text",
}
NOT_USED = "Leave it out"
NO_TYPE = "None of these: nothing is known of it"


@dataclass(frozen=True, eq=False)
class Uploaded(Loaded):
    """What every page works on, for the visitor who sent it: nothing goes to a shared cache."""

    size: int = 0
    mapping: Mapping | None = None
    # What is kept of each list that is in use must stay small.
    kept_with_rows: ClassVar[int] = 0
    _kept: LRUCache[Hashable, object] = field(
        default_factory=lambda: LRUCache(MOST_KEPT_OF_A_LIST), repr=False
    )

    def relation(self, name: str) -> Relation:
        """Return a table or join to explore.

        Raises:
            KeyError: there is none of that name.
        """
        return self.keep(("relation", name), lambda: load_relation(self.catalogue, name))

    def changes(self) -> Changes | None:
        """Return None: there is no version before."""
        return None

    @property
    def mark(self) -> str:
        """How a link names the list."""
        assert self.report
        return f"{self.report.name} {self.report.digest}"


@dataclass(eq=False)
class Draft:
    """A file that was read and is not in use yet."""

    name: str
    digest: str
    sheet: Sheet
    mapping: Mapping
    checked: DeviceList | None = None
    #: Its words for types, with how many rows have each.
    words: tuple[tuple[str, int], ...] = ()

    def map(self, mapping: Mapping, base: Catalogue) -> None:
        """Change what the columns become; the check is done again."""
        if mapping != self.mapping:
            self.mapping, self.checked = mapping, None
            self.words = _type_words(self, base)


# What is held is counted, not kept: a list goes when its session goes.
_HELD: WeakSet[Uploaded] = WeakSet()
_READING = BoundedSemaphore(2)


def uploaded() -> Uploaded | None:
    """Return the list of this session that is in use."""
    used: Uploaded | None = st.session_state.get(USED)
    return used


def list_param() -> dict[str, list[str]]:
    """Return what a link made now must say of the list it needs."""
    used = uploaded()
    return {LIST: [used.mark]} if used else {}


def missing_list(asked: list[str]) -> tuple[Dropped, ...]:
    """Say that a link needs a list that this session does not have."""
    used = uploaded()
    if not asked or (used and used.mark in asked):
        return ()
    name, _, digest = asked[0].rpartition(" ")
    reason = (
        "this link was made on a visitor's list, which Legwise does not keep. Open that file under "
        "Data, “Your own list”, and then the link again"
    )
    return (Dropped("list", f"{name} ({digest})", reason),)


def show_banner(loaded: Loaded) -> None:
    """Say above every page that it works on a list from elsewhere; a visitor can leave theirs."""
    if not loaded.report:
        return
    name = plain(loaded.report.name)
    rows = counted(loaded.index.size, "row")
    with st.container(key="legwise-upload", horizontal=True, vertical_alignment="center"):
        if isinstance(loaded, Uploaded):
            st.markdown(
                f":material/table_view: **Your own list:** {name}, {rows}. It is in this tab only, "
                "and gone when you close or reload it."
            )
            st.button("Back to the shipped data", on_click=_leave, key="upload.leave")
        else:
            st.markdown(
                f":material/table_view: **Device list:** {name}, {rows}. Legwise has not checked "
                f"what it says of the devices.{_drawn(loaded)}"
            )


def _drawn(loaded: Loaded) -> str:
    """Say what is not of all rows, where the list is in a database."""
    drawn = len(loaded.catalogue.tables["devices"])
    if loaded.catalogue.elsewhere is None or drawn == loaded.index.size:
        return ""
    return (
        f" Every count, share and range is of all rows. Only joins on Explore, the notebook of "
        f"Find devices and downloads of tables work on {drawn:,} rows drawn from them at random."
    )


def _leave() -> None:
    st.session_state.pop(USED, None)
    st.query_params.pop(LIST, None)
    _close_file()
    give_back()


def ask_upload(loaded: Loaded, base: Catalogue) -> None:
    """Ask for a file, show what its columns become and what is wrong with it, and offer it.

    ``loaded`` is what pages show now, ``base`` has the tables that the list will stand beside.
    """
    if loaded.report:
        st.success(f"In use: {plain(loaded.report.name)}.", icon=":material/check:")
        fold("What was read, and what could not be", "upload.report", partial(_show_used, loaded))
        st.caption("Open another file to change to it, in this tab only.")
    st.markdown(
        "Bring a device list of your own. Search, filters, comparison, evidence and cautions then "
        "work on it."
    )
    file = st.file_uploader(
        f"A file with one row per device: CSV, TSV (also .gz), XLSX or Parquet, up to "
        f"{size_in_words(MOST_BYTES)} or {MOST_ROWS:,} rows",
        type=list(ENDINGS),
        key=f"upload.file.{st.session_state.get(BOX, 0)}",
    )
    st.caption(
        "The file stays in the memory of this visit. It is not saved, not shared and not logged, "
        "and it is gone when you close or reload the tab."
    )
    _offer_template(base)
    if file is None:
        st.session_state.pop(DRAFT, None)
        return
    try:
        draft = _draft(file.name, file.file_id, file.getvalue, base)
        _ask_mapping(draft, base)
        _ask_types(draft, base)
        _offer_mapping(draft, base)
        if draft.checked is None:
            with _work("Checking the cells") as progress:
                draft.checked = build(
                    draft.sheet, draft.mapping, base, draft.name, draft.digest, progress
                )
        _show_report(draft.checked.report, partial(_offer_use, draft, draft.checked, base))
    except IntakeError as error:
        st.error(plain(str(error)), icon=":material/error:")


def _offer_template(base: Catalogue) -> None:
    with st.expander("How should my list look?"):
        st.markdown(
            "As it is: columns are found by name in several languages, and you can correct what "
            "each becomes. To start from nothing, take the template."
        )
        st.download_button(
            "Template (CSV)",
            lambda: template_csv(base),
            "legwise-template.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        words = pd.DataFrame(template_words(base), columns=["Column", "Title", "What it may hold"])
        show_table(words, "Columns of the template", fitted=True)


def _draft(name: str, file_id: str, content: Callable[[], bytes], base: Catalogue) -> Draft:
    draft: Draft | None = st.session_state.get(DRAFT)
    if draft and st.session_state.get(f"{DRAFT}.id") == file_id:
        return draft
    st.session_state.pop(DRAFT, None)
    data = content()
    with _work("Reading the file") as progress:
        sheet = read_content(data, known_names(base).keys(), progress)
        draft = Draft(
            printable(name, 80) or "list",
            content_digest(data),
            sheet,
            propose(sheet, base),
        )
    draft.words = _type_words(draft, base)
    st.session_state[DRAFT], st.session_state[f"{DRAFT}.id"] = draft, file_id
    return draft


@contextmanager
def _work(what: str) -> Iterator[Progress]:
    """Draw a bar while something is done; a click on Stop ends it."""
    bar = st.progress(0.0, text=what)
    stop = st.empty()
    stop.button("Stop", key=f"upload.stop.{what}", on_click=_close_file)
    if not _READING.acquire(blocking=False):
        bar.progress(0.0, text="Other lists are being read; yours is next")
        while not _READING.acquire(timeout=0.5):
            # Drawing lets a stopped run end here.
            bar.progress(0.0, text="Other lists are being read; yours is next")
    try:
        yield lambda share, text: _draw(bar, share, text)
    finally:
        _READING.release()
    bar.empty()
    stop.empty()


def _draw(bar: st.delta_generator.DeltaGenerator, share: float, text: str) -> None:
    bar.progress(min(1.0, share), text=f"{plain(printable(text, 80))} …")


def _close_file() -> None:
    """Forget the file: an empty box takes the place of the one that holds it."""
    st.session_state.pop(DRAFT, None)
    file_id, session = st.session_state.pop(f"{DRAFT}.id", ""), get_script_run_ctx()
    if file_id and session:
        # A box that goes leaves its file behind until the visit ends.
        files = session.uploaded_file_mgr
        files.remove_file(session.session_id, file_id)  # type: ignore[attr-defined]
    st.session_state[BOX] = st.session_state.get(BOX, 0) + 1


def _type_words(draft: Draft, base: Catalogue) -> tuple[tuple[str, int], ...]:
    """Return the words of the file for types, with how many rows have each."""
    for item in base.package["devices"].fields:
        column = draft.mapping.column_of(item.name)
        if item.references and not item.is_list and column in draft.sheet.columns:
            texts = draft.sheet.columns[column]
            counts = pd.Series(texts.codes[texts.codes >= 0]).value_counts().head(MOST_SHOWN)
            return tuple((str(texts.texts[code]), int(number)) for code, number in counts.items())
    return ()


def _becomes(target: Target, headings: dict[str, str]) -> str:
    """Say what a column becomes."""
    if target.field == FURTHER:
        return KINDS[target.kind]
    return headings.get(target.field, NOT_USED)


def _ask_mapping(draft: Draft, base: Catalogue) -> None:
    """Draw what each column becomes, and ask for what should be otherwise."""
    # The price of a list may be in any currency.
    headings = {item.name: item.title if item.price else item.heading for item in mappable(base)}
    targets = {
        item.column: item for item in draft.mapping.targets if item.column in draft.sheet.columns
    }
    st.subheader("What each column becomes", anchor=False)
    ours = sum(item.field not in (FURTHER, LEFT_OUT) for item in targets.values())
    further = sum(item.field == FURTHER for item in targets.values())
    st.markdown(
        f"{counted(len(targets), 'column')}: {ours} of ours, {further} further, "
        f"{len(targets) - ours - further} left out."
    )
    rows = [
        {
            "Column": column,
            "Becomes": _becomes(item, headings) + (f", stated in {item.unit}" if item.unit else ""),
            "Why": item.why,
            "Examples": printable(" · ".join(draft.sheet.columns[column].take(3)), 60),
        }
        for column, item in targets.items()
    ]
    show_table(pd.DataFrame(rows), "What each column of the file becomes", fitted=True)
    with st.expander("Change what a column becomes"):
        column = ask_one("Column", list(targets), key=f"upload.column.{draft.digest}")
        if column is None:
            return
        target = targets[column]
        choices: dict[str, tuple[str, Kind]] = {
            **{heading: (name, "text") for name, heading in headings.items()},
            **{label: (FURTHER, kind) for kind, label in KINDS.items()},
            NOT_USED: (LEFT_OUT, "text"),
        }
        key = f"{draft.digest}.{column}"
        becomes = ask_one(
            "Becomes",
            list(choices),
            key=f"upload.becomes.{key}",
            index=list(choices).index(_becomes(target, headings)),
        )
        unit = st.text_input(
            "Unit or currency of cells that name none, such as kg or EUR",
            target.unit,
            key=f"upload.unit.{key}",
            max_chars=12,
        )
        if st.button("Change this column", key="upload.change") and becomes:
            field, kind = choices[becomes]
            draft.map(
                draft.mapping.with_target(Target(column, field, kind, unit.strip(), "your choice")),
                base,
            )
            st.rerun()


def _ask_types(draft: Draft, base: Catalogue) -> None:
    """Draw our type for each word for a type that names none of ours, and ask for others."""
    field = next(
        item for item in base.package["devices"].fields if item.references and not item.is_list
    )
    words = words_of(field, base)
    unknown = {word: number for word, number in draft.words if not words.value(word)}
    if not unknown:
        return
    labels = base.names(field.references)
    named = dict(draft.mapping.types)
    st.subheader("Words for a type that are not ours", anchor=False)
    st.markdown(
        "Evidence and cautions attach through the type, so choose one only where it fits. A device "
        "of no known type has neither."
    )
    rows = [
        (word, f"{number:,}", labels.get(named.get(word, ""), NO_TYPE))
        for word, number in unknown.items()
    ]
    show_table(
        pd.DataFrame(rows, columns=["In the list", "Rows", "Our type"]),
        "Words of the list for types, and our type for each",
        fitted=True,
    )
    with st.expander("Choose our type for some of these words"):
        chosen = ask_several("Words", list(unknown), key=f"upload.words.{draft.digest}")
        label = ask_one("Our type", [*labels.values(), NO_TYPE], key=f"upload.type.{draft.digest}")
        if st.button("Use this type for them", key="upload.types") and chosen and label:
            ids = {text: key for key, text in labels.items()}
            # "No type" is kept as such, or what was proposed would be proposed again.
            kept = named | dict.fromkeys(chosen, ids.get(label, ""))
            draft.map(Mapping(draft.mapping.targets, tuple(kept.items())), base)
            st.rerun()


def _offer_mapping(draft: Draft, base: Catalogue) -> None:
    with st.expander("Save this mapping, or use a saved one"):
        _offer_saving(draft.mapping)
        saved = st.file_uploader(
            "A saved mapping", type=["json"], key=f"upload.saved.{draft.digest}"
        )
    if saved is not None and st.session_state.get("upload.saved.id") != saved.file_id:
        st.session_state["upload.saved.id"] = saved.file_id
        read = read_mapping(saved.getvalue(), base.package)
        draft.map(propose(draft.sheet, base, read), base)
        st.rerun()


def _offer_saving(mapping: Mapping) -> None:
    st.download_button(
        "Save this mapping",
        mapping.to_json(),
        "legwise-mapping.json",
        "application/json",
        icon=":material/download:",
        on_click="ignore",
    )


def _show_used(loaded: Loaded) -> None:
    assert loaded.report
    _show_report(loaded.report)
    if isinstance(loaded, Uploaded) and loaded.mapping:
        _offer_saving(loaded.mapping)


def _show_report(report: Report, offer: Callable[[], object] = lambda: None) -> None:
    st.subheader("The check", anchor=False)
    (st.warning if report.total else st.success)(
        plain(report.summary),
        icon=":material/rule:" if report.total else ":material/check_circle:",
    )
    offer()
    if report.notes:
        st.markdown("\n".join(f"- {plain(note)}" for note in report.notes[:20]))
    if not report.total:
        return
    kinds = report.kinds().rename(
        columns={
            "kind": "What is wrong",
            "column": "Column",
            "allowed": "What may stand there",
            "cells": "How often",
        }
    )
    show_table(kinds.head(30), "Faults by kind and column", fitted=True)
    with st.expander(f"The first of {counted(report.total, 'fault')}, by row"):
        st.dataframe(
            report.frame(MOST_SHOWN).rename(columns=str.capitalize),
            hide_index=True,
            alt="Faults by row and column, with the value and what is allowed",
        )
    st.download_button(
        "These faults (CSV)" if report.unnamed else "All faults (CSV)",
        lambda: to_csv(report.frame()),
        "legwise-faults.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def memory_of(devices: DeviceList) -> int:
    """Return about how many bytes a list takes while it is in use.

    Its cells, its index, and what pages keep of it (see the section on memory in
    docs/device-list.md).
    """
    cells = int(devices.tables["devices"].memory_usage(index=False).sum())
    return KEPT_OF_A_LIST + 3 * cells // 2


def _offer_use(draft: Draft, checked: DeviceList, base: Catalogue) -> None:
    size = memory_of(checked)
    others = sum(item.size for item in _HELD if item is not uploaded())
    if others + size > MOST_HELD:
        raise IntakeError(
            "Too many large lists are in use by other visitors now. Try again later, or run "
            "Legwise yourself: legwise run --devices FILE."
        )
    label = "Use this list" if not checked.report.total else "Use this list with its good cells"
    if st.button(label, type="primary", icon=":material/arrow_forward:", key="upload.use"):
        with _work("Making the index") as progress:
            progress(0.95, "Making the index")
            catalogue = checked.catalogue(base)
            index = FacetIndex(catalogue)
        used = Uploaded(
            catalogue,
            index,
            ("", draft.digest),
            checked.report,
            size=size,
            mapping=draft.mapping,
        )
        _HELD.add(used)
        st.session_state[USED] = used
        # The file and its texts are needed no longer.
        _close_file()
        give_back()
        st.rerun()
