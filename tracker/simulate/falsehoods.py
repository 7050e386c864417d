"""False positions of a scenario: reports of ordinary ships that are sent from where they are not.

A ring of positions off her way, as a jammer or a liar makes it, and a place that stays to the last digit while the ship
says that she goes. They are put upon what was heard, and told in the truth as ``spoofing`` with their type.
"""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import from_local_xy_m, wrap_deg
from tracker.simulate.fleet import Voyage
from tracker.simulate.motion import FloatArray, away
from tracker.simulate.radio import Signals
from tracker.simulate.stage import Stage
from tracker.units import METRES_PER_SECOND_PER_KNOT

Rows = npt.NDArray[np.int64]
RING_M, RING_KN, RING_OFF_NM = 900.0, 9.0, 12.0
LEAST = 20
"""Reports that a false stretch needs to be worth staging."""
STAGED = (("circle", 20.0, 3.0), ("frozen", 44.0, 3.0))
"""Type, hour from the start, and hours."""


def put_falsehoods(stage: Stage, signals: Signals, /) -> Signals:
    """Reports with false stretches of ships that play no other part; each is told in the truth."""
    busy = {row[name] for row in stage.fleet.truth for name in ("mmsi_1", "mmsi_2")}
    for kind, hour, hours in STAGED:
        if not stage.has_time_for(hour + hours):
            continue
        span = stage.time_s(hour), stage.time_s(hour + hours)
        for index, voyage in enumerate(stage.fleet.voyages):
            rows = np.flatnonzero((signals.hull == index) & (signals.time_s >= span[0]) & (signals.time_s <= span[1]))
            if voyage.hull.mmsi in busy or len(rows) < LEAST or not _is_on_her_way(signals, rows):
                continue
            busy.add(voyage.hull.mmsi)
            signals = _circle(voyage, signals, rows) if kind == "circle" else _frozen(signals, rows)
            first, last = (float(signals.time_s[rows[n]]) for n in (0, -1))
            stage.fleet.tell("spoofing", kind, voyage.hull, None, start_s=first, end_s=last, track=voyage.track)
            break
    return signals


def _is_on_her_way(signals: Signals, rows: Rows) -> bool:
    return bool(np.nanmin(signals.sog_kn[rows]) > 6.0)


def _circle(voyage: Voyage, signals: Signals, rows: Rows) -> Signals:
    """Places of a steady turn about a point off her way."""
    start = float(signals.time_s[rows[0]])
    here = voyage.track.at(start)
    middle = away((float(here.lon[0]), float(here.lat[0])), bearing_deg=90.0, distance_nm=RING_OFF_NM)
    angle = (signals.time_s[rows] - start) * RING_KN * METRES_PER_SECOND_PER_KNOT / RING_M
    rng = np.random.default_rng([voyage.hull.mmsi, 41])
    radius = RING_M + rng.normal(0.0, 4.0, len(rows))
    lon, lat = from_local_xy_m(radius * np.sin(angle), radius * np.cos(angle), *middle)
    course = np.round((np.degrees(angle) + 90.0) % 360.0, 1) % 360.0
    return _put(
        signals,
        rows,
        {"lon": wrap_deg(lon), "lat": lat, "sog_kn": np.full(len(rows), RING_KN), "cog_deg": course},
    )


def _frozen(signals: Signals, rows: Rows) -> Signals:
    """The first place of the stretch, again and again."""
    return _put(signals, rows, {name: np.full(len(rows), getattr(signals, name)[rows[0]]) for name in ("lon", "lat")})


def _put(signals: Signals, rows: Rows, new: Mapping[str, FloatArray], /) -> Signals:
    values = {f.name: getattr(signals, f.name) for f in fields(Signals)}
    for name, told in new.items():
        column = values[name].copy()
        column[rows] = told
        values[name] = column
    return Signals(**values)
