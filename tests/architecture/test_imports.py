"""Who may import whom, and what no module may do.

The contracts between rooms are in ``pyproject.toml``.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from ui.page import PAGES

CORE = sorted((ROOT / "legwise").rglob("*.py"))
UI = sorted((ROOT / "ui").glob("*.py"))
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def packages(path):
    return {name.partition(".")[0] for name in imports(path)}


def lint_imports(folder=ROOT):
    command = [
        str(Path(sys.executable).parent / "lint-imports"),
        "--config",
        str(folder / "pyproject.toml"),
        "--no-cache",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_the_contracts_between_rooms_hold():
    report = lint_imports()
    assert report.returncode == 0, report.stdout
    assert "Contracts: 4 kept, 0 broken." in report.stdout


def test_every_module_of_the_core_is_in_a_room():
    rooms = {path.name for path in (ROOT / "legwise").iterdir() if (path / "__init__.py").is_file()}
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert rooms == set(re.findall(r'^    "legwise\.(\w+)",$', text, flags=re.M)) - {"cli"}
    assert {path.name for path in (ROOT / "legwise").glob("*.py")} == {
        "__init__.py",
        "__main__.py",
        "cli.py",
    }


@pytest.mark.parametrize("path", UI, ids=lambda path: path.stem)
def test_the_ui_imports_no_page(path):
    assert not packages(path) & {"pages", "app"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_page_computes_nothing_itself(path):
    assert not packages(path) & {"pandas", "numpy", "plotly", "pages", "app", "csv", "json", "re"}


def test_the_core_runs_without_streamlit_in_a_fresh_interpreter():
    modules = ", ".join(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in CORE
        if path.stem[0] != "_"
    )
    code = (
        f"import sys; sys.modules['streamlit'] = None; import {modules}; legwise.load_catalogue()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_what_few_visits_need_is_loaded_by_the_first_that_does():
    writers = {"bibtexparser", "nbformat", "openpyxl", "rispy", "xlsxwriter"}
    readers = {"charset_normalizer", "rapidfuzz"}
    some = writers | readers | {"plotly.express"}
    code = f"import sys, server, ui, ui.upload; sys.exit(' '.join({some} & {{*sys.modules}}) or 0)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_the_page_registry_is_the_files():
    assert sorted(page.path for page in PAGES) == sorted(
        str(path.relative_to(ROOT)) for path in SCRIPTS
    )


def test_lists_to_choose_from_are_drawn_by_one_module():
    for path in (*UI, *SCRIPTS):
        drawn = re.search(r"st\.(multiselect|selectbox)\(", path.read_text(encoding="utf-8"))
        assert not drawn or path.name == "choosers.py", path


@pytest.mark.parametrize(
    "path", [*CORE, *UI, *SCRIPTS], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_module_uses_what_is_ruled_out(path):
    text = path.read_text(encoding="utf-8")
    for word in ("unsafe_allow_html", "use_container_width", "components.v1", "st.navigation("):
        assert word not in text
    assert not any(isinstance(node, ast.Global) for node in ast.walk(ast.parse(text)))


#: Names that say nothing of what they name (see the house style in CONTRIBUTING.md).
EMPTY_NAMES = {"own", "place", "places", "found", "said"}


def names_made(path):
    """Names that a file makes: of variables, attributes, parameters, functions and classes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name


@pytest.mark.parametrize("folder", ["legwise", "ui", "pages", "server", "tests", "benchmarks", "."])
def test_names_say_what_they_name(folder):
    for path in (ROOT / folder).glob("*.py" if folder == "." else "**/*.py"):
        empty = {name for name in names_made(path) if name.strip("_").lower() in EMPTY_NAMES}
        assert not empty, path


@pytest.mark.parametrize(
    "path", [*UI, *(ROOT / "legwise/exports").glob("*.py")], ids=lambda path: path.stem
)
def test_html_is_escaped_by_templates_alone(path):
    assert "html" not in packages(path)


def test_caches_live_in_one_file():
    for path in [*UI, *SCRIPTS]:
        if path.stem != "cache":
            assert "st.cache_" not in path.read_text(encoding="utf-8")


def test_no_label_of_the_descriptor_is_written_in_the_core(package):
    """Labels live in the descriptor: none stands as a literal in the core."""
    labels = {
        label
        for table in package.tables
        for field in table.fields
        if field.categories
        for label in field.labels.values()
    }
    # Words that are labels and ordinary words at once.
    labels -= {
        "Yes",
        "No",
        "Read",
        "US",
        "Caution",
        "Review",
        "Study",
        "App",
        "Supported",
        "Mixed",
        "Weak",
        "Rare",
        "Common",
        "Not stated",
        "Device",
        "Feature",
        "Condition",
    }
    for path in [*CORE, *UI, *SCRIPTS]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in labels, (path.name, node.value)


def test_nothing_names_a_place_outside_the_project():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    for name in files:
        if (
            name.endswith((".py", ".md", ".toml", ".json", ".yml", ".j2", "Makefile", "run"))
            and name != "tests/architecture/test_imports.py"
        ):
            text = (ROOT / name).read_text(encoding="utf-8")
            assert not re.search(r"\.\./shared|/work/|\bissue \d", text), name
