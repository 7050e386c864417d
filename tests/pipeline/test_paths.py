"""Paths and postures of many events read at once are those of each read alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as hst

from tracker.detectors.posture import posture_of
from tracker.detectors.waiting import WaitingParams, possible_waits, tell_activities
from tracker.pipeline.paths import SAMPLES, Paths
from tracker.pipeline.source import FixesSource
from tracker.tables.fixes import Fixes

DAY = datetime(2020, 1, 30, tzinfo=UTC)
HOUR_MS = 3_600_000
BEGIN_MS = round(DAY.timestamp() * 1000)


def heard(seed: int, ships: int, hours: float) -> Fixes:
    """Ships near the antimeridian, heard at odd moments, now and then twice at once."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 40 * ships + 1))
    time = np.sort(BEGIN_MS + rng.integers(0, int(hours * HOUR_MS), n)) // 60_000 * 60_000
    x = 1_799_000_000 + np.cumsum(rng.integers(-200_000, 300_000, n))
    x = (x + 1_800_000_000) % 3_600_000_000 - 1_800_000_000
    unknown = np.full(n, np.nan, np.float32)
    heading = np.where(rng.random(n) < 0.8, rng.integers(0, 360, n), np.nan).astype(np.float32)
    return Fixes(
        time.astype(np.int64),
        rng.integers(1, ships + 1, n).astype(np.int32) + 412_000_000,
        x.astype(np.int32),
        rng.integers(-9_000_000, 9_000_000, n).astype(np.int32),
        unknown,
        unknown,
        heading,
        rng.choice(np.array([-1, 0, 1, 5], np.int8), n),
        np.zeros(n, np.uint8),
    )


@settings(max_examples=40, deadline=None)
@given(seed=hst.integers(0, 2**32 - 1), ships=hst.integers(1, 4), hours=hst.floats(1, 60), data=hst.data())
def test_many_paths_read_at_once_are_straight_lines_from_report_to_report(
    seed: int, ships: int, hours: float, data: hst.DataObject
) -> None:
    fixes = heard(seed, ships, hours)
    asked = []
    for _ in range(data.draw(hst.integers(1, 6))):
        start, last = sorted(data.draw(hst.integers(-HOUR_MS, int((hours + 1) * HOUR_MS))) for _ in range(2))
        asked.append((412_000_000 + data.draw(hst.integers(1, ships + 1)), BEGIN_MS + start, BEGIN_MS + last))
    paths = Paths(FixesSource(fixes))
    postures = paths.read(asked[:3], lying=asked[:2])
    walked = paths.of(asked)
    for i, (mmsi, start, last) in enumerate(asked):
        own = fixes.take((fixes.mmsi == mmsi) & (fixes.time_ms >= start) & (fixes.time_ms <= last))
        assert walked.reports[i] == len(own)
        if not len(own):
            continue
        moments = np.linspace(start, last, SAMPLES)
        east = np.interp(moments, own.time_ms, np.unwrap(own.lon, period=360.0))
        assert np.abs((walked.lon_e7[i] / 1e7 - east + 180) % 360 - 180).max() < 2e-7
        assert np.abs(walked.lat_e7[i] / 1e7 - np.interp(moments, own.time_ms, own.lat)).max() < 2e-7
        if i < 2:
            one, other = posture_of(own), postures.get(asked[i])
            assert (one is None) == (other is None)
            if one is not None and other is not None:
                assert (one.reports, one.said_anchored) == (other.reports, other.said_anchored)
                np.testing.assert_allclose(one.stray_m, other.stray_m, rtol=1e-9)
                assert one.sentences() == other.sentences()


def spell(start_h: float, hours: float, *, east_deg: float = 0.0, activity: str = "anchored") -> dict[str, Any]:
    """A loitering row."""
    start = DAY + timedelta(hours=start_h)
    return {
        "event_id": f"{start_h:g}",
        "type": "loitering",
        "mmsi_1": 412_000_001,
        "lon": 123.0 + east_deg,
        "lat": 30.0,
        "start_time": start,
        "end_time": start + timedelta(hours=hours),
        "duration_h": hours,
        "confidence": 0.5,
        "activity": activity,
        "why": [],
    }


@settings(max_examples=60, deadline=None)
@given(
    spells=hst.lists(
        hst.tuples(
            hst.floats(0.5, 15),
            hst.floats(1, 9),
            hst.sampled_from([0.0, 0.005, 0.1]),
            hst.sampled_from(["anchored", "drifting"]),
        ),
        max_size=7,
    )
)
def test_every_wait_that_is_told_as_one_was_foreseen(spells: list[tuple[float, float, float, str]]) -> None:
    rows, begin = [], 0.0
    for pause, hours, east, activity in spells:
        rows.append(spell(begin + pause, hours, east_deg=east, activity=activity))
        begin += pause + hours
    foreseen = {(one["start_time"], end) for one, end in possible_waits(rows, params=WaitingParams())}
    foreseen |= {(one["start_time"], one["end_time"]) for one in rows}
    told = tell_activities(rows, {}, [], params=WaitingParams())
    assert {(one["start_time"], one["end_time"]) for one in told} <= foreseen
