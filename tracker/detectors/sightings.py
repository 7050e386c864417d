"""Detections from space against the tracks of ships that were heard: which is which, and which is nobody.

A detection has a place, a time and perhaps a length. A ship heard before and after is somewhere on her way: between two
reports her place is uncertain, the more the longer ago the nearer one is and the faster she goes. The pairs that fit
best are taken first, each detection and each ship once in a scene; lengths must agree within the error of both. What is
left over fits no ship that was heard. Beside a slow ship that has a detection of her own, such a one is evidence of the
partner that AIS did not show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from tracker.detectors.hearing import Hearing
from tracker.geo.kernels import distance_m, ecef_m, surface_deg
from tracker.params import Params, param
from tracker.tables.fixes import Fixes
from tracker.tables.given import GivenTable
from tracker.tables.rows import Faults, number, plain, rows_of
from tracker.units import METRES_PER_NAUTICAL_MILE, METRES_PER_SECOND_PER_KNOT, MILLISECONDS_PER_HOUR

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

JUDGED = "engineering judgement; see the module's note"
LONGEST_SHIP_M = 500.0
NEEDS = ("time", "lon", "lat")


class SightingParams(Params):
    """When a detection is a ship that was heard, and when it lies beside one."""

    place_m: float = param(300.0, "error of a detection's place, m", gt=0, source="SAR azimuth shift of a moving ship")
    drift: float = param(
        0.35,
        "how far a ship may be off her line, as a share of what she sails since the nearer report",
        ge=0,
        source=JUDGED,
    )
    bridge_h: float = param(2.0, "between reports farther apart than this she is not placed, h", gt=0, source=JUDGED)
    reckon_min: float = param(20.0, "after her last report she is placed for this long, min", ge=0, source=JUDGED)
    length_m: float = param(30.0, "error of a detection's length, m", gt=0, source="SAR, 10 m resolution, two ends")
    length_share: float = param(0.30, "or this share of the length", ge=0, source="as published for such detectors")
    scene_s: float = param(120.0, "detections of one source this near in time are one scene, s", gt=0, source=JUDGED)
    reach_nm: float = param(30.0, "ships heard within this distance are asked, nm", gt=0, source="an hour at 25 kn")
    beside_m: float = param(500.0, "an unmatched one this near a ship lies beside her, m", gt=0, source="as GFW, 500 m")


@dataclass(frozen=True)
class Detections:
    """Detections of one file, in its order."""

    name: str
    digest: str
    rows: IntArray
    """Row of the file, from 1."""
    time_ms: IntArray
    lon: FloatArray
    lat: FloatArray
    length_m: FloatArray
    """NaN where not given."""
    source: tuple[str, ...]
    faults: Faults


@dataclass(frozen=True)
class Matches:
    """For each detection of a file: the ship that fits (0: none), the nearest ship asked (0: none), and how near."""

    detections: Detections
    mmsi: IntArray
    nearest: IntArray
    distance_m: FloatArray
    uncertainty_m: FloatArray


@dataclass(frozen=True)
class Sighting:
    """An unmatched detection beside a slow ship."""

    file: int
    index: int
    """Which file, and which detection of it."""
    time_ms: int
    length_m: float
    source: str
    away_m: float

    @property
    def sentence(self) -> str:
        """What is told of it."""
        when = datetime.fromtimestamp(self.time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%MZ")
        long = "" if np.isnan(self.length_m) else f", about {self.length_m:.0f} m long"
        return (
            f"A detection ({self.source or 'source not named'}, {when}{long}) lay {self.away_m:.0f} m from her and fits no "
            "ship that was heard; she herself was detected too."
        )


def read_detections(table: GivenTable, /) -> Detections:
    """Read a CSV of detections: ``time``, ``lon``, ``lat``; ``length_m`` and ``source`` if given.

    Raises
    ------
    EmptyInputError, MissingColumnError, InputError
        When there is no row, or a column is missing.
    """
    faults = Faults()
    kept: list[tuple[int, int, float, float, float, str]] = []
    for place, row in enumerate(rows_of(table.content, table.name, needs=NEEDS), start=1):
        where = f"row {place}"
        moment, lon, lat = _moment(row["time"]), number(row["lon"]), number(row["lat"])
        if moment is None:
            faults.add("time is no date and time", f"{where}: {plain(row['time'])!r}")
        elif lon is None or lat is None or not (-180 <= lon <= 360 and -90 <= lat <= 90):
            faults.add("lon or lat is no place", f"{where}: {plain(row['lon'])!r}, {plain(row['lat'])!r}")
        else:
            text = row.get("length_m", "")
            length = number(text) if text else None
            if text and (length is None or not 0 < length <= LONGEST_SHIP_M):
                faults.add("length_m is no length of a ship, taken as not known", f"{where}: {plain(text)!r}")
                length = None
            lon = (lon + 180.0) % 360.0 - 180.0
            kept.append((place, moment, lon, lat, np.nan if length is None else length, plain(row.get("source", ""))))
    columns = list(zip(*kept, strict=True)) or [(), (), (), (), (), ()]
    return Detections(
        table.name,
        table.digest,
        np.array(columns[0], np.int64),
        np.array(columns[1], np.int64),
        np.array(columns[2], np.float64),
        np.array(columns[3], np.float64),
        np.array(columns[4], np.float64),
        tuple(str(s) for s in columns[5]),
        faults,
    )


def _moment(text: str) -> int | None:
    if len(text) <= 10:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def ships_to_ask(detections: Detections, hearing: Hearing, /, *, params: SightingParams) -> list[tuple[int, int, int]]:
    """Ships that were about when and where a detection was made: (MMSI, from ms, to ms) of the reports needed."""
    from scipy.spatial import cKDTree

    d, reach_m = detections, params.reach_nm * METRES_PER_NAUTICAL_MILE
    pad = round(params.bridge_h * MILLISECONDS_PER_HOUR)
    xyz = np.column_stack(ecef_m(d.lon, d.lat)).reshape(-1, 3)
    hour = d.time_ms // MILLISECONDS_PER_HOUR
    asked: dict[int, tuple[int, int]] = {}
    for value in np.unique(hour).tolist():
        begin, end = np.searchsorted(hearing.hour, [value - 1, value + 2])
        if begin == end:
            continue
        rows = np.flatnonzero(hour == value)
        tree = cKDTree(np.column_stack(ecef_m(hearing.lon[begin:end], hearing.lat[begin:end])))
        near = tree.query_ball_point(xyz[rows], reach_m)
        first, last = int(d.time_ms[rows].min()) - pad, int(d.time_ms[rows].max()) + pad
        some = np.unique(np.concatenate([np.asarray(one, np.int64) for one in near]))
        for mmsi in np.unique(hearing.mmsi[begin:end][some]).tolist():
            known = asked.get(mmsi, (first, last))
            asked[mmsi] = (min(known[0], first), max(known[1], last))
    return [(mmsi, *span) for mmsi, span in sorted(asked.items())]


def place_at(
    track: Fixes, time_ms: IntArray, /, *, params: SightingParams
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Where a hull was at some times, and how uncertain that is: degrees, degrees, m; NaN where it cannot be said."""
    t = track.time_ms
    after = np.searchsorted(t, time_ms)
    left, right = np.clip(after - 1, 0, len(t) - 1), np.clip(after, 0, len(t) - 1)
    since, until = (time_ms - t[left]) / 1000.0, (t[right] - time_ms) / 1000.0
    inside = (after > 0) & (after < len(t)) & (t[right] - t[left] <= params.bridge_h * MILLISECONDS_PER_HOUR)
    share = np.where(inside, since / np.maximum(since + until, 1e-3), np.where(after == 0, 1.0, 0.0))
    one, two = (np.stack(ecef_m(track.lon[i], track.lat[i])) for i in (left, right))
    lon, lat = surface_deg(*(one + share * (two - one)))
    gap_s = np.where(inside, np.minimum(since, until), np.minimum(np.abs(since), np.abs(until)))
    leg = np.asarray(distance_m(track.lon[left], track.lat[left], track.lon[right], track.lat[right]))
    pace = np.where(inside, leg / np.maximum(since + until, 1.0), 0.0)
    said = (
        np.nan_to_num(np.maximum(track.sog_kn[left], track.sog_kn[right]).astype(np.float64))
        * METRES_PER_SECOND_PER_KNOT
    )
    speed = np.maximum(pace, said)
    # outside her reports she may have gone on at full speed
    off = params.place_m + np.where(inside, params.drift, 1.0) * speed * gap_s
    known = inside | (gap_s <= 60.0 * params.reckon_min)
    return np.where(known, lon, np.nan), np.where(known, lat, np.nan), off


