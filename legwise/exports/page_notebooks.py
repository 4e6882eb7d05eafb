"""The pages as notebooks: a view, a device list, and findings, each from the state that drew it."""

from __future__ import annotations

from collections.abc import Sequence

from legwise.answers.devices import Answer
from legwise.answers.query import BY_FACTS, EVIDENCE_TIERS, SYMPTOM, DeviceQuery, describe, phrases
from legwise.explore.figures import draw_groups
from legwise.explore.literals import assign, literal
from legwise.explore.reading import VERDICT_CODE, words_code
from legwise.explore.relations import Relation, join_relation
from legwise.explore.state import ExploreState, settle, value_name
from legwise.explore.view import View
from legwise.explore.worksheet import Block, Worksheet
from legwise.exports.citations import references
from legwise.exports.notebook import Story, to_notebook
from legwise.facets.filters import Choice, Filter, Span
from legwise.rules.findings import EvidenceFilter
from legwise.rules.verdicts import findings_of, verdicts
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Field, Join
from legwise.tables.vocabularies import CALLED

FIGURE = "The figure."


def explore_notebook(view: View, link: str, today: str) -> str:
    """Notebook of a view of the explore page."""
    relation = view.relation
    story = Story(
        f"Legwise: {view.title}",
        [relation.table.description, f"The screen showed {view.sentence}.", *view.notes],
        list(view.phrases.values()),
        link,
        today,
        references(relation, view.found.rows),
    )
    figures = {FIGURE: view.explored.figure.to_json()} if view.explored else {}
    return to_notebook(relation.catalogue, story, view.blocks, len(view.table), figures)


def find_notebook(
    relation: Relation, answer: Answer, columns: Sequence[str], feature: str, link: str, today: str
) -> str:
    """Notebook of the device list: the devices found, in their order, and a feature of them by type.

    ``relation`` is that of the devices; ``columns`` are those shown besides what it is and its provenance (default: the usual).
    """
    catalogue, query = relation.catalogue, answer.query
    shown = ["brand", "model", "summary", *(columns or relation.table.listed), "provenance"]
    filters = {name: item for name, item in query.filters if name != SYMPTOM}
    before = [*_more_filters(relation, query), *_order_by_facts(relation, query)]
    sheet = Worksheet(
        relation,
        {*shown, "device_type", feature, *_sorted_by(query)},
        filters,
        answer.rows,
        before,
        ["by_nature"],
    )
    for name in _sorted_by(query):
        ascending = ", ascending=False" if query.descending else ""
        key = _sort_key(relation.table[name])
        sheet.note(
            "The order.", f'rows = rows.sort_values({literal(name)}{ascending}, kind="stable"{key})'
        )
    table = sheet.shown(shown)
    figures = {}
    if len(table):
        group = ("device_type", feature) if feature != "device_type" else (feature,)
        figures = _count_figure(sheet, ExploreState(relation.name, group=group))
    sentences = [describe(query, catalogue, answer.total, answer.of) + "."]
    if query.conditions:
        names = [catalogue.names("risk_factors")[key].lower() for key in query.conditions]
        said = f"products with cautions for {' and '.join(names)} stood lower"
        sentences.append(f"On screen, {said}; here they keep their order.")
    works: dict[str, None] = {}
    wanted = query.filter(SYMPTOM)
    if isinstance(wanted, Choice):
        for (kind, _, symptom), verdict in verdicts(catalogue).items():
            if kind == "device_type" and symptom in wanted.values:
                works |= dict.fromkeys(
                    row["source_id"] for row in findings_of(catalogue, verdict.findings)
                )
    sources = [(source.citation, source.link) for source in catalogue.sources(works)]
    filters_said = [phrase for _, phrase in phrases(query, catalogue)]
    story = Story(
        "Legwise: devices found",
        sentences,
        filters_said,
        link,
        today,
        (*references(relation, answer.rows), *sources),
    )
    return to_notebook(catalogue, story, sheet.blocks, answer.total, figures)


