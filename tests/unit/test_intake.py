"""A device list of one's own: read, mapped, converted, checked."""

from __future__ import annotations

import csv
import gzip
import io
import threading
import time
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legwise.answers.devices import FacetIndex
from legwise.answers.query import DeviceQuery
from legwise.answers.side_by_side import compare
from legwise.cli import main
from legwise.explore.relations import load_relation
from legwise.exports.spreadsheets import package_zip
from legwise.intake import limits, prepared, reading
from legwise.intake.amounts import factor, read_amounts
from legwise.intake.devices import build
from legwise.intake.limits import IntakeError
from legwise.intake.mapping import Mapping, Target, read_mapping
from legwise.intake.opening import content_digest
from legwise.intake.prepared import prepare
from legwise.intake.proposals import known_names, propose
from legwise.intake.reading import read_content
from legwise.intake.sheet import as_texts, without_variants
from legwise.intake.spellings import folded
from legwise.intake.vocabulary import words_of
from legwise.rules.cautions import NOT_SEARCHED_MARK, NOTHING_RECORDED_MARK, caution_mark
from legwise.rules.shortlist import Wish, rank_device_types
from legwise.rules.verdicts import plain_sentence, verdicts
from legwise.tables.catalogue import load_catalogue
from legwise.tables.keys import Keys
from legwise.tables.stated import stated_cells
from legwise.tables.subjects import UNKNOWN_TYPE
from legwise.tables.writing import files_version
from legwise.text.cells import format_device_cell
from tests.sheets import rows_of

SHOP = """Unsere Liste

Marke;Modell;Gerätetyp;Preis;Gewicht (lb);Wärme;Techniken;Farbe;Fernbedienung;Akkulaufzeit
Bü;FM 1;compression boots;1.299,50 €;2,4;ja;kneading, vibration;rot;x;2 h
Bü;FM 2;Stiefel;30 $;1 kg;nein;Rolling;blau;;90 min
Acme;;boots;12,00;;vielleicht;;rot;;abc
zu;kurz
"""


def packed(content):
    # Without the time, which would be part of the name of a test.
    return gzip.compress(content, mtime=0)


def opened(content, base, saved=None):
    if isinstance(content, str):
        content = content.encode()
    sheet = read_content(content, known_names(base).keys())
    return build(sheet, propose(sheet, base, saved), base, "list.csv", "0" * 12)


def written():
    """Wait until lists are kept for the next start."""
    for thread in threading.enumerate():
        if thread.name == prepared.WRITER:
            thread.join(30)


def read_back(made, folder):
    """Write a catalogue as a package, and read that as strictly as any."""
    with zipfile.ZipFile(io.BytesIO(package_zip(made))) as archive:
        archive.extractall(folder)
    return load_catalogue(folder)


@pytest.fixture(scope="module")
def shop(catalogue):
    return opened(SHOP, catalogue)


def numbers(texts, comma=False):
    import pyarrow as pa

    return read_amounts(pa.array(texts), comma)


def test_a_list_in_german_is_read_as_it_means(shop):
    frame = shop.tables["devices"]
    assert frame["device_id"].tolist() == ["bu-fm-1", "bu-fm-2", "acme"]
    assert frame["weight_kg"].tolist()[:2] == [pytest.approx(2.4 * 0.45359237, rel=1e-3), 1.0]
    assert frame["heat"].tolist()[:2] == [True, False]
    assert frame["remote_control"].tolist()[0] is True
    assert frame["battery_hours"].tolist()[:2] == [2.0, 1.5]
    assert frame["techniques"].tolist() == [("kneading", "vibration"), ("rolling",), ()]
    assert frame["list_farbe"].tolist() == ["rot", "blau", "rot"]


def test_a_price_keeps_its_currency_and_is_not_converted(shop):
    frame, table = shop.tables["devices"], shop.package["devices"]
    assert frame["price_usd"].dropna().tolist() == [30.0]
    assert frame["list_price_eur"].dropna().tolist() == [1299.5]
    assert frame["list_price"].dropna().tolist() == [12.0]
    assert table["list_price_eur"].unit == "EUR"
    assert not table["list_price"].unit


def test_the_report_names_row_column_value_and_what_is_allowed(shop):
    faults = {
        (row, column, value): (kind, may)
        for _, kind, row, column, value, may in shop.report.frame().itertuples()
    }
    assert faults[6, "Wärme", "vielleicht"] == ("neither yes nor no", "yes or no")
    assert faults[6, "Akkulaufzeit", "abc"][0] == "not a number"
    assert faults[5, "Gerätetyp", "Stiefel"][0] == "unknown word"
    assert faults[7, "", "zu;kurz"][0] == "row of another length"
    assert shop.report.total == shop.report.kinds()["cells"].sum() == 4
    assert shop.report.rows_lost == 1
    assert len(shop.tables["devices"]) == shop.report.rows == 3


