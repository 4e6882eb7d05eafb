"""The same question asked of a database: what it answers is what the engine in memory answers."""

import json
import os
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from legwise import cli
from legwise.answers.audits import gaps, stated_shares
from legwise.answers.devices import PAGE_SIZE, TYPE, FacetIndex, device_notices
from legwise.answers.dictionary import dictionary_frame
from legwise.answers.names import search_devices
from legwise.answers.overview import type_lines
from legwise.answers.profiles import price_range, typical_features
from legwise.answers.query import SYMPTOM, DeviceQuery
from legwise.answers.side_by_side import compare, suggestions
from legwise.answers.similar import similar_devices
from legwise.charts.devices import feature_table, number_by_type, stated_table, two_numbers
from legwise.database import connection, groups, opening
from legwise.database.address import DatabaseError, TooLongError, read_address
from legwise.database.connection import PostgreSQL, connect
from legwise.database.index import DatabaseIndex
from legwise.database.opening import open_database
from legwise.explore.profile import profile_frame
from legwise.explore.relations import Relation, load_relation
from legwise.explore.state import ExploreState, settle
from legwise.explore.view import look
from legwise.exports.page_notebooks import explore_notebook
from legwise.facets.filters import Choice, Span
from legwise.intake.devices import build
from legwise.intake.sheet import Sheet, as_texts
from legwise.rules.shortlist import Wish, rank_device_types, shortfall
from legwise.tables.stated import is_stated
from tests.databases import as_duckdb, as_parquet, as_postgres, as_sqlite
from tests.packages import small
from tests.strategies import explore_states, in_order, numbers, queries

pytestmark = pytest.mark.slow

#: A table takes seconds, so that there is one; to shrink one that fails would take minutes.
EXAMPLES = int(os.environ.get("DATABASE_EXAMPLES", "1"))
#: Questions to each table: more where time is given for more.
QUESTIONS = 2 if EXAMPLES > 1 or os.environ.get("HYPOTHESIS_PROFILE") == "ci" else 1
BASE = small()
TABLE = BASE.package["devices"]
LISTS = ("body_areas", "techniques", "by_nature")
WORDS = {
    "brand": ["Acme", "acme", "Éclair", " Zeta ", "n/a", "O'Neil; DROP TABLE x --", "100% %(p0)s"],
    "model": ["Boots é", "Ïon $p0", "boots 'x'", "Calf <b>"],
    "device_type": ["air_compression", "Foot massager", "self_massage", "Teapot", None],
    "power": ["battery", "Mains", "USB", "steam", None],
    "remote_kind": ["app", "wired", None],
    "notes": [None, "abc é", "A & b < c"],
    "price_seen": [None, "2026-11", "2026-11-03"],
    "colour": ["red", "Red", "blue", None, "Grün"],
    "provenance": [None],
}
YES_NO = ["yes", "No", "JA", " nein", "0", "maybe", None, "n/a"]
FLAGS = ["heat", "washable", "remote_control", "cordless", "recalled", "waterproof"]
NUMBERS = {
    "weight_kg": [0.5, 2, 12.25, -1, None],
    "price_usd": [19.99, 250, 1e6, None],
    "pressure_min_mmhg": [10, 40, None],
    "pressure_max_mmhg": [20, 120, None],
    "intensity_levels": [1, 3, 2.5, None],
}


@st.composite
def tables(draw):
    """Draw a table as shops have them: as texts with many spellings, or with types."""
    size, typed = draw(st.integers(1, 24)), draw(st.booleans())
    # The simplest table is the first that is tried: where there is one alone it is another.
    assume(size > 1 or EXAMPLES > 1)

    def column(cells, kind=None):
        return pa.array(draw(st.lists(cells, min_size=size, max_size=size)), kind)

    ids = draw(st.lists(st.integers(1, 999), min_size=size, max_size=size, unique=True))
    columns = {"device_id": pa.array([f"d{number}" for number in ids])}
    for name, words in WORDS.items():
        columns[name] = column(st.sampled_from(words), pa.string())
    for name in LISTS:
        labels = TABLE[name].labels
        known = st.lists(st.sampled_from(list(labels)), unique=True, max_size=3)
        lists = column(
            known if typed else known.map(";".join), pa.list_(pa.string()) if typed else pa.string()
        )
        columns[name] = lists
    for name in FLAGS:
        columns[name] = column(
            st.sampled_from([True, False, None] if typed else YES_NO),
            pa.bool_() if typed else pa.string(),
        )
    for name, some in NUMBERS.items():
        cells = st.sampled_from(some)
        as_text = cells.map(lambda cell: "-" if cell is None else f"{cell:g}")
        columns[name] = column(cells if typed else as_text, pa.float64() if typed else pa.string())
    return pa.table(columns)


