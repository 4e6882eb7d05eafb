"""A file → a device list, step by step or at once."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from legwise.intake.devices import DeviceList, build
from legwise.intake.limits import IntakeError
from legwise.intake.mapping import Mapping, read_mapping
from legwise.intake.proposals import known_names, propose
from legwise.intake.reading import read_file
from legwise.intake.sheet import Progress, silent
from legwise.tables.catalogue import Catalogue

#: Hexadecimal digits of a file's hash that links and screens show.
DIGITS = 12


def content_digest(content: bytes) -> str:
    """Return the first digits of the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def file_digest(path: Path) -> str:
    """Return the digest of a file, or of the files of a folder."""
    digest = hashlib.sha256()
    for file in _files(path):
        with file.open("rb") as stream:
            while piece := stream.read(1 << 22):
                digest.update(piece)
    return digest.hexdigest()[:DIGITS]


def saved_mapping(path: Path | None, base: Catalogue) -> Mapping | None:
    """Read the mapping in a file, if one is named.

    Raises:
        IntakeError, OSError: it cannot be read.
    """
    return read_mapping(path.read_bytes(), base.package) if path else None


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def _stamp(path: Path) -> list[tuple[str, int, int]]:
    """Return what differs once a file is replaced, or one of a folder, or one comes or goes."""
    seen = [(file.name, file.stat()) for file in _files(path) if file.exists()]
    return [(name, stat.st_size, stat.st_mtime_ns) for name, stat in seen]


def open_list(
    path: Path,
    base: Catalogue,
    saved: Mapping | None = None,
    progress: Progress = silent,
) -> tuple[DeviceList, Mapping]:
    """Read, map, convert and check a file; columns that ``saved`` lacks go where they seem to.

    Raises:
        IntakeError: the file cannot be used.
    """
    before = _stamp(path)
    with ThreadPoolExecutor(1) as pool:
        # While one processor hashes the file, the other reads it.
        hashed = pool.submit(file_digest, path)
        sheet = read_file(path, known_names(base).keys(), progress)
        mapping = propose(sheet, base, saved)
        digest = hashed.result()
    if _stamp(path) != before:
        raise IntakeError(f"{path.name}: the file changed while it was read. Open it again.")
    return build(sheet, mapping, base, path.name, digest, progress), mapping
