"""What the products of a type state, summed up: how many there are, their numbers, their words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from legwise.facets.tallies import Has, Spread, tallies
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED_LABEL, Field
from legwise.text.cells import sum_up_cells, sum_up_numbers, sum_up_texts
from legwise.text.units import System


@dataclass(frozen=True)
class TypeFacts:
    """What so many products of a type state, in any system of units."""

    size: int
    #: Column of numbers → its spread, ``None`` if no product states one.
    numbers: Mapping[str, Spread | None]
    #: Other column → its cells, summed up in words.
    texts: Mapping[str, str]

    def text(self, item: Field, system: System) -> str:
        """Return what they state in a column."""
        if item.name in self.texts:
            return self.texts[item.name]
        spread = self.numbers[item.name]
        if spread is None:
            return NOT_STATED_LABEL
        ends = (spread.low, spread.median, spread.high)
        return sum_up_numbers(item, ends, spread.stated, self.size, system)


def type_facts(catalogue: Catalogue, device_type: str, fields: Sequence[Field]) -> TypeFacts:
    """Sum up columns of all products of a type."""
    products = tallies(catalogue).only(Has("device_type", (device_type,)))
    size = products.size
    if not size:
        return TypeFacts(0, {}, {})
    table = catalogue.package["devices"]
    numbers = products.spread([item.name for item in fields if item.is_numeric])
    others = [item for item in fields if not item.is_numeric]
    values = products.values([item.name for item in others if not is_free_text(item)])
    different = products.different([item.name for item in others if is_free_text(item)])
    texts = {name: sum_up_cells(table[name], cells) for name, cells in values.items()}
    texts |= {name: sum_up_texts(*its) for name, its in different.items()}
    return TypeFacts(size, numbers, texts)


def says_of_a_type(item: Field) -> bool:
    """Whether a field can be summed up for a type: not free text, nor the source of one product."""
    return not is_free_text(item) and item.group != "sources"


def is_free_text(item: Field) -> bool:
    """Whether a column has texts of their own in each row."""
    return item.type == "string" and not item.categories and not item.references


def ends_of_types(
    catalogue: Catalogue,
    types: Collection[str],
    columns: Sequence[str],
    counted: Mapping[str, TypeFacts] | None = None,
) -> dict[str, tuple[int, float, float]]:
    """Return column of numbers → how many products of some types state one, lowest, highest.

    Columns that none states are left out. ``counted`` has what was counted of each type before.
    """
    if counted is None:
        spreads = tallies(catalogue).only(Has("device_type", tuple(types))).spread(columns)
        every = {name: [spread] for name, spread in spreads.items()}
    else:
        every = {name: [counted[key].numbers.get(name) for key in types] for name in columns}
    ends = {}
    for name, its in every.items():
        if some := [spread for spread in its if spread]:
            ends[name] = (
                sum(spread.stated for spread in some),
                min(spread.low for spread in some),
                max(spread.high for spread in some),
            )
    return ends
