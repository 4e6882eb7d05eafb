"""What a visitor sees after the connection was lost: the link's view, with widgets that say the same."""

from __future__ import annotations

import pytest

from tests.browser.test_journeys import PATHS
from tests.browser.websocket import Visitor, visitor

LINKS = [
    "/find?heat=yes&weight_kg=..20&condition=diabetes&sort=-weight_kg&page=2",
    "/find?heat=yes&view=charts&feature=cordless",
    "/find?heat=yes&device_type=compression_stockings",
    "/compare?type=air_compression&device=hyperice-normatec-3&condition=diabetes&rows=differences&units=imperial",
    "/symptoms?subject=percussion&symptom=poor_blood_flow&level=2&people=healthy&view=bubbles",
    "/risks?condition=diabetes&kind=lifestyle&in_article=yes&flow=varicose_veins",
    "/match?signs=none&symptom=swelling&feature=heat&budget=200&condition=pregnancy",
    "/explore?group=device_type&group=heat&where.heat=yes&where.weight_kg=..20",
    "/data?table=evidence",
]


def drawn(someone: Visitor) -> list[bytes]:
    """All that is on the page, down to the values of widgets; files on offer have an address of their own every time."""
    return [
        element.SerializeToString(deterministic=True)
        for element in someone.elements
        if element.WhichOneof("type") != "download_button"
    ]


@pytest.mark.parametrize("path", [*PATHS, *LINKS])
def test_a_page_asked_for_again_without_its_widgets_is_what_the_link_says(server, path):
    with visitor(server) as someone:
        someone.open(path)
        first, link = drawn(someone), someone.query
        here = f"{path.partition('?')[0]}?{link}"
        for again in (lambda: someone.open(here), lambda: someone.open(here), someone.rerun):
            again()
            assert not someone.all("exception")
            assert someone.query == link
            assert drawn(someone) == first
