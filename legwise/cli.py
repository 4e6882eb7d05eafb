"""The command line: ``legwise --help`` lists what it does.

Nothing but the words of its help is loaded before a command runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from legwise import __version__


def _examples(*lines: str) -> str:
    # The first character keeps the lines as they are.
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


app = typer.Typer(
    help="Leg massage devices, their evidence and their cautions.",
    epilog="Exit status: 0 done, 1 faults in tables or a part of what was asked not applied, "
    "2 any other error.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


class Form(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 ok, 1 faults in tables, 2 other errors."""
    try:
        app(args=None if arguments is None else list(arguments), prog_name="legwise")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except (ValueError, OSError, RuntimeError) as error:
        from legwise.tables.loading import DataError

        if isinstance(error, DataError):
            print(*error.problems, sep="\n", file=sys.stderr)
            return 1
        print(error, file=sys.stderr)
        return 2
    return 0


def _end(status: int) -> None:
    if status:
        raise typer.Exit(status)


def _complete(page: str, word: str) -> list[str]:
    from legwise.commands.completion import pairs

    return pairs(page, word)


def _devices(incomplete: str) -> list[str]:
    return _complete("find", incomplete)


def _compared(incomplete: str) -> list[str]:
    return _complete("compare", incomplete)


def _evidence(incomplete: str) -> list[str]:
    return _complete("symptoms", incomplete)


def _conditions(incomplete: str) -> list[str]:
    return [pair.partition("=")[2] for pair in _complete("risks", f"condition={incomplete}")]


DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="LEGWISE_DATA",
        help="Folder of CSV files with the same columns (default: the shipped data).",
    ),
]
DeviceList = Annotated[
    str | None,
    typer.Option(
        envvar="LEGWISE_DEVICES",
        help="A device list of your own: CSV, TSV, XLSX, Parquet, a folder of Parquet files, or "
        "the address of a database (duckdb:, sqlite:, postgresql:).",
    ),
]
SavedMapping = Annotated[
    Path | None,
    typer.Option(envvar="LEGWISE_MAPPING", help="A saved mapping of the columns of the list."),
]
Format = Annotated[Form, typer.Option("--format", "-f", help="How the answer is printed.")]
Most = Annotated[
    int | None, typer.Option("--rows", "-n", min=1, help="Print no more rows than this.")
]


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print(f"legwise {__version__}")
        raise typer.Exit


@app.command(
    epilog=_examples(
        "legwise find heat=yes remote_control=yes",
        "legwise find price_usd=..200 body_areas=foot --columns price_usd,heat --format csv",
        "legwise find boots condition=diabetes --rows 5 --format md",
    )
)
def find(
    asked: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE",
            help="Filters as in the link of /find; other words are searched for.",
            autocompletion=_devices,
            show_default=False,
        ),
    ] = None,
    columns: Annotated[
        str, typer.Option(help="Columns to print, with commas between them.", show_default=False)
    ] = "",
    form: Format = Form.TABLE,
    rows: Most = None,
    data: DataFolder = None,
    devices: DeviceList = None,
    mapping: SavedMapping = None,
) -> None:
    """Find devices by what their pages state."""
    from legwise.commands.views import Tables, show_devices

    names = [name for name in columns.split(",") if name]
    _end(show_devices(Tables(data, devices, mapping), asked or [], names, form.value, rows))


@app.command(
    epilog=_examples(
        "legwise compare air_compression self_massage rows=differences",
        "legwise compare compression_stockings nothing",
        "legwise compare type=air_compression type=self_massage condition=pregnancy --format md",
    )
)
def compare(
    asked: Annotated[
        list[str],
        typer.Argument(
            metavar="ID",
            help="Ids of devices or types, or nothing, two to five, and settings as in the link "
            "of /compare.",
            autocompletion=_compared,
        ),
    ],
    form: Format = Form.TABLE,
    rows: Most = None,
    data: DataFolder = None,
    devices: DeviceList = None,
    mapping: SavedMapping = None,
) -> None:
    """Put devices and device types side by side."""
    from legwise.commands.views import Tables, show_comparison

    _end(show_comparison(Tables(data, devices, mapping), asked, form.value, rows))


