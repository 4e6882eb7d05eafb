"""What is made once and shown to many."""

import json
from functools import partial

import plotly.graph_objects as go
import plotly.io
import plotly.tools
import pytest

from legwise.charts.devices import feature_by_type, number_by_type, share_stated, two_numbers
from legwise.charts.evidence import evidence_map
from ui.cache import MOST_KEPT, Loaded
from ui.figures import Ready, ready


def sent(figure):
    """What Streamlit sends of a figure."""
    parts = plotly.tools.return_figure_from_figure_or_data(figure, validate_figure=True)
    return plotly.io.to_json(parts, validate=False)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_ready_figure_is_sent_as_the_figure_it_was(catalogue, theme):
    devices, table = catalogue["devices"], catalogue.package["devices"]
    charts = [
        evidence_map(catalogue, theme),
        number_by_type(catalogue, devices, table["price_usd"], theme),
        feature_by_type(catalogue, devices, table["heat"], theme),
        two_numbers(catalogue, devices, table["weight_kg"], table["price_usd"], theme),
        share_stated(catalogue, devices, theme),
    ]
    revisions = set()
    for chart in charts:
        made, before = json.loads(sent(ready(chart).figure)), json.loads(sent(chart.figure))
        # What lets a browser draw it once; the template says nothing.
        revisions.add(made["layout"].pop("datarevision"))
        assert before["layout"].pop("template") == {"data": {"scatter": [{"type": "scatter"}]}}
        assert made == before
        # Twice: nothing was taken out of it.
        once = ready(chart).figure
        assert sent(once) == sent(once) == sent(ready(ready(chart)).figure)
    assert len(revisions) == len(charts)


def test_a_template_that_says_something_is_sent():
    figure = go.Figure(go.Bar(y=[1]), {"template": {"layout": {"font": {"size": 13}}}})
    assert json.loads(sent(Ready(figure)))["layout"]["template"]["layout"]["font"] == {"size": 13}


def test_a_ready_figure_tells_its_height(catalogue):
    figure = evidence_map(catalogue).figure
    assert Ready(figure).to_dict().get("layout")["height"] == figure.layout.height


def test_what_is_kept_is_made_once_for_each_key_and_not_without_end(catalogue, index):
    loaded, made = Loaded(catalogue, index, ("", "")), []

    def double(number):
        made.append(number)
        return 2 * number

    for number in (1, 2, 1, 1, 2):
        kept = loaded.keep(("double", number), partial(double, number))
        assert kept == 2 * number
    assert made == [1, 2]
    for number in range(2 * MOST_KEPT):
        loaded.keep(number, lambda: None)
    assert loaded.keep(("double", 1), lambda: "again") == "again"


def test_what_could_not_be_made_is_tried_again(catalogue, index):
    loaded = Loaded(catalogue, index, ("", ""))
    with pytest.raises(ZeroDivisionError):
        loaded.keep("key", lambda: 1 // 0)
    assert loaded.keep("key", lambda: 1) == 1
