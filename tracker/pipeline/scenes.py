"""The satellite check of an event: where to look, when, which scenes of a catalogue must or may show the ship.

A scene *must* hold the ship when all places where she can have been at its time lie in its footprint, and *may* when
some do. Places come from her track where she was heard, and from her reach where she was silent. What the analyst then
sees is noted with `tracker note CASE EVENT_ID --mark seen|not_seen|inconclusive`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.archive.case import Case
from tracker.cleaning.hull_params import HullParams
from tracker.cleaning.hulls import split_hulls
from tracker.detectors.scenes import Scene, Scenes, read_scenes
from tracker.detectors.sightings import SightingParams, place_at
from tracker.geo.grids import Grid
from tracker.pipeline.lookup import find_event
from tracker.pipeline.reach import ReachAnswer, find_silence_reach
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.tables.given import SCENES, GivenTable
from tracker.units import METRES_PER_NAUTICAL_MILE

COLLECTIONS = ("sentinel-1-grd", "sentinel-2-l2a")
"""Free imagery that shows ships: radar day and night, optical where there is no cloud."""
MARGIN_NM = 2.0
"""About the places of a ship that was heard: a hull, an error, a wake."""
PAD = timedelta(hours=6)


@dataclass(frozen=True)
class SceneCheck:
    """What to ask of satellites about one event."""

    event: Mapping[str, Any]
    mmsi: int
    area: Any
    """All places in question, MultiPolygon, degrees."""
    since: datetime
    until: datetime
    must: list[Scene]
    may: list[Scene]
    outside: int
    """Scenes of the catalogue that cannot show her."""
    catalogues: list[str]
    notes: list[str]

    def stac(self) -> dict[str, Any]:
        """A search by the STAC API specification, ready to be sent (POST /search)."""
        import shapely

        return {
            "collections": list(COLLECTIONS),
            "datetime": f"{_time(self.since)}/{_time(self.until)}",
            "intersects": shapely.geometry.mapping(shapely.set_precision(self.area, 1e-4)),
            "limit": 100,
        }

    def record(self) -> dict[str, Any]:
        """Everything as plain values."""
        import shapely

        west, south, east, north = self.area.bounds
        if len(self.area.geoms) > 1 and west <= -180.0 and east >= 180.0:
            # the two sides of 180 degrees: west of it begins the box, east of it ends it
            parts = [g.bounds for g in self.area.geoms]
            west, east = min(b[0] for b in parts if b[0] > 0), max(b[2] for b in parts if b[2] < 0)
        return {
            "event_id": self.event["event_id"],
            "type": self.event["type"],
            "mmsi": self.mmsi,
            "box": [round(v, 4) for v in (west, south, east, north)],
            "since": _time(self.since),
            "until": _time(self.until),
            "area": shapely.geometry.mapping(shapely.set_precision(self.area, 1e-4)),
            "must": [_scene(one) for one in self.must],
            "may": [_scene(one) for one in self.may],
            "outside": self.outside,
            "catalogues": self.catalogues,
            "stac_search": self.stac(),
            "notes": self.notes,
            "outcome": f"tracker note CASE {self.event['event_id']} --mark seen|not_seen|inconclusive",
        }


def check_scenes(
    case: Case,
    event_id: str,
    /,
    *,
    mmsi: int | None = None,
    tables: Sequence[GivenTable] = (),
) -> SceneCheck:
    """Where and when to look for a ship of an event, and which scenes can show her.

    Parameters
    ----------
    mmsi : a ship of the event, or a dark candidate; vessel 1 otherwise
    tables : catalogues beside those of the case

    Raises
    ------
    UnknownNameError, UsageError
        When there is no such event, or the ship is not in the data.
    """
    event = find_event(case, event_id)
    ship = int(event["mmsi_1"] if mmsi is None else mmsi)
    since, until = event["start_time"], event["end_time"]
    catalogues = [read_scenes(t) for t in (*case.user_tables(), *tables) if t.role == SCENES]
    candidates = [s for one in catalogues for s in one.rows]
    span = since.timestamp() * 1000, until.timestamp() * 1000
    inside = [s for s in candidates if s.end_ms >= span[0] and s.start_ms <= span[1]]
    where: _Heard | _Silent
    is_silent = event["type"] == "gap" or (event["type"] == "dark_encounter" and ship != event["mmsi_1"])
    where = _Silent(find_silence_reach(case, event["event_id"], mmsi=ship)) if is_silent else _Heard(case, event, ship)
    must, may = _sort(inside, where)
    return SceneCheck(
        event,
        ship,
        where.whole(),
        since,
        until,
        must,
        may,
        len(candidates) - len(must) - len(may),
        [one.name for one in catalogues],
        [*where.notes(), *_faults(catalogues)],
    )


def _sort(scenes: Sequence[Scene], where: "_Heard | _Silent") -> tuple[list[Scene], list[Scene]]:
    must, may = [], []
    for scene in scenes:
        areas = [where.at(ms) for ms in sorted({scene.start_ms, scene.end_ms})]
        areas = [area for area in areas if not area.is_empty]
        if areas and all(scene.footprint.contains(area) for area in areas):
            must.append(scene)
        elif any(scene.footprint.intersects(area) for area in areas):
            may.append(scene)
    return must, may


def _faults(catalogues: Sequence[Scenes]) -> list[str]:
    return [f"{one.name}: {line}" for one in catalogues for line in one.faults.lines()]


class _Silent:
    """Places of a ship that was not heard."""

    def __init__(self, answer: ReachAnswer) -> None:
        self._answer = answer

    def at(self, ms: int) -> Any:
        return self._answer.reach.at(ms)

    def whole(self) -> Any:
        return self._answer.reach.envelope

    def notes(self) -> list[str]:
        reach = self._answer.reach
        return [f"She was silent: places are her reach at {reach.speed_kn:.1f} kn ({reach.speed_basis}).", *reach.notes]


class _Heard:
    """Places of a ship about reports of hers."""

    def __init__(self, case: Case, event: Mapping[str, Any], mmsi: int) -> None:
        self._event = event
        requests = pa.table(
            {
                "mmsi": pa.array([mmsi], pa.int32()),
                "start": pa.array([event["start_time"] - PAD], UTC_MS),
                "end": pa.array([event["end_time"] + PAD], UTC_MS),
            }
        )
        raw = case.store().windows(requests).get(mmsi)
        hulls = [] if raw is None else [hull.fixes for hull in split_hulls(raw, params=HullParams())[0]]
        self._track: Fixes | None = max(hulls, key=len) if hulls else None

    def at(self, ms: int) -> Any:
        lon, lat, off_m = float(self._event["lon"]), float(self._event["lat"]), 5.0 * METRES_PER_NAUTICAL_MILE
        if self._track is not None:
            found = place_at(self._track, np.array([ms]), params=SightingParams())
            if np.isfinite(found[0][0]):
                lon, lat, off_m = (float(v[0]) for v in found)
        radius = off_m + MARGIN_NM * METRES_PER_NAUTICAL_MILE
        return Grid(lon, lat, radius / 20.0, 1).circle(lon, lat, radius_m=radius)

    def whole(self) -> Any:
        import shapely

        begin, end = (self._event[name].timestamp() * 1000 for name in ("start_time", "end_time"))
        areas = [self.at(int(ms)) for ms in np.linspace(begin, end, 13)]
        whole = shapely.union_all(areas)
        return shapely.MultiPolygon(list(shapely.get_parts(whole)))

    def notes(self) -> list[str]:
        if self._track is None:
            return ["The case holds no track of her: 5 nm about the place of the event."]
        return [f"She was heard: {MARGIN_NM:g} nm about her track, and what may be off it between reports."]


def _scene(scene: Scene) -> dict[str, Any]:
    return {
        "scene": scene.scene_id,
        "platform": scene.platform,
        "time": _time(datetime.fromtimestamp(scene.start_ms / 1000, UTC)),
        "end_time": _time(datetime.fromtimestamp(scene.end_ms / 1000, UTC)),
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
