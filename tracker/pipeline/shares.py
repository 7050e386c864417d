"""`waters_share` of events: how long each was in which waters, along the whole path of the ship that was heard.

Only an event that moved farther than the nearest limit, or lies where states are in doubt, can have crossed one; the
others are left out before anything is located. Between reports the ship is taken to have gone straight and steadily. A
silence has no path and gets no shares. Of a ship that lay in a port the pass tells how far from the place of her call she
can have been: where the waters are the same that far around, her path is not read.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.detectors.calls import Call
from tracker.detectors.posture import Posture
from tracker.detectors.waiting import WaitingParams, possible_waits
from tracker.geo.kernels import distance_m, from_local_xy_m
from tracker.pipeline.meetings import ms_of
from tracker.pipeline.paths import SAMPLES, Paths, Walked
from tracker.pipeline.stretches import Stretch
from tracker.units import DEGREE_E7, METRES_PER_NAUTICAL_MILE
from tracker.zones.given import GivenZones
from tracker.zones.locate import locate
from tracker.zones.shares import share_by_name, zone_names

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CHUNK_ROWS: Final = 2000
"""Events whose paths are laid out at a time: bounds the memory, not the answer."""
CELL_E7: Final = 500
"""Whether paths cross is asked by cells of this size, 6 m: no limit is known as finely, and ships at one quay share them."""
WITHOUT_A_PATH: Final = ("gap", "identity_change", "spoofing")
PLACE_DEG: Final = 1e-3
"""Port calls this near each other lie at one place."""
LEEWAY_NM: Final = 0.1
"""Beyond how far a ship was from there, for that and for the errors of her reports."""
NEAR_ANOTHER_STATE_NM: Final = 2.0
"""How far from its middle an event at most lies in the same zone for sure."""


def waters_shares(
    rows: Sequence[Mapping[str, Any]],
    paths: Paths,
    /,
    *,
    margin_nm: Floats,
    is_uncertain: Bools,
    zones: GivenZones | None = None,
) -> list[str | None]:
    """Time shares by state and zone as JSON (``{"CHN eez": 0.6, "high_seas": 0.4}``), None where no limit is crossed.

    Parameters
    ----------
    rows
        Events with place, times and MMSIs.
    paths
        Where their ships went; paths not read yet are read now.
    margin_nm, is_uncertain
        Of the waters of their middles: how far the next limit is, NaN where that is not known, and whether they are
        in doubt.
    zones
        A user's polygons, which win.
    """
    leeway_nm = np.fmin(NEAR_ANOTHER_STATE_NM, margin_nm)
    leeway_nm[is_uncertain] = 0.0
    ways = {n: stretch_of(row) for n, row in enumerate(rows) if row["type"] not in WITHOUT_A_PATH}
    asked = [n for n, way in ways.items() if way not in paths.stay]
    paths.read([ways[n] for n in asked])
    out: list[str | None] = [None] * len(rows)
    for begin in range(0, len(asked), CHUNK_ROWS):
        part = asked[begin : begin + CHUNK_ROWS]
        walked = paths.of([ways[n] for n in part])
        # a ship that did not leave one cell crossed nothing that is known so finely
        cells = np.stack([walked.lon_e7, walked.lat_e7]).astype(np.int64) // CELL_E7
        moved = (cells != cells[:, :, :1]).any(axis=(0, 2)) & (walked.reports > 1)
        may = np.flatnonzero(moved)
        may = may[_leave([rows[part[i]] for i in may.tolist()], walked, may) >= leeway_nm[np.array(part)[may]]]
        may = may[_do_cross(cells[:, may], zones)]
        _tell(out, [part[i] for i in may.tolist()], walked.lon_e7[may], walked.lat_e7[may], zones)
    return out


def read_paths(
    rows: Sequence[Mapping[str, Any]],
    calls: Sequence[Call],
    paths: Paths,
    /,
    *,
    params: WaitingParams,
    zones: GivenZones | None = None,
) -> dict[str, Posture]:
    """Read the paths of events and port calls at once; give how ships lay in loitering, by event id.

    Waits of one ship that may turn out to be one (`tracker.detectors.waiting`) are read together as well. Of a port call
    in which the ship cannot have crossed a limit the path is not read.
    """
    lying = sorted((row for row in rows if row["type"] == "loitering"), key=lambda row: row["start_time"])
    asked = [stretch_of(row) for row in rows if row["type"] not in WITHOUT_A_PATH]
    for call, may in zip(calls, _may_cross(calls, zones).tolist(), strict=True):
        way = call.ship.mmsi, call.start_ms, call.end_ms
        if may:
            asked.append(way)
        else:
            paths.stay.add(way)
    asked += [stretch_of({**one, "end_time": end}) for one, end in possible_waits(lying, params=params)]
    postures = paths.read(asked, lying=[stretch_of(row) for row in lying])
    return {row["event_id"]: postures[stretch] for row in lying if (stretch := stretch_of(row)) in postures}


def stretch_of(row: Mapping[str, Any], /) -> Stretch:
    """The path of an event: MMSI, start and end (ms)."""
    return row["mmsi_1"], ms_of(row["start_time"]), ms_of(row["end_time"])


def _may_cross(calls: Sequence[Call], zones: GivenZones | None) -> Bools:
    """Whether the waters may differ as far off as the ship can have been in each port call.

    Calls at one place are asked together, by the farthest of them.
    """
    if not calls:
        return np.zeros(0, np.bool_)
    places = np.array([(one.lon, one.lat) for one in calls]) / PLACE_DEG
    whole, at = np.unique(np.rint(places).astype(np.int64), axis=0, return_inverse=True)
    reach_nm = np.zeros(len(whole))
    np.maximum.at(reach_nm, at, [np.inf if one.reach_nm is None else one.reach_nm for one in calls])
    reach_nm += LEEWAY_NM
    lon, lat = (whole * PLACE_DEG).T
    waters = locate(lon, lat, zones=zones)
    margin_nm = waters["margin_nm"].to_numpy(zero_copy_only=False)
    sure = ~waters["waters_uncertain"].fill_null(True).to_numpy(zero_copy_only=False)
    may = ~(sure & (reach_nm <= np.fmin(NEAR_ANOTHER_STATE_NM, margin_nm)))
    # of those in doubt, what lies around tells
    few = np.flatnonzero(may & (reach_nm <= NEAR_ANOTHER_STATE_NM))
    turn = np.radians(np.arange(0.0, 360.0, 45.0))
    around_m = (reach_nm[few] * METRES_PER_NAUTICAL_MILE)[:, None]
    ring = from_local_xy_m(around_m * np.sin(turn), around_m * np.cos(turn), lon[few][:, None], lat[few][:, None])
    places_deg = (np.column_stack(pair).ravel() for pair in zip((lon[few], lat[few]), ring, strict=True))
    names = zone_names(*places_deg, zones=zones)
    names = names.astype(str).reshape(len(few), 1 + len(turn))
    may[few] = (names != names[:, :1]).any(axis=1)
    return np.asarray(may[at], np.bool_)


def _do_cross(cells: Ints, zones: GivenZones | None) -> Bools:
    """Whether each path, given as cells of longitude and latitude (2, n, `SAMPLES`), lies in more than one zone."""
    if not cells.size:
        return np.zeros(cells.shape[1], np.bool_)
    low = cells.min(axis=(1, 2))
    high = int(cells[1].max() - low[1]) + 1
    keys, at = np.unique((cells[0] - low[0]) * high + (cells[1] - low[1]), return_inverse=True)
    middles = (np.stack(np.divmod(keys, high)) + low[:, None] + 0.5) * (CELL_E7 / DEGREE_E7)
    _, code = np.unique(zone_names(*middles, zones=zones).astype(str), return_inverse=True)
    code = code[at].reshape(-1, SAMPLES)
    return np.asarray((code != code[:, :1]).any(axis=1), np.bool_)


def _tell(out: list[str | None], numbers: Sequence[int], lon_e7: Any, lat_e7: Any, zones: GivenZones | None) -> None:
    """Write the shares of some paths into their rows."""
    if not numbers:
        return
    names = zone_names(lon_e7.ravel() / DEGREE_E7, lat_e7.ravel() / DEGREE_E7, zones=zones)
    words, code = np.unique(names.astype(str), return_inverse=True)
    # the ends stand for half a step
    weight = np.ones(SAMPLES)
    weight[[0, -1]] = 0.5
    for n, own in zip(numbers, code.reshape(-1, SAMPLES), strict=True):
        if (own == own[0]).all():
            continue
        shares = {name: round(share, 2) for name, share in share_by_name(words[own], weight).items() if share >= 0.005}
        largest = next(iter(shares))
        # what rounding leaves over: the shares of a path add up to the whole
        shares[largest] = round(shares[largest] + 1.0 - sum(shares.values()), 2)
        out[n] = json.dumps(shares) if len(shares) > 1 else None


def _leave(rows: Sequence[Mapping[str, Any]], walked: Walked, which: Ints) -> Floats:
    """How far each path goes from the middle of its event, nm."""
    lon, lat = (np.array([row[name] for row in rows], np.float64)[:, None] for name in ("lon", "lat"))
    places = walked.lon_e7[which] / DEGREE_E7, walked.lat_e7[which] / DEGREE_E7
    away_m = np.asarray(distance_m(lon, lat, *places)).max(axis=1, initial=0.0)
    return np.asarray(away_m / METRES_PER_NAUTICAL_MILE, np.float64)
