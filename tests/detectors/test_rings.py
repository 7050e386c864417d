"""Rings: what is left out for all seeds at once has no ring by the fit of each."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.detectors.spoofing.falsehood import SpoofingParams, Track
from tracker.detectors.spoofing.shapes import _fit, _may_be_rings
from tracker.geo.kernels import from_local_xy_m
from tracker.tables.fixes import Fixes
from tracker.tables.positions import degrees_e7

PARAMS = SpoofingParams()
SEED = 12


def track_of(lon: np.ndarray, lat: np.ndarray) -> Track:
    """Reports a minute apart, at places."""
    count = len(lon)
    real, small = np.zeros(count, np.float32), np.zeros(count, np.int8)
    x, y = degrees_e7(lon).astype(np.int32), degrees_e7(lat).astype(np.int32)
    minutes = np.arange(count, dtype=np.int64) * 60_000
    fixes = Fixes(minutes, np.ones(count, np.int32), x, y, real, real, real, small, small.view(np.uint8))
    return Track(1, fixes, np.zeros(count, np.int32))


@settings(max_examples=80, deadline=None)
@given(
    radii_m=st.lists(st.floats(5.0, 60_000.0), min_size=1, max_size=5),
    turn=st.floats(0.05, 3.0),
    noise=st.floats(0.0, 1.0),
    lon0=st.sampled_from([-179.99, 0.0, 120.0]),
    lat0=st.sampled_from([-55.0, 0.0, 71.0]),
)
def test_a_seed_that_is_left_out_has_no_ring(
    radii_m: list[float], turn: float, noise: float, lon0: float, lat0: float
) -> None:
    rng = np.random.default_rng(len(radii_m))
    angle = np.tile(np.linspace(0.0, 2.0 * np.pi * turn, SEED), len(radii_m))
    radius = np.repeat(radii_m, SEED) * (1.0 + noise * rng.normal(size=len(angle)))
    track = track_of(*from_local_xy_m(radius * np.sin(angle), radius * np.cos(angle), lon0, lat0))
    begin = np.arange(len(radii_m)) * SEED
    may_be = _may_be_rings(track, np.arange(len(angle)), begin, begin + SEED, PARAMS)
    for first, may in zip(begin.tolist(), may_be.tolist(), strict=True):
        own = track.fixes.take(slice(first, first + SEED))
        fit = _fit(own.lon, own.lat, least_m=PARAMS.circle_min_m, most_m=PARAMS.circle_max_m)
        assert may or fit is None or not PARAMS.circle_min_m <= fit[2] <= PARAMS.circle_max_m
