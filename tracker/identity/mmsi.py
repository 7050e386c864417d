"""The class of an MMSI and the state in it.

An MMSI carries the state's three maritime identification digits (MID) in a place that depends on what the station is
(ITU-R M.585-9): ship MIDxxxxxx, group of ships 0MID, coast station 00MID, SAR aircraft 111MID, handheld 8MID, craft
of a mother ship 98MID, aid to navigation 99MID. Emergency devices (970, 972, 974) carry none.
"""

import csv
from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files

SHIP = "ship"
INVALID = "invalid"
CLASSES = (
    ("00", 2, "coast_station"),
    ("0", 1, "group"),
    ("111", 3, "sar_aircraft"),
    ("8", 1, "handheld"),
    ("970", None, "sart"),
    ("972", None, "mob"),
    ("974", None, "epirb"),
    ("98", 2, "craft"),
    ("99", 2, "aton"),
)
"""Prefix, where the MID begins, and the class; the first that fits counts."""
DEFAULTS = frozenset({0, 1, 1193046, 111111111, 123456789, 987654321, 999999999, *(n * 111111111 for n in range(2, 9))})
"""What transponders send that nobody has programmed, and what crews type to be rid of the question."""


def class_of(mmsi: int, /) -> str:
    """Class of an MMSI: ship, craft, coast_station, group, sar_aircraft, handheld, sart, mob, epirb, aton or invalid."""
    text = f"{mmsi:09d}"
    if mmsi < 0 or len(text) != 9 or mmsi in DEFAULTS:
        return INVALID
    for prefix, _, name in CLASSES:
        if text.startswith(prefix):
            return name
    return SHIP if "2" <= text[0] <= "7" else INVALID


def mid_of(mmsi: int, /) -> int | None:
    """The maritime identification digits, by the class; None where the class carries none or the MMSI is no MMSI."""
    kind, text = class_of(mmsi), f"{mmsi:09d}"
    if kind == INVALID:
        return None
    if kind == SHIP:
        return int(text[:3])
    start = next(place for _, place, name in CLASSES if name == kind)
    return None if start is None else int(text[start : start + 3])


@lru_cache(maxsize=100_000)
def flag_of(mmsi: int, /) -> str | None:
    """State in the MMSI, ISO alpha-3; None where it carries none or an unassigned MID."""
    mid = mid_of(mmsi)
    return None if mid is None else mids().get(mid)


@cache
def mids() -> dict[int, str]:
    """MID to state, ISO alpha-3."""
    return {int(row["mid"]): row["state"] for row in _rows()}


@cache
def mids_edition() -> str:
    """Where the table comes from: its source and edition, and what differs from that."""
    counts = Counter(row["source"] for row in _rows())
    (main, many), *others = counts.most_common()
    added = f", {sum(n for _, n in others)} by other public tables" if others else ""
    return f"{main}: {many} of {sum(counts.values())} MIDs{added}; not checked against the ITU's own list"


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files("tracker").joinpath("data/identity/mids.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
