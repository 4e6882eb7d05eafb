import pandas as pd
import pytest

from legwise.tables.loading import parse_raw, to_typed
from legwise.tables.schema import Field, Table

TABLE = Table(
    name="things",
    title="Things",
    description="Some.",
    path="things.csv",
    key="id",
    fields=(
        Field("id", "string", "Id", "Id.", required=True, unique=True),
        Field("note", "string", "Note", "Note."),
        Field("warm", "boolean", "Warm", "Warm."),
        Field("size", "number", "Size", "Size."),
        Field("count", "integer", "Count", "Count."),
        Field("parts", "list", "Parts", "Parts."),
        Field("day", "date", "Day", "Day."),
    ),
)
HEAD = "id,note,warm,size,count,parts,day\n"


def parse(text, head=HEAD):
    return parse_raw(TABLE, "things.csv", (head + text).encode())


def test_words_none_and_na_survive_as_text():
    frame = to_typed(parse("a,None,,,,,\nb,NA,,,,,\nc,nan,,,,,\nd,,,,,,\n"))
    assert list(frame["note"][:3]) == ["None", "NA", "nan"]
    assert frame["note"].isna().tolist() == [False, False, False, True]


def test_cells_get_their_types_and_missing_stays_missing():
    frame = to_typed(parse("a,x,yes,1.5,3,foot;calf,2024-05-31\nb,,no,,,,\nc,,,,,,\n"))
    assert frame["warm"].dtype == "boolean"
    assert frame["warm"].isna().tolist() == [False, False, True]
    assert frame["warm"].fillna(False).tolist() == [True, False, False]
    assert frame["size"].dtype == "float64"
    assert frame["count"].dtype == "Int64"
    assert list(frame["parts"]) == [("foot", "calf"), (), ()]
    assert frame["day"][0] == pd.Timestamp("2024-05-31")


def test_line_numbers_count_lines_of_the_file_not_rows():
    raw = parse('a,"two\nlines",,,,,\nb,,,,,,\n')
    assert raw.lines == (2, 4)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 0, "empty"),
        (b"\n\n", 0, "empty"),
        (b"\xef\xbb\xbf" + HEAD.encode() + b"a,,,,,,\n", 1, "byte order mark"),
        (HEAD.encode() + b"a,,,,,,\r\n", 2, "Windows"),
        (HEAD.encode() + b"a,caf\xe9,,,,,\n", 0, "line 2 holds bytes that are not UTF-8"),
        (HEAD.encode() + b"a,,,,,\n", 2, "6 cells; the header has 7"),
        (HEAD.encode() + b"a,,,,,,\n\nb,,,,,,\n", 3, "line is empty"),
        (HEAD.encode() + b'a,"open,,,,,\n', 2, "quotation marks"),
        (b"id,note,note,warm,size,count,parts,day\na,,,,,,,\n", 1, "more than once"),
        (b"id,note,colour,warm,size,count,parts,day\na,,,,,,,\n", 1, "unknown column"),
        (b"id,note,warm,size,count,parts\na,,,,,\n", 1, "missing; add it"),
    ],
)
def test_faults_of_form_are_collected_with_their_line(content, line, words):
    faults = [
        problem
        for problem in parse_raw(TABLE, "things.csv", content).problems
        if words in problem.message
    ]
    assert [problem.line for problem in faults] == [line]
    assert all(problem.file == "things.csv" for problem in faults)


def test_byte_order_mark_and_windows_line_ends_are_read_all_the_same():
    raw = parse_raw(
        TABLE, "things.csv", b"\xef\xbb\xbf" + (HEAD + "a,é,,,,,\n").replace("\n", "\r\n").encode()
    )
    assert all(problem.tolerable for problem in raw.problems)
    assert raw.frame["note"].tolist() == ["é"]