def listed(table, mapping):
    """The rows as those of a file, in the order of their ids."""
    table = table.sort_by("device_id")
    sheet = Sheet({n: as_texts(table[n]) for n in table.column_names}, np.arange(len(table)) + 2)
    return build(sheet, mapping, BASE, "list", "")


def in_memory(table, mapping):
    """The engine in memory on the same rows."""
    return FacetIndex(listed(table, mapping).catalogue(BASE))


def opened(address):
    listed, mapping = open_database(read_address(address), BASE)
    return DatabaseIndex(listed, BASE), mapping


@st.composite
def questions(draw, index):
    """Draw a question to a list with further columns."""
    filters = []
    for field in index.table.facets:
        if draw(st.integers(0, 5)):
            continue
        if field.filter == "range":
            ends = sorted(draw(st.tuples(numbers, numbers)), key=lambda end: (end is not None, end))
            span = Span(ends[0], ends[1], draw(st.booleans()))
            if span != Span():
                filters.append((field.name, span))
        elif values := draw(in_order(index.values(field.name))):
            filters.append((field.name, Choice(values, field.is_list and draw(st.booleans()))))
    if draw(st.booleans()) and (some := draw(in_order(index.values(SYMPTOM)))):
        filters.append((SYMPTOM, Choice(some, draw(st.booleans()))))
    sorts = [f.name for f in index.table.fields if not f.is_list and f.name not in ("source_url",)]
    query = draw(queries())
    sort = draw(st.sampled_from(["", "stated", *sorts]))
    text = draw(st.sampled_from(["", "", "boots", "e", "acme b", "o'neil", "100% %(p0)s", "$p0"]))
    return DeviceQuery(
        tuple(filters),
        text,
        query.evidence,
        query.directions,
        query.conditions,
        sort,
        bool(sort) and draw(st.booleans()),
    )


def row_of(catalogue, key):
    return {
        name: None if not is_stated(cell) else cell
        for name, cell in catalogue.row("devices", key).items()
    }


def same(memory, index, query):
    """Hold that both answer alike: totals, counts, order, pages, nearest types, rows."""
    ours, theirs = index.ask(query), memory.ask(query)
    assert ours.total == theirs.total
    assert ours.of == theirs.of
    assert dict(ours.without) == dict(theirs.without)
    assert set(ours.counts) == set(theirs.counts)
    for name, counts in theirs.counts.items():
        assert ours.counts[name] == counts, name
    assert ours.keys(slice(PAGE_SIZE)) == theirs.keys(slice(PAGE_SIZE))
    # A total alone is asked in other words, and that of types is at hand without asking.
    types = memory.values(TYPE)
    for some in (
        query,
        *(DeviceQuery(((TYPE, Choice(its)),)) for its in (types, types[::2], types[-1:])),
    ):
        assert index.ask(some, counts=False).total == memory.ask(some).total
    near = {item.device_type: item for item in memory.nearest(query)}
    assert {item.device_type: item for item in index.nearest(query)} == near


def wishes(catalogue):
    """Draw what someone needs of a product."""
    table = catalogue.package["devices"]
    some = lambda values: in_order(tuple(values))  # noqa: E731
    return st.builds(
        Wish,
        some(catalogue.keys("symptoms")),
        some(catalogue.keys("risk_factors")),
        some(item.name for item in table.features if item.name in FLAGS),
        st.sampled_from([None, 20.0, 300.0]),
        areas=some(list(table["body_areas"].labels)[:3]),
    )


