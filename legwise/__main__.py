"""The command line: ``python -m legwise check [PATH]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from legwise.check import check_package
from legwise.schema import SHIPPED, SchemaError, read_package
from legwise.units import counted


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 no faults, 1 faults, 2 a path that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m legwise", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check a package of CSV tables and list every fault")
    check.add_argument("path", nargs="?", type=Path, default=SHIPPED, help="folder of the CSV files")
    options = parser.parse_args(arguments)
    return check_folder(options.path)


def check_folder(folder: Path) -> int:
    """Print every fault of the tables in ``folder``, or "no faults" with the row counts."""
    try:
        package = read_package(folder)
    except SchemaError as error:
        print(error, file=sys.stderr)
        return 2
    report, _ = check_package(package)
    for problem in report.problems:
        print(problem)
    if report.problems:
        print(counted(len(report.problems), "fault"), file=sys.stderr)
        return 1
    print("no faults")
    for file, rows in report.rows:
        print(f"{rows:>6} rows  {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