def symptoms_notebook(
    catalogue: Catalogue,
    wanted: EvidenceFilter,
    subject: str,
    symptom: str,
    rows: int,
    link: str,
    today: str,
) -> str:
    """Notebook of findings: those that count, how many works there are by subject and symptom, and the verdicts.

    ``subject`` and ``symptom`` are the open cell, or empty; ``rows`` is the number of findings on screen.
    """
    relation = join_relation(
        catalogue, Join("findings", "", "", "evidence", "sources", "source_id")
    )
    table = relation.table
    chosen: dict[str, tuple[str, ...]] = {
        "subject": (subject,) if subject else (),
        "symptom": (symptom,) if symptom else (),
        "subject_kind": ("device_type",) if wanted.direct else (),
        "population_group": wanted.populations,
        "design": wanted.designs,
        "direction": wanted.directions,
    }
    filters: dict[str, Filter] = {name: Choice(values) for name, values in chosen.items() if values}
    if wanted.max_level < EvidenceFilter.max_level:
        filters["level"] = Span(high=wanted.max_level)
    if wanted.year_from is not None:
        filters["year"] = Span(low=wanted.year_from)
    found = relation.index.find(filters)
    columns = [
        field.name
        for field in table.fields
        if field.name in relation.catalogue.package["evidence"].by_name
    ]
    columns = [name for name in columns if name not in (table.key, "subject_kind")]
    sheet = Worksheet(relation, {*columns, "year"}, filters, found.rows)
    sheet.shown([*columns, "year"])
    sheet.note(
        "The verdict of each cell: its direction and its best level. Findings without a level do not count.",
        CELL_VERDICTS,
    )
    state = ExploreState(
        relation.name,
        group=("subject", "symptom"),
        aggregate="distinct",
        measure="source_id",
        chart="heat_map",
    )
    figures = _count_figure(sheet, state) if len(found.rows) else {}
    said = [item.words(table[name]) for name, item in filters.items()]
    sentences = [
        f"The screen showed {rows:,} findings.",
        "The figure counts works, not findings. Claims are not in it: they are no studies.",
    ]
    story = Story(
        "Legwise: findings by subject and symptom",
        sentences,
        said,
        link,
        today,
        references(relation, found.rows),
    )
    return to_notebook(relation.catalogue, story, sheet.blocks, rows, figures)


CELL_VERDICTS = """levelled = rows[rows["level"].notna()]
best = levelled.groupby(["subject", "symptom"])["level"].transform("min")
# The direction is read from levels 1 and 2 where there are any, else from levels 3 and 4.
cells = levelled[(levelled["level"] <= 2) | (best > 2)].groupby(["subject", "symptom"])
mixed = cells["direction"].nunique() > 1
verdicts = pd.DataFrame(
    {
        "direction": cells["direction"].first().mask(mixed, labels["direction"]["mixed"]),
        "best_level": cells["level"].min(),
        "works": levelled.groupby(["subject", "symptom"])["source_id"].nunique(),
    }
).reset_index()
verdicts"""


def _count_figure(sheet: Worksheet, state: ExploreState) -> dict[str, str]:
    """Count groups under a name of their own, draw them, and return the figure by the comment of its block."""
    state = settle(state, sheet.relation)
    sheet.rows = sheet.categorise(sheet.rows, "rows", state.group)
    counts = sheet.grouped(state.group, state.aggregate, state.measure, value_name(state), "counts")
    explored = draw_groups(sheet, counts, state, name="counts")
    return {FIGURE: explored.figure.to_json()} if explored else {}


def _more_filters(relation: Relation, query: DeviceQuery) -> list[Block]:
    """Code of the filters that no single column says: symptoms through the type, and words searched for."""
    blocks = []
    wanted = query.filter(SYMPTOM)
    if isinstance(wanted, Choice):
        blocks.append(
            Block(
                "Products whose type targets the symptom.", _symptom_code(relation, query, wanted)
            )
        )
    if query.text.strip():
        blocks.append(
            Block("Products that have every word somewhere.", _text_code(relation, query.text))
        )
    return blocks


