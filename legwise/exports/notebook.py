"""A view as a Jupyter notebook that runs by itself: story, data, code, sources.

It needs the folder of CSV files beside it, or that folder's path in its first cell, unless it
carries its rows. It stops, and says what to do, if files are missing, the version differs or the
rows differ from the screen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from legwise.explore.program import DATA_LINE, Program, printed
from legwise.tables.catalogue import Catalogue, data_version
from legwise.tables.writing import files_version
from legwise.text.literals import Call, Name, folded, literal
from legwise.text.markup import plain, web_link

#: A source as (text, link).
Reference = tuple[str, str]


def check_data(folder: Path, files: list[str], version: str) -> None:
    """Stop if the data is missing, or if its version is not the one this notebook was made from."""
    missing = [file for file in files if not (folder / file).is_file()]
    if missing:
        raise FileNotFoundError(
            f"{folder.resolve()} lacks {', '.join(missing)}. Put the data folder beside this "
            "notebook, or give its path in the first cell. The Data page of Legwise offers it as "
            "a ZIP file."
        )
    here = data_version(folder, files)
    if here != version:
        raise ValueError(
            f"This notebook was made from the data of version {version}, but {folder.resolve()} "
            f"holds version {here}. Use the data of that version, or follow the link above and "
            "download the notebook again."
        )
    print("The data is of version", here)


def check_rows(table: pd.DataFrame, shown: int) -> None:
    """Stop if the table does not have as many rows as the screen showed."""
    if len(table) != shown:
        raise AssertionError(
            f"The screen showed {shown:,} rows, and there are {len(table):,} here."
        )


@dataclass(frozen=True)
class Story:
    """The text of a notebook: title, sentences, filters in words, link back, day, sources."""

    title: str
    sentences: Sequence[str]
    filters: Sequence[str]
    link: str
    today: str
    references: Sequence[Reference] = field(default_factory=tuple)


def to_notebook(catalogue: Catalogue, story: Story, program: Program, rows: int) -> str:
    """Return the notebook as JSON text; ``rows`` is the number of rows on screen.

    Figures that the program has drawn are included, so they show before anything is run.
    """
    # A server starts half a second sooner without it.
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    files = [table.path for table in catalogue.package.tables]
    check = Call(check_data, Name("DATA"), Name("FILES"), files_version(catalogue))
    tools = [*program.functions, check_rows]
    code = [
        ("data", f"from pathlib import Path\n\n{DATA_LINE}"),
        ("check", f"{printed([check_data])}\n\n\n{folded(files, 'FILES = ')}\n{literal(check)}"),
    ]
    code = [*([] if program.carries else code), ("tools", printed(tools))]
    cells = [
        new_markdown_cell(_head(catalogue, story), id="head"),
        *(new_code_cell(text, id=name) for name, text in code),
    ]
    for number, cell in enumerate(program.cells):
        made = [program.names.get(step.target.name) for step in cell.steps if step.target]
        figures = [value for value in made if hasattr(value, "to_plotly_json")]
        outputs = [new_output("display_data", data=_figure_data(value)) for value in figures]
        cells.append(new_code_cell(str(cell), outputs=outputs, id=f"block-{number}"))
        if cell.makes("table"):
            cells.append(new_code_cell(f"check_rows(table, {rows})\ntable", id="shown"))
    cells.append(new_markdown_cell(_references(story.references), id="sources"))
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = new_notebook(cells=cells, metadata=kernel)
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook))


def _head(catalogue: Catalogue, story: Story) -> str:
    package = catalogue.package
    filters = "\n".join(f"- {plain(text)}" for text in story.filters) or "- none"
    sentences = "\n\n".join(plain(text) for text in story.sentences)
    made, tools = package.created[:10], f"pandas {version('pandas')} and plotly {version('plotly')}"
    data = f"{package.title}, version {package.version} of {made}, files {catalogue.version}"
    needs = f"It needs Python 3.11 or newer with {tools}, or newer."
    return (
        f"# {plain(story.title)}\n\n{sentences}\n\n"
        f"**Filters**\n\n{filters}\n\n"
        f"**Back to the view:** {web_link(story.link, story.link)}\n\n"
        f"**Data:** {plain(data)}. **Made on:** {plain(story.today)}. {plain(needs)}\n\n"
        "“not stated” means that the page read does not say; it never means no. This is not "
        "medical advice: no record of a caution is not proof of safety."
    )


def _references(references: Iterable[Reference]) -> str:
    lines = [
        f"{number}. {web_link(text, link)}"
        for number, (text, link) in enumerate(dict.fromkeys(references), 1)
    ]
    return "## Sources\n\n" + ("\n".join(lines) or "None of these rows names a source.")


def _figure_data(figure: Any) -> dict[str, Any]:
    return {
        "application/vnd.plotly.v1+json": json.loads(figure.to_json()),
        "text/plain": "The figure.",
    }
