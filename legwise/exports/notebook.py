"""A view as a Jupyter notebook that runs by itself: what it shows, the data it needs, the code, the sources.

It runs where the folder of CSV files lies beside it, or with that folder's path in its first cell; it stops
with what to do where the files are missing or of another version, and where it finds other rows than the
screen showed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from legwise.explore.literals import assign, literal
from legwise.explore.worksheet import DATA_LINE, Block, preamble
from legwise.tables.catalogue import Catalogue
from legwise.text.markup import plain, web_link

#: A source as (text, link).
Reference = tuple[str, str]

CHECK = """import hashlib

{files}
VERSION = {version}
missing = [file for file in FILES if not (DATA / file).is_file()]
if missing:
    raise FileNotFoundError(
        f"{{DATA.resolve()}} lacks {{', '.join(missing)}}. Put the data folder beside this notebook, "
        "or give its path in the first cell. The Data page of Legwise offers it as a ZIP file."
    )
digest = hashlib.sha256()
for file in FILES:
    digest.update((DATA / file).read_bytes())
found = digest.hexdigest()[:12]
if found != VERSION:
    raise ValueError(
        f"This notebook was made from the data of version {{VERSION}}, and {{DATA.resolve()}} holds version {{found}}. "
        "Use the data of that version, or follow the link above and download the notebook again."
    )
print("The data is of version", found)"""

SHOWN = """# The screen showed {rows:,} rows.
if len(table) != {rows}:
    raise AssertionError(f"The screen showed {rows:,} rows, and there are {{len(table):,}} here.")
table"""


@dataclass(frozen=True)
class Story:
    """What a notebook says besides its code: a title, sentences, filters in words, the link back, the day."""

    title: str
    sentences: Sequence[str]
    filters: Sequence[str]
    link: str
    today: str
    references: Sequence[Reference] = field(default_factory=tuple)


def to_notebook(
    catalogue: Catalogue,
    story: Story,
    blocks: Sequence[Block],
    rows: int,
    figures: Mapping[str, str] | None = None,
) -> str:
    """Return the notebook as JSON text.

    ``rows`` is the number of rows on screen; ``figures`` gives the figure that a block's code makes, as JSON
    text by the comment of the block, so that it can be seen before anything is run.
    """
    cells = [
        new_markdown_cell(_head(catalogue, story), id="head"),
        new_code_cell(f"from pathlib import Path\n\n{DATA_LINE}", id="data"),
        new_code_cell(_check(catalogue), id="check"),
        new_code_cell(preamble(blocks), id="tools"),
    ]
    for number, block in enumerate(blocks):
        outputs = (
            [_figure_output(figures[block.comment])] if figures and block.comment in figures else []
        )
        cells.append(new_code_cell(str(block), outputs=outputs, id=f"block-{number}"))
        if block.makes_table:
            cells.append(new_code_cell(SHOWN.format(rows=rows), id="shown"))
    cells.append(new_markdown_cell(_references(story.references), id="sources"))
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = new_notebook(cells=cells, metadata=kernel)
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook))


def _head(catalogue: Catalogue, story: Story) -> str:
    package = catalogue.package
    filters = "\n".join(f"- {plain(text)}" for text in story.filters) or "- none"
    sentences = "\n\n".join(plain(text) for text in story.sentences)
    data = f"{package.title}, version {package.version} of {package.created[:10]}, files {catalogue.version}"
    needs = f"It needs Python 3.11 or newer with pandas {version('pandas')} and plotly {version('plotly')}, or newer."
    return (
        f"# {plain(story.title)}\n\n{sentences}\n\n"
        f"**Filters**\n\n{filters}\n\n"
        f"**Back to the view:** {web_link(story.link, story.link)}\n\n"
        f"**Data:** {plain(data)}. **Made on:** {plain(story.today)}. {plain(needs)}\n\n"
        "“not stated” means that the page read does not say; it never means no. This is not medical advice: no record of a "
        "caution is not proof of safety."
    )


def _check(catalogue: Catalogue) -> str:
    files = [table.path for table in catalogue.package.tables]
    return CHECK.format(files=assign("FILES", files), version=literal(catalogue.version))


def _references(references: Iterable[Reference]) -> str:
    lines = [
        f"{number}. {web_link(text, link)}"
        for number, (text, link) in enumerate(dict.fromkeys(references), 1)
    ]
    return "## Sources\n\n" + ("\n".join(lines) or "None of these rows names a source of its own.")


def _figure_output(figure: str) -> nbformat.NotebookNode:
    data = {"application/vnd.plotly.v1+json": json.loads(figure), "text/plain": "The figure."}
    return new_output("display_data", data=data)
