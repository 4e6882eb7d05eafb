"""Random but seeded states of the explore page: every relation, chart, aggregate, kind of filter
and of column.
"""

from dataclasses import replace

from legwise.explore.state import (
    SIDES,
    ExploreState,
    aggregates,
    charts,
    measures,
    settle,
    shown_fields,
    side_columns,
)
from legwise.facets.filters import Choice, Span


def random_filter(relation, field, rng):
    if field.filter == "range":
        cells = relation.frame[field.name].dropna().astype(float)
        low, high = sorted(rng.sample(list(cells), 2)) if len(cells) > 1 else (None, None)
        return rng.choice(
            [
                Span(low, high, low is None),
                Span(low, None, True),
                Span(None, high, high is None),
                Span(None, None, True),
                Span(low, high, True),
            ]
        )
    values = relation.index.values(field.name)
    chosen = tuple(value for value in values if rng.random() < max(0.3, 1 / len(values)))
    return Choice(chosen[:20] or values[-1:], field.is_list and rng.random() < 0.3)


def random_state(relation, rng, chart=""):
    """A possible state, of the given chart if the relation can have it."""
    for _ in range(40):
        state = _random_state(relation, rng, chart)
        if state.chart == chart:
            break
    return state


def _random_state(relation, rng, chart):
    groupable = [field.name for field in relation.groupable]
    filters = [
        field
        for field in relation.table.facets
        if rng.random() < 1.5 / max(1, len(relation.table.facets))
    ]
    in_rows = chart in SIDES or (not chart and rng.random() < 0.3)
    state = ExploreState(
        relation=relation.name,
        columns=tuple(field.name for field in shown_fields(relation) if rng.random() < 0.4),
        filters=tuple((field.name, random_filter(relation, field, rng)) for field in filters),
        group=()
        if in_rows
        else tuple(rng.sample(groupable, min(len(groupable), rng.randint(1, 3)))),
        chart=chart,
    )
    if not state.group:
        sides = {
            side: rng.choice([*side_columns(relation, role), ""])
            for side, role in SIDES.get(chart, {}).items()
        }
        return settle(replace(state, **sides), relation)
    aggregate = rng.choice(aggregates(relation, state.group))
    of = measures(relation, aggregate, state.group)
    state = settle(
        replace(state, aggregate=aggregate, measure=rng.choice(of) if of else ""), relation
    )
    offered = charts(relation, state.group, state.aggregate)
    return settle(
        replace(state, chart=chart if chart in offered else rng.choice(offered)), relation
    )
