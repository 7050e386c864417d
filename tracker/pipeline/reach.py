"""Where a ship of a case could have been while it was silent: the silence is found in the tracks, land in the zones.

An event names its silence: a gap its own, a dark encounter that of the ship that was not heard. Any other silence is
named by a ship and a moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np

from tracker.archive.case import Case
from tracker.cleaning.hulls import HullParams, split_hulls
from tracker.detectors.reach import PortWindow, Reach, Silence
from tracker.detectors.ways_out import ReachParams, find_reach
from tracker.errors import UnknownNameError, UsageError
from tracker.pipeline.lookup import find_event
from tracker.tables.fixes import Fixes
from tracker.units import MILLISECONDS_PER_HOUR, MILLISECONDS_PER_MINUTE
from tracker.zones.index import read_index
from tracker.zones.ports import read_ports

UNDERWAY_KN = 3.0
"""Slower reports say nothing about how fast a ship goes."""
SHORTEST_MIN = 30.0
"""Shorter stretches without a report are no silence worth an area."""


@dataclass(frozen=True)
class ReachAnswer:
    """A reach with the names that go with it; ``table()``, ``record()`` and ``geojson()`` say it in three ways."""

    reach: Reach
    name: str | None
    at_ms: int | None
    """The moment asked for; None: the whole silence."""
    params: ReachParams
    provenance: Mapping[str, Any]

    @cached_property
    def area(self) -> Any:
        """MultiPolygon, degrees, EPSG:4326."""
        return self.reach.envelope if self.at_ms is None else self.reach.at(self.at_ms)

    @cached_property
    def ports(self) -> list[PortWindow]:
        """Ports in which a call fits into the silence, those of the DPRK first."""
        p = read_ports()
        return self.reach.ports(p.name, p.state, p.locode, p.lon, p.lat, min_call_h=self.params.min_call_h)

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the area, degrees; across 180 degrees west is greater than east."""
        parts = [part.bounds for part in self.area.geoms]
        south, north = min(b[1] for b in parts), max(b[3] for b in parts)
        # the widest stretch of longitudes without the area lies outside its box
        ends = sorted((b[0], b[2]) for b in parts)
        gaps, reached = [], ends[0][1]
        for west, east in ends[1:]:
            gaps.append((west - reached, west, reached))
            reached = max(reached, east)
        gaps.append((ends[0][0] + 360.0 - reached, ends[0][0], reached))
        _, west, east = max(gaps)
        return west, south, east, north

    def record(self) -> dict[str, Any]:
        """What was asked and found, as plain values."""
        r, s = self.reach, self.reach.silence
        return {
            "mmsi": s.mmsi,
            "name": self.name,
            "silent_from": _time(s.start_ms),
            "silent_until": _time(s.end_ms),
            "silence_h": round(s.hours, 2),
            "last_position": [round(s.lon_1, 5), round(s.lat_1, 5)],
            "next_position": None if s.is_open else [round(s.lon_2, 5), round(s.lat_2, 5)],
            "at": None if self.at_ms is None else _time(self.at_ms),
            "speed_kn": r.speed_kn,
            "speed_basis": r.speed_basis,
            "cell_nm": round(r.cell_nm, 2),
            "area": "where she could have been at that time"
            if self.at_ms is not None
            else "where she could have been on her way",
            "box": [round(value, 4) for value in self.box],
            "notes": [
                *r.notes,
                f"Land is a barrier at {r.cell_nm:.2f} nm; canals and rivers count as land. "
                f"A port call is {self.params.min_call_h:g} h or longer. Nothing here says that she was there.",
            ],
            "ports": [_port(one) for one in self.ports],
            "run_id": self.provenance.get("run_id"),
            "synthetic": bool(self.provenance.get("synthetic")),
        }

    def geojson(self) -> dict[str, Any]:
        """RFC 7946: the area, the two reports, and the ports."""
        import shapely

        record = self.record()
        ports = record.pop("ports")
        s = self.reach.silence
        area = shapely.set_precision(self.area, 1e-5)
        features = [_feature(shapely.geometry.mapping(area), {"kind": "reach", **record})]
        features.append(
            _feature(_point(s.lon_1, s.lat_1), {"kind": "last report", "mmsi": s.mmsi, "time": record["silent_from"]})
        )
        if not s.is_open:
            told = {"kind": "next report", "mmsi": s.mmsi, "time": record["silent_until"]}
            features.append(_feature(_point(s.lon_2, s.lat_2), told))
        features += [_feature(_point(one["lon"], one["lat"]), {"kind": "feasible port call", **one}) for one in ports]
        return {"type": "FeatureCollection", "features": features}


