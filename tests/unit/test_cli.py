"""The command line answers as the pages do, in a form that people or programs read."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from legwise.answers.devices import shown_devices
from legwise.cli import app, main
from legwise.exports.spreadsheets import to_csv
from legwise.replies.asking import ask
from legwise.replies.routes import BY_NAME
from tests.conftest import ROOT
from tests.packages import SMALL

COMMANDS = sorted(command.callback.__name__ for command in app.registered_commands)
LIST = "brand,model,device_type,heat\nZork,Alpha,compression boots,yes\n"


@pytest.fixture(autouse=True)
def small_package(monkeypatch):
    monkeypatch.setenv("LEGWISE_DATA", str(SMALL))


@pytest.fixture
def call(capsys):
    """Run a command; return its exit status, what it printed, and what it said beside that."""

    def call_(line: str) -> tuple[int, str, str]:
        status = main(shlex.split(line))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call_


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_the_help_do_what_they_say(call, name, copied, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("my-data", "old-data", "new-data"):
        shutil.copytree(copied, folder)
    Path("my-list.csv").write_text(LIST)
    started = []
    monkeypatch.setattr(os, "execv", lambda *arguments: started.append(arguments))
    # These would outlive the test.
    monkeypatch.setenv("LEGWISE_DEVICES", "")
    monkeypatch.setenv("LEGWISE_MAPPING", "")
    _, text, _ = call(f"{name} --help")
    examples = [line.strip() for line in text.splitlines() if line.startswith("    legwise ")]
    assert examples
    for example in examples:
        monkeypatch.chdir(tmp_path)
        status, printed, aside = call(example.removeprefix("legwise "))
        assert status == 0, aside
        assert printed or started


def test_the_list_is_that_of_the_page_in_every_format(call, catalogue, index, scope):
    answer = ask(BY_NAME["find"], scope, {"heat": ["yes"], "sort": ["-weight_kg"]})
    rows = index.ask(answer.state.query).rows
    fields = [catalogue.package["devices"][name] for name in ("weight_kg", "price_usd")]
    keys = catalogue.keys_at("devices", rows)
    line = "find heat=yes sort=-weight_kg --columns weight_kg,price_usd --format"
    status, printed, _ = call(f"{line} csv")
    assert status == 0
    assert printed.encode() == to_csv(shown_devices(catalogue, keys, fields).frame)
    document = json.loads(call(f"{line} json")[1])
    assert [row["id"] for row in document["rows"]] == keys
    assert document["not_applied"] == []
    for form in ("table", "md"):
        printed = call(f"{line} {form}")[1]
        assert answer.reply.summary in printed
        assert "not proof of safety" in printed
        assert all(catalogue.device_name(key) in printed for key in keys)


def test_words_are_searched_for_and_rows_can_be_few(call):
    _, printed, _ = call("find normatec heat=no,yes --format json -n 1")
    assert "matching “normatec”" in json.loads(printed)["summary"]


def test_what_cannot_be_applied_is_said_and_ends_with_1(call):
    status, printed, aside = call("find heat=yes colour=red --format csv")
    assert status == 1
    assert aside == "not applied: colour=red: there is no such filter or setting here\n"
    assert printed.startswith("Device,")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nonsense", "No such command"),
        ("find --format xml", "xml"),
        ("find --rows 0", "greater than or equal to 1"),
        ("compare air_compression nowhere", "no device or device type with the id 'nowhere'"),
        ("evidence nothing", "no symptom, type, technique or feature 'nothing'"),
        ("cautions nothing", "at least one of these conditions"),
        ("cautions diabetes --type nothing", "no device type with the id 'nothing'"),
        ("notebook /risks out.ipynb", "has no notebook"),
        ("notebook /compare out.ipynb", "nothing to compare"),
        ("find --data nowhere", "nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_2(call, line, words):
    status, printed, aside = call(line)
    assert (status, printed) == (2, "")
    assert words in aside


def test_a_comparison_takes_ids_and_settings(call):
    status, printed, _ = call("compare self_massage air_compression rows=differences --format csv")
    assert status == 0
    assert "Self-massage by hand" in printed.splitlines()[0]


def test_a_comparison_with_doing_nothing_is_asked_by_one_word(call, copied):
    status, printed, _ = call("compare nothing air_compression --format csv")
    assert status == 0
    assert "Do nothing" in printed.splitlines()[0]
    assert "Without a device: of 100 people" in printed
    (copied / "absolute_numbers.csv").write_text(
        (copied / "absolute_numbers.csv")
        .read_text(encoding="utf-8")
        .replace("no_device", "not_told"),
        encoding="utf-8",
    )
    status, printed, aside = call(f"compare air_compression nothing --data {copied}")
    assert status == 1
    assert "Do nothing" not in printed
    assert "do not tell what happens without a device" in aside


def test_evidence_prints_verdicts_or_the_findings_behind_them(call):
    verdicts = list(csv.DictReader(io.StringIO(call("evidence swelling --format csv")[1])))
    assert {row["Symptom"] for row in verdicts} == {"Swelling (oedema)"}
    assert any("no study found" in row["Verdict"] for row in verdicts)
    findings = list(csv.reader(io.StringIO(call("evidence swelling --findings -f csv")[1])))
    assert "Citation" in findings[0]


def test_cautions_are_listed_with_their_sources_and_no_record_is_no_proof(call):
    line = "cautions diabetes --format csv"
    rows = list(csv.DictReader(io.StringIO(call(line)[1])))
    assert all(row["Sources"] for row in rows if row["Caution"] != "Nothing recorded")
    nothing = [row for row in rows if row["Caution"] == "Nothing recorded"]
    assert nothing
    assert all("not proof of safety" in row["Why"] for row in nothing)
    only = list(csv.DictReader(io.StringIO(call(f"{line} --type air_compression")[1])))
    assert only == [row for row in rows if row["Type"] == only[0]["Type"]]


@pytest.mark.parametrize("link", ["/find?heat=yes", "https://host.example/app/symptoms?level=1"])
def test_a_notebook_is_written_from_a_link(call, tmp_path, link):
    target = tmp_path / "out.ipynb"
    status, printed, _ = call(f"notebook {link} {target}")
    assert status == 0
    assert str(target) in printed
    head = json.loads(target.read_text())["cells"][0]["source"]
    assert "".join(head).replace("\\", "").count(link)


def run(*arguments: str, **more):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "90"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "legwise", *arguments]
    return subprocess.Popen(command, env=environment, cwd=ROOT, **more)


@pytest.mark.slow
def test_a_terminal_gets_colours_and_a_pipe_gets_none_and_whole_lines():
    piped, _ = run("find", "heat=yes", stdout=subprocess.PIPE).communicate()
    assert b"\x1b" not in piped
    ours, theirs = pty.openpty()
    process = run("find", "heat=yes", stdout=theirs)
    os.close(theirs)
    seen = b""
    while chunk := _read(ours):
        seen += chunk
    process.wait()
    os.close(ours)
    assert b"\x1b[1m" in seen
    assert max(len(line) for line in piped.decode().splitlines()) > 90


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end was closed
        return b""


def test_the_help_is_printed_without_loading_what_answers():
    code = (
        "import sys; from legwise.cli import main; main(['--help']); main(['find', '--help']); "
        "sys.exit(str({'pandas', 'plotly', 'rich', 'numpy', 'legwise.tables'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == "set()"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("legwise fi", ["find"]),
        ("legwise find remote_c", ["remote_control="]),
        ("legwise find device_type=air", ["device_type=air_compression"]),
        ("legwise cautions diab", ["diabetes"]),
    ],
)
def test_a_shell_completes_commands_names_and_values(line, options):
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_LEGWISE_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": line,
    }
    command = [sys.executable, "-m", "legwise"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert [item.split("\t")[0] for item in done.stdout.split("\n") if item] == options
