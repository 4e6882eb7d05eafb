import re

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts

from legwise.exports.citations import to_bibtex, to_ris
from legwise.tables.sources import Source


def test_every_source_reads_back_from_bibtex(catalogue):
    sources = catalogue.sources(catalogue.keys("sources"))
    library = bibtexparser.parse_string(to_bibtex(sources))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [source.source_id for source in sources]


def test_every_source_reads_back_from_ris(catalogue):
    sources = catalogue.sources(catalogue.keys("sources"))
    records = rispy.loads(to_ris(sources))
    assert [record["id"] for record in records] == [source.source_id for source in sources]
    first = next(record for record in records if record["id"] == "salek-2015-dpn")
    assert first["authors"][0] == "Salek, S"
    assert first["year"] == "2015"


def test_markup_in_a_title_is_escaped():
    source = Source(
        "x",
        "article",
        "Article",
        "50% {of} A & B_C $5 \\ #1",
        "",
        None,
        "",
        "https://e.org",
        "https://e.org",
        "",
    )
    text = to_bibtex([source])
    assert r"50\% \{of\} A \& B_C \$5" in text
    assert not bibtexparser.parse_string(text).failed_blocks


def made(*authors, **cells):
    """A source by those authors."""
    link = cells.pop("link", "https://e.org")
    return Source(
        "x",
        "article",
        "Article",
        "Legs",
        "",
        None,
        "",
        link,
        "https://e.org",
        "",
        author_list=authors,
        **cells,
    )


def bibtex_names(source):
    """Authors of a source as a BibTeX reader parts them: (family, given)."""
    library = bibtexparser.parse_string(
        to_bibtex([source]), append_middleware=[SeparateCoAuthors(), SplitNameParts()]
    )
    assert not library.failed_blocks
    (entry,) = library.entries
    names = entry.fields_dict["author"].value if "author" in entry.fields_dict else []
    return [(" ".join([*name.von, *name.last]), " ".join(name.first)) for name in names]


def ris_names(source):
    (record,) = rispy.loads(to_ris([source]))
    return record.get("authors", [])


def words(names):
    """The words of names, without brackets, commas and remarks."""
    return re.findall(r"[^\W_]+", " ".join(names))


def test_no_author_of_any_source_is_lost(catalogue):
    for source in catalogue.sources(catalogue.keys("sources")):
        stated = [re.sub(r"\s*et al\.?$", "", name) for name in source.author_list]
        stated = [name for name in stated if name]
        further = any(re.search(r"\bet al\.?$", name) for name in source.author_list)
        bibtex, ris = bibtex_names(source), ris_names(source)
        assert len(ris) == len(stated)
        assert len(bibtex) == len(stated) + further
        assert (("others", "") in bibtex) == further
        for name, (family, given), entry in zip(stated, bibtex, ris, strict=False):
            assert words([family, given]) == words([entry])
            bare = name if words([name]) == words([entry]) else re.sub(r"\(.*\)$", "", name)
            assert words([bare]) == words([entry])
        assert not any("et al" in name for name in [*ris, *(family for family, _ in bibtex)])


@pytest.mark.parametrize(
    ("author", "family", "given"),
    [
        ("Berliner E", "Berliner", "E"),
        ("van der Waal JCH", "van der Waal", "JCH"),
        ("Ismail Mohamed WA", "Ismail Mohamed", "WA"),
        ("Koskela TH (Tampere University Hospital)", "Koskela", "TH"),
        ("Greene", "Greene", ""),
        ("Lim (first author)", "Lim", ""),
    ],
)
def test_a_person_has_a_family_name_and_initials(author, family, given):
    assert bibtex_names(made(author)) == [(family, given)]
    assert ris_names(made(author)) == [f"{family}, {given}" if given else family]


@pytest.mark.parametrize(
    "name",
    ["Korea Consumer Agency", "Center for Health and Care", "Mullin E (NBC), reporting US CPSC"],
)
def test_an_organisation_stays_whole(name):
    assert bibtex_names(made(name, "Berliner E")) == [(f"{{{name}}}", ""), ("Berliner", "E")]
    assert ris_names(made(name)) == [name]


@pytest.mark.parametrize("authors", [("Wu SC et al.",), ("Wu SC", "et al"), ("Wu SC", "et al.")])
def test_further_authors_are_others_in_bibtex_and_a_note_in_ris(authors):
    assert bibtex_names(made(*authors)) == [("Wu", "SC"), ("others", "")]
    (record,) = rispy.loads(to_ris([made(*authors)]))
    assert record["authors"] == ["Wu, SC"]
    assert record["notes"] == ["Article", "Further authors are not named here."]


def test_addresses_stay_as_they_are_in_bibtex(catalogue):
    sources = catalogue.sources(catalogue.keys("sources"))
    for source, entry in zip(
        sources, bibtexparser.parse_string(to_bibtex(sources)).entries, strict=True
    ):
        assert entry.fields_dict["url"].value == source.link
        assert source.doi == (entry.fields_dict["doi"].value if "doi" in entry.fields_dict else "")


def test_what_would_end_an_address_too_early_is_encoded():
    library = bibtexparser.parse_string(
        to_bibtex([made(link="https://e.org/a_b?x=1&y=%20#z}{\\", doi="10.1/a}")])
    )
    assert not library.failed_blocks
    assert library.entries[0].fields_dict["url"].value == "https://e.org/a_b?x=1&y=%20#z%7D%7B%5C"
    assert library.entries[0].fields_dict["doi"].value == "10.1/a%7D"
