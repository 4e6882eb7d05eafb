"""The form of the page of one device type."""

from __future__ import annotations

from dataclasses import dataclass

from legwise.links.form import Form, KeyOf, SomeOf, param
from legwise.rules.cautions import conditions


@dataclass(frozen=True)
class TypeState:
    """The device type, and the conditions that its cautions are shown for."""

    id: str = param("", KeyOf("device type", table="device_types"))
    conditions: tuple[str, ...] = param(
        (), SomeOf("condition", link="condition", known=lambda s: conditions(s.catalogue))
    )


TYPE = Form("type", TypeState)