def same_words(memory, index, query, wish):
    """Hold that what pages say of many rows is the same: shares, ranges, shortlist, charts."""
    ours, theirs = index.catalogue, memory.catalogue
    # Those that there are, and one that there is not.
    types = [*dict.fromkeys(memory.catalogue["devices"]["device_type"]), "compression_stockings"]
    for key in types[-2:] if EXAMPLES > 1 else types[-2:-1]:
        assert ours.type_parts(key) == theirs.type_parts(key)
        assert typical_features(ours, key) == typical_features(theirs, key)
        assert price_range(ours, key) == price_range(theirs, key)
    assert compare(ours, [("type", key) for key in types[-2:]]) == compare(
        theirs, [("type", key) for key in types[-2:]]
    )
    assert gaps(ours) == gaps(theirs)
    assert stated_shares(ours).equals(stated_shares(theirs))
    assert suggestions(ours) == suggestions(theirs)
    assert dictionary_frame(ours, index.table).equals(dictionary_frame(theirs, memory.table))
    matches = rank_device_types(ours, wish), rank_device_types(theirs, wish)
    for one, other in zip(*matches, strict=True):
        lists = ("meets", "ask_seller", "barred")
        for name in lists:
            assert list(getattr(one, name)) == list(getattr(other, name)), name
        nothing = dict.fromkeys(lists, ())
        assert replace(one, **nothing) == replace(other, **nothing)
    assert type_lines(ours, wish, matches[0]) == type_lines(theirs, wish, matches[1])
    assert shortfall(ours, wish, matches[0]) == shortfall(theirs, wish, matches[1])
    for key in memory.ask(query).keys(slice(2)):
        assert similar_devices(ours, key) == similar_devices(theirs, key)
    rows = [(each.catalogue, each.ask(query).rows_to_count) for each in (index, memory)]
    numbers = [memory.table[name] for name in NUMBERS]
    for draw in (
        lambda catalogue, rows: feature_table(catalogue, rows, memory.table["heat"]),
        stated_table,
    ):
        drawn = [draw(*each).to_dict("list") for each in rows]
        assert drawn[0] == drawn[1]
    for chart in (
        lambda catalogue, rows: number_by_type(catalogue, rows, numbers[1]),
        lambda catalogue, rows: two_numbers(catalogue, rows, *numbers[:2]),
    ):
        ours, theirs = (chart(*each) for each in rows)
        by_device = [each.table.sort_values("Device", ignore_index=True) for each in (ours, theirs)]
        assert by_device[0].to_dict("list") == by_device[1].to_dict("list")
        assert ours.note == theirs.note


class Counted(Relation):
    """The devices as a database counts them where they are too many to be held."""

    @property
    def index(self):
        return self.catalogue.elsewhere.index(self.table)


def same_views(memory, index, states):
    """Hold that Explore shows the same of both: counts, groups, figure, columns at a glance."""
    theirs = load_relation(memory.catalogue, "devices")
    whole = load_relation(index.catalogue, "devices")
    ours = Counted(whole.catalogue, whole.table, whole.frame)
    for state in states:
        state = settle(state, theirs)
        one, other = look(ours, state), look(theirs, state)
        assert one.sentence == other.sentence
        assert one.matches.without == other.matches.without
        counts = one.matches.counts
        assert {name: counts[name] for name in other.matches.counts} == other.matches.counts
        # A mean is the same but for the order of what was added up.
        pd.testing.assert_frame_equal(one.table, other.table, check_exact=False, atol=0.011)
        if state.aggregate != "mean":
            assert one.notes == other.notes
            assert (one.explored and one.explored.figure) == (
                other.explored and other.explored.figure
            )
    made = {}
    exec(one.code, made)
    pd.testing.assert_frame_equal(made["table"], one.table)
    assert made.get("figure") == (one.explored and one.explored.figure)
    glances = [profile_frame(its.relation, its.matches.rows_to_count) for its in (one, other)]
    pd.testing.assert_frame_equal(*glances)
    return one


