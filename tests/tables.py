"""Tables as plain text, so that a test counts by itself: of the small package unless another
folder is given.
"""

import csv

from legwise.tables.descriptor import read_package
from tests.packages import SMALL

FILES = {table.name: table.path for table in read_package().tables}


def on_disk(table, folder=SMALL):
    """Rows of a table, each as column → text; an empty text states nothing."""
    with (folder / FILES[table]).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number_of(table, folder=SMALL, **cells):
    """How many rows of a table have those texts."""
    rows = on_disk(table, folder)
    return sum(all(row[name] == text for name, text in cells.items()) for row in rows)


#: Products, and those with heat: what most tests of the pages ask for.
ALL, HEATED = number_of("devices"), number_of("devices", heat="yes")
