"""Which findings count: filters on the evidence map, with a list of what they drop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from legwise.facets.codes import encode_column
from legwise.facets.filters import Choice, Filter, Span
from legwise.rules.wording import count
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from legwise.text.cells import format_cell
from legwise.text.shown import Shown, numbers_and_dates

#: Levels to ask for, as words.
LEVELS = {
    4: "All",
    3: "Controlled studies and better",
    2: "Randomised trials and reviews",
    1: "Systematic reviews",
}
#: Switch → the question beside it; the others have the titles of their columns.
SWITCHES = {
    "max_level": "Minimum study quality",
    "year_from": "Published from",
    "direct": "Only studies on the type itself",
    "claims": "Show claims",
}
#: Switch that takes several values → the column it asks for.
SEVERAL = {"populations": "population_group", "designs": "design", "directions": "direction"}


@dataclass(frozen=True)
class EvidenceFilter:
    """Which findings to keep; empty means all.

    ``max_level`` 4 keeps every level and rows without one. ``direct`` keeps only findings on device
    types, not those on techniques and features. ``claims`` is whether claims are shown.
    """

    max_level: int = 4
    direct: bool = False
    populations: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    year_from: int | None = None
    claims: bool = True

    @property
    def filters(self) -> dict[str, Filter]:
        """Column of the findings, or of their sources → its filter."""
        filters: dict[str, Filter] = {
            "level": Span(high=self.max_level if self.max_level < 4 else None),
            "subject_kind": Choice(("device_type",) if self.direct else ()),
            "population_group": Choice(self.populations),
            "design": Choice(self.designs),
            "direction": Choice(self.directions),
            "year": Span(low=self.year_from),
        }
        return {name: item for name, item in filters.items() if not item.empty}


@dataclass(frozen=True)
class Selection:
    """The findings kept, and the findings dropped, each with the columns it failed."""

    kept: tuple[Record, ...]
    dropped: tuple[tuple[Record, tuple[str, ...]], ...]


def select_findings(catalogue: Catalogue, wanted: EvidenceFilter) -> Selection:
    """Split the evidence table by the filter; without a year, a finding fails ``year_from``."""
    findings, sources = catalogue.package["evidence"], catalogue.package["sources"]
    years = catalogue["sources"].set_index(sources.key)["year"]
    frame = catalogue["evidence"].assign(year=lambda rows: rows["source_id"].map(years))
    fails = {}
    for name, item in wanted.filters.items():
        field = (findings if name in findings.by_name else sources)[name]
        # Columns without a facet are filtered, too, so encode them as if they had one.
        column = encode_column(frame[name], replace(field, filter=field.filter or "choice"))
        fails[field.noun] = ~column.rows_that_match(item)
    kept, dropped = [], []
    for position, row in enumerate(catalogue.records("evidence")):
        reasons = tuple(noun for noun, failed in fails.items() if failed[position])
        if reasons:
            dropped.append((row, reasons))
        else:
            kept.append(row)
    return Selection(tuple(kept), tuple(dropped))


def on_cell(findings: Iterable[Record], subject: str, symptom: str) -> list[Record]:
    """Return the findings on a subject and a symptom; an empty one stands for all."""
    return [
        row
        for row in findings
        if subject in ("", row["subject"]) and symptom in ("", row["symptom"])
    ]


def design_and_level(catalogue: Catalogue, finding: Record) -> str:
    """Say design and level: "Systematic review (randomised trials only), OCEBM level 1"."""
    table = catalogue.package["evidence"]
    review, level = table["review_of"], table["level"]
    took_in = (
        f" ({within_sentence(review.labels[finding['review_of']])})"
        if is_stated(finding["review_of"])
        else ""
    )
    rank = f"{level.noun} {finding['level']}" if is_stated(finding["level"]) else f"no {level.noun}"
    return f"{table['design'].labels[finding['design']]}{took_in}, {rank}"


def finding_facts(catalogue: Catalogue, finding: Record) -> list[str]:
    """Say how a finding was made: design and level, people, studies, population, kind, dose."""
    table = catalogue.package["evidence"]
    facts = [
        design_and_level(catalogue, finding),
        count(finding["participants"], "person") if is_stated(finding["participants"]) else "",
        count(finding["included_studies"], "study")
        if is_stated(finding["included_studies"])
        else "",
        str(finding["population"]),
        table["population_group"].labels[finding["population_group"]],
        str(finding["dose"]) if is_stated(finding["dose"]) else "",
        # A package may be older than the column.
        f"{table['certainty'].title}: “{finding['certainty']}”"
        if is_stated(finding.get("certainty"))
        else "",
    ]
    return [fact for fact in facts if fact]


def finding_table(catalogue: Catalogue, findings: tuple[Record, ...]) -> Shown:
    """Return the table of findings for people, one row each, with citation and link."""
    table = catalogue.package["evidence"]
    shown = [
        field
        for field in table.fields
        if field.name not in (table.key, "subject_kind", "subject", "source_id")
    ]
    rows = []
    for row in findings:
        source = catalogue.sources([row["source_id"]])[0]
        cells = {field.heading: format_cell(field, row[field.name], unit=False) for field in shown}
        about = catalogue.subject_label(row["subject_kind"], row["subject"])
        rows.append(
            {
                table["subject"].title: about,
                **cells,
                "Citation": source.citation,
                "Link": source.link,
            }
        )
    frame = pd.DataFrame(
        rows,
        columns=[table["subject"].title, *(field.heading for field in shown), "Citation", "Link"],
    )
    return Shown(frame, numbers_and_dates(shown, findings))


def dropped_frame(catalogue: Catalogue, selection: Selection) -> pd.DataFrame:
    """Return the table of what the filter dropped and why."""
    names = catalogue.names("symptoms")
    rows = [
        {
            "Subject": catalogue.subject_label(row["subject_kind"], row["subject"]),
            "Symptom": names[row["symptom"]],
            "Finding": row["finding"],
            "Dropped for": ", ".join(reasons),
        }
        for row, reasons in selection.dropped
    ]
    return pd.DataFrame(rows, columns=["Subject", "Symptom", "Finding", "Dropped for"])
