"""Who hears what: shore stations near the coast, satellites in passes offshore, and what both get wrong.

Near the coast a ship is heard every few minutes, thinned as archives are. Offshore she is heard when a satellite
passes: passes come 5 to 25 minutes apart for everybody at once, and a ship is heard in most of them, a Class B set
in few. Archives hold exact duplicates, positions that ships send without a fix (0/0, 91/181), and single bad fixes.
"""

from dataclasses import fields

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import distance_m
from tracker.params import Params, param
from tracker.simulate.fleet import Fleet
from tracker.simulate.motion import FloatArray, Place, Rng, Track
from tracker.simulate.radio import Signals, concat_signals, speak_times, throw, transmit, without

OURS = "judgement: what archives of this region look like"


class Reception(Params):
    """How well a fleet is heard."""

    underway_min: float = param(3.0, "shore: interval when making way, min", gt=0, source=OURS)
    slow_min: float = param(5.0, "shore: interval below 1 kn, min", gt=0, source=OURS)
    shore_range_nm: float = param(45.0, "range of a shore station, nm", ge=0, source="VHF over sea, high antenna")
    shore_loss: float = param(0.08, "share of reports near shore that are lost", ge=0, lt=1, source=OURS)
    pass_gap_min: float = param(4.0, "shortest time between satellite passes, min", gt=0, source=OURS)
    pass_gap_max: float = param(22.0, "longest time between satellite passes, min", gt=0, source=OURS)
    pass_spread_min: float = param(3.0, "a pass hears a ship within so many minutes", ge=0, source=OURS)
    heard_a: float = param(0.8, "share of passes in which a Class A ship is heard", gt=0, le=1, source=OURS)
    heard_b: float = param(0.35, "share of passes in which a Class B ship is heard", gt=0, le=1, source=OURS)
    noise_m: float = param(4.0, "slow part of the position error, m", ge=0, source="GPS, 3-5 m each axis")
    duplicates: float = param(0.004, "share of rows that come twice", ge=0, lt=1, source=OURS)
    no_fix: float = param(0.0004, "share of rows without a position (0/0, 91/181)", ge=0, lt=1, source=OURS)
    bad_fixes: float = param(0.0006, "share of rows displaced by 300 to 900 m", ge=0, lt=1, source=OURS)


def hear(
    fleet: Fleet,
    /,
    *,
    stations: list[Place],
    holes: list[tuple[Place, float, float, float]],
    seed: int,
    params: Reception,
) -> Signals:
    """Reports of a fleet as an archive holds them, in order of time.

    Parameters
    ----------
    stations
        Shore receivers.
    holes
        Times without reception: middle, radius in nm, start and end in seconds since 1970.
    seed
        The reports of a ship depend on it, on her MMSI and on her place in the fleet only.
    """
    rng = np.random.default_rng([seed, 1])
    gaps = 60.0 * rng.uniform(
        params.pass_gap_min, params.pass_gap_max, 2 + int((fleet.end_s - fleet.start_s) / (60.0 * params.pass_gap_min))
    )
    passes = fleet.start_s + np.cumsum(gaps)
    passes = passes[passes < fleet.end_s]
    parts = []
    for index, voyage in enumerate(fleet.voyages):
        own = np.random.default_rng([seed, 2, index, voyage.hull.mmsi])
        times = _heard(
            voyage.track,
            passes,
            stations=stations,
            holes=holes,
            class_a=voyage.hull.ais_class == "A",
            rng=own,
            params=params,
        )
        times = without(times[times < fleet.end_s], list(voyage.silences))
        parts.append(transmit(voyage.hull, voyage.track, times, rng=own, index=index, noise_m=params.noise_m))
    return _spoil(concat_signals(parts), rng=rng, params=params)


def _heard(
    track: Track,
    passes: FloatArray,
    /,
    *,
    stations: list[Place],
    holes: list[tuple[Place, float, float, float]],
    class_a: bool,
    rng: Rng,
    params: Reception,
) -> FloatArray:
    shore = speak_times(track, rng=rng, underway_s=60.0 * params.underway_min, slow_s=60.0 * params.slow_min)
    shore = shore[rng.random(len(shore)) >= params.shore_loss]
    shore = shore[_in_range(track, shore, stations=stations, reach_nm=params.shore_range_nm)]
    spread = 60.0 * params.pass_spread_min
    space = np.floor(passes + rng.uniform(-spread, spread, len(passes)))
    space = space[rng.random(len(space)) < (params.heard_a if class_a else params.heard_b)]
    space = space[(space >= track.time_s[0]) & (space <= track.time_s[-1])]
    space = space[~_in_range(track, space, stations=stations, reach_nm=params.shore_range_nm)]
    times = np.unique(np.concatenate([shore, space]))
    for place, radius_nm, start, end in holes:
        inside = _in_range(track, times, stations=[place], reach_nm=radius_nm)
        times = times[~(inside & (times >= start) & (times <= end))]
    return times


def _in_range(track: Track, times: FloatArray, /, *, stations: list[Place], reach_nm: float) -> npt.NDArray[np.bool_]:
    lon, lat = (np.interp(times, track.time_s, v) for v in (track.lon, track.lat))
    there = np.array(stations).reshape(-1, 2)
    apart = np.asarray(distance_m(lon[:, None], lat[:, None], there[:, 0], there[:, 1]))
    return np.asarray((apart <= 1852.0 * reach_nm).any(axis=1))


def _spoil(signals: Signals, /, *, rng: Rng, params: Reception) -> Signals:
    rows = len(signals)

    def some(share: float) -> npt.NDArray[np.int64]:
        return np.flatnonzero(rng.random(rows) < share)

    signals = throw(signals, some(params.bad_fixes), rng=rng, metres=(300.0, 900.0))
    lon, lat = signals.lon.copy(), signals.lat.copy()
    lost = some(params.no_fix)
    null_island = rng.random(len(lost)) < 0.5
    lon[lost], lat[lost] = np.where(null_island, 0.0, 181.0), np.where(null_island, 0.0, 91.0)
    values = {f.name: getattr(signals, f.name) for f in fields(Signals)} | {"lon": lon, "lat": lat}
    twice = np.concatenate([np.arange(rows), some(params.duplicates)])
    return Signals(**values).take(np.sort(twice)).ordered()
