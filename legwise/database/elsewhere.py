"""All devices of a database, as a catalogue asks for them: by id, counted, the best and closest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import pandas as pd

from legwise.answers.devices import TYPE
from legwise.database.opening import Opened
from legwise.database.rows import Rows
from legwise.database.tallies import DatabaseTallies
from legwise.facets.index import IndexElsewhere
from legwise.facets.tallies import Condition, Has
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Table
from legwise.tables.subjects import Subject


class Devices(Rows):
    """The devices of a database; ``index`` makes what filters them by the facets of a table."""

    def __init__(
        self, opened: Opened, drawn: Catalogue, index: Callable[[Table], IndexElsewhere]
    ) -> None:
        super().__init__(opened, drawn)
        self.index = index

    @cached_property
    def tallies(self) -> DatabaseTallies:
        """What counts all devices."""
        return DatabaseTallies(self)

    def best(
        self, of: Condition, parts: Mapping[str, Condition], most: int
    ) -> dict[str, list[str]]:
        """Return condition → ids of the devices, among others, that state most facts."""
        return self.tallies.best(of, parts, most)

    def closest(
        self, of: Condition, alike: Sequence[Condition], differs: Sequence[Condition], most: int
    ) -> pd.DataFrame:
        """Return the devices with most alike, then with fewest differences, then by name."""
        return self.tallies.closest(of, alike, differs, most)

    def type_parts(self) -> dict[str, frozenset[Subject]]:
        """Return type → the techniques and features that devices of it have."""
        return self._type_parts

    @cached_property
    def _type_parts(self) -> dict[str, frozenset[Subject]]:
        # A page asks for those of many types, one by one.
        features = [item.name for item in self.table.features]
        flags = self.tallies.tally((TYPE,), [Has(name, (True,)) for name in features])
        parts = {
            device_type: {
                Subject("feature", name)
                for name, number in zip(features, numbers[1:], strict=True)
                if number
            }
            for (device_type,), numbers in flags.items()
        }
        for device_type, techniques in self.tallies.tally((TYPE, "techniques")):
            parts[device_type] |= {Subject("technique", one) for one in techniques or ()}
        return {device_type: frozenset(its) for device_type, its in parts.items()}
