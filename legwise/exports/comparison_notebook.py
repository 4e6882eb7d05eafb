"""A comparison as a notebook: the library makes exactly the same table from the CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from legwise.answers.comparison import ROW_CHOICES, Comparison, RowChoice
from legwise.answers.side_by_side import compare
from legwise.charts.comparison import evidence_strip, number_dots
from legwise.explore.program import Program
from legwise.exports.carried import Carried, carry
from legwise.exports.notebook import Story, to_notebook
from legwise.tables.catalogue import Catalogue
from legwise.text.literals import Call, Code, Name, literal
from legwise.text.units import System

CARRIED = "The devices compared, as the database had them, and which of them share a name."
COUNTED = "What was counted of all products of a type: how many, their numbers, the rest in words."
IN_DATABASE = (
    "The devices are in a database. This notebook carries those that are compared, and what was "
    "counted of all products of their types. It takes the rest from the tables that the Data page "
    "offers."
)


def check_library() -> None:
    """Stop if the library is missing."""
    if find_spec("legwise") is None:
        raise ModuleNotFoundError(
            "This notebook uses the library of Legwise. Put the project's legwise folder beside "
            "this notebook, or install it: run pip install . in the project's folder."
        )


def compare_program(
    catalogue: Catalogue,
    whole: Comparison,
    items: Sequence[tuple[str, str]],
    conditions: Sequence[str],
    units: System,
    rows: RowChoice,
) -> Program:
    """Return the code of a comparison. ``rows`` is the row filter in use on screen."""
    program = Program()
    program.note(None, Call(check_library), "The library: it needs what pip install . brings.")
    program.note(None, Code("from legwise import compare, load_catalogue"))
    program.note(None, Code("from legwise.charts.comparison import evidence_strip, number_dots"))
    program.note("items", list(items), "What is compared.")
    program.note("conditions", list(conditions))
    program.note("catalogue", Code("load_catalogue(DATA)"))
    more = ""
    if not catalogue.is_whole:
        _carry(program, carry(catalogue, items))
        more = ", counted_before=types"
    of = f"catalogue, items, conditions, {literal(units)}"
    program.note("whole", Code(f"compare({of}{more})"))
    program.note("table", Code(f"whole.only({literal(rows)}).frame()"), "The table.")
    numbers = number_dots(catalogue, whole, units)
    if numbers:
        call = f"number_dots(catalogue, whole, {literal(units)}{more}).figure"
        program.note("numbers", Code(call), "Numbers side by side.")
        program.note(None, Name("numbers"))
        program.names["numbers"] = numbers.figure
    strip = evidence_strip(catalogue, whole)
    if strip:
        call = "evidence_strip(catalogue, whole).figure"
        program.note("figure", Code(call), "Evidence side by side.")
        program.names["figure"] = strip.figure
    return program


def _carry(program: Program, carried: Carried) -> None:
    """Add what the files beside the notebook do not hold: they have some devices, at random."""
    program.note(None, Code("from legwise.exports.carried import counted, with_devices"), CARRIED)
    program.note("devices", carried.devices)
    program.note("namesakes", carried.namesakes)
    program.note("catalogue", Code("with_devices(catalogue, devices, namesakes)"))
    program.note("types", carried.types, COUNTED)
    program.note("types", Code("counted(catalogue, types)"))


def compare_notebook(
    catalogue: Catalogue,
    items: Sequence[tuple[str, str]],
    conditions: Sequence[str],
    units: System,
    rows: RowChoice,
    link: str,
    today: str,
) -> str:
    """Build the notebook of a comparison, of the code that :func:`compare_program` returns."""
    whole = compare(catalogue, items, conditions, units)
    shown = whole.only(rows)
    program = compare_program(catalogue, whole, items, conditions, units, rows)
    story = Story(
        f"Legwise: {', '.join(whole.labels)}",
        [
            "Side by side: features, evidence by symptom, cautions and legal class. "
            "A type's cells sum up its products. The library of Legwise does the work.",
            *([] if catalogue.is_whole else [IN_DATABASE]),
        ],
        [
            *([ROW_CHOICES[rows]] if rows != "all" else []),
            *(catalogue.names("risk_factors")[key] for key in conditions),
        ],
        link,
        today,
        _references(shown),
    )
    return to_notebook(catalogue, story, program, len(shown.frame()))


def _references(shown: Comparison) -> tuple[tuple[str, str], ...]:
    cells = [cell for group in shown.groups for row in group.rows for cell in row.cells]
    works = [source for cell in cells for source in cell.sources]
    columns = zip(shown.items, shown.labels, strict=True)
    pages = [(label, item.link) for item, label in columns if item.link]
    return (*pages, *((source.citation, source.link) for source in works))
