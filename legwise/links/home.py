"""The form of the home page."""

from __future__ import annotations

from dataclasses import dataclass

from legwise.links.form import Form, SomeOf, Text, param
from legwise.links.match import area_names


@dataclass(frozen=True)
class HomeState:
    """What is searched for, and the areas of the body that were pointed at."""

    text: str = param("", Text(link="q"))
    areas: tuple[str, ...] = param(
        (), SomeOf("body area", link="area", known=lambda s: area_names(s.catalogue))
    )


HOME = Form("app", HomeState)
