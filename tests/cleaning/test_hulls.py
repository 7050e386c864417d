"""Several hulls on one MMSI, and single wild fixes."""

import json

import numpy as np

from tests.detectors.test_contact import track
from tests.shared_data import shared
from tracker.cleaning.hulls import OUTLIER, HullParams, split_hulls
from tracker.geo.kernels import distance_m
from tracker.tables.fixes import Fixes, concat_fixes

PARAMS = HullParams()


def interleave(*tracks: Fixes) -> Fixes:
    joined = concat_fixes(list(tracks))
    return joined.take(np.argsort(joined.time_ms, kind="stable"))


def test_two_hulls_that_share_an_mmsi_come_apart() -> None:
    here = track(412000000, [(float(m), 100.0 * m, 0.0) for m in range(0, 120, 2)])
    there = track(412000000, [(m + 1.0, 90_000.0, 80.0 * m) for m in range(0, 120, 2)])
    hulls, label = split_hulls(interleave(here, there), params=PARAMS)
    assert [len(hull.fixes) for hull in hulls] == [60, 60]
    assert not np.any(label == OUTLIER)


def test_one_hull_stays_one() -> None:
    hulls, label = split_hulls(track(412000000, [(float(m), 300.0 * m, 0.0) for m in range(0, 600, 3)]), params=PARAMS)
    assert len(hulls) == 1
    assert np.all(label == 0)


def test_single_wild_fixes_are_set_aside_and_the_ship_goes_on() -> None:
    legs = [(float(m), 20.0 * m, 0.0) for m in range(0, 300, 2)]
    legs[40] = (legs[40][0], legs[40][1], 700.0)
    legs[90] = (legs[90][0], legs[90][1] + 40_000.0, 0.0)
    hulls, label = split_hulls(track(412000000, legs), params=PARAMS)
    assert len(hulls) == 1
    assert np.flatnonzero(label == OUTLIER).tolist() == [40, 90]


def test_a_fast_ferry_that_turns_is_not_wild() -> None:
    # 40 kn out and back, and says so
    legs = [(float(m), 1235.0 * m if m <= 10 else 1235.0 * (20 - m), 0.0) for m in range(21)]
    ferry = track(412000000, legs)
    ferry = Fixes(**{**ferry.__dict__, "sog_kn": np.full(21, 40.0, np.float32)})
    _, label = split_hulls(ferry, params=PARAMS)
    assert not np.any(label == OUTLIER)


def test_nothing_gives_nothing() -> None:
    hulls, label = split_hulls(track(1, [(0.0, 0.0, 0.0)]).take(slice(0, 0)), params=PARAMS)
    assert hulls == []
    assert len(label) == 0


def test_the_shared_taiwanese_mmsi_is_several_hulls_each_of_which_could_be_a_ship() -> None:
    text = shared("real/gfw/gfw_segment_416000000_taiwan_shared_mmsi.jsonl").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    rows = sorted({(row["timestamp"], row["lon"], row["lat"]) for row in rows})
    time_ms = (
        np.array([np.datetime64(t[:19].replace(" ", "T")) for t, _, _ in rows])
        .astype("datetime64[ms]")
        .astype(np.int64)
    )
    n = len(rows)
    unknown = np.full(n, np.nan, np.float32)
    lon, lat = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    fixes = Fixes(
        time_ms=time_ms,
        mmsi=np.full(n, 416000000, np.int32),
        lon_e7=np.rint(lon * 1e7).astype(np.int32),
        lat_e7=np.rint(lat * 1e7).astype(np.int32),
        sog_kn=unknown,
        cog_deg=unknown,
        heading_deg=unknown,
        nav_status=np.full(n, -1, np.int8),
        flags=np.zeros(n, np.uint8),
    )
    hulls, _ = split_hulls(fixes, params=PARAMS)
    assert len(hulls) >= 3
    for hull in hulls:
        f = hull.fixes
        leg_m = distance_m(f.lon[:-1], f.lat[:-1], f.lon[1:], f.lat[1:])
        reach_m = PARAMS.position_error_m + PARAMS.max_speed_kn * 0.51445 * np.diff(f.time_ms) / 1000.0
        assert np.all(leg_m <= 2 * PARAMS.position_error_m + reach_m)
