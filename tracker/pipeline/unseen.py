"""For a dossier: where a silent ship could have been, and the ships that may have been the one not heard."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.archive.case import Case
from tracker.errors import UnknownNameError, UsageError
from tracker.geo.kernels import distance_m
from tracker.identity.cards import Cards
from tracker.identity.mmsi import flag_of
from tracker.tables.column import UTC_MS
from tracker.units import METRES_PER_NAUTICAL_MILE
from tracker.views.facts import Candidate, Silent

MOST_CANDIDATES = 10
SEARCH_MS = 5 * 86_400_000
"""Reports of candidates are looked for this long before and after the stay."""


def reach_of(case: Case, event: Mapping[str, Any], /) -> tuple[Silent | None, str]:
    """The area of reach of a gap, or of the best candidate of a dark meeting; else the reason why there is none."""
    from tracker.pipeline.reach import find_silence_reach

    if event["type"] not in ("gap", "dark_encounter"):
        return None, ""
    if event["type"] == "dark_encounter" and event["mmsi_2"] is None:
        return None, "No ship of the case is likely enough to be the one that was not heard, so no reach is drawn."
    try:
        answer = find_silence_reach(case, event["event_id"])
    except (UnknownNameError, UsageError) as error:
        return None, f"No area of reach: {error}"
    import shapely

    told = answer.record()
    return Silent(told["name"] or str(told["mmsi"]), told, shapely.geometry.mapping(answer.area)), ""


def candidates_of(case: Case, event: Mapping[str, Any], /) -> tuple[list[Candidate], float | None]:
    """Candidates of a dark meeting, ranked, and the probability that it was none of them."""
    told = json.loads(event["candidates"] or "[]")
    if not told:
        return [], None
    nobody = max(1.0 - sum(row["probability"] for row in told), 0.0)
    shown = told[:MOST_CANDIDATES]
    mmsis = [int(row["mmsi"]) for row in shown]
    start, end = (round(event[f"{name}_time"].timestamp() * 1000) for name in ("start", "end"))
    store = case.store()
    span = {"start": [start - SEARCH_MS] * len(mmsis), "end": [end + SEARCH_MS] * len(mmsis)}
    heard = store.windows(
        pa.table(
            {"mmsi": pa.array(mmsis, pa.int32())}
            | {name: pa.array(at, pa.int64()).cast(UTC_MS) for name, at in span.items()}
        )
    )
    cards = Cards(store.statics(mmsis=mmsis))
    middle = (start + end) // 2
    found = []
    for row, mmsi in zip(shown, mmsis, strict=True):
        ends = _ends(heard.get(mmsi), event, start, end)
        name = cards.ship_at(mmsi, middle).name
        found.append(Candidate(mmsi, name, flag_of(mmsi), float(row["probability"]), *ends))
    return found, nobody


def _ends(
    fixes: Any, event: Mapping[str, Any], start: int, end: int
) -> tuple[float | None, float | None, float | None, float | None, float | None]:
    """Last heard before the stay is over and next after it began, distances from it, and the speed that this needs.

    The silence of a candidate holds a moment of the stay; it is the longest stretch without a report that does.
    """
    if fixes is None or not len(fixes):
        return (None,) * 5
    time = fixes.time_ms
    edges = np.concatenate([[np.iinfo(np.int64).min // 2], time, [np.iinfo(np.int64).max // 2]])
    shared = np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)
    at = int(shared.argmax())  # between report at - 1 and report at
    away = [
        None
        if not 0 <= i < len(time)
        else float(distance_m(fixes.lon[i], fixes.lat[i], event["lon"], event["lat"])) / METRES_PER_NAUTICAL_MILE
        for i in (at - 1, at)
    ]
    last = float(time[at - 1]) / 1000.0 if at >= 1 else None
    nxt = float(time[at]) / 1000.0 if at < len(time) else None
    needed = None
    if last is not None and nxt is not None and away[0] is not None and away[1] is not None:
        needed = (away[0] + away[1]) / max((nxt - last) / 3600.0, 1e-9)
    return last, nxt, away[0], away[1], needed
