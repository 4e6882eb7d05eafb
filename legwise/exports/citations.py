"""Sources as BibTeX and RIS, for reference managers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

import pandas as pd

from legwise.explore.matching import Matching
from legwise.tables.sources import Source

#: Product pages of a notebook; the table has the others.
MOST_PAGES = 1_000

#: Kinds of source that are journal papers.
PAPERS = frozenset({"systematic_review", "randomised_trial", "cohort", "case_series", "review"})
_MARKUP = {
    "\\": r"\textbackslash ",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "$": r"\$",
}
#: BibTeX takes some fields verbatim; escape only what would end the field too early.
_VERBATIM = {"\\": "%5C", "{": "%7B", "}": "%7D"}
_FURTHER = re.compile(r"(^|\s)et al\.?$")
_REMARK = re.compile(r"\s*\([^()]*\)$")


def to_bibtex(sources: Iterable[Source]) -> str:
    """Return the sources as BibTeX, one entry each."""
    # A server starts sooner without it.
    import bibtexparser
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    entries = []
    for source in sources:
        names = [
            _escaped(name) if is_person else f"{{{_escaped(name)}}}"
            for name, is_person in _names(source)
        ]
        cells = {
            "title": _escaped(source.title),
            "author": " and ".join([*names, *(["others"] if _names_some_only(source) else [])]),
            "year": str(source.year or ""),
            "journal" if source.kind in PAPERS else "howpublished": _escaped(source.container),
            "doi": _verbatim(source.doi),
            "url": _verbatim(source.link),
            "note": _escaped(source.kind_label),
        }
        fields = [Field(name, text) for name, text in cells.items() if text]
        entries.append(
            Entry("article" if source.kind in PAPERS else "misc", source.source_id, fields)
        )
    return str(bibtexparser.write_string(Library(entries)))


def to_ris(sources: Iterable[Source]) -> str:
    """Return the sources as RIS, one record each."""
    import rispy

    records = []
    for source in sources:
        cells = {
            "type_of_reference": "JOUR" if source.kind in PAPERS else "ELEC",
            "id": source.source_id,
            "title": source.title,
            "authors": [name for name, _ in _names(source)],
            "year": str(source.year or ""),
            "journal_name": source.container,
            "doi": source.doi,
            "urls": [source.link],
            # RIS has no field for "and others".
            "notes": [
                source.kind_label,
                *(["Further authors are not named here."] if _names_some_only(source) else []),
            ],
        }
        records.append({name: text for name, text in cells.items() if text})
    return str(rispy.dumps(records))


def works(rows: Matching) -> tuple[str, ...]:
    """Return the ids of the sources that rows of a table or join name, each once."""
    fields = [field for field in rows.relation.table.fields if field.references == "sources"]
    if not fields:
        return ()
    frame = rows.some([field.name for field in fields])
    cited: dict[str, None] = {}
    for field in fields:
        # Each distinct cell once: a join repeats the same lists for thousands of rows.
        cells = pd.unique(frame[field.name].dropna())
        cited |= dict.fromkeys(chain.from_iterable(cells) if field.is_list else cells)
    return tuple(cited)


def references(rows: Matching) -> tuple[tuple[str, str], ...]:
    """Return (text, link) of every source of the rows: works, then product pages."""
    table, catalogue = rows.relation.table, rows.relation.catalogue
    cited = {(source.citation, source.link): None for source in catalogue.sources(works(rows))}
    if table.page:
        pages = rows.some([table.key, table.page], MOST_PAGES).drop_duplicates().dropna()
        cited |= {
            (catalogue.device_name(device), url): None
            for device, url in pages.itertuples(index=False, name=None)
        }
        if rows.total > MOST_PAGES:
            cited[f"The pages of the other rows are in the column {table.page}.", ""] = None
    return tuple(cited)


def _names(source: Source) -> list[tuple[str, bool]]:
    """Return authors for reference managers, and whether each is a person: ("Berliner, E", True).

    One word is a family name; several words without initials are an organisation and stay whole.
    """
    names = []
    for stated in source.author_list:
        name = _FURTHER.sub("", stated.strip())
        bare = _REMARK.sub("", name)  # "Lim (first author)"
        *family, last = bare.split() or [""]
        if not family:
            names.append((bare, True))
        elif _is_initials(last) and all(
            any(map(str.islower, word)) and word.strip("(,)") == word for word in family
        ):
            names.append((f"{' '.join(family)}, {last}", True))
        else:
            names.append((name, False))
    return [(name, is_person) for name, is_person in names if name]


def _is_initials(word: str) -> bool:
    return word.isalpha() and word.isupper() and len(word) <= 5


def _names_some_only(source: Source) -> bool:
    """Whether the list of authors ends in "et al."."""
    return any(_FURTHER.search(name.strip()) for name in source.author_list)


def _escaped(text: str) -> str:
    """Escape what BibTeX would read as markup."""
    return "".join(_MARKUP.get(mark, mark) for mark in text)


def _verbatim(text: str) -> str:
    return "".join(_VERBATIM.get(mark, mark) for mark in text)
