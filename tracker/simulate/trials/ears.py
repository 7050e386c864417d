"""How a trial is heard: by shore stations at one interval, or by satellites in passes, with losses and outages."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.simulate.falsehoods import Falsehood, falsify
from tracker.simulate.fleet import Fleet, Voyage
from tracker.simulate.motion import FloatArray, Rng
from tracker.simulate.radio import Signals, concat_signals, speak_times, throw, transmit, without

SLOW_S = 180.0
"""A Class A set below 3 kn at anchor reports every 3 min (ITU-R M.1371-5, annex 1, table 1), a Class B set likewise."""

RECEPTIONS = ("shore", "space")


@dataclass(frozen=True)
class Ears:
    """Reception: ``shore`` hears ships one by one, ``space`` hears all of them in passes."""

    reception: str
    interval_s: float


def hear(fleet: Fleet, ears: Ears, /, *, seed: int, falsehoods: Sequence[Falsehood] = ()) -> Signals:
    """Reports of a fleet in order of time; those of a ship depend on the seed, her MMSI and her place in the fleet."""
    rng = np.random.default_rng([seed, 31])
    count = 4 + int(2.5 * (fleet.end_s - fleet.start_s) / ears.interval_s)
    passes = fleet.start_s + np.cumsum(ears.interval_s * rng.uniform(0.4, 1.6, count))
    parts = []
    for index, voyage in enumerate(fleet.voyages):
        own = np.random.default_rng([seed, 32, index, voyage.hull.mmsi])
        times = _space(voyage, passes, own) if ears.reception == "space" else _shore(voyage, ears.interval_s, own)
        times = without(times, [*voyage.silences, *_outages(voyage, own)])
        sent = transmit(
            voyage.hull,
            voyage.track,
            times,
            rng=own,
            index=index,
            noise_m=float(np.clip(np.exp(own.normal(np.log(3.5), 0.5)), 1.5, 12.0)),
            white_m=float(own.uniform(0.4, 1.5)),
            noise_minutes=float(own.uniform(3.0, 20.0)),
        )
        parts.append(throw(sent, np.flatnonzero(own.random(len(sent)) < 0.001), rng=own, metres=(300.0, 900.0)))
    return falsify(concat_signals(parts).ordered(), fleet.voyages, falsehoods)


def _shore(voyage: Voyage, interval_s: float, rng: Rng) -> FloatArray:
    fast = max(interval_s, 30.0 if voyage.hull.ais_class == "B" else 0.0)
    times = speak_times(voyage.track, rng=rng, underway_s=fast, slow_s=max(interval_s, SLOW_S), jitter=0.3)
    lost = float(rng.uniform(0.03, 0.25))
    return times[rng.random(len(times)) >= lost]


def _space(voyage: Voyage, passes: FloatArray, rng: Rng) -> FloatArray:
    heard = passes[rng.random(len(passes)) < (0.85 if voyage.hull.ais_class == "A" else 0.45)]
    times = [heard + rng.uniform(0.0, 240.0, len(heard))]
    more = heard[rng.random(len(heard)) < 0.5]
    times.append(more + rng.uniform(0.0, 240.0, len(more)))
    both = np.unique(np.floor(np.concatenate(times)))
    return np.asarray(both[(both >= voyage.track.time_s[0]) & (both <= voyage.track.time_s[-1])])


def _outages(voyage: Voyage, rng: Rng) -> list[tuple[float, float]]:
    """Once a day or so a ship is not heard for 20 to 80 minutes, for no reason."""
    start, end = float(voyage.track.time_s[0]), float(voyage.track.time_s[-1])
    begins = rng.uniform(start, end, int(rng.poisson((end - start) / 86_400.0)))
    return [(float(begin), float(begin + 60.0 * rng.uniform(20, 80))) for begin in begins]