def test_words_of_other_languages_are_ours_and_an_unknown_one_is_told(catalogue, tmp_path):
    list_ = opened(
        "Marke;Modell;Typ;Körperbereiche;Techniken;Stromversorgung;Fernbedienung;"
        "Art der Fernbedienung\n"
        "Zork;A;Fußmassagegerät;Füße und Waden;Shiatsu + Luftdruck;Netzbetrieb;ja;"
        "Kabelfernbedienung\n"
        "Zork;B;Pistolet de massage;cuisse, MOLLETS;percussion;batterie rechargeable;oui;sans fil\n"
        "Zork;C;Massagematte;Bein;;Solar;nein;\n",
        catalogue,
    )
    frame = list_.tables["devices"]
    names = ["device_type", "body_areas", "techniques", "power", "remote_kind"]
    assert frame[names].head(2).to_numpy().tolist() == [
        [
            "electric_foot_massager",
            ("foot", "calf"),
            ("kneading", "air_compression"),
            "mains",
            "wired",
        ],
        ["percussion", ("thigh", "calf"), ("percussion",), "battery", "wireless"],
    ]
    told = {(fault.column, fault.value) for fault in list_.report.faults}
    assert told == {
        ("Typ", "Massagematte"),
        ("Körperbereiche", "Bein"),
        ("Stromversorgung", "Solar"),
    }
    # The package that is taken away knows the words, too.
    made = list_.catalogue(catalogue)
    again = read_back(made, tmp_path).package["devices"]
    assert again["body_areas"].spellings == catalogue.package["devices"]["body_areas"].spellings


def test_a_machine_is_never_taken_for_massage_by_hand(catalogue):
    """A "masseur" is a machine in French."""
    words = ("masseur", "masseur électrique", "masseur de pieds et mollets", "massage therapy")
    rows = "".join(f"Zork;{number};{word}\n" for number, word in enumerate(words))
    list_ = opened(f"Marque;Modèle;Type\n{rows}", catalogue)
    assert set(list_.tables["devices"]["device_type"]) == {UNKNOWN_TYPE}
    assert {fault.value for fault in list_.report.faults} == set(words)


def test_lists_are_taken_apart_at_the_and_of_each_language(catalogue):
    pairs = ("Fuß und Wade", "pied et mollet", "pies y pantorrilla", "piedi e polpacci")
    pairs += ("voet en kuit", "foot and calf")
    rows = "".join(f"Zork;{number};{pair}\n" for number, pair in enumerate(pairs))
    list_ = opened(f"brand;model;body areas\n{rows}", catalogue)
    assert set(list_.tables["devices"]["body_areas"]) == {("foot", "calf")}
    # A letter within a word is none.
    list_ = opened("brand;model;techniques\nZork;A;Vibration, E-stim\nZork;B;Rolling\n", catalogue)
    assert [fault.value for fault in list_.report.faults] == ["E-stim"]
    assert list_.tables["devices"]["techniques"].tolist() == [("vibration",), ("rolling",)]


def test_a_word_of_another_language_names_one_value(catalogue):
    for field in catalogue.package["devices"].fields:
        named = {}
        for value, *words in field.spellings:
            for word in words:
                assert named.setdefault(folded(word), value) == value, word
        assert not field.references or set(named.values()) <= set(
            catalogue.keys(field.references)
        ), field.name
        # A word of ours is not given another meaning.
        ours = words_of(replace(field, spellings=()), catalogue).known
        assert all(ours.get(word, value) == value for word, value in named.items())


def test_what_contradicts_another_cell_of_its_row_is_told_and_not_stated(catalogue, tmp_path):
    list_ = opened(
        "id;name;power;cordless\na;A;mains;yes\nb;B;mains;no\nc;C;battery;yes\n", catalogue
    )
    assert list_.tables["devices"]["cordless"].tolist() == [pd.NA, False, True]
    (fault,) = list_.report.faults
    assert fault.rows.tolist() == [2]
    assert (fault.kind, fault.column) == ("does not agree with “Power”", "Cordless")
    assert fault.allowed == "no or empty where “Power” is Mains"
    assert read_back(list_.catalogue(catalogue), tmp_path)["devices"].shape[0] == 3


def test_a_type_of_which_nothing_is_known_carries_no_evidence_and_says_so(shop, catalogue):
    made = shop.catalogue(catalogue)
    row = made.row("devices", "bu-fm-2")
    assert row["device_type"] == UNKNOWN_TYPE
    assert "nothing is known" in made.names("device_types")[UNKNOWN_TYPE]
    assert row["list_type_in_the_list"] == "Stiefel"
    assert any("because nothing is known" in note for note in shop.report.notes)


def test_a_type_can_be_mapped_and_the_mapping_used_again(catalogue):
    sheet = read_content(SHOP.encode(), known_names(catalogue).keys())
    mapping = propose(sheet, catalogue)
    mapping = Mapping(mapping.targets, (("Stiefel", "air_compression"),))
    again = read_mapping(mapping.to_json(), catalogue.package)
    assert {item.column: item.field for item in again.targets} == {
        item.column: item.field for item in mapping.targets
    }
    made = opened(SHOP, catalogue, again)
    assert made.tables["devices"]["device_type"].tolist() == ["air_compression"] * 3


