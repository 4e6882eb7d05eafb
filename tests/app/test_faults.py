"""Files that turn into nonsense while they are served: the last good version goes on."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from legwise.tables.descriptor import DESCRIPTOR
from ui.cache import faults, load

TABLE = "devices.csv"
NONSENSE = {
    "noise": lambda _: random.Random(1).randbytes(5000),
    "zero bytes": lambda text: text.replace(b",", b"\0", 3),
    "nothing": lambda _: b"",
    "the first half, as of a copy under way or a full disk": lambda text: text[: len(text) // 2],
    "an endless cell": lambda text: text + b'"' + b"a" * (2 << 20),
    "another encoding": lambda text: text.decode().encode("utf-16"),
    "brackets without end": lambda _: b"[" * 100_000,
}


@pytest.mark.parametrize("kind", NONSENSE)
@pytest.mark.parametrize("file", [TABLE, DESCRIPTOR])
def test_a_file_that_turns_into_nonsense_leaves_what_was_good(served, file, kind):
    good, text = load(), (served / file).read_bytes()
    (served / file).write_bytes(NONSENSE[kind](text))
    assert load() is good
    assert faults()
    (served / file).write_bytes(text)
    load()
    assert not faults()


def test_a_file_that_is_a_folder_or_leads_nowhere_leaves_what_was_good(served):
    good, path = load(), served / TABLE
    path.unlink()
    path.mkdir()
    assert load() is good
    assert faults()
    path.rmdir()
    path.symlink_to(path)
    assert load() is good
    assert faults()


def test_what_a_page_asks_for_later_is_there_without_the_folder(served):
    good = load()
    shutil.rmtree(served)
    assert load() is good
    assert good.relation("devices")
    good.changes()


@pytest.mark.parametrize("seconds", [0, 7_258_118_400])  # 1970 and 2200
def test_an_edit_is_seen_although_the_clock_jumped(served, seconds):
    before = load()
    text = (served / TABLE).read_text(encoding="utf-8")
    (served / TABLE).write_text(text.replace("Normatec", "Normatic", 1), encoding="utf-8")
    os.utime(served / TABLE, (seconds, seconds))
    after = load()
    assert after is not before
    assert not faults()
