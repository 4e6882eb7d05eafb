"""Numbers with their units: one or many; metric in the tables, pounds and inches for who wants them."""

from __future__ import annotations

from typing import Literal

System = Literal["metric", "imperial"]
SYSTEMS: dict[System, str] = {"metric": "kg, cm", "imperial": "lb, in"}
#: Metric unit → imperial unit and how many of it make one (exact by the 1959 yard and pound agreement).
_IMPERIAL = {"kg": ("lb", 1 / 0.45359237), "cm": ("in", 1 / 2.54)}


def counted(number: int, noun: str) -> str:
    """Return "1 fault" or "2 faults": how many there are of what a plain noun names."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def convert(value: float, unit: str, system: System) -> tuple[float, str]:
    """Return value and unit in ``system``; converted values keep three significant digits, whole ones above 100."""
    if system == "metric" or unit not in _IMPERIAL:
        return value, unit
    other, factor = _IMPERIAL[unit]
    converted = value * factor
    return (float(round(converted)) if converted >= 100 else float(f"{converted:.3g}")), other
