"""A comparison as a notebook: the same rows and columns, worked out from the CSV files alone.

Cells say the same as on screen in fewer words: numbers in the units of the tables, and cautions without the kind of
their sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from legwise.answers.comparison import ROW_CHOICES, Comparison, RowChoice
from legwise.answers.side_by_side import says_of_a_type
from legwise.charts.theme import PALETTES
from legwise.explore.literals import assign, literal
from legwise.explore.reading import VERDICT_CODE
from legwise.explore.relations import Relation
from legwise.explore.worksheet import Worksheet
from legwise.exports.notebook import Story, to_notebook
from legwise.rules.cautions import NOTHING_RECORDED_MARK, OUR_READING, SEVERITY_GLYPHS, cautions_for
from legwise.rules.verdicts import IN_GENERAL, STATE_WORDS, TIER_WORDS
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED_LABEL
from legwise.tables.subjects import Subject

FACTS = f'''def say(cell, unit):
    """One cell of a product in words."""
    if isinstance(cell, list):
        return ", ".join(cell)
    if pd.isna(cell):
        return "{NOT_STATED_LABEL}"
    return f"{{cell:,.10g}} {{unit}}".strip() if isinstance(cell, float) else cell


def sum_up(cells, unit):
    """One column of all products of a type in words."""
    stated = cells.dropna()
    if stated.empty:
        return "{NOT_STATED_LABEL}" if len(cells) else "no products"
    if cells.dtype == "float64":
        words = f"{{stated.min():,.10g}} to {{stated.max():,.10g}} {{unit}}".strip() + f", median {{stated.median():,.10g}}"
    else:
        counts = stated.explode().value_counts()
        words = ", ".join(f"{{value}} {{number}}" for value, number in counts.items()) if len(counts) < 15 else "many"
    return f"{{words}} ({{len(stated)}} of {{len(cells)}} state it)"


for group, title, column, unit in attributes:
    cells = []
    for kind, key, name in items:
        if kind == "device":
            cells.append(say(rows.loc[rows["device_id"] == key, column].iloc[0], unit))
        else:
            cells.append(name if column == "device_type" else sum_up(rows.loc[types == key, column], unit))
    lines.append([group, title, *cells])'''

TYPES = """types = rows["device_type"].map({{name: key for key, name in labels["device_type"].items()}})
type_of = {{key: key if kind == "type" else types[rows["device_id"] == key].iloc[0] for kind, key, _ in items}}
about_types = read({device_types}).set_index("device_type")
lines = []
for group, title, column, delimiter, words in type_attributes:
    cells = [about_types.loc[type_of[key], column] for _, key, _ in items]
    parts = [[] if pd.isna(cell) else cell.split(delimiter) if delimiter else [cell] for cell in cells]
    cells = [", ".join(words.get(part, part) for part in own) or {not_stated} for own in parts]
    lines.append([group, title, *cells])"""

EVIDENCE = """claims = read({claims})
found = found.set_index(["subject", "symptom"])
works = []
for symptom, title in read({symptoms})[["symptom", "name"]].itertuples(index=False):
    claimed = set(claims.loc[claims["symptom"] == symptom, "device_type"].fillna("any"))
    cells = []
    for _, key, name in items:
        cell = (type_of[key], symptom)
        if cell in found.index:
            verdict = found.loc[cell]
            cells.append(f"{{directions[verdict['direction']]}}, {{tiers[verdict['tier']]}}: {{verdict['studies']:.0f}}")
            works.append([title, name, verdict["studies"]])
        else:
            general = {general} if "any" in claimed else {searched}
            cells.append({claimed} if type_of[key] in claimed else general)
    lines.append([{group}, title, *cells])"""

CAUTIONS = '''devices = read({devices}).set_index("device_id")
cautions = read({cautions})
names = read({risk_factors}).set_index("risk_factor")["name"]
copies = read({sources}).dropna(subset=["copy_of"]).set_index("source_id")["copy_of"].to_dict()


def label(row):
    """A caution in one line. A copy of a text counts as its original."""
    works = len({{copies.get(source, source) for source in row.source_ids.split({sources_delimiter})}})
    about = [
        "" if pd.isna(row.limits) else row.limits,
        through.get((row.subject_kind, row.subject), ""),
        "1 source" if works == 1 else f"{{works}} sources",
        {our_reading} if row.severity_basis == "inferred" else "",
    ]
    name = names[row.risk_factor]
    name = name if name[:2].isupper() else name[:1].lower() + name[1:]
    return f"{{severities[row.severity]}} with {{name}} ({{'; '.join(part for part in about if part)}})"


order = list(severities)
recorded = []
for kind, key, _ in items:
    subjects = {{("device_type", type_of[key])}}
    if kind == "device":
        device = devices.loc[key]
        subjects |= {{("technique", own) for own in str(device["techniques"]).split({delimiter})}}
        subjects |= {{("feature", feature) for feature in features if device[feature] == "yes"}}
    pairs = pd.Series(list(zip(cautions["subject_kind"], cautions["subject"])), cautions.index, dtype="object")
    own = cautions[pairs.isin(subjects)]
    recorded.append(own.sort_values("severity", key=lambda cells: cells.map(order.index), kind="stable"))
for factor in [*conditions, *(other for other in names.index if other not in conditions)]:
    cells = []
    for own in recorded:
        mine = own[own["risk_factor"] == factor]
        said = [f"{{label(row)}}: {{row.reason}}" for row in mine.itertuples()]
        cells.append("; ".join(said) or {nothing})
    if factor in conditions or any(cell != {nothing} for cell in cells):
        lines.append([{chosen} if factor in conditions else {rest}, names[factor], *cells])'''

REGULATION = """regulation = read({regulation})
about = regulation[["subject_kind", "subject", "jurisdiction"]].apply(tuple, axis=1, result_type="reduce")
for jurisdiction, place in jurisdictions.items():
    cells = []
    for _, key, _ in items:
        wanted = ("device_type", type_of[key], jurisdiction)
        rules = regulation[about.isin([wanted])]
        grades = rules["device_class"].map(classes).fillna("class not seen")
        said = [f"{{title}}: {{grade}} ({{rule}})" for title, grade, rule in zip(rules["title"], grades, rules["regulation"])]
        cells.append("; ".join(said) or "nothing found")
    lines.append([{group}, f"Legal class, {{place}}", *cells])
