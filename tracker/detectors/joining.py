"""Port calls: stops in one port with no sign of leaving in between.

Waiting in the roadstead, the berth, a shift of berth are one call. Sign of leaving is a report farther off than the
port reaches; a long silence is one too.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.stops import StopParams, Stops
from tracker.detectors.way import Way
from tracker.geo.kernels import distance_m
from tracker.tables.journeys import BERTH, BUOY, ROADSTEAD
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
PLACES_AN_HOUR = 12
"""Of a slow spell: one at each grid step of the pass."""


@dataclass(frozen=True)
class Calls:
    """Port calls in order of vessel and time: each a run of stops in one port; arrays of one length."""

    mmsi: Ints
    start_ms: Ints
    end_ms: Ints
    lon: Floats
    lat: Floats
    basis: npt.NDArray[np.str_]
    """The surest of its stops: berth, buoy, roadstead."""
    port: npt.NDArray[np.str_]
    port_state: npt.NDArray[np.str_]
    port_nm: Floats
    stops: Ints
    waited_h: Floats
    """In the roadstead, before the berth or instead of it."""
    approach_nm: Floats
    """Farthest she was heard before, within the time asked; NaN when she was not heard before."""
    departure_nm: Floats
    silent_h: Floats
    """Longest silence between its stops."""
    reach_nm: Floats
    """No place of hers in it lies farther from the call's."""

    def __len__(self) -> int:
        return len(self.mmsi)


def join_calls(stops: Stops, way: Way, /, *, params: StopParams) -> Calls:
    """Join stops in one port to calls; a stop at sea is none.

    A ship that lies in a port before the data begin or after they end has a call there all the same: what was seen of
    her coming and going stands beside it.
    """
    rows = np.flatnonzero(np.isin(stops.activity, [BERTH, BUOY, ROADSTEAD]))
    mmsi, start, end = stops.mmsi[rows], stops.start_ms[rows], stops.end_ms[rows]
    lon, lat, port = stops.lon[rows], stops.lat[rows], stops.port[rows]
    n = len(rows)
    if not n:
        numbers, metres, text = np.empty(0, np.int64), np.empty(0), np.empty(0, np.str_)
        return Calls(
            *(numbers, numbers, numbers, metres, metres, text, text, text),
            *(metres, numbers, metres, metres, metres, metres, metres),
        )
    apart_nm = np.asarray(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])) / METRES_PER_NAUTICAL_MILE
    same = (mmsi[1:] == mmsi[:-1]) & (port[1:] == port[:-1])
    same &= np.where(port[1:] == "", apart_nm <= params.approach_nm, apart_nm <= 2 * params.leaves_nm)
    silent_h, far_nm = way.between(mmsi[:-1], end[:-1], start[1:], lon[:-1], lat[:-1])
    same &= (silent_h <= params.stays_silent_h) & ~(far_nm > params.leaves_nm)
    first = np.concatenate([[True], ~same])
    group = np.cumsum(first) - 1
    heads = np.flatnonzero(first)
    hours = (end - start) / MILLISECONDS_PER_HOUR
    rank = np.select([stops.activity[rows] == BERTH, stops.activity[rows] == BUOY], [0, 1], 2)
    # the surest stop of a call gives its place and basis, the longest of them among equals
    best = np.lexsort((-hours, rank, group))[np.searchsorted(group, np.arange(len(heads)))]
    ends = np.maximum.reduceat(end, heads)
    at = lon[best], lat[best]
    hour_ms = params.approach_h * MILLISECONDS_PER_HOUR
    before = np.concatenate([[np.iinfo(np.int64).min // 2], ends[:-1]])
    before = np.where(
        np.concatenate([[False], mmsi[heads[1:]] == mmsi[heads[:-1]]]), before, np.iinfo(np.int64).min // 2
    )
    after = np.concatenate([start[heads[1:]], [np.iinfo(np.int64).max // 2]])
    after = np.where(np.concatenate([mmsi[heads[1:]] == mmsi[heads[:-1]], [False]]), after, np.iinfo(np.int64).max // 2)
    _, came = way.between(mmsi[heads], np.maximum(before, start[heads] - int(hour_ms)), start[heads], *at)
    _, went = way.between(mmsi[heads], ends, np.minimum(after, ends + int(hour_ms)), *at)
    inner = np.concatenate([np.where(same, silent_h, 0.0), [0.0]])
    waits = np.where(stops.activity[rows] == ROADSTEAD, hours, 0.0)
    # of so many places none lies farther from their mean than if all the others lay in it
    strays_nm = stops.spread_m[rows] * np.sqrt(hours * PLACES_AN_HOUR + 1.0) / METRES_PER_NAUTICAL_MILE
    off_nm = np.asarray(distance_m(lon, lat, at[0][group], at[1][group])) / METRES_PER_NAUTICAL_MILE
    heard_nm = way.reach_nm(mmsi[heads], start[heads], ends, *at)
    return Calls(
        mmsi=mmsi[heads],
        start_ms=start[heads],
        end_ms=ends,
        lon=at[0],
        lat=at[1],
        basis=stops.activity[rows][best],
        port=port[best],
        port_state=stops.port_state[rows][best],
        port_nm=stops.port_nm[rows][best],
        stops=np.bincount(group).astype(np.int64),
        waited_h=np.bincount(group, weights=waits).astype(np.float64),
        approach_nm=came,
        departure_nm=went,
        silent_h=np.maximum.reduceat(inner, heads),
        reach_nm=np.fmax(np.maximum.reduceat(off_nm + strays_nm, heads), heard_nm),
    )
