"""The words of verdicts and effects: one template per case, as ``docs/wording.md`` publishes them.

The evidence map that is one file fills the same templates in the browser.
"""

from __future__ import annotations

from typing import Literal

#: Noun → one of them, several of them.
COUNTS = {
    "study": ("1 study", "{n} studies"),
    "person": ("1 person", "{n} people"),
    "finding": ("1 finding", "{n} findings"),
}
#: Tier → the best kind of study.
TIER_WORDS = {1: "systematic reviews", 2: "randomised trials", 3: "other studies"}
#: Direction → glyph; the glyph carries the direction wherever colour carries the tier. Every font
#: can draw them.
GLYPHS = {"benefit": "▲", "no_difference": "=", "mixed": "±", "harm": "▼", "unclear": "?"}
#: Direction → what findings say, as a clause and in a count.
SAYS = {
    "benefit": ("that it helped", "that it helped"),
    "no_difference": ("that it made no difference", "no difference"),
    "mixed": ("both yes and no", "mixed"),
    "harm": ("that it made things worse", "worse"),
    "unclear": ("nothing clear", "unclear"),
}
#: State of a cell without a verdict → what is known.
STATE_WORDS = {
    "filtered": "studied, hidden by the filters",
    "claimed": "claimed, no study found",
    "searched": "searched, no study found",
    "unsearched": "not searched, nothing is known",
}
#: Replaces "claimed" where the article makes the claim of no type in particular.
IN_GENERAL = "claimed (of leg massage in general)"
#: A verdict in one line, and its reason.
LINES = {
    "studied": "{sign} {direction}, best level: {best} ({studies}{people})",
    "people": ", {people}",
    "reason": "The direction is {direction}, read from {findings} of levels {levels} ({counts}); "
    "best kind: {best}.",
}
#: A verdict in sentences. "Findings that count" are those that decide the direction.
SENTENCES = {
    "filtered": "the studies of {subject} are hidden by the filters.",
    "unsearched": "nothing is known of this type: it was not searched for.",
    "none": "no study of {subject} was found.",
    "type": "no study of {subject} was found. The article claims this of it.",
    "general": "no study of {subject} was found. "
    "The article claims this of leg massage in general.",
    "studied": "{studies} of {subject}{people}: {result}. Best kind of study: {best}.",
    "one": "one finding counts, and it says {says}",
    "both": "both findings that count say {says}",
    "all": "all {number} findings that count say {says}",
    "most": "most findings that count say {says} ({most} of {number}; {rest})",
    "differ": "the findings that count differ ({counts})",
}
#: Numbers that a source gives for both groups.
NUMBERS = {
    "of_100": "Of 100 {who} {with_group}, {with_number} {happened}; of 100 {without_group}, "
    "{without_number}.",
    "no_device": "Without a device: of 100 {who}, {outcomes}.",
    "sham": "On a sham or placebo ({without_group}): of 100 {who}, {outcomes}.",
    "outcome": "{without_number} {happened} ({with_number} of those {with_group})",
    "direction": "The finding as a whole: {direction}.",
    "of_device": "The finding on {subject}: {direction}.",
    "about": "about {n}",
    "fewer": "fewer than 1",
    "almost": "more than 99",
    "none": "none",
    "every": "all",
}
#: An effect of a risk factor: its measure → the sentence of its figure.
EFFECTS = {
    "odds ratio": "the odds of {outcome} were {estimate} times as high",
    "hazard ratio": "the rate of {outcome} over time was {estimate} times as high",
    "relative risk": "the risk of {outcome} was {estimate} times as high",
    "other": "{outcome}, {measure}: {estimate}",
}
#: What stands around it.
EFFECT_PARTS = {
    "effect": "{risk_factor}{compared}{population}: {figure}{interval}. {says}",
    "compared": " ({comparison})",
    "population": ", {population}",
    "interval": " (95% interval {low} to {high})",
    "no_interval": " (interval not stated)",
    "note": " Noted: {note}.",
}
#: Direction of an effect → what it says.
EFFECT_SAYS = {
    "raises": "So {outcome} occurred more often.",
    "lowers": "So {outcome} occurred less often.",
    "worsens": "So {outcome} got worse.",
    "no_link": "No link was found.",
    "unclear": "Whether there is a link is unclear.",
}
#: What a ratio does not say.
RATIO_NOTE = (
    "A ratio says how many times, not how many people: twice a rare thing is still rare. Only "
    "where the source gives the share of each group is it said of 100 people. A link is not a "
    "cause."
)


def count(number: int, noun: Literal["study", "person", "finding"]) -> str:
    """Count things: "1 study", "2,000 people"."""
    one, several = COUNTS[noun]
    return one if number == 1 else several.format(n=f"{number:,}")


def effect_figure(measure: str, label: str, outcome: str, estimate: str) -> str:
    """Say the figure of an effect; ``label`` names a measure that is no ratio.

    A ratio that is not stated as a number is said as it stands.
    """
    is_ratio = measure in EFFECTS and estimate[:1].isdigit()
    return EFFECTS[measure if is_ratio else "other"].format(
        outcome=outcome, measure=label, estimate=estimate
    )


def marked(share: float) -> int:
    """Return how many of a hundred to mark for a share of 100."""
    # Halves go up: Python would round them to the even neighbour.
    return 0 if share < 1 else 99 if 99 < share < 100 else int(share + 0.5)


def of_100(share: float) -> str:
    """Say a share of 100 as a whole number; what rounds to none or all is not said to be that."""
    if share in (0, 100):
        return NUMBERS["every" if share else "none"]
    if share < 1:
        return NUMBERS["fewer"]
    if share > 99:
        return NUMBERS["almost"]
    return NUMBERS["about"].format(n=marked(share))
