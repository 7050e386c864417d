"""The pass written plainly: every report in a list, every step in a dictionary, every pair at every step.

It shares the definitions with `tracker.engine` and none of its code: distances are those of `tracker.geo.kernels`
(tested against PROJ), hulls are Python objects, nothing is packed, hashed, streamed or skipped.
"""

from itertools import combinations, pairwise

import numpy as np

from tracker.geo.kernels import distance_m, ecef_m, local_xy_m, surface_deg, wrap_deg

KNOT = 1852 / 3600
METRE_A_DEGREE = 111_951.0


def follow_hulls(fixes, params):
    """Lists of report numbers, one for each hull, and what was dropped; in the order of hulls seen."""
    families, hulls, newest = {}, [], -np.inf
    counts = {"late": 0, "duplicates": 0, "jumps": 0}
    alone = {}
    for i in range(len(fixes)):
        t, lon, lat = fixes.time_ms[i] / 1000, fixes.lon[i], fixes.lat[i]
        if t < newest:
            counts["late"] += 1
            continue
        newest = t
        family = families.setdefault(int(fixes.mmsi[i]), [])
        claims = []
        for hull in family:
            j = hull[-1]
            elapsed = t - fixes.time_ms[j] / 1000
            way = float(distance_m(fixes.lon[j], fixes.lat[j], lon, lat))
            if way <= params.position_noise_m + params.max_speed_kn * KNOT * elapsed:
                degrees = abs(float(wrap_deg(lon - fixes.lon[j]))) + abs(lat - fixes.lat[j])
                claims.append((degrees * METRE_A_DEGREE + 5.0 * elapsed, hull))
        if claims:
            hull = min(claims, key=lambda claim: claim[0])[1]
            if fixes.time_ms[hull[-1]] == fixes.time_ms[i]:
                counts["duplicates"] += 1
                continue
            alone[i] = len(family) == 1
            hull.append(i)
            continue
        counts["jumps"] += bool(family)
        assert len(family) < params.max_hulls, "the oracle forgets no hull"
        hull = [i]
        family.append(hull)
        hulls.append(hull)
    return hulls, alone, counts


def places(fixes, hull, params):
    """Step -> (longitude, latitude) of one hull, wherever a bridged leg covers the step."""
    step_ms, found = params.step_s * 1000, {}
    for i, j in pairwise(hull):
        t0, t1 = int(fixes.time_ms[i]), int(fixes.time_ms[j])
        elapsed = (t1 - t0) / 1000
        way = float(distance_m(fixes.lon[i], fixes.lat[i], fixes.lon[j], fixes.lat[j]))
        is_slow = elapsed <= params.slow_bridge_s and way <= params.slow_bridge_kn * KNOT * elapsed
        if elapsed > params.bridge_s and not is_slow:
            continue
        turn = abs(float(wrap_deg(fixes.lon[j] - fixes.lon[i])))
        for k in range(-(-t0 // step_ms), t1 // step_ms + 1):
            share = (k * step_ms - t0) / (t1 - t0)
            if max(abs(fixes.lat[i]), abs(fixes.lat[j])) > 80 or turn + abs(fixes.lat[j] - fixes.lat[i]) > 0.2:
                a, b = ecef_m(fixes.lon[i], fixes.lat[i]), ecef_m(fixes.lon[j], fixes.lat[j])
                lon, lat = surface_deg(*((1 - share) * p + share * q for p, q in zip(a, b, strict=True)))
            else:
                lon = wrap_deg(fixes.lon[i] + share * wrap_deg(fixes.lon[j] - fixes.lon[i]))
                lat = fixes.lat[i] + share * (fixes.lat[j] - fixes.lat[i])
            found[k] = (float(lon), float(lat))
    return found


def chains(steps, missed):
    """Cut a sorted list of steps where more than `missed` of them are left out."""
    runs = []
    for k in steps:
        if runs and k - runs[-1][-1] <= missed + 1:
            runs[-1].append(k)
        else:
            runs.append([k])
    return runs


def scan_plainly(fixes, params):
    """(candidates, slow spells, silences, counts): sorted lists of tuples in ms, metres and degrees."""
    hulls, alone, counts = follow_hulls(fixes, params)
    tracks = [(int(fixes.mmsi[hull[0]]), places(fixes, hull, params)) for hull in hulls]
    step_ms = params.step_s * 1000

    candidates = []
    for (mmsi_a, a), (mmsi_b, b) in combinations(sorted(tracks, key=lambda track: track[0]), 2):
        both = sorted(a.keys() & b.keys())
        if mmsi_a == mmsi_b or not both:
            continue
        gaps = distance_m(*np.array([a[k] + b[k] for k in both]).T)
        near = {k: gap for k, gap in zip(both, gaps, strict=True) if gap <= params.candidate_radius_m}
        for run in chains(sorted(near), params.missed_steps):
            if len(run) >= params.min_steps:
                nearest = min(near[k] for k in run)
                candidates.append((mmsi_a, mmsi_b, run[0] * step_ms, run[-1] * step_ms, len(run), nearest))

    spells = []
    for mmsi, track in tracks:
        ks = [k for k in sorted(track) if k - 1 in track]
        if not ks:
            continue
        ways = distance_m(*np.array([track[k - 1] + track[k] for k in ks]).T)
        speeds = {k: way / params.step_s / KNOT for k, way in zip(ks, ways, strict=True) if way > -1}
        slow = [k for k in ks if speeds[k] < params.slow_kn]
        for run in chains(slow, params.missed_steps):
            if (run[-1] - run[0] + 1) * params.step_s < params.slow_min_s:
                continue
            lon, lat = np.array([track[k] for k in run]).T
            lon_mean = float(wrap_deg(lon[0] + wrap_deg(lon - lon[0]).mean()))
            east, north = local_xy_m(lon, lat, lon_mean, lat.mean())
            spread = float(np.sqrt(np.mean(east**2 + north**2)))
            median = float(np.median([speeds[k] for k in run]))
            spells.append((mmsi, (run[0] - 1) * step_ms, run[-1] * step_ms, lon_mean, lat.mean(), spread, median))

    silences = []
    for hull in hulls:
        for n, (i, j) in enumerate(pairwise(hull)):
            t0, t1 = int(fixes.time_ms[i]), int(fixes.time_ms[j])
            if t1 - t0 >= params.silence_min_s * 1000 and (n > 0 or alone[j]):
                silences.append((int(fixes.mmsi[i]), t0, t1))
    return sorted(candidates), sorted(spells), sorted(silences), counts
