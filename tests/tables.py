"""The shipped tables as plain text, so that a test counts by itself and a new product turns nothing red."""

import csv

from legwise.tables.descriptor import SHIPPED, read_package

PATHS = {table.name: SHIPPED / table.path for table in read_package().tables}


def on_disk(table):
    """Rows of a table, each as column → text; an empty text states nothing."""
    with PATHS[table].open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number_of(table, **cells):
    """How many rows of a table have those texts."""
    return sum(all(row[name] == text for name, text in cells.items()) for row in on_disk(table))


#: Products, and those with heat: what most tests of the pages ask for.
ALL, HEATED = number_of("devices"), number_of("devices", heat="yes")
