"""What can be asked for: each page under its own parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from legwise.links.compare import COMPARE
from legwise.links.data import DATA, DataState
from legwise.links.detail import DEVICE, TYPE
from legwise.links.explore import EXPLORE
from legwise.links.find import FIND
from legwise.links.form import Form, Scope
from legwise.links.home import HOME
from legwise.links.match import MATCH
from legwise.links.risks import RISKS
from legwise.links.symptoms import SYMPTOMS
from legwise.replies.comparison import comparison
from legwise.replies.devices import device, device_type, devices, hits
from legwise.replies.evidence import findings, risks, shortlist
from legwise.replies.reply import Reply
from legwise.replies.tables import rows, view


@dataclass(frozen=True)
class Route:
    """One page: its name here, its form, and how it is answered.

    ``within`` names the parameter that is part of the path, ``table`` the table whose row it names,
    if any, and ``default`` what the path has where the page's link leaves it out.
    """

    name: str
    form: Form[Any]
    reply: Callable[[Scope, Any], Reply]
    about: str
    within: str = ""
    table: str = ""
    default: str = ""

    @property
    def path(self) -> str:
        """The path below that of all routes."""
        return f"/{self.name}/{{{self.within}}}" if self.within else f"/{self.name}"


ROUTES = (
    Route("search", HOME, hits, "Devices, types, symptoms and conditions found by words"),
    Route("find", FIND, devices, "The device list, with honest counts of every filter"),
    Route("match", MATCH, shortlist, "A shortlist of device types, by the published rule"),
    Route("compare", COMPARE, comparison, "Devices and types side by side, each cell sourced"),
    Route("symptoms", SYMPTOMS, findings, "Findings of studies, and the verdicts read from them"),
    Route("risks", RISKS, risks, "Cautions for conditions, risk factors, effect sizes"),
    Route("explore", EXPLORE, view, "Any table, filtered and grouped, with the code of the view"),
    Route(
        "data",
        DATA,
        rows,
        "The rows of a table, and what its columns mean",
        "table",
        default=DataState.table,
    ),
    Route("devices", DEVICE, device, "All that is known of one device", "id", "devices"),
    Route("types", TYPE, device_type, "All that is known of one device type", "id", "device_types"),
)
BY_NAME = {route.name: route for route in ROUTES}
BY_PAGE = {route.form.page: route for route in ROUTES}
