"""Pages as notebooks: a view, a device list and findings, each from the state that drew it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd

from legwise.answers.devices import Answer
from legwise.answers.query import BY_FACTS, EVIDENCE_TIERS, SYMPTOM, DeviceQuery, describe, phrases
from legwise.answers.searched import fold, search_texts
from legwise.explore.figures import draw_groups
from legwise.explore.grouping import group_rows, order_values
from legwise.explore.matching import MatchingInMemory
from legwise.explore.program import Program
from legwise.explore.reading import (
    ROWS,
    give_rows,
    note_reading,
    read_file,
    read_findings,
    show_rows,
)
from legwise.explore.relations import Relation, join_relation
from legwise.explore.state import ExploreState, settle
from legwise.explore.steps import words_of_pairs
from legwise.explore.view import View
from legwise.exports.citations import references
from legwise.exports.notebook import Story, to_notebook
from legwise.facets.filters import Choice, Filter
from legwise.facets.index import TableIndex
from legwise.rules.findings import EvidenceFilter
from legwise.rules.verdicts import findings_of, judge_cells, verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Field, Join, within_sentence
from legwise.text.literals import Call, Name

CARRIED = (
    "The devices are in a database. This notebook holds what it shows of them, as it was counted "
    "or drawn there, and needs no files."
)


def explore_notebook(view: View, link: str, today: str) -> str:
    """Build the notebook of a view of the explore page."""
    relation = view.relation
    story = Story(
        f"Legwise: {view.title}",
        [
            relation.table.description,
            f"The screen showed {view.sentence}.",
            *view.notes,
            *([CARRIED] if view.program.carries else []),
        ],
        list(view.phrases.values()),
        link,
        today,
        references(view.matches),
    )
    return to_notebook(relation.catalogue, story, view.program, len(view.table))


def find_program(
    relation: Relation, answer: Answer, columns: Sequence[str], feature: str
) -> Program:
    """Return the code of the device list: its devices in order, and a feature by type.

    ``relation`` is the device table; ``columns`` are shown between summary and provenance (default:
    the usual ones).
    """
    catalogue, query = relation.catalogue, answer.query
    shown = ["brand", "model", "summary", *(columns or relation.table.listed), "provenance"]
    sort = query.sort if query.sort != BY_FACTS else ""
    used = {*shown, "device_type", feature, *filter(None, [sort])}
    program = Program()
    filters = {name: item for name, item in query.filters if name != SYMPTOM}
    note_reading(program, relation, {*used, "by_nature"}, filters)
    _note_symptoms(program, relation, query)
    _note_words(program, relation, query.text)
    if not sort:
        facts = [field.name for field in catalogue.package[relation.name].facts]
        call = Call(by_facts, ROWS, facts, most_first=query.descending or not query.sort)
        program.note("rows", call, "The order: by how much a page states.")
    give_rows(program, relation, used, answer.drawn)
    if sort:
        order = {"ascending": not query.descending, "kind": "stable"}
        if key := _sort_key(relation.table[sort]):
            order["key"] = key
        program.note("rows", Call("sort_values", ROWS, sort, **order), "The order.")
    table = show_rows(program, relation, shown)
    if len(table):
        group = ("device_type", feature) if feature != "device_type" else (feature,)
        _draw_counts(program, relation, ExploreState(relation.name, group=group))
    return program


def find_notebook(
    relation: Relation, answer: Answer, columns: Sequence[str], feature: str, link: str, today: str
) -> str:
    """Build the notebook of the device list, of the code that :func:`find_program` returns."""
    catalogue, query = relation.catalogue, answer.query
    program = find_program(relation, answer, columns, feature)
    sentences = [describe(query, catalogue, answer.total, answer.of) + "."]
    drawn, of = catalogue.drawn
    if drawn < of:
        sentences.append(
            f"The devices are in a database. This notebook runs on {drawn:,} of {of:,}, drawn at "
            f"random, as the table that the Data page offers; {len(answer.drawn):,} of them match. "
            "So its numbers are estimates, and what is rare may be missing."
        )
    if query.conditions:
        names = [within_sentence(catalogue.names("risk_factors")[key]) for key in query.conditions]
        lower = f"products with cautions for {' and '.join(names)} were ranked lower"
        sentences.append(f"On screen, {lower}; here they keep their order.")
    works: dict[str, None] = {}
    wanted = query.filter(SYMPTOM)
    if isinstance(wanted, Choice):
        for (kind, _, symptom), verdict in verdicts(catalogue).items():
            if kind == "device_type" and symptom in wanted.values:
                works |= dict.fromkeys(
                    row["source_id"] for row in findings_of(catalogue, verdict.findings)
                )
    sources = [(source.citation, source.link) for source in catalogue.sources(works)]
    story = Story(
        "Legwise: devices found",
        sentences,
        [phrase for _, phrase in phrases(query, catalogue)],
        link,
        today,
        (*references(MatchingInMemory(relation, answer.drawn)), *sources),
    )
    return to_notebook(catalogue, story, program, len(answer.drawn))


def symptoms_notebook(
    catalogue: Catalogue,
    wanted: EvidenceFilter,
    subject: str,
    symptom: str,
    rows: int,
    link: str,
    today: str,
) -> str:
    """Build the notebook of findings: those that count, works by subject and symptom, verdicts.

    ``subject`` and ``symptom`` are the open cell, or empty; ``rows`` counts findings on screen.
    """
    relation = join_relation(
        catalogue, Join("findings", "", "", "evidence", "sources", "source_id")
    )
    table = relation.table
    cell = {"subject": subject, "symptom": symptom}
    filters: dict[str, Filter] = {name: Choice((key,)) for name, key in cell.items() if key}
    filters |= wanted.filters
    matching = MatchingInMemory(relation, TableIndex(table, relation.frame).find(filters).rows)
    columns = [
        field.name
        for field in table.fields
        if field.name in relation.catalogue.package["evidence"].by_name
    ]
    columns = [name for name in columns if name not in (table.key, "subject_kind")]
    program = Program()
    note_reading(program, relation, {*columns, "level", "year"}, filters)
    program.note("verdicts", Call(judge_cells, ROWS), "The verdict of each subject and symptom.")
    give_rows(program, relation, {*columns, "year"}, matching.rows)
    kinds, cells = Name("verdicts", "subject_kind"), Name("verdicts", "subject")
    words = Call(words_of_pairs, kinds, cells, Name("subjects"))
    program.note(cells, words, "The verdicts in words.")
    for column in ("symptom", "direction"):
        cells = Name("verdicts", column)
        program.note(cells, Call("map", cells, Name("labels", column)))
    program.note(None, Name("verdicts"))
    show_rows(program, relation, [*columns, "year"])
    state = ExploreState(
        relation.name,
        group=("subject", "symptom"),
        aggregate="distinct",
        measure="source_id",
        chart="heat_map",
    )
    if matching.total:
        _draw_counts(program, relation, state)
    sentences = [
        f"The screen showed {rows:,} findings.",
        "The figure counts works, not findings. Claims are not in it: they are not studies.",
    ]
    story = Story(
        "Legwise: findings by subject and symptom",
        sentences,
        [item.words(table[name]) for name, item in filters.items()],
        link,
        today,
        references(matching),
    )
    return to_notebook(relation.catalogue, story, program, rows)


def _draw_counts(program: Program, relation: Relation, state: ExploreState) -> None:
    """Count groups as ``counts``, beside the table, and draw them."""
    state = settle(state, relation)
    order_values(program, relation, state.group)
    group_rows(program, state, "counts")
    draw_groups(program, relation, state, name="counts")


def _note_symptoms(program: Program, relation: Relation, query: DeviceQuery) -> None:
    """Note the symptom filter: products target symptoms through their type."""
    wanted = query.filter(SYMPTOM)
    if not isinstance(wanted, Choice):
        return
    is_claim_enough = query.evidence == "claimed" and not query.directions
    targets = Call(
        targets_of,
        read_findings(relation),
        EVIDENCE_TIERS[query.evidence],
        **({"directions": list(query.directions)} if query.directions else {}),
        **({"claims": read_file(relation, "claims")} if is_claim_enough else {}),
    )
    program.note("targets", targets, "Products of a type that targets the symptom.")
    kept = Call(targeting, ROWS, Name("targets"), list(wanted.values), every=wanted.match_all)
    program.note("rows", kept)


def _note_words(program: Program, relation: Relation, text: str) -> None:
    """Note the text search."""
    if text.strip():
        fields = [
            field for field in relation.catalogue.package[relation.name].fields if field.search
        ]
        searched = {field.name: search_texts(field) for field in fields}
        comment = "Products with every word in some column; ids are searched by their labels."
        program.note("searched", searched, comment)
        program.note("rows", Call(having_words, ROWS, Name("searched"), text))


def targets_of(
    findings: pd.DataFrame,
    weakest: int,
    directions: Collection[str] = (),
    claims: pd.DataFrame | None = None,
) -> set[tuple[str, str]]:
    """Return (type, symptom) pairs studied well enough, with one of the directions, or claimed."""
    cells = judge_cells(findings[findings["subject_kind"] == "device_type"])
    cells = cells[cells["tier"] <= weakest]
    if directions:
        cells = cells[cells["direction"].isin(directions)]
    targets = set(zip(cells["subject"], cells["symptom"], strict=True))
    if claims is not None:
        targets |= set(zip(claims["device_type"], claims["symptom"], strict=True))
    return targets


def targeting(
    rows: pd.DataFrame, targets: Collection[tuple[str, str]], wanted: list[str], every: bool
) -> pd.DataFrame:
    """Keep products of types that target any of the symptoms, or every one."""
    fits = all if every else any
    kept = [fits((kind, symptom) in targets for symptom in wanted) for kind in rows["device_type"]]
    return rows[pd.Series(kept, rows.index, dtype=bool)]


def having_words(
    rows: pd.DataFrame, searched: Mapping[str, Mapping[str, str]], text: str
) -> pd.DataFrame:
    """Keep the rows that have every word in some column, ignoring case and accents."""
    texts = pd.DataFrame(
        {
            column: rows[column].fillna("").replace(words).map(fold)
            for column, words in searched.items()
        }
    )
    for word in fold(text).split():
        fits = {column: cells.str.contains(word, regex=False) for column, cells in texts.items()}
        texts = texts[pd.DataFrame(fits).any(axis=1)]
    return rows.loc[texts.index]


def by_facts(rows: pd.DataFrame, facts: list[str], most_first: bool) -> pd.DataFrame:
    """Order by how many facts a page states, without those implied by the kind of product."""
    nature = rows["by_nature"].map(lambda names: names if isinstance(names, list) else [])
    stated = pd.Series(0, rows.index)
    for fact in facts:
        follows = pd.Series([fact in names for names in nature], rows.index, dtype=bool)
        stated += rows[fact].notna() & ~follows
    return rows.loc[stated.sort_values(ascending=not most_first, kind="stable").index]


def yes_first(cells: pd.Series) -> pd.Series:
    """Sort yes before no."""
    return cells.map({"yes": 0, "no": 1})


def whatever_case(cells: pd.Series) -> pd.Series:
    """Sort texts and joined lists, ignoring case."""
    texts = cells.map(lambda cell: ", ".join(cell) if isinstance(cell, list) else cell)
    return texts.map(str.casefold, na_action="ignore")


def _sort_key(field: Field) -> Callable[[pd.Series], pd.Series] | None:
    """Return a sort key for columns that do not sort as people expect."""
    if field.is_numeric:
        return None
    return yes_first if field.type == "boolean" else whatever_case
