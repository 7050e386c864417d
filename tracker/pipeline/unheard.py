"""Layers of the map for what was not heard: reaches of silent ships, and hulls seen from space that nobody explains."""

from collections.abc import Sequence
from typing import Any

from tracker.pipeline.reach import ReachAnswer
from tracker.tables.detections import UNMATCHED

MOST_SIGHTINGS = 5_000
"""A map with more marks than this is no longer read."""


def reach_layers(answers: Sequence[ReachAnswer], /) -> dict[str, Any]:
    """Areas with who, when and how fast in their names."""
    import shapely

    areas = []
    for answer in answers:
        told = answer.record()
        when = told["at"] or f"{told['silent_from']} to {told['silent_until']}"
        name = f"{told['name'] or told['mmsi']}, {when}, at {told['speed_kn']:.0f} kn"
        areas.append({"kind": "reach", "name": name, "polygon": shapely.geometry.mapping(answer.area)})
    return {"reaches": areas} if areas else {}


def sighting_layers(detections: Any, /) -> dict[str, Any]:
    """Unmatched rows of a `DETECTIONS` table, the latest ones when there are too many."""
    rows = [row for row in detections.to_pylist() if row["status"] == UNMATCHED]
    marks = []
    for row in rows[-MOST_SIGHTINGS:]:
        long = "" if row["length_m"] is None else f" {row['length_m']:.0f} m"
        name = f"{row['time']:%Y-%m-%d %H:%MZ}{long} {row['source'] or ''}".strip()
        marks.append({"name": name, "lon": row["lon"], "lat": row["lat"]})
    return {"sightings": marks} if marks else {}
