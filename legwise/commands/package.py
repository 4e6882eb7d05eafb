"""Commands about a package: start the app on it, check it, compare two, draw rows of it."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import legwise
from legwise.answers.audits import sample
from legwise.answers.changes import changes
from legwise.database.address import Address, read_address
from legwise.exports.spreadsheets import to_csv
from legwise.intake.devices import DeviceList
from legwise.intake.mapping import Mapping
from legwise.intake.opening import open_list, saved_mapping
from legwise.intake.prepared import prepare
from legwise.tables.catalogue import Catalogue, load_catalogue
from legwise.tables.checking import check_package
from legwise.tables.descriptor import SHIPPED, read_package
from legwise.text.units import counted

#: Where ``app.py`` is: inside an installed package, or next to it in a checkout.
_CORE = Path(legwise.__file__).parent
APP = (_CORE / "app", _CORE.parent)


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
    return _print_check(base, *open_list(path, base, saved_mapping(mapping, base)), save)


def check_database(address: Address, mapping: Path | None, save: Path | None) -> int:
    """Print the same of a list in a database, and what whoever runs it should know."""
    # Only who asks a database needs what it takes.
    from legwise.database.advice import ABOUT_INDEXES, doubled_ids, index_advice
    from legwise.database.opening import open_database

    base = load_catalogue()
    opened, used = open_database(address, base, saved_mapping(mapping, base))
    status = _print_check(base, opened.devices, used, save)
    doubled, commands = doubled_ids(opened), index_advice(opened, used)
    for line in doubled:
        print(line)
    if commands:
        print(ABOUT_INDEXES, *commands, sep="\n    ")
    return max(status, bool(doubled))


def _print_check(base: Catalogue, devices: DeviceList, used: Mapping, save: Path | None) -> int:
    if save:
        save.write_text(used.to_json(), encoding="utf-8")
    for item in used.targets:
        field = base.package["devices"].by_name.get(item.field)
        what = field.title if field else "left out" if item.field else f"further ({item.kind})"
        print(f"{item.column} -> {what}" + (f" ({item.why})" if item.why else ""))
    print(*devices.report.notes, sep="\n")
    for _, kind, row, column, value, may in devices.report.frame().itertuples():
        print(f"row {row}: {column or '-'}: {value!r}: {kind}; allowed: {may or '-'}")
    for fault in devices.report.unnamed:
        more = counted(len(fault) - len(fault.rows), "more row")
        print(f"{more}: {fault.column}: {fault.kind}; allowed: {fault.allowed}")
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


def show_changes(old: Path, new: Path | None) -> int:
    """Print what changed between two packages: row by row, then verdicts and cautions."""
    result = changes(old, new or SHIPPED)
    print(f"{result.before} to {result.after}")
    for row in result.rows:
        print(f"{row.table}: {row.key}: {row.what}")
        for cell in row.cells:
            print(f"    {cell.column}: {cell.before!r} -> {cell.after!r}")
    for item in result.consequences:
        print(f"{item.kind} of {item.subject}, {item.about}: {item.before} -> {item.after}")
    print(result.counts().to_string(index=False) if result.rows else "no rows changed")
    return 0


def check(what: str | None, mapping: Path | None, save: Path | None) -> int:
    """Check a folder of tables, a file with a device list, or a database by its address."""
    if what and (address := read_address(what)):
        return check_database(address, mapping, save)
    path = Path(what) if what else SHIPPED
    if path.is_file() or any(path.glob("*.parquet")):
        return check_list(path, mapping, save)
    return check_folder(path)


def draw_sample(path: Path | None, number: int, seed: int) -> int:
    """Print rows drawn at random, with their sources, as CSV."""
    rows = sample(load_catalogue(path or SHIPPED), number, seed)
    sys.stdout.write(to_csv(rows).decode())
    return 0
