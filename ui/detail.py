"""What the pages of one device and of one type share: evidence, cautions, disagreements, rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby

import streamlit as st

from legwise.answers.absolute_numbers import numbers_of
from legwise.answers.devices import device_notices
from legwise.answers.disagreements import KINDS, Disagreement
from legwise.answers.profiles import (
    ABOUT_TYPES,
    EvidenceLine,
    Ruling,
    conditions_by_class,
    evidence_lines,
    legal_classes,
)
from legwise.links.params import Params
from legwise.rules.cautions import NO_PROOF, SEVERITY_GLYPHS, Caution, cautions_for
from legwise.rules.verdicts import subjects as subjects_of_evidence
from legwise.tables.catalogue import Catalogue
from legwise.tables.subjects import Subject
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.cache import Loaded
from ui.draw import (
    red_flags_fold,
    show_acceptances,
    show_cautions,
    show_numbers,
    source_links,
)
from ui.filters import ask_conditions
from ui.fold import Fold, folds
from ui.html_tables import Line, line_list
from ui.page import address, link
from ui.session import find_state
from ui.steps import as_far_as_it_goes

#: As many lines of evidence are open; the others are one click away.
FIRST_LINES = 3
#: As many names stand in the label of a fold.
FIRST_NAMES = 2


def find_params(device_type: str, conditions: Sequence[str]) -> Params:
    """Return the link parameters of the list of a type; the compare list goes along."""
    return {
        "device_type": [device_type],
        "condition": list(conditions),
        "pick": list(find_state().picks),
    }


def show_evidence(loaded: Loaded, subject: Subject, parts: Iterable[Subject]) -> None:
    """Draw what studies of a type show, symptom by symptom, best first.

    ``parts`` are its techniques and features, which were studied by themselves.
    """
    catalogue = loaded.catalogue
    lines = loaded.keep(("evidence", subject), lambda: evidence_lines(catalogue, subject))
    studied = [line for line in lines if line.studied]
    first, rest = studied[:FIRST_LINES], studied[FIRST_LINES:]
    rest += [line for line in lines if not line.studied]
    if first:
        _show_evidence_lines(subject, first)
        none = sum(not line.studied for line in rest)
        without = f", {none} of them without a study" if none else ""
        label = f"{counted(len(rest), 'more symptom')}{without}"
    else:
        st.markdown("No study of this type was found for any symptom.")
        label = f"All {counted(len(rest), 'symptom')}"
    parted = []
    if rest:
        draw = partial(_show_evidence_lines, subject, rest)
        parted.append(Fold(plain(label), "detail.symptoms", draw))
    findings = [key for line in studied for key in line.verdict.findings]
    if stated := numbers_of(catalogue, findings):
        label = f"In numbers of 100: {counted(len(stated), 'finding')} that give both groups"
        draw = partial(_show_numbers, catalogue, list(stated))
        parted.append(Fold(plain(label), "detail.numbers", draw))
    known = loaded.keep("subjects of evidence", lambda: frozenset(subjects_of_evidence(catalogue)))
    if its := sorted(part for part in parts if part in known):
        names = ", ".join(catalogue.subject_label(*part) for part in its)
        label = f"Studies of a technique or feature: {names}"
        parted.append(Fold(plain(label), "detail.parts", partial(_show_parts, catalogue, its)))
    if parted:
        folds(parted, gap="xsmall")


def _show_numbers(catalogue: Catalogue, findings: Iterable[str]) -> None:
    """Draw numbers of 100, each with its source."""
    for key in findings:
        show_numbers(catalogue, [key])
        source_id = catalogue.row("evidence", key)["source_id"]
        st.caption(source_links(catalogue.sources([source_id])))


def _show_parts(catalogue: Catalogue, parts: Iterable[Subject]) -> None:
    for part in parts:
        st.markdown(f"**{plain(catalogue.subject_label(*part))}**")
        lines = evidence_lines(catalogue, part)
        _show_evidence_lines(part, [line for line in lines if line.studied])


def _show_evidence_lines(subject: Subject, lines: Sequence[EvidenceLine]) -> None:
    """Draw the lines; each leads to its findings."""
    shown = [
        Line(
            f"{line.sign} {line.sentence}".strip(),
            address("symptoms", {"subject": [subject.id], "symptom": [line.symptom]}),
            f"The findings on {line.name}",
        )
        for line in lines
    ]
    st.html(line_list("What was found, by symptom", shown))


def show_caution_section(
    loaded: Loaded,
    page: str,
    device_type: str,
    subjects: Sequence[Subject],
    conditions: Sequence[str],
) -> None:
    """Draw the choice of conditions and their cautions, then all others by class."""
    catalogue = loaded.catalogue
    ask_conditions(catalogue, page, "Cautions for them come first.")
    names = catalogue.names("risk_factors")
    for condition in conditions:
        st.markdown(f"**{plain(names[condition])}**")
        show_cautions(catalogue, cautions_for(catalogue, subjects, [condition]))
        show_acceptances(catalogue, device_type, [condition])
    every = loaded.keep(("cautions", tuple(subjects)), lambda: cautions_for(catalogue, subjects))
    others = [caution for caution in every if caution.risk_factor not in conditions]
    if others and not conditions:
        key = ("cautions by class", tuple(subjects))
        st.markdown(loaded.keep(key, lambda: _classes(catalogue, others)))
    parts = [red_flags_fold(catalogue)]
    if others:
        of = "for other conditions" if conditions else "with reasons and sources"
        label = f"{counted(len(others), 'caution')} {of}"
        draw = partial(show_cautions, catalogue, others)
        parts.append(Fold(plain(label), "detail.cautions", draw))
    folds(parts, columns=2)
    st.caption(NO_PROOF)


def _classes(catalogue: Catalogue, cautions: Iterable[Caution]) -> str:
    """Return the conditions under their most severe class, as a list of names."""
    lines = []
    for group in conditions_by_class(catalogue, cautions):
        sign, number = SEVERITY_GLYPHS[group.severity], counted(len(group.conditions), "condition")
        always = "; ".join(name for _, name, limited in group.conditions if not limited)
        limited = "; ".join(name for _, name, limited in group.conditions if limited)
        some = f" *In some cases, places or ways of use only:* {plain(limited)}." if limited else ""
        lines.append(
            f"- **{sign} {plain(group.label)}** ({number}): "
            f"{plain(always)}{'.' if always else ''}{some}"
        )
    return "\n".join(lines)


def show_disagreements(catalogue: Catalogue, matters: Sequence[Disagreement]) -> None:
    """Draw what sources disagree on, in one fold per kind, with both sides and their sources."""
    if not matters:
        st.markdown("No disagreement between these sources was found.")
    parts = []
    for kind, group in groupby(matters, lambda matter: matter.kind):
        its = list(group)
        about = list(dict.fromkeys(matter.about for matter in its))
        more = f" and {len(about) - FIRST_NAMES} more" if len(about) > FIRST_NAMES else ""
        label = f"**{plain(KINDS[kind])}:** {plain(', '.join(about[:FIRST_NAMES]))}{more}"
        draw = partial(_show_matters, catalogue, its)
        parts.append(Fold(label, f"detail.disagree.{kind}", draw))
    if parts:
        folds(parts, columns=2)


def _show_matters(catalogue: Catalogue, matters: Iterable[Disagreement]) -> None:
    for matter in matters:
        st.markdown(f"**{plain(matter.about)}**")
        for side in matter.sides:
            links = source_links(catalogue.sources(side.source_ids))
            st.markdown(f"- {plain(side.text)} {links}")


def show_rulings(catalogue: Catalogue, rulings: Iterable[Ruling]) -> None:
    """Draw legal classes or clearances, each with its sources."""
    for ruling in rulings:
        links = source_links(catalogue.sources(ruling.source_ids))
        st.markdown(f"- **{plain(ruling.title)}.** {plain(ruling.text)} {links}")


def show_folds(parts: Mapping[str, Callable[[], object] | None], key: str) -> None:
    """Draw folds side by side: label → what it draws; those that draw nothing are left out."""
    shown = [(label, draw) for label, draw in parts.items() if draw]
    folds(
        [Fold(plain(label), f"{key}.{number}", draw) for number, (label, draw) in enumerate(shown)],
        columns=len(shown),
    )


def ruling_folds(
    catalogue: Catalogue, device_type: str, cleared: str, clearances: Sequence[Ruling]
) -> dict[str, Callable[[], object] | None]:
    """Return the folds of how the law classes a type, and of clearances under their label."""
    rules = legal_classes(catalogue, device_type)
    return {
        f"Legal class ({counted(len(rules), 'rule')})": partial(show_rulings, catalogue, rules)
        if rules
        else None,
        cleared: partial(show_rulings, catalogue, clearances) if clearances else None,
    }


@contextmanager
def section(title: str, note: str = "") -> Iterator[None]:
    """Draw the heading of a section and a line about it, above what is drawn within."""
    key = re.sub(r"\W+", "-", title.lower())
    part = st.container(key=f"legwise-section-{key}", gap="xsmall")
    part.header(plain(title), anchor=False)
    if note:
        part.caption(plain(note))
    with part, as_far_as_it_goes(title):
        yield


def device_links(
    catalogue: Catalogue,
    what: str,
    devices: Iterable[tuple[str, str]],
    conditions: Sequence[str],
) -> str:
    """Return devices (id, words) as a list: their names lead to their pages.

    Below each are the words, and what a reader must know of it.
    """
    lines = [
        Line(
            catalogue.device_name(device),
            address("device", {"id": [device], "condition": list(conditions)}),
            words=" ! ".join((words, *device_notices(catalogue, device))),
        )
        for device, words in devices
    ]
    return line_list(what, lines, columns=2)


def ask_for_another(catalogue: Catalogue, what: str, search: Callable[[], None]) -> None:
    """Say that none is chosen, and offer a search, the types and the list of devices."""
    st.info(f"No {what} is chosen. Choose one here.", icon=":material/search:")
    search()
    with section("Types of device"), st.container(horizontal=True):
        for key, name in catalogue.names("device_types").items():
            link("type", name, {"id": [key]})
    link("find", "Find devices by their features")


ABOUT_EVIDENCE = f"{ABOUT_TYPES} Best first; “that count” are the findings of the best levels."
