"""The ready-made views of the shipped descriptor."""

from functools import cache, partial
from urllib.parse import parse_qs

import pytest

from legwise.explore.relations import load_relation
from legwise.explore.view import look
from legwise.links.explore import EXPLORE
from legwise.links.form import Scope
from tests.packages import shipped

VIEWS = [(table.name, *view) for table in shipped().package.tables for view in table.views]


@pytest.mark.parametrize(("table", "title", "link"), VIEWS)
def test_a_ready_view_applies_in_whole_and_draws_something(catalogue, index, table, title, link):
    scope = Scope(catalogue, index, cache(partial(load_relation, catalogue)))
    params = parse_qs(f"table={table}&{link}")
    state, dropped = EXPLORE.decode(params, scope)
    assert not dropped
    # What is left out is the default.
    assert EXPLORE.encode(state, scope).items() <= params.items()
    view = look(load_relation(catalogue, table), state)
    assert view.explored, title
    assert len(view.table)
