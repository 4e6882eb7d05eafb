"""Feeds the reading of lists and mappings with bytes that atheris changes until new code runs.

Whatever is neither a working table nor an :class:`IntakeError` is a finding; the bytes that made it
are written into the folder that is named. ``make fuzz SECONDS=60`` runs both targets.
"""

from __future__ import annotations

import argparse
import gzip
import io
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["legwise.intake"]):
    from legwise.intake.devices import build
    from legwise.intake.limits import IntakeError
    from legwise.intake.mapping import read_mapping
    from legwise.intake.proposals import known_names, propose
    from legwise.intake.reading import read_content
    from legwise.intake.spellings import NO, YES
    from legwise.intake.template import template_csv

import pandas as pd

from tests.packages import small

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CATALOGUE = small()
KNOWN = known_names(CATALOGUE)
#: Longest bytes that are made: a short file reaches all code that a long one reaches.
LONGEST = 4_096
#: Seconds after which one file counts as a finding, and MB of memory.
MOST_SECONDS, MOST_MEMORY = 20, 3_000


def device_list(content: bytes) -> None:
    """Read, map, convert and check a file."""
    with suppress(IntakeError):
        sheet = read_content(content, KNOWN.keys())
        made = build(sheet, propose(sheet, CATALOGUE), CATALOGUE, "x", "0")
        assert len(made.tables["devices"]) == made.report.rows == len(sheet)
        assert made.report.total == len(made.report.frame())


def mapping(content: bytes) -> None:
    """Read a saved mapping, and write it again."""
    with suppress(IntakeError):
        read = read_mapping(content, CATALOGUE.package)
        assert read_mapping(read.to_json(), CATALOGUE.package).to_json() == read.to_json()


def list_seeds() -> list[bytes]:
    """Return files of every format to start from."""
    files = [*FIXTURES.glob("spectrum/*.csv"), *FIXTURES.glob("frictionless/*.*")]
    seeds = [content for path in files if len(content := path.read_bytes()) <= LONGEST]
    template = template_csv(CATALOGUE)
    frame = pd.read_csv(io.BytesIO(template), nrows=2).iloc[:, :6]
    parquet, workbook = io.BytesIO(), io.BytesIO()
    frame.to_parquet(parquet)
    frame.to_excel(workbook, index=False)
    shop = "Marke;Modell;Gerätetyp;Preis;Gewicht (lb);Wärme;Zahl\nA;B;boots;1.299,50 €;2,4;ja;3\n"
    return [
        *seeds,
        template[:LONGEST],
        gzip.compress(template),
        parquet.getvalue(),
        workbook.getvalue(),
        shop.encode(),
        shop.encode("utf-16"),
        shop.encode("cp1252"),
    ]


def mapping_seeds() -> list[bytes]:
    """Return the mapping of every list there is to start from."""
    seeds = []
    for content in list_seeds():
        with suppress(IntakeError):
            sheet = read_content(content, KNOWN.keys())
            seeds.append(propose(sheet, CATALOGUE).to_json().encode())
    return seeds


TARGETS = {"list": (device_list, list_seeds), "mapping": (mapping, mapping_seeds)}


def main() -> None:
    """Fuzz one target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--findings", type=Path, default=Path("test-results/fuzz"))
    options = parser.parse_args()
    target, seeds = TARGETS[options.target]
    options.findings.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        corpus, words = Path(name) / "corpus", Path(name) / "words"
        corpus.mkdir()
        for number, content in enumerate(seeds()):
            (corpus / f"seed{number}").write_bytes(content)
        # What it can put in besides single bytes: libFuzzer reads escaped bytes between quotes.
        texts = [*KNOWN, *YES, *NO, ";", "\t", '""', "\r\n", "2.4 lb", "€ 5", "1.299,50", "1e999"]
        lines = ["".join(f"\\x{byte:02x}" for byte in text.encode()) for text in texts if text]
        words.write_text("\n".join(f'"{line}"' for line in lines), encoding="ascii")
        atheris.Setup(
            [
                sys.argv[0],
                str(corpus),
                f"-dict={words}",
                f"-max_total_time={options.seconds}",
                f"-max_len={LONGEST * 2}",
                f"-timeout={MOST_SECONDS}",
                f"-rss_limit_mb={MOST_MEMORY}",
                f"-artifact_prefix={options.findings}/{options.target}-",
            ],
            target,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
