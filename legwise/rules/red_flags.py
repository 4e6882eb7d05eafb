"""Signs that need urgent care, said in a few lines: one per group, most urgent action first."""

from __future__ import annotations

from dataclasses import dataclass

from legwise.tables.catalogue import Catalogue, Record


@dataclass(frozen=True)
class SignGroup:
    """Signs that are said in one line, with the most urgent action among them."""

    line: str
    action: str
    signs: tuple[Record, ...]


def sign_groups(catalogue: Catalogue) -> tuple[SignGroup, ...]:
    """Return the groups that hold a sign, in the order of the vocabulary; signs in file order."""
    table = catalogue.package["red_flags"]
    groups = []
    for group, line in table["group"].labels.items():
        signs = tuple(row for row in catalogue.records("red_flags") if row["group"] == group)
        if signs:
            most = min((row["urgency"] for row in signs), key=table["urgency"].rank)
            groups.append(SignGroup(line, table["urgency"].label(most), signs))
    return tuple(groups)
