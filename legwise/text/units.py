"""Units and counts. The tables are metric; readers may want pounds and inches."""

from __future__ import annotations

from typing import Literal

System = Literal["metric", "imperial"]
SYSTEMS: dict[System, str] = {"metric": "kg, cm", "imperial": "lb, in"}
#: Metric unit → imperial unit and factor (exact by the 1959 yard and pound agreement).
_IMPERIAL = {"kg": ("lb", 1 / 0.45359237), "cm": ("in", 1 / 2.54)}


def convert(value: float, unit: str, system: System) -> tuple[float, str]:
    """Return value and unit in ``system``.

    Converted values are rounded to three significant digits, or to whole numbers from 100.
    """
    if system == "metric" or unit not in _IMPERIAL:
        return value, unit
    other, factor = _IMPERIAL[unit]
    converted = value * factor
    return (float(round(converted)) if converted >= 100 else float(f"{converted:.3g}")), other


def counted(number: int, noun: str) -> str:
    """Count things: "1 fault", "2,000 faults"; the plural adds an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
