"""What loitering was: at anchor, adrift, or a wait off a port; one row for one wait.

A ship that lay off a port and then called there, or lay in its roadstead, had a reason that everybody can see: she is
told as waiting, with less confidence. Anchored waits of one ship at one place with short breaks are one row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tracker.detectors.calls import Call
from tracker.detectors.posture import Posture
from tracker.geo.kernels import distance_m
from tracker.params import Params, param
from tracker.tables.journeys import BERTH, DRIFTING, FEASIBLE, WAITING
from tracker.units import METRES_PER_NAUTICAL_MILE

JUDGED = "engineering judgement; see the module's note"
MOSTLY = 0.9
"""Of a stop within a call: its first and last minutes are those of coming and going."""


class WaitingParams(Params):
    """When loitering is a wait off a port."""

    port_nm: float = param(25.0, "a port this near may be what she waits for, nm", gt=0, source=JUDGED)
    within_h: float = param(48.0, "how soon she then calls there, h", gt=0, source=JUDGED)
    share: float = param(0.4, "weight of a wait beside loitering without a reason", gt=0, le=1, source=JUDGED)
    same_nm: float = param(0.5, "spells of one ship this near are one wait, nm", ge=0, source="swing and hull")
    break_h: float = param(12.0, "longest break inside one wait, h", ge=0, source=JUDGED)
    berth_nm: float = param(
        0.25,
        "a stop this near the place of her call, and within it, was at the berth, nm",
        gt=0,
        source="a basin's size",
    )
    in_port_cap: float = param(
        0.15, "highest confidence of a dark meeting at a berth", gt=0, lt=1, source="contract: in port is unlikely"
    )
    anchor_spread_m: float = param(
        400.0, "a ship that strays less lies at anchor, m", gt=0, source="as in loitering: chain and hull"
    )


def tell_activities(
    rows: Sequence[dict[str, Any]],
    postures: Mapping[str, Posture],
    calls: Sequence[Call],
    /,
    *,
    params: WaitingParams,
) -> list[dict[str, Any]]:
    """Event rows with the ``activity`` of loitering filled, and waits in parts joined.

    A stop at the berth of a port call is no loitering, and a dark meeting there is one in port.

    Parameters
    ----------
    postures : by event id, of the loitering rows whose reports were read
    calls : port calls of the run
    """
    by_ship: dict[int, list[Call]] = {}
    for call in calls:
        if call.basis != FEASIBLE:
            by_ship.setdefault(call.ship.mmsi, []).append(call)
    told = []
    last: dict[int, dict[str, Any]] = {}
    for row in rows:
        berth = _berth_of(row, by_ship.get(row["mmsi_1"], ()), params)
        if row["type"] != "loitering":
            told.append(row if berth is None or row["type"] != "dark_encounter" else _in_port(row, berth, params))
            continue
        if berth is not None:
            # her call tells it
            continue
        named = _told(row, postures.get(row["event_id"]), by_ship.get(row["mmsi_1"], ()), params)
        before = last.get(row["mmsi_1"])
        if before is not None and _is_one_wait(before, named, params):
            _extend(before, named)
            continue
        last[row["mmsi_1"]] = named
        told.append(named)
    return told


def possible_waits(
    rows: Sequence[Mapping[str, Any]], /, *, params: WaitingParams
) -> list[tuple[Mapping[str, Any], datetime]]:
    """Loitering rows, in order of time, with the ends that they have if the spells after them are the same wait."""
    by_ship: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_ship.setdefault(row["mmsi_1"], []).append(row)
    found = []
    for own in by_ship.values():
        for i, one in enumerate(own):
            end = one["end_time"]
            for two in own[i + 1 :]:
                if two["start_time"] - end > timedelta(hours=params.break_h):
                    break
                if _goes_on(one, end, two, params):
                    end = two["end_time"]
                    found.append((one, end))
    return found


def _told(row: dict[str, Any], posture: Posture | None, calls: Sequence[Call], params: WaitingParams) -> dict[str, Any]:
    row = dict(row)
    if posture is not None:
        row["activity"] = posture.activity(anchor_spread_m=params.anchor_spread_m)
        row["why"] = [*row["why"], *posture.sentences()]
    port = _waits_for(row, calls, params)
    if port is not None:
        row["activity"] = WAITING
        row["confidence"] = round(row["confidence"] * params.share, 3)
        row["why"] = [*row["why"], port]
    return row


def _berth_of(row: Mapping[str, Any], calls: Sequence[Call], params: WaitingParams) -> Call | None:
    """The call at a berth within which, and where, a ship was slow."""
    if row["type"] not in ("loitering", "dark_encounter"):
        return None
    start_ms, end_ms = (round(row[name].timestamp() * 1000) for name in ("start_time", "end_time"))
    for call in calls:
        common_ms = min(call.end_ms, end_ms) - max(call.start_ms, start_ms)
        if call.basis == BERTH and common_ms >= MOSTLY * max(end_ms - start_ms, 1):
            away_nm = float(distance_m(row["lon"], row["lat"], call.lon, call.lat)) / METRES_PER_NAUTICAL_MILE
            if away_nm <= params.berth_nm:
                return call
    return None


def _in_port(row: dict[str, Any], call: Call, params: WaitingParams) -> dict[str, Any]:
    row = dict(row)
    row["in_port"], row["verdict"] = True, "unlikely"
    row["confidence"] = min(row["confidence"], params.in_port_cap)
    row["why"] = [
        f"Not taken for a meeting: confidence {row['confidence']:.2f}.",
        f"In port: she lay at a berth of {call.label} then.",
        *(row["why"] or [])[1:],
    ]
    return row


def _waits_for(row: Mapping[str, Any], calls: Sequence[Call], params: WaitingParams) -> str | None:
    """Say which call explains it: one that followed soon, or one in whose roadstead she lay."""
    start_ms, end_ms = (round(row[name].timestamp() * 1000) for name in ("start_time", "end_time"))
    for call in calls:
        after_h = (call.start_ms - end_ms) / 3.6e6
        if call.start_ms < end_ms and call.end_ms > start_ms:
            return f"Waiting: it is part of her call at {call.label}."
        if 0 <= after_h <= params.within_h:
            away_nm = float(distance_m(row["lon"], row["lat"], call.lon, call.lat)) / METRES_PER_NAUTICAL_MILE
            if away_nm <= params.port_nm:
                return f"Waiting off a port: {after_h:.1f} h later she called at {call.label}, {away_nm:.0f} nm away."
    return None


def _is_one_wait(one: Mapping[str, Any], two: Mapping[str, Any], params: WaitingParams) -> bool:
    if one.get("activity") == DRIFTING or two.get("activity") != one.get("activity"):
        return False
    return _goes_on(one, one["end_time"], two, params)


def _goes_on(one: Mapping[str, Any], end: datetime, two: Mapping[str, Any], params: WaitingParams) -> bool:
    """Whether a spell began at the place of another soon after that ended."""
    if not timedelta(0) <= two["start_time"] - end <= timedelta(hours=params.break_h):
        return False
    apart_nm = float(distance_m(one["lon"], one["lat"], two["lon"], two["lat"])) / METRES_PER_NAUTICAL_MILE
    return apart_nm <= params.same_nm


def _extend(one: dict[str, Any], two: Mapping[str, Any]) -> None:
    one["end_time"] = two["end_time"]
    one["duration_h"] = round((one["end_time"] - one["start_time"]).total_seconds() / 3600, 4)
    one["confidence"] = max(one["confidence"], two["confidence"])
    told = f"It goes on at the same place until {two['end_time']:%Y-%m-%d %H:%MZ}, with breaks."
    one["why"] = [*(line for line in one["why"] if not line.startswith("It goes on")), told]
