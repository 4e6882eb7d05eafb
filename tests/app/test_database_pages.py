"""Pages on a list in a database: all of them, a server that is gone, secrets, two lists at once."""

import logging
import re
from urllib.parse import parse_qs

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.error_util import handle_user_script_exception
from streamlit.testing.v1 import AppTest

from legwise import cli
from legwise.database import connection, opening
from legwise.database.address import DatabaseError, TooLongError
from legwise.database.connection import TOO_LONG
from legwise.database.elsewhere import Devices
from legwise.database.index import DatabaseIndex
from legwise.database.tallies import DatabaseTallies
from legwise.text.markup import plain
from server.api import Api
from server.head import HEADS
from tests.app.conftest import listing, open_part, run, sentence
from tests.app.test_pages import DEEP, written
from tests.conftest import ROOT
from tests.databases import as_duckdb, as_postgres
from tests.packages import SMALL, small
from ui.cache import DATA_VARIABLE, DEVICES_VARIABLE, load
from ui.steps import REGISTRY, fail

SECRET = "hush-hush"  # no password of anything
TABLE = pa.Table.from_pandas(pd.read_csv(SMALL / "devices.csv", dtype="str"), preserve_index=False)
GONE = "works again when it is back"
API = Starlette(routes=[Api(), *HEADS])


@pytest.fixture(scope="module")
def unasked(tmp_path_factory):
    """Address of a list of which no question is ever answered, so that no answer is kept."""
    return as_duckdb(TABLE, tmp_path_factory.mktemp("unasked"))


@pytest.fixture
def serve(monkeypatch):
    """Serve a list at an address; fewer rows are drawn than there are."""
    monkeypatch.setattr(opening, "MOST_DRAWN", 6)
    # Beside each list stands the same package: it is loaded once for all of them.
    for module in ("ui.cache", "legwise.commands.package"):
        monkeypatch.setattr(f"{module}.load_catalogue", lambda *_: small())

    def serve_(address):
        monkeypatch.setenv(DEVICES_VARIABLE, address)
        return load()

    return serve_


def words(app):
    """All that a page says."""
    kinds = (app.markdown, app.caption, app.header, app.title, app.error, app.info, app.text)
    return "\n".join(str(item.value) for kind in kinds for item in kind)


def tell_as_served(monkeypatch):
    """Do what the server does with what a script raises."""
    handle = "streamlit.runtime.scriptrunner.exec_code.handle_user_script_exception"
    monkeypatch.setattr(handle, lambda error, _: handle_user_script_exception(error, fail))


def late(*_, **__):
    """Take too long."""
    raise TooLongError(TOO_LONG)


def test_every_page_shows_a_list_in_a_database(serve, tmp_path, open_page):
    loaded = serve(as_duckdb(TABLE, tmp_path))
    assert len(loaded.catalogue.tables["devices"]) < loaded.index.size == len(TABLE)
    for path, params in DEEP.items():
        assert "Every count, share and range is of all rows" in words(open_page(path, **params))
    joined = open_page("pages/explore.py", table="devices_by_symptom")
    assert re.search(r"drawn at random from 12\b", words(joined))
    assert "estimates" in words(joined)
    rows = open_page("pages/data.py", table="devices")
    assert "(12 rows)" in str(rows.selectbox[0].options)
    assert len(rows.dataframe[0].value) == len(TABLE)
    labels = [item.proto.label for item in rows.get("download_button")]
    drawn = f"{len(loaded.catalogue.tables['devices'])} drawn devices only"
    assert labels[:2] == [f"This table (CSV, {drawn})", f"The whole package (ZIP, {drawn})"]
    compared = open_page("pages/compare.py", type=["air_compression", "self_massage"])
    files = open_part(compared, "fold.compare.files").get("download_button")
    assert "Download as notebook" in [item.proto.label for item in files]
    others = open_page("pages/data.py", table="sources").get("download_button")
    assert others[0].proto.label == "This table (CSV)"


