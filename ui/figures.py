"""Figures as ready JSON: a figure that many runs show is written once.

Streamlit takes a plotly figure, copies it and writes it as JSON in every run. A :class:`Ready`
figure hands over JSON that was written before.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson
import plotly.graph_objects as go
import plotly.io
from plotly.basedatatypes import BaseFigure

from legwise.charts.theme import Chart

#: What plotly writes where there is to be no template.
_NO_TEMPLATE = {"data": {"scatter": [{"type": "scatter"}]}}


class Ready(BaseFigure):  # type: ignore[misc]
    """A figure that can only be shown: its parts are JSON."""

    def __init__(self, figure: go.Figure) -> None:
        # The parts of a figure are not set up: there is nothing to validate any more.
        object.__setattr__(self, "parts", _parts(figure))

    def to_dict(self) -> dict[str, Any]:
        """Return the parts; what writes JSON with orjson copies them as they are."""
        return _Parts(object.__getattribute__(self, "parts"))


class _Parts(dict[str, Any]):
    """The parts of a ready figure. plotly looks for traces to take apart: it gets none."""

    def get(self, key: str, default: Any = None) -> Any:
        return default if key == "data" else super().get(key, default)


def _parts(figure: go.Figure) -> dict[str, Any]:
    text = plotly.io.to_json(figure, validate=False, engine="orjson")
    parts = orjson.loads(text)
    # Streamlit draws each figure, and then what was drawn. That costs nothing if plotly can tell
    # that the data are the same ones, and if there is no template, which it takes for another.
    parts["layout"]["datarevision"] = sha256(text.encode()).hexdigest()[:12]
    if parts["layout"].get("template") == _NO_TEMPLATE:
        del parts["layout"]["template"]
    layout = {name: _written(part) for name, part in parts.pop("layout").items()}
    return {**{name: _written(part) for name, part in parts.items()}, "layout": layout}


def _written(part: Any) -> Any:
    # Streamlit asks the layout for its height and width.
    return part if isinstance(part, int | float) else orjson.Fragment(orjson.dumps(part))


def ready(chart: Chart) -> Chart:
    """Return the chart with its figure as ready JSON."""
    return replace(chart, figure=ready_figure(chart.figure))


def ready_figure(figure: go.Figure | Ready) -> Ready:
    """Return a figure as ready JSON; one that is, as it is."""
    return figure if isinstance(figure, Ready) else Ready(figure)
