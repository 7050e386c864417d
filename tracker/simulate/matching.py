"""Which event found which truth: the same pair at the same time.

Rules, in the order in which they are applied:

- An event finds a meeting when it is about the same two MMSIs and overlaps its time (with a margin).
- Several events may find one meeting: it counts once, as split, from the first start to the last end.
- An event about two ships of one raft that did not lie against each other is neutral: neither right nor wrong.
- A meeting with a dark partner is found by a ``dark_encounter`` of the ship that was heard, whatever candidates it
  ranks; the rank of the true partner is measured apart.
- Contacts in port are not judged: they are findings about a port. A decoy is never found; an event about one is false.
"""

import json
from dataclasses import dataclass
from typing import Any

from tracker.params import Params, param
from tracker.simulate.truth import MEETING_TYPES


class MatchParams(Params):
    """When an event is about a meeting."""

    margin_min: float = param(
        10.0, "an event this far from a meeting in time still overlaps it, min", ge=0, source="detection.md: 10 min"
    )


@dataclass(frozen=True)
class Judged:
    """One event of a two-ship type and what it is: index into the truth, or None; ``neutral`` events count nowhere."""

    event: dict[str, Any]
    truth: int | None
    neutral: bool = False

    @property
    def is_likely(self) -> bool:
        """Called a likely transfer."""
        return bool(self.event["verdict"] == "likely")

    @property
    def is_false(self) -> bool:
        """About no meeting that took place."""
        return self.truth is None and not self.neutral


COLUMNS = (
    "type",
    "verdict",
    "confidence",
    "in_port",
    "mmsi_1",
    "mmsi_2",
    "start_time",
    "end_time",
    "candidates",
)
"""The columns of the events table that are needed here."""


def match(events: Any, truth: Any, /, *, params: MatchParams) -> list[Judged]:
    """Judge every encounter and dark encounter of an events table against a truth table."""
    from datetime import timedelta

    margin = timedelta(minutes=params.margin_min)
    rows = truth.to_pylist()
    meetings: dict[frozenset[int], list[int]] = {}
    heard: dict[int, list[int]] = {}
    rafts: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        if row["type"] not in MEETING_TYPES:
            continue
        if row["mmsi_2"] is not None:
            meetings.setdefault(frozenset((row["mmsi_1"], row["mmsi_2"])), []).append(number)
        if row["type"] == "dark_encounter":
            heard.setdefault(row["mmsi_1"], []).append(number)
        if row["group_id"]:
            for mmsi in (row["mmsi_1"], row["mmsi_2"]):
                rafts.setdefault(mmsi, []).append(number)

    def overlaps(event: dict[str, Any], number: int) -> bool:
        row = rows[number]
        return bool(event["start_time"] <= row["end_time"] + margin and event["end_time"] >= row["start_time"] - margin)

    judged = []
    for event in events.select([name for name in COLUMNS if name in events.column_names]).to_pylist():
        if event["type"] not in {"encounter", "dark_encounter"}:
            continue
        pair = frozenset((event["mmsi_1"], event["mmsi_2"]))
        about = [n for n in meetings.get(pair, []) if overlaps(event, n)]
        if not about and event["type"] == "dark_encounter":
            about = [n for n in heard.get(event["mmsi_1"], []) if overlaps(event, n)]
        found = max(about, key=lambda n: _common_s(event, rows[n])) if about else None
        neutral = bool(event.get("in_port")) and found is None
        if found is None and not neutral and event["mmsi_2"] is not None:
            neutral = _raft_mates(event, rows, rafts, overlaps)
        judged.append(Judged(event, found, neutral))
    return judged


def rank_of_partner(event: dict[str, Any], mmsi: int, /) -> int | None:
    """Place of a ship among the ranked candidates of a dark encounter, from 1; None when she is not among them.

    Candidates are JSON: a list of objects with ``mmsi``, best first. Vessel 2 stands first where there is no list.
    """
    try:
        listed = json.loads(event["candidates"] or "[]")
        ranked = [int(one["mmsi"]) for one in listed]
    except (ValueError, TypeError, KeyError):
        ranked = []
    if not ranked and event["mmsi_2"] is not None:
        ranked = [event["mmsi_2"]]
    return ranked.index(mmsi) + 1 if mmsi in ranked else None


def _common_s(event: dict[str, Any], row: dict[str, Any], /) -> float:
    start, end = max(event["start_time"], row["start_time"]), min(event["end_time"], row["end_time"])
    return float((end - start).total_seconds())


def _raft_mates(
    event: dict[str, Any], rows: list[dict[str, Any]], rafts: dict[int, list[int]], overlaps: Any, /
) -> bool:
    groups = [
        {rows[n]["group_id"] for n in rafts.get(mmsi, []) if overlaps(event, n)}
        for mmsi in (event["mmsi_1"], event["mmsi_2"])
    ]
    return bool(groups[0] & groups[1])
