import bibtexparser
import rispy

from legwise.catalogue import Source
from legwise.citations import to_bibtex, to_ris


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
    assert first["authors"][0] == "Salek S"
    assert first["year"] == "2015"


def test_markup_in_a_title_is_escaped():
    source = Source("x", "article", "Article", "50% {of} A & B_C $5 \\ #1", "", None, "", "https://e.org", "https://e.org", "")
    text = to_bibtex([source])
    assert r"50\% \{of\} A \& B_C \$5" in text
    assert not bibtexparser.parse_string(text).failed_blocks
