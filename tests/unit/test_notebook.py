"""The notebooks of the pages: they run beside the data, hold what the screen showed, and refuse
other data.
"""

import asyncio
import io
import itertools
import json
import shutil
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pandas as pd
import pyarrow as pa
import pytest
from nbclient import NotebookClient

from legwise.answers.comparison import NOTHING
from legwise.answers.devices import FacetIndex
from legwise.answers.query import SYMPTOM, DeviceQuery
from legwise.answers.side_by_side import compare
from legwise.charts.comparison import evidence_strip, number_dots
from legwise.database import opening
from legwise.database.address import read_address
from legwise.database.index import serve
from legwise.explore.relations import load_relation
from legwise.explore.state import ExploreState, settle
from legwise.explore.view import look
from legwise.exports.comparison_notebook import compare_notebook
from legwise.exports.page_notebooks import explore_notebook, find_notebook, symptoms_notebook
from legwise.exports.spreadsheets import package_zip
from legwise.facets.filters import Choice, Span
from legwise.intake.devices import build
from legwise.intake.proposals import known_names, propose
from legwise.intake.reading import read_content
from legwise.rules.findings import EvidenceFilter, select_findings
from legwise.rules.verdicts import verdicts
from legwise.tables.catalogue import load_catalogue
from legwise.tables.schema import NOT_STATED
from tests.conftest import ROOT
from tests.databases import as_duckdb
from tests.packages import SMALL, small, small_index
from tests.tables import number_of
from tests.unit.test_view import run_scripts

CATALOGUE = small()
DEVICES = load_relation(CATALOGUE, "devices")
INDEX = small_index()
BACK = ("https://legwise.example/page?heat=yes", "2026-11-22")
ITEMS = (("device", "theragun-pro-g4"), ("type", "air_compression"), ("type", "self_massage"))


def of_explore():
    filters = (
        ("heat", Choice(("yes", NOT_STATED))),
        ("techniques", Choice(("rolling", "kneading"))),
    )
    state = settle(
        ExploreState(filters=filters, group=("device_type", "heat"), chart="heat_map"), DEVICES
    )
    return explore_notebook(look(DEVICES, state), *BACK)


def of_find(query=None):
    query = query or DeviceQuery(
        filters=(("heat", Choice(("yes",))), ("remote_control", Choice(("yes",))))
    )
    return find_notebook(DEVICES, INDEX.ask(query), (), "heat", *BACK)


def of_compare(rows="all", conditions=("diabetes",), items=ITEMS, units="metric"):
    return compare_notebook(CATALOGUE, items, conditions, units, rows, *BACK)


def of_symptoms(wanted=None, subject="", symptom=""):
    wanted = wanted or EvidenceFilter(max_level=2, direct=True)
    kept = [
        row
        for row in select_findings(CATALOGUE, wanted).kept
        if subject in ("", row["subject"]) and symptom in ("", row["symptom"])
    ]
    return symptoms_notebook(CATALOGUE, wanted, subject, symptom, len(kept), *BACK)


PAGES = {"explore": of_explore, "find": of_find, "compare": of_compare, "symptoms": of_symptoms}


def run_in_jupyter(text, folder):
    """Run a notebook as Jupyter would, in that folder."""

    async def execute():
        client = NotebookClient(
            nbformat.reads(text, 4), timeout=120, resources={"metadata": {"path": str(folder)}}
        )
        return await client.async_execute()

    # In a thread of its own: the browser tests leave an event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, execute()).result()