def check(data, table, address, *, words=True):
    index, mapping = opened(address)
    memory = in_memory(table, mapping)
    assert index.table.facets == memory.table.facets
    for field in memory.table.facets:
        assert index.values(field.name) == memory.values(field.name)
        assert index.totals(field.name) == memory.totals(field.name)
    for _ in range(QUESTIONS):
        query = data.draw(questions(memory))
        same(memory, index, query)
    if words:
        same_words(memory, index, query, data.draw(wishes(memory.catalogue)))
    devices = load_relation(memory.catalogue, "devices")
    # Bars are of every aggregate.
    views = st.one_of(explore_states(devices, "bar"), explore_states(devices))
    same_views(memory, index, [data.draw(views) for _ in range(QUESTIONS)])
    for key in memory.ask(DeviceQuery()).keys(slice(3)):
        ours, theirs = (row_of(each.catalogue, key) for each in (index, memory))
        assert ours.keys() == theirs.keys()
        assert not [name for name, cell in ours.items() if isinstance(cell, np.generic)]
        assert device_notices(index.catalogue, key) == device_notices(memory.catalogue, key)
        assert {n: c for n, c in ours.items() if c != theirs[n]} == {
            n: c for n, c in theirs.items() if c != ours[n]
        }
        assert index.catalogue.device_name(key) == memory.catalogue.device_name(key)
        assert (
            index.catalogue.stated(TABLE, key)[0] == memory.catalogue.stated(memory.table, key)[0]
        )
    for text in ("", "e a", "acme")[: None if EXAMPLES > 1 else 2]:
        assert search_devices(index.catalogue, text) == search_devices(memory.catalogue, text)


SLOW = settings(
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
    max_examples=EXAMPLES,
)


@pytest.mark.parametrize("written", [as_duckdb, as_sqlite, *([as_parquet] if EXAMPLES > 1 else [])])
@SLOW
@given(data=st.data(), table=tables())
def test_a_database_answers_as_the_engine_in_memory(written, data, table):
    with tempfile.TemporaryDirectory() as folder:
        address = written(table, Path(folder))
        # The words take longest: always of DuckDB and PostgreSQL, of SQLite where there is time.
        words = written is as_duckdb or (written is as_sqlite and EXAMPLES > 1)
        check(data, table, address, words=words)


@SLOW
@given(data=st.data(), table=tables())
def test_postgresql_answers_as_the_engine_in_memory(postgres_server, data, table):
    check(data, table, as_postgres(table, postgres_server.url))


#: Groups whose numbers a database works out in different ways: lists, parts put together, texts.
GROUPED = [
    {"group": ("techniques", "heat"), "aggregate": "median", "measure": "price_usd"},
    {"group": ("techniques",), "aggregate": "max", "measure": "price_usd"},
    {"group": ("list_colour",), "aggregate": "mean", "measure": "price_usd"},
    {"group": ("list_colour",), "aggregate": "distinct", "measure": "model"},
]


@pytest.mark.parametrize("written", [as_duckdb, as_sqlite])
def test_groups_of_numbers_and_columns_at_a_glance_are_those_of_the_engine_in_memory(
    written, tmp_path, monkeypatch
):
    lists = [["kneading", "rolling"], ["rolling"], [], ["vibration"], None]
    number = range(40)
    table = pa.table(
        {
            "device_id": [f"d{n:02}" for n in number],
            "device_type": [["self_massage", "air_compression", None][n % 3] for n in number],
            "model": [["Boots", " Boots ", f"Socks {n}", "boots"][n % 4] for n in number],
            "colour": [["red", "Blue", "red", None, " Blue"][n % 5] for n in number],
            "techniques": pa.array([lists[n % 5] for n in number], pa.list_(pa.string())),
            "heat": [[True, False, None][n % 3] for n in number],
            "price_usd": pa.array([None if n % 7 == 0 else n * n / 4 for n in number]),
        }
    )
    index, mapping = opened(written(table, tmp_path))
    memory = in_memory(table, mapping)
    view = same_views(memory, index, [ExploreState(**state) for state in GROUPED])
    cells = json.loads(explore_notebook(view, "https://example.org", "today"))["cells"]
    made = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), made)
    pd.testing.assert_frame_equal(made["table"], view.table)
    assert "DATA" not in made
    monkeypatch.setattr(groups, "MOST_GROUPS", 2)
    with pytest.raises(TooLongError, match="Group by fewer columns"):
        view.matches.rows_to_count.groups(("techniques",), "rows", "")


