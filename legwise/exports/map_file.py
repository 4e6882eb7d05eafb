"""The evidence map as one HTML file that needs no server and no network.

Its script filters the findings and judges the cells by the rule of
:mod:`legwise.rules.verdicts`, in the words of :mod:`legwise.rules.wording`, which the file holds as
JSON. A test asks script and rule for the same answers.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from legwise.answers.absolute_numbers import numbers_of
from legwise.charts.evidence import (
    BOXES,
    EXAMPLE,
    MARKS,
    STEPS,
    Row,
    map_groups,
    map_rows,
    reading,
    search_note,
)
from legwise.charts.theme import PALETTES, Palette
from legwise.exports.spreadsheets import about
from legwise.rules import wording
from legwise.rules.findings import (
    LEVELS,
    SEVERAL,
    SWITCHES,
    EvidenceFilter,
    finding_facts,
    select_findings,
)
from legwise.rules.shortlist import NOT_STUDIED, ORDER, RANKS
from legwise.rules.verdicts import findings_of, verdicts
from legwise.tables.catalogue import Catalogue, Record
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from legwise.tables.subjects import UNKNOWN_TYPE
from legwise.text.markup import templates

_TEMPLATES = templates(Path(__file__).parent)
STYLE, SCRIPT = "map_file.css.j2", "map_file.js"


def map_file(
    catalogue: Catalogue, wanted: EvidenceFilter | None = None, *, link: str = "", today: str
) -> str:
    """Return the evidence map as an HTML page; it opens with the findings that are ``wanted``.

    ``link`` leads back to the app, if it is known; ``today`` is the day that the file names.
    """
    wanted = wanted or EvidenceFilter()
    selection = select_findings(catalogue, wanted)
    cells = verdicts(catalogue, selection.kept, claims=wanted.claims)
    rows = map_rows(catalogue)
    symptoms = catalogue.names("symptoms")
    # Of one cell, the findings are in the order of the app.
    findings = findings_of(catalogue, catalogue.keys("evidence"))
    table = catalogue.package["evidence"]

    style: dict[str, Any] = {
        "colours": {name: _colours(palette) for name, palette in PALETTES.items()},
        "steps": STEPS,
    }
    notes = about(catalogue, "Evidence map, as one file", link, today)
    return _TEMPLATES.get_template("map_file.html.j2").render(
        **style,
        title="Evidence map of leg massage devices and methods",
        policy=_policy(
            script=_TEMPLATES.get_template(SCRIPT).render(),
            style=_TEMPLATES.get_template(STYLE).render(**style),
        ),
        about=notes,
        told=("What this is", "Made on", "Data", "Data version (hash)", "Care"),
        wanted=wanted,
        switches=SWITCHES,
        levels=LEVELS,
        several={name: table[column] for name, column in SEVERAL.items()},
        symptoms=symptoms,
        groups=map_groups(catalogue, rows, cells),
        reading=reading(),
        boxes=BOXES,
        example=EXAMPLE,
        level_title=table["level"].title,
        level_rule=table["level"].description,
        search_note=search_note(catalogue),
        order=ORDER,
        glossary=catalogue.records("glossary"),
        findings=[_shown(catalogue, row) for row in findings],
        data=_data(catalogue, rows, findings),
    )


def _policy(*, script: str, style: str) -> str:
    """Return a content security policy: nothing is loaded, and only our script and style run."""

    def its_hash(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    rules = ["default-src 'none'", f"script-src {its_hash(script)}", f"style-src {its_hash(style)}"]
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _colours(palette: Palette) -> dict[str, str]:
    """Return name of a variable of the style sheet → colour."""
    dark = palette is PALETTES["dark"]
    return {
        "page": palette.page,
        "text": palette.text,
        "edge": "#55646f" if dark else "#8b98a3",
        "quiet": "#b9c4ce" if dark else "#4a5763",
        "link": palette.states[0],
        **palette.variables,
    }


def _shown(catalogue: Catalogue, row: Record) -> dict[str, Any]:
    """Return what is written of a finding."""
    table, symptoms = catalogue.package["evidence"], catalogue.names("symptoms")
    key = row[table.key]
    about = catalogue.subject_label(row["subject_kind"], row["subject"])
    return {
        "id": key,
        "about": f"{about}, {symptoms[row['symptom']]}",
        "direction": table["direction"].labels[row["direction"]],
        "text": row["finding"],
        "facts": " · ".join(finding_facts(catalogue, row)),
        "numbers": numbers_of(catalogue, [key]).get(key, []),
        "source": catalogue.sources([row["source_id"]])[0],
    }


def _data(
    catalogue: Catalogue, rows: list[Row], findings: tuple[Record, ...]
) -> Mapping[str, object]:
    """Return what the script works on: rows, columns, findings as ids and numbers, and words."""
    cells = verdicts(catalogue)
    symptoms = catalogue.names("symptoms")

    def number(value: Any) -> int | None:
        return int(value) if is_stated(value) else None

    return {
        "subjects": [
            {
                "kind": kind,
                "id": subject,
                "name": label,
                "within": within_sentence(label),
                "sorted": label.casefold(),
                "unsearched": subject == UNKNOWN_TYPE,
            }
            for _, label, kind, subject in rows
        ],
        "symptoms": [{"id": symptom, "name": name} for symptom, name in symptoms.items()],
        "claimed": {
            f"{subject}/{symptom}": cell.claimed
            for (_, subject, symptom), cell in cells.items()
            if cell.claimed
        },
        "findings": [
            {
                "id": row["evidence_id"],
                "kind": row["subject_kind"],
                "subject": row["subject"],
                "symptom": row["symptom"],
                "source": row["source_id"],
                "level": number(row["level"]),
                "year": catalogue.sources([row["source_id"]])[0].year,
                "participants": number(row["participants"]) or 0,
                **{column: row[column] for column in SEVERAL.values()},
            }
            for row in findings
        ],
        "words": {
            "counts": wording.COUNTS,
            "tiers": wording.TIER_WORDS,
            "glyphs": wording.GLYPHS,
            "says": wording.SAYS,
            "states": wording.STATE_WORDS,
            "in_general": wording.IN_GENERAL,
            "lines": wording.LINES,
            "sentences": wording.SENTENCES,
            "marks": MARKS,
            "ranks": RANKS,
            "not_studied": NOT_STUDIED,
            "directions": list(catalogue.package["evidence"]["direction"].labels),
            "studied": "{studied} of {total} studied",
            "kept": "{kept} of {total} findings count",
            "findings": "Findings and sources",
        },
    }
