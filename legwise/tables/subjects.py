"""What evidence, cautions and regulation are about: a device type, a technique or a feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

#: The type of devices of a list from elsewhere whose type is none of ours. Nothing was searched for
#: it: neither evidence nor cautions, and the lack of either says nothing.
UNKNOWN_TYPE = "type_not_listed"


class Subject(NamedTuple):
    """A subject: its ``kind`` (device_type, technique or feature) and its id."""

    kind: str
    id: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Subject:
        """Return the subject of a finding, a caution or a rule."""
        return cls(row["subject_kind"], row["subject"])

    @classmethod
    def type(cls, device_type: str) -> Subject:
        """Return a device type as a subject."""
        return cls("device_type", device_type)

    @property
    def is_type(self) -> bool:
        """Whether it is a device type, not a technique or feature."""
        return self.kind == "device_type"
