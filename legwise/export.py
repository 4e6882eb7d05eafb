"""Files for people to take away."""

from __future__ import annotations

import io
import zipfile

from legwise.catalogue import Catalogue
from legwise.schema import DESCRIPTOR, SHIPPED, Table


def table_csv(catalogue: Catalogue, table: Table) -> bytes:
    """Return the file of one table, byte for byte as it was read."""
    return (catalogue.package.directory / table.path).read_bytes()


def package_zip(catalogue: Catalogue) -> bytes:
    """Return the whole data package: every table and the descriptor that explains them."""
    folder = catalogue.package.directory
    descriptor = folder / DESCRIPTOR if (folder / DESCRIPTOR).is_file() else SHIPPED / DESCRIPTOR
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DESCRIPTOR, descriptor.read_bytes())
        for table in catalogue.package.tables:
            archive.writestr(table.path, table_csv(catalogue, table))
    return buffer.getvalue()
