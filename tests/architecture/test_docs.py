import os
import subprocess
import sys

import pytest

from legwise.links import FORMS
from legwise.rules import wording
from tests.conftest import ROOT


def test_the_data_dictionary_is_current():
    # This checkout, wherever the environment has the library from.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "docs/dictionary.py", "--check"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def test_every_page_is_named_in_the_documents():
    text = (ROOT / "docs/pages.md").read_text(encoding="utf-8")
    for path in (ROOT / "pages").glob("*.py"):
        assert f"`/{path.stem}`" in text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.page)
def test_every_parameter_of_a_link_is_documented(form):
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith(f"| `/{form.page}` |"))
    missing = [name for name in form.link_names if f"`{name}`" not in line]
    assert not missing


def test_every_module_is_named_in_the_architecture():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    for path in [*(ROOT / "legwise").rglob("[a-z]*.py"), *(ROOT / "ui").glob("[a-z]*.py")]:
        assert f"`{path.stem}`" in text, path


def test_every_template_of_a_sentence_is_published():
    text = (ROOT / "docs/wording.md").read_text(encoding="utf-8")
    texts = [wording.RATIO_NOTE, wording.EFFECT_PARTS["effect"]]
    for name in ("SENTENCES", "NUMBERS", "EFFECTS", "EFFECT_SAYS", "TIER_WORDS"):
        texts += getattr(wording, name).values()
    texts += [wording.LINES["studied"], wording.LINES["reason"]]
    assert [template for template in texts if template not in text] == []
    for direction, (says, counted) in wording.SAYS.items():
        name = direction.replace("_", " ")
        assert f"| {name} | {wording.GLYPHS[direction]} | {says} | {counted} |" in text


def test_the_library_is_what_it_says_it_is():
    import legwise

    assert all(hasattr(legwise, name) for name in legwise.__all__)
