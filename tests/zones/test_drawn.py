"""The outlines of a user's zones, as the map draws them."""

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
from shapely import Polygon, box

from tracker.views.layers import pack_layers
from tracker.zones.drawn import MOST_VERTICES, drawn, drawn_near
from tracker.zones.given import read_zones

EAST_ASIA = (118.0, 24.0, 132.0, 40.0)


def outlines(tmp_path: Path, *shapes: Any, **told: object) -> Any:
    row = {"GEONAME": "A zone", "POL_TYPE": "200NM", "ISO_SOV1": "JPN"} | told
    geopandas.GeoDataFrame([row] * len(shapes), geometry=list(shapes), crs=4326).to_file(tmp_path / "own.gpkg")
    return drawn(read_zones(tmp_path / "own.gpkg"))


def test_a_zone_is_drawn_with_its_name_state_and_kind(tmp_path: Path) -> None:
    (layer,) = drawn_near(outlines(tmp_path, box(123, 29, 126, 32)), EAST_ASIA)
    assert (layer["name"], layer["kind"]) == ("A zone (JPN: eez)", "own")
    xy = np.array(layer["geometry"]["coordinates"][0])
    assert [*xy.min(axis=0), *xy.max(axis=0)] == [123, 29, 126, 32]


def test_an_overlapping_claim_is_marked_as_contested(tmp_path: Path) -> None:
    (layer,) = drawn_near(outlines(tmp_path, box(123, 29, 126, 32), POL_TYPE="Overlapping claim"), EAST_ASIA)
    assert layer["kind"] == "contested"


@pytest.mark.parametrize("west", [178.0, -182.0])
def test_a_zone_across_the_antimeridian_is_drawn_on_a_map_of_either_side(tmp_path: Path, west: float) -> None:
    table = outlines(tmp_path, box(west, -20, west + 4, -15))
    for near in ((170.0, -30.0, 179.0, -10.0), (-179.0, -30.0, -170.0, -10.0), (175.0, -30.0, -175.0, -10.0)):
        assert len(drawn_near(table, near)) == 1
    assert not drawn_near(table, EAST_ASIA)
    packed = pack_layers({"given": drawn_near(table, (175.0, -30.0, -175.0, -10.0))}, region=None, max_vertices=1000)
    (line,) = packed["given"][0]["lines"]
    lon = np.cumsum(line.as_py()[::2]) / packed["units"]
    assert lon.max() - lon.min() == pytest.approx(4.0, abs=0.1), "not round the world"


def test_a_very_detailed_file_is_thinned_and_stays_in_place(tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * np.pi, 400_001)
    wiggle = 3 + 0.001 * np.sin(997 * turn)
    table = outlines(tmp_path, Polygon(np.column_stack([125 + wiggle * np.cos(turn), 30 + wiggle * np.sin(turn)])))
    (layer,) = drawn_near(table, EAST_ASIA)
    xy = np.array(layer["geometry"]["coordinates"][0])
    assert len(xy) <= MOST_VERTICES
    assert np.abs(np.hypot(*(xy - [125, 30]).T) - 3).max() < 0.02
