"""Sources as BibTeX and RIS, for reference managers."""

from __future__ import annotations

from collections.abc import Iterable

import bibtexparser
import rispy
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from legwise.catalogue import Source
from legwise.columns import Rows
from legwise.relations import Relation

#: Kinds of source that are papers in journals.
PAPERS = frozenset({"systematic_review", "randomised_trial", "cohort", "case_series", "review"})
_MARKUP = {"\\": r"\textbackslash ", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$"}


def to_bibtex(sources: Iterable[Source]) -> str:
    """Return the sources as BibTeX, one entry each."""
    entries = []
    for source in sources:
        cells = {
            "title": source.title,
            "author": " and ".join(source.author_list),
            "year": str(source.year or ""),
            "journal" if source.kind in PAPERS else "howpublished": source.container,
            "doi": source.doi,
            "url": source.link,
            "note": source.kind_label,
        }
        fields = [Field(name, _braced(text)) for name, text in cells.items() if text]
        entries.append(Entry("article" if source.kind in PAPERS else "misc", source.source_id, fields))
    return str(bibtexparser.write_string(Library(entries)))


def to_ris(sources: Iterable[Source]) -> str:
    """Return the sources as RIS, one record each."""
    records = []
    for source in sources:
        cells = {
            "type_of_reference": "JOUR" if source.kind in PAPERS else "ELEC",
            "id": source.source_id,
            "title": source.title,
            "authors": list(source.author_list),
            "year": str(source.year or ""),
            "journal_name": source.container,
            "doi": source.doi,
            "urls": [source.link],
            "notes": [source.kind_label],
        }
        records.append({name: text for name, text in cells.items() if text})
    return str(rispy.dumps(records))


def works(relation: Relation, rows: Rows) -> tuple[str, ...]:
    """Ids of the sources that the rows at those positions of a table or join name, each once."""
    frame = relation.frame.iloc[rows]
    found: dict[str, None] = {}
    for field in relation.table.fields:
        if field.references == "sources":
            cells = frame[field.name].dropna()
            found |= dict.fromkeys(cells.explode().dropna() if field.is_list else cells)
    return tuple(found)


def references(relation: Relation, rows: Rows) -> tuple[tuple[str, str], ...]:
    """(text, link) of every source that those rows rest on: works, then the pages that products were read on."""
    catalogue = relation.catalogue
    found = {(source.citation, source.link): None for source in catalogue.sources(works(relation, rows))}
    if relation.table.key == "device_id":
        pages = relation.frame[["device_id", "source_url"]].iloc[rows].drop_duplicates()
        found |= {(catalogue.device_name(device), url): None for device, url in pages.itertuples(index=False, name=None)}
    return tuple(found)


def _braced(text: str) -> str:
    """Escape what BibTeX would read as markup."""
    return "".join(_MARKUP.get(mark, mark) for mark in text)