def match_detections(
    detections: Detections,
    tracks: Mapping[int, Sequence[Fixes]],
    length_of: Mapping[int, float | None],
    /,
    *,
    params: SightingParams,
) -> Matches:
    """Match detections to hulls that were heard, best pairs first, each once in a scene."""
    d = detections
    n = len(d.time_ms)
    nearest, least, at = np.zeros(n, np.int64), np.full(n, np.inf), np.full(n, np.nan)
    pairs: list[npt.NDArray[np.float64]] = []
    for mmsi, hulls in sorted(tracks.items()):
        for track in hulls:
            rows = np.flatnonzero(
                (d.time_ms >= track.time_ms[0] - params.bridge_h * MILLISECONDS_PER_HOUR)
                & (d.time_ms <= track.time_ms[-1] + params.bridge_h * MILLISECONDS_PER_HOUR)
            )
            lon, lat, off = place_at(track, d.time_ms[rows], params=params)
            away = np.asarray(distance_m(d.lon[rows], d.lat[rows], lon, lat))
            closer = rows[away < least[rows]]
            near = np.flatnonzero(away < least[rows])
            least[closer], at[closer], nearest[closer] = away[near], off[near], mmsi
            known = length_of.get(mmsi)
            slack = np.maximum(params.length_m, params.length_share * np.nan_to_num(d.length_m[rows]))
            agrees = np.isnan(d.length_m[rows]) | (known is None) | (np.abs(d.length_m[rows] - (known or 0.0)) <= slack)
            fit = np.flatnonzero((away <= off) & agrees)
            pairs.append(np.column_stack([rows[fit], np.full(len(fit), mmsi), away[fit], off[fit]]))
    out, away_m, off_m = np.zeros(n, np.int64), np.where(np.isfinite(least), least, np.nan), at
    found = np.concatenate(pairs) if pairs else np.empty((0, 4))
    taken: set[tuple[int, int, str]] = set()
    for k in np.lexsort((found[:, 1], found[:, 0], found[:, 2] / found[:, 3])).tolist():
        row, mmsi = int(found[k, 0]), int(found[k, 1])
        key = (mmsi, int(d.time_ms[row] // (1000.0 * params.scene_s)), d.source[row])
        if out[row] or key in taken:
            continue
        taken.add(key)
        out[row], away_m[row], off_m[row] = mmsi, found[k, 2], found[k, 3]
    return Matches(d, out, np.where(out > 0, out, nearest), away_m, off_m)


def sightings_beside(
    matches: Sequence[Matches],
    host: Sequence[Fixes],
    mmsi: int,
    start_ms: int,
    end_ms: int,
    /,
    *,
    params: SightingParams,
) -> list[Sighting]:
    """Unmatched detections beside a ship that was herself detected in the same scene."""
    found: dict[tuple[int, int], Sighting] = {}
    for number_, m in enumerate(matches):
        d = m.detections
        rows = np.flatnonzero((d.time_ms >= start_ms) & (d.time_ms <= end_ms) & (m.mmsi == 0))
        own = np.flatnonzero(m.mmsi == mmsi)
        for track in host:
            lon, lat, off = place_at(track, d.time_ms[rows], params=params)
            away = np.asarray(distance_m(d.lon[rows], d.lat[rows], lon, lat))
            for k in np.flatnonzero(away <= params.beside_m + off).tolist():
                row = int(rows[k])
                scene = np.abs(d.time_ms[own] - d.time_ms[row]) <= 1000.0 * params.scene_s
                if not any(d.source[i] == d.source[row] for i in own[scene].tolist()):
                    continue
                one = Sighting(number_, row, int(d.time_ms[row]), float(d.length_m[row]), d.source[row], float(away[k]))
                # her reports are read once for each file of detections: one detection is one sighting
                known = found.get((number_, row))
                if known is None or one.away_m < known.away_m:
                    found[number_, row] = one
    return list(found.values())
