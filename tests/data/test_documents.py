"""What the documents tell a reader to run is run, and where they lead is there."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from starlette.applications import Starlette
from starlette.testclient import TestClient

from legwise.cli import app, main
from server.api import Api
from tests.conftest import ROOT
from tests.tables import on_disk

FILES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
FILES += sorted((ROOT / "docs").rglob("*.md"))
#: Blocks that are no commands, by the word behind the fence.
READ_ONLY = {"diff", "mermaid", "nginx", "text"}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
COMMANDS = {command.callback.__name__ for command in app.registered_commands}
EVERY = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))


def blocks(path: Path, *languages: str) -> list[str]:
    fenced = BLOCK.findall(path.read_text(encoding="utf-8"))
    return [text for language, text in fenced if language in languages]


WITH_COMMANDS = [path for path in FILES if blocks(path, "sh")]
WITH_PYTHON = [path for path in FILES if blocks(path, "python")]


def run(command: str) -> None:
    """Run a command of a document, or hold that what it starts is there."""
    words = shlex.split(command, comments=True)
    match words:
        case ["make", *parts]:
            assert {part for part in parts if "=" not in part} <= TARGETS
        case ["legwise", "run", *_]:
            assert main(["run", "--help"]) == 0
        case ["legwise", *arguments]:
            assert main(arguments) == 0
        case ["curl", address]:
            link = urlsplit(address)
            answer = TestClient(Starlette(routes=[Api()])).get(f"{link.path}?{link.query}")
            assert answer.status_code == 200
        case ["pip", "install", wanted]:
            project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
                "project"
            ]
            name, extras = re.fullmatch(r"(\w+)\[([\w,]+)\]", wanted).groups()
            assert name == project["name"]
            assert set(extras.split(",")) <= set(project["optional-dependencies"])
        case ["docker", "compose", "-f", file, verb, *rest]:
            services = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))["services"]
            assert (verb == "up" and "--build" in rest) or verb == "build" or services.keys() & rest
        case [_, "-m", "pytest", file]:
            assert (ROOT / file).is_file()
        case [_, "-m", module, *_]:
            assert find_spec(module)
        case _:
            pytest.fail(f"nobody knows how to try {command!r}")


@EVERY
def test_every_block_is_run_or_is_known_not_to_be(path):
    languages = {language for language, _ in BLOCK.findall(path.read_text(encoding="utf-8"))}
    assert languages <= {"sh", "python", *READ_ONLY}


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=lambda path: path.name)
def test_the_commands_of_a_document_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for line in "".join(blocks(path, "sh")).splitlines():
        run(line)


@pytest.mark.parametrize("path", WITH_PYTHON, ids=lambda path: path.name)
def test_the_python_of_a_document_gives_what_it_says(path):
    text = "".join(blocks(path, "python"))
    test = doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0


@EVERY
def test_commands_within_sentences_exist(path):
    text = path.read_text(encoding="utf-8")
    for command, name in re.findall(r"`(make|legwise) ([a-z][a-z-]+)", text):
        assert name in (TARGETS if command == "make" else COMMANDS), f"{command} {name}"
    for module in re.findall(r"`python -m ([\w.]+)", text):
        assert find_spec(module), module


@pytest.mark.parametrize("path", FILES[:3], ids=lambda path: path.name)
def test_links_of_files_at_the_top_lead_to_files(path):
    # Those of other documents, and anchors, are held by the site, which is built below.
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (ROOT / target).exists(), target


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The documents as a site; a warning ends its making."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", folder]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    made = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return folder


def test_the_site_has_every_document_and_fetches_nothing_from_elsewhere(site):
    pages = [path for path in site.rglob("*.html") if path.name != "404.html"]
    assert len(pages) == len(FILES) - 1  # the README is for those who read the files
    fetched = r'<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?//[^"]*"'
    for page in pages:
        assert not re.findall(fetched, page.read_text(encoding="utf-8")), page


def test_the_signs_in_the_page_for_readers_are_those_of_the_table():
    text = (ROOT / "docs/reading.md").read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if "`red_flags`" in line)
    quoted = re.findall(r'"([^"]+)"', line)[:4]
    rows = {(row["description"], row["action"]) for row in on_disk("red_flags", ROOT / "data")}
    assert set(zip(quoted[::2], quoted[1::2], strict=True)) <= rows
