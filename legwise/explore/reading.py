"""Reading, joining and filtering the CSV files, as pandas code that needs nothing of ours.

What :mod:`legwise.explore.relations` and :mod:`legwise.facets.index` do on typed columns, written down as what a person
would write. Values from tables enter the code as literals only (:mod:`legwise.explore.literals`), never as names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from legwise.explore.literals import Name, call, folded, literal
from legwise.explore.relations import VERDICTS, Relation
from legwise.facets.filters import Choice, Filter, Span
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED, Field

READ = '''def read(file):
    """Cells as text, as they stand in the file; an empty cell means not stated."""
    return pd.read_csv(DATA / file, dtype="str", keep_default_na=False, na_values=[""])'''

VERDICT_CODE = """# What was found on each type and symptom. Only findings with an OCEBM level count.
evidence = read({evidence}).astype({{"level": "float64"}})
evidence = evidence[(evidence["subject_kind"] == "device_type") & evidence["level"].notna()]
cells = evidence.groupby(["subject", "symptom"])
best = cells["level"].min().clip(upper=3)

# The direction is read from levels 1 and 2 where there are any, else from levels 3 and 4.
deciding = evidence[(evidence["level"] <= 2) | (cells["level"].transform("min") > 2)]
directions = deciding.groupby(["subject", "symptom"])["direction"]
found = pd.DataFrame(
    {{
        "state": "studied",
        "direction": directions.first().where(directions.nunique() == 1, "mixed"),
        "tier": best.map("{{:.0f}}".format),
        "studies": cells["source_id"].nunique().astype("float64"),
        "finding_sources": cells["source_id"].agg(lambda works: ";".join(works.unique())),
    }}
).reset_index()
"""
CROSS_CODE = """
# Every device with every symptom. A claim without a type is made of all types.
claims = read({claims})
claimed = set(zip(claims["device_type"].fillna("any"), claims["symptom"]))
rows = read({devices}).merge(read({symptoms})[["symptom"]], how="cross")
rows = rows.merge(found.rename(columns={{"subject": "device_type"}}), on=["device_type", "symptom"], how="left")
pairs = zip(rows["device_type"], rows["symptom"])
is_claimed = [(kind, own) in claimed or ("any", own) in claimed for kind, own in pairs]
rows["state"] = rows["state"].fillna(pd.Series(is_claimed).map({{True: "claimed", False: "searched"}}))"""


def read_code(relation: Relation, used: Collection[str]) -> list[str]:
    """Lines that make ``rows`` from the files; the columns ``used`` become numbers and lists where they are such."""
    package, join = relation.catalogue.package, relation.join
    lines = []
    if join is None:
        lines.append(f"rows = read({literal(package[relation.name].path)})")
    elif join.join == VERDICTS:
        paths = {
            name: literal(package[name].path)
            for name in ("evidence", "claims", "devices", "symptoms")
        }
        lines.append((VERDICT_CODE + CROSS_CODE).format(**paths))
    else:
        left, right = (literal(package[name].path) for name in (join.table, join.join))
        lines.append(f"rows = read({left})")
        more = {"on": join.on, "how": "left", "suffixes": ("", f"_{join.join}")}
        lines.append(call("rows = rows.merge", Name(f"read({right})"), **more))
    fields = [field for field in relation.table.fields if field.name in used]
    numbers = {field.name: "float64" for field in fields if field.is_numeric}
    if numbers:
        lines.append(call("rows = rows.astype", numbers))
    for field in fields:
        if field.is_list:
            column = f"rows[{literal(field.name)}]"
            lines.append(f"{column} = {column}.str.split({literal(field.delimiter)})")
    return lines


def words_code(
    catalogue: Catalogue, target: str, field: Field, words: Mapping[str, str]
) -> list[str]:
    """Lines that make ``target`` the dictionary of a field's ids and words: read from the table that names them, or spelt out."""
    table = catalogue.package.by_name.get(field.references)
    if table is None or not table.label_field:
        return [folded(words, f"{target} = ")]
    named = (
        f"read({literal(table.path)}).set_index({literal(table.key)})[{literal(table.label_field)}]"
    )
    if len(set(catalogue.names(table.name).values())) == len(words):
        return [f"{target} = {named}.to_dict()"]
    return [
        f"names = {named}",
        "# Some share a name: their ids tell them apart.",
        f'{target} = names.where(~names.duplicated(keep=False), names + " (" + names.index + ")").to_dict()',
    ]


def filter_code(field: Field, item: Filter) -> list[str]:
    """Lines that keep the rows that satisfy a filter on a column."""
    return [f"rows = rows[{condition}]" for condition in _conditions(field, item)]


def _conditions(field: Field, item: Filter) -> list[str]:
    column = f"rows[{literal(field.name)}]"
    missing = f"{column}.isna()"
    if isinstance(item, Span):
        return [_span_condition(column, missing, item)]
    assert isinstance(item, Choice)
    stated = [value for value in item.values if value != NOT_STATED]
    if item.match_all:
        return [
            *(_any_of(field, column, [value]) for value in stated),
            *([missing] if NOT_STATED in item.values else []),
        ]
    if not stated:
        return [missing]
    found = _any_of(field, column, stated)
    return [f"{found} | {missing}" if NOT_STATED in item.values else found]


def _any_of(field: Field, column: str, values: Sequence[str]) -> str:
    test = f"isin({literal(list(values))})"
    return (
        f"{column}.explode().{test}.groupby(level=0).any()" if field.is_list else f"{column}.{test}"
    )


def _span_condition(column: str, missing: str, item: Span) -> str:
    if item.low is not None and item.high is not None:
        within = f"{column}.between({literal(item.low)}, {literal(item.high)})"
    elif item.low is not None:
        within = f"{column} >= {literal(item.low)}"
    elif item.high is not None:
        within = f"{column} <= {literal(item.high)}"
    else:
        return missing
    return f"({within}) | {missing}" if item.not_stated else within
