"""The compiled looks at raw tracks never exclude what the exact functions find."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.fleet import fixes_at, random_fleet
from tracker.cleaning.hulls import HullParams, split_hulls
from tracker.detectors.contact import ContactParams, may_meet, pair_tracks, spans_within
from tracker.detectors.encounters import EncounterParams, refine, windows_of
from tracker.engine import scan
from tracker.tables.ship import Ship

few = settings(max_examples=6)
seeds = st.integers(0, 2**32 - 1)
latitudes = st.sampled_from([0.0, 38.0, -52.0, 71.0, 79.9, -90.0])


def tracks_of(fixes):
    """Reports by MMSI."""
    return [fixes.take(fixes.mmsi == mmsi) for mmsi in np.unique(fixes.mmsi)]


@few
@given(seeds, latitudes, st.sampled_from([50.0, 250.0, 900.0]))
def test_tracks_that_come_within_a_distance_are_never_excluded(seed, lat, limit_m):
    tracks = tracks_of(random_fleet(seed, lon=179.99, lat=lat, ships=6, hours=20))
    for i, one in enumerate(tracks):
        for two in tracks[:i]:
            pair = pair_tracks(one, two, params=ContactParams(bridge_min=1e5))
            if pair is not None and not may_meet(one, two, limit_m):
                assert pair.distance_m.min() > limit_m
                assert not len(spans_within(pair, limit_m))


def test_ships_moored_400_m_apart_are_excluded_at_300_and_not_at_450():
    rng = np.random.default_rng(2)
    time_s = np.arange(400) * 180.0
    one, two = (
        fixes_at([(t + n, 1 + n, 122.0 + rng.normal(0, 3e-5), 36.0 + n * 0.0036 + rng.normal(0, 3e-5)) for t in time_s])
        for n in (0, 1)
    )
    assert not may_meet(one, two, 300.0)
    assert may_meet(one, two, 450.0)


@few
@given(seeds)
def test_windows_never_near_at_a_step_hold_no_quarter_of_an_hour_together(seed):
    fixes = random_fleet(seed, ships=10, hours=20, size_m=2_500.0)
    candidates, params = scan([fixes]).candidates, EncounterParams()
    hulls = {int(t.mmsi[0]): [h.fixes for h in split_hulls(t, params=HullParams())[0]] for t in tracks_of(fixes)}

    def ship_at(mmsi, _time_ms):
        return Ship(mmsi, length_m=100.0 + mmsi % 7 * 40)

    every, few_windows = windows_of(candidates), windows_of(candidates, ship_at, params=params)
    assert set(few_windows) <= set(every)
    found, all_found = (list(refine(windows, hulls, ship_at, params=params)) for windows in (few_windows, every))
    ours = {(f.mmsi_1, f.mmsi_2, f.contact.start_s) for f in found}
    for f in all_found:
        # two touches on either side of a silence are no time together
        longest_s = np.diff(f.contact.together_s, axis=1).max()
        assert (f.mmsi_1, f.mmsi_2, f.contact.start_s) in ours or longest_s < 900
