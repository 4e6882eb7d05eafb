"""``/metrics``: how many visitors, how many steps of which page, how long, how much memory."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from streamlit.runtime import Runtime


async def metrics(_: Request) -> Response:
    """Return the figures in the format of Prometheus."""
    # While someone works on the code, Streamlit loads the module again: the figures of the pages
    # are in the newest.
    from ui.steps import REGISTRY

    now = CollectorRegistry()
    stats = Runtime.instance().stats_mgr.get_stats(family_names=["active_sessions"])
    visitors = Gauge("legwise_visitors", "Visitors with an open connection.", registry=now)
    visitors.set(sum(getattr(stat, "value", 0) for stat in stats.get("active_sessions", ())))
    return Response(
        generate_latest(now) + generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST
    )
