"""Lines between the waters of states, as the map draws them."""

import numpy as np
import shapely

from tracker.pipeline.layers import map_layers
from tracker.zones.boundaries import state_boundaries
from tracker.zones.earth import to_ecef, wrap_lon
from tracker.zones.index import read_index
from tracker.zones.locate import locate
from tracker.zones.treaties import read_special_zones


def sides(line: list[list[float]]) -> list[set[str]]:
    """States 3 nm to either side of the middles of the segments of a line."""
    xy = np.array(line)
    middle, along = (xy[1:] + xy[:-1]) / 2, np.diff(xy, axis=0)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.linalg.norm(along, axis=1)[:, None] * 0.05
    found = [locate(*(middle + sign * across).T).column("state").to_pylist() for sign in (1, -1)]
    return [set(pair) for pair in zip(*found, strict=True)]


def test_a_line_parts_two_states_and_follows_the_treaty_in_the_gulf_of_tonkin() -> None:
    lines = state_boundaries((106.0, 17.0, 109.0, 21.5), step_deg=0.25)
    longest = max(lines, key=lambda line: shapely.linestrings(np.array(line)).length)
    pairs = sides(longest)
    assert sum(pair == {"CHN", "VNM"} for pair in pairs) >= 0.8 * len(pairs)
    treaty = shapely.linestrings(next(z for z in read_special_zones() if "Tonkin" in z.zone).xy)
    inner = shapely.clip_by_rect(shapely.linestrings(np.array(longest)), 106.0, 17.9, 109.0, 20.5)
    off = shapely.distance(treaty, shapely.points(shapely.get_coordinates(inner)))
    assert off.max() < 0.05


def test_open_sea_has_no_boundary() -> None:
    assert state_boundaries((-150.0, 35.0, -145.0, 40.0), step_deg=0.5) == []


def test_a_boundary_runs_on_past_180() -> None:
    lines = state_boundaries((172.0, -22.0, 188.0, -10.0), step_deg=0.5)
    east = max(point[0] for line in lines for point in line)
    assert 180 < east <= 188


def test_the_map_has_200_nm_and_boundaries_far_out_and_12_nm_near_the_events_even_when_they_lie_oceans_apart() -> None:
    layers = map_layers(np.array([124.0, -118.0]), np.array([30.5, 33.0]))
    kinds = {item["kind"] for item in layers["limits"]}
    assert kinds == {"12nm", "24nm", "200nm", "baseline", "boundary"}
    coordinates = [
        p for i in layers["limits"] if i["kind"] == "12nm" for line in i["geometry"]["coordinates"] for p in line
    ]
    lon = wrap_lon(np.array([p[0] for p in coordinates]))
    assert ((lon > 118) & (lon < 128)).any()
    assert ((lon > -124) & (lon < -114)).any()


def test_without_treaty_and_dispute_the_state_of_an_eez_is_the_one_whose_baseline_is_nearest() -> None:
    rng = np.random.default_rng(8)
    lon, lat = rng.uniform(105, 140, 1500), rng.uniform(3, 42, 1500)
    answer = locate(lon, lat).to_pylist()
    plain = [
        i
        for i, row in enumerate(answer)
        if row["waters"] == "eez" and "treaty" not in row["source"] and "disputed" not in row["source"]
    ]
    assert len(plain) > 300
    index = read_index()
    points = to_ecef(lon[plain], lat[plain])
    states = ["CHN", "KOR", "PRK", "JPN", "VNM", "TWN", "PHL", "IDN", "MYS", "RUS"]
    distance = {state: index.state_nm(points, state=state) for state in states}
    nearest = np.min(list(distance.values()), axis=0)
    for at, i in enumerate(plain):
        own = answer[i]["state"]
        if own in distance:
            # a declared line is followed between its points, which the distance by state is not
            assert distance[own][at] <= nearest[at] + 0.2, answer[i]
