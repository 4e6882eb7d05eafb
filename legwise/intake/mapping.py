"""What each column of a file becomes, as a value that can be saved and used again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from legwise.intake.limits import IntakeError
from legwise.tables.schema import FieldType, Package

#: Columns that become no field of ours: kept as a further column, or left out.
FURTHER, LEFT_OUT = "", "-"
Kind = Literal["choice", "yes_no", "number", "date", "text"]
FORMAT = "legwise-mapping-1"


@dataclass(frozen=True)
class Target:
    """What one column becomes: a field of ours, a further column of a ``kind``, or nothing."""

    column: str
    field: str = FURTHER
    kind: Kind = "text"
    #: Unit or currency of cells that name none.
    unit: str = ""
    #: Why it was proposed, for people.
    why: str = ""


@dataclass(frozen=True)
class Mapping:
    """A target for every column of a file, and our device type for each word for a type."""

    targets: tuple[Target, ...]
    #: The file's word for a type, and our id; words that are not here are looked up by name.
    types: tuple[tuple[str, str], ...] = ()

    def column_of(self, field: str) -> str:
        """Return the column that becomes a field of ours, or ""."""
        return next((item.column for item in self.targets if item.field == field), "")

    def with_target(self, target: Target) -> Mapping:
        """Return the mapping with another target for a column."""
        return replace(
            self,
            targets=tuple(
                target if item.column == target.column else item for item in self.targets
            ),
        )

    def to_json(self) -> str:
        """Write the mapping as a small file to use again."""
        columns = {
            item.column: {
                "field": item.field,
                **({"kind": item.kind} if item.field == FURTHER else {}),
                **({"unit": item.unit} if item.unit else {}),
            }
            for item in self.targets
        }
        text = {"format": FORMAT, "columns": columns, "types": dict(self.types)}
        return json.dumps(text, ensure_ascii=False, indent=2) + "\n"


def read_mapping(text: str | bytes, package: Package) -> Mapping:
    """Read a saved mapping.

    Raises:
        IntakeError: it is not one, or names what does not exist.
    """
    try:
        saved = json.loads(text)
        if saved["format"] != FORMAT:
            raise IntakeError(f"The mapping is not of the format {FORMAT}.")
        targets = tuple(_target(column, item) for column, item in saved["columns"].items())
        types = tuple((str(word), str(kind)) for word, kind in saved.get("types", {}).items())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, IntakeError):
            raise
        raise IntakeError(f"The mapping cannot be read ({error}).") from error
    check_mapping(Mapping(targets, types), package)
    return Mapping(targets, types)


def _target(column: str, item: dict[str, Any]) -> Target:
    kind: Any = item.get("kind", "text")
    kinds: tuple[Kind, ...] = get_args(Kind)
    if kind not in kinds:
        raise IntakeError(f"{column}: {kind!r} is not one of {', '.join(kinds)}.")
    return Target(
        column, str(item["field"]), kinds[kinds.index(kind)], str(item.get("unit", "")), "as saved"
    )


def check_mapping(mapping: Mapping, package: Package) -> None:
    """Refuse a mapping that names unknown fields, or one field twice.

    Raises:
        IntakeError: it does.
    """
    known = package["devices"].by_name
    taken: dict[str, str] = {}
    for item in mapping.targets:
        if item.field in (FURTHER, LEFT_OUT):
            continue
        if item.field not in known:
            raise IntakeError(f"{item.column}: {item.field!r} is not a column of ours.")
        if item.field in taken:
            raise IntakeError(
                f"“{taken[item.field]}” and “{item.column}” cannot both become "
                f"“{known[item.field].title}”. Keep one of them as a further column."
            )
        taken[item.field] = item.column


#: Kind of a further column → type of its field.
TYPES: dict[Kind, FieldType] = {
    "choice": "string",
    "yes_no": "boolean",
    "number": "number",
    "date": "date",
    "text": "string",
}
