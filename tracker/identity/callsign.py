"""The state in a call sign: series of the first three characters (ITU Radio Regulations, Appendix 42).

A cross-check of the MMSI's state, no more: small craft invent call signs and crews mistype them.
"""

import csv
import re
from bisect import bisect_right
from functools import cache
from importlib.resources import files

_CALLSIGN = re.compile(r"^[A-Z0-9]{3,7}$")


def state_of_callsign(callsign: str | None, /) -> str | None:
    """State to which the ITU gave the series, ISO alpha-3; None when the text is no call sign or its series is free."""
    text = re.sub(r"[\s/.-]", "", (callsign or "").upper())
    if not _CALLSIGN.match(text) or text.isdigit():
        return None
    firsts, series = _series()
    # a digit in third place stands for any letter: SSA-SSM and SSN-STZ are the only series that part there
    key = text[:3] if text[2].isalpha() else text[:2] + "A"
    place = bisect_right(firsts, key) - 1
    if place < 0:
        return None
    _, last, state = series[place]
    return state if key <= last else None


@cache
def _series() -> tuple[list[str], list[tuple[str, str, str]]]:
    text = files("tracker").joinpath("data/identity/callsigns.csv").read_text(encoding="utf-8")
    rows = sorted((row["first"], row["last"], row["state"]) for row in csv.DictReader(text.splitlines()))
    return [first for first, _, _ in rows], rows
