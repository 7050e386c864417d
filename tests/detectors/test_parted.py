"""Contacts made of little but two touches beside a silence are found: the pass alone has no candidate for them."""

from dataclasses import replace

import numpy as np
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from tests.detectors.listening import Listener
from tests.engine.fleet import fixes_at
from tracker.cleaning.hulls import HullParams, split_hulls
from tracker.detectors.contact import find_contacts, pair_tracks
from tracker.detectors.encounters import EncounterParams, refine, windows_of
from tracker.detectors.hearing import hearing_of
from tracker.detectors.parted import with_silences
from tracker.engine import scan
from tracker.engine.watch import JUMP, WILD, Watcher
from tracker.tables.fixes import concat_fixes
from tracker.tables.ship import Ship

PARAMS = EncounterParams()
KNOT = 1852 / 3600
METRE = 1 / 111_195.0


def meeting(*, touch_s, pace_kn, closing_kn, silent_s, late_s, lat, lon, is_other_silent):
    """Two ships on one course: 2 comes up from abeam, falls silent alongside, is heard again there, and leaves.

    Reports come every 20 s; ship 1 is heard all the time, or is silent as long as ship 2 is.
    """
    begin_s = 3600.0
    first_s, last_s = begin_s + touch_s, begin_s + touch_s + silent_s
    end_s = last_s + touch_s + begin_s
    rows = []
    for t in np.arange(0.0, end_s, 20.0):
        is_silent = first_s < t < last_s
        ahead = pace_kn * KNOT * t * METRE
        off_m = 100.0 + closing_kn * KNOT * max(begin_s - t, t - (last_s + touch_s), 0.0)
        if not (is_silent and is_other_silent):
            rows.append((t + late_s, 1, lon, lat + ahead))
        if not is_silent:
            east = off_m * METRE / np.cos(np.radians(lat + ahead))
            rows.append((t + late_s, 2, (lon + east + 180.0) % 360.0 - 180.0, lat + ahead))
    return fixes_at(rows)


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    touch_s=st.integers(40, 600),
    pace_kn=st.floats(0.0, 14.0),
    closing_kn=st.floats(2.0, 12.0),
    silent_s=st.integers(2000, 5 * 3600),
    late_s=st.integers(0, 299),
    place=st.sampled_from([(20.0, 0.0), (179.9999, 38.0), (-60.0, -71.0)]),
    is_other_silent=st.booleans(),
)
def test_what_the_exact_search_finds_around_a_silence_is_looked_at(
    touch_s, pace_kn, closing_kn, silent_s, late_s, place, is_other_silent
):
    fixes = meeting(
        touch_s=touch_s,
        pace_kn=pace_kn,
        closing_kn=closing_kn,
        silent_s=silent_s,
        late_s=late_s,
        lon=place[0],
        lat=place[1],
        is_other_silent=is_other_silent,
    )
    hulls = {
        mmsi: [hull.fixes for hull in split_hulls(fixes.take(fixes.mmsi == mmsi), params=HullParams())[0]]
        for mmsi in (1, 2)
    }
    pair = pair_tracks(hulls[1][0], hulls[2][0], params=PARAMS.contact)
    exact = find_contacts(pair, open_distance_m=PARAMS.contact.open_distance_m, params=PARAMS.contact)
    assume(len(exact) == 1)
    assert found_in(fixes, hulls) == [(exact[0].start_s, exact[0].end_s)]


def found_in(fixes, hulls):
    """Start and end of what the windows of pass and silences hold."""
    watcher = Watcher()
    watcher.feed(fixes)
    seen, hearing, marks = scan([fixes]), hearing_of(*watcher.heard()), watcher.marks()
    rows = (marks.kind & (JUMP | WILD)) > 0
    wild = marks.mmsi[rows], marks.time_ms[rows]
    candidates = with_silences(seen.candidates, seen.silences, hearing, wild, params=PARAMS.contact)
    windows = windows_of(candidates, lambda mmsi, _: Ship(mmsi, length_m=60.0), params=PARAMS)
    found = refine(windows, hulls, lambda mmsi, _: Ship(mmsi, length_m=60.0), params=PARAMS)
    return [(f.contact.start_s, f.contact.end_s) for f in found]


def test_the_pass_alone_has_no_candidate_for_ships_that_come_up_fast_and_go_on_silent():
    shape = {
        "touch_s": 60,
        "pace_kn": 10.0,
        "closing_kn": 8.0,
        "silent_s": 9000,
        "late_s": 100,
        "lat": 38.0,
        "lon": 20.0,
    }
    fixes = meeting(**shape, is_other_silent=True)
    assert scan([fixes]).candidates.num_rows == 0
    hulls = {mmsi: [fixes.take(fixes.mmsi == mmsi)] for mmsi in (1, 2)}
    ((start_s, end_s),) = found_in(fixes, hulls)
    assert end_s - start_s > 9000


def test_a_wild_place_at_the_beginning_of_an_hour_hides_no_meeting():
    shape = {
        "touch_s": 60,
        "pace_kn": 10.0,
        "closing_kn": 8.0,
        "silent_s": 9000,
        "late_s": 299,
        "lat": 20.0,
        "lon": 0.0,
    }
    fixes = meeting(**shape, is_other_silent=False)
    own = np.flatnonzero(fixes.mmsi == 1)
    # the first report of the hour in which the other falls silent
    silent_ms = int(fixes.time_ms[0]) + 3_660_000
    assert silent_ms % 3_600_000 < 120_000
    first = own[np.searchsorted(fixes.time_ms[own], silent_ms // 3_600_000 * 3_600_000)]
    assert scan([fixes]).candidates.num_rows == 0
    for off_nm in (0.0, 8.0, 20.0, 29.0):
        lat_e7 = fixes.lat_e7.copy()
        lat_e7[first] += round(off_nm / 60.0 * 1e7)
        wild = replace(fixes, lat_e7=lat_e7)
        hulls = {
            mmsi: [hull.fixes for hull in split_hulls(wild.take(wild.mmsi == mmsi), params=HullParams())[0]]
            for mmsi in (1, 2)
        }
        assert len(found_in(wild, hulls)) == 1, off_nm


def test_a_ship_an_hour_off_at_the_moment_of_falling_silent_is_not_asked():
    silence = {"touch_s": 60, "pace_kn": 10.0, "closing_kn": 8.0, "silent_s": 9000, "late_s": 100, "lat": 38.0}
    fixes = meeting(**silence, lon=20.0, is_other_silent=True)
    # a third on the same line, 12 nm behind all the time: her places of the hours are those of the others, later
    behind = fixes.take(fixes.mmsi == 1)
    behind = replace(behind, mmsi=np.full_like(behind.mmsi, 3), lat_e7=behind.lat_e7 - 2_000_000)
    listener, both = Listener(), concat_fixes([fixes, behind])
    both = both.take(np.argsort(both.time_ms, kind="stable"))
    listener.feed(both)
    seen = scan([both])
    found = with_silences(seen.candidates, seen.silences, listener.hearing(), params=PARAMS.contact)
    assert {(row["mmsi_1"], row["mmsi_2"]) for row in found.to_pylist()} == {(1, 2)}