cleared = read({clearances})
numbers = [cleared.loc[cleared["device_type"] == type_of[key], "k_number"] for _, key, _ in items]
cells = [f"{{len(own)}}: {{', '.join(own)}}" if len(own) else "none found" for own in numbers]
lines.append([{group}, "FDA clearances of the type", *cells])"""

FIGURE = """# How many works there are on each symptom; none stands where no study was found.
figure = px.bar(
    pd.DataFrame(works, columns=["Symptom", "Column", "Studies"]),
    x="Studies",
    y="Symptom",
    color="Column",
    barmode="group",
    orientation="h",
    text_auto=True,
    color_discrete_sequence=colours,
    template="plotly_white",
)
figure.update_yaxes(autorange="reversed")
figure.update_layout(height=160 + 60 * len(set(symptom for symptom, _, _ in works)))
figure"""


def compare_notebook(
    relation: Relation,
    whole: Comparison,
    rows: RowChoice,
    conditions: Sequence[str],
    link: str,
    today: str,
) -> str:
    """Notebook of a comparison, of which the screen shows the choice ``rows``; ``relation`` is that of the devices."""
    catalogue = relation.catalogue
    devices = catalogue.package["devices"]
    by_type = not any(item.kind == "device" for item in whole.items)
    fields = [
        field
        for field in devices.fields
        if field.group and field.name not in catalogue.package["devices"].named_by
    ]
    fields = [field for field in fields if not by_type or says_of_a_type(field)]
    names = [field.name for field in fields]
    sheet = Worksheet(relation, {"device_id", "device_type", *names}, {}, np.arange(0))
    titles = dict(catalogue.package.groups)
    sheet.note(
        "What stands side by side: kind, id and name of the columns, then the rows.",
        assign(
            "items",
            [
                (item.kind, item.key, label)
                for item, label in zip(whole.items, whole.labels, strict=True)
            ],
        ),
        assign("conditions", list(conditions)),
        assign(
            "attributes",
            [(titles[field.group], field.title, field.name, field.unit) for field in fields],
        ),
    )
    sheet.note("What is said of their types.", *_type_lines(catalogue))
    sheet.note("What the products state.", FACTS)
    heads = {group.name: group.title for group in whole.groups}
    sheet.note("What was found for each symptom.", *_evidence_lines(catalogue, heads))
    sheet.note("What calls for care.", *_caution_lines(catalogue, heads))
    sheet.note("The legal side.", *_regulation_lines(catalogue, heads))
    order = [group.title for group in whole.groups]
    lines = [
        'table = pd.DataFrame(lines, columns=["Group", "Attribute", *(name for _, _, name in items)])',
        assign("groups", order),
        'table = table.sort_values("Group", key=lambda cells: cells.map(groups.index), kind="stable", ignore_index=True)',
    ]
    shown = whole.only(rows)
    if rows != "all":
        kept = [(group.title, row.title) for group in shown.groups for row in group.rows]
        lines += [
            f"# {ROW_CHOICES[rows]}, as chosen on screen.",
            assign("kept", kept),
            'pairs = pd.Series(list(zip(table["Group"], table["Attribute"])), dtype="object")',
            "table = table[pairs.isin(kept)].reset_index(drop=True)",
        ]
    sheet.note("The table.", *lines, makes_table=True)
    sheet.note("The figure.", assign("colours", list(PALETTES["light"].kinds)), FIGURE)
    story = Story(
        f"Legwise: {', '.join(whole.labels)}",
        [
            "Side by side: features, evidence by symptom, cautions and legal class. A type's cells sum up its products."
        ],
        [
            *([ROW_CHOICES[rows]] if rows != "all" else []),
            *(catalogue.names("risk_factors")[key] for key in conditions),
        ],
        link,
        today,
        _references(shown),
    )
    return to_notebook(catalogue, story, sheet.blocks, len(shown.frame()))


def _type_lines(catalogue: Catalogue) -> list[str]:
    table, titles = catalogue.package["device_types"], dict(catalogue.package.groups)
    shown = [field for field in table.fields if field.group and field.name != table.label_field]
    facts = [
        (
            titles[field.group],
            field.title,
            field.name,
            field.delimiter if field.is_list else "",
            field.labels,
        )
        for field in shown
    ]
    return [
        assign("type_attributes", facts),
        TYPES.format(device_types=literal(table.path), not_stated=literal(NOT_STATED_LABEL)),
    ]


def _evidence_lines(catalogue: Catalogue, heads: Mapping[str, str]) -> list[str]:
    paths = {
        name: literal(catalogue.package[name].path) for name in ("evidence", "claims", "symptoms")
    }
    words = {
        "claimed": literal(STATE_WORDS["claimed"]),
        "general": literal(STATE_WORDS["claimed"].replace("claimed", IN_GENERAL, 1)),
        "searched": literal(STATE_WORDS["searched"]),
        "group": literal(heads["evidence"]),
    }
    return [
        VERDICT_CODE.format(**paths),
        assign("directions", catalogue.package["evidence"]["direction"].labels),
        assign("tiers", {str(tier): name for tier, name in TIER_WORDS.items()}),
        EVIDENCE.format(**paths, **words),
    ]


def _caution_lines(catalogue: Catalogue, heads: Mapping[str, str]) -> list[str]:
    package = catalogue.package
    paths = {
        name: literal(package[name].path)
        for name in ("devices", "cautions", "risk_factors", "sources")
    }
    cautions = cautions_for(catalogue, {Subject.of(row) for row in catalogue.records("cautions")})
    parts = {
        (caution.subject_kind, caution.subject): caution.through
        for caution in cautions
        if caution.indirect
    }
    severities = package["cautions"]["severity"].labels
    return [
        assign(
            "severities",
            {key: f"{SEVERITY_GLYPHS[key]} {label}" for key, label in severities.items()},
        ),
        assign("through", dict(sorted(parts.items()))),
        assign("features", [field.name for field in package["devices"].features]),
        CAUTIONS.format(
            **paths,
            delimiter=literal(package["devices"]["techniques"].delimiter),
            sources_delimiter=literal(package["cautions"]["source_ids"].delimiter),
            our_reading=literal(OUR_READING),
            nothing=literal(NOTHING_RECORDED_MARK),
            chosen=literal(heads.get("chosen_conditions", "")),
            rest=literal(heads.get("cautions", "")),
        ),
    ]


def _regulation_lines(catalogue: Catalogue, heads: Mapping[str, str]) -> list[str]:
    package = catalogue.package
    table = package["regulation"]
    return [
        assign("jurisdictions", table["jurisdiction"].labels),
        assign("classes", table["device_class"].labels),
        REGULATION.format(
            regulation=literal(table.path),
            clearances=literal(package["clearances"].path),
            group=literal(heads["regulation"]),
        ),
    ]


def _references(shown: Comparison) -> tuple[tuple[str, str], ...]:
    works = [
        source
        for group in shown.groups
        for row in group.rows
        for cell in row.cells
        for source in cell.sources
    ]
    pages = [
        (label, item.link)
        for item, label in zip(shown.items, shown.labels, strict=True)
        if item.link
    ]
    return (*pages, *((source.citation, source.link) for source in works))