@app.command(
    epilog=_examples(
        "legwise evidence swelling",
        "legwise evidence swelling air_compression --findings --format csv",
        "legwise evidence compression_stockings level=1 direct=yes",
    )
)
def evidence(
    asked: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID",
            help="A symptom, a type, technique or feature, and settings of the link of /symptoms.",
            autocompletion=_evidence,
            show_default=False,
        ),
    ] = None,
    findings: Annotated[
        bool, typer.Option("--findings", help="Print the findings, not the verdicts.")
    ] = False,
    form: Format = Form.TABLE,
    data: DataFolder = None,
) -> None:
    """Say what studies show, best first."""
    from legwise.commands.views import Tables, show_evidence

    _end(show_evidence(Tables(data), asked or [], findings, form.value))


@app.command(
    epilog=_examples(
        "legwise cautions diabetes --type air_compression",
        "legwise cautions diabetes pregnancy --format csv",
    )
)
def cautions(
    conditions: Annotated[
        list[str],
        typer.Argument(help="Ids of conditions or situations.", autocompletion=_conditions),
    ],
    device_type: Annotated[
        list[str] | None,
        typer.Option("--type", "-t", help="Only this type; can be repeated.", show_default=False),
    ] = None,
    form: Format = Form.TABLE,
    data: DataFolder = None,
) -> None:
    """List cautions for your conditions, and who says so."""
    from legwise.commands.views import Tables, show_cautions

    _end(show_cautions(Tables(data), conditions, device_type or [], form.value))


@app.command(
    epilog=_examples(
        'legwise notebook "/find?heat=yes" out.ipynb',
        'legwise notebook "/explore?table=evidence&group=direction" directions.ipynb',
    )
)
def notebook(
    link: Annotated[str, typer.Argument(help="Link of a page, from its first slash or whole.")],
    target: Annotated[Path, typer.Argument(help="File to write.")],
    data: DataFolder = None,
    devices: DeviceList = None,
    mapping: SavedMapping = None,
) -> None:
    """Write a view as a Jupyter notebook."""
    from legwise.commands.notebooks import write_notebook
    from legwise.commands.views import Tables

    _end(write_notebook(Tables(data, devices, mapping), link, target))


@app.command(epilog=_examples("legwise map out.html", "legwise map trials.html level=2 direct=yes"))
def map(
    target: Annotated[Path, typer.Argument(help="HTML file to write.")],
    asked: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE",
            help="Which findings count at first, as in the link of /symptoms.",
            autocompletion=_evidence,
            show_default=False,
        ),
    ] = None,
    data: DataFolder = None,
    devices: DeviceList = None,
    mapping: SavedMapping = None,
) -> None:
    """Write the evidence map as one file that needs no server."""
    from legwise.commands.map_file import write_map
    from legwise.commands.views import Tables

    _end(write_map(Tables(data, devices, mapping), asked or [], target))


@app.command(epilog=_examples("legwise run", "legwise run --devices my-list.csv --port 9000"))
def run(
    data: DataFolder = None,
    devices: DeviceList = None,
    mapping: SavedMapping = None,
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8501,
) -> None:
    """Start the app."""
    from legwise.commands.package import run_app

    _end(run_app(data, port, devices, mapping))


@app.command(
    epilog=_examples(
        "legwise check",
        "legwise check my-data",
        "legwise check my-list.csv --save-mapping mapping.json",
    )
)
def check(
    path: Annotated[
        str | None,
        typer.Argument(
            help="Folder of the CSV files, a file with a device list, or the address of a database "
            "(default: the shipped data).",
            show_default=False,
        ),
    ] = None,
    mapping: SavedMapping = None,
    save_mapping: Annotated[Path | None, typer.Option(help="File to write the mapping to.")] = None,
) -> None:
    """Check tables, or a device list, and list every fault."""
    from legwise.commands.package import check as check_path

    _end(check_path(path, mapping, save_mapping))


@app.command(epilog=_examples("legwise diff old-data new-data"))
def diff(
    old: Annotated[Path, typer.Argument(help="Folder of the older package.")],
    new: Annotated[
        Path | None,
        typer.Argument(
            help="Folder of the newer one (default: the shipped data).", show_default=False
        ),
    ] = None,
) -> None:
    """List what changed between two packages of tables."""
    from legwise.commands.package import show_changes

    _end(show_changes(old, new))


@app.command(epilog=_examples("legwise sample 60 --seed 1"))
def sample(
    number: Annotated[int, typer.Argument(help="How many rows.")],
    seed: Annotated[int, typer.Option(help="The same seed draws the same rows.")],
    path: Annotated[
        Path | None,
        typer.Option(help="Folder of the CSV files (default: the shipped data)."),
    ] = None,
) -> None:
    """Draw rows at random, as a CSV sheet for an audit."""
    from legwise.commands.package import draw_sample

    _end(draw_sample(path, number, seed))
