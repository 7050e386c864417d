"""Words that providers write for the codes of ITU-R M.1371-5: navigational status (table 45) and type of ship (table 53)."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

STATUSES = {
    "under way using engine": 0,
    "underway using engine": 0,
    "at anchor": 1,
    "not under command": 2,
    "restricted maneuverability": 3,
    "restricted manoeuvrability": 3,
    "constrained by her draught": 4,
    "constrained by draught": 4,
    "moored": 5,
    "aground": 6,
    "engaged in fishing": 7,
    "under way sailing": 8,
    "underway sailing": 8,
    "reserved for future amendment [hsc]": 9,
    "reserved for future amendment [wig]": 10,
    "power-driven vessel towing astern": 11,
    "power-driven vessel pushing ahead or towing alongside": 12,
    "ais-sart (active)": 14,
    "ais-sart": 14,
}
TYPES = {
    "wig": 20,
    "fishing": 30,
    "towing": 31,
    "towing long/wide": 32,
    "dredging": 33,
    "diving": 34,
    "military": 35,
    "sailing": 36,
    "pleasure": 37,
    "pleasure craft": 37,
    "hsc": 40,
    "pilot": 50,
    "sar": 51,
    "tug": 52,
    "port tender": 53,
    "anti-pollution": 54,
    "law enforcement": 55,
    "medical": 58,
    "not party to conflict": 59,
    "passenger": 60,
    "cargo": 70,
    "tanker": 80,
    "other": 90,
}
COAST_GUARD_TYPES = {
    1001: 30,
    1002: 30,
    1003: 70,
    1004: 70,
    1010: 90,
    1012: 60,
    1013: 60,
    1014: 60,
    1015: 60,
    1016: 70,
    1017: 80,
    1019: 37,
    1023: 80,
    1024: 80,
    1025: 31,
}
"""NOAA files up to 2017 also hold service codes of the US Coast Guard. Source: MarineCadastre, Vessel Type Codes (2018):
freight ship 1004, tank barge 1023, tank ship 1024, towing vessel 1025; those without an AIS type stay out."""


def with_codes(texts: Any, words: dict[str, int], /) -> Any:
    """Text with known words replaced by the digits of their code; other text stands as it is."""
    place = pc.index_in(pc.utf8_lower(texts), pa.array(list(words)))
    return pc.coalesce(pc.take(pa.array([str(code) for code in words.values()]), place), texts)


def ais_types(texts: Any, /) -> Any:
    """Text of ship types as text of AIS codes."""
    service = {str(code): ais for code, ais in COAST_GUARD_TYPES.items()}
    plain = pc.replace_substring_regex(texts, pattern=r"\.0+$", replacement="")
    return with_codes(with_codes(plain, TYPES), service)


def ais_statuses(texts: Any, /) -> Any:
    """Text of navigational statuses as text of AIS codes."""
    return with_codes(texts, STATUSES)


def ais_classes(texts: Any, /) -> Any:
    """``Class A`` and ``A`` as ``A``; what is neither A nor B is unknown."""
    last = pc.utf8_upper(pc.replace_substring_regex(texts, pattern=r"(?i)^class\s*", replacement=""))
    return pc.if_else(pc.is_in(last, pa.array(["A", "B"])), last, pa.scalar(None, pa.string()))
