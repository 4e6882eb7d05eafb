"""The API: each route answers any link with what its page shows, and refuses in one way."""

from __future__ import annotations

import csv
import io
import logging
from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import negative_data_rejection
from starlette.applications import Starlette
from starlette.testclient import TestClient

from legwise.replies.openapi import LONGEST_LINK, document
from legwise.replies.reply import MOST_ROWS
from legwise.replies.routes import BY_NAME, BY_PAGE, ROUTES
from server.api import Api
from tests.app.conftest import link, listing, open_part, sentence
from tests.app.test_pages import DEEP, HOSTILE, NAMES
from tests.app.test_upload import use
from tests.strategies import SCOPE
from tests.tables import on_disk
from tests.unit.test_check import edit
from ui.fold import fold_key
from ui.page import API_VARIABLE

APP = Starlette(routes=[Api()])
#: Route → a link that asks for something.
LINKS = {
    BY_PAGE[path.rpartition("/")[2].removesuffix(".py")].name: params
    for path, params in DEEP.items()
}
EVERY = pytest.mark.parametrize("name", list(BY_NAME))


@pytest.fixture
def api():
    return TestClient(APP, raise_server_exceptions=False)


def path_of(name, within=""):
    route = BY_NAME[name]
    if not route.within:
        return f"/api/{name}"
    usual = LINKS[name].get(route.within, "devices")
    return f"/api/{name}/{quote(within or usual, safe='').replace('.', '%2E')}"


def deep(name):
    return {key: value for key, value in LINKS[name].items() if key != BY_NAME[name].within}


def get(api, path, **params):
    answer = api.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def conforms(answer):
    """The answer is what the OpenAPI document says of it."""
    schema = {"$ref": "#/components/schemas/answer", **document(SCOPE)}
    Draft202012Validator(schema).validate(answer)


@EVERY
def test_a_route_answers_without_a_link(api, name):
    answer = get(api, path_of(name))
    conforms(answer)
    assert answer["not_applied"] == []
    assert any("not proof of safety" in note for note in answer["notes"])


@EVERY
def test_a_route_answers_a_deep_link_and_names_the_page_that_shows_the_same(api, name):
    answer = get(api, path_of(name), **deep(name))
    conforms(answer)
    assert answer["not_applied"] == []
    asked = {
        key: value if isinstance(value, list) else [value] for key, value in LINKS[name].items()
    }
    assert parse_qs(urlsplit(answer["link"]).query).items() >= asked.items()


