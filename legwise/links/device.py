"""The form of the page of one device."""

from __future__ import annotations

from dataclasses import dataclass

from legwise.links.form import Form, KeyOf, SomeOf, param
from legwise.rules.cautions import conditions


@dataclass(frozen=True)
class DeviceState:
    """The device, and the conditions that its cautions are shown for."""

    id: str = param("", KeyOf("device", table="devices"))
    conditions: tuple[str, ...] = param(
        (), SomeOf("condition", link="condition", known=lambda s: conditions(s.catalogue))
    )


DEVICE = Form("device", DeviceState)
