"""Links that version 1.1.0 made still restore the same views."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from legwise.answers.query import phrases
from legwise.answers.side_by_side import item_name
from legwise.explore.relations import load_relation
from legwise.explore.state import describe_view, filter_phrases
from legwise.links import FORMS

RECORDED = json.loads(Path(__file__).with_name("old_links.json").read_text(encoding="utf-8"))


def shows(page, state, catalogue):
    """What a state shows, in words that no later version may change the meaning of."""
    return SHOWS[page](state, catalogue)


def _find(state, catalogue):
    query = state.query
    return {
        "where": [phrase for _, phrase in phrases(query, catalogue)],
        "conditions": list(query.conditions),
        "order": [query.sort, query.descending],
        "page": query.page,
        "view": state.view,
        "columns": list(state.columns),
        "charts": [state.feature, state.x, state.y],
        "picks": [catalogue.device_name(device) for device in state.picks],
    }


def _compare(state, catalogue):
    return {
        "items": [item_name(catalogue, item) for item in state.items],
        "conditions": list(state.conditions),
        "rows": state.rows,
        "units": state.units,
    }


def _symptoms(state, catalogue):
    wanted = state.wanted
    return {
        "cell": [state.subject, state.symptom],
        "level": wanted.max_level,
        "direct": wanted.direct,
        "people": list(wanted.populations),
        "designs": list(wanted.designs),
        "directions": list(wanted.directions),
        "from": wanted.year_from,
        "claims": wanted.claims,
        "view": state.view,
    }


def _risks(state, catalogue):
    return {
        "conditions": list(state.conditions),
        "kinds": list(state.kinds),
        "modifiable": list(state.modifiable),
        "in_article": state.in_article,
        "side_by_side": list(state.side_by_side),
        "flow": state.flow,
    }


def _match(state, catalogue):
    wish = state.wish
    return {
        "signs": state.signs,
        "symptoms": list(wish.symptoms),
        "conditions": list(wish.conditions),
        "features": list(wish.features),
        "budget": wish.budget,
        "by": wish.by,
    }


def _explore(state, catalogue):
    relation = load_relation(catalogue, state.relation)
    return {
        "title": describe_view(state, relation),
        "where": list(filter_phrases(state, relation).values()),
        "chart": state.chart,
        "columns": list(state.columns),
    }


def _data(state, catalogue):
    return {"view": state.view, "table": state.table}


SHOWS = {
    "find": _find,
    "compare": _compare,
    "symptoms": _symptoms,
    "risks": _risks,
    "match": _match,
    "explore": _explore,
    "data": _data,
}


def test_two_hundred_links_are_recorded():
    assert len(RECORDED) == 200
    assert {urlsplit(item["link"]).path.strip("/") for item in RECORDED} == set(SHOWS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.page)
def test_a_recorded_link_restores_the_same_view(form, scope):
    for item in RECORDED:
        link = urlsplit(item["link"])
        if link.path == f"/{form.page}":
            state, dropped = form.decode(parse_qs(link.query, keep_blank_values=True), scope)
            assert shows(form.page, state, scope.catalogue) == item["shows"], item["link"]
            assert sorted({part.name for part in dropped}) == item["ignored"], item["link"]