def _symptom_code(relation: Relation, query: DeviceQuery, wanted: Choice) -> str:
    package = relation.catalogue.package
    paths = {name: literal(package[name].path) for name in ("evidence", "claims")}
    lines = [VERDICT_CODE.format(**paths)]
    lines.append(f'found = found[found["tier"].astype(int) <= {EVIDENCE_TIERS[query.evidence]}]')
    if query.directions:
        lines.append(f'found = found[found["direction"].isin({literal(list(query.directions))})]')
    lines.append('targets = set(zip(found["subject"], found["symptom"]))')
    if query.evidence == "claimed" and not query.directions:
        lines += [
            f"claims = read({paths['claims']})",
            'targets |= set(zip(claims["device_type"], claims["symptom"]))',
        ]
    every = "all" if wanted.match_all else "any"
    lines += [
        assign("wanted", list(wanted.values)),
        f'fits = [{every}((kind, symptom) in targets for symptom in wanted) for kind in rows["device_type"]]',
        "rows = rows[pd.Series(fits, rows.index, dtype=bool)]",
    ]
    return "\n".join(lines)


def _text_code(relation: Relation, text: str) -> str:
    catalogue = relation.catalogue
    lines = [
        "from unicodedata import combining, normalize",
        "",
        "",
        "def fold(text):",
        '    """Text without case and accents."""',
        '    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))',
        "",
        "",
        "searched = pd.DataFrame(index=rows.index)",
    ]
    for field in relation.catalogue.package[relation.name].fields:
        if field.search:
            cells = f"rows[{literal(field.name)}]"
            words = field.labels
            if words:
                lines += words_code(catalogue, "words", field, words)
                lines += _everyday_code(catalogue, field)
            named = f"{cells}.replace(words)" if words else cells
            lines.append(f'searched[{literal(field.name)}] = {named}.fillna("").map(fold)')
    lines += [
        f"for word in fold({literal(text)}).split():",
        "    has_word = searched.apply(lambda cells: cells.str.contains(word, regex=False)).any(axis=1)",
        "    rows, searched = rows[has_word.loc[rows.index]], searched[has_word]",
    ]
    return "\n".join(lines)


def _everyday_code(catalogue: Catalogue, field: Field) -> list[str]:
    """Lines that put everyday words behind the words of a field's ids."""
    if not field.also:
        return []
    table = catalogue.package[field.references]
    lines = [f"called = read({literal(table.path)}).set_index({literal(table.key)})"]
    for item in table.fields:
        if item.name in CALLED:
            column = f"called[{literal(item.name)}]"
            said = (
                f'{column}.str.replace({literal(item.delimiter)}, " ")'
                if item.is_list
                else f"{column}.replace({literal(item.labels)})"
            )
            lines.append(
                f'words = {{key: f"{{words[key]}} {{cell}}" for key, cell in {said}.fillna("").items()}}'
            )
    return lines


def _sorted_by(query: DeviceQuery) -> tuple[str, ...]:
    """Column the list is ordered by, if it is one."""
    return (query.sort,) if query.sort and query.sort != BY_FACTS else ()


def _order_by_facts(relation: Relation, query: DeviceQuery) -> list[Block]:
    """Code of the order by how much a product's page states."""
    if _sorted_by(query):
        return []
    facts = [field.name for field in relation.catalogue.package[relation.name].facts]
    down = query.descending or not query.sort
    lines = [
        assign("facts", facts),
        'nature = rows["by_nature"].map(lambda names: names if isinstance(names, list) else [])',
        "stated = sum((rows[fact].notna() & ~nature.map(lambda names: fact in names)).astype(int) for fact in facts)",
        f'rows = rows.loc[stated.sort_values(ascending={not down}, kind="stable").index]',
    ]
    return [
        Block(
            "The order: by how much a page states, without what follows from the kind of product.",
            "\n".join(lines),
        )
    ]


def _sort_key(field: Field) -> str:
    """Argument of ``sort_values`` for what does not sort by itself as people expect."""
    if field.is_numeric:
        return ""
    if field.type == "boolean":
        return ', key=lambda cells: cells.map({"yes": 0, "no": 1})'
    if field.is_list:
        return ', key=lambda cells: cells.map(lambda own: ", ".join(own).casefold(), na_action="ignore")'
    return ', key=lambda cells: cells.map(str.casefold, na_action="ignore")'
