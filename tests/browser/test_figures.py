"""What plotly does with our figures in a browser, without the pages around them."""

from __future__ import annotations

from pathlib import Path

import orjson
import plotly
import pytest

from legwise.charts.devices import feature_by_type, number_by_type, share_stated, two_numbers
from legwise.charts.risk_factors import caution_matrix, flow, forest_plot, prevalence_bars
from legwise.charts.studies import bubble_map, study_charts, symptom_bars
from ui.figures import Ready

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
#: Draws a figure, and then as Streamlit does the same once more, read from JSON again. Returns how
#: much is in it, and how often the second time changed something.
DRAWN_TWICE = """async text => {
    const room = document.body.appendChild(document.createElement("div"))
    await Plotly.react(room, JSON.parse(text))
    const held = room.querySelectorAll("*").length
    let changes = 0
    const watch = new MutationObserver(seen => changes += seen.length)
    watch.observe(room, {childList: true, characterData: true, subtree: true})
    await Plotly.react(room, JSON.parse(text))
    await new Promise(requestAnimationFrame)
    watch.disconnect()
    room.remove()
    return [held, changes]
}"""


@pytest.fixture
def with_plotly(window):
    page = window.new_page()
    page.add_script_tag(path=PLOTLY)
    yield page
    page.close()


def test_a_figure_that_is_drawn_again_costs_nothing(with_plotly, catalogue):
    devices, table = catalogue["devices"], catalogue.package["devices"]
    findings = catalogue.records("evidence")
    charts = {
        "numbers": number_by_type(catalogue, devices, table["price_usd"]),
        "a feature": feature_by_type(catalogue, devices, table["heat"]),
        "two numbers": two_numbers(catalogue, devices, table["weight_kg"], table["price_usd"]),
        "stated": share_stated(catalogue, devices),
        "prevalence": prevalence_bars(catalogue),
        "effect sizes": forest_plot(catalogue),
        "cautions": caution_matrix(catalogue, ["diabetes", "pregnancy"]),
        "ways": flow(catalogue, "varicose_veins"),
        "findings": symptom_bars(catalogue, findings, "swelling"),
        "studies": bubble_map(catalogue, findings),
        **study_charts(catalogue, findings),
    }
    for name, chart in charts.items():
        held, changes = with_plotly.evaluate(
            DRAWN_TWICE, orjson.dumps(Ready(chart.figure).to_dict()).decode()
        )
        assert held > 50, name
        assert changes == 0, name
