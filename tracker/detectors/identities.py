"""One hull handed over from MMSI to MMSI: one identity falls silent for good, another begins within reach of it.

Of many ships that stop and start in the data, a handover is told by place and time (the new identity begins where the
old hull can be by then), by the hull itself (size, type, call sign, name, IMO number), and by there being no other
ship that fits. Ports are left out: there sets are switched on and off side by side all day.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from tracker.detectors.hearing import Hearing
from tracker.detectors.rows import event_row
from tracker.geo.kernels import distance_m, ecef_m
from tracker.params import Params, param
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_SECOND_PER_KNOT, MILLISECONDS_PER_HOUR

JUDGED = "engineering judgement; see the module's note"


class IdentityParams(Params):
    """When one identity carries on where another stopped."""

    max_h: float = param(6.0, "longest time between the two identities, h", gt=0, source="GFW: gaps of 6 h")
    edge_h: float = param(
        1.0, "identities that end or begin this near the ends of the data are not asked, h", ge=0, source=JUDGED
    )
    near_m: float = param(500.0, "allowance on top of the distance the hull can have made, m", ge=0, source=JUDGED)
    least_kn: float = param(3.0, "speed allowed to a hull that lay still, kn", gt=0, source="drift and manoeuvre")
    size_share: float = param(0.03, "lengths that differ less are the same, share", ge=0, source="rounding of A + B")
    size_m: float = param(2.0, "or by less than this, m", ge=0, source="rounding of A + B and C + D")
    base_logit: float = param(-1.5, "logit of an end and a beginning within reach, of one size", source=JUDGED)
    min_confidence: float = param(0.5, "handovers less sure than this are not told", ge=0, lt=1, source=JUDGED)


@dataclass(frozen=True)
class Handover:
    """A suspected change of identity."""

    before: Ship
    after: Ship
    end_ms: int
    begin_ms: int
    lon: float
    lat: float
    distance_m: float
    confidence: float
    why: tuple[str, ...]


def find_handovers(
    hearing: Hearing, ship_at: Callable[[int, int], Ship], /, *, params: IdentityParams
) -> list[Handover]:
    """Pairs of identities of which one seems to carry on the other, each identity in at most one, in order of time."""
    from scipy.spatial import cKDTree

    edge_ms, longest_ms = params.edge_h * MILLISECONDS_PER_HOUR, params.max_h * MILLISECONDS_PER_HOUR
    first, last = hearing.first, hearing.last
    ends = np.flatnonzero(hearing.end_ms - last.time_ms >= edge_ms)
    begins = np.flatnonzero(first.time_ms - hearing.begin_ms >= edge_ms)
    if not len(ends) or not len(begins):
        return []
    tree = cKDTree(np.column_stack(ecef_m(first.lon[begins], first.lat[begins])))
    places = np.column_stack(ecef_m(last.lon[ends], last.lat[ends]))
    fastest = np.maximum(np.nan_to_num(last.sog_kn[ends]), 12.0) * METRES_PER_SECOND_PER_KNOT
    found: list[Handover] = []
    for i, near in zip(
        ends.tolist(), tree.query_ball_point(places, params.near_m + fastest * params.max_h * 3600.0), strict=True
    ):
        fits = []
        for j in begins[near].tolist():
            wait_ms = int(first.time_ms[j] - last.time_ms[i])
            if not 0 < wait_ms <= longest_ms:
                continue
            speed_kn = max(float(np.nan_to_num(max(last.sog_kn[i], first.sog_kn[j]))), params.least_kn)
            reach_m = params.near_m + 1.3 * speed_kn * METRES_PER_SECOND_PER_KNOT * wait_ms / 1000.0
            away_m = float(distance_m(last.lon[i], last.lat[i], first.lon[j], first.lat[j]))
            if away_m <= reach_m:
                fits.append((j, wait_ms, away_m))
        for j, wait_ms, away_m in fits:
            before = ship_at(int(last.mmsi[i]), int(last.time_ms[i]))
            after = ship_at(int(first.mmsi[j]), int(first.time_ms[j]))
            judged = _weigh(before, after, wait_ms, away_m, rivals=len(fits) - 1, params=params)
            if judged is not None and judged[0] >= params.min_confidence:
                place = float(last.lon[i]), float(last.lat[i])
                times = int(last.time_ms[i]), int(first.time_ms[j])
                found.append(Handover(before, after, *times, *place, away_m, *judged))
    return _one_each(found)


def _weigh(
    before: Ship, after: Ship, wait_ms: int, away_m: float, /, *, rivals: int, params: IdentityParams
) -> tuple[float, tuple[str, ...]] | None:
    """Confidence and reasons; None when the two cannot be one hull."""
    same_imo = before.imo is not None and before.imo == after.imo
    if before.imo is not None and after.imo is not None and not same_imo:
        return None
    if not same_imo and not _is_same_size(before, after, params):
        return None
    hours = wait_ms / MILLISECONDS_PER_HOUR
    logit = params.base_logit + (2.0 if hours <= 0.5 else 1.0 if hours <= 2.0 else 0.0)
    why = [
        f"{after.label} was first heard {hours * 60.0:.0f} min after {before.label} was last heard, {away_m:.0f} m away."
    ]
    if same_imo:
        logit += 4.0
        why.append(f"Both gave the IMO number {before.imo}.")
    if before.length_m is not None and before.beam_m is not None and after.beam_m is not None:
        logit += 1.5
        why.append(f"Both are {before.length_m:.0f} m long and {before.beam_m:.0f} m wide.")
    for name, strength in (("callsign", 2.0), ("name", 1.0)):
        one, other = getattr(before, name), getattr(after, name)
        if one is not None and one == other:
            logit += strength
            why.append(f"Both gave the {name} {one}.")
    if before.ship_type is not None and after.ship_type is not None:
        logit += 0.5 if before.ship_type // 10 == after.ship_type // 10 else -2.0
    if rivals:
        logit -= float(np.log1p(rivals))
        why.append(f"{rivals} other identity(ies) began within reach.")
    return round(float(1.0 / (1.0 + np.exp(-logit))), 3), tuple(why)


def _is_same_size(before: Ship, after: Ship, params: IdentityParams) -> bool:
    if before.length_m is None or after.length_m is None:
        return False
    off_m = abs(before.length_m - after.length_m)
    if off_m > max(params.size_m, params.size_share * before.length_m):
        return False
    return before.beam_m is None or after.beam_m is None or abs(before.beam_m - after.beam_m) <= params.size_m


def _one_each(found: list[Handover]) -> list[Handover]:
    """Best first, each identity handed over once and taken over once."""
    kept: list[Handover] = []
    gone: set[int] = set()
    come: set[int] = set()
    for one in sorted(found, key=lambda h: (-h.confidence, h.begin_ms - h.end_ms, h.before.mmsi, h.after.mmsi)):
        if one.before.mmsi not in gone and one.after.mmsi not in come:
            gone.add(one.before.mmsi)
            come.add(one.after.mmsi)
            kept.append(one)
    return sorted(kept, key=lambda h: (h.end_ms, h.before.mmsi))


def handover_events(found: Sequence[Handover], /) -> list[dict[str, Any]]:
    """Event rows: vessel 1 is the earlier identity; the hull keeps one id."""
    rows = []
    for one in found:
        row = event_row(
            "identity_change",
            one.before,
            one.after,
            start_ms=one.end_ms,
            end_ms=one.begin_ms,
            lon=one.lon,
            lat=one.lat,
        )
        row |= {
            "confidence": one.confidence,
            "min_distance_m": round(one.distance_m, 1),
            "why": [f"Consistent with one hull under two identities: confidence {one.confidence:.2f}.", *one.why],
        }
        rows.append(row)
    return link_hulls(rows, found)


def link_hulls(rows: Sequence[Mapping[str, Any]], found: Sequence[Handover], /) -> list[dict[str, Any]]:
    """Rows with one ``hull_id`` over both identities, and one ``group_id`` over the contacts of a hull on both sides.

    Contacts with the same other ship that end at the handover and begin at it are two parts of one contact.
    """
    hulls = _hulls(found)
    linked = [
        dict(row) | {f"hull_id_{n}": hulls[row[f"mmsi_{n}"]] for n in (1, 2) if row[f"mmsi_{n}"] in hulls}
        for row in rows
    ]
    for one in found:
        for before in [row for row in linked if _ends_at(row, one)]:
            for after in [
                row for row in linked if _begins_at(row, one) and _other(row, one.after) == _other(before, one.before)
            ]:
                names = sorted({row["group_id"] for row in (before, after) if row["group_id"]})
                text = f"{before['event_id']};{after['event_id']}"
                group = names[0] if names else sha256(text.encode()).hexdigest()[:12]
                for row in linked:
                    if row is before or row is after or (row["group_id"] and row["group_id"] in names):
                        row["group_id"] = group
    return linked


def _hulls(found: Sequence[Handover]) -> dict[int, str]:
    """Hull id of every MMSI in a handover: that of the first identity of the chain."""
    hulls: dict[int, str] = {}
    for one in found:
        own = f"MMSI{one.before.mmsi:09d}" if one.before.imo is None else f"IMO{one.before.imo}"
        hulls.setdefault(one.before.mmsi, own)
        hulls[one.after.mmsi] = hulls[one.before.mmsi]
    return hulls


def _other(row: Mapping[str, Any], ship: Ship) -> int | None:
    other: int | None = row["mmsi_2"] if row["mmsi_1"] == ship.mmsi else row["mmsi_1"]
    return other


def _ends_at(row: Mapping[str, Any], one: Handover) -> bool:
    ends_ms = row["end_time"].timestamp() * 1000.0
    return (
        row["type"] == "encounter"
        and one.before.mmsi in (row["mmsi_1"], row["mmsi_2"])
        and bool(abs(ends_ms - one.end_ms) <= MILLISECONDS_PER_HOUR)
    )


def _begins_at(row: Mapping[str, Any], one: Handover) -> bool:
    begins_ms = row["start_time"].timestamp() * 1000.0
    return (
        row["type"] == "encounter"
        and one.after.mmsi in (row["mmsi_1"], row["mmsi_2"])
        and bool(abs(begins_ms - one.begin_ms) <= MILLISECONDS_PER_HOUR)
    )
