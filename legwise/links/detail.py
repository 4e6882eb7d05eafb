"""The forms of the pages of one device and of one device type."""

from __future__ import annotations

from dataclasses import dataclass

from legwise.links.form import CONDITIONS, Form, KeyOf, param


@dataclass(frozen=True)
class DetailState:
    """What the page is about, and the conditions that its cautions are shown for."""

    id: str = ""
    conditions: tuple[str, ...] = param((), CONDITIONS)


DEVICE = Form("device", DetailState, id=KeyOf("device", table="devices"))
TYPE = Form("type", DetailState, id=KeyOf("device type", table="device_types"))
