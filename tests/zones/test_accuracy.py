"""Internal waters and territorial seas against polygons of others, read where they are given and never shipped."""

import os
from pathlib import Path

import pytest

from benchmarks.zones import agreement

GIVEN = os.environ.get("TRACKER_OSM_MARITIME", "")
"""Path of borders.geo.json of npm @osm_borders/maritime_10m 1.1.0 (ODbL)."""


@pytest.mark.skipif(
    not GIVEN, reason="TRACKER_OSM_MARITIME does not name borders.geo.json of @osm_borders/maritime_10m"
)
def test_twelve_miles_agree_with_openstreetmap_within_forty_miles_of_the_coast() -> None:
    found = agreement(Path(GIVEN), count=200_000)
    assert found["points"] > 20_000
    assert found["in_out"] >= 0.92
    assert found["iou CHN"] >= 0.95
    assert found["iou KOR"] >= 0.96
    assert found["state"] >= 0.985
