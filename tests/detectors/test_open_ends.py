"""What a contact does not show is said: a beginning before the data, an end after them, a pose that was not measured.

As in `test_behaviours`: at mid latitude, at 71 N, on the equator and on the antimeridian.
"""

from typing import Any

import numpy as np
import pytest

from tests.detectors.meetings import events_of, scanned_events_of
from tests.scenes import PLACES, Scene
from tracker.detectors.lanes import Lanes
from tracker.detectors.pose import keels_at
from tracker.detectors.readings import Draughts
from tracker.tables.fixes import Fixes

everywhere = pytest.mark.parametrize("place", PLACES)


def between(fixes: Fixes, begin_s: float, end_s: float) -> Fixes:
    return fixes.take(np.flatnonzero((fixes.time_ms >= begin_s * 1000) & (fixes.time_ms <= end_s * 1000)))


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = [row for row in rows if row["duration_h"] >= 1 / 3]
    return row


def told(row: dict[str, Any], words: str) -> list[str]:
    return [line for line in row["why"] if words in line]


@everywhere
def test_b1_a_meeting_under_way_when_the_data_begin_says_so_and_claims_no_start(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=30)
    scene.transfer(meets_h=8, hours=6)
    fixes = scene.fixes()
    row = only(events_of(between(fixes, scene.time_s(10.0), scene.time_s(30.0)), scene.statics()))
    (line,) = told(row, "with the first report held of")
    assert "where the data begin" in line
    assert "may have met earlier" in line
    assert told(row, f"Together for at least {row['duration_h']:.1f} h")
    assert not told(row, "with the last report")


@everywhere
def test_b1_a_meeting_still_on_when_the_data_end_says_so_and_claims_no_end(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=30)
    scene.transfer(meets_h=8, hours=6)
    row = only(events_of(between(scene.fixes(), scene.time_s(0.0), scene.time_s(12.0)), scene.statics()))
    (line,) = told(row, "with the last report held of")
    assert "where the data end" in line
    assert "may have stayed longer" in line
    assert told(row, "at least")
    assert not told(row, "with the first report")


@everywhere
def test_b1_a_meeting_seen_whole_claims_its_length(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=30)
    scene.transfer(meets_h=8, hours=6)
    row = only(events_of(scene.fixes(), scene.statics()))
    assert not [
        line for line in row["why"] if "together already" in line or "together still" in line or "at least" in line
    ]


@everywhere
def test_b8_a_ship_first_heard_beside_another_long_after_the_data_begin_is_named_and_said_to_be_unheard_before(
    place: str,
) -> None:
    scene = Scene(place=PLACES[place], hours=40)
    _, guest = scene.transfer(meets_h=16, hours=8)
    fixes = scene.fixes()
    late = (fixes.mmsi == guest.mmsi) & (fixes.time_ms < scene.time_s(19.0) * 1000)
    row = only(events_of(fixes.take(np.flatnonzero(~late)), scene.statics()))
    (line,) = told(row, "not heard in the 6 h before")
    assert line.startswith(f"It begins with a report of {guest.name}")


@everywhere
def test_b2_where_the_pose_was_not_measured_the_words_say_what_carries_the_confidence(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=65, hours=30)
    scene.transfer(meets_h=8, hours=6)
    row = only(scanned_events_of(scene.fixes(), scene.statics()))
    (line,) = told(row, "at 0 moment(s): how they lay was not measured and counts nothing. The confidence rests on")
    assert "their coming and going" in line
    assert "the kinds of ships" in line
    assert told(row, "No confidence is above 0.79: few moments were heard.")
    assert row["verdict"] == "possible"


@everywhere
def test_b2_the_more_moments_are_heard_the_surer_a_meeting_may_be(place: str) -> None:
    confidences = []
    for every_min in (65, 30, 10):
        scene = Scene(place=PLACES[place], every_min=every_min, hours=30)
        scene.transfer(meets_h=8, hours=6)
        confidences.append(only(scanned_events_of(scene.fixes(), scene.statics()))["confidence"])
    assert confidences == sorted(confidences)
    assert confidences[0] < confidences[-1] == 0.98


def test_b2_a_draught_that_changed_lifts_a_meeting_whose_pose_was_not_measured() -> None:
    scene = Scene(every_min=65, hours=30)
    scene.transfer(meets_h=8, hours=5)
    plain, changed = (
        only(scanned_events_of(scene.fixes(), scene.statics(), draughts=said))
        for said in (Draughts(), Draughts(8.1, 5.9, 4.0, 7.2))
    )
    assert told(plain, "at 0 moment(s)")
    assert (plain["verdict"], changed["verdict"]) == ("possible", "likely")


def test_the_course_on_which_a_ship_came_is_no_heading_of_hers_at_anchor() -> None:
    minutes = np.arange(0.0, 120.0, 3.0)
    n = len(minutes)
    is_under_way = minutes < 30.0
    fixes = Fixes(
        time_ms=(1_600_000_000_000 + minutes * 60_000).astype(np.int64),
        mmsi=np.full(n, 1, np.int32),
        lon_e7=np.zeros(n, np.int32),
        lat_e7=np.zeros(n, np.int32),
        sog_kn=np.where(is_under_way, 8.0, 0.1).astype(np.float32),
        cog_deg=np.full(n, 40.0, np.float32),
        heading_deg=np.full(n, np.nan, np.float32),
        nav_status=np.full(n, -1, np.int8),
        flags=np.zeros(n, np.uint8),
    )
    at_s = fixes.time_ms / 1000.0
    heading, stands_in = (
        column[0] for column in keels_at(fixes, Lanes(at_s, np.array([0, n])), np.array([0]), at_s[None, :])
    )
    assert np.allclose(heading[is_under_way], 40.0)
    assert np.isnan(heading[~is_under_way]).all()
    assert stands_in.tolist() == is_under_way.tolist()
