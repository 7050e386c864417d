"""Who lay slow beside whom: told for all spells at once, as it would be told spell by spell."""

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenes import PLACES
from tracker.detectors.boxes import Boxes, packed
from tracker.detectors.company import ever_near, waiting_with
from tracker.detectors.slow import Spells
from tracker.geo.kernels import ecef_m
from tracker.geo.kernels.around import count_about
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

NEAR_NM = 3.0
CARGO, TUG = 70, 52


def spells_about(place: tuple[float, float], count: int, rng: np.random.Generator) -> Spells:
    """Slow spells of a few ships within some miles and days."""
    start_ms = rng.integers(0, 96 * MILLISECONDS_PER_HOUR, count)
    lon, lat = (axis + rng.uniform(-0.1, 0.1, count) for axis in place)
    length_ms = rng.integers(1, 60 * MILLISECONDS_PER_HOUR, count)
    still = np.zeros(count)
    return Spells(rng.integers(1, 9, count), start_ms, start_ms + length_ms, lon, lat, still, still)


def ship_at(mmsi: int, _time_ms: int) -> Ship:
    return Ship(mmsi, ship_type=TUG if mmsi % 3 == 0 else CARGO)


def away_m(spells: Spells, i: int) -> npt.NDArray[np.float64]:
    """Straight distances, as the tool measures over a few miles."""
    xyz = np.column_stack(ecef_m(spells.lon, spells.lat))
    return np.asarray(np.sqrt(((xyz - xyz[i]) ** 2).sum(axis=1)))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(PLACES)), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_who_waits_with_a_ship_is_who_is_near_for_half_of_her_spell(place: str, count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    spells = spells_about(PLACES[place], count, rng)
    rows = np.flatnonzero(rng.random(count) < 0.5)
    expected = []
    for i in rows.tolist():
        common_ms = np.minimum(spells.end_ms, spells.end_ms[i]) - np.maximum(spells.start_ms, spells.start_ms[i])
        waits = (away_m(spells, i) <= NEAR_NM * METRES_PER_NAUTICAL_MILE) & (spells.mmsi != spells.mmsi[i])
        waits &= (common_ms >= 0.5 * (spells.end_ms[i] - spells.start_ms[i])) & (spells.mmsi % 3 != 0)
        expected.append(len(set(spells.mmsi[waits].tolist())))
    assert waiting_with(rows, spells, ship_at, within_nm=NEAR_NM).tolist() == expected


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(PLACES)), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_who_ever_lay_near_is_counted_once_a_ship(place: str, count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    spells = spells_about(PLACES[place], count, rng)
    chosen = rng.random(count) < 0.6
    rows = np.flatnonzero(rng.random(count) < 0.5)
    expected = [
        len(
            set(spells.mmsi[chosen & (away_m(spells, i) <= NEAR_NM * METRES_PER_NAUTICAL_MILE)].tolist())
            - {spells.mmsi[i]}
        )
        for i in rows.tolist()
    ]
    assert ever_near(rows, spells, chosen, within_nm=NEAR_NM).tolist() == expected


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(PLACES)), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_ships_about_a_place_are_counted_by_boxes_as_one_by_one(place: str, count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = (axis + rng.uniform(-0.8, 0.8, count) for axis in PLACES[place])
    xyz, ship = np.column_stack(ecef_m(lon, lat)), rng.integers(0, 12, count)
    table = rng.integers(0, 3, count)
    radius_m = 15.0 * METRES_PER_NAUTICAL_MILE
    asked = xyz[:20]
    counts = np.empty((len(asked), 3), np.int64)
    tables = tuple(Boxes(xyz[table == n], ship[table == n]).about(asked, radius_m) for n in range(3))
    count_about(asked, ship[:20], tables, radius_m, np.full((4, 12), -1, np.int32), counts)
    for i, found in enumerate(counts.tolist()):
        near = np.sqrt(((xyz - asked[i]) ** 2).sum(axis=1)) <= radius_m
        heard, back, gone = (set(ship[near & (table == n)].tolist()) - {int(ship[i])} for n in range(3))
        assert found == [len(heard), len(back & heard), len(gone & heard - back)]


SIDE = st.integers(-(1 << 19), (1 << 19) - 1)


@given(st.lists(st.tuples(SIDE, SIDE, SIDE), min_size=1))
def test_cells_in_one_number_are_told_apart_and_in_order_as_in_three(cells: list[tuple[int, int, int]]) -> None:
    code = packed(*np.array(cells).T)
    assert [cells[i] for i in np.argsort(code, kind="stable")] == sorted(cells)
    assert len(set(code.tolist())) == len(set(cells))
