"""The symptoms page: the choice of a cell, the answer in sentences, the map and its studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from legwise.answers.verdict_lines import directions_by_symptom, verdict_lines
from legwise.charts.evidence import MAP_ALT, MARKS, map_words, search_note, subject_strip
from legwise.charts.studies import bubble_map, study_charts, symptom_bars
from legwise.charts.theme import PALETTES, Palette
from legwise.exports.page_notebooks import symptoms_notebook
from legwise.links.form import Scope
from legwise.links.symptoms import MAP_VIEWS, SYMPTOMS, SymptomsState
from legwise.rules.claims import ClaimVerdict, claim_frame, judge_claims
from legwise.rules.findings import (
    LEVELS,
    SEVERAL,
    SWITCHES,
    EvidenceFilter,
    Selection,
    dropped_frame,
    finding_table,
    on_cell,
    select_findings,
)
from legwise.rules.verdicts import (
    Cell,
    Verdict,
    findings_of,
    plain_sentence,
    subjects,
    verdicts,
)
from legwise.rules.wording import GLYPHS
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import within_sentence
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.cache import Loaded
from ui.choosers import ask_one, ask_several
from ui.downloads import show_citations, show_downloads, show_map_file, show_notebook
from ui.draw import on_phone, show_chart, show_charts, show_claim, show_findings
from ui.figures import ready, ready_figure
from ui.filters import menu
from ui.fold import fold
from ui.html_tables import map_table, show_map_legend, show_table, theme, verdict_list
from ui.page import address, link
from ui.words import meanings

#: Most findings of a cell shown at once; the others are in a fold.
MOST_FINDINGS = 2


def ask_cell(loaded: Loaded, wanted: EvidenceFilter, selection: Selection) -> None:
    """Draw the choice of a symptom, of a subject, and of the findings that count."""
    catalogue = loaded.catalogue
    symptoms = catalogue.choices("symptoms")

    def name_subjects() -> dict[str, str]:
        types = catalogue.choices("device_types")
        return {
            key: types.get(key) or catalogue.subject_label(kind, key)
            for kind, key in subjects(catalogue)
        }

    labels = loaded.keep("symptoms.subjects", name_subjects)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ask_one(
            "Symptom",
            list(symptoms),
            index=None,
            key="symptoms.symptom",
            format_func=symptoms.__getitem__,
            placeholder="choose",
            help=meanings(catalogue, "finding", "mixed", "unclear", "claimed", "oedema"),
            width=280,
        )
        ask_one(
            "Device type, technique or feature",
            list(labels),
            index=None,
            key="symptoms.subject",
            format_func=labels.__getitem__,
            placeholder="choose",
            width=320,
        )
        menu(
            "symptoms.which",
            "Which studies count?",
            partial(_ask_evidence, catalogue),
            wanted != EvidenceFilter(),
        )
    if selection.dropped:
        fold(
            f"{counted(len(selection.dropped), 'finding')} left out by “Which studies count?”",
            "symptoms.dropped",
            lambda: show_table(
                dropped_frame(catalogue, selection), "Findings that do not count, and why"
            ),
        )


def _ask_evidence(catalogue: Catalogue) -> None:
    table = catalogue.package["evidence"]
    ask_one(
        SWITCHES["max_level"],
        list(LEVELS),
        key="symptoms.max_level",
        format_func=LEVELS.__getitem__,
        help=meanings(
            catalogue, "ocebm_level", "systematic_review", "randomised_trial", "controlled_study"
        ),
    )
    words = {"populations": "all people", "designs": "all designs", "directions": "all directions"}
    for key, field in SEVERAL.items():
        labels = table[field].labels
        ask_several(
            table[field].title,
            list(labels),
            key=f"symptoms.{key}",
            format_func=labels.__getitem__,
            placeholder=words[key],
        )
    st.number_input(
        SWITCHES["year_from"],
        1900,
        2100,
        value=None,
        step=1,
        key="symptoms.year_from",
        placeholder="any year",
        width=160,
    )
    st.toggle(
        SWITCHES["direct"],
        key="symptoms.direct",
        help="Drops rows on techniques and features.",
    )
    st.toggle(SWITCHES["claims"], key="symptoms.claims")


def show_answer(
    loaded: Loaded,
    state: SymptomsState,
    cells: Mapping[Cell, Verdict],
    findings: Sequence[Record],
) -> None:
    """Say in sentences what is known of the chosen symptom, subject or both."""
    with st.container(key="legwise-answer"):
        if state.subject and state.symptom:
            _show_cell(loaded.catalogue, state, cells)
        elif state.symptom:
            _show_symptom(loaded, state, cells, findings)
        elif state.subject:
            _show_subject(loaded, state, cells)
        else:
            number = len({row["source_id"] for row in findings})
            st.markdown(
                f"**Choose a symptom, a kind of device, or both,** and read what "
                f"{counted(number, 'published source')} say, in plain sentences."
            )


def _show_cell(catalogue: Catalogue, state: SymptomsState, cells: Mapping[Cell, Verdict]) -> None:
    kind = _kinds(catalogue)[state.subject]
    verdict = cells[kind, state.subject, state.symptom]
    name = catalogue.subject_label(kind, state.subject)
    st.markdown(f"**{plain(name)}: {plain(verdict.words)}**")
    if verdict.tier:
        symptom = catalogue.names("symptoms")[state.symptom]
        st.markdown(plain(plain_sentence(verdict, name, symptom)))
        st.caption(plain(verdict.reason))
    findings = findings_of(catalogue, verdict.findings)
    show_findings(catalogue, findings[:MOST_FINDINGS])
    more = findings[MOST_FINDINGS:]
    if more:
        fold(
            f"{counted(len(more), 'more finding')}",
            f"symptoms.more.{state.subject}.{state.symptom}",
            lambda: show_findings(catalogue, more),
        )
    _link_subject(catalogue, state.subject, kind)


def _show_symptom(
    loaded: Loaded,
    state: SymptomsState,
    cells: Mapping[Cell, Verdict],
    findings: Sequence[Record],
) -> None:
    catalogue = loaded.catalogue
    row = catalogue.row("symptoms", state.symptom)
    st.markdown(f"**{plain(row['name'])}.** {plain(row['plain_description'])}")
    _show_lines(loaded, state, cells)
    fold(
        "Findings by direction and kind of study, as a chart",
        f"symptoms.bars.{state.symptom}",
        lambda: show_chart(
            symptom_bars(catalogue, findings, state.symptom, theme()), "symptoms.bars", wide=True
        ),
    )
    link("find", "Products of the types that target this symptom", {"symptom": [state.symptom]})


def _show_subject(loaded: Loaded, state: SymptomsState, cells: Mapping[Cell, Verdict]) -> None:
    catalogue = loaded.catalogue
    kind = _kinds(catalogue)[state.subject]
    st.markdown(f"**{plain(catalogue.subject_label(kind, state.subject))}**")
    _show_lines(loaded, state, cells)
    claims = [
        item for item in judge_claims(catalogue) if item.claim["device_type"] == state.subject
    ]
    if claims:
        fold(
            f"{counted(len(claims), 'claim')} of the article on it",
            f"symptoms.claims.{state.subject}",
            partial(_show_claims, catalogue, claims),
        )
    fold(
        "Its row of the map, and as a table",
        f"symptoms.strip.{state.subject}",
        lambda: _show_strip(catalogue, state.subject, kind, cells),
    )
    _link_subject(catalogue, state.subject, kind)


def _show_strip(
    catalogue: Catalogue, subject: str, kind: str, cells: Mapping[Cell, Verdict]
) -> None:
    strip = subject_strip(catalogue, kind, subject, cells, theme())
    st.plotly_chart(
        ready_figure(strip.figure),
        theme=None,
        config={"displayModeBar": False},
        key="symptoms.strip",
        alt=strip.alt,
    )
    show_table(strip.table, strip.alt)


def _link_subject(catalogue: Catalogue, subject: str, kind: str) -> None:
    if kind == "device_type":
        name = catalogue.names("device_types")[subject]
        with st.container(horizontal=True):
            link("type", f"All about {name}", {"id": [subject]})
            link("find", "Products of this type", {"device_type": [subject]})


def _show_lines(loaded: Loaded, state: SymptomsState, cells: Mapping[Cell, Verdict]) -> None:
    """Draw the verdicts of the chosen symptom or subject, each with a link to its findings."""
    # Every link leads to the map.
    state, colours = replace(state, tab="map"), theme()
    key = ("symptoms.lines", state, colours)
    st.html(loaded.keep(key, lambda: _lines(loaded, state, cells, PALETTES[colours])))


def _lines(
    loaded: Loaded, state: SymptomsState, cells: Mapping[Cell, Verdict], palette: Palette
) -> str:
    catalogue = loaded.catalogue

    def here(subject: str, symptom: str) -> str:
        there = replace(state, subject=subject, symptom=symptom)
        return address("symptoms", SYMPTOMS.encode(there, loaded.scope))

    def about(verdict: Verdict) -> str:
        if not state.symptom:
            return here("", verdict.symptom)
        if verdict.subject_kind == "device_type":
            return address("type", {"id": [verdict.subject]})
        return here(verdict.subject, "")

    lines, groups = verdict_lines(catalogue, cells, subject=state.subject, symptom=state.symptom)
    drawn = [
        {
            "ground": palette.tiers[line.verdict.tier - 1],
            "ink": palette.on_tiers[line.verdict.tier - 1],
            "words": f"{GLYPHS[line.verdict.direction]} {line.verdict.direction.replace('_', ' ')}",
            "name": line.name,
            "name_link": about(line.verdict),
            "text": line.sentence,
            "cell_link": here(line.verdict.subject, line.verdict.symptom),
        }
        for line in lines
        if line.verdict.tier and line.verdict.direction
    ]
    return verdict_list(
        "What was found, best first",
        drawn,
        [
            {
                "ground": palette.claimed
                if group[0].verdict.state == "claimed"
                else palette.searched,
                "ink": palette.text,
                "mark": MARKS[group[0].verdict.state],
                "words": words[0].upper() + words[1:],
                "names": [(line.name, about(line.verdict)) for line in group],
            }
            for words, group in groups.items()
        ],
    )


def judged(loaded: Loaded, wanted: EvidenceFilter) -> tuple[Selection, Mapping[Cell, Verdict]]:
    """Return the findings that count, and the verdict of every cell."""

    def make() -> tuple[Selection, Mapping[Cell, Verdict]]:
        selection = select_findings(loaded.catalogue, wanted)
        return selection, verdicts(loaded.catalogue, selection.kept, claims=wanted.claims)

    return loaded.keep(("symptoms.cells", wanted), make)


def show_map(
    loaded: Loaded,
    state: SymptomsState,
    cells: Mapping[Cell, Verdict],
    findings: Sequence[Record],
) -> None:
    """Draw the map or the bubbles, how they are read, and on a phone the symptoms as a list."""
    catalogue, scope = loaded.catalogue, loaded.scope
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "View",
            MAP_VIEWS,
            key="symptoms.view",
            format_func=str.capitalize,
            required=True,
            label_visibility="collapsed",
            width="content",
        )
        show_map_file(catalogue, state.wanted, SYMPTOMS.encode(state, scope))
    if state.view == "map":
        _show_map(loaded, state, cells)
        with st.container(key="legwise-narrow-symptoms-list"):
            _show_symptoms(loaded, state, cells)
    else:
        colours = theme()
        key = ("symptoms.bubbles", state.wanted, colours)
        chart = loaded.keep(key, lambda: ready(bubble_map(catalogue, findings, colours)))
        show_chart(chart, "symptoms.bubbles", wide=True)
    fold("How to read the map", "symptoms.legend", partial(_show_legend, catalogue))


def _show_legend(catalogue: Catalogue) -> None:
    show_map_legend()
    st.caption(plain(search_note(catalogue)))


def _show_map(loaded: Loaded, state: SymptomsState, cells: Mapping[Cell, Verdict]) -> None:
    """Draw the map; its heads and cells lead to what is known of them. A phone opens it."""
    catalogue = loaded.catalogue

    def here(subject: str = "", symptom: str = "") -> str:
        there = replace(state, subject=subject, symptom=symptom)
        return address("symptoms", SYMPTOMS.encode(there, loaded.scope))

    def draw(container: str) -> None:
        # Every link sets both symptom and subject, so the map depends on the switches alone.
        table = loaded.keep(
            ("symptoms.map", state.wanted),
            lambda: map_table(
                catalogue,
                MAP_ALT,
                cells=cells,
                symptom_link=lambda symptom: here("", symptom),
                row_link=lambda _, subject: here(subject),
                cell_link=here,
            ),
        )
        with st.container(key=f"legwise-{container}-symptoms-map"):
            st.html(table)

    # Thirteen columns cannot be read on a phone: there, choose one symptom.
    if on_phone():
        fold("The whole map", "symptoms.map", partial(draw, "scroll"))
    else:
        draw("wide")
    fold(
        "The map in words",
        "symptoms.words",
        lambda: show_table(map_words(catalogue, cells), MAP_ALT),
    )


def _show_symptoms(loaded: Loaded, state: SymptomsState, cells: Mapping[Cell, Verdict]) -> None:
    """Draw the symptoms, each with its number of types by direction."""
    state, colours = replace(state, subject="", symptom="", tab="map"), theme()
    key = ("symptoms.list", state, colours)
    st.html(loaded.keep(key, lambda: _symptoms(loaded, state, cells, PALETTES[colours])))


def _symptoms(
    loaded: Loaded, state: SymptomsState, cells: Mapping[Cell, Verdict], palette: Palette
) -> str:
    names = loaded.catalogue.names("symptoms")
    lines = []
    for symptom, counts in directions_by_symptom(cells).items():
        total, studied = counts.total(), counts.total() - counts[None]
        parts = [
            f"{sign} {direction.replace('_', ' ')} {counts[direction]}"
            for direction, sign in GLYPHS.items()
            if counts[direction]
        ]
        there = replace(state, symptom=symptom)
        lines.append(
            {
                "ground": palette.searched,
                "ink": palette.text,
                "words": f"{studied} of {total} studied",
                "name": names[symptom],
                "name_link": address("symptoms", SYMPTOMS.encode(there, loaded.scope)),
                "text": " · ".join(parts),
                "cell_link": "",
            }
        )
    return verdict_list("Symptoms, with the number of types and techniques by verdict", lines, [])


def show_claims(catalogue: Catalogue) -> None:
    """Draw the claims of the starting article, those with something to check first."""
    st.caption("Every claim of the starting article, and how it held up.")
    claims = judge_claims(catalogue)
    checked = [item for item in claims if item.claim["evidence_ids"] or item.claim["risk_factors"]]
    _show_claims(catalogue, checked)
    fold(
        "All claims, one by one",
        "symptoms.all_claims",
        partial(_show_claims, catalogue, claims),
    )
    fold(
        "All claims as a table",
        "symptoms.claim_table",
        lambda: show_table(
            claim_frame(claims), "Claims of the starting article and what studies say"
        ),
    )


def _show_claims(catalogue: Catalogue, claims: Sequence[ClaimVerdict]) -> None:
    for item in claims:
        show_claim(catalogue, item)


def show_studies(catalogue: Catalogue, state: SymptomsState, kept: Sequence[Record]) -> None:
    """Draw the studies of what was chosen by year, then by design and by people side by side."""
    shown = on_cell(kept, state.subject, state.symptom)
    st.caption(plain(_findings_on(catalogue, state, len(shown))))
    (first, by_year), *others = study_charts(catalogue, shown, theme()).items()
    if by_year.table.empty:
        st.info("No study is recorded for this choice.", icon=":material/search_off:")
        return
    show_charts({first: by_year})
    with st.container(key="legwise-beside"):
        for column, (heading, chart) in zip(st.columns(len(others)), others, strict=True):
            with column:
                show_charts({heading: chart})


def _findings_on(catalogue: Catalogue, state: SymptomsState, number: int) -> str:
    """Say on what there are so many: "2 findings on compression stockings and leg pain"."""
    symptom, subject = "all symptoms", "all subjects"
    if state.symptom:
        symptom = within_sentence(catalogue.names("symptoms")[state.symptom])
    if state.subject:
        kind = _kinds(catalogue)[state.subject]
        subject = within_sentence(catalogue.subject_label(kind, state.subject))
    return f"{counted(number, 'finding')} on {subject} and {symptom}"


def show_takeaway(
    catalogue: Catalogue, state: SymptomsState, scope: Scope, kept: Sequence[Record]
) -> None:
    """Offer the findings on what was chosen as files, as a notebook, and their sources."""
    shown = on_cell(kept, state.subject, state.symptom)
    filtered = "" if state.wanted == EvidenceFilter() else ", with the switches of the link"
    what = f"{_findings_on(catalogue, state, len(shown))}{filtered}"
    params = SYMPTOMS.encode(state, scope)
    st.caption(plain(what))
    show_downloads(
        catalogue,
        sheet="Findings",
        what=what,
        params=params,
        shown=lambda: finding_table(catalogue, tuple(shown)),
    )
    show_notebook(
        "symptoms",
        params,
        lambda link, today: symptoms_notebook(
            catalogue, state.wanted, state.subject, state.symptom, len(shown), link, today
        ),
    )
    show_citations(catalogue, [row["source_id"] for row in shown])


def _kinds(catalogue: Catalogue) -> dict[str, str]:
    return {subject: kind for kind, subject in subjects(catalogue)}
