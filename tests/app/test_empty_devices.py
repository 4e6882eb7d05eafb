"""What the check passes is shown on every page: here a device list that has its header only."""

import pytest

from legwise.tables.checking import check_package
from legwise.tables.descriptor import read_package
from ui.page import PAGES


@pytest.mark.parametrize("page", [page.path for page in PAGES])
def test_every_page_opens_on_a_device_list_without_rows(open_page, copied, monkeypatch, page):
    path = copied / "devices.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert not check_package(read_package(copied))[0].problems
    monkeypatch.setenv("LEGWISE_DATA", str(copied))
    app = open_page(page)
    assert not app.error
