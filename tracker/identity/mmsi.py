"""The class of an MMSI and the state in it.

An MMSI carries the state's three maritime identification digits (MID) in a place that depends on what the station is
(ITU-R M.585-9): ship MIDxxxxxx, group of ships 0MID, coast station 00MID, SAR aircraft 111MID, handheld 8MID, craft
of a mother ship 98MID, aid to navigation 99MID. Emergency devices (970, 972, 974) carry none.
"""

import csv
from functools import cache
from importlib.resources import files

SHIP = "ship"
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


def class_of(mmsi: int, /) -> str:
    """Class of an MMSI: ship, craft, coast_station, group, sar_aircraft, handheld, sart, mob, epirb, aton or invalid."""
    text = f"{mmsi:09d}"
    if len(text) != 9:
        return "invalid"
    for prefix, _, name in CLASSES:
        if text.startswith(prefix):
            return name
    return SHIP if "2" <= text[0] <= "7" else "invalid"


def flag_of(mmsi: int, /) -> str | None:
    """State in the MMSI, ISO alpha-3; None where it carries none or an unassigned MID."""
    text = f"{mmsi:09d}"
    if len(text) != 9:
        return None
    for prefix, start, _ in CLASSES:
        if text.startswith(prefix):
            return None if start is None else mids().get(int(text[start : start + 3]))
    return mids().get(int(text[:3]))


@cache
def mids() -> dict[int, str]:
    """MID to state, ISO alpha-3."""
    text = files("tracker").joinpath("data/identity/mids.csv").read_text(encoding="utf-8")
    return {int(row["mid"]): row["state"] for row in csv.DictReader(text.splitlines())}
