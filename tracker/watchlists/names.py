"""Ship names compared: romanised, prefixes and accents taken off, numerals exact, the rest by Jaro-Winkler similarity.

NAM SAN 8 is not NAM SAN 2, and CHON MA SAN is not CHON MA: numerals must be equal, and similarity falls with the
share of letters that one name lacks.
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from tracker.watchlists.romanise import romanise

PREFIXES = ("M/V", "M/T", "M.V.", "M.T.", "MV", "MT", "MS", "SS", "M V", "M T")
UNSEEN = {"Mn", "Me", "Cc", "Cf", "Cs", "Co", "Cn"}
"""Accents that were taken apart, and control and direction characters."""
NOISE = {"NO", "NR", "NUMBER"}
ROMAN = {"II": "2", "III": "3", "IV": "4", "VII": "7", "VIII": "8", "IX": "9"}
"""Roman numerals that are no words; not at the beginning of a name."""
UNITS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
LAST_ROMAN = {"X" * tens + unit: str(10 * tens + n) for tens in range(4) for n, unit in enumerate(UNITS) if tens or n}
"""What may also be a word (V, XI of HUA XI) is a numeral at the end of a name: BICENTENARIO V is not BICENTENARIO X."""
SAME = 0.92
"""Names at least this similar may be one (cargo-and-law.md 5.5, step 3)."""
ALIKE = 0.6
"""Enough similarity to support an equal MMSI (step 2)."""


Read = tuple[str, tuple[str, ...]]
"""Letters run together, and the numerals in order."""


@lru_cache(maxsize=200_000)
def normalise(name: str, /) -> Read:
    """Letters run together, and the numerals in order: ``M/V Nam San No. 8`` gives ``('NAMSAN', ('8',))``."""
    return _read(_words(name), last=LAST_ROMAN)


@lru_cache(maxsize=200_000)
def readings(name: str, /) -> frozenset[Read]:
    """All ways to read a name: HUA XI is one with HUAXI, and with HUA 11."""
    words = _words(name)
    return frozenset((_read(words, last=LAST_ROMAN), _read(words, last=ROMAN)))


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", romanise(name))
    text = "".join(c for c in text.upper() if unicodedata.category(c) not in UNSEEN).strip()
    for prefix in PREFIXES:
        if text.startswith(prefix + " "):
            text = text[len(prefix) + 1 :]
            break
    # numerals stand alone also where they are written against a word: HAOFAN6
    return re.findall(r"\d+|[^\W\d_]+", text)


def _read(words: list[str], *, last: dict[str, str]) -> Read:
    end = len(words) - 1
    words = [(last if place == end else ROMAN).get(w, w) if place else w for place, w in enumerate(words)]
    letters = "".join(word for word in words if not word.isdecimal() and word not in NOISE)
    return letters, tuple(word.lstrip("0") or "0" for word in map(_ascii, words) if word.isdecimal())


def _ascii(word: str) -> str:
    """Decimal digits of any script as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) for c in word) if word.isdecimal() else word


@lru_cache(maxsize=200_000)
def similarity(one: str, other: str, /) -> float:
    """Similarity of two names, 0..1; 0 when their numerals differ or one has no letters."""
    if any(letters for letters, _ in readings(one) & readings(other)):
        return 1.0
    (a, digits_a), (b, digits_b) = normalise(one), normalise(other)
    if digits_a != digits_b or not a or not b:
        return 0.0
    shorter, longer = sorted((len(a), len(b)))
    return float(JaroWinkler.similarity(a, b) * (shorter / longer) ** 0.4)
