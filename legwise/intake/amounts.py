"""Numbers as people write them: decimal commas, thousands separators, units and currencies.

A column is read as a whole, by its distinct texts: one cell alone does not tell whether "1,299" is
about one or about thirteen hundred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Unit → (what it measures, factor to the first unit of that kind). Factors are exact by
#: definition: pound and yard agreement of 1959, conventional millimetre of mercury.
_UNITS: dict[str, tuple[str, float]] = {
    "kg": ("mass", 1.0),
    "g": ("mass", 0.001),
    "lb": ("mass", 0.45359237),
    "oz": ("mass", 0.45359237 / 16),
    "cm": ("length", 1.0),
    "mm": ("length", 0.1),
    "m": ("length", 100.0),
    "in": ("length", 2.54),
    "ft": ("length", 30.48),
    "min": ("time", 1.0),
    "s": ("time", 1 / 60),
    "h": ("time", 60.0),
    "months": ("calendar", 1.0),
    "years": ("calendar", 12.0),
    "mmHg": ("pressure", 1.0),
    "kPa": ("pressure", 1000 / 133.322387415),
    "dB": ("loudness", 1.0),
    "levels": ("levels", 1.0),
    "programs": ("programs", 1.0),
    "per min": ("rate", 1.0),
    "lbf": ("force", 1.0),
    "N": ("force", 1 / 4.4482216152605),
    "kgf": ("force", 9.80665 / 4.4482216152605),
}
#: Other spellings of units → the unit.
_SPELT = {
    **{unit.casefold(): unit for unit in _UNITS},
    **dict.fromkeys(("kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramm"), "kg"),
    **dict.fromkeys(("gr", "gram", "grams", "gramm", "grammes"), "g"),
    **dict.fromkeys(("lbs", "pound", "pounds", "pfund"), "lb"),
    **dict.fromkeys(("ounce", "ounces", "unzen"), "oz"),
    **dict.fromkeys(("inch", "inches", '"', "″", "zoll", "pouces"), "in"),
    **dict.fromkeys(("feet", "foot", "′"), "ft"),
    **dict.fromkeys(("mins", "minute", "minutes", "minuten", "minuti", "minutos"), "min"),
    **dict.fromkeys(("sec", "secs", "second", "seconds", "sekunden"), "s"),
    **dict.fromkeys(
        ("hr", "hrs", "hour", "hours", "std", "std.", "stunden", "heures", "horas", "ore"), "h"
    ),
    **dict.fromkeys(("month", "monate", "monat", "mois", "meses", "mesi", "mo"), "months"),
    **dict.fromkeys(
        ("year", "yr", "yrs", "jahr", "jahre", "an", "ans", "años", "anni", "y"), "years"
    ),
    **dict.fromkeys(("mm hg", "mm/hg"), "mmHg"),
    **dict.fromkeys(("db(a)", "dba", "decibel", "decibels"), "dB"),
    **dict.fromkeys(("level", "stufen", "stufe", "niveaux", "speeds", "speed"), "levels"),
    **dict.fromkeys(("program", "programme", "modes", "mode", "programmes"), "programs"),
    **dict.fromkeys(("rpm", "ppm", "/min", "u/min", "strokes/min", "percussions/min"), "per min"),
    **dict.fromkeys(("newton", "newtons"), "N"),
}
#: Signs and names of currencies → ISO code. "kr" and "¥" stand for several, and stay as they are.
CURRENCIES = {
    **{
        code.casefold(): code
        for code in [
            "USD",
            "EUR",
            "GBP",
            "CHF",
            "CAD",
            "AUD",
            "NZD",
            "JPY",
            "CNY",
            "INR",
            "BRL",
            "MXN",
            "SEK",
            "NOK",
            "DKK",
            "PLN",
            "CZK",
            "HUF",
            "RON",
            "BGN",
            "TRY",
            "ZAR",
            "KRW",
            "SGD",
            "HKD",
            "TWD",
            "THB",
            "ILS",
            "AED",
            "SAR",
            "RUB",
            "UAH",
        ]
    },
    "$": "USD",
    "us$": "USD",
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "c$": "CAD",
    "ca$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "nz$": "NZD",
    "r$": "BRL",
    "₹": "INR",
    "zł": "PLN",
    "kč": "CZK",
    "ft": "HUF",
    "₩": "KRW",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "fr.": "CHF",
    "sfr.": "CHF",
    "kr": "KR",
    "kr.": "KR",
    "¥": "YEN_OR_YUAN",
}
_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
_PARTS = r"^(?P<before>[^\d+\-−.,]*)(?P<number>[+\-−]?[\d.,'’\s\x{a0}\x{202f}]*\d)(?P<after>.*)$"
#: Digits with one kind of mark between groups of three, and perhaps a decimal mark.
_GROUPED = r"^[+-]?(?:\d{1,3}(?:[ ,.']\d{3})+|\d*)(?:[.,]\d+)?$"
_COMMA = r",\d{1,2}$|,\d{4,}$|\.\d{3},\d|^[+-]?0,\d|^[+-]?,\d"
_POINT = r"\.\d{1,2}$|\.\d{4,}$|,\d{3}\.\d|^[+-]?0\.\d|^[+-]?\.\d"


@dataclass(frozen=True, eq=False)
class Amounts:
    """Distinct texts as numbers (NaN: not a number), and the mark each carries ("": none).

    ``unclear`` marks those that could be read in two ways.
    """

    numbers: np.ndarray
    marks: np.ndarray
    unclear: np.ndarray


def read_amounts(texts: pa.StringArray, decimal_comma: bool = False) -> Amounts:
    """Read the distinct texts of a column; ``decimal_comma`` decides where the column does not."""
    if _all(texts, _PLAIN) and not (decimal_comma and _any(texts, r"^[+-]?\d{1,3}\.\d{3}$")):
        plain = _cast(texts)
        plain = np.where(np.isfinite(plain), plain, np.nan)
        nothing = np.full(len(texts), "", dtype=object)
        return Amounts(plain, nothing, np.zeros(len(texts), dtype=bool))
    size = len(texts)
    numbers = np.full(size, np.nan)
    marks = np.full(size, "", dtype=object)
    unclear = np.zeros(size, dtype=bool)
    parts = pc.extract_regex(texts, _PARTS)
    body = pc.replace_substring_regex(
        pc.replace_substring_regex(parts.field("number"), r"[’\s\x{a0}\x{202f}]", "'"), "−", "-"
    )
    body = pc.replace_substring_regex(body, "'+", "'")
    comma, point = _any(body, _COMMA), _any(body, _POINT)
    shaped = _true(pc.match_substring_regex(body, _GROUPED))
    if comma and point:
        reads_comma = _true(pc.match_substring_regex(body, _COMMA))
        unclear = shaped & _true(pc.match_substring_regex(body, r"^[+-]?\d{1,3}[.,]\d{3}$"))
        unclear &= ~reads_comma & ~_true(pc.match_substring_regex(body, _POINT))
    else:
        reads_comma = np.full(size, comma or (decimal_comma and not point))
    for is_comma in (False, True):
        chosen = shaped & (reads_comma == is_comma) & ~unclear
        if chosen.any():
            some = body.filter(pa.array(chosen))
            some = pc.replace_substring_regex(some, "['.]" if is_comma else "[',]", "")
            numbers[chosen] = _cast(pc.replace_substring(some, ",", ".") if is_comma else some)
    for side in ("before", "after"):
        coded = pc.utf8_trim_whitespace(parts.field(side)).dictionary_encode()
        names = np.array([*coded.dictionary.to_pylist(), ""], dtype=object)
        codes = coded.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)
        held = names[codes]
        both = (marks != "") & (held != "")
        marks = np.where(both, marks + " " + held, np.where(held != "", held, marks))
    exponent = _true(pc.match_substring_regex(texts, r"[eE][+-]?\d+$")) & _true(
        pc.match_substring_regex(texts, _PLAIN)
    )
    if exponent.any():
        numbers[exponent] = _cast(texts.filter(pa.array(exponent)))
        marks[exponent] = ""
    numbers[~np.isfinite(numbers)] = np.nan
    return Amounts(numbers, marks, unclear)


def looks_like_decimal_comma(texts: pa.StringArray) -> bool:
    """Whether numbers among the texts are written with a decimal comma, and none with a point."""
    bodies = texts.filter(pc.match_substring_regex(texts, r"^[+-]?[\d.,]*\d$"))
    return len(bodies) > 0 and _any(bodies, _COMMA) and not _any(bodies, _POINT)


def _cast(texts: pa.StringArray) -> np.ndarray:
    fits = pc.match_substring_regex(texts, _PLAIN)
    safe = pc.if_else(fits, texts, pa.scalar(None, texts.type))
    return np.asarray(pc.cast(safe, pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False))


def _any(texts: pa.StringArray, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, pattern)).as_py())


def _all(texts: pa.StringArray, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, pattern)).as_py())


def _true(mask: pa.BooleanArray) -> np.ndarray:
    return np.asarray(mask.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)


def unit_of(mark: str) -> str:
    """Return the unit that a mark spells, or "" if it spells none we know."""
    return _SPELT.get(mark.strip().casefold().rstrip("."), _SPELT.get(mark.strip().casefold(), ""))


def currency_of(mark: str) -> str:
    """Return the currency that a mark spells, or ""."""
    return CURRENCIES.get(mark.strip().casefold(), "")


def factor(unit: str, wanted: str) -> float | None:
    """Return the factor from one unit to another, or None if they measure different things.

    Example:
        >>> factor("lb", "kg"), factor("years", "months"), factor("lb", "cm")
        (0.45359237, 12.0, None)
    """
    if unit == wanted:
        return 1.0
    # A force is stated in pounds, which are pounds of force then.
    if wanted == "lb" and _UNITS.get(unit, ("",))[0] == "force":
        wanted = "lbf"
    if unit not in _UNITS or wanted not in _UNITS or _UNITS[unit][0] != _UNITS[wanted][0]:
        return None
    return _UNITS[unit][1] / _UNITS[wanted][1]


_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{1,12})\s*[)\]]\s*$")


def head_and_mark(name: str) -> tuple[str, str]:
    """Split the name of a column into what it names and the unit or currency behind it.

    Example:
        >>> head_and_mark("Gewicht (kg)"), head_and_mark("price EUR"), head_and_mark("Price €")
        (('Gewicht', 'kg'), ('price', 'EUR'), ('Price', '€'))
    """
    if match := _BRACKETS.search(name):
        return name[: match.start()].strip(), match[1]
    words = re.split(r"[\s_]+", name.strip())
    if len(words) > 1 and (currency_of(words[-1]) or words[-1] in _SPELT):
        return " ".join(words[:-1]), words[-1]
    return name, ""