def test_a_list_has_every_filter_of_its_columns(shop, catalogue):
    made = shop.catalogue(catalogue)
    index = FacetIndex(made)
    assert made.package["devices"]["list_farbe"].filter == "choice"
    assert index is not None


def test_our_own_table_comes_back_as_it_was(catalogue):
    content = (catalogue.package.directory / "devices.csv").read_bytes()
    made = opened(content, catalogue)
    assert not made.report.total, made.report.frame()
    pd.testing.assert_frame_equal(made.tables["devices"], catalogue.tables["devices"])


def test_a_cell_of_many_lines_may_lie_on_the_edge_of_a_block(monkeypatch):
    # Blocks so short that edges fall into cells, on quotation marks, and between rows.
    monkeypatch.setattr(reading, "BLOCK", 211)
    rows = [[f"M{row}", "line\n" * (row % 9) + f'say "{row}"', ", \n"] for row in range(300)]
    text = io.StringIO()
    csv.writer(text).writerows([["Model", "Note", "Last"], *rows])
    sheet = read_content(text.getvalue().encode())
    assert rows_of(sheet) == [[cell.strip() for cell in row] for row in rows]
    assert not sheet.bad_rows


@pytest.mark.parametrize("share", [0.51, 0.6, 0.7, 0.8, 0.9])
@pytest.mark.parametrize("tail", ["", "\n", "\r\n", "\n\n"])
def test_a_line_break_in_a_cell_is_never_taken_for_a_row(monkeypatch, share, tail):
    """A row that starts in the middle of a cell may have as many cells as any."""
    rows = [[f"first {number}\nsecond {number}", "Zork", "9"] for number in range(80)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [["Model", "Note", "Last"], *rows]
    )
    content = (text.getvalue().rstrip("\n") + tail).encode()
    # Two blocks: of more, pyarrow itself notices what is wrong.
    monkeypatch.setattr(reading, "BLOCK", int(len(content) * share))
    assert rows_of(read_content(content)) == rows


def test_a_letter_of_an_old_encoding_may_come_late():
    plain = b"Model;Colour\n" + b"Massager;blue\n" * 400_000
    sheet = read_content(plain + "Fußgerät;weiß\n".encode("cp1252"))
    assert [str(text) for text in sheet.columns["Model"].texts] == ["Massager", "Fußgerät"]
    assert sheet.notes[0].startswith("Read as CP1252")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators_are_told(encoding, separator):
    text = f"brand{separator}model\nBüro{separator}é1\nÅsa{separator}ß2\n"
    sheet = read_content(text.encode(encoding))
    assert sheet.columns["brand"].take(5) == ["Büro", "Åsa"]
    assert sheet.columns["model"].take(5) == ["é1", "ß2"]


def test_every_form_of_a_file_reads_the_same(tmp_path):
    frame = pd.DataFrame(
        {"brand": ["A", "B", None], "weight": [1.5, 2, 3], "heat": [True, None, False]}
    )
    frame["brand"] = frame["brand"].astype("str")
    csv = frame.to_csv(index=False).encode()
    parquet, xlsx = io.BytesIO(), io.BytesIO()
    frame.to_parquet(parquet)
    frame.to_excel(xlsx, index=False)
    for number in (1, 2):
        frame.to_parquet(tmp_path / f"{number}.parquet")
    sheets = [
        read_content(content) for content in (csv, packed(csv), parquet.getvalue(), xlsx.getvalue())
    ]
    for sheet in sheets:
        assert sheet.columns["brand"].take(5) == ["A", "B"]
        assert len(sheet) == 3
        assert [float(text) for text in sheet.columns["weight"].take(5)] == [1.5, 2, 3]
    assert len(reading.read_file(tmp_path)) == 6


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (["1,299", "2,5"], [1.299, 2.5]),
        (["1,299", "2.5"], [1299, 2.5]),
        (["1.299,50", "3,00"], [1299.5, 3]),
        (["1'299.50", "−3", "1e3", ".5"], [1299.5, -3, 1000, 0.5]),
        (["1 200", "abc", "1 2", ""], [1200, np.nan, np.nan, np.nan]),
        (["1,5", "1.5", "1,234"], [1.5, 1.5, np.nan]),
    ],
)
def test_numbers_are_read_by_their_column(texts, read):
    np.testing.assert_allclose(numbers(texts).numbers, read)


def test_units_convert_by_their_definition_only():
    assert factor("lb", "kg") == 0.45359237
    assert factor("oz", "kg") == 0.45359237 / 16
    assert factor("in", "cm") == 2.54
    assert factor("lb", "cm") is None
    assert factor("stone", "kg") is None


def test_an_unknown_unit_is_a_fault(catalogue):
    made = opened("brand,weight_kg\nA,3 stone\nB,2\n", catalogue)
    assert made.report.frame()["kind"].tolist() == ["unknown unit"]
    assert made.tables["devices"]["weight_kg"].dropna().tolist() == [2]


