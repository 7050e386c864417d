"""One hull handed over from MMSI to MMSI: one identity falls silent for good, another begins within reach of it.

Of many ships that stop and start in the data, a handover is told by place and time (the new identity begins where the
old hull can be by then), by the hull itself (size, type, call sign, name, IMO number), and by there being no other
ship that fits. An identity that lives within the silence of another, and begins and ends where the other stops and
comes back, is a name put on for a while: two changes. Ports are left out: there sets are switched on and off side by
side all day.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tracker.detectors.hearing import Ends, Hearing
from tracker.detectors.silences import Silences
from tracker.geo.kernels import distance_m, ecef_m
from tracker.params import Params, param
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, METRES_PER_SECOND_PER_KNOT, MILLISECONDS_PER_HOUR

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
    least_silence_h: float = param(
        1.0, "shortest silence in which another identity may be put on, h", gt=0, source="a meeting takes 45 min"
    )
    alike_m: float = param(30.0, "hulls shorter than this are alike in their hundreds, m", ge=0, source=JUDGED)
    chance_m: float = param(
        5000.0, "distance at which the chance of another ship's beginning there halves the odds, m", gt=0, source=JUDGED
    )
    draught_m: float = param(0.2, "draughts that differ less are the same, m", ge=0, source="steps of message 5: 0.1 m")
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


@dataclass(frozen=True)
class _Knot:
    """Last report of one identity and first report of another."""

    one: int
    other: int
    end_ms: int
    begin_ms: int
    lon: float
    lat: float
    speeds_kn: tuple[float, float]
    away_m: float

    def is_in_reach(self, params: IdentityParams) -> bool:
        """Whether one hull can have been at both places."""
        wait_s = (self.begin_ms - self.end_ms) / 1000.0
        known = [speed for speed in self.speeds_kn if not np.isnan(speed)]
        speed_m_s = max([params.least_kn, *known]) * METRES_PER_SECOND_PER_KNOT
        return 0 < wait_s <= 3600.0 * params.max_h and self.away_m <= params.near_m + 1.3 * speed_m_s * wait_s


def find_handovers(
    hearing: Hearing,
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: IdentityParams,
    silences: Silences | None = None,
) -> list[Handover]:
    """Pairs of identities of which one seems to carry on the other, in order of time.

    Each identity is handed over once and taken over once; one put on for a while, within one of `silences`, gives two.
    """
    found = _for_good(hearing, ship_at, params)
    if silences is not None:
        found += _for_a_while(hearing, silences, ship_at, params)
    return _one_each(found)


def _for_good(hearing: Hearing, ship_at: Callable[[int, int], Ship], params: IdentityParams) -> list[Handover]:
    """An identity that is never heard again, and one never heard before."""
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
        # a first look at the times, for all at once
        waits = first.time_ms[begins[near]] - last.time_ms[i]
        near_begins = begins[near][(waits > 0) & (waits <= longest_ms)]
        knots = [_knot(last, i, first, int(j)) for j in near_begins.tolist()]
        knots = [knot for knot in knots if knot.is_in_reach(params)]
        found += [one for knot in knots for one in _judge(knot, ship_at, rivals=len(knots) - 1, params=params)]
    return found


def _for_a_while(
    hearing: Hearing, silences: Silences, ship_at: Callable[[int, int], Ship], params: IdentityParams
) -> list[Handover]:
    """An identity whose whole life lies in a silence of another, and that begins and ends where the other does."""
    from scipy.spatial import cKDTree

    first, last = hearing.first, hearing.last
    chosen = np.flatnonzero(~silences.is_open & (silences.hours >= params.least_silence_h))
    if not len(chosen) or not len(first.mmsi):
        return []
    # an identity that lives longer than any silence is none that was put on in one
    lives_ms = last.time_ms - first.time_ms
    brief = np.flatnonzero(lives_ms < (silences.end_ms - silences.start_ms)[chosen].max())
    if not len(brief):
        return []
    tree = cKDTree(np.column_stack(ecef_m(first.lon[brief], first.lat[brief])))
    speeds = np.fmax(np.fmax(silences.sog_kn_1[chosen], silences.sog_kn_2[chosen]), 12.0)
    reach_m = params.near_m + speeds * METRES_PER_SECOND_PER_KNOT * 3600.0 * np.minimum(
        silences.hours[chosen], params.max_h
    )
    places = np.column_stack(ecef_m(silences.lon_1[chosen], silences.lat_1[chosen]))
    found: list[Handover] = []
    for s, near in zip(chosen.tolist(), tree.query_ball_point(places, reach_m), strict=True):
        if not near:
            continue
        at = brief[near]
        lives_inside = (first.time_ms[at] > silences.start_ms[s]) & (last.time_ms[at] < silences.end_ms[s])
        pairs = []
        for j in at[lives_inside].tolist():
            out, back = _knots_around(silences, s, hearing, j)
            if out.is_in_reach(params) and back.is_in_reach(params):
                pairs.append((out, back))
        for out, back in pairs:
            both = [_judge(knot, ship_at, rivals=len(pairs) - 1, params=params, is_pair=True) for knot in (out, back)]
            if all(both):
                found += [both[0][0], both[1][0]]
    return found


def _knot(last: Ends, i: int, first: Ends, j: int) -> _Knot:
    return _Knot(
        int(last.mmsi[i]),
        int(first.mmsi[j]),
        int(last.time_ms[i]),
        int(first.time_ms[j]),
        float(last.lon[i]),
        float(last.lat[i]),
        (float(last.sog_kn[i]), float(first.sog_kn[j])),
        float(distance_m(last.lon[i], last.lat[i], first.lon[j], first.lat[j])),
    )


def _knots_around(silences: Silences, s: int, hearing: Hearing, j: int) -> tuple[_Knot, _Knot]:
    """From the silent identity to the one that lives in its silence, and back."""
    here = slice(s, s + 1)
    one = silences.lon_1[here], silences.lat_1[here], silences.sog_kn_1[here]
    two = silences.lon_2[here], silences.lat_2[here], silences.sog_kn_2[here]
    before = Ends(silences.mmsi[here], silences.start_ms[here], *one)
    after = Ends(silences.mmsi[here], silences.end_ms[here], *two)
    return _knot(before, 0, hearing.first, j), _knot(hearing.last, j, after, 0)


def _judge(
    knot: _Knot, ship_at: Callable[[int, int], Ship], /, *, rivals: int, params: IdentityParams, is_pair: bool = False
) -> list[Handover]:
    """The handover of a knot; nothing when the two cannot be one hull, or the confidence is too low."""
    before, after = ship_at(knot.one, knot.end_ms), ship_at(knot.other, knot.begin_ms)
    judged = _weigh(before, after, knot, rivals=rivals, params=params, is_pair=is_pair)
    if judged is None or judged[0] < params.min_confidence:
        return []
    return [Handover(before, after, knot.end_ms, knot.begin_ms, knot.lon, knot.lat, knot.away_m, *judged)]


def _weigh(
    before: Ship, after: Ship, knot: _Knot, /, *, rivals: int, params: IdentityParams, is_pair: bool
) -> tuple[float, tuple[str, ...]] | None:
    """Confidence and reasons; None when the two cannot be one hull."""
    wait_ms, away_m = knot.begin_ms - knot.end_ms, knot.away_m
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
    if is_pair:
        logit += 2.0
        why.append("One identity was heard only while the other was silent, and begins and ends where the other does.")
    if before.length_m is not None and before.length_m < params.alike_m:
        logit -= 1.0
    fit = _way_fits(knot, why)
    # the farther off the new identity may begin, the likelier one does by chance
    logit += fit - float(np.log1p((knot.away_m * (0.3 if fit > 0 else 1.0) / params.chance_m) ** 2))
    if before.draught_m is not None and after.draught_m is not None:
        is_same = abs(before.draught_m - after.draught_m) <= params.draught_m
        logit += 0.7 if is_same else -0.5
        if is_same:
            why.append(f"Both gave a draught of {before.draught_m:.1f} m.")
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


def _way_fits(knot: _Knot, why: list[str]) -> float:
    """Evidence of going on at the same speed: the way between is what it gives."""
    one, other = knot.speeds_kn
    if not (one >= 3.0 and other >= 3.0):
        return 0.0
    hours = (knot.begin_ms - knot.end_ms) / MILLISECONDS_PER_HOUR
    made_kn = knot.away_m / METRES_PER_NAUTICAL_MILE / hours
    if abs(one - other) <= 2.0 and 0.7 <= made_kn / (0.5 * (one + other)) <= 1.3:
        why.append(f"Both went at {0.5 * (one + other):.0f} kn, and {made_kn:.0f} kn were made good between them.")
        return 1.0
    return -0.5 if abs(one - other) > 5.0 else 0.0


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