@pytest.mark.parametrize("value", HOSTILE)
@EVERY
def test_a_route_answers_a_hostile_link_and_says_what_it_did_not_apply(api, name, value):
    value = value if len(value) < 50 else value[:5]  # a longer link is refused, see below
    params = {key: [value, value] for key in NAMES if key != BY_NAME[name].within}
    answer = get(api, path_of(name), **params)
    conforms(answer)
    assert answer["not_applied"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", [route.name for route in ROUTES if route.within])
def test_nothing_of_a_hostile_name_is_there(api, name, value):
    answer = api.get(path_of(name, value))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_find_answers_what_the_page_shows(api, open_page):
    asked = {"heat": "yes", "condition": "diabetes", "sort": "-weight_kg", "column": "weight_kg"}
    app, answer = open_page("pages/find.py", **asked), get(api, "/api/find", **asked)
    assert answer["summary"] == sentence(app)
    shown = listing(app)
    starts = [shown.index(row["name"]) for row in answer["rows"]]
    assert starts == sorted(starts)
    assert all(row["texts"]["weight_kg"] in shown for row in answer["rows"])
    assert all(row["caution"].split(" (")[0] in shown for row in answer["rows"])
    # A number as the file has it, and null where it has none.
    files = {row["device_id"]: row["weight_kg"] for row in on_disk("devices")}
    for row in answer["rows"]:
        cell = row["values"]["weight_kg"]
        assert files[row["id"]] == ("" if cell is None else f"{cell:g}")


def test_a_search_answers_what_comes_nearest_where_nothing_has_all_words(api):
    whole = get(api, "/api/search", q="boots")
    assert whole["summary"].endswith("for “boots”")
    near = get(api, "/api/search", q="diabetis boots")
    assert near["summary"] == f"{len(near['rows'])} hits nearest to “diabetis boots”"
    assert {row["id"] for row in near["rows"]} >= {"diabetes", "air_compression"}


def test_counts_of_filters_are_those_of_the_page(api):
    answer = get(api, "/api/find", heat="yes")
    counts = answer["counts"]["heat"]
    rows = [row["heat"] for row in on_disk("devices")]
    assert counts == {
        "yes": rows.count("yes"),
        "no": rows.count("no"),
        "not_stated": rows.count(""),
    }


def test_where_few_match_the_answer_says_what_gives_more(api, open_page):
    asked = {"heat": "yes", "cordless": "yes", "price_usd": "..1"}
    answer = get(api, "/api/find", **asked)
    buttons = [
        button.label.replace("\\", "") for button in open_page("pages/find.py", **asked).button
    ]
    assert answer["instead"]
    for step in answer["instead"]:
        assert step["words"] in buttons
        page, _, query = step["link"].partition("?")
        assert page == "/find"
        assert get(api, f"/api/find?{query}")["not_applied"] == []


def test_explore_answers_the_table_and_the_code_of_the_view(api, open_page):
    asked = {"table": "evidence", "group": "direction"}
    answer = get(api, "/api/explore", **asked)
    app = open_page("pages/explore.py", **asked)
    app = open_part(app, fold_key("explore.code"))
    assert answer["summary"].startswith(app.header[0].value.replace("\\", ""))
    assert answer["code"].strip() == app.code[0].value
    counts = {row["direction"]: row["rows"] for row in answer["rows"]}
    assert sum(counts.values()) == len(on_disk("evidence"))


def test_compare_answers_each_cell_with_its_sources(api):
    answer = get(api, "/api/compare", type=["air_compression", "self_massage"])
    cells = [cell for row in answer["rows"] for cell in row["cells"]]
    assert {len(row["cells"]) for row in answer["rows"]} == {2}
    assert any(cell["sources"] for cell in cells)
    suggested = get(api, "/api/compare")["suggestions"]
    assert any("do=nothing" in item["link"] for item in suggested)


def test_compare_answers_with_doing_nothing_as_a_column(api):
    answer = get(api, "/api/compare", type="compression_stockings", do="nothing")
    assert answer["labels"] == ["Compression stockings", "Do nothing"]
    told = [row["cells"][1] for row in answer["rows"] if row["cells"][1]["stated"]]
    assert all(cell["text"].startswith("Without a device") and cell["sources"] for cell in told)
    assert told
    assert all(row["cells"][1]["text"] for row in answer["rows"])


def test_a_shortlist_waits_for_the_answer_about_warning_signs(api):
    asked = {"symptom": "swelling", "condition": "diabetes"}
    for signs in ({}, {"signs": "some"}):
        answer = get(api, "/api/match", **asked, **signs)
        assert answer["rows"] == []
        assert answer["warning_signs"]
    answer = get(api, "/api/match", **asked, signs="none")
    assert answer["rows"][0]["rank"] == 1
    barred = [row for row in answer["rows"] if row["contraindicated"]]
    assert barred
    assert not [row for row in barred if row["fits"] or row["ask_seller"]]
    for row in barred:
        bars = [item for item in row["cautions"] if item["severity"] == "contraindicated"]
        assert row["outright"] == any(not item["limits"] for item in bars)


def test_symptoms_answers_findings_and_says_what_was_dropped(api):
    answer = get(api, "/api/symptoms", level="1")
    assert {row["level"] for row in answer["rows"]} == {1}
    assert len(answer["rows"]) + len(answer["dropped"]) == len(on_disk("evidence"))
    studied = [row for row in answer["verdicts"] if row["tier"]]
    assert studied
    assert all(row["sentence"] for row in answer["verdicts"])


def test_every_tab_of_risks_has_rows(api):
    for tab in ("mine", "factors", "effects", "pathways"):
        answer = get(api, "/api/risks", tab=tab, condition="diabetes")
        assert answer["rows"], tab


def test_a_table_is_answered_as_its_file_has_it(api):
    answer = get(api, "/api/data/cautions")
    files = on_disk("cautions")
    assert [row["caution_id"] for row in answer["rows"]] == [row["caution_id"] for row in files]
    assert [row["limits"] or "" for row in answer["rows"]] == [row["limits"] for row in files]


@EVERY
def test_csv_is_asked_for_by_the_link_or_by_the_header(api, name):
    path, params = path_of(name), deep(name)
    by_link = api.get(path, params={**params, "format": "csv"})
    by_header = api.get(path, params=params, headers={"Accept": "text/csv"})
    assert by_link.headers["content-type"] == "text/csv; charset=utf-8"
    assert by_link.content == by_header.content
    rows = list(csv.reader(io.StringIO(by_link.text)))
    assert len(rows) == 1 + len(get(api, path, **params)["rows"])


def test_pages_of_rows_follow_each_other_and_hold_each_row_once(api, long_list):
    address, ids = "/api/find?sort=weight_kg", []
    while address:
        answer = get(api, address)
        ids += [row["id"] for row in answer["rows"]]
        address = answer["next"]
    assert len(ids) == len(set(ids)) == answer["total"] > answer["per_page"]
    whole = get(api, "/api/find", sort="weight_kg", per_page="1000")
    assert [row["id"] for row in whole["rows"]] == ids
    second = api.get("/api/find", params={"per_page": "7", "page": "2", "format": "csv"})
    assert second.headers["link"] == '</api/find?page=3&per_page=7&format=csv>; rel="next"'


def test_a_page_that_is_not_there_and_too_many_rows_are_told(api):
    answer = get(api, "/api/find", page="9", per_page="5000")
    assert [item["name"] for item in answer["not_applied"]] == ["page", "per_page"]
    assert (answer["page"], answer["per_page"]) == (1, MOST_ROWS)


def test_an_etag_holds_until_the_data_or_the_link_change(api, served):
    first = api.get("/api/find?heat=yes")
    etag = first.headers["etag"]
    again = api.get("/api/find?heat=yes", headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert api.get("/api/find?heat=no", headers={"If-None-Match": etag}).status_code == 200
    assert api.get("/api/find?heat=yes&format=csv").headers["etag"] != etag
    edit(served, "devices", 0, heat="")
    changed = api.get("/api/find?heat=yes", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    # What someone states about health is in the link: no cache that is shared may keep it.
    assert first.headers["cache-control"] == "private, no-cache"


REFUSALS = [
    ("GET", "/api/nothing", 404),
    ("GET", "/api/find/more", 404),
    ("GET", "/api/devices", 404),
    ("GET", "/api/devices/none", 404),
    ("GET", "/api/schema/more", 404),
    ("GET", "/api/find?format=xml", 400),
    ("GET", f"/api/find?q={'a' * LONGEST_LINK}", 414),
    ("POST", "/api/find", 405),
    ("DELETE", "/api/devices/none", 405),
    ("PUT", "/api", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), REFUSALS, ids=lambda item: str(item)[:24])
def test_a_refusal_is_a_problem_document(api, method, path, status):
    answer = api.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["title"]
    if status == 405:
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/api", "/api/schema", "/api/find", "/api/data/devices"])
def test_head_and_options_are_answered_and_any_site_may_read(api, path):
    read, head = api.get(path), api.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == read.headers["etag"]
    assert head.headers["content-length"] == str(len(read.content))
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    options = api.options(path, headers=asked)
    assert options.status_code == 204
    assert read.headers["access-control-allow-origin"] == "*"
    assert options.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_a_mistake_of_ours_is_logged_without_what_was_asked(api, monkeypatch, caplog):
    def fail(scope, state):
        raise ValueError(f"no rule for {state}")

    broken = replace(BY_NAME["match"], reply=fail)
    monkeypatch.setitem(BY_NAME, "match", broken)
    logger = logging.getLogger("legwise")
    monkeypatch.setattr(logger, "propagate", True)
    answer = api.get("/api/match?symptom=swelling&condition=diabetes")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    (line,) = caplog.records
    assert line.fields["kind"] == "ValueError"
    told = f"{answer.text} {line.getMessage()} {line.fields} {line.exc_text} {line.exc_info}"
    assert "diabetes" not in told
    assert "swelling" not in told


def test_tables_that_cannot_be_read_are_a_problem_of_the_server(api, served):
    edit(served, "devices", 0, heat="perhaps")
    answer = api.get("/api/find")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_document_is_openapi_and_the_page_lists_the_same(api):
    schema = api.get("/api/schema").json()
    assert schema["openapi"].startswith("3.1")
    page = api.get("/api")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path, item in schema["paths"].items():
        assert f"<code>/api{path}</code>" in page.text
        for parameter in item["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page.text
    assert "://" not in page.text.replace("http://www.w3.org", "")


@pytest.mark.parametrize("path", DEEP)
def test_a_page_offers_its_view_as_json(api, open_page, monkeypatch, path):
    assert not offered(open_page(path, **DEEP[path]))  # where the pages are served alone
    monkeypatch.setenv(API_VARIABLE, "yes")
    app = open_page(path, **DEEP[path])
    (address,) = offered(app)
    answer = get(api, f"/{address}")
    assert answer["not_applied"] == []
    assert parse_qs(urlsplit(answer["link"]).query) == link(app)


def test_a_list_of_the_visitors_own_is_not_offered_as_json(open_page, monkeypatch):
    monkeypatch.setenv(API_VARIABLE, "yes")
    app = open_page("pages/data.py", view="own")
    assert offered(app)
    assert not offered(use(open_page))


def offered(app):
    """Addresses of the view as JSON on a page."""
    parts = [text.value.partition("[This view as JSON](")[2] for text in app.caption]
    return [part.partition(")")[0] for part in parts if part]


@pytest.fixture(scope="module")
def described():
    return from_dict(document(SCOPE))


@EVERY
def test_what_the_document_allows_is_answered_as_it_says(described, name):
    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described[BY_NAME[name].path]["GET"].as_strategy())
    def ask(case):
        # A value that the document does not list is dropped and told, as on the pages.
        case.call_and_validate(
            base_url="http://testserver/api", app=APP, excluded_checks=[negative_data_rejection]
        )

    ask()