@pytest.mark.parametrize(
    "kind", ["duckdb", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_numbers_that_cannot_be_right_are_not_stated(kind, request, tmp_path):
    levels = [3.0, 2.5, float("nan"), -1.0, 1e300, float("inf"), None]
    table = pa.table(
        {
            "device_id": [f"d{number}" for number in range(len(levels))],
            "intensity_levels": pa.array(levels, pa.float64()),
        }
    )
    if kind == "duckdb":
        index, _ = opened(as_duckdb(table, tmp_path))
    else:
        index, _ = opened(as_postgres(table, request.getfixturevalue("postgres_server").url))
    totals = index.totals("intensity_levels")
    assert (totals.low, totals.high, totals.stated) == (3, 3, 1)


@pytest.mark.parametrize("written", [as_duckdb, as_sqlite])
def test_the_check_counts_all_that_contradicts_another_cell_of_its_row(
    written, tmp_path, monkeypatch, capsys
):
    some = lambda self: [self.source.order_by(self.key).limit(2)]  # noqa: E731
    monkeypatch.setattr(opening._Work, "_draw", some)
    table = pa.table(
        {
            "device_id": [f"d{number:02}" for number in range(40)],
            "power": ["mains", "battery", "Mains", None] * 10,
            "cordless": ["no", "yes", "yes", "yes"] * 9 + ["no"] * 4,
            "remote_control": ["yes", "no"] * 20,
            "remote_kind": ["app", None, "wired", "app"] * 10,
            "pressure_min_mmhg": [10.0, 50.0, -1.0, None] * 10,
            "pressure_max_mmhg": [20.0, 40.0, 50.0, 60.0] * 10,
        }
    )
    address = written(table, tmp_path)
    index, mapping = opened(address)
    report = index.opened.devices.report
    whole = listed(table, mapping).report
    alike = lambda its: {tuple(row) for row in its.kinds().itertuples(index=False)}  # noqa: E731
    contradictions = {row for row in alike(whole) if "“" in row[2]}
    assert {row for row in alike(report) if "“" in row[2]} == contradictions
    assert sorted(row[3] for row in contradictions) == [1, 9, 10, 10]
    frame = report.frame()
    assert {"d02", "d34"} <= set(frame.loc[frame["kind"] == "does not agree with “Power”", "row"])
    if written is as_sqlite:
        return  # what is told of the one is told of the other
    monkeypatch.setattr("legwise.commands.package.load_catalogue", small)
    assert cli.main(["check", address]) == 1
    told = capsys.readouterr().out
    assert "row d02: Cordless: '': does not agree with “Power”; allowed: no or empty" in told
    assert "7 more rows: Cordless: does not agree with “Power”; allowed: no or empty" in told


@pytest.mark.parametrize("written", [as_duckdb, as_sqlite, as_parquet])
def test_words_are_found_with_and_without_marks_and_capitals(written, tmp_path):
    models = ["Boots", "BOOTS two", "B\u00f6\u00f6ts", "re-boots", "Socks", None]
    table = pa.table({"device_id": [f"d{n}" for n in range(len(models))], "model": models})
    index, _ = opened(written(table, tmp_path / "list" if written is as_parquet else tmp_path))
    keys, number = search_devices(index.catalogue, "boots")
    assert number == 4
    assert set(keys[:3]) == {"d0", "d1", "d2"}  # then what has it within a word
    assert keys[3] == "d3"


def test_a_server_that_is_gone_is_told_without_secrets_and_asked_again_when_it_is_back(
    postgres_server, monkeypatch
):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    table = pa.table({"device_id": ["d1", "d2"], "brand": ["A", "B"], "heat": ["yes", "no"]})
    index, _ = opened(as_postgres(table, postgres_server.url))
    heated = DeviceQuery((("heat", Choice(("yes",))),))
    postgres_server.stop()
    with pytest.raises(DatabaseError, match="works again when it is back") as gone:
        index.ask(heated)
    told = "".join(traceback.format_exception(gone.value))
    for secret in (SECRET, "127.0.0.1", "shop", "postgresql:"):
        assert secret not in told
    postgres_server.start()
    assert index.ask(heated).keys(slice(None)) == ["d1"]
    with pytest.raises(DatabaseError):
        index.opened.database.run("CREATE TABLE more (a int)")


def test_a_column_that_few_rows_state_is_read_as_in_a_whole_list(tmp_path, monkeypatch):
    # What is drawn of such a list states no price: in which currency it is, no drawn row tells.
    prices = [None] * 40
    prices[7] = "€ 10"
    ids = [f"d{number}" for number in range(40)]
    table = pa.table({"device_id": ids, "price": pa.array(prices, pa.string())})
    monkeypatch.setattr(opening, "MOST_DRAWN", 1)
    address = as_duckdb(table, tmp_path)
    for _ in range(3):
        index, _ = opened(address)
        (price,) = (field for field in index.table.fields if field.price)
        assert price.unit == "EUR"
        assert index.totals(price.name).stated == 1


def test_one_part_of_a_page_waits_for_a_silent_server_and_the_next_run_calls_it_again(monkeypatch):
    clock, calls = [0.0], []

    def silent(target, connect_timeout):
        clock[0] += connect_timeout
        calls.append(target)
        raise psycopg.OperationalError("timeout expired")

    monkeypatch.setattr(psycopg, "connect", silent)
    monkeypatch.setattr(connection, "monotonic", lambda: clock[0])
    silent_one = PostgreSQL.__new__(PostgreSQL)
    silent_one.address = read_address("postgresql://db.example/market?table=devices")
    for _ in range(4):
        with pytest.raises(DatabaseError, match="works again when it is back"):
            silent_one.run("SELECT 1")
    assert (len(calls), clock[0]) == (1, connection.LONGEST_CALL)
    clock[0] += connection.PAUSE
    with pytest.raises(DatabaseError):
        silent_one.run("SELECT 1")
    assert len(calls) == 2


SECRET = "hush-hush"  # no password of anything


@pytest.mark.parametrize(
    "address",
    [f"postgresql://shop:{SECRET}@host/db?table=t", f"postgres://host/db?password={SECRET}"],
)
def test_an_address_that_holds_a_password_is_refused_without_telling_it(address):
    with pytest.raises(DatabaseError, match="PGPASSWORD") as refused:
        read_address(address)
    assert SECRET not in "".join(traceback.format_exception(refused.value))


def test_what_a_database_needs_is_named_where_it_is_not_installed(monkeypatch):
    monkeypatch.setattr("legwise.database.address.find_spec", lambda _: None)
    with pytest.raises(DatabaseError, match=r"pip install 'legwise\[app,database\]'"):
        read_address("postgresql://shop@host/db?table=t")
    assert read_address("devices.csv") is None


def test_a_query_that_takes_too_long_is_stopped_and_told(monkeypatch, tmp_path):
    database = connect(read_address(as_duckdb(pa.table({"device_id": ["d1"]}), tmp_path)))
    monkeypatch.setattr(connection, "LONGEST", 0.2)
    with pytest.raises(DatabaseError, match="took longer"):
        database.run("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b")


@pytest.mark.parametrize("written", [as_duckdb, as_sqlite])
def test_a_database_is_only_read(written, tmp_path):
    database = connect(read_address(written(pa.table({"device_id": ["d1"]}), tmp_path)))
    with pytest.raises(DatabaseError):
        database.run("CREATE TABLE more (a int)")


def test_a_query_can_stand_for_a_table_and_texts_are_bound(tmp_path):
    table = pa.table({"device_id": ["d1", "d2"], "brand": ["A", "B"], "heat": ["yes", "no"]})
    file = as_sqlite(table, tmp_path)
    index, _ = opened(f"{file}?query=SELECT+*+FROM+devices+WHERE+brand+%3D+'B'")
    assert index.ask(DeviceQuery()).keys(slice(None)) == ["d2"]
    text = "x'; DROP TABLE devices; --"
    sql, texts = index.opened.database.sql(
        index.opened.database.source.filter(index.opened.key == text)
    )
    assert text in texts.values()
    assert "DROP" not in sql


def test_a_table_without_an_id_is_refused(tmp_path):
    with pytest.raises(DatabaseError, match="id of each device"):
        opened(as_sqlite(pa.table({"brand": ["A"]}), tmp_path))
