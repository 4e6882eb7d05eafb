"""A device list that was read before, as Parquet under the hash of all that it follows from.

Only for a list that is named when the app is started; what a visitor sends is never written.
"""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from legwise.intake.conversion import nothing, text_series
from legwise.intake.devices import DeviceList, as_frame, tables_with
from legwise.intake.faults import Faults, Report
from legwise.intake.limits import IntakeError
from legwise.intake.memory import give_back
from legwise.intake.opening import DIGITS, file_digest, open_list, saved_mapping
from legwise.intake.sheet import Progress, silent
from legwise.tables.at_once import columns_at_once
from legwise.tables.catalogue import Catalogue
from legwise.tables.distinct import distinct_cells
from legwise.tables.schema import Field, Package

_PACKAGE = TypeAdapter(Package)
#: Names of the texts beside the faults: what else is known of the list, and its package.
_REPORT_KEY, _PACKAGE_KEY = b"report", b"package"
#: Name of the thread that writes a list.
WRITER = "prepared list"


def cache_folder() -> Path:
    """Return where prepared lists are kept."""
    base = os.environ.get("LEGWISE_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "legwise"


def prepare(
    path: Path, base: Catalogue, mapping: Path | None = None, progress: Progress = silent
) -> DeviceList:
    """Return the list in a file: as it was prepared, else read now and kept for the next start.

    Raises:
        IntakeError: the file or the mapping cannot be used.
    """
    file = _key(str(path.resolve()).encode())
    try:
        columns = mapping.read_bytes() if mapping else b""
        versions = (base.version.encode(), pa.__version__.encode(), _code())
        made_by = _key(path.name.encode(), columns, *versions)

        def kept(digest: str) -> Path:
            return cache_folder() / f"{file}-{made_by}-{digest}.parquet"

        if before := next(cache_folder().glob(kept("?" * DIGITS).name), None):
            with ThreadPoolExecutor(1) as pool:
                # While the file is hashed, what was kept is read: the file seldom changes.
                hashed = pool.submit(file_digest, path)
                devices = _read_kept(before, base)
                if devices and before == kept(hashed.result()):
                    return devices
                del devices
    except OSError as error:
        raise IntakeError(f"{error.filename}: cannot be read ({error.strerror}).") from error
    devices, _ = open_list(path, base, saved_mapping(mapping, base), progress)
    # The first page does not wait for it.
    goal = kept(devices.report.digest)
    Thread(target=_keep, args=(devices, goal), name=WRITER).start()
    return devices


def _read_kept(path: Path, base: Catalogue) -> DeviceList | None:
    """Return a prepared list; one that is not there, or was cut off, is made again."""
    with suppress(pa.ArrowException, ValueError, KeyError, OSError):
        return read_prepared(path, base)
    return None


def _key(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]


def _keep(devices: DeviceList, path: Path) -> None:
    try:
        # Without a folder to write to, the next start takes as long as this one.
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_prepared(devices, path)
            # What the file held before would fill the folder, a list a night.
            file = path.name.partition("-")[0]
            for older in path.parent.glob(f"{file}-*.parquet"):
                if older not in (path, _report_file(path)):
                    older.unlink(missing_ok=True)
    finally:
        give_back()


def _code() -> bytes:
    """Return a digest of this room's code: another version may read a file in another way."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.digest()


def write_prepared(devices: DeviceList, path: Path) -> None:
    """Write a list, and beside it its report and its package.

    Raises:
        OSError: they cannot be written.
    """
    frame, report = devices.tables["devices"], devices.report
    columns = {
        item.name: _to_arrow(frame[item.name], item) for item in devices.package["devices"].fields
    }
    about = {
        "name": report.name,
        "digest": report.digest,
        "rows": report.rows,
        "columns": report.columns,
        "notes": report.notes,
    }
    faults = pa.table(
        {
            "kind": pa.array([item.kind for item in report.faults], pa.string()),
            "column": pa.array([item.column for item in report.faults], pa.string()),
            "value": pa.array([item.value for item in report.faults], pa.string()),
            "allowed": pa.array([item.allowed for item in report.faults], pa.string()),
            "rows": pa.array([item.rows for item in report.faults], pa.list_(pa.int32())),
            "row_lost": pa.array([item.row_lost for item in report.faults], pa.bool_()),
        }
    )
    texts = {
        _REPORT_KEY: json.dumps(about),
        _PACKAGE_KEY: _PACKAGE.dump_json(devices.package),
    }
    _write(faults.replace_schema_metadata(texts), _report_file(path))
    _write(pa.table(columns), path)


def _write(table: pa.Table, path: Path) -> None:
    """Write a file whole or not at all: two servers may start at once."""
    part = path.with_suffix(f".{os.getpid()}")
    try:
        # Quick to unpack, and nothing is looked for in texts that all differ.
        repeated = [item.name for item in table.schema if not pa.types.is_large_string(item.type)]
        pq.write_table(table, part, compression="lz4", use_dictionary=repeated)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _report_file(path: Path) -> Path:
    return path.with_suffix(".report.parquet")


def read_prepared(path: Path, base: Catalogue) -> DeviceList:
    """Read a prepared list.

    Raises:
        KeyError, ValueError, OSError, pyarrow.ArrowException: it cannot be read.
    """
    faults = pq.read_table(_report_file(path))
    package = _PACKAGE.validate_json(faults.schema.metadata[_PACKAGE_KEY])
    table = package["devices"]
    metadata = pq.read_metadata(path)

    def cells(field: Field) -> pd.Series:
        # A file for each: threads cannot share one. By column: all would be in memory twice.
        return _to_pandas(pq.ParquetFile(path, metadata=metadata).read([field.name])[0], field)

    with columns_at_once() as pool:
        # Texts that all differ take longest: no thread is to begin with one when the rest is done.
        types = {item.name: item.type for item in metadata.schema.to_arrow_schema()}
        fields = sorted(
            table.fields, key=lambda item: not pa.types.is_large_string(types[item.name])
        )
        columns = dict(zip((item.name for item in fields), pool.map(cells, fields), strict=True))
    frame = as_frame({item.name: columns[item.name] for item in table.fields})
    about = json.loads(faults.schema.metadata[_REPORT_KEY])
    report = Report(
        about["name"],
        about["digest"],
        about["rows"],
        about["columns"],
        tuple(
            Faults(
                item["kind"],
                item["column"],
                item["value"],
                item["allowed"],
                np.array(item["rows"], dtype=np.int32),
                item["row_lost"],
            )
            for item in faults.to_pylist()
        ),
        tuple(about["notes"]),
    )
    return DeviceList(package, tables_with(frame, package, base), report)


def _to_arrow(cells: pd.Series, field: Field) -> pa.Array:
    """Return typed cells for the file: lists as texts, repeated texts as codes."""
    if field.is_list:
        codes, distinct = distinct_cells(cells)
        words = pa.array([json.dumps(cell) for cell in distinct], pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), words)
    return pa.array(cells, from_pandas=True)


def _to_pandas(column: pa.ChunkedArray, field: Field) -> pd.Series:
    """Return the cells with the types of loaded tables."""
    if field.is_list:
        array = column.unify_dictionaries().combine_chunks()
        distinct = np.empty(len(array.dictionary), dtype=object)
        for position, text in enumerate(array.dictionary.to_pylist()):
            distinct[position] = tuple(json.loads(text))
        if not any(distinct):
            return nothing(field, len(column))
        return pd.Series(distinct[array.indices.to_numpy()], dtype=object, copy=False)
    if column.null_count == len(column):
        return nothing(field, len(column))
    if pa.types.is_large_string(column.type):
        return text_series(column.combine_chunks())
    types = {pa.bool_(): pd.BooleanDtype(), pa.int64(): pd.Int64Dtype()}
    cells: pd.Series = column.to_pandas(types_mapper=types.get)
    return cells
