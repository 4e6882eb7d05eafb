"""The shortlist at a glance: one line per type, shared cautions once, the wish in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from legwise.rules.cautions import NOTHING_RECORDED_MARK, Caution, Contraindication
from legwise.rules.shortlist import AREAS, BY, Match, Wish
from legwise.rules.verdicts import Verdict
from legwise.rules.wording import GLYPHS, STATE_WORDS, TIER_WORDS
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import within_sentence
from legwise.text.cells import format_number, with_unit
from legwise.text.units import counted

#: The reasons below say what is claimed of leg massage in general.
NO_STUDY = "no study found"


@dataclass(frozen=True)
class VerdictLine:
    """Symptoms and the verdict on them: its sign (empty if not studied), its word, its studies."""

    symptoms: str
    sign: str
    word: str
    studies: str


@dataclass(frozen=True)
class TypeLine:
    """One type of the shortlist at a glance.

    ``caution`` is the most severe one with its limits, ``says`` the kind of its sources. The
    conditions are in ``caution``; it is empty if none was stated. ``outright`` tells types that are
    contraindicated outright from those that are in part. ``products`` counts those that fit and
    those to ask about, and is empty for a contraindicated type: none is put forward. ``lacks`` says
    which needs no product of the type states.
    """

    device_type: str
    rank: int
    name: str
    contraindicated: bool
    outright: bool
    verdicts: tuple[VerdictLine, ...]
    caution: str
    says: str
    products: str
    lacks: str


def type_lines(catalogue: Catalogue, wish: Wish, matches: Sequence[Match]) -> tuple[TypeLine, ...]:
    """Return one line per type, in the order of the shortlist."""
    symptoms = catalogue.names("symptoms")
    return tuple(
        TypeLine(
            device_type=match.device_type,
            rank=rank,
            name=match.name,
            contraindicated=match.contraindicated,
            outright=match.contraindication is Contraindication.OUTRIGHT,
            verdicts=verdict_lines(symptoms, match.verdicts),
            caution=_strongest(match.cautions) if wish.conditions else "",
            says=match.cautions[0].basis if match.cautions else "",
            products=_products(wish, match),
            lacks=f"No product states {match.lacking}." if match.lacking else "",
        )
        for rank, match in enumerate(matches, 1)
    )


def verdict_lines(
    symptoms: Mapping[str, str], verdicts: Sequence[Verdict]
) -> tuple[VerdictLine, ...]:
    """Return one line per symptom that was studied; those that were not share a line."""
    lines: list[VerdictLine] = []
    others: dict[str, list[str]] = {}
    for verdict in verdicts:
        name = symptoms[verdict.symptom]
        if verdict.tier is None or verdict.direction is None:
            told = verdict.state == "unsearched" or verdict.claimed == "type"
            words = STATE_WORDS[verdict.state] if told else NO_STUDY
            others.setdefault(words, []).append(name)
        else:
            studies = f"{verdict.studies:,} {'study' if verdict.studies == 1 else 'studies'}"
            word = verdict.direction.replace("_", " ")
            best = f"{studies}, best: {TIER_WORDS[verdict.tier]}"
            lines.append(VerdictLine(name, GLYPHS[verdict.direction], word, best))
    return (
        *lines,
        *(
            VerdictLine(", ".join([names[0], *map(within_sentence, names[1:])]), "", words, "")
            for words, names in others.items()
        ),
    )


def _strongest(cautions: Sequence[Caution]) -> str:
    if not cautions:
        return NOTHING_RECORDED_MARK
    more = len(cautions) - 1
    return cautions[0].label + (f", and {counted(more, 'more caution')}" if more else "")


def _products(wish: Wish, match: Match) -> str:
    if match.contraindicated:
        return ""
    if not (match.meets or match.ask_seller or match.barred):
        return "None fits" if wish.needs_products else "No products listed"
    if not wish.needs_products:
        return counted(len(match.meets), "product")
    fits = f"{len(match.meets):,} {'fits' if len(match.meets) == 1 else 'fit'}"
    asks = f"{len(match.ask_seller):,} to ask about" if match.ask_seller else ""
    return ", ".join(filter(None, (fits, asks)))


def shared_cautions(matches: Sequence[Match]) -> tuple[Caution, ...]:
    """Return the cautions that several types have through one technique or feature, once each."""
    through = [caution for match in matches for caution in match.cautions if caution.indirect]
    times = Counter(caution.caution_id for caution in through)
    once = {caution.caution_id: caution for caution in through if times[caution.caution_id] > 1}
    return tuple(once.values())


def wish_words(catalogue: Catalogue, wish: Wish) -> str:
    """Return a wish in one line: "Swelling (oedema) · diabetes · heat · up to 150 USD"."""
    table = catalogue.package["devices"]
    symptoms, conditions = catalogue.names("symptoms"), catalogue.names("risk_factors")
    parts = [
        [symptoms[key] for key in wish.symptoms],
        [conditions[key] for key in wish.conditions],
        [table[name].title for name in wish.features],
        [table[AREAS].label(area) for area in wish.areas],
    ]
    words = [", ".join(map(within_sentence, part)) for part in parts if part]
    if wish.budget is not None:
        words.append(f"up to {with_unit(format_number(wish.budget), table.price.unit)}")
    if wish.by != "any":
        words.append(within_sentence(BY[wish.by]))
    line = " · ".join(words)
    return line[:1].upper() + line[1:]
