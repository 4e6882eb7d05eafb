"""Who may import whom, and what no module may do."""

import ast
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from ui.frame import PAGES

CORE = sorted((ROOT / "legwise").rglob("*.py"))
UI = sorted((ROOT / "ui").glob("*.py"))
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
#: The core from its foot up: a module may import those before it only.
ORDER = [
    "schema",
    "descriptor",
    "units",
    "load",
    "check",
    "catalogue",
    "query",
    "columns",
    "index",
    "evidence",
    "safety",
    "facets",
    "display",
    "changes",
    "audit",
    "relations",
    "explore",
    "profile",
    "markdown",
    "literals",
    "reading",
    "worksheet",
    "risks",
    "findings",
    "claims",
    "citations",
    "match",
    "comparison",
    "urlreader",
    "urlstate",
    "pagestate",
    "compare",
    "sheet",
    "charts",
    "charts.base",
    "charts.evidence",
    "charts.devices",
    "charts.compare",
    "charts.studies",
    "charts.risks",
    "charts.drawing",
    "charts.kinds",
    "charts.explore",
    "view",
    "notebook",
    "pagecode",
    "comparecode",
    "export",
    "",
    "__main__",
]


def module(path):
    """Dotted name below legwise; the package itself is the empty string."""
    parts = path.relative_to(ROOT / "legwise").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def packages(path):
    return {name.partition(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", CORE, ids=module)
def test_the_core_imports_downwards_and_never_the_app(path):
    assert not packages(path) & {"streamlit", "ui", "pages", "app"}
    if not module(path).startswith("charts"):
        assert "plotly" not in packages(path)
    if path.stem in ("schema", "descriptor"):
        assert "pandas" not in packages(path)
    below = ORDER[: ORDER.index(module(path))]
    for name in imports(path):
        if name.startswith("legwise."):
            assert name.removeprefix("legwise.") in below, f"{module(path)} imports {name}"


@pytest.mark.parametrize("path", UI, ids=lambda path: path.stem)
def test_the_ui_imports_no_page_and_no_plotly(path):
    assert not packages(path) & {"pages", "app", "plotly"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_page_computes_nothing_itself(path):
    assert not packages(path) & {"pandas", "numpy", "plotly", "pages", "app", "csv", "json", "re"}


def test_the_core_runs_without_streamlit_in_a_fresh_interpreter():
    modules = ", ".join(f"legwise.{module(path)}" for path in CORE if module(path) not in ("", "__main__"))
    code = f"import sys; sys.modules['streamlit'] = None; import {modules}; legwise.catalogue.load_catalogue()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_the_page_registry_is_the_files():
    assert sorted(page.path for page in PAGES) == sorted(str(path.relative_to(ROOT)) for path in SCRIPTS)


@pytest.mark.parametrize("path", [*CORE, *UI, *SCRIPTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_uses_what_is_ruled_out(path):
    text = path.read_text(encoding="utf-8")
    for word in ("unsafe_allow_html", "use_container_width", "components.v1", "st.navigation("):
        assert word not in text
    assert not any(isinstance(node, ast.Global) for node in ast.walk(ast.parse(text)))


def test_caches_live_in_one_file():
    for path in [*UI, *SCRIPTS]:
        if path.stem != "cached":
            assert "st.cache_" not in path.read_text(encoding="utf-8")


def test_no_label_of_the_descriptor_is_written_in_the_core(package):
    """Labels live in the descriptor: no vocabulary value's label stands as a literal in the core."""
    labels = {label for table in package.tables for field in table.fields if field.categories for label in field.labels.values()}
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
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    for name in files:
        if (
            name.endswith((".py", ".md", ".toml", ".json", ".yml", "Makefile", "run"))
            and name != "tests/architecture/test_imports.py"
        ):
            text = (ROOT / name).read_text(encoding="utf-8")
            assert not re.search(r"\.\./shared|/work/|\bissue \d", text), name