def test_what_rows_of_a_database_look_like_is_made_each_time(serve, tmp_path):
    loaded, made = serve(as_duckdb(TABLE, tmp_path)), []
    for _ in range(2):
        loaded.keep_of_rows("looks", lambda: made.append("once"))
    assert made == ["once", "once"]


#: Views of the devices → whether their filter leaves rows.
EXPLORED: dict[str, bool] = {
    "group=techniques&aggregate=median&measure=price_usd&where.remote_control=yes": True,
    "group=heat&where.heat=no&where.remote_control=yes&where.weight_kg=100..": False,
}


def test_explore_counts_all_rows_of_a_database_as_those_in_memory(
    serve, tmp_path, open_page, monkeypatch
):
    def shown(link):
        page = open_page("pages/explore.py", table="devices", **parse_qs(link))
        page.session_state["fold.explore.glance"] = True
        open_part(page, "fold.explore.code")
        glance = page.dataframe[0].value.to_dict("list")
        told = [item.value for item in page.markdown if re.match(r"\d+ of 12 rows", item.value)]
        return page, (page.header[0].value, told, written(page), glance)

    loaded = serve(as_duckdb(TABLE, tmp_path))
    assert len(loaded.catalogue.tables["devices"]) < len(TABLE)
    ours = {link: shown(link) for link in EXPLORED}
    single = "group=none&chart=box&x=price_usd"
    monkeypatch.setattr("legwise.explore.matching.MOST_CARRIED", 5)
    drawn, _ = shown(single)
    assert "12 of 12 rows" in words(drawn)
    assert "are 5 of 12, chosen at random from all that match" in words(drawn).replace("\\", "")
    assert "The database drew these at random from" in drawn.code[0].value
    whole, _ = shown(f"{single}&where.remote_kind=app")
    assert "chosen at random" not in words(whole)
    monkeypatch.delenv(DEVICES_VARIABLE)
    monkeypatch.setenv(DATA_VARIABLE, str(SMALL))
    for link, matches in EXPLORED.items():
        page, seen = ours[link]
        other, theirs = shown(link)
        assert seen[1]
        assert list(map(str, seen)) == list(map(str, theirs))
        assert bool(page.info) is not matches
        assert "estimates" not in words(page)
        assert ("read_csv" in other.code[0].value, "read_csv" in page.code[0].value) == (
            True,
            False,
        )


def test_pages_bear_ids_that_stand_in_two_rows_and_the_check_tells_them(
    serve, tmp_path, open_page, capsys
):
    address = as_duckdb(pa.concat_tables([TABLE, TABLE.slice(0, 2)]), tmp_path)
    serve(address)
    twice = TABLE["device_id"][0].as_py()
    assert "14 devices" in sentence(open_page("pages/find.py"))
    open_page("pages/find.py", pick=twice)
    open_page("pages/device.py", id=twice)
    open_page("pages/compare.py", device=[twice, TABLE["device_id"][1].as_py()])
    assert cli.main(["check", address]) == 1
    assert "2 ids stand in several rows" in capsys.readouterr().out


def test_what_takes_too_long_is_told_and_the_rest_is_shown(serve, tmp_path, open_page, monkeypatch):
    serve(as_duckdb(TABLE, tmp_path))

    for kind, name in (
        (DatabaseTallies, "draw"),
        (DatabaseTallies, "spread"),
        (Devices, "search"),
        (Devices, "type_parts"),
    ):
        monkeypatch.setattr(kind, name, late)
    charts = open_page("pages/find.py", view="charts", heat="yes")
    assert "devices with heat" in sentence(charts)
    assert [item.label for item in charts.expander if item.label == "How much is stated"]
    of_type = open_page("pages/type.py", id="air_compression")
    assert "What they state" in words(of_type)
    searched = open_page("app.py", q="compression")
    assert "Types of device" in str([item.value for item in searched.get("html")]) + words(searched)
    for page, part in (
        (charts, "by type"),
        (of_type, "Price of its products"),
        (searched, "Devices"),
    ):
        told = [item.value for item in page.warning if "took longer than 30 seconds" in item.value]
        assert any(part in text for text in told)