def test_ids_are_unique_and_nothing_is_dropped(catalogue):
    made = opened("sku,model\nA 1,x\nA 1,y\n,z\n,\n", catalogue)
    ids = made.tables["devices"]["device_id"].tolist()
    assert ids == ["a-1", "a-1-r3", "z"]
    assert "id there before" in made.report.frame()["kind"].tolist()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n\n ,,\n", "empty|no rows"),
        (b"a,b\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "picture"),
        (bytes(range(256)) * 20, "not text|separat|cells"),
        (packed(b"a,b\n1,2\n")[:-9], "cut off"),
        (b"PAR1" + bytes(50), "cannot be read"),
        (b"PK\x03\x04" + bytes(50), "unpacked"),
        (",".join(f"c{n}" for n in range(10_000)).encode() + b"\n1\n", "10,000 columns"),
    ],
)
def test_what_is_no_list_is_refused_in_words(content, word):
    with pytest.raises(IntakeError, match=word):
        read_content(content)


def test_bombs_stop_at_the_bound(monkeypatch):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(IntakeError, match="unpacks to more"):
        read_content(packed(bytes(5_000_000)))
    assert limits.MOST_UNPACKED < 2**30


def test_names_of_strangers_are_only_names(catalogue):
    heads = "a,a,'; DROP TABLE devices;--,<script>alert(1)</script>,,own_a"
    made = opened(f"{heads}\n1,2,=1+1,<b>x</b>,\0z,3\n4,5,6,7,8,9\n", catalogue)
    further = [name for name in made.package["devices"].by_name if name.startswith("list_")]
    assert len(set(further)) == 6
    assert all(name.replace("_", "").isalnum() for name in further)
    FacetIndex(made.catalogue(catalogue))


def test_a_mapping_that_does_not_fit_is_refused(catalogue):
    with pytest.raises(IntakeError, match="cannot be read"):
        read_mapping("[]", catalogue.package)
    twice = Mapping((Target("a", "brand"), Target("b", "brand")))
    with pytest.raises(IntakeError, match="cannot both"):
        read_mapping(twice.to_json(), catalogue.package)
    with pytest.raises(IntakeError, match="not a column of ours"):
        read_mapping(Mapping((Target("a", "colour"),)).to_json(), catalogue.package)


def test_a_column_in_which_nothing_is_stated_takes_no_memory(catalogue):
    devices = opened("brand,model\n" + "A,B\n" * 10_000, catalogue).tables["devices"]
    shipped = catalogue["devices"]
    empty = [
        field.name
        for field in catalogue.package["devices"].fields
        if not stated_cells(devices[field.name]).any()
    ]
    kinds = {shipped[name].dtype.kind for name in empty}
    assert kinds == {"O", "b", "f", "i"}
    for name in empty:
        column = devices[name].array
        parts = [getattr(column, part, None) for part in ("_data", "_mask", "_ndarray")]
        held = [part for part in parts if isinstance(part, np.ndarray)]
        if devices[name].dtype != "str":
            assert devices[name].dtype == shipped[name].dtype, name
            assert held, name
            assert all(part.strides == (0,) for part in held), name


def test_the_bytes_of_a_file_are_freed_before_its_columns_are_made(catalogue, monkeypatch):
    content = ("brand,model\n" + "Brand,Model\n" * 200_000).encode()
    size, held, seen = len(content), [content], []

    def noted(column):
        # Threads of Arrow may hold the bytes for a moment after they have split them.
        for _ in range(100):
            if tracemalloc.get_traced_memory()[0] < size / 2:
                break
            time.sleep(0.05)
        seen.append(tracemalloc.get_traced_memory()[0])
        return as_texts(column)

    monkeypatch.setattr(reading, "as_texts", noted)
    tracemalloc.start()
    try:
        # Copies, so that they are traced: the first stays, the second is only handed over.
        read_content(bytes(bytearray(held[0])))
    finally:
        tracemalloc.stop()
    assert max(seen) < size / 2


def test_a_long_list_is_read_beside_the_package_of_a_list(shop, catalogue, tmp_path):
    served = read_back(shop.catalogue(catalogue), tmp_path)
    row = "A,M{},percussion,device_list\n"
    text = "brand,model,device_type,source_kind\n" + "".join(map(row.format, range(60_000)))
    made = opened(text, served)
    kind = made.package["devices"]["source_kind"]
    assert set(made.tables["devices"]["source_kind"]) == {"device_list"}
    assert [item.value for item in kind.categories].count("device_list") == 1


def test_the_ids_of_a_long_table_are_noted_once_for_all_who_ask(catalogue, monkeypatch):
    text = "brand,model\n" + "".join(f"A,M{number}\n" for number in range(20_000))
    made = opened(text, catalogue).catalogue(catalogue)
    noted, all_there = [], Barrier(6)

    class Slow(Keys):
        def __init__(self, cells):
            noted.append(len(cells))
            time.sleep(0.1)
            super().__init__(cells)

    monkeypatch.setattr("legwise.tables.catalogue.Keys", Slow)
    key = made.keys_at("devices", np.array([7]))[0]

    def ask(_):
        all_there.wait()
        return made.row("devices", key)["model"]

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(6))) == {"M7"}
    assert noted == [20_000]


