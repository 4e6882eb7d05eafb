"""Sources: works, ready to cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from legwise.tables.schema import Table
from legwise.tables.stated import is_stated


@dataclass(frozen=True)
class Source:
    """One work, ready to cite: its kind, title and the best link to it."""

    source_id: str
    kind: str
    kind_label: str
    title: str
    authors: str
    year: int | None
    container: str
    link: str
    seen_url: str
    note: str
    doi: str = ""
    author_list: tuple[str, ...] = ()
    #: The work that this one reprints or sums up, if any.
    copy_of: str = ""

    @property
    def citation(self) -> str:
        """Authors, year, title and container in one line, as far as known."""
        who = f"{self.authors} " if self.authors else ""
        when = f"({self.year}). " if self.year else ""
        where = f". {self.container}" if self.container else ""
        return f"{who}{when}{self.title}{where}"


def read_source(row: Mapping[str, Any], table: Table) -> Source:
    """Read a row of the table of sources; the best link is the DOI, then PubMed, then the URL."""
    text = {name: value if is_stated(value) else "" for name, value in row.items()}
    link = text["url"]
    if text["doi"]:
        link = f"https://doi.org/{text['doi']}"
    elif text["pmid"]:
        link = f"https://pubmed.ncbi.nlm.nih.gov/{text['pmid']}/"
    return Source(
        source_id=row["source_id"],
        kind=row["kind"],
        kind_label=table["kind"].labels[row["kind"]],
        title=row["title"],
        authors=", ".join(row["authors"]),
        year=int(row["year"]) if is_stated(row["year"]) else None,
        container=text["container"],
        link=link,
        seen_url=row["seen_url"],
        note=text["notes"],
        doi=text["doi"],
        author_list=row["authors"],
        copy_of=text.get("copy_of", ""),  # a package may be older than the column
    )
