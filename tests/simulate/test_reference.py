"""The reference rule as others run it: what it finds, and what it is known to miss."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scenes import PLACES, Scene
from tracker.simulate.reference import ReferenceParams, reference_rule
from tracker.tables.fixes import Fixes


def pairs(events: object) -> list[tuple[int, int]]:
    return [(row["mmsi_1"], row["mmsi_2"]) for row in events.to_pylist()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_a_long_drift_on_one_day_is_found_anywhere_on_the_globe(place: tuple[float, float]) -> None:
    scene = Scene(place=place, start="2020-01-30T00:00:00Z", hours=20)
    one, two = scene.transfer(meets_h=8, hours=3)
    events = reference_rule(scene.fixes())
    assert pairs(events) == [tuple(sorted((one.mmsi, two.mmsi)))]
    start = events["start_time"].to_pylist()[0].timestamp()
    assert abs(start - scene.time_s(8)) < 20 * 60


def test_it_misses_what_it_is_known_to_miss() -> None:
    midnight = Scene(start="2020-01-30T12:00:00Z", hours=20)
    midnight.transfer(meets_h=10.4, hours=3)
    short = Scene(start="2020-01-30T00:00:00Z", hours=20)
    short.transfer(meets_h=8, hours=1)
    underway = Scene(start="2020-01-30T00:00:00Z", hours=20)
    underway.transfer(meets_h=8, hours=5, mode="underway", speed_kn=4)
    sparse = Scene(start="2020-01-30T00:00:00Z", hours=20, every_min=65)
    sparse.transfer(meets_h=6, hours=10)
    for scene in (midnight, short, underway, sparse):
        assert reference_rule(scene.fixes()).num_rows == 0


def test_it_takes_neighbours_at_anchor_for_encounters_unless_an_anchorage_is_listed() -> None:
    scene = Scene(start="2020-01-30T00:00:00Z", hours=20)
    scene.neighbours(distance_m=400)
    assert len(set(pairs(reference_rule(scene.fixes())))) == 1
    ports = np.array([scene.place[0]]), np.array([scene.place[1]])
    assert reference_rule(scene.fixes(), ports=ports).num_rows == 0


def test_few_reports_and_lone_ships_are_no_trouble() -> None:
    scene = Scene(start="2020-01-30T00:00:00Z", hours=20)
    scene.loiterer()
    fixes = scene.fixes()
    for some in (fixes, fixes.take(slice(0, 1)), fixes.take(slice(0, 0))):
        assert isinstance(some, Fixes)
        assert reference_rule(some).num_rows == 0


def test_a_wider_radius_finds_no_fewer() -> None:
    scene = Scene(start="2020-01-30T00:00:00Z", hours=20)
    scene.neighbours(distance_m=700, count=3)
    counts = [
        reference_rule(scene.fixes(), params=ReferenceParams(distance_m=d)).num_rows for d in (300.0, 800.0, 2000.0)
    ]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
