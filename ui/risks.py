"""The tabs of the risks page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from legwise.answers.absolute_numbers import numbers_of
from legwise.answers.risk_factors import (
    EVERY,
    LARGEST,
    MOST_RATIOS,
    chosen_ratios,
    effect_frame,
    effect_sentence,
    effects,
    on_outcome,
    outcomes,
    risk_frame,
)
from legwise.charts.risk_factors import caution_matrix, flow, forest_plot, prevalence_bars
from legwise.links.risks import MOST_SIDE_BY_SIDE, RisksState, circulation_factors, flow_factors
from legwise.rules.cautions import (
    NO_PROOF,
    NOTHING_RECORDED,
    NOTHING_RECORDED_LABEL,
    SEVERITY_GLYPHS,
    Caution,
    acceptances,
    cautions_by_subject,
    conditions,
    grade,
    most_cautioned,
)
from legwise.rules.wording import EFFECT_PARTS, RATIO_NOTE
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.choosers import ask_one, ask_several
from ui.draw import show_acceptances, show_cautions, show_chart, show_numbers, source_links
from ui.filters import ask_conditions
from ui.fold import Fold, fold, folds
from ui.html_tables import show_risk_factors, show_table, theme
from ui.page import address, link
from ui.words import meanings

#: Most conditions offered as buttons.
MOST_STARTS = 8


def show_my_cautions(catalogue: Catalogue, state: RisksState) -> None:
    """Draw the choice of conditions, and for every type its cautions, most severe first."""
    words = meanings(catalogue, "contraindicated", "ask_clinician", "nothing_recorded")
    ask_conditions(catalogue, "risks", words)
    if state.conditions:
        st.caption(NO_PROOF)
        grouped = cautions_by_subject(catalogue, state.conditions)
        cautions = {
            key: grouped.get(Subject.type(key), ()) for key in catalogue.keys("device_types")
        }
        keys = sorted(cautions, key=lambda key: grade(catalogue, cautions[key]))
        folds([_type_fold(catalogue, key, cautions[key], state.conditions) for key in keys])
        with st.container(horizontal=True):
            chosen = {"condition": list(state.conditions)}
            link("find", "Find devices with these conditions marked", chosen)
            link("match", "A shortlist for these conditions", chosen)
    else:
        st.info(
            "Choose conditions to see, for every type of device, what to avoid, and who says so.",
            icon=":material/health_and_safety:",
        )
        _ask_start(catalogue)
    shown = list(state.conditions or conditions(catalogue))
    fold(
        f"Cautions at a glance: {counted(len(shown), 'condition')} by types and techniques",
        "risks.glance",
        lambda: show_chart(caution_matrix(catalogue, shown, theme()), "risks.matrix", wide=True),
    )


def _type_fold(
    catalogue: Catalogue, key: str, cautions: Sequence[Caution], conditions: Sequence[str]
) -> Fold:
    """Return a type as one line, to open: its cautions beside the statements that accept it."""
    name, sign = catalogue.names("device_types")[key], SEVERITY_GLYPHS[NOTHING_RECORDED]
    words = NOTHING_RECORDED_LABEL
    accepting = acceptances(catalogue, key, conditions)
    if cautions:
        sign, words = cautions[0].label.split(" ", 1)
    more = [f"{len(cautions) - 1} more"] if len(cautions) > 1 else []
    more += [f"{counted(len(accepting), 'statement')} that it may be used"] if accepting else []
    line = "; ".join((words, *more))

    def draw() -> None:
        with st.container(key=f"legwise-for-against-{key}"):
            against, accepted = st.columns(2) if accepting else (st.container(), None)
            with against:
                show_cautions(catalogue, cautions)
            if accepted:
                with accepted:
                    show_acceptances(catalogue, key, conditions)
        where = address("type", {"id": [key], "condition": list(conditions)})
        st.markdown(f"[All about {plain(name)}]({where})")

    return Fold(f"{sign} **{plain(name)}**: {plain(line)}", f"risks.type.{key}", draw)


def _ask_start(catalogue: Catalogue) -> None:
    """Offer the conditions with most cautions as buttons."""
    st.markdown("**Most cautions are recorded for**")
    names = conditions(catalogue)
    with st.container(horizontal=True):
        for key in most_cautioned(catalogue)[:MOST_STARTS]:
            st.button(
                plain(names[key]),
                key=f"risks.start.{key}",
                on_click=partial(st.session_state.update, {"risks.conditions": [key]}),
            )


def show_factors(catalogue: Catalogue, state: RisksState) -> None:
    """Draw the risk factors: side by side if several are chosen, else one below the other."""
    _ask_kinds(catalogue)
    _ask_some(catalogue)
    rows = state.factors(catalogue)
    risks = risk_frame(catalogue, rows)
    if risks.empty:
        st.info("No risk factors match these filters.", icon=":material/search_off:")
    elif len(state.side_by_side) > 1:
        show_table(
            risks.set_index(risks.columns[0]).T.reset_index(names="Attribute"),
            "Risk factors side by side",
        )
    else:
        st.caption(
            f"{counted(len(rows), 'risk factor')}. Open one for how it acts and who says so."
        )
        ids = ("source_ids", "prevalence_source_ids", "effect_source_ids")
        sources = [
            catalogue.sources(dict.fromkeys(key for name in ids for key in row[name] or ()))
            for row in rows
        ]
        show_risk_factors(risks, sources)
    fold(
        "How common are they?",
        "risks.common",
        lambda: show_chart(prevalence_bars(catalogue, theme()), "risks.prevalence"),
    )


def show_effects(catalogue: Catalogue, state: RisksState) -> None:
    """Draw the effect sizes: the largest, or those of one outcome or of some risk factors."""
    numbers = outcomes(catalogue)
    labels = {
        LARGEST: f"{MOST_RATIOS} farthest from 1",
        EVERY: f"All {sum(numbers.values()):,}",
        **{name: f"{name} ({number})" for name, number in numbers.items()},
    }
    with st.container(horizontal=True):
        ask_one(
            "Outcome",
            list(labels),
            key="risks.outcome",
            format_func=labels.__getitem__,
            help=meanings(catalogue, "odds_ratio", "hazard_ratio", "relative_risk", "interval"),
        )
        _ask_some(catalogue)
    forest = forest_plot(catalogue, state.side_by_side, theme(), state.outcome)
    if forest:
        show_chart(forest, "risks.forest", wide=True)
    else:
        st.info("No ratio is recorded for this choice.", icon=":material/search_off:")
    ratios, words = effects(catalogue, state.side_by_side)
    words = on_outcome(words, state.outcome)
    results = [*chosen_ratios(ratios, state.outcome), *words]
    if results:
        fold(
            f"{counted(len(results), 'result')} in plain words, with numbers of 100 where stated",
            "risks.said",
            partial(_show_words, catalogue, results),
        )
    if words:
        fold(
            f"{counted(len(words), 'result')} not given as one ratio",
            "risks.words",
            lambda: show_table(
                effect_frame(catalogue, words), "Results on risk factors that are not one ratio"
            ),
        )


def _show_words(catalogue: Catalogue, rows: Sequence[Record]) -> None:
    """Draw effects in plain words, those with numbers of 100 first."""
    st.caption(plain(RATIO_NOTE))
    stated = numbers_of(catalogue)
    for row in sorted(rows, key=lambda row: row["effect_id"] not in stated):
        links = source_links(catalogue.sources([row["source_id"]]))
        note = EFFECT_PARTS["note"].format(note=row["note"]) if is_stated(row["note"]) else ""
        st.markdown(f"- {plain(effect_sentence(catalogue, row) + note)} {links}")
        show_numbers(catalogue, [row["effect_id"]])


def show_pathways(catalogue: Catalogue, state: RisksState) -> None:
    """Draw what one risk factor leads to, and the types studied for that."""
    labels = catalogue.choices("risk_factors")
    ask_one(
        "Risk factor", flow_factors(catalogue), key="risks.flow", format_func=labels.__getitem__
    )
    ways = flow(catalogue, state.flow, theme())
    if ways:
        show_chart(ways, "risks.ways", wide=True)


def _ask_kinds(catalogue: Catalogue) -> None:
    table = catalogue.package["risk_factors"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, key in (("kind", "kinds"), ("modifiable", "modifiable")):
            labels = table[name].labels
            ask_several(
                table[name].title,
                list(labels),
                key=f"risks.{key}",
                format_func=labels.__getitem__,
                placeholder="all",
                width=300,
            )
        st.toggle("Only those the article names", key="risks.in_article")


def _ask_some(catalogue: Catalogue) -> None:
    """Draw the choice of some risk factors; the table shows two or more side by side."""
    ask_several(
        f"Only these risk factors (up to {MOST_SIDE_BY_SIDE})",
        circulation_factors(catalogue),
        key="risks.side_by_side",
        format_func=catalogue.choices("risk_factors").__getitem__,
        max_selections=MOST_SIDE_BY_SIDE,
        placeholder="all of them",
    )
