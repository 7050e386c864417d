"""A catalogue of satellite scenes: when, and over which ground. Read from a table or from GeoJSON (STAC items too)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tracker.errors import CorruptInputError, EmptyInputError, MissingColumnError
from tracker.tables.given import GivenTable
from tracker.tables.rows import Faults, number, plain, rows_of

TIMES = ("time", "start_time", "datetime", "start_datetime", "acquired")
ENDS = ("end_time", "end_datetime")
NAMES = ("id", "scene", "scene_id", "name", "title")
PLATFORMS = ("platform", "constellation", "satellite", "source", "collection")
FOOTPRINTS = ("footprint", "wkt", "geometry")
BOX = ("lon_min", "lat_min", "lon_max", "lat_max")


@dataclass(frozen=True)
class Scene:
    """One scene: times in ms since 1970, footprint in degrees inside -180..180 (shapely)."""

    scene_id: str
    start_ms: int
    end_ms: int
    platform: str
    footprint: Any


@dataclass(frozen=True)
class Scenes:
    """Scenes of one file, in order of time, and what was set aside."""

    rows: tuple[Scene, ...]
    faults: Faults
    name: str
    digest: str


def read_scenes(table: GivenTable, /) -> Scenes:
    """Read a catalogue: CSV of time and footprint (WKT, or lon_min, lat_min, lon_max, lat_max), or GeoJSON features.

    Raises
    ------
    EmptyInputError, MissingColumnError, InputError
        When there is nothing in it, or times or footprints are missing altogether.
    """
    faults = Faults()
    rows = _features(table) if table.content.lstrip()[:1] == "{" else _lines(table)
    scenes = []
    for place, row in enumerate(rows, start=1):
        where = f"scene {place}"
        start = _moment(_first(row, TIMES))
        if start is None:
            faults.add("time is no date and time", f"{where}: {plain(str(_first(row, TIMES)))!r}")
            continue
        end = _moment(_first(row, ENDS)) or start
        footprint = _footprint(row)
        if footprint is None:
            faults.add("footprint is no area on the globe", where)
            continue
        name = plain(str(_first(row, NAMES) or f"scene {place}"))
        scenes.append(Scene(name, start, max(start, end), plain(str(_first(row, PLATFORMS) or "")), footprint))
    scenes.sort(key=lambda s: (s.start_ms, s.scene_id))
    return Scenes(tuple(scenes), faults, table.name, table.digest)


def _lines(table: GivenTable) -> list[dict[str, Any]]:
    rows = rows_of(table.content, table.name, needs=())
    columns = set(rows[0])
    if not columns & set(TIMES) or not (columns & set(FOOTPRINTS) or set(BOX) <= columns):
        raise MissingColumnError(
            f"{table.name} needs a time ({', '.join(TIMES)}) and a footprint as WKT ({', '.join(FOOTPRINTS)}) or as "
            f"{', '.join(BOX)}. It has: {', '.join(rows[0])}."
        )
    return [dict(row) for row in rows]


def _features(table: GivenTable) -> list[dict[str, Any]]:
    try:
        told = json.loads(table.content)
        features = told.get("features", [told]) if isinstance(told, dict) else []
        rows = [
            {**(f.get("properties") or {}), "id": f.get("id"), "geometry": f.get("geometry")}
            for f in features
            if isinstance(f, dict) and isinstance(f.get("properties") or {}, dict)
        ]
    except (json.JSONDecodeError, RecursionError, AttributeError, TypeError) as error:
        raise CorruptInputError(f"Cannot read {table.name}: it is no GeoJSON ({error}).") from error
    if not rows:
        raise EmptyInputError(f"There is no feature in {table.name}.")
    return rows


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name)), None)


def _moment(value: Any) -> int | None:
    if not isinstance(value, str) or len(value) <= 10:
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _footprint(row: Mapping[str, Any]) -> Any:
    """The area, cut at 180 degrees; None when it is none."""
    import shapely

    given = _first(row, FOOTPRINTS)
    try:
        if isinstance(given, Mapping):
            area = shapely.geometry.shape(given)
        elif given is not None:
            area = shapely.from_wkt(str(given))
        else:
            west, south, east, north = (number(str(row.get(name, ""))) for name in BOX)
            if west is None or south is None or east is None or north is None or south >= north:
                return None
            area = shapely.box(west, south, east + 360.0 if west > east else east, north)
    except (shapely.errors.GEOSException, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None
    if area is None or area.is_empty or area.geom_type not in ("Polygon", "MultiPolygon"):
        return None
    west, south, east, north = area.bounds
    if not (-360.0 <= west <= east <= 540.0 and -90.0 <= south <= north <= 90.0):
        return None
    if east - west > 180.0 and east <= 180.0:
        # drawn the long way round: it crosses 180 degrees
        area = shapely.transform(area, lambda xy: xy + [360.0, 0.0] * (xy[:, :1] < 0))
    area = shapely.make_valid(area)
    pieces = [
        shapely.transform(
            shapely.intersection(area, shapely.box(-180.0 + turn, -90.0, 180.0 + turn, 90.0)),
            lambda xy, turn=turn: xy - [turn, 0.0],
        )
        for turn in (-360.0, 0.0, 360.0)
    ]
    return shapely.union_all([piece for piece in pieces if not piece.is_empty])
