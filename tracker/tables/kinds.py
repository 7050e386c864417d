"""Kinds of ship that can contradict one another, from AIS codes and from the words of lists."""

import re

_WORDS = (
    ("tanker", r"tanker|\boil\b|chemical|lpg|lng|\bgas\b|bitumen|bunker"),
    ("cargo", r"cargo|bulk|container|ro-?ro|freighter|ore|vehicle"),
    ("fishing", r"fish|trawl"),
    ("tug", r"\btug|tow"),
    ("passenger", r"passenger|ferry|cruise|yacht|pleasure"),
)


def kind_of_code(ship_type: int | None, /) -> str | None:
    """Kind of an AIS ship type (ITU-R M.1371-5, table 53); None when it tells none of them."""
    if ship_type is None:
        return None
    if 80 <= ship_type <= 89:
        return "tanker"
    if 70 <= ship_type <= 79:
        return "cargo"
    if 60 <= ship_type <= 69 or ship_type in {36, 37}:
        return "passenger"
    return {30: "fishing", 31: "tug", 32: "tug", 52: "tug"}.get(ship_type)


def kind_of_words(text: str | None, /) -> str | None:
    """Kind of a ship type in words; the first that fits, None when none does."""
    words = (text or "").lower()
    return next((kind for kind, pattern in _WORDS if re.search(pattern, words)), None)
