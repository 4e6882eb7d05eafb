"""Views as commands: each makes a link, and prints what its page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from legwise.answers.comparison import NOTHING
from legwise.answers.devices import DeviceIndex, FacetIndex
from legwise.commands.printing import print_answer, print_dropped
from legwise.database.address import read_address
from legwise.explore.relations import Relation, load_relation
from legwise.intake.opening import saved_mapping
from legwise.intake.prepared import prepare
from legwise.links.compare import KINDS, keys_of
from legwise.links.form import Scope
from legwise.links.params import Params
from legwise.replies.asking import NOTES, Answer, ask
from legwise.replies.reply import Json
from legwise.replies.routes import BY_NAME
from legwise.rules.cautions import NO_PROOF
from legwise.rules.verdicts import subjects
from legwise.tables.catalogue import load_catalogue

#: Most rows that are printed of a list in a database.
MOST_FETCHED = 10_000


@dataclass(frozen=True)
class Tables:
    """What is asked: a folder of tables, or the shipped ones, and a device list in its place."""

    data: Path | None = None
    devices: str | None = None
    mapping: Path | None = None

    def scope(self) -> Scope:
        """Load the tables."""
        catalogue = load_catalogue(self.data) if self.data else load_catalogue()
        index: DeviceIndex | None = None
        if self.devices and (address := read_address(self.devices)):
            # Only who asks a database needs what it takes.
            from legwise.database.index import serve

            index = serve(address, catalogue, saved_mapping(self.mapping, catalogue))
            catalogue = index.catalogue
        elif self.devices:
            catalogue = prepare(Path(self.devices), catalogue, self.mapping).catalogue(catalogue)

        @cache
        def relation(name: str) -> Relation:
            return load_relation(catalogue, name)

        return Scope(catalogue, index or FacetIndex(catalogue), relation)


def read_pairs(words: Iterable[str]) -> tuple[Params, list[str]]:
    """Take words such as ``heat=yes`` apart; return link parameters, and the other words."""
    params: Params = {}
    others = []
    for word in words:
        name, is_pair, value = word.partition("=")
        if is_pair:
            params.setdefault(name, []).append(value)
        else:
            others.append(word)
    return params, others


def show_devices(
    tables: Tables, words: Sequence[str], columns: Sequence[str], form: str, most: int | None
) -> int:
    """Print the device list; words without "=" are searched for."""
    params, others = read_pairs(words)
    if others:
        params["q"] = [*params.get("q", []), *others]
    if columns:
        params["column"] = list(columns)
    return _show(ask(BY_NAME["find"], tables.scope(), params), form, most)


def show_comparison(tables: Tables, words: Sequence[str], form: str, most: int | None) -> int:
    """Print a comparison; words without "=" are ids of devices or types, or "nothing"."""
    scope = tables.scope()
    params, others = read_pairs(words)
    for word in others:
        kind = next(
            (kind for kind in KINDS if word in keys_of(scope.catalogue, kind)),
            # Where no study tells of it, the answer says so.
            NOTHING[0] if word == NOTHING[1] else "",
        )
        if not kind:
            raise ValueError(f"there is no device or device type with the id {word!r}")
        params.setdefault(kind, []).append(word)
    return _show(ask(BY_NAME["compare"], scope, params), form, most)


def show_evidence(tables: Tables, words: Sequence[str], findings: bool, form: str) -> int:
    """Print the verdicts on symptoms or subjects, or the findings they are read from.

    Words without "=" are ids of a symptom, or of a type, technique or feature.
    """
    scope = tables.scope()
    params, others = read_pairs(words)
    known = {
        "symptom": scope.catalogue.keys("symptoms"),
        "subject": [subject.id for subject in subjects(scope.catalogue)],
    }
    for word in others:
        name = next((name for name, ids in known.items() if word in ids), "")
        if not name:
            raise ValueError(f"there is no symptom, type, technique or feature {word!r}")
        params[name] = [word]
    answer = ask(BY_NAME["symptoms"], scope, params)
    if findings:
        return _show(answer, form, None)

    def verdicts() -> pd.DataFrame:
        names = scope.catalogue.names("symptoms")
        rows = [
            [item["about"], names[item["symptom"]], item["words"], item["sentence"]]
            for item in answer.reply.more["verdicts"]
        ]
        return pd.DataFrame(rows, columns=["About", "Symptom", "Verdict", "In words"])

    print_answer(answer.reply.summary, verdicts, _whole(answer), form, NOTES[1:])
    return print_dropped(answer.not_applied)


def show_cautions(
    tables: Tables, conditions: Sequence[str], types: Sequence[str], form: str
) -> int:
    """Print the cautions for conditions, of some types or of all, most severe first."""
    scope = tables.scope()
    known = scope.catalogue.keys("device_types")
    for key in types:
        if key not in known:
            raise ValueError(f"there is no device type with the id {key!r}")
    answer = ask(BY_NAME["risks"], scope, {"condition": list(conditions)})
    if not answer.state.conditions:
        names = ", ".join(answer.reply.more["conditions"])
        raise ValueError(f"name at least one of these conditions: {names}")
    rows = [row for row in answer.reply.rows(slice(None)) if not types or row["type"] in types]

    def cautions() -> pd.DataFrame:
        lines = []
        for row in rows:
            for item in row["cautions"]:
                sources = "\n".join(source["citation"] for source in item["sources"])
                lines.append([row["name"], item["label"], item["reason"], sources])
            if not row["cautions"]:
                lines.append([row["name"], row["severity_label"], NO_PROOF, ""])
        return pd.DataFrame(lines, columns=["Type", "Caution", "Why", "Sources"])

    def document() -> object:
        return {**answer.document(), "rows": rows, "total": len(rows), "pages": 1, "next": None}

    print_answer(answer.reply.summary, cautions, document, form, NOTES[1:])
    return print_dropped(answer.not_applied)


def _show(answer: Answer, form: str, most: int | None) -> int:
    number = min(answer.reply.total, most or answer.reply.total)
    if answer.scope.catalogue.elsewhere is not None and number > MOST_FETCHED:
        raise ValueError(
            f"{number:,} rows are too many to fetch from a database: name at most "
            f"{MOST_FETCHED:,} with --rows, or narrow the question"
        )
    rows = slice(most)
    print_answer(
        answer.reply.summary,
        lambda: answer.reply.frame(rows),
        _whole(answer, rows),
        form,
        NOTES[1:],
    )
    return print_dropped(answer.not_applied)


def _whole(answer: Answer, rows: slice = slice(None)) -> Callable[[], Json]:
    """Return what makes the document with all those rows, on one page."""

    def make() -> Json:
        its = answer.reply.rows(rows)
        return {**answer.document(), "rows": its, "page": 1, "pages": 1, "next": None}

    return make
