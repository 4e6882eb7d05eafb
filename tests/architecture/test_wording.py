"""Nothing says or implies that a device is without risk, or that it heals."""

import ast
import re

import pytest

from tests.conftest import ROOT

SCRIPTS = [
    *(ROOT / "legwise").rglob("*.py"),
    *(ROOT / "ui").glob("*.py"),
    *(ROOT / "pages").glob("*.py"),
    ROOT / "app.py",
]
TEMPLATES = [
    path for folder in ("legwise", "ui", "server") for path in (ROOT / folder).rglob("*.j2")
]
FORBIDDEN = re.compile(
    r"\b(safe|safely|safer|safest|harmless|risk-free|cures?|cured|curing|heals?|healed)\b",
    re.IGNORECASE,
)
#: "harmless" is said of cells in spreadsheets, in docstrings only.


def strings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_string_on_screen_says_safe_or_cures(path):
    for text in strings(path):
        assert not FORBIDDEN.search(text), text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_safe_or_cures_or_marks_a_value_as_markup(path):
    # Jinja's filter that lets a value through unescaped has one of these names, too.
    assert not FORBIDDEN.search(path.read_text(encoding="utf-8"))


def test_the_descriptor_and_what_readers_read_first_do_not_either(package):
    texts = [package.title, package.description]
    for table in package.tables:
        texts += [table.title, table.description]
        for field in table.fields:
            texts += [field.title, field.description, *field.labels.values()]
    assert not [text for text in texts if FORBIDDEN.search(text)]
    for name in ("README.md", "docs/index.md", "docs/reading.md", "docs/analysts.md"):
        assert not FORBIDDEN.search((ROOT / name).read_text(encoding="utf-8")), name
