"""Places that no moving ship says: the same one for hours while she goes, and rings.

A ship made fast says the same place and no speed; a ship at anchor swings on a ring at a fraction of a knot. So both
need her own word that she goes, or a way made that says so. Rings are fitted by least squares (Kasa 1976) to the
reports of the hours that the pass marked, and grown from there.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.falsehood import Falsehood, Rows, SpoofingParams, Track, falsehood
from tracker.geo.kernels import distance_m, from_local_xy_m, local_xy_m
from tracker.units import METRES_PER_NAUTICAL_MILE, METRES_PER_SECOND_PER_KNOT, MILLISECONDS_PER_HOUR

FloatArray = npt.NDArray[np.float64]
LONGEST_STEP_MS = MILLISECONDS_PER_HOUR
LEAST_FROZEN = 6
LEAST_ON_RING = 8
SECTORS = 12


def find_frozen(track: Track, /, *, params: SpoofingParams) -> list[Falsehood]:
    """Stretches at one place, to the last digit, during which the ship says that she goes."""
    fixes = track.fixes
    if not len(fixes):
        return []
    same = (np.diff(fixes.lon_e7) == 0) & (np.diff(fixes.lat_e7) == 0) & (np.diff(fixes.time_ms) <= LONGEST_STEP_MS)
    first = np.append(0, np.flatnonzero(~same) + 1)
    last = np.append(first[1:], len(fixes)) - 1
    # most stretches are one report: only long ones are looked at
    long = (last - first + 1 >= LEAST_FROZEN) & (
        fixes.time_ms[last] - fixes.time_ms[first] >= 60_000 * params.frozen_min
    )
    found = []
    for begin, end in zip(first[long].tolist(), last[long].tolist(), strict=True):
        rows = np.arange(begin, end + 1)
        minutes = (fixes.time_ms[end] - fixes.time_ms[begin]) / 60_000
        sog = fixes.sog_kn[rows].astype(np.float64)
        known = sog[~np.isnan(sog)]
        if len(known) < LEAST_FROZEN or float(np.percentile(known, 10)) < params.frozen_kn:
            continue
        way_nm = float(np.median(known)) * minutes / 60.0
        why = [
            f"The same place to the last digit in {len(rows)} reports over {minutes / 60:.1f} h, while she says "
            f"{float(np.median(known)):.1f} kn: {way_nm:.1f} nm of way that was not made.",
            "Consistent with a false position, or with a relay that sends an old one again.",
        ]
        confidence = 0.6 + 0.3 * min(way_nm / 20.0, 1.0)
        found.append(falsehood("frozen", track, rows, confidence=confidence, why=why, is_false=True))
    return found


def find_frozen_stays(track: Track, stays: Sequence[Rows], /, *, params: SpoofingParams) -> list[Falsehood]:
    """Stays after a jump that never move by a digit, whatever the speed she says."""
    fixes, found = track.fixes, []
    for rows in stays:
        hours = (fixes.time_ms[rows[-1]] - fixes.time_ms[rows[0]]) / MILLISECONDS_PER_HOUR
        is_one = np.ptp(fixes.lon_e7[rows]) == 0 and np.ptp(fixes.lat_e7[rows]) == 0
        if is_one and len(rows) >= 2 * LEAST_FROZEN and hours >= params.frozen_min / 60.0:
            why = [f"The same place to the last digit in {len(rows)} reports over {hours:.1f} h, after a jump."]
            found.append(falsehood("frozen", track, rows, confidence=0.75, why=why, is_false=True))
    return found


def find_circles(track: Track, hours: npt.NDArray[np.int64], /, *, params: SpoofingParams) -> list[Falsehood]:
    """Rings in the hours (since 1970) that the pass marked, each grown over the reports next to it."""
    found: list[Falsehood] = []
    marked = np.unique(hours) * MILLISECONDS_PER_HOUR
    for hull in np.unique(track.label[track.label >= 0]).tolist():
        rows = track.rows(hull)
        done = -1
        bounds = np.searchsorted(track.fixes.time_ms[rows], [marked, marked + MILLISECONDS_PER_HOUR])
        bounds = bounds[:, bounds[1] - bounds[0] >= LEAST_ON_RING]
        may_be = _may_be_rings(track, rows, bounds[0], bounds[1], params)
        for begin, end in bounds[:, may_be].T.tolist():
            seed = rows[begin:end]
            if seed[-1] <= done:
                continue
            one = _ring(track, rows, seed, params)
            if one is not None:
                found.append(one)
                done = int(one.rows[-1])
    return found


def _may_be_rings(track: Track, rows: Rows, begin: Rows, end: Rows, params: SpoofingParams) -> npt.NDArray[np.bool_]:
    """Seeds (from and to, of the rows) that `_fit` may find a ring in: the same bounds, a little wider, of all at once."""
    if not len(begin):
        return np.empty(0, np.bool_)
    sizes = end - begin
    starts = np.cumsum(sizes) - sizes
    own = track.fixes.take(rows[np.arange(int(sizes.sum())) + np.repeat(begin - starts, sizes)])
    lon, lat = own.lon, own.lat
    x, y = local_xy_m(lon, lat, np.repeat(lon[starts], sizes), np.repeat(lat[starts], sizes))
    return rings_between(x, y, sizes, least_m=params.circle_min_m / 1.6, most_m=params.circle_max_m * 1.6, flat=1e-8)


def rings_between(
    x: FloatArray, y: FloatArray, sizes: Rows, /, *, least_m: float, most_m: float, flat: float
) -> npt.NDArray[np.bool_]:
    """Whether circles through groups of places, by least squares (Kasa 1976), have radii within bounds.

    Parameters
    ----------
    x, y : places, m, group after group of `sizes`
    flat : share of its spread along a line below which a group says nothing of a radius, and passes
    """
    starts = np.cumsum(sizes) - sizes
    x, y = (one - np.repeat(np.add.reduceat(one, starts) / sizes, sizes) for one in (x, y))
    z = x * x + y * y
    xx, xy, yy, xz, yz, zs = (np.add.reduceat(one, starts) for one in (x * x, x * y, y * y, x * z, y * z, z))
    spread = xx * yy - xy * xy
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = 0.5 * (xz * yy - yz * xy) / spread, 0.5 * (yz * xx - xz * xy) / spread
        radius_m = np.sqrt(a * a + b * b + zs / sizes)
    is_flat = spread <= flat * (xx + yy) ** 2
    is_within = (radius_m >= least_m) & (radius_m <= most_m)
    return np.asarray(is_within | is_flat)


def _ring(track: Track, rows: Rows, seed: Rows, params: SpoofingParams) -> Falsehood | None:
    seen = track.fixes.take(seed)
    fit = _fit(seen.lon, seen.lat, least_m=params.circle_min_m, most_m=params.circle_max_m)
    if fit is None or not params.circle_min_m <= fit[2] <= params.circle_max_m:
        return None
    lon, lat, radius_m, _ = fit
    rows = _on_ring(track, rows, int(np.searchsorted(rows, seed[len(seed) // 2])), lon, lat, radius_m, params)
    if len(rows) < LEAST_ON_RING:
        return None
    seen = track.fixes.take(rows)
    sog = seen.sog_kn.astype(np.float64)
    said_kn = None if np.isnan(sog).all() else float(np.nanmedian(sog))
    if said_kn is not None and said_kn < params.circle_kn:
        # most rings are those of ships at anchor
        return None
    lon_of, lat_of = seen.lon, seen.lat
    fit = _fit(lon_of, lat_of, least_m=params.circle_min_m, most_m=np.inf)
    if fit is None:
        return None
    lon, lat, radius_m, scatter_m = fit
    if scatter_m > max(params.circle_error * radius_m, 5.0) or not radius_m >= params.circle_min_m:
        return None
    east, north = local_xy_m(lon_of, lat_of, lon, lat)
    angle = np.arctan2(east, north)
    filled = len(np.unique(np.floor((angle + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS))
    seconds = np.diff(seen.time_ms) / 1000.0
    chord_m = distance_m(lon_of[:-1], lat_of[:-1], lon_of[1:], lat_of[1:])
    made_kn = float(chord_m.sum() / max(seconds.sum(), 1.0)) / METRES_PER_SECOND_PER_KNOT
    speed_kn = made_kn if said_kn is None else said_kn
    turns = speed_kn * METRES_PER_SECOND_PER_KNOT * float(seconds.sum()) / (2 * np.pi * radius_m)
    if filled < SECTORS * 3 // 4 or speed_kn < params.circle_kn or turns < params.circle_turns:
        return None
    sideways = (speed_kn * METRES_PER_SECOND_PER_KNOT) ** 2 / radius_m
    impossible = sideways >= params.turning_m_s2
    leg_kn = float(chord_m.max() / max(float(seconds[int(np.argmax(chord_m))]), 1.0)) / METRES_PER_SECOND_PER_KNOT
    why = [
        f"{len(rows)} reports on a ring of {radius_m:,.0f} m radius (scatter {scatter_m:,.0f} m), {filled} of {SECTORS} "
        f"sectors filled, in {seconds.sum() / 3600:.1f} h at {speed_kn:.1f} kn: {turns:.1f} turns.",
        f"Going round so takes {sideways:.2f} m/s2 sideways, "
        + ("which no ship makes." if impossible else "which a ship can make: a wheel held over would look alike.")
        + f" Fastest step {leg_kn:.1f} kn.",
    ]
    confidence = (0.9 if impossible else 0.5) + 0.05 * min(turns / 10.0, 1.0)
    return falsehood("circle", track, rows, confidence=confidence, why=why, is_false=True)


def _on_ring(
    track: Track, rows: Rows, middle: int, lon: float, lat: float, radius_m: float, params: SpoofingParams
) -> Rows:
    """The run of rows near a ring about the middle one, looked for ever farther out until it ends on both sides."""
    reach = 4 * LEAST_ON_RING
    while True:
        begin, stop = max(middle - reach, 0), min(middle + reach, len(rows))
        own = track.fixes.take(rows[begin:stop])
        off_m = np.abs(distance_m(own.lon, own.lat, lon, lat) - radius_m)
        near = off_m <= 3.0 * max(params.circle_error * radius_m, 5.0)
        run = _around(rows[begin:stop], near, middle - begin)
        # a run that ends inside would end there whatever lies beyond
        is_whole = (begin == 0 or _ends(near[: middle - begin + 1])) and (
            stop == len(rows) or _ends(near[middle - begin :])
        )
        if is_whole:
            return run
        reach *= 4


def _ends(near: npt.NDArray[np.bool_]) -> bool:
    """Whether two rows off in succession lie among some."""
    return bool(np.any(~near[1:] & ~near[:-1]))


def _around(rows: Rows, near: npt.NDArray[np.bool_], middle: int) -> Rows:
    """The run of rows near the ring about the middle of the seed; one row in ten may be off it."""
    off = np.flatnonzero(~near)
    if not len(off):
        return rows
    # two rows off in succession end the run
    ends = off[:-1][np.diff(off) == 1]
    before, after = ends[ends < middle], ends[ends >= middle]
    begin = int(before[-1]) + 2 if len(before) else 0
    stop = int(after[0]) if len(after) else len(rows)
    chosen = rows[begin:stop]
    return np.asarray(chosen[near[begin:stop]])


def _fit(
    lon: FloatArray, lat: FloatArray, *, least_m: float, most_m: float
) -> tuple[float, float, float, float] | None:
    """Centre (degrees), radius and scatter of the radius (m) of a circle through points.

    None when there is none; there may be none where the radius is not within bounds.
    """
    lon0, lat0 = float(lon[0]), float(lat[0])
    east, north = local_xy_m(lon, lat, lon0, lat0)
    span = float(np.hypot(np.ptp(east), np.ptp(north)))
    if not np.isfinite(span) or span <= 0 or span > 50.0 * METRES_PER_NAUTICAL_MILE:
        return None
    x, y = east - east.mean(), north - north.mean()
    if not least_m / 1.5 <= _rough_radius_m(x, y) <= most_m * 1.5:
        return None
    system = np.column_stack([x, y, np.ones(len(x))])
    answer, _, rank, _ = np.linalg.lstsq(system, x * x + y * y, rcond=None)
    if rank < 3:
        return None
    a, b = 0.5 * answer[0], 0.5 * answer[1]
    radius = float(np.sqrt(max(answer[2] + a * a + b * b, 0.0)))
    scatter = float(np.std(np.hypot(x - a, y - b) - radius))
    place = from_local_xy_m(a + east.mean(), b + north.mean(), lon0, lat0)
    return float(place[0]), float(place[1]), radius, scatter


def _rough_radius_m(x: FloatArray, y: FloatArray) -> float:
    """Radius of a circle through points about their mean by the normal equations: enough to leave out what is no ring."""
    z = x * x + y * y
    xx, xy, yy, xz, yz = (
        # a product of vectors may go to several cores, which costs more than it does
        float(np.einsum("i,i", one, other))
        for one, other in ((x, x), (x, y), (y, y), (x, z), (y, z))
    )
    spread = xx * yy - xy * xy
    if spread <= 1e-9 * (xx + yy) ** 2:
        return float("inf")
    a, b = 0.5 * (xz * yy - yz * xy) / spread, 0.5 * (yz * xx - xz * xy) / spread
    return float(np.sqrt(a * a + b * b + z.mean()))
