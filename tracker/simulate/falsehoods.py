"""False positions: reports of ordinary ships that are sent from where they are not.

A ring of positions off her way, as a jammer or a liar makes it; the crossings of a lattice; a place that stays to the
last digit while the ship says that she goes; and a way that goes on miles aside. They are put upon what was heard, and
told in the truth as ``spoofing`` with their type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import from_local_xy_m, local_xy_m, wrap_deg
from tracker.simulate.fleet import Voyage
from tracker.simulate.motion import FloatArray, Rng, away
from tracker.simulate.radio import Signals
from tracker.simulate.stage import Stage
from tracker.units import METRES_PER_SECOND_PER_KNOT

Rows = npt.NDArray[np.int64]
KINDS = ("circle", "frozen", "grid", "jump")
METRES_PER_DEGREE = 111_120.0
LATTICE = (6, 5)
"""Columns and rows of a lattice."""
LEAST = 20
"""Reports that a false stretch of the scenario needs to be worth staging."""
STAGED = (("circle", 20.0, 3.0), ("frozen", 44.0, 3.0))
"""Of the scenario: type, hour from the start, and hours."""


@dataclass(frozen=True)
class Falsehood:
    """One false stretch of one ship."""

    kind: str
    """One of `KINDS`."""
    voyage: int
    """Index in the fleet."""
    start_s: float
    end_s: float
    off_deg: float = 90.0
    off_nm: float = 12.0
    """Bearing and distance of the false place from where the ship is at its beginning."""
    size_m: float = 900.0
    """Radius of a ring, or step of a lattice."""
    speed_kn: float = 9.0
    """Said on a ring or a lattice."""


def tell(stage: Stage, false: Falsehood, /) -> None:
    """Put a false stretch into the truth."""
    voyage = stage.fleet.voyages[false.voyage]
    start, end = false.start_s, false.end_s
    stage.fleet.tell("spoofing", false.kind, voyage.hull, None, start_s=start, end_s=end, track=voyage.track)


def put_falsehoods(stage: Stage, signals: Signals, /) -> Signals:
    """Reports of the scenario with false stretches of ships that play no other part; each is told in the truth."""
    busy = {row[name] for row in stage.fleet.truth for name in ("mmsi_1", "mmsi_2")}
    for kind, hour, hours in STAGED:
        if not stage.has_time_for(hour + hours):
            continue
        start, end = stage.time_s(hour), stage.time_s(hour + hours)
        for index, voyage in enumerate(stage.fleet.voyages):
            rows = np.flatnonzero((signals.hull == index) & (signals.time_s >= start) & (signals.time_s <= end))
            if voyage.hull.mmsi in busy or len(rows) < LEAST or float(np.nanmin(signals.sog_kn[rows])) <= 6.0:
                continue
            busy.add(voyage.hull.mmsi)
            false = Falsehood(kind, index, *(float(signals.time_s[rows[n]]) for n in (0, -1)))
            signals = falsify(signals, stage.fleet.voyages, [false])
            tell(stage, false)
            break
    return signals


def some_falsehoods(stage: Stage, kinds: Sequence[str], /, *, rng: Rng) -> list[Falsehood]:
    """False stretches of ships under way that play no other part, one of each kind while there are such ships."""
    busy = {row[name] for row in stage.fleet.truth for name in ("mmsi_1", "mmsi_2")}
    free = [
        n
        for n, voyage in enumerate(stage.fleet.voyages)
        if voyage.hull.mmsi not in busy and not voyage.silences and np.ptp(voyage.track.time_s) > 6.0 * 3600.0
    ]
    found = []
    for kind, n in zip(kinds, rng.permutation(np.array(free, np.int64)).tolist(), strict=False):
        times, seconds = stage.fleet.voyages[n].track.time_s, 3600.0 * float(rng.uniform(1.5, 3.5))
        start = float(rng.uniform(times[0] + 3600.0, times[-1] - 3600.0 - seconds))
        steps = (120.0, 2500.0) if kind == "circle" else (300.0, 1500.0)
        found.append(
            Falsehood(
                kind,
                n,
                start,
                start + seconds,
                off_deg=float(rng.uniform(0, 360)),
                off_nm=float(rng.uniform(20, 70)),
                size_m=float(np.exp(rng.uniform(*np.log(steps)))),
                speed_kn=float(rng.uniform(6, 24)),
            )
        )
    return found


def falsify(signals: Signals, voyages: Sequence[Voyage], falsehoods: Sequence[Falsehood], /) -> Signals:
    """The reports, with those of false stretches sent from elsewhere."""
    for false in falsehoods:
        inside = (signals.time_s >= false.start_s) & (signals.time_s <= false.end_s)
        rows = np.flatnonzero(inside & (signals.hull == false.voyage))
        if len(rows):
            signals = _put(signals, rows, _told(false, voyages[false.voyage], signals, rows))
    return signals


def _told(false: Falsehood, voyage: Voyage, signals: Signals, rows: Rows) -> dict[str, FloatArray]:
    """What is sent instead: columns of the reports and their values."""
    if false.kind == "frozen":
        return {name: np.full(len(rows), getattr(signals, name)[rows[0]]) for name in ("lon", "lat")}
    begin = float(signals.time_s[rows[0]])
    here = voyage.track.at(begin)
    start = (float(here.lon[0]), float(here.lat[0]))
    middle = away(start, bearing_deg=false.off_deg, distance_nm=false.off_nm)
    rng = np.random.default_rng([voyage.hull.mmsi, 41])
    east: FloatArray
    north: FloatArray
    more: dict[str, FloatArray] = {}
    if false.kind == "jump":
        east, north = local_xy_m(signals.lon[rows], signals.lat[rows], *start)
    elif false.kind == "grid":
        # a lattice of longitudes and latitudes, as rounded or computed places lie on one
        column, row = (rng.integers(0, count, len(rows)) for count in LATTICE)
        step_deg = false.size_m / METRES_PER_DEGREE
        return {
            "lon": np.asarray(wrap_deg(middle[0] + column * step_deg / np.cos(np.radians(middle[1])))),
            "lat": np.asarray(middle[1] + row * step_deg),
            "sog_kn": np.full(len(rows), round(false.speed_kn, 1)),
        }
    else:
        angle = (signals.time_s[rows] - begin) * false.speed_kn * METRES_PER_SECOND_PER_KNOT / false.size_m
        radius = false.size_m + rng.normal(0.0, 4.0, len(rows))
        east, north = np.asarray(radius * np.sin(angle)), np.asarray(radius * np.cos(angle))
        course = np.round((np.degrees(angle) + 90.0) % 360.0, 1) % 360.0
        more = {"sog_kn": np.full(len(rows), round(false.speed_kn, 1)), "cog_deg": course}
    lon, lat = from_local_xy_m(east, north, *middle)
    return {"lon": wrap_deg(lon), "lat": lat, **more}


def _put(signals: Signals, rows: Rows, new: Mapping[str, FloatArray], /) -> Signals:
    values = {f.name: getattr(signals, f.name) for f in fields(Signals)}
    for name, told in new.items():
        column = values[name].copy()
        column[rows] = told
        values[name] = column
    return Signals(**values)
