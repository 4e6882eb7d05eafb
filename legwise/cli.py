"""The command line: ``legwise run``, ``check``, ``diff`` and ``sample``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from legwise import __version__
from legwise.answers.audits import sample
from legwise.answers.changes import changes
from legwise.database.address import read_address
from legwise.exports.spreadsheets import to_csv
from legwise.intake.opening import open_list, saved_mapping
from legwise.intake.prepared import prepare
from legwise.tables.catalogue import load_catalogue
from legwise.tables.checking import check_package
from legwise.tables.descriptor import SHIPPED, SchemaError, read_package
from legwise.tables.loading import DataError
from legwise.text.units import counted

#: Where ``app.py`` is: inside an installed package, or next to it in a checkout.
APP = (Path(__file__).parent / "app", Path(__file__).parent.parent)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 ok, 1 faults in tables, 2 other errors."""
    parser = argparse.ArgumentParser(
        prog="legwise", description="Leg massage devices, their evidence and their cautions."
    )
    parser.add_argument("--version", action="version", version=f"legwise {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start the app")
    run.add_argument(
        "--data",
        type=Path,
        help="folder of CSV files with the same columns (default: the shipped data)",
    )
    run.add_argument(
        "--devices",
        help="a device list: CSV, TSV, XLSX, Parquet, a folder of Parquet files, or a database "
        "(duckdb:, sqlite:, postgresql:)",
    )
    run.add_argument("--mapping", type=Path, help="a saved mapping of its columns")
    run.add_argument("--port", type=int, default=8501, help="port to serve on (default: 8501)")
    check = commands.add_parser(
        "check", help="check a package of CSV tables, or a device list, and list every fault"
    )
    check.add_argument(
        "path",
        nargs="?",
        type=Path,
        default=SHIPPED,
        help="folder of the CSV files, or one file with a device list",
    )
    check.add_argument("--mapping", type=Path, help="a saved mapping of the columns of the list")
    check.add_argument("--save-mapping", type=Path, help="file to write the mapping to")
    diff = commands.add_parser(
        "diff", help="list what changed between two packages, verdicts and cautions included"
    )
    diff.add_argument("old", type=Path, help="folder of the older package")
    diff.add_argument(
        "new",
        type=Path,
        nargs="?",
        default=SHIPPED,
        help="folder of the newer one (default: the shipped data)",
    )
    draw = commands.add_parser(
        "sample", help="draw rows at random, with their sources, as a CSV sheet for an audit"
    )
    draw.add_argument("number", type=int, help="how many rows")
    draw.add_argument("--seed", type=int, required=True, help="the same seed draws the same rows")
    draw.add_argument("--path", type=Path, default=SHIPPED, help="folder of the CSV files")
    options = parser.parse_args(arguments)
    try:
        if options.command == "run":
            return run_app(options.data, options.port, options.devices, options.mapping)
        if options.command == "check":
            if options.path.is_file() or any(options.path.glob("*.parquet")):
                return check_list(options.path, options.mapping, options.save_mapping)
            return check_folder(options.path)
        if options.command == "diff":
            return show_changes(options.old, options.new)
        sys.stdout.write(
            to_csv(sample(load_catalogue(options.path), options.number, options.seed)).decode()
        )
    except DataError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return 1
    except (SchemaError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def run_app(
    data: Path | None, port: int, devices: str | None = None, mapping: Path | None = None
) -> int:
    """Replace this process by the app; return 2 if Streamlit is not installed."""
    if find_spec("streamlit") is None:
        print("legwise run needs Streamlit; install legwise with its extra 'app'", file=sys.stderr)
        return 2
    if data:
        # Report an unreadable folder here, not on every page.
        os.environ["LEGWISE_DATA"] = str(read_package(data).directory.resolve())
    if devices:
        base = load_catalogue(data)
        if address := read_address(devices):
            os.environ["LEGWISE_DEVICES"] = address.text
        else:
            print(prepare(Path(devices), base, mapping).report.summary)
            os.environ["LEGWISE_DEVICES"] = str(Path(devices).resolve())
        os.environ["LEGWISE_MAPPING"] = str(mapping.resolve()) if mapping else ""
    folder = next(folder for folder in APP if (folder / "app.py").is_file())
    os.chdir(folder)  # Streamlit reads its configuration from there
    arguments = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.port", str(port)]
    os.execv(sys.executable, arguments)  # noqa: S606 (no shell, and nothing of a visitor's in it)


def check_list(path: Path, mapping: Path | None, save: Path | None) -> int:
    """Print what each column of a device list becomes, what was assumed, and every fault."""
    base = load_catalogue()
    devices, used = open_list(path, base, saved_mapping(mapping, base))
    if save:
        save.write_text(used.to_json(), encoding="utf-8")
    for item in used.targets:
        field = base.package["devices"].by_name.get(item.field)
        what = field.title if field else "left out" if item.field else f"further ({item.kind})"
        print(f"{item.column} -> {what}" + (f" ({item.why})" if item.why else ""))
    print(*devices.report.notes, sep="\n")
    for _, kind, row, column, value, may in devices.report.frame().itertuples():
        print(f"row {row}: {column or '-'}: {value!r}: {kind}; allowed: {may or '-'}")
    print(devices.report.summary)
    return 1 if devices.report.total else 0


def check_folder(folder: Path) -> int:
    """Print every fault of the tables in ``folder``, or "no faults" with the row counts.

    Raises:
        SchemaError: the folder or its descriptor cannot be read.
    """
    report, _ = check_package(read_package(folder))
    for problem in report.problems:
        print(problem)
    if report.problems:
        print(counted(len(report.problems), "fault"), file=sys.stderr)
        return 1
    print("no faults")
    for file, rows in report.rows:
        print(f"{rows:>6} rows  {file}")
    return 0


def show_changes(old: Path, new: Path) -> int:
    """Print what changed between two packages: row by row, then verdicts and cautions."""
    result = changes(old, new)
    print(f"{result.before} to {result.after}")
    for row in result.rows:
        print(f"{row.table}: {row.key}: {row.what}")
        for cell in row.cells:
            print(f"    {cell.column}: {cell.before!r} -> {cell.after!r}")
    for item in result.consequences:
        print(f"{item.kind} of {item.subject}, {item.about}: {item.before} -> {item.after}")
    print(result.counts().to_string(index=False) if result.rows else "no rows changed")
    return 0
