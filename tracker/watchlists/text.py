"""Values of lists made safe and comparable: text, numbers, dates, flags.

A list is a file from elsewhere: control characters, right-to-left marks and overlong cells are taken out here, once.
"""

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from math import isfinite

from tracker.geo.states import alpha3
from tracker.tables.listing import FlagSpell

MAX_CHARACTERS = 2_000
NOTHING = {"", "-0-", "-", "N/A", "NA", "NONE", "NULL", "NAN", "UNKNOWN", "NOT AVAILABLE"}
METRES_PER_FOOT = 0.3048
_NUMBER = re.compile(
    r"(\d{1,3}(?:[ '\u2019]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*)(E[+-]?\d+\b)?\s*(ft\b|feet\b|foot\b)?", re.I
)
_NUMBERED = re.compile(r"(?:^|\s)\d+:\s+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[ .-][A-Za-z]{3,9}\.?[ .-]\d{4}|\d{1,2}[./]\d{1,2}[./]\d{4}|\b\d{4}\b")
_LAYOUTS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d.%m.%Y", "%d/%m/%Y", "%Y")


def clean(text: str | None, /) -> str:
    """Text without control and direction characters, blanks folded; a word for "nothing" becomes empty."""
    if not text:
        return ""
    visible = text[:MAX_CHARACTERS]
    if not visible.isprintable():
        visible = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in visible)
    visible = " ".join(visible.split())
    return "" if visible.upper() in NOTHING else visible


@lru_cache(maxsize=100_000)
def split(text: str | None, /, *, on: str = r"[;|]") -> tuple[str, ...]:
    """Several values in one cell: ``A; B``, or numbered as the UN does, ``1: A 2: B``; without repeats."""
    whole = clean(text)
    parts = _NUMBERED.split(whole) if re.match(r"1:\s", whole) else re.split(on, whole)
    return tuple(dict.fromkeys(part for part in map(clean, parts) if part))


def number(text: str | None, /) -> float | None:
    """A positive finite number as people write it: ``6,860``, ``86,5``, ``6.860,5``, ``6 860``, ``1.2E+04``; feet as metres.

    None when it is none. ``86,500`` is 86 500: a comma before three digits parts thousands.
    """
    found = _NUMBER.match(clean(text))
    if found is None:
        return None
    digits, power, unit = found.groups()
    point = max(digits.rfind("."), digits.rfind(","))
    parts_thousands = digits.count(digits[point]) > 1 or (digits[point] == "," and len(digits) - point == 4)
    if point >= 0 and (("." in digits and "," in digits) or not parts_thousands):
        whole, decimals = digits[:point], digits[point + 1 :]
    else:
        whole, decimals = digits, ""
    value = float(f"{re.sub(r'[^0-9]', '', whole)}.{decimals or 0}{power or ''}")
    value = round(value * METRES_PER_FOOT, 2) if unit else value
    return value if isfinite(value) and value > 0 else None


@lru_cache(maxsize=100_000)
def moment(text: str | None, /) -> date | None:
    """The first date in a text: ISO, ``28 Mar. 2018``, ``28.3.2018`` (day first), or a year (its first day)."""
    found = _DATE.search(clean(text))
    if found is None:
        return None
    plain = re.sub(r"(?<=[A-Za-z])\.", "", found.group()).replace("/", ".")
    plain = re.sub(r"[ .-]+(?=[A-Za-z])|(?<=[A-Za-z])[ .-]+", " ", plain)
    for layout in _LAYOUTS:
        try:
            return datetime.strptime(plain.title() if "%b" in layout or "%B" in layout else plain, layout).date()
        except ValueError:
            continue
    return None


def mmsis(text: str | None, /) -> tuple[int, ...]:
    """The nine-digit numbers in a text."""
    return tuple(dict.fromkeys(int(n) for n in re.findall(r"(?<!\d)[2-7]\d{8}(?!\d)", clean(text))))


@lru_cache(maxsize=100_000)
def flags(text: str | None, /) -> tuple[FlagSpell, ...]:
    """Flags with their dates: ``PAN 2015-01-01 - 2019-05-01; TGO 2019-05-02``; ``MV(false)`` marks a false one.

    One date after a state is the day it began. What names no state is left out.
    """
    whole = alpha3(clean(text))
    if whole is not None:
        return (FlagSpell(whole),)
    spells = []
    for part in split(text, on=r"[;|,]"):
        dates = [found for found in map(moment, _DATE.findall(part)) if found]
        words = _DATE.sub(" ", part)
        is_false = bool(re.search(r"\b(?:false|fraudulent|unregistered)\b", words, re.IGNORECASE))
        bare = re.sub(
            r"\(.*?\)|\b(?:false|fraudulent|unregistered|since|from|until|to)\b|[:\u2013-]", " ", words, flags=re.I
        )
        state = alpha3(part) or alpha3(" ".join(words.split())) or alpha3(" ".join(bare.split()))
        if state is not None:
            since, until = (*dates, None, None)[:2]
            spells.append(FlagSpell(state, since, until, is_false))
    return tuple(spells)


def is_yes(text: str | None, /) -> bool:
    """Whether a cell of a yes/no column says yes."""
    return clean(text).lower() in {"x", "y", "yes", "true", "1"}
