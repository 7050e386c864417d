"""Laws of meetings, through the pass, the refinement and the judgement; zones, ports and the reception model are off.

Each law changes the reports in a way that must not matter, or may matter in one direction only, and compares events.
"""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.detectors.meetings import scanned_events_of
from tests.scenes import PLACES, Scene
from tracker.geo.kernels import ecef_m, from_local_xy_m, surface_deg
from tracker.tables.fixes import Fixes
from tracker.tables.positions import degrees_e7
from tracker.tables.statics import STATICS

few = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(1, 10_000)
modes = st.sampled_from(["drift", "anchor", "underway"])
places = st.sampled_from(sorted(PLACES))
every = st.sampled_from([3.0, 10.0, 20.0])

SLACK = 0.003
"""Places are sent in 1e-7 degrees, keels in whole ones: what a report on the line may move a confidence."""


def scene_of(seed: int, *, place: str = "mid latitude", mode: str = "drift", every_min: float = 5.0) -> Scene:
    """A meeting of a kind that follows from a seed, and neighbours at anchor not far away."""
    rng = np.random.default_rng(seed)
    scene = Scene(place=PLACES[place], seed=seed, every_min=every_min, hours=20)
    scene.transfer(
        meets_h=float(rng.uniform(6, 8)),
        hours=float(rng.uniform(1.0, 6.0)),
        mode=mode,
        speed_kn=float(rng.uniform(2, 6)) if mode == "underway" else 0.6,
        course_deg=float(rng.uniform(0, 360)),
        gap_m=float(rng.uniform(2, 6)),
        reverse=bool(rng.random() < 0.3),
    )
    return scene