def find_silence_reach(
    case: Case,
    event_id: str | None = None,
    /,
    *,
    mmsi: int | None = None,
    at: datetime | None = None,
    speed_kn: float | None = None,
    params: ReachParams | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> ReachAnswer:
    """Where a ship could have been during a silence.

    Parameters
    ----------
    event_id : a gap, a dark encounter, or any event of the ship; its beginning is enough where it is the only one
    mmsi : the ship; of an event, the other one than it is about
    at : a moment; without an event it names the silence
    speed_kn : instead of the speed that follows from her track

    Raises
    ------
    UnknownNameError, UsageError
        When there is no such event, ship or silence.
    """
    event = None if event_id is None else find_event(case, event_id)
    at_ms = None if at is None else round(at.timestamp() * 1000)
    if event is None and (mmsi is None or at_ms is None):
        raise UsageError("Name an event, or a ship and a moment: --mmsi N --at 2020-01-31T12:00Z.")
    if mmsi is None and event is not None:
        mmsi = event["mmsi_2"] if event["type"] == "dark_encounter" else event["mmsi_1"]
    assert mmsi is not None
    span = _span(event, at_ms)
    silence, track = _silence(case, mmsi, span)
    if at_ms is not None and not silence.start_ms <= at_ms <= silence.end_ms:
        raise UsageError(
            f"At {_time(at_ms)} ship {mmsi} was not in that silence, which lasted from {_time(silence.start_ms)} "
            f"to {_time(silence.end_ms)}."
        )
    params = params or ReachParams()
    index = read_index()
    reach = find_reach(silence, index.is_on_land, seen_kn=_seen_kn(track), speed_kn=speed_kn, params=params)
    name = None
    if event is not None:
        name = next((event[f"name_{n}"] for n in (1, 2) if event[f"mmsi_{n}"] == mmsi), None)
    return ReachAnswer(reach, name, at_ms, params, provenance or {})


def _span(event: Mapping[str, Any] | None, at_ms: int | None) -> tuple[int, int]:
    if event is None:
        assert at_ms is not None
        return at_ms, at_ms
    return round(event["start_time"].timestamp() * 1000), round(event["end_time"].timestamp() * 1000)


def _silence(case: Case, mmsi: int, span: tuple[int, int]) -> tuple[Silence, Fixes]:
    """The silence of a ship that shares most time with a stretch (or is nearest to fill it), and the track around."""
    store = case.store()
    raw = store.tracks([mmsi])
    if not len(raw):
        raise UnknownNameError(f"Ship {mmsi} was not heard in {case.path}.")
    first, last = store.first_ms or 0, store.last_ms or 0
    best: tuple[tuple[int, int, int], Silence, Fixes] | None = None
    for hull in split_hulls(raw, params=HullParams())[0]:
        for one in _silences(hull.fixes, first, last):
            shared = min(one.end_ms, span[1]) - max(one.start_ms, span[0])
            exact = one.start_ms == span[0] and one.end_ms == span[1]
            rank = (int(exact), shared, len(hull.fixes))
            if shared >= 0 and (best is None or rank > best[0]):
                best = rank, one, hull.fixes
    if best is None:
        raise UsageError(
            f"Ship {mmsi} was not silent for {SHORTEST_MIN:g} min or more then "
            f"({_time(span[0])} to {_time(span[1])}): tracks say where she was."
        )
    return best[1], best[2]


def _silences(fixes: Fixes, first_ms: int, last_ms: int) -> list[Silence]:
    time = fixes.time_ms
    least = SHORTEST_MIN * MILLISECONDS_PER_MINUTE
    lon, lat, mmsi = fixes.lon, fixes.lat, int(fixes.mmsi[0])
    found = [
        Silence(mmsi, int(time[i]), int(time[i + 1]), *(float(v) for v in (lon[i], lat[i], lon[i + 1], lat[i + 1])))
        for i in np.flatnonzero(np.diff(time) >= least).tolist()
    ]
    if last_ms - time[-1] >= least:
        found.append(Silence(mmsi, int(time[-1]), last_ms, float(lon[-1]), float(lat[-1])))
    return found


def _seen_kn(track: Fixes) -> float | None:
    """Her fastest steady speed: the 95th percentile of what she said under way."""
    sog = track.sog_kn.astype(np.float64)
    sog = sog[np.isfinite(sog) & (sog >= UNDERWAY_KN) & (sog < 60.0)]
    return float(np.percentile(sog, 95)) if len(sog) >= 5 else None


def _port(one: PortWindow) -> dict[str, Any]:
    return {
        "port": one.port,
        "state": one.state,
        "locode": one.locode,
        "lon": one.lon,
        "lat": one.lat,
        "arrive_at_earliest": _time(one.arrive_ms),
        "leave_at_latest": _time(one.leave_ms),
        "longest_stay_h": round((one.leave_ms - one.arrive_ms) / MILLISECONDS_PER_HOUR, 1),
        "way_nm": one.way_nm,
        "least_speed_kn": one.least_speed_kn,
    }


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}


def _feature(geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
