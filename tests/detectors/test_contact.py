"""Contacts in continuous time: laws, and the behaviours B1-B3, B10, B15 and B16 on small tracks."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tracker.detectors.contact import Contact, ContactParams, Pair, find_contacts, pair_tracks, spans_within
from tracker.geo.kernels import from_local_xy_m, wrap_deg
from tracker.tables.fixes import Fixes
from tracker.tables.positions import degrees_e7

PARAMS = ContactParams()
PLACES = [(124.0, 31.0), (20.0, 71.0), (10.0, 0.0), (180.0, 35.0), (-179.999, -45.0)]


def track(mmsi: int, legs: list[tuple[float, float, float]], place: tuple[float, float] = (124.0, 31.0)) -> Fixes:
    """Reports at (minute, metres east, metres north) of a place."""
    minutes, east, north = (np.array(column, dtype=np.float64) for column in zip(*legs, strict=True))
    lon, lat = from_local_xy_m(east, north, *place)
    n = len(minutes)
    unknown = np.full(n, np.nan, np.float32)
    return Fixes(
        time_ms=np.rint(minutes * 60_000).astype(np.int64) + 1_580_000_000_000,
        mmsi=np.full(n, mmsi, np.int32),
        lon_e7=degrees_e7(wrap_deg(lon)),
        lat_e7=degrees_e7(lat),
        sog_kn=unknown,
        cog_deg=unknown,
        heading_deg=unknown,
        nav_status=np.full(n, -1, np.int8),
        flags=np.zeros(n, np.uint8),
    )


def steady(east: float, start: int = 0, end: int = 600, step: int = 10) -> list[tuple[float, float, float]]:
    return [(float(m), east, 0.0) for m in range(start, end + 1, step)]


def contacts_of(one: Fixes, two: Fixes) -> list[Contact]:
    pair = pair_tracks(one, two, params=PARAMS)
    assert pair is not None
    return find_contacts(pair, open_distance_m=PARAMS.open_distance_m, params=PARAMS)


def minutes(contact: Contact) -> tuple[float, float]:
    return (contact.start_s - 1_580_000_000) / 60, (contact.end_s - 1_580_000_000) / 60


@pytest.mark.parametrize("place", PLACES)
def test_the_start_and_end_of_a_contact_are_when_the_distance_was_reached_not_when_a_report_came(
    place: tuple[float, float],
) -> None:
    # ship 2 closes at 100 m a minute from 5 km, lies at 50 m, and leaves the same way; it reports every 12 minutes
    def east(minute: float) -> float:
        return max(50.0, 5000.0 - 100.0 * minute, 50.0 + 100.0 * (minute - 300.0))

    two = track(2, [(m, east(m), 0.0) for m in sorted([*range(0, 360, 12), 49.5, 300.0])], place)
    (contact,) = contacts_of(track(1, steady(0.0), place), two)
    assert minutes(contact) == pytest.approx((47.5, 302.0), abs=0.05)


@given(
    seed=st.integers(0, 10_000),
    distance=st.floats(50.0, 800.0),
)
@settings(max_examples=60, deadline=None)
def test_spans_within_a_distance_are_those_a_dense_look_would_find(seed: int, distance: float) -> None:
    rng = np.random.default_rng(seed)
    time_s = np.cumsum(rng.uniform(10, 600, 30))
    east, north = rng.normal(0, 500, 30), rng.normal(0, 500, 30)
    heard = rng.random(30) > 0.1
    zeros = np.zeros(30)
    pair = Pair(time_s, zeros, zeros, zeros, zeros, east, north, heard, heard, heard)
    dense = np.linspace(time_s[0], time_s[-1], 20_001)
    leg = np.clip(np.searchsorted(time_s, dense, side="right") - 1, 0, 28)
    near = (np.hypot(np.interp(dense, time_s, east), np.interp(dense, time_s, north)) <= distance) & heard[leg]
    spans = spans_within(pair, distance)
    inside = np.zeros(len(dense), bool)
    for begin, end in spans:
        inside |= (dense >= begin) & (dense <= end)
    # only samples at the very edge of a span may differ
    assert np.count_nonzero(near != inside) <= 2 * len(spans) + 2


@given(
    st.lists(st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)), min_size=10, max_size=60),
    st.sampled_from(PLACES),
)
@settings(max_examples=40, deadline=None)
def test_swapping_the_ships_or_running_time_backwards_changes_nothing(
    points: list[tuple[float, float]], place: tuple[float, float]
) -> None:
    # a report exactly on a threshold may fall on either side by rounding
    on_edge = {PARAMS.open_distance_m, PARAMS.open_distance_m + PARAMS.close_margin_m}
    assume(all(abs(np.hypot(e, n) - edge) > 0.01 for e, n in points for edge in on_edge))
    moving = [(10.0 * i, e, n) for i, (e, n) in enumerate(points)]
    end = moving[-1][0]
    still = [(10.0 * i, 0.0, 0.0) for i in range(len(points))]
    forward = contacts_of(track(1, still, place), track(2, moving, place))
    swapped = contacts_of(track(1, moving, place), track(2, still, place))
    back = contacts_of(track(1, still, place), track(2, [(end - m, e, n) for m, e, n in reversed(moving)], place))
    assert [minutes(c) for c in swapped] == [pytest.approx(minutes(c), abs=0.01) for c in forward]
    mirrored = [(end - m1, end - m0) for m0, m1 in (minutes(c) for c in reversed(back))]
    assert mirrored == [pytest.approx(m, abs=0.01) for m in (minutes(c) for c in forward)]


def test_single_bad_fixes_of_700_m_do_not_split_a_contact() -> None:
    lying = steady(60.0)
    lying[20] = (200.0, 760.0, 0.0)
    lying[40] = (400.0, 60.0, -700.0)
    (contact,) = contacts_of(track(1, steady(0.0)), track(2, lying))
    assert minutes(contact) == pytest.approx((0, 600), abs=0.1)


def test_reports_every_65_minutes_for_ten_hours_alongside_are_one_contact() -> None:
    sparse = [(float(m), 60.0, 0.0) for m in range(0, 651, 65)]
    (contact,) = contacts_of(
        track(1, [(m, 0.0, 0.0) for m, _, _ in sparse]), track(2, [(m + 5, e, n) for m, e, n in sparse])
    )
    assert minutes(contact)[1] - minutes(contact)[0] > 580


def test_a_silence_while_the_other_is_seen_far_away_is_not_a_contact() -> None:
    # ship 1 is silent from minute 60 to 540; ship 2 is with it before and after, and 50 km away in between
    one = track(1, [*steady(0.0, 0, 60), *steady(0.0, 540, 600)])
    away = [(m, 60.0 if m <= 60 or m >= 540 else 50_000.0, 0.0) for m, _, _ in steady(0.0)]
    found = contacts_of(one, track(2, away))
    assert len(found) == 2
    assert all(end - start <= 60.1 for start, end in map(minutes, found))


def test_a_reception_hole_of_hours_inside_a_contact_is_bridged_and_its_length_is_kept() -> None:
    both = [*range(0, 121, 10), *range(360, 601, 10)]
    (contact,) = contacts_of(
        track(1, [(m, m * 200.0, 0.0) for m in both]), track(2, [(m, m * 200.0 + 60.0, 0.0) for m in both])
    )
    assert minutes(contact) == pytest.approx((0, 600), abs=0.1)
    assert contact.hole_s == pytest.approx(240 * 60, abs=1)


def test_ships_that_pass_are_too_short_to_be_looked_at() -> None:
    one = track(1, [(float(m), 300.0 * m, 0.0) for m in range(61)])
    two = track(2, [(float(m), 18_000.0 - 300.0 * m, 100.0) for m in range(61)])
    assert contacts_of(one, two) == []


def test_tracks_that_do_not_overlap_in_time_have_no_pair() -> None:
    assert pair_tracks(track(1, steady(0, 0, 60)), track(2, steady(0, 120, 180)), params=PARAMS) is None
