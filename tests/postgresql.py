"""Finds the programs of a PostgreSQL server for the tests of databases, or installs Debian's.

Run as a script it makes sure that they are there and fails loudly where they cannot be had.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

#: Where Debian puts them, a folder per version.
PROGRAMS = Path("/usr/lib/postgresql")
MISSING = (
    "no PostgreSQL found: the tests of databases need the programs of a server (initdb, pg_ctl). "
    "Install the package postgresql and run again"
)


def find() -> Path | None:
    """Folder of the programs, of the newest version."""
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    folders = [path.parent for path in PROGRAMS.glob("*/bin/initdb")]
    return max(folders, key=lambda path: float(path.parent.name), default=None)


def install() -> None:
    """Install Debian's package; say each command before it runs."""
    if not shutil.which("apt-get"):
        return
    commands = (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "postgresql"],
    )
    if os.geteuid() != 0:
        print("Debian's package needs an administrator; these commands install it:")
        print(*(f"    {shlex.join(command)}" for command in commands), sep="\n")
        return
    print("The tests of databases start a PostgreSQL of their own; installing Debian's package")
    for command in commands:
        print("running:", shlex.join(command), flush=True)
        try:
            subprocess.run(command, check=True, timeout=240)
        except (subprocess.SubprocessError, OSError) as error:
            print(error, file=sys.stderr)


def main() -> int:
    """Make sure that it is there. Tests never call this: they only look for it."""
    if not find():
        install()
    path = find()
    if path:
        print(f"tests of databases use {path}")
        return 0
    print(MISSING, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