def run_here(text, data=SMALL):
    """Run the code of a notebook in names of its own; return them."""
    names = {}
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            code = "".join(cell["source"]).replace('Path("data")', f"Path({str(data)!r})")
            exec(compile(code, "cell", "exec"), names)
    return names


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Cells of the notebook of each page after it ran.

    One Jupyter runs those that need the data alone, and forgets its names in between; another the
    one that needs the library.
    """
    done = {}
    for pages in ([page for page in PAGES if page != "compare"], ["compare"]):
        folder = tmp_path_factory.mktemp("jupyter")
        (folder / "data").symlink_to(SMALL)
        if pages == ["compare"]:
            (folder / "legwise").symlink_to(ROOT / "legwise")
        notebooks = {page: nbformat.reads(PAGES[page](), 4) for page in pages}
        whole = nbformat.v4.new_notebook(metadata=notebooks[pages[0]].metadata)
        for page, notebook in notebooks.items():
            for cell in notebook.cells:
                cell["id"] = f"{page}-{cell['id']}"
            whole.cells += [nbformat.v4.new_code_cell("%reset -f"), *notebook.cells]
        cells = iter(run_in_jupyter(nbformat.writes(whole), folder).cells)
        for page, notebook in notebooks.items():
            done[page] = list(itertools.islice(cells, 1 + len(notebook.cells)))
    return done


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_the_notebook_of_a_page_runs_beside_the_data(page, ran):
    outputs = [output for cell in ran[page] if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert any("application/vnd.plotly.v1+json" in output.get("data", {}) for output in outputs)
    assert any(f"version {CATALOGUE.version}" in output.get("text", "") for output in outputs)


@pytest.mark.parametrize("page", PAGES)
def test_without_the_data_it_says_what_to_do(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        FileNotFoundError,
        match="Put the data folder beside this notebook, or give its path in the first cell",
    ):
        run_here(PAGES[page](), "data")


@pytest.mark.parametrize("page", PAGES)
def test_with_other_data_it_says_so(page, tmp_path):
    shutil.copytree(SMALL, tmp_path / "data")
    path = tmp_path / "data" / "devices.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Theragun", "Thera gun"), encoding="utf-8"
    )
    with pytest.raises(
        ValueError,
        match=f"made from the data of version {CATALOGUE.version}, .*download the notebook again",
    ):
        run_here(PAGES[page](), tmp_path / "data")


def test_other_rows_than_on_screen_stop_it():
    text = of_find().replace('["yes"]', '["no"]').replace('[\\"yes\\"]', '[\\"no\\"]')
    shown, there = (
        number_of("devices", heat=answer, remote_control=answer) for answer in ("yes", "no")
    )
    with pytest.raises(
        AssertionError, match=f"The screen showed {shown} rows, and there are {there} here"
    ):
        run_here(text)


@pytest.mark.parametrize("page", PAGES)
def test_it_says_what_it_is_in_words(page):
    notebook = nbformat.reads(PAGES[page](), 4)
    nbformat.validate(notebook)
    head, sources = notebook.cells[0].source, notebook.cells[-1].source
    assert head.startswith("# Legwise")
    for text in (
        "**Filters**",
        "https://legwise.example/page?heat=yes",
        CATALOGUE.version,
        "not medical advice",
    ):
        assert text in head
    assert sources.startswith("## Sources\n\n1. [")


def test_filters_stand_in_words_and_the_figure_can_be_seen_before_it_runs():
    notebook = nbformat.reads(of_explore(), 4)
    assert (
        "- heat is yes or not stated\n- techniques are Rolling or Kneading \\(shiatsu\\)"
        in notebook.cells[0].source
    )
    figures = [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    ]
    assert [
        output.data["application/vnd.plotly.v1+json"]["data"][0]["type"] for output in figures
    ] == ["heatmap"]


QUERIES = [
    DeviceQuery(),
    DeviceQuery(
        filters=((SYMPTOM, Choice(("swelling", "pain"), match_all=True)),), evidence="randomised"
    ),
    DeviceQuery(
        filters=((SYMPTOM, Choice(("fatigue",))),),
        directions=("benefit", "mixed"),
        sort="device_type",
        descending=True,
    ),
    DeviceQuery(
        filters=(
            (SYMPTOM, Choice(("cramps", "swelling"))),
            ("weight_kg", Span(high=5, not_stated=True)),
        ),
        sort="techniques",
    ),
    DeviceQuery(text="THÉRA gun", sort="price_usd", descending=True),
    DeviceQuery(text="foot massager \"'{}", sort="stated"),
    DeviceQuery(text="boots sequential"),
    DeviceQuery(text="handheld tools gun"),
    DeviceQuery(filters=(("heat", Choice(("yes", "no"))),), sort="heat", descending=True),
    DeviceQuery(filters=(("brand", Choice((NOT_STATED,))),), sort="model"),
    DeviceQuery(
        filters=(("techniques", Choice(("rolling", "percussion"), match_all=True)),),
        conditions=("diabetes",),
    ),
    DeviceQuery(
        filters=(
            ("heat", Choice(("yes",))),
            ("price_usd", Span(high=1)),
            (SYMPTOM, Choice(("pain",))),
        )
    ),
    DeviceQuery(filters=(("brand", Choice(("Actilymph",))),), sort="body_areas"),
    DeviceQuery(sort="model", descending=True),
]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_the_device_list_has_the_same_products_in_the_same_order(query):
    answer = INDEX.ask(query)
    table = run_here(of_find(query))["table"]
    expected = CATALOGUE["devices"]["model"].iloc[answer.rows]
    assert len(table) == answer.total
    if not query.conditions:
        assert table["model"].tolist() == expected.tolist()
    else:
        assert sorted(table["model"]) == sorted(expected)


COMPARED = [
    (rows, conditions, items, units)
    for rows in ("all", "differences", "stated")
    for conditions in ((), ("pregnancy", "diabetes"))
    for items, units in (
        (ITEMS, "metric"),
        ((("type", "massage_chair"), ("type", "compression_stockings")), "imperial"),
        ((("device", "theragun-pro-g4"),), "imperial"),
    )
] + [("all", ("diabetes",), (("type", "compression_stockings"), NOTHING), "metric")]


def script(text):
    """The code of a notebook, as a script that finds the library of this project."""
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    library = f"import sys\nsys.path.insert(0, {str(ROOT)!r})"
    return "\n".join([library, *("".join(cell["source"]) for cell in cells)])


@pytest.mark.slow
def test_a_comparison_says_what_the_screen_says_to_the_letter(tmp_path):
    scripts = [script(of_compare(*compared)) for compared in COMPARED]
    for compared, made in zip(COMPARED, run_scripts(tmp_path, scripts), strict=True):
        rows, conditions, items, units = compared
        whole = compare(CATALOGUE, items, conditions, units)
        table, figure, _ = made
        pd.testing.assert_frame_equal(whole.only(rows).frame(), table)
        assert figure == evidence_strip(CATALOGUE, whole).figure.to_json()


def test_a_comparison_without_the_library_says_how_to_get_it(monkeypatch):
    text = of_compare()
    monkeypatch.setitem(sys.modules, "legwise", None)
    told = r"the project's legwise folder beside this notebook, or .* run pip install \. in"
    with pytest.raises(ModuleNotFoundError, match=told):
        run_here(text)


@pytest.mark.parametrize(
    "wanted",
    [
        EvidenceFilter(),
        EvidenceFilter(max_level=2, direct=True, year_from=2015),
        EvidenceFilter(populations=("healthy",), directions=("benefit", "mixed")),
        EvidenceFilter(designs=("guideline",)),
    ],
)
def test_findings_and_verdicts_are_those_of_the_screen(wanted):
    names = run_here(of_symptoms(wanted))
    kept = select_findings(CATALOGUE, wanted).kept
    assert len(names["table"]) == len(kept)
    symptoms, directions = (
        CATALOGUE.names("symptoms"),
        CATALOGUE.package["evidence"]["direction"].labels,
    )
    expected = {
        (CATALOGUE.subject_label(kind, subject), symptoms[symptom]): (
            directions[verdict.direction],
            verdict.studies,
        )
        for (kind, subject, symptom), verdict in verdicts(CATALOGUE, kept).items()
        if verdict.tier
    }
    printed = names["verdicts"]
    pairs = zip(printed["subject"], printed["symptom"], strict=True)
    assert (
        dict(zip(pairs, zip(printed["direction"], printed["works"], strict=True), strict=True))
        == expected
    )


def test_an_open_cell_is_a_filter_of_its_own():
    names = run_here(of_symptoms(EvidenceFilter(), "air_compression", "swelling"))
    assert set(names["table"]["symptom"]) == {CATALOGUE.names("symptoms")["swelling"]}
    assert isinstance(names["counts"], pd.DataFrame)


@pytest.mark.parametrize("table", ["cautions", "regulation", "clearances", "claims"])
def test_a_comparison_without_some_rows_still_runs(table, copied):
    path = copied / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    catalogue = load_catalogue(copied)
    names = run_here(compare_notebook(catalogue, ITEMS, (), "metric", "all", *BACK), copied)
    pd.testing.assert_frame_equal(names["table"], compare(catalogue, ITEMS).frame())


@pytest.mark.slow
def test_notebooks_of_a_list_from_elsewhere_run_beside_its_package(tmp_path):
    content = (
        b"brand,model,device_type,price,heat,colour\nZork,A,boots,99 EUR,yes,red\nZork,B,?,,no,"
    )
    sheet = read_content(content, known_names(CATALOGUE).keys())
    made = build(sheet, propose(sheet, CATALOGUE), CATALOGUE, "shop.csv", "0" * 12)
    made = made.catalogue(CATALOGUE)
    with zipfile.ZipFile(io.BytesIO(package_zip(made))) as archive:
        archive.extractall(tmp_path / "data")
    devices = load_relation(made, "devices")
    query = DeviceQuery(filters=(("list_colour", Choice(("red",))),))
    answer = FacetIndex(made).ask(query)
    view = look(devices, settle(ExploreState(group=("list_colour",)), devices))
    items = (("device", "zork-a"), ("device", "zork-b"))
    for text in (
        find_notebook(devices, answer, (), "heat", *BACK),
        explore_notebook(view, *BACK),
        compare_notebook(made, items, (), "metric", "all", *BACK),
    ):
        run_in_jupyter(text, tmp_path)


@pytest.mark.slow
def test_a_comparison_of_a_database_carries_its_devices_and_says_what_the_screen_says(
    tmp_path, monkeypatch
):
    some = lambda self: [self.source.order_by(self.key).limit(2)]  # noqa: E731
    monkeypatch.setattr(opening._Work, "_draw", some)
    table = pd.read_csv(SMALL / "devices.csv", dtype="str")
    # The last two with a weight are not drawn; one more has the name of one of them.
    *_, first, last = sorted(table.loc[table["weight_kg"].notna(), "device_id"])
    twin = table[table["device_id"] == last].assign(device_id="twin")
    table = pd.concat([table, twin], ignore_index=True)
    table["listed_on"] = pd.Series(["2026-11-01", "2026-11-02"] * len(table))[: len(table)]
    shop = pa.Table.from_pandas(table, preserve_index=False)
    catalogue = serve(read_address(as_duckdb(shop, tmp_path)), CATALOGUE).catalogue
    with zipfile.ZipFile(io.BytesIO(package_zip(catalogue))) as archive:
        archive.extractall(tmp_path / "data")
    assert not {first, last} & {*catalogue.tables["devices"]["device_id"]}
    devices = [("device", last), ("device", first)]
    types = [("type", key) for key in ("air_compression", "self_massage")]
    for items in ([*devices, types[0]], types):
        whole = compare(catalogue, items, ("diabetes",), "imperial")
        text = compare_notebook(catalogue, items, ("diabetes",), "imperial", "all", *BACK)
        names = run_here(text, tmp_path / "data")
        pd.testing.assert_frame_equal(names["table"], whole.frame())
        if numbers := number_dots(catalogue, whole, "imperial"):
            assert names["numbers"].to_json() == numbers.figure.to_json()
        assert (numbers is None) == (items == types)
        assert whole.labels[0].endswith(f"({last})") == (items != types)
