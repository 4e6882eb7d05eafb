"""The form of the page of one device."""

from __future__ import annotations

from dataclasses import dataclass

from legwise.links.form import Form, OneOf, SomeOf, param
from legwise.rules.cautions import conditions


@dataclass(frozen=True)
class DeviceState:
    """The device, and the conditions that its cautions are shown for."""

    id: str = param("", OneOf("device", known=lambda s: s.catalogue.keys("devices")))
    conditions: tuple[str, ...] = param(
        (), SomeOf("condition", link="condition", known=lambda s: conditions(s.catalogue))
    )


DEVICE = Form("device", DeviceState)
