"""What differs between two runs: events that are new, changed or gone, each with the reason.

An event is the same in both runs when its id is (type, vessels and start to the minute), or else when type and
vessels are and the times overlap: parameters move a start by a minute and it is still the same meeting.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.archive.case import Case
from tracker.archive.runs import difference
from tracker.errors import UnknownNameError, UsageError

COMPARED = (
    "start_time",
    "end_time",
    "verdict",
    "confidence",
    "in_port",
    "lon",
    "lat",
    "min_distance_m",
    "median_distance_m",
    "hull_gap_m",
    "flag_1",
    "flag_2",
    "listed_1",
    "listed_2",
    "waters",
    "state",
    "risk_score",
    "legal_flags",
    "cargo_low_t",
    "cargo_best_t",
    "cargo_high_t",
    "product",
    "donor_mmsi",
    "receiver_mmsi",
)
"""Columns of which a change is told: the finding itself, not its wording."""


@dataclass(frozen=True)
class Change:
    """One event that differs: ``what`` is new, changed or retracted; ``event`` is its later state (or the last one)."""

    what: str
    event: Mapping[str, Any]
    before: Mapping[str, Any] | None
    differences: tuple[str, ...]
    """``column: old -> new`` for a changed event; the reason for a retracted one."""


@dataclass(frozen=True)
class Comparison:
    """Two runs and the events that differ between them."""

    old: str
    new: str
    reason: str
    changes: Sequence[Change]


def compare_runs(case: Case, old: str | None, new: str | None, /) -> Comparison:
    """What differs between two runs of a case, by the beginnings of their ids; the last two when none are named."""
    records = case.runs()
    if len(records) < 2:
        raise UsageError(
            f"{case.path} holds {len(records)} run(s); a comparison needs two. 'tracker detect' runs again."
        )
    ids = [str(record["run_id"]) for record in records]
    one, two = (ids[-2], ids[-1]) if old is None or new is None else (_run(ids, old), _run(ids, new))
    first, second = (records[ids.index(run)] for run in (one, two))
    reason = difference(first, second)
    return Comparison(one, two, reason, compare(case.events_of(one), case.events_of(two), reason=reason))


def _run(ids: list[str], wanted: str) -> str:
    found = [run for run in ids if wanted and run.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    raise UnknownNameError(
        f"{len(found) or 'No'} run(s) begin with {wanted!r}. Runs, oldest first: {', '.join(ids[-5:])}."
    )


def compare(old: Any, new: Any, /, *, reason: str) -> list[Change]:
    """Changes from one run's events to another's (Arrow, `EVENTS`), by start and vessels.

    Parameters
    ----------
    reason
        What differs between the runs, told of each event that is gone or new.
    """
    left = {row["event_id"]: row for row in old.to_pylist()}
    changes, unmatched = [], []
    for row in new.to_pylist():
        before = left.pop(row["event_id"], None)
        if before is None:
            unmatched.append(row)
        else:
            changes.append((before, row))
    by_ships = defaultdict(list)
    for row in left.values():
        by_ships[row["type"], row["mmsi_1"], row["mmsi_2"]].append(row)
    found = [Change("new", row, None, (reason,)) for row in unmatched if not _match(row, by_ships, left, changes)]
    for before, row in changes:
        told = tuple(_differences(before, row))
        if told:
            found.append(Change("changed", row, before, told))
    found += [Change("retracted", row, row, (reason,)) for row in left.values()]
    return sorted(found, key=lambda c: (c.event["start_time"], c.event["mmsi_1"], c.event["mmsi_2"] or 0, c.what))


def _match(row: Any, by_ships: Any, left: dict[str, Any], changes: list[Any]) -> bool:
    """Pair a new row with the one of the other run that it overlaps most; both are then the same event, moved."""
    others = [o for o in by_ships.get((row["type"], row["mmsi_1"], row["mmsi_2"]), ()) if o["event_id"] in left]
    others = [o for o in others if o["start_time"] <= row["end_time"] and o["end_time"] >= row["start_time"]]
    if not others:
        return False
    best = max(others, key=lambda o: min(o["end_time"], row["end_time"]) - max(o["start_time"], row["start_time"]))
    del left[best["event_id"]]
    changes.append((best, row))
    return True


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [f"{n}: {_shown(before[n])} -> {_shown(after[n])}" for n in COMPARED if _differs(before[n], after[n])]


def _differs(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) > 1e-9 * max(1.0, abs(one), abs(other))
    return bool((one or None) != (other or None)) if isinstance(one, list) or isinstance(other, list) else one != other


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
