"""How far the coast is and whether a place lies on land, asked without its waters: the same as asked with them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.zones.index import read_index
from tracker.zones.inland import coast_and_land
from tracker.zones.locate import locate

CASPIAN = ((46.0, 56.0), (36.0, 47.0))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 1.5, 10.0]))
def test_coast_and_land_are_those_of_the_whole_answer(seed: int, within_nm: float) -> None:
    rng = np.random.default_rng(seed)
    coast = read_index().coast
    some = rng.integers(0, len(coast.lon), 300)
    lon = [rng.uniform(-180, 180, 200), coast.lon[some] + rng.normal(0, 0.05, 300), rng.uniform(*CASPIAN[0], 50)]
    lat = [rng.uniform(-90, 90, 200), coast.lat[some] + rng.normal(0, 0.03, 300), rng.uniform(*CASPIAN[1], 50)]
    x, y = np.concatenate([*lon, [np.nan, 10.0, 540.0]]), np.concatenate([*lat, [1.0, 91.0, 3.0]])
    whole = locate(x, y)
    told_nm = whole["coast_distance_nm"].to_numpy(zero_copy_only=False)
    on_land = ["on land" in (text or "") for text in whole["source"].to_pylist()]
    away_nm, is_land = coast_and_land(x, y)
    np.testing.assert_array_equal(away_nm, told_nm)
    assert is_land.tolist() == on_land
    bounded_nm, is_land = coast_and_land(x, y, within_nm=within_nm)
    assert is_land.tolist() == on_land
    near = told_nm <= within_nm
    np.testing.assert_array_equal(bounded_nm[near], told_nm[near])
    assert (bounded_nm[~near] > within_nm).sum() == np.isfinite(told_nm[~near]).sum()
