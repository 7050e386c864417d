"""A silence is read against the receivers that heard the ship before it, where reports name theirs. At four places."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detectors.alone import alone_in, put_traffic
from tests.scenes import PLACES, Scene
from tracker.detectors.receivers import NO_RECEIVERS, Receivers, receivers_down
from tracker.pipeline.source import FixesSource, MemorySource, receivers_of
from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import pass_by
from tracker.tables.positions import POSITIONS
from tracker.units import MILLISECONDS_PER_HOUR

everywhere = pytest.mark.parametrize("place", PLACES)
SILENT = (8, 15)
Hears = Callable[[int, float], str]
"""MMSI and hour of the scene -> the receiver."""


def silent_ship(place: str) -> tuple[Scene, Hull, list[Hull]]:
    """A ship that is silent for seven hours among eight that are heard all along."""
    scene = Scene(place=PLACES[place], every_min=10)
    others = put_traffic(scene)
    ship = scene.ship("tanker")
    middle = scene.hours / 2
    track = pass_by(
        scene.place, time_s=scene.time_s(middle), course_deg=70.0, speed_kn=5.0, hours=middle, rng=scene.rng(30)
    )
    scene.add(ship, track, silent=[SILENT])
    return scene, ship, others


def heard(scene: Scene, hears: Hears) -> Receivers:
    """What each receiver heard, when each report came by the one that is said."""
    fixes, counts = scene.fixes(), Counter[tuple[int, int, str]]()
    for mmsi, time_ms in zip(fixes.mmsi.tolist(), fixes.time_ms.tolist(), strict=True):
        counts[mmsi, time_ms // MILLISECONDS_PER_HOUR, hears(mmsi, (time_ms / 1000.0 - scene.start_s) / 3600.0)] += 1
    return Receivers.of(counts)


def is_silent_time(hour: float) -> bool:
    return SILENT[0] <= hour < SILENT[1]


@everywhere
def test_a_receiver_that_hears_nobody_any_more_is_down_whatever_others_hear(place: str) -> None:
    scene, ship, others = silent_ship(place)
    north = {ship.mmsi, *(other.mmsi for other in others[:4])}
    receivers = heard(scene, lambda mmsi, hour: "NORTH" if mmsi in north and not is_silent_time(hour) else "SOUTH")
    row = alone_in(scene, receivers=receivers).gap_of(ship)
    assert row["confidence"] < 0.2
    assert "receiver hole" in row["why"][0]
    assert any("Heard before by NORTH: silent for everybody in" in sentence for sentence in row["why"])
    assert alone_in(scene).gap_of(ship)["confidence"] > 0.8


@everywhere
def test_a_receiver_that_goes_on_hearing_others_leaves_her_switched_off(place: str) -> None:
    scene, ship, _ = silent_ship(place)
    row = alone_in(scene, receivers=heard(scene, lambda mmsi, _: f"SHORE {mmsi % 2}")).gap_of(ship)
    assert row["confidence"] == alone_in(scene).gap_of(ship)["confidence"]
    assert any("other ships were heard there meanwhile" in sentence for sentence in row["why"])


@everywhere
def test_a_receiver_that_hears_her_alone_says_nothing(place: str) -> None:
    scene, ship, _ = silent_ship(place)
    receivers = heard(scene, lambda mmsi, _: "HERS" if mmsi == ship.mmsi else "SHORE")
    assert alone_in(scene, receivers=receivers).gap_of(ship)["confidence"] == pytest.approx(
        alone_in(scene).gap_of(ship)["confidence"], abs=0.05
    )


@everywhere
def test_a_satellite_that_comes_over_now_and_then_says_little_by_its_silence(place: str) -> None:
    scene, ship, _ = silent_ship(place)
    receivers = heard(scene, lambda _, hour: "SAT" if hour % 6 < 1 and not is_silent_time(hour) else "SHORE")
    off, without = (alone_in(scene, receivers=r).gap_of(ship)["confidence"] for r in (receivers, NO_RECEIVERS))
    assert off > 0.7
    assert off <= without


@given(st.data())
@settings(max_examples=50)
def test_receivers_that_were_heard_in_an_hour_were_not_down_in_it(data: st.DataObject) -> None:
    rows = data.draw(
        st.dictionaries(
            st.tuples(st.integers(1, 6), st.integers(100, 120), st.sampled_from("ABC")), st.integers(1, 9), min_size=1
        )
    )
    receivers = Receivers.of(rows)
    hours = np.arange(100, 121)
    down = receivers_down(receivers, np.full(21, 1), np.full(21, 110), np.arange(21), hours)
    hers = {name for mmsi, hour, name in rows if mmsi == 1 and 108 <= hour <= 110}
    for n, hour in enumerate(hours.tolist()):
        assert 0.0 <= down.share[n] <= 1.0
        assert down.log_chance[n] <= 0.0
        if all(any(h == hour and name == one for _, h, one in rows) for name in hers):
            assert down.share[n] == 0.0
            assert down.log_chance[n] == 0.0
        assert set(down.hers[n].split(", ")) - {""} == hers


def test_reports_are_counted_by_ship_hour_and_receiver_where_they_name_it() -> None:
    hour = MILLISECONDS_PER_HOUR
    table = POSITIONS.from_rows(
        {
            "time": time_ms,
            "mmsi": mmsi,
            "lon_e7": 0,
            "lat_e7": 0,
            "flags": 0,
            "station": station,
        }
        for time_ms, mmsi, station in [
            (5 * hour, 200000001, "A"),
            (5 * hour + 1, 200000001, "A"),
            (6 * hour, 200000002, "B"),
            (6 * hour, 200000001, None),
        ]
    )
    receivers = receivers_of(MemorySource(table))
    assert receivers.names == ("A", "B")
    assert list(zip(receivers.mmsi, receivers.hour, receivers.reports, strict=True)) == [
        (200000001, 5, 2),
        (200000002, 6, 1),
    ]
    nameless = table.set_column(
        table.schema.get_field_index("station"), table.schema.field("station"), pa.nulls(4, pa.string())
    )
    assert receivers_of(MemorySource(nameless)) is NO_RECEIVERS
    assert receivers_of(FixesSource(silent_ship("equator")[0].fixes())) is NO_RECEIVERS
