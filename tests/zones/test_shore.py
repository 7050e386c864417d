"""The coast laid out piece by piece answers as one tree over all of it, and as the polygons themselves."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.zones import shore as shore_module
from tracker.zones.coast import ring_of
from tracker.zones.earth import to_ecef, wrap_lon
from tracker.zones.index import NO_STATE, CoastIndex, read_index
from tracker.zones.shore import Shore

INDEX = read_index()
COAST = INDEX.coast
WORLD = np.random.default_rng(1).uniform((-180.0, -90.0), (180.0, 90.0), (6000, 2)).T


def fresh(index: CoastIndex) -> Shore:
    """The same coast, nothing of it laid out."""
    old = index.shore
    return Shore(
        old._coast,
        old._pieces,
        is_left_out=old._is_left_out,
        rocks=old._rocks.points.xyz,
        rock_code=old._rocks.points.code,
    )


@pytest.fixture(scope="module")
def whole() -> Shore:
    shore = fresh(INDEX)
    shore.nearest(to_ecef(*WORLD))
    assert len(shore._parts) == 2
    return shore


def nasty(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Vertices, middles between them, places near them, the antimeridian and the poles."""
    rng = np.random.default_rng(seed)
    here = rng.integers(0, len(COAST.lon) - 1, count)
    lon, lat = COAST.lon[here], COAST.lat[here]
    kind = rng.integers(0, 5, count)
    middle, near = kind == 1, kind == 2
    lon = np.where(middle, (lon + COAST.lon[here + 1]) / 2, lon) + near * rng.normal(0, 0.01, count)
    lat = np.where(middle, (lat + COAST.lat[here + 1]) / 2, lat) + near * rng.normal(0, 0.01, count)
    lon = np.where(kind == 3, rng.choice([-180.0, 180.0, 179.9999], count), lon)
    lat = np.where(kind == 4, rng.choice([-90.0, 90.0, 89.9, -70.0], count), lat)
    return wrap_lon(lon), np.clip(lat, -90.0, 90.0)


questions = st.lists(
    st.one_of(
        st.tuples(st.just("nasty"), st.integers(0, 2**16), st.integers(1, 12)),
        st.tuples(st.just("about"), st.integers(0, 2**16), st.integers(1, 40)),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12, deadline=None)
@given(asked=questions)
def test_what_is_asked_in_turn_is_answered_as_by_the_whole_coast(
    whole: Shore, asked: list[tuple[str, int, int]]
) -> None:
    shore = fresh(INDEX)
    for kind, seed, count in asked:
        rng = np.random.default_rng(seed)
        if kind == "nasty":
            lon, lat = nasty(seed, count)
        else:
            lon = wrap_lon(rng.uniform(-180, 180) + rng.normal(0, 1, count))
            lat = np.clip(rng.uniform(-90, 90) + rng.normal(0, 1, count), -90, 90)
        places = to_ecef(lon, lat)
        for ours, theirs in zip(shore.nearest(places), whole.nearest(places), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_many_questions_join_the_parts_and_change_no_answer(whole: Shore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shore_module, "MOST_PARTS", 2)
    shore = fresh(INDEX)
    for lon in range(100, 150, 10):
        places = to_ecef([lon, lon + 3.0], [10.0, 30.0])
        np.testing.assert_array_equal(shore.nearest(places)[0], whole.nearest(places)[0])
        assert len(shore._parts) <= 5


def test_the_coast_is_as_far_as_its_nearest_point_or_nearer() -> None:
    lon, lat = nasty(7, 60)
    places = to_ecef(lon, lat)
    chord, label = fresh(INDEX).nearest(places)
    points, code = INDEX.shore.everywhere()
    for place, ours, named in zip(places, chord, label, strict=True):
        off_m = np.sqrt(((points - place) ** 2).sum(axis=1))
        assert off_m.min() - 3000.0 <= ours <= off_m.min() + 1e-6
        assert named in code[off_m <= off_m.min() + 1e-6]


def test_points_of_a_state_are_those_of_all_that_bear_its_labels() -> None:
    points, code = INDEX.shore.everywhere()
    for state in ("CHN", "CAN", "SGP"):
        is_asked = INDEX.state_of_label == INDEX.states.index(state)
        np.testing.assert_array_equal(INDEX.shore.labelled(is_asked), points[is_asked[code]])


def test_a_ring_counts_whole_or_not_at_all() -> None:
    is_bare = (INDEX.state_of_label == NO_STATE)[INDEX.shore._coast.code]
    some, every = (pick.reduceat(is_bare, COAST.start) for pick in (np.logical_or, np.logical_and))
    assert some.any()
    np.testing.assert_array_equal(some, every)


@pytest.mark.parametrize("seed", [1, 2])
def test_places_on_land_are_those_inside_a_polygon(seed: int) -> None:
    lon, lat = nasty(seed, 150)
    kept = lat > -69.0
    lon, lat = lon[kept], lat[kept]
    # rings of the file, each compared by its box and then by itself
    box = [pick.reduceat(side, COAST.start) for pick in (np.minimum, np.maximum) for side in (COAST.lon, COAST.lat)]
    expected = []
    for x, y in zip(lon, lat, strict=True):
        near = np.flatnonzero(
            (box[0] <= x) & (x <= box[2]) & (box[1] <= y) & (y <= box[3]) & (COAST.size >= 3),
        )
        expected.append(any(shapely.contains_xy(shapely.Polygon(ring_of(COAST, int(n))), x, y) for n in near))
    few = INDEX.rings.__class__(COAST)
    assert [bool(few.hold(lon[n : n + 1], lat[n : n + 1])[0]) for n in range(len(lon))] == expected
    np.testing.assert_array_equal(INDEX.rings.__class__(COAST).hold(lon, lat), expected)