#: Page and its link, of a device that is at hand → the parts of it that only a database can tell.
PARTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("find", "heat=yes"): ("What each filter would leave", "The list"),
    ("find", ""): ("This page of the list",),
    ("compare", ""): ("Devices to choose from", "Examples"),
    ("compare", "type=air_compression&type=self_massage"): ("The comparison",),
    ("match", "signs=none&symptom=swelling"): ("The shortlist",),
    ("explore", "table=devices"): ("The view",),
    ("explore", "table=devices&where.heat=yes"): ("What each filter would leave", "The view"),
    ("data", "table=devices"): ("Its rows",),
    ("device", "id={drawn}"): ("Similar devices",),
}


def test_where_every_question_takes_too_long_each_page_says_so_and_shows_the_rest(
    serve, unasked, open_page, monkeypatch
):
    drawn = serve(unasked).catalogue.tables["devices"]["device_id"].iloc[0]
    monkeypatch.setattr(connection.DuckDB, "run", late)
    for (name, link), parts in PARTS.items():
        page = open_page(f"pages/{name}.py", **parse_qs(link.format(drawn=drawn)))
        told = [item.value for item in page.warning]
        assert all("took longer than 30 seconds" in text for text in told)
        for part in parts:
            assert [text for text in told if text.startswith(f"{part} could not be shown")]
        assert "not proof of safety" in words(page)


def test_where_the_database_is_gone_each_page_says_so_once_and_shows_the_rest(
    serve, unasked, open_page, monkeypatch
):
    serve(unasked)

    def gone(*_, **__):
        raise DatabaseError(connection.GONE)

    monkeypatch.setattr(connection.DuckDB, "run", gone)
    drawn = load().catalogue.tables["devices"]["device_id"].iloc[0]
    for (name, link), parts in PARTS.items():
        page = open_page(f"pages/{name}.py", **parse_qs(link.format(drawn=drawn)))
        told = [item.value for item in page.error if GONE in item.value]
        first = [f"{part} could not be shown. {connection.GONE}" for part in parts[:1]]
        assert told == [*map(plain, first)]
        others = [item.value for item in page.warning]
        assert all(text.endswith(plain("could not be shown either.")) for text in others)
        for part in parts[1:]:
            assert [text for text in others if text.startswith(part)]
        assert [item.label for item in page.button].count("Try again") == len(parts[:1])
        assert page.title[0].value
        assert "not proof of safety" in words(page)
    both = {"type": ["air_compression", "self_massage"], "do": "nothing"}
    types = open_page("pages/compare.py", **both)
    compared = [item.label for item in types.expander]
    assert [label for label in compared if label.startswith("**Evidence by symptom**")]
    assert [label for label in compared if label.startswith("**Cautions**")]
    assert not [label for label in compared if "Key facts" in label]
    # A device that is not at hand: there is nothing else to show, and still a head.
    tell_as_served(monkeypatch)
    nobody = open_page("pages/device.py", id="nobody-asked-before")
    assert [item.value for item in nobody.error] == [plain(connection.GONE)]
    assert [item.label for item in nobody.button] == ["Try again"]
    assert nobody.title[0].value == "One device"


def test_a_database_that_is_gone_at_the_start_is_asked_again(
    served, serve, tmp_path, open_page, monkeypatch
):
    def gone(*_, **__):
        raise DatabaseError(connection.GONE)

    with monkeypatch.context() as patch:
        patch.setattr(connection.DuckDB, "run", gone)
        with pytest.raises(DatabaseError):
            serve(as_duckdb(TABLE, tmp_path))
        page = open_page("pages/find.py")
        assert [item.value for item in page.error] == [plain(connection.GONE)]
        (again,) = [item for item in page.button if item.label == "Try again"]
    assert "12 devices" in sentence(again.click().run())


