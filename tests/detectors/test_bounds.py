"""Bounds over many ships leave out none in which a detector of false places finds anything."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.fleet import fixes_at
from tracker.detectors.spoofing.bounds import may_circle, may_freeze, may_grid, may_repeat
from tracker.detectors.spoofing.falsehood import SpoofingParams, Track
from tracker.detectors.spoofing.grids import find_grids
from tracker.detectors.spoofing.replays import LAG_MS, MOST_REPEATS, SHORTEST_LAG_MS, find_copy
from tracker.detectors.spoofing.shapes import find_circles, find_frozen
from tracker.tables.tracks import Tracks

PARAMS = SpoofingParams()
STEP_S, REPORTS = 60, 240


def ship(kind, *, mmsi, lon, lat, size_m, noise_m, digits, rng):
    """Four hours of a ship that makes a ring, stands on a lattice, says one place, sails a way twice, or wanders."""
    t = np.arange(REPORTS)
    if kind == "ring":
        east, north = size_m * np.cos(0.4 * t), size_m * np.sin(0.4 * t)
    elif kind == "lattice":
        east, north = size_m * rng.integers(0, 5, REPORTS), size_m * rng.integers(0, 5, REPORTS)
        wild = rng.random(REPORTS) < 0.2
        east, north = (
            np.where(wild, rng.normal(0, 9e4, REPORTS), east),
            np.where(wild, rng.normal(0, 9e4, REPORTS), north),
        )
    elif kind == "frozen":
        east, north = np.where(t < 120, 0.0, 300.0 * t), np.zeros(REPORTS)
    elif kind == "again":
        east, north = 300.0 * (t % 120), 200.0 * (t % 120)
    else:
        east, north = np.cumsum(rng.normal(0, size_m, REPORTS)), np.cumsum(rng.normal(0, size_m, REPORTS))
    if kind in {"ring", "wander"}:
        east, north = east + rng.normal(0, noise_m, REPORTS), north + rng.normal(0, noise_m, REPORTS)
    degrees = 1.0 / 111_195.0
    x = (lon + east * degrees / np.cos(np.radians(lat)) + 180.0) % 360.0 - 180.0
    y = lat + north * degrees
    return [(float(STEP_S * n), mmsi, round(float(x[n]), digits), round(float(y[n]), digits)) for n in range(REPORTS)]


kinds = st.sampled_from(["ring", "lattice", "frozen", "again", "wander"])


@settings(max_examples=40)
@given(
    ships=st.lists(st.tuples(kinds, st.floats(30.0, 4000.0), st.floats(0.0, 60.0)), min_size=1, max_size=5),
    place=st.sampled_from([(20.0, 0.0), (179.99, 38.0), (-60.0, -71.0), (5.0, 78.0)]),
    digits=st.sampled_from([4, 7]),
    seed=st.integers(0, 1000),
)
def test_no_bound_leaves_out_what_its_detector_finds(ships, place, digits, seed):
    rng = np.random.default_rng(seed)
    rows = [
        row
        for n, (kind, size_m, noise_m) in enumerate(ships)
        for row in ship(
            kind, mmsi=n + 1, lon=place[0], lat=place[1], size_m=size_m, noise_m=noise_m, digits=digits, rng=rng
        )
    ]
    fixes = fixes_at(rows)
    fixes = replace(fixes, sog_kn=np.full(len(fixes), 8.0, np.float32))
    fixes = fixes.take(np.argsort(fixes.mmsi, kind="stable"))
    tracks = Tracks(fixes, np.arange(1, len(ships) + 1, dtype=np.int32), REPORTS * np.arange(len(ships) + 1))
    label = np.zeros(len(fixes), np.int32)
    hours = {mmsi: np.unique(tracks[mmsi].time_ms // 3_600_000) for mmsi in tracks}
    repeats, freezes = may_repeat(tracks, params=PARAMS), may_freeze(tracks, params=PARAMS)
    grids, rings = may_grid(tracks, hours, params=PARAMS), may_circle(tracks, label, hours, params=PARAMS)
    for place_of, mmsi in enumerate(tracks):
        track = Track(mmsi, tracks[mmsi], label[tracks.rows_of(mmsi)])
        copy = find_copy(track, params=PARAMS)
        assert repeats[place_of] or copy is None or len(copy.again) < PARAMS.replay_reports
        assert freezes[place_of] or not find_frozen(track, params=PARAMS)
        assert grids[place_of] or not find_grids(track, hours[mmsi], params=PARAMS)
        found = find_circles(track, hours[mmsi], params=PARAMS)
        kept = find_circles(track, rings.get(mmsi, hours[mmsi][:0]), params=PARAMS)
        assert [one.why for one in kept] == [one.why for one in found]


@settings(max_examples=60)
@given(places=st.lists(st.integers(0, 12), min_size=20, max_size=90), step_s=st.sampled_from([40, 60, 100]))
def test_a_copy_is_the_commonest_lag_between_reports_of_one_place(places: list[int], step_s: int) -> None:
    fixes = fixes_at([(float(step_s * n), 1, 10.0 + 0.01 * place, 50.0) for n, place in enumerate(places)])
    fixes = replace(fixes, sog_kn=np.full(len(fixes), 8.0, np.float32))
    copy = find_copy(Track(1, fixes, np.zeros(len(fixes), np.int32)), params=PARAMS)
    apart = [n for n in range(len(places)) if places[n] not in places[max(n - 1, 0) : n] + places[n + 1 : n + 2]]
    lags: dict[int, set[int]] = {}
    for place in set(places):
        own = [n for n in apart if places[n] == place]
        for rank, first in enumerate(own):
            for again in own[rank + 1 : rank + MOST_REPEATS]:
                lag_ms = 1000 * step_s * (again - first)
                if lag_ms >= SHORTEST_LAG_MS:
                    lags.setdefault(lag_ms // LAG_MS, set()).add((again, first))
    if copy is None:
        assert len(apart) < 2 * PARAMS.replay_reports or not lags
        return
    assert len(lags[copy.lag_ms // LAG_MS]) == max(map(len, lags.values()))
    assert set(zip(copy.again.tolist(), copy.first.tolist(), strict=True)) <= set().union(*lags.values())
