"""Whatever a table or its descriptor holds, it stays a value in the code that is made of it."""

import ast
import csv
import io
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.explore.relations import Relation, load_relation
from legwise.explore.state import CHARTS, ExploreState, settle
from legwise.explore.view import look
from legwise.facets.filters import Choice
from legwise.tables.catalogue import Catalogue
from legwise.tables.loading import parse_raw, to_typed
from legwise.tables.schema import NOT_STATED, Category, Field
from legwise.text.literals import WIDTH, folded, literal
from tests.packages import small
from tests.strategies import asking

BASE = small()
# : Texts that would do something if they were ever read as code, as a template, as markup or as a
# new line.
ATTACKS = (
    '"]; INJECTED = True #',
    "'); INJECTED = True; ('",
    '"""\nINJECTED = True\n"""',
    "\nINJECTED = True\n",
    "{INJECTED}",
    "{{0}}",
    "%s %(x)s",
    "`rm -rf`",
    "\\",
    "\\n",
    '\\"',
    "<b>bold</b> & <a href='https://example.org'>x</a>",
    "not stated",
    "100%{x} and %{y:,}",
    "A/B",
    "\u2028INJECTED = True\u2029",
    "\u202eeurT = DETCEJNI",
    "🦵",
    "class",
)
#: What CSV cannot carry faithfully (carriage returns, NUL) never reaches a table.
texts = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1),
).filter(lambda text: text != NOT_STATED and not text.startswith("\ufeff"))
#: Names that mean something to Python, pandas or plotly express.
TAKEN = (
    "class",
    "index",
    "level_0",
    "rows",
    "x",
    "color",
    "count",
    "value",
    "size",
    "variable",
    "mean_n",
    "orders",
    "0",
)
names = st.lists(st.one_of(st.sampled_from(TAKEN), texts), min_size=5, max_size=5, unique=True)


def hostile_relation(tmp_path, columns, rows, labels, titles):
    """A device table of five columns with hostile names, titles, values and labels; read from a
    real file.
    """
    key, free, coded, listed, number = columns
    codes = tuple(
        Category(value, label) for value, label in zip(("a", "b", "c"), labels, strict=True)
    )

    def field(name, type_, title, **more):
        return Field(name=name, type=type_, title=title, description="", **more)

    fields = (
        field(key, "string", titles[0], required=True),
        field(free, "string", titles[1], filter="choice"),
        field(coded, "string", titles[2], categories=codes),
        field(listed, "list", titles[3], categories=codes),
        field(number, "number", titles[4]),
    )
    table = replace(BASE.package["devices"], fields=fields, key=key, path="devices.csv")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([str(index), *row] for index, row in enumerate(rows))
    (tmp_path / "devices.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    raw = parse_raw(table, "devices.csv", text.getvalue().encode())
    assert not raw.problems
    package = replace(BASE.package, directory=tmp_path, tables=(table,), joins=())
    return load_relation(Catalogue(package, {"devices": to_typed(raw)}), "devices")


def run_code(relation: Relation, state: ExploreState, tmp_path):
    view = look(relation, settle(state, relation))
    code = view.program.source(data=str(tmp_path))
    made = {}
    exec(compile(code, "view", "exec"), made)
    assert "INJECTED" not in made
    pd.testing.assert_frame_equal(view.table, made["table"])
    if view.explored:
        assert view.explored.figure.to_json() == made["figure"].to_json()
    return code


@given(
    columns=names,
    values=st.lists(
        st.tuples(
            texts,
            st.sampled_from(["a", "b", ""]),
            st.sampled_from(["a", "a;c", ""]),
            st.sampled_from(["1", "2.5", ""]),
        ),
        min_size=1,
        max_size=6,
    ),
    labels=st.lists(texts, min_size=3, max_size=3),
    titles=st.lists(texts, min_size=5, max_size=5),
    chart=st.sampled_from(list(CHARTS)),
    filtered=st.booleans(),
)
@asking(50)
def test_no_value_breaks_out_of_the_code(
    tmp_path_factory, columns, values, labels, titles, chart, filtered
):
    tmp_path = tmp_path_factory.mktemp("hostile")
    relation = hostile_relation(tmp_path, columns, values, labels, titles)
    _, free, coded, listed, number = columns
    filters = (
        ((free, Choice(tuple(dict.fromkeys([values[0][0], values[-1][0]])))),) if filtered else ()
    )
    group = (
        ()
        if chart in ("histogram", "box", "strip", "scatter", "parallel")
        else (number, coded)
        if chart == "line"
        else (free, listed)
    )
    state = ExploreState(
        "devices", filters=filters, group=group, chart=chart, x=number, y=free, colour=coded
    )
    run_code(relation, state, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_every_place_at_once_stays_text(tmp_path, attack):
    word = "class" if attack != "class" else "lambda"
    columns = ["key", attack, word, f"{attack} 2", "n"]
    rows = [(attack, "a", "a;b", "1"), (f"{attack}{attack}", "b", "", "2"), ("", "", "b", "")]
    relation = hostile_relation(tmp_path, columns, rows, [attack, f"{attack}!", "c"], [attack] * 5)
    filters = ((attack, Choice((attack, NOT_STATED))),)
    for state in (
        ExploreState("devices", filters=filters, group=(attack, word), chart="stacked"),
        ExploreState("devices", filters=filters, group=(word,), aggregate="mean", measure="n"),
        ExploreState("devices", chart="strip", x="n", y=attack),
    ):
        code = run_code(relation, state, tmp_path)
        # Only statements that are written by us: what the data says is never a statement of its
        # own.
        allowed = (ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.For, ast.Expr)
        assert all(isinstance(node, allowed) for node in ast.parse(code).body)


values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.one_of(
        st.lists(inner), st.dictionaries(st.text(), inner), st.lists(inner).map(tuple)
    ),
)


@given(values, st.text(alphabet=" ", max_size=40))
def test_a_literal_reads_back_as_the_value(value, before):
    assert ast.literal_eval(literal(value)) == value
    assert ast.literal_eval(folded(value, f"{before}").strip()) == value


def test_a_long_literal_goes_over_several_lines():
    text = folded({"a key": ["word " * 10] * 5, "b": 1}, "labels = ")
    assert max(map(len, text.splitlines())) <= WIDTH
    assert len(text.splitlines()) > 5
    assert literal("it's") == '"it\'s"'


def test_there_is_no_literal_for_what_is_not_plain_data():
    with pytest.raises(TypeError, match="set"):
        literal({1, 2})


def test_a_template_in_the_data_is_no_template_in_the_figure(tmp_path):
    columns = ["key", "brand", "class", "techniques", "n"]
    rows = [("100%{x}", "a", "a", "1"), ("%{y}", "b", "b", "2")]
    relation = hostile_relation(
        tmp_path,
        columns,
        rows,
        ["%{x} a", "b", "c"],
        ["Key", "Brand %{x}", "Class", "Techniques", "N"],
    )
    view = look(relation, settle(ExploreState("devices", group=("class", "brand")), relation))
    for trace in view.explored.figure.data:
        assert trace.hovertemplate.count("%{") == 2
