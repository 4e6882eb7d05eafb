"""What axe cannot tell; what it can is held in ``first_screen``."""

from __future__ import annotations

from playwright.sync_api import expect


def test_the_chosen_tab_is_read_in_the_dark(visit):
    # Axe cannot tell the ground of a tab, for the line under it. The accent colour as text would be
    # 3.9:1.
    tab = visit("/data", scheme="dark").get_by_role("tab", name="Rows").locator("p")
    expect(tab).to_have_css("color", "rgb(140, 198, 242)")
