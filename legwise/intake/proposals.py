"""A mapping proposed for a file: by the names of its columns, and by what their cells look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from legwise.intake.amounts import currency_of, head_and_mark, read_amounts, unit_of
from legwise.intake.mapping import FURTHER, LEFT_OUT, Kind, Mapping, Target
from legwise.intake.sheet import Sheet, Texts
from legwise.intake.spellings import folded, read_yes_no
from legwise.intake.vocabulary import Words, last_steps, words_of
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import Field

#: Distinct texts of a column that are looked at.
LOOKED_AT = 400
#: Of these, so many are compared with every word that is known.
FEW = 40
#: Names that are at least so alike (0 to 100) are proposed.
ALIKE = 88
#: Share of the texts that must fit a field.
ENOUGH = 0.5
#: Most values of a column that becomes a list of choices, and how long each may be.
MOST_CHOICES, LONGEST_CHOICE = 500, 60
#: What starts as the number of an article does: with letters that lead straight to digits.
_CODE = re.compile(r"[^\W\d_]+[-_/]?\d")


def mappable(catalogue: Catalogue) -> tuple[Field, ...]:
    """Return the fields of ours that a column of a file can become."""
    return catalogue.package["devices"].fields


def known_names(catalogue: Catalogue) -> dict[str, str]:
    """Return names of fields, folded → field: its name, its title, what others call it."""
    return catalogue.once(_known_names)


def _known_names(catalogue: Catalogue) -> dict[str, str]:
    names: dict[str, str] = {}
    for item in mappable(catalogue):
        for name in (item.name, item.title, item.heading, *item.aliases):
            names.setdefault(folded(name), item.name)
    return names


def propose(sheet: Sheet, catalogue: Catalogue, saved: Mapping | None = None) -> Mapping:
    """Return a target for every column: as ``saved``, else the likeliest field, else its kind."""
    fixed = {item.column: item for item in saved.targets} if saved else {}
    taken = {item.field for item in fixed.values()}
    fields = {item.name: item for item in mappable(catalogue)}
    offers: list[tuple[float, int, str, str]] = []
    for position, (column, texts) in enumerate(sheet.columns.items()):
        if column not in fixed:
            for score, field, why in _offers(column, texts, fields, catalogue):
                offers.append((-score, position, field, why))
    names = list(sheet.columns)
    chosen: dict[str, Target] = {}
    for _, position, field, why in sorted(offers):
        column = names[position]
        if field not in taken and column not in chosen:
            taken.add(field)
            chosen[column] = Target(
                column, field, unit=_unit(column, fields[field], sheet), why=why
            )
    targets = []
    for column, texts in sheet.columns.items():
        targets.append(fixed.get(column) or chosen.get(column) or _further(column, texts))
    mapping = Mapping(tuple(targets), saved.types if saved else ())
    return replace(mapping, types=(*mapping.types, *_types(sheet, mapping, catalogue)))


def _offers(
    column: str, texts: Texts, fields: dict[str, Field], catalogue: Catalogue
) -> Iterator[tuple[float, str, str]]:
    """Yield score, field and reason of what a column may be."""
    if not len(texts.texts):
        return
    if by_name := _offer_by_name(column, texts, fields, catalogue):
        yield by_name
        return
    for field, item in fields.items():
        if item.type in ("string", "list") and item.labels and item.fact | bool(item.references):
            share = _share_that_fits(texts, item, catalogue)
            if share >= (ENOUGH if item.references else 0.8) and len(texts.texts) > 1:
                yield 50 * share, field, "by its cells"


def _offer_by_name(
    column: str, texts: Texts, fields: dict[str, Field], catalogue: Catalogue
) -> tuple[float, str, str] | None:
    """Return score, field and reason of what a column is called, if its cells may be that."""
    names = known_names(catalogue)
    head, _ = head_and_mark(column)
    for name in dict.fromkeys((folded(column), folded(head))):
        if name in names:
            item = fields[names[name]]
            if item.references and not _names_one(texts, item, catalogue):
                # Its words may be mapped, if no other column has known ones: what shops call the
                # type of a product may be whether it has variants.
                return 1, item.name, "by its name"
            if item.references or _share_that_fits(texts, item, catalogue) >= ENOUGH:
                return 200 if name == folded(column) else 190, item.name, "by its name"
    if match := _most_alike(head, names):
        name, score = match
        item = fields[names[name]]
        if item.references or _share_that_fits(texts, item, catalogue) >= ENOUGH:
            return score, item.name, f"its name is like “{name}”"
    return None


def _share_that_fits(texts: Texts, field: Field, catalogue: Catalogue) -> float:
    """Return the share of a column's distinct texts that look like cells of a field."""
    some = texts.texts[:LOOKED_AT]
    if field.type == "boolean":
        return float(
            np.mean([read_yes_no(text, cross=True) is not None for text in some.to_pylist()])
        )
    if field.is_numeric:
        return float(np.mean(~np.isnan(read_amounts(some).numbers)))
    if field.labels:
        words = words_of(field, catalogue)
        return float(np.mean([_fits(words, text, field) for text in some.to_pylist()]))
    if field.pattern.startswith("^https"):
        return float(np.mean([text.startswith("http") for text in some.to_pylist()]))
    return 1.0


