"""Our own counts beside those that others reported: voyages that a case found, by class of ship.

They are of what AIS showed in the case's place and time, and stand beside a reported figure, never in its stead.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Row = Mapping[str, Any]
CARRIES_GOODS = ("cargo", "barge or tow", "unknown")


def own_counts(voyages: Sequence[Row], /) -> dict[str, dict[str, Any]]:
    """Counts by the row of ``seed_reproduction.csv`` that they stand beside.

    Parameters
    ----------
    voyages : rows of the table ``voyages``, calls that are feasible only among them
    """
    seen = [v for v in voyages if v["probability"] == 1.0]
    outward = [v for v in seen if (v["from_state"], v["to_state"]) == ("PRK", "CHN")]
    goods = [v for v in outward if v["ship_class"] in CARRIES_GOODS]
    trips = _round_trips(seen)
    return {
        "A17": {
            "what": "voyages from a port of the DPRK to one of China, of ships that are no tankers",
            "n": len(goods),
            "by_class": dict(sorted(Counter(v["ship_class"] for v in goods).items())),
        },
        "A18": {
            "what": "round trips China - DPRK - China under China's flag; AIS has no code for a self-propelled barge",
            "n": len(trips),
            "by_class": dict(sorted(Counter(v["ship_class"] for v in trips).items())),
        },
    }


def counts_lines(counts: Mapping[str, Mapping[str, Any]], /) -> list[str]:
    """Lines for a terminal."""
    lines = ["Our own counts in this case, beside the reported ones:"] if counts else []
    for seed_id, one in counts.items():
        classes = ", ".join(f"{name} {n:,}" for name, n in one["by_class"].items())
        lines.append(f"  {seed_id} {one['what']}: {one['n']:,}" + (f" ({classes})" if classes else ""))
    return lines


def _round_trips(voyages: Sequence[Row]) -> list[Row]:
    """Voyages into the DPRK that the same ship followed by one back to China."""
    by_ship: dict[int, list[Row]] = {}
    for v in voyages:
        if v["flag"] == "CHN":
            by_ship.setdefault(v["mmsi"], []).append(v)
    found = []
    for legs in by_ship.values():
        legs.sort(key=lambda v: v["leg"])
        for there, back in pairwise(legs):
            is_there = (there["from_state"], there["to_state"]) == ("CHN", "PRK")
            if (
                is_there
                and back["leg"] == there["leg"] + 1
                and (back["from_state"], back["to_state"]) == ("PRK", "CHN")
            ):
                found.append(there)
    return found
