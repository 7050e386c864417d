"""Ship names compared: prefixes and accents taken off, numerals exact, the rest by Jaro-Winkler similarity.

NAM SAN 8 is not NAM SAN 2, and CHON MA SAN is not CHON MA: numerals must be equal, and similarity falls with the
share of letters that one name lacks.
"""

import re
import unicodedata
from functools import lru_cache

PREFIXES = ("M/V", "M/T", "M.V.", "M.T.", "MV", "MT", "MS", "SS", "M V", "M T")
NOISE = {"NO", "NR", "NUMBER"}
SAME = 0.92
"""Names at least this similar may be one (cargo-and-law.md 5.5, step 3)."""
ALIKE = 0.6
"""Enough similarity to support an equal MMSI (step 2)."""


@lru_cache(maxsize=200_000)
def normalise(name: str, /) -> tuple[str, tuple[str, ...]]:
    """Letters run together, and the numerals in order: ``M/V Nam San No. 8`` gives ``('NAMSAN', ('8',))``."""
    text = unicodedata.normalize("NFKD", name.upper())
    text = "".join(c for c in text if not unicodedata.combining(c)).strip()
    for prefix in PREFIXES:
        if text.startswith(prefix + " "):
            text = text[len(prefix) + 1 :]
            break
    # numerals stand alone also where they are written against a word: HAOFAN6
    words = re.findall(r"\d+|[^\W\d_]+", text)
    letters = "".join(word for word in words if not word.isdigit() and word not in NOISE)
    return letters, tuple(str(int(word)) for word in words if word.isdigit())


@lru_cache(maxsize=200_000)
def similarity(one: str, other: str, /) -> float:
    """Similarity of two names, 0..1; 0 when their numerals differ or one has no letters."""
    (a, digits_a), (b, digits_b) = normalise(one), normalise(other)
    if digits_a != digits_b or not a or not b:
        return 0.0
    if a == b:
        return 1.0
    shorter, longer = sorted((len(a), len(b)))
    return float(jaro_winkler(a, b) * (shorter / longer) ** 0.4)


def jaro_winkler(a: str, b: str, /) -> float:
    """Jaro similarity raised for a common beginning of up to four letters (Winkler 1990), 0..1."""
    if a == b:
        return 1.0
    reach = max(max(len(a), len(b)) // 2 - 1, 0)
    taken = [False] * len(b)
    matched_a = []
    for i, letter in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if not taken[j] and b[j] == letter:
                taken[j] = True
                matched_a.append(letter)
                break
    if not matched_a:
        return 0.0
    matched_b = [letter for letter, used in zip(b, taken, strict=True) if used]
    swapped = sum(x != y for x, y in zip(matched_a, matched_b, strict=True)) / 2
    m = len(matched_a)
    jaro = (m / len(a) + m / len(b) + (m - swapped) / m) / 3
    common = 0
    for x, y in zip(a[:4], b[:4], strict=False):
        if x != y:
            break
        common += 1
    return jaro + 0.1 * common * (1 - jaro)
