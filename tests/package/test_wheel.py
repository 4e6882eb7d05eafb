"""What ``pip install`` gives: the wheel is built, installed into an empty environment, and used in
another folder.
"""

import os
import re
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from pathlib import Path

import pytest

from legwise.tables.descriptor import SHIPPED
from tests.conftest import ROOT
from tests.tables import number_of

RECIPE = """
from legwise import Choice, DeviceQuery, FacetIndex, load_catalogue
catalogue = load_catalogue()
query = DeviceQuery().with_filter("heat", Choice(("yes",)))
print(FacetIndex(catalogue).ask(query).total, len(catalogue["devices"]))
"""

SHEET = """
from legwise import load_catalogue
from legwise.answers.side_by_side import compare
from legwise.exports.print_sheet import print_sheet
catalogue = load_catalogue()
assert "</html>" in print_sheet(catalogue, compare(catalogue, [("type", "percussion")]), [], {})
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Folder outside the project, and the ``bin`` of an environment that holds the wheel and
    nothing of the checkout.

    What the wheel needs is not fetched again: the environment borrows it, and pip holds that it is
    what
    the wheel asks for.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    run([sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)], folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    commands = folder / "venv" / "bin"
    site = site_of(commands)
    for borrowed in Path(sysconfig.get_path("purelib")).iterdir():
        # All but the checkout, which stands there as a link to its folder.
        if not borrowed.name.startswith(("legwise", "_legwise", "__editable__")):
            (site / borrowed.name).symlink_to(borrowed)
    install = [commands / "python", "-m", "pip", "install", "--quiet", "--no-index"]
    run([*install, "--disable-pip-version-check", f"{wheel}[app]"], folder)
    return folder, commands


def site_of(commands):
    """Where the environment with those commands has its packages."""
    (site,) = commands.parent.glob("lib/python*/site-packages")
    return site


def run(command, folder, **options):
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "LEGWISE_DATA")
    }
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True, **options
    )


def test_the_command_checks_the_tables_that_came_with_it(installed):
    folder, commands = installed
    assert run([commands / "legwise", "check"], folder).stdout.startswith("no faults\n")


def test_a_recipe_of_the_library_runs(installed):
    folder, commands = installed
    done = run([commands / "python", "-c", RECIPE], folder).stdout
    assert done.split() == [
        str(number_of("devices", SHIPPED, heat="yes")),
        str(number_of("devices", SHIPPED)),
    ]


def test_its_templates_styles_and_drawings_came_with_it(installed):
    folder, commands = installed
    run([commands / "python", "-c", SHEET], folder)
    there = site_of(commands) / "legwise"
    assets = [path for path in (ROOT / "ui").rglob("*.*") if path.suffix not in (".py", ".pyc")]
    assert {path.suffix for path in assets} == {".css", ".html", ".j2", ".js", ".png", ".svg"}
    for path in assets:
        assert (there / "app" / path.relative_to(ROOT)).read_bytes() == path.read_bytes()


def test_its_types_can_be_checked(installed):
    _, commands = installed
    assert (site_of(commands) / "legwise" / "py.typed").is_file()


def test_the_command_starts_the_app(installed):
    folder, commands = installed
    port = "8693"
    command = [commands / "legwise", "run", "--port", port]
    environment = {**os.environ, "STREAMLIT_SERVER_HEADLESS": "true"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            assert answer(f"http://localhost:{port}/_stcore/health") == "ok"
            page = answer(f"http://localhost:{port}/find")
            assert "<title>Find devices · Legwise</title>" in page
            (card,) = re.findall(r'"og:image" content="([^"]*)"', page)
            with urllib.request.urlopen(card, timeout=5) as picture:
                assert picture.headers["Content-Type"] == "image/png"
            assert server.poll() is None
        finally:
            server.kill()


def answer(address, seconds=60):
    """Return what the server answers, once it is up."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                return response.read().decode()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_a_folder_that_cannot_be_read_is_told_before_the_app_starts(installed):
    folder, commands = installed
    done = subprocess.run(
        [commands / "legwise", "run", "--data", "nowhere"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "nowhere: no such folder" in done.stderr