def test_a_list_is_kept_for_the_next_start_while_this_one_goes_on(catalogue, tmp_path, monkeypatch):
    held, write = Event(), prepared.write_prepared

    def slow(devices, path):
        held.wait(30)
        write(devices, path)

    monkeypatch.setenv("LEGWISE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(prepared, "write_prepared", slow)
    path = tmp_path / "list.csv"
    path.write_text(SHOP, encoding="utf-8")
    assert len(prepare(path, catalogue).tables["devices"]) == 3
    assert not list(tmp_path.rglob("*.parquet"))
    held.set()
    written()
    assert len(list(tmp_path.rglob("*.parquet"))) == 2


def test_a_list_that_cannot_be_kept_is_read_all_the_same(catalogue, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("a file where a folder should be")
    monkeypatch.setenv("LEGWISE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "list.csv"
    path.write_text(SHOP, encoding="utf-8")
    assert len(prepare(path, catalogue).tables["devices"]) == 3
    written()


def test_a_prepared_list_that_was_cut_off_is_made_again(catalogue, tmp_path, monkeypatch):
    monkeypatch.setenv("LEGWISE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "list.csv"
    path.write_text(SHOP, encoding="utf-8")
    first = prepare(path, catalogue)
    for ending in ("[0-9a-f].parquet", ".report.parquet"):
        written()
        (kept,) = (tmp_path / "cache").rglob(f"*{ending}")
        kept.write_bytes(kept.read_bytes()[:-100])
        again = prepare(path, catalogue)
        pd.testing.assert_frame_equal(again.tables["devices"], first.tables["devices"])
    written()
    kept.unlink()
    again = prepare(path, catalogue)
    pd.testing.assert_frame_equal(again.report.frame(), first.report.frame())
    written()


def test_a_prepared_list_is_the_list(catalogue, tmp_path, monkeypatch):
    monkeypatch.setenv("LEGWISE_CACHE", str(tmp_path))
    path = tmp_path / "list.csv"
    path.write_text(SHOP, encoding="utf-8")
    first = prepare(path, catalogue)
    written()
    monkeypatch.setattr(prepared, "open_list", None)  # it is not read again
    second = prepare(path, catalogue)
    assert second.package == first.package
    for name, frame in first.tables.items():
        pd.testing.assert_frame_equal(second.tables[name], frame)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("compresion boots", "air_compression"),
        ("Deep tissue massage guns", "percussion"),
        ("Knee-high compression socks for women", "compression_stockings"),
        ("Foot massager with heat", "electric_foot_massager"),
        # The longer name counts, wherever its words stand.
        ("Air compression leg massager", "air_compression"),
        ("Leg massager with air compression", "air_compression"),
        ("Air leg massager", "air_compression"),
        ("Shiatsu foot massager with heat", "shiatsu_foot_calf"),
        ("Foot massager & calf massager", "foot_calf_massager"),
        # It may be either.
        ("Leg massager with heat", ""),
        ("Sequential compression leg massager", ""),
        ("leg compression massager", ""),
        ("Massage gun & foot massager", ""),
        ("Compression massage ball", ""),
        # A part, or for another part of the body.
        ("Massage chair cover", ""),
        ("Foot bath salts", ""),
        ("Shiatsu neck massager", ""),
        ("Scalp massager", ""),
        ("Eye massager with air compression", ""),
        ("Back massager with foot attachment", ""),
        ("Socks with arch support", ""),
        ("Accessories - massage gun", ""),
        # Other words, and not what is misspelt.
        ("Air compressors", ""),
        ("Handheld massage", ""),
        ("Food massager", ""),
        ("Bassage gun", ""),
        ("Non-electric foot massager", ""),
        (f"{'x' * 189} massage gun cover", ""),  # cut off, it would be one
        # Too little is said.
        ("Massager", ""),
        ("Chair", ""),
        ("Hiking boots", ""),
        ("EMS suit", ""),
        ("", ""),
    ],
)
def test_a_type_is_proposed_for_a_word_only_where_it_can_be_no_other(catalogue, text, kind):
    field = catalogue.package["devices"]["device_type"]
    assert words_of(replace(field, spellings=()), catalogue).like(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Boots", "air_compression"),
        ("Massage > Massage guns", "percussion"),
        ("Massage, Massage > Massage guns", "percussion"),
        ("Massage > Massagepistolen", "percussion"),
        # The categories above one are not what it is, and shoes have boots, too.
        ("Massage chairs, Massage chairs > Covers", ""),
        ("Shoes > Boots", ""),
        ("Musical instruments > Percussion", ""),
    ],
)
def test_of_a_path_the_last_step_is_the_type(catalogue, text, kind):
    assert words_of(catalogue.package["devices"]["device_type"], catalogue).value(text) == kind


def test_the_column_of_types_is_the_one_that_is_about_them(catalogue):
    text = "name,type,Categories\nA,simple,Leg massagers\nB,variable,Massage chair 4D\n"
    sheet = read_content(text.encode())
    assert propose(sheet, catalogue).column_of("device_type") == "Categories"


def test_types_of_a_mapping_are_told_if_the_file_has_their_words(catalogue):
    words = [f"thing {number}" for number in range(22)]
    sheet = read_content("".join(["model,type\n", *(f"M,{word}\n" for word in words)]).encode())
    kinds = dict.fromkeys([*words, "not there"], "percussion") | {"thing 0": ""}
    mapping = replace(propose(sheet, catalogue), types=tuple(kinds.items()))
    made = build(sheet, mapping, catalogue, "list.csv", "0" * 12)
    (told,) = [note for note in made.report.notes if "read as types" in note]
    assert "“thing 1” as Percussion massager" in told
    assert told.endswith("“thing 20” as Percussion massager, and 1 more.")
    assert "not there" not in told
    # No type was chosen for it.
    assert made.tables["devices"]["device_type"].astype("str").tolist()[0] == UNKNOWN_TYPE


def test_a_type_that_was_refused_is_not_proposed_again(catalogue):
    sheet = read_content(b"model,type\nM,Foot masager\n")
    first = propose(sheet, catalogue)
    assert first.types == (("Foot masager", "electric_foot_massager"),)
    refused = replace(first, types=(("Foot masager", ""),))
    assert propose(sheet, catalogue, refused).types == refused.types


def test_what_may_be_any_massager_has_no_type(catalogue):
    rows = ["Massager", "Foot masager", "Leg massager", "Foot and leg massagers"]
    made = opened("model;type\n" + "".join(f"M;{row}\n" for row in rows), catalogue)
    types = made.tables["devices"]["device_type"].astype("str").tolist()
    # Two types are called leg massagers.
    assert types == [UNKNOWN_TYPE, "electric_foot_massager", UNKNOWN_TYPE, "foot_calf_massager"]
    told = "\n".join(made.report.notes)
    assert "“type”: Words were read as types: “Foot masager” as Electric foot massager." in told
    assert "Rows of a type that is not listed here: 2." in told


def test_a_list_without_types_has_none(catalogue):
    """Any column of texts was once taken for the type."""
    list_ = opened("name;colour;room\nA;red;hall\nB;blue;attic\n", catalogue)
    assert set(list_.tables["devices"]["device_type"]) == {UNKNOWN_TYPE}
    assert {"list_colour", "list_room"} <= set(list_.tables["devices"])


def test_types_are_told_by_their_cells_and_by_paths_of_categories(catalogue):
    # The column that is called type says whether a product has variants (WooCommerce).
    rows = [
        "Type;Name;Section",
        "simple;A;Massage > Massage guns",
        "simple;B;Kompression > Kompressionsstrümpfe, Neu",
        "variable;C;Massage chairs > Covers",
    ]
    list_ = opened("\n".join(rows), catalogue)
    assert list_.origins["device_type"] == "Section"
    assert list_.tables["devices"]["device_type"].tolist() == [
        "percussion",
        "compression_stockings",
        # A cover of a massage chair is none.
        UNKNOWN_TYPE,
    ]
    # Where no column has words of ours, those of the type can be mapped.
    list_ = opened("Type;Name\nZork;A\nZonk;B\n", catalogue)
    assert {fault.value for fault in list_.report.faults} == {"Zork", "Zonk"}


def test_variants_of_a_product_are_one_product(catalogue):
    """Shopify lists sizes, colours and pictures below their product, under its handle alone."""
    rows = [
        "Handle,Title,Body (HTML),Vendor,Type,Option1 Value,Variant Price,Image Src",
        'spa,Foot spa,"<p>Warm &amp; <b>deep</b>,<br>&lt; 5 feet</p>",Zork,Foot spa,Blue,49.99,1',
        "spa,,,,,Green,59.99,2",
        "gun,Gun <b>,Below < 5 cm,Zork,Massage gun,,,3",
        "spa,,,,,,,4",
        "gun,,<br>,,,,,5",
        "gun,,,,,,229.00,6",
        "gun,,,,,,239.00,7",
        ",,,,,Red,12.00,5",
    ]
    list_ = opened("\n".join(rows), catalogue)
    frame = list_.tables["devices"]
    assert frame["device_id"].tolist()[:2] == ["spa", "gun"]
    assert frame["model"].tolist() == ["Foot spa", "Gun <b>", "Row 9"]
    assert frame["notes"].tolist()[:2] == ["Warm & deep, < 5 feet", "Below < 5 cm"]
    assert frame["device_type"].tolist()[:2] == ["foot_bath", "percussion"]
    # What the first row does not state, the next that does says.
    assert frame["list_price"].tolist()[:2] == [49.99, 229.0]
    assert "repeat the id of a product: 5" in " ".join(list_.report.notes)
    # What has no name of its own and no id of another is a row as ever, and told.
    assert [(fault.kind, fault.rows.tolist()) for fault in list_.report.faults] == [
        ("no name", [9])
    ]


@given(
    ids=st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=12),
    named=st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_a_variant_repeats_the_id_of_a_named_row(ids, named):
    rows = [(key, f"M{row}" if named[row] else "", str(row)) for row, key in enumerate(ids)]
    text = "\n".join(";".join(row) for row in [("id", "model", "number"), *rows])
    sheet = without_variants(read_content(text.encode()), "id", ["model"])
    products = {key for key, name, _ in rows if name and key}
    left = [number for key, name, number in rows if name or key not in products]
    assert [number for *_, number in rows_of(sheet)] == left
    assert sheet.rows.tolist() == [int(number) + 2 for number in left]


def test_article_numbers_are_no_amounts(catalogue):
    rows = "".join(f"M{row};WX-{row};EUR {row};{row} speeds\n" for row in range(1, 4))
    frame = opened(f"name;code;worth;steps\n{rows}", catalogue).tables["devices"]
    assert frame["list_code"].tolist() == ["WX-1", "WX-2", "WX-3"]
    assert frame["list_worth"].tolist() == [1, 2, 3]
    assert frame["list_steps"].tolist() == [1, 2, 3]


def test_attributes_in_pairs_of_columns_have_a_column_each(catalogue):
    """WooCommerce exports a name and a value for each attribute."""
    rows = [
        "ID,SKU,Name,Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 2 name,"
        "Attribute 2 value(s)",
        "1,a1,A,Heat,yes,1,Power,mains",
        "2,b2,B,power,battery,1,Heat,no",
        "3,c3,C,Colour,blue,0,,",
    ]
    list_ = opened("\n".join(rows), catalogue)
    frame = list_.tables["devices"]
    assert frame["heat"].tolist() == [True, False, pd.NA]
    assert frame["power"].tolist()[:2] == ["mains", "battery"]
    assert frame["list_colour"].tolist()[2] == "blue"
    assert not [name for name in frame if "attribute" in name]
    assert not list_.report.faults


@pytest.mark.parametrize(
    "rows",
    [
        "A,Size,9,Size,10\n",  # the same attribute twice
        "A,,red,Heat,yes\n",  # a value without a name
    ],
)
def test_attributes_that_would_lose_a_cell_stay_as_they_are(rows):
    head = "Name,Attribute 1 name,Attribute 1 value,Attribute 2 name,Attribute 2 value"
    sheet = read_content(f"{head}\n{rows}".encode())
    assert list(sheet.columns) == head.split(",")


def test_only_whole_pairs_become_attributes():
    head = "Name,Attribute 1 name,Attribute 1 value,Attribute 2 value,Attribute 12"
    sheet = read_content(f"{head}\nA,Size,9,red,x\n".encode())
    assert list(sheet.columns) == ["Name", "Attribute 2 value", "Attribute 12", "Size"]


def test_one_odd_word_leaves_a_column_of_numbers_one(catalogue):
    rows = "".join(f"M{row};{row}\n" for row in range(60))
    list_ = opened(f"name;worth\n{rows}M;TBD\n", catalogue)
    assert list_.package["devices"]["list_worth"].is_numeric


def test_what_is_nothing_but_tags_is_not_stated(catalogue):
    rows = "a;<p></p>\n<br>;<style>p {}</style><p>Dee<b>p</b></p>\n"
    frame = opened(f"name;description\n{rows}", catalogue).tables["devices"]
    assert frame["model"].tolist() == ["a", "Row 3"]
    assert frame["notes"].isna().tolist() == [True, False]
    assert frame["notes"].tolist()[1] == "Deep"


def test_too_many_attributes_are_columns_as_they_stand():
    rows = "".join(f"M{row},N{row},V{row}\n" for row in range(100))
    sheet = read_content(f"Name,Attribute 1 name,Attribute 1 value\n{rows}".encode())
    assert list(sheet.columns) == ["Name", "Attribute 1 name", "Attribute 1 value"]


def test_a_list_that_changes_leaves_no_copies_behind(catalogue, tmp_path, monkeypatch):
    monkeypatch.setenv("LEGWISE_CACHE", str(tmp_path / "cache"))
    names = ["one/list.csv", "other/list.csv"]
    for name in names:
        (tmp_path / name).parent.mkdir()
    for night in range(3):
        for name in names:
            content = f"{SHOP}\nlast;{night}".encode()
            (tmp_path / name).write_bytes(content)
            # What the file held the night before is kept, and is not what it holds.
            assert prepare(tmp_path / name, catalogue).report.digest == content_digest(content)
            written()
    kept = [*(tmp_path / "cache").rglob("*.parquet")]
    assert len(kept) == 2 * len(names)  # each with its report
    monkeypatch.setattr(prepared, "open_list", None)
    for name in names:
        assert prepare(tmp_path / name, catalogue).report.name == "list.csv"


def test_the_command_line_checks_a_list(tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text(SHOP, encoding="utf-8")
    assert main(["check", str(path), "--save-mapping", str(tmp_path / "m.json")]) == 1
    text = capsys.readouterr().out
    assert "Marke -> Brand" in text
    assert "'vielleicht'" in text
    assert main(["check", str(path), "--mapping", str(tmp_path / "m.json")]) == 1


def test_a_list_is_written_as_a_package_and_read_back(shop, catalogue, tmp_path):
    made = shop.catalogue(catalogue)
    again = read_back(made, tmp_path)
    pd.testing.assert_frame_equal(again["devices"], made["devices"], check_dtype=False)
    fields = made.package["devices"].fields
    assert again.package["devices"].fields == fields
    assert files_version(made) == again.version


def test_of_a_type_that_is_not_listed_nothing_is_claimed_searched_or_ranked(shop, catalogue):
    made = shop.catalogue(catalogue)
    of_type = [item for item in verdicts(made).values() if item.subject == UNKNOWN_TYPE]
    assert {item.words for item in of_type} == {"not searched, nothing is known"}
    assert "was not searched for" in plain_sentence(of_type[0], "It", "Pain")
    joined = load_relation(made, "devices_by_symptom").frame
    assert set(joined[joined["device_type"] == UNKNOWN_TYPE]["state"]) == {"unsearched"}
    ranked = [item.device_type for item in rank_device_types(made, Wish(("swelling",)))]
    assert UNKNOWN_TYPE not in ranked
    assert len(ranked) == len(catalogue["device_types"])
    index = FacetIndex(made)
    last = index.ask(DeviceQuery(conditions=("diabetes",))).rows[-1]
    assert made["devices"]["device_type"][last] == UNKNOWN_TYPE
    assert caution_mark(made, "bu-fm-2", ["diabetes"]) == NOT_SEARCHED_MARK
    cells = compare(made, [("device", "bu-fm-2")], ["diabetes"]).frame()
    assert NOT_SEARCHED_MARK in str(cells.to_dict())
    assert NOTHING_RECORDED_MARK not in str(cells.to_dict())


def test_a_price_without_a_date_is_not_said_to_lack_one(shop, catalogue):
    made = shop.catalogue(catalogue)
    price = made.package["devices"].price
    assert format_device_cell(price, made.row("devices", "bu-fm-1")) == "1,299.50 EUR"


@pytest.mark.slow
def test_a_long_column_of_texts_that_differ_is_read_as_a_short_one(catalogue):
    size = 60_000
    lines = [
        f"m{number},{' https://x.org/' if number % 2 else ''}{number}" for number in range(size)
    ]
    lines[7], lines[9] = "m7, n/a", "m9,"
    sheet = read_content("\n".join(["model,page", *lines]).encode())
    pages = sheet.columns["page"]
    assert len(pages.texts) == size - 2
    assert pages.codes[[7, 9]].tolist() == [-1, -1]
    assert str(pages.texts[int(pages.codes[11])]) == "https://x.org/11"
    assert sheet.columns["model"].take(2) == ["m0", "m1"]
    made = build(sheet, propose(sheet, catalogue), catalogue, "x", "0")
    assert made.tables["devices"]["model"].iloc[[0, 7, size - 1]].tolist() == [
        "m0",
        "m7",
        f"m{size - 1}",
    ]


@pytest.mark.parametrize("header", ["SKU", "Farbton"])
def test_a_list_that_is_worked_on_in_pieces_is_read_as_at_once(catalogue, monkeypatch, header):
    lines = [f"{header};Marke;Modell;Link", "Ä 1;Bü;FM;https://x.org/1", ";Bü;FM;none", ";;;"]
    lines += [f"b-{number};A;é {number};https://x.org/{number}" for number in range(4)]
    text = "\n".join(lines)
    whole = opened(text, catalogue)
    monkeypatch.setattr("legwise.intake.sheet.PIECE", 2)
    pieces = opened(text, catalogue)
    pd.testing.assert_frame_equal(pieces.tables["devices"], whole.tables["devices"])
    pd.testing.assert_frame_equal(pieces.report.frame(), whole.report.frame())
    ids = whole.tables["devices"]["device_id"].tolist()
    assert ids[:2] == (["a-1", "bu-fm"] if header == "SKU" else ["bu-fm", "bu-fm-r3"])


def test_a_column_that_only_starts_with_texts_that_differ_keeps_few():
    cells = [*map(str, range(200)), *["same"] * 60_000]
    column = read_content("\n".join(["a", *cells]).encode()).columns["a"]
    assert len(column.texts) == 201
    assert str(column.texts[int(column.codes[-1])]) == "same"


def test_a_file_of_several_packed_parts_is_read_whole():
    sheet = read_content(packed(b"a,b\n1,2\n") + packed(b"3,4\n"))
    assert sheet.columns["b"].take(3) == ["2", "4"]
