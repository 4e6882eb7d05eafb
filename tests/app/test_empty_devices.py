"""What the check passes is shown on every page: here a device list that has its header only."""

import shutil
from pathlib import Path

import pytest

from legwise.tables.checking import check_package
from legwise.tables.descriptor import read_package
from tests.packages import SMALL
from ui.page import PAGES


@pytest.fixture(scope="module")
def no_devices(tmp_path_factory):
    """The small package without a product; one for all pages, so that it is loaded once."""
    folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("none") / "data"))
    path = folder / "devices.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert not check_package(read_package(folder))[0].problems
    return folder


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_every_page_opens_on_a_device_list_without_rows(open_page, no_devices, monkeypatch, path):
    monkeypatch.setenv("LEGWISE_DATA", str(no_devices))
    app = open_page(path)
    assert not app.error