def test_devices_are_listed_where_only_their_counts_take_too_long(
    serve, unasked, open_page, monkeypatch
):
    serve(unasked)
    monkeypatch.setattr(DatabaseIndex, "_groups", late)
    page = open_page("pages/find.py", remote_control="yes")
    assert page.warning[0].value.startswith("What each filter would leave could not be shown")
    assert "those of all devices" in words(page)
    controlled = pc.sum(pc.equal(TABLE["remote_control"], "yes")).as_py()
    assert f"{controlled} of 12 devices" in sentence(page)
    assert listing(page).count("data-device") == controlled > 0


def test_two_lists_and_their_visitors_are_never_mixed(serve, tmp_path, open_page):
    (tmp_path / "other").mkdir()
    lists = {
        as_duckdb(TABLE, tmp_path): 12,
        as_duckdb(TABLE.slice(0, 3), tmp_path / "other"): 3,
    }
    wish = {"signs": "none", "symptom": "swelling", "budget": "200"}
    visitors, shortlists = {}, {}
    for address in lists:
        serve(address)
        visitors[address] = open_page("pages/find.py", heat="yes")
        shortlists[address] = written(open_page("pages/match.py", **wish))
    assert len(set(shortlists.values())) == 2
    # Each goes on, by turns, with the same questions.
    for address, number in lists.items():
        serve(address)
        assert f"of {number} devices with heat" in sentence(run(visitors[address]))
        assert written(open_page("pages/match.py", **wish)) == shortlists[address]


def test_a_database_that_is_gone_is_told_everywhere_and_used_when_it_is_back(
    serve, postgres_server, open_page, monkeypatch, caplog, capsys
):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    caplog.set_level(logging.DEBUG)
    api = TestClient(API, raise_server_exceptions=False)
    address = as_postgres(TABLE, postgres_server.url)
    serve(address)
    shown = open_page("pages/find.py")
    assert api.get("/api/find", params={"heat": "yes"}).status_code == 200
    asked = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    asked.switch_page("pages/find.py")
    asked.query_params["washable"] = "yes"
    seen = [words(shown), str(shown.query_params)]
    postgres_server.stop()
    tell_as_served(monkeypatch)
    seen += [words(asked.run()), str([item.message for item in asked.exception])]
    assert GONE in words(asked)
    assert asked.title[0].value == "Find devices"
    logged = [record.fields for record in caplog.records if record.message == "exception"]
    assert {fields["kind"] for fields in logged} == {"DatabaseError"}
    answer = api.get("/api/find", params={"washable": "yes"})
    assert answer.status_code == 503
    assert GONE in answer.json()["detail"]
    head = api.get("/device", params={"id": "nobody-asked-before"})
    assert (head.status_code, "<title>" in head.text) == (200, True)
    assert api.get("/sitemap.xml").status_code == 503
    assert cli.main(["find", "--devices", address]) != 0
    told = capsys.readouterr()
    assert GONE in told.err
    seen += [answer.text, told.out, told.err, caplog.text]
    postgres_server.start()
    (again,) = [item for item in asked.button if item.label == "Try again"]
    assert not again.click().run().error
    assert "that are washable" in sentence(asked)
    assert api.get("/api/find", params={"washable": "yes"}).status_code == 200
    monkeypatch.setattr("legwise.database.rows.IDS_AT_ONCE", 5)
    assert api.get("/sitemap.xml").text.count("/device?id=") == len(TABLE)
    assert cli.main(["check", address]) in (0, 1)
    assert "CREATE INDEX ON" in capsys.readouterr().out
    seen.append(generate_latest(REGISTRY).decode())
    for secret in (SECRET, "127.0.0.1", "shop@", "postgresql:"):
        assert not [text for text in seen if secret in text]