def _names_one(texts: Texts, field: Field, catalogue: Catalogue) -> bool:
    """Whether some text names one of the rows that a field refers to, or is about such."""
    words, some = words_of(field, catalogue), texts.take(LOOKED_AT)
    return any(map(words.value, some)) or any(
        words.like(step) or words.speaks_of_one(step)
        for text in some[:FEW]
        for step in last_steps(text)
    )


def _fits(words: Words, text: str, field: Field) -> bool:
    values, unknown = words.read(text, many=field.is_list)
    return bool(values) and not unknown


def _unit(column: str, field: Field, sheet: Sheet) -> str:
    """Return the unit of cells that name none: of the head, else the field's if the name says so.

    A price without any currency is in no currency.
    """
    if not field.is_numeric:
        return ""
    _, mark = head_and_mark(column)
    if field.price:
        marks = read_amounts(sheet.columns[column].texts[:LOOKED_AT]).marks
        stated = [code for item in marks if (code := currency_of(item))]
        return currency_of(mark) or (stated[0] if len(set(stated)) == 1 else "")
    return unit_of(mark) or field.unit


def _further(column: str, texts: Texts) -> Target:
    """Return the target of a column that is none of ours: its kind, by its cells."""
    if not len(texts.texts):
        return Target(column, LEFT_OUT, why="it is empty")
    kind = kind_of(texts)
    unit = head_and_mark(column)[1] if kind == "number" else ""
    return Target(column, FURTHER, kind, unit, why="none of ours; kept as it is")


def kind_of(texts: Texts) -> Kind:
    """Tell what the cells of a column are."""
    some: pa.StringArray = texts.texts[:LOOKED_AT]
    words = some.to_pylist()
    if len(texts.texts) <= 12 and all(
        read_yes_no(word, cross=len(words) == 1) is not None for word in words
    ):
        return "yes_no"
    amounts = read_amounts(some)
    # "WX-100" is an article number, "EUR100" an amount.
    coded = [
        bool(_CODE.match(text)) and not currency_of(str(mark))
        for text, mark in zip(words, amounts.marks, strict=True)
    ]
    if (
        np.mean(coded) <= 0.05
        and np.mean(~np.isnan(amounts.numbers)) >= 0.95
        and len(set(amounts.marks)) <= 3
    ):
        return "number"
    if all(len(word) == 10 and word[4] == word[7] == "-" and word[:4].isdigit() for word in words):
        return "date"
    few = len(texts.texts) <= min(MOST_CHOICES, max(20, len(texts.codes) // 2))
    if few and max(map(len, words)) <= LONGEST_CHOICE:
        return "choice"
    return "text"


def _types(sheet: Sheet, mapping: Mapping, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield our type for each word for a type that is not ours, where one is alike."""
    known = dict(mapping.types)
    for field in catalogue.package["devices"].fields:
        column = mapping.column_of(field.name)
        if not field.references or field.is_list or column not in sheet.columns:
            continue
        words = words_of(field, catalogue)
        # Long words of other languages are alike without being it: Massagematte, Massageball.
        ours = words_of(replace(field, spellings=()), catalogue)
        for text in sheet.columns[column].take(LOOKED_AT):
            if text in known or words.value(text):
                continue
            for step in last_steps(text):
                kind = ours.like(step)
                if kind and kind not in catalogue.methods:
                    yield text, kind
                    break


def _most_alike(text: str, names: Iterable[str]) -> tuple[str, float] | None:
    """Return the name that is most like a text, and how alike they are, if they are alike."""
    # Only who brings a list of their own needs it.
    from rapidfuzz import fuzz, process

    match = process.extractOne(
        folded(text), list(names), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE
    )
    return (match[0], match[1]) if match else None