def told(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Events by what must stay the same: verdict, confidence, times."""
    return [tuple(row[name] for name in (*names, "verdict", "confidence", "start_time", "end_time")) for row in rows]


def alike(one: list[dict[str, Any]], two: list[dict[str, Any]], *, shift: timedelta = timedelta(0)) -> None:
    """The same events in the same order, times within a second, confidence within the rounding of positions."""
    assert [row["verdict"] for row in one] == [row["verdict"] for row in two]
    for a, b in zip(one, two, strict=True):
        assert abs(a["confidence"] - b["confidence"]) <= SLACK
        for name in ("start_time", "end_time"):
            assert abs(a[name] + shift - b[name]) <= timedelta(seconds=1)


@few
@given(seeds, modes, places)
def test_other_numbers_for_the_ships_change_nothing_else(seed: int, mode: str, place: str) -> None:
    scene = scene_of(seed, mode=mode, place=place)
    fixes, statics = scene.fixes(), scene.statics()
    old = np.unique(fixes.mmsi)
    new = dict(zip(old.tolist(), old[::-1].tolist(), strict=True))
    swapped = replace(fixes, mmsi=np.array([new[m] for m in fixes.mmsi.tolist()], np.int32))
    cards = STATICS.from_rows([row | {"mmsi": new[row["mmsi"]]} for row in statics.to_pylist()])
    one, two = scanned_events_of(fixes, statics), scanned_events_of(swapped, cards)
    assert told(one) == told(two)
    assert [(row["reports_1"], row["length_m_1"]) for row in one] == [(r["reports_2"], r["length_m_2"]) for r in two]


@few
@given(seeds, modes, places, st.integers(-1_800_000_000, 1_799_999_999))
def test_turning_the_globe_changes_nothing_but_longitudes(seed: int, mode: str, place: str, turn_e7: int) -> None:
    scene = scene_of(seed, mode=mode, place=place)
    fixes = scene.fixes()
    lon = (fixes.lon_e7.astype(np.int64) + turn_e7 + 1_800_000_000) % 3_600_000_000 - 1_800_000_000
    turned = replace(fixes, lon_e7=lon.astype(np.int32))
    alike(scanned_events_of(fixes, scene.statics()), scanned_events_of(turned, scene.statics()))


@few
@given(seeds, modes, places)
def test_the_southern_half_is_as_the_northern(seed: int, mode: str, place: str) -> None:
    scene = scene_of(seed, mode=mode, place=place)
    fixes = scene.fixes()
    mirrored = replace(
        fixes,
        lat_e7=-fixes.lat_e7,
        cog_deg=(180.0 - fixes.cog_deg) % 360.0,
        heading_deg=(180.0 - fixes.heading_deg) % 360.0,
    )
    swapped_sides = STATICS.from_rows(
        [
            row | {"to_port_m": row["to_starboard_m"], "to_starboard_m": row["to_port_m"]}
            for row in scene.statics().to_pylist()
        ]
    )
    alike(scanned_events_of(fixes, scene.statics()), scanned_events_of(mirrored, swapped_sides))


@few
@given(seeds, modes, st.integers(-400 * 86_400, 400 * 86_400))
def test_any_shift_of_time_shifts_the_events_and_nothing_else(seed: int, mode: str, shift_s: int) -> None:
    scene = scene_of(seed, mode=mode)
    fixes = scene.fixes()
    later = replace(fixes, time_ms=fixes.time_ms + shift_s * 1000)
    delta = timedelta(seconds=shift_s)
    cards = STATICS.from_rows(
        [r | {name: r[name] + delta for name in ("time", "last_time")} for r in scene.statics().to_pylist()]
    )
    alike(scanned_events_of(fixes, scene.statics()), scanned_events_of(later, cards), shift=delta)


@few
@given(seeds, modes, places)
def test_a_meeting_astride_whole_degrees_and_midnight_is_as_any_other(seed: int, mode: str, place: str) -> None:
    scene = scene_of(seed, mode=mode, place=place)
    fixes = scene.fixes()
    (truth,) = scene.truth().to_pylist()
    middle_ms = round(0.5 * (truth["start_time"].timestamp() + truth["end_time"].timestamp()) * 1000)
    shift_ms = (86_400_000 - middle_ms % 86_400_000) // 1000 * 1000
    turn_e7 = round((round(truth["lon"]) - truth["lon"]) * 1e7)
    lon = (fixes.lon_e7.astype(np.int64) + turn_e7 + 1_800_000_000) % 3_600_000_000 - 1_800_000_000
    astride = replace(fixes, time_ms=fixes.time_ms + shift_ms, lon_e7=lon.astype(np.int32))
    delta = timedelta(milliseconds=shift_ms)
    cards = STATICS.from_rows(
        [r | {name: r[name] + delta for name in ("time", "last_time")} for r in scene.statics().to_pylist()]
    )
    alike(scanned_events_of(fixes, scene.statics()), scanned_events_of(astride, cards), shift=delta)


@few
@given(seeds, modes, every)
def test_reports_of_one_moment_in_another_order_change_nothing(seed: int, mode: str, every_min: float) -> None:
    scene = scene_of(seed, mode=mode, every_min=every_min)
    fixes = scene.fixes()
    order = np.lexsort((np.random.default_rng(seed).random(len(fixes)), fixes.time_ms))
    assert told(scanned_events_of(fixes, scene.statics())) == told(
        scanned_events_of(fixes.take(order), scene.statics())
    )


@few
@given(seeds, modes)
def test_a_ship_far_away_changes_nothing(seed: int, mode: str) -> None:
    scene = scene_of(seed, mode=mode)
    alone = scanned_events_of(scene.fixes(), scene.statics())
    scene.loiterer(from_h=5, hours=9, at=(scene.place[0] + 6.0, scene.place[1] - 4.0))
    assert told(scanned_events_of(scene.fixes(), scene.statics()), "mmsi_1", "mmsi_2") == told(
        alone, "mmsi_1", "mmsi_2"
    )


def with_reports_on_the_line(fixes: Fixes, rng: np.random.Generator, *, share: float, longest_s: float) -> Fixes:
    """Reports added on the straight line between two of the same ship that are bridged."""
    parts = [fixes]
    for mmsi in np.unique(fixes.mmsi).tolist():
        track = fixes.take(fixes.mmsi == mmsi)
        gap_s = np.diff(track.time_ms) / 1000.0
        legs = np.flatnonzero((gap_s >= 90.0) & (gap_s <= longest_s) & (rng.random(len(gap_s)) < share))
        at_ms = (track.time_ms[legs] + 1000 * np.rint(rng.uniform(0.3, 0.7, len(legs)) * gap_s[legs])).astype(np.int64)
        part = (at_ms - track.time_ms[legs]) / (track.time_ms[legs + 1] - track.time_ms[legs])
        ends = [ecef_m(track.lon[legs + k], track.lat[legs + k]) for k in (0, 1)]
        lon, lat = surface_deg(*(a + part * (b - a) for a, b in zip(*ends, strict=True)))
        angle = {}
        for name in ("heading_deg", "cog_deg"):
            turn = np.radians(getattr(track, name).astype(np.float64))
            east, north = (f(turn[legs]) * (1 - part) + f(turn[legs + 1]) * part for f in (np.sin, np.cos))
            angle[name] = (np.degrees(np.arctan2(east, north)) % 360.0).astype(np.float32)
        knots = track.sog_kn[legs] * (1 - part) + track.sog_kn[legs + 1] * part
        parts.append(
            replace(
                track.take(legs),
                time_ms=at_ms,
                lon_e7=degrees_e7(lon),
                lat_e7=degrees_e7(lat),
                sog_kn=knots.astype(np.float32),
                **angle,
            )
        )
    every_one = Fixes(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Fixes)))
    return every_one.take(np.argsort(every_one.time_ms, kind="stable"))


@few
@given(seeds, modes, places, every, st.floats(0.1, 1.0))
def test_reports_on_the_straight_line_leave_pair_start_and_end_and_never_lower_the_confidence(
    seed: int, mode: str, place: str, every_min: float, share: float
) -> None:
    scene = scene_of(seed, mode=mode, place=place, every_min=every_min)
    fixes = scene.fixes()
    more = with_reports_on_the_line(fixes, np.random.default_rng(seed), share=share, longest_s=1800.0)
    assert len(more) > len(fixes)
    before, after = (scanned_events_of(f, scene.statics()) for f in (fixes, more))
    assert [(row["mmsi_1"], row["mmsi_2"]) for row in before] == [(row["mmsi_1"], row["mmsi_2"]) for row in after]
    for one, two in zip(before, after, strict=True):
        assert two["confidence"] >= one["confidence"] - SLACK
        for name in ("start_time", "end_time"):
            assert abs(one[name] - two[name]) <= timedelta(seconds=1)


@few
@given(seeds, st.sampled_from(["drift", "underway"]), st.sampled_from([3.0, 5.0, 10.0]))
def test_noise_within_the_error_of_gps_moves_no_start_or_end_by_more_than_a_reporting_interval(
    seed: int, mode: str, every_min: float
) -> None:
    scene = scene_of(seed, mode=mode, every_min=every_min)
    fixes = scene.fixes()
    rng = np.random.default_rng(seed)
    # the ships close from 700 m to alongside in 15 min: they cross the opening distance by far more than 3 sigma
    lon, lat = from_local_xy_m(*rng.normal(0.0, 4.0, (2, len(fixes))), fixes.lon, fixes.lat)
    noisy = replace(fixes, lon_e7=degrees_e7(lon), lat_e7=degrees_e7(lat))
    one, two = (
        [row for row in scanned_events_of(f, scene.statics()) if row["verdict"] == "likely"] for f in (fixes, noisy)
    )
    assert len(one) == len(two) == 1
    for name in ("start_time", "end_time"):
        assert abs(one[0][name] - two[0][name]) <= timedelta(minutes=every_min)


@pytest.mark.parametrize("place", sorted(PLACES))
def test_the_laws_are_about_events_that_exist(place: str) -> None:
    for mode in ("drift", "anchor", "underway"):
        scene = scene_of(5, mode=mode, place=place)
        assert "likely" in {row["verdict"] for row in scanned_events_of(scene.fixes(), scene.statics())}
