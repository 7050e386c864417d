"""SYNTHETIC transfers between tankers by the physics of ships, to measure estimates of cargo against a known truth.

Independent of the estimator: hulls have proportions and block coefficients of their own, displacement goes by a power
of draught (Cw / Cb) and not by Riddlesworth, light ships differ, ballast is pumped or not, pumps have capacities that
fill a ship in a day or so through hoses of a given bore, crews read draughts to a decimetre, round to half a metre or guess, and AIS
gives whole metres. Nothing here reads the tables of ``tracker/data/cargo`` or is fitted to any scenario.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import pi
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.tables.statics import STATICS

START = datetime(2021, 3, 1, tzinfo=UTC)
SEA = 1.025


@dataclass(frozen=True)
class Habit:
    """How receivers are filled: the share of their deadweight that one transfer brings."""

    name: str
    low: float
    mode: float | None
    high: float

    def draw(self, rng: np.random.Generator) -> float:
        """One share."""
        if self.mode is None:
            return float(rng.uniform(self.low, self.high))
        span = self.high - self.low
        a, b = 1 + 4 * (self.mode - self.low) / span, 1 + 4 * (self.high - self.mode) / span
        return float(self.low + span * rng.beta(a, b))


PANEL = Habit("Panel: 33 to 90 %, mostly about half", 0.33, 0.50, 0.90)
EVEN = Habit("any share from 33 to 90 %, all alike", 0.33, None, 0.90)
FULL = Habit("filled up: 75 to 93 %", 0.75, None, 0.93)
SMALL = Habit("part loads: 10 to 40 %", 0.10, None, 0.40)


@dataclass(frozen=True)
class Vessel:
    """A tanker as built."""

    length_m: float
    beam_m: float
    design_m: float
    full_t: float
    lightship_t: float
    power: float

    @property
    def dwt_t(self) -> float:
        """Deadweight, t."""
        return self.full_t - self.lightship_t

    def draught_m(self, displacement_t: float) -> float:
        """Mean draught at a displacement."""
        return float(self.design_m * (displacement_t / self.full_t) ** (1.0 / self.power))


def build(rng: np.random.Generator, length_m: float) -> Vessel:
    """A tanker of a length, with proportions as such ships have them."""
    beam = length_m / float(np.clip(rng.normal(5.9, 0.35), 5.0, 7.0))
    design = beam / float(np.clip(rng.normal(2.42, 0.18), 2.0, 2.9))
    cb = float(np.clip(rng.normal(0.765, 0.03), 0.68, 0.84))
    perpendiculars = length_m * float(rng.normal(0.955, 0.012))
    full = SEA * perpendiculars * beam * design * cb * 1.005
    lightship = full * float(np.clip(rng.normal(0.285, 0.03), 0.20, 0.38))
    waterplane = cb + 0.10 + float(rng.normal(0, 0.01))
    return Vessel(length_m, beam, design, full, lightship, waterplane / cb)


@dataclass(frozen=True)
class Transfer:
    """What was true of one meeting."""

    event_id: str
    cargo_t: float
    receiver_mmsi: int
    receiver_dwt_t: float
    ballast_pumped_t: float


@dataclass(frozen=True)
class World:
    """Event rows and statics as a run would give them to cargo, and the truth."""

    rows: list[dict[str, Any]]
    statics: Any
    truth: list[Transfer]


def make_world(
    n: int, /, *, seed: int, habit: Habit = PANEL, speaks: str = "both", ballast: float = 0.5, registered: bool = False
) -> World:
    """Sample transfers.

    Parameters
    ----------
    speaks : who sets the draught anew after the meeting: both, receiver, donor or none
    ballast : chance that the receiver came in ballast and pumped it out while she loaded
    registered : whether a registry gives the deadweights
    """
    rng = np.random.default_rng([seed, n])
    rows, runs, truth = [], [], []
    for i in range(n):
        row, drawn, true = _transfer(rng, i, habit, speaks, ballast, registered)
        rows.append(row)
        runs += drawn
        truth.append(true)
    table = STATICS.conform(pa.Table.from_pylist(runs, schema=STATICS.schema)) if runs else STATICS.empty()
    return World(rows, table, truth)


def _transfer(
    rng: np.random.Generator, i: int, habit: Habit, speaks: str, ballast: float, registered: bool
) -> tuple[dict[str, Any], list[dict[str, Any]], Transfer]:
    while True:
        receiver = build(rng, float(rng.uniform(55.0, 115.0)))
        donor = build(rng, float(rng.uniform(75.0, 185.0)))
        cargo = habit.draw(rng) * receiver.dwt_t
        fuel = [float(rng.uniform(0.03, 0.09)) * ship.dwt_t for ship in (receiver, donor)]
        room = 0.985 * receiver.dwt_t - fuel[0]
        load = float(rng.uniform(0.55, 0.95)) * donor.dwt_t
        if donor.dwt_t >= 0.9 * receiver.dwt_t and cargo <= min(room, load):
            break
    has_ballast = bool(rng.random() < ballast)
    own = 0.0 if has_ballast else float(rng.uniform(0.0, max(0.0, room - cargo)))
    water = float(rng.uniform(0.15, 0.32)) * receiver.dwt_t if has_ballast else 0.0
    left = float(rng.uniform(0.0, 0.15)) * water
    before = receiver.lightship_t + fuel[0] + own + water
    draughts = [
        (receiver.draught_m(before), receiver.draught_m(before + cargo - (water - left))),
        (
            donor.draught_m(donor.lightship_t + fuel[1] + load),
            donor.draught_m(donor.lightship_t + fuel[1] + load - cargo + _taken_in(rng, donor, load - cargo)),
        ),
    ]
    hours = _hours(rng, receiver, donor, cargo)
    start = START + timedelta(hours=float(rng.uniform(0, 24)), days=i % 300)
    seen = hours * float(rng.uniform(0.94, 1.0))
    swap = bool(rng.random() < 0.5)
    numbers = (10 * i + 1000, 10 * i + 1001)
    mmsi = numbers[::-1] if swap else numbers
    ends = start + timedelta(hours=seen)
    row: dict[str, Any] = {
        "event_id": f"{i + 1:016x}",
        "type": "encounter",
        "verdict": "likely",
        "confidence": 0.9,
        "group_id": None,
        "in_port": False,
        "start_time": start,
        "end_time": ends,
        "duration_h": seen,
        "longest_silence_min": float(rng.exponential(12.0)),
        "why": [],
    }
    runs: list[dict[str, Any]] = []
    for ship, number, levels, who in zip((receiver, donor), mmsi, draughts, ("receiver", "donor"), strict=True):
        place = 1 + numbers.index(number)
        row |= {
            f"mmsi_{place}": number,
            f"name_{place}": f"SYN {number}",
            f"ship_type_{place}": 80,
            f"length_m_{place}": float(round(ship.length_m)),
            f"beam_m_{place}": float(round(ship.beam_m)),
        }
        if registered:
            row |= {f"dwt_t_{place}": round(ship.dwt_t), f"dwt_basis_{place}": "registry"}
        if speaks in {"both", who}:
            runs += _declared(rng, number, levels, start, ends)
    receiver_number = mmsi[0]
    return row, runs, Transfer(row["event_id"], cargo, receiver_number, receiver.dwt_t, water - left)


def _taken_in(rng: np.random.Generator, donor: Vessel, left_t: float) -> float:
    """Ballast that a donor takes in once less than two fifths of her deadweight is left."""
    if left_t >= 0.4 * donor.dwt_t:
        return 0.0
    return float(rng.uniform(0.0, 0.7)) * (0.4 * donor.dwt_t - left_t)


def _hours(rng: np.random.Generator, receiver: Vessel, donor: Vessel, cargo_t: float) -> float:
    """Hours alongside: mooring and hoses, pumping by the slower of pump and hose, draining and letting go."""
    density = float(rng.uniform(0.73, 0.86))
    pump = 0.93 * donor.dwt_t / density / float(rng.uniform(9.0, 22.0))
    takes = 0.93 * receiver.dwt_t / density / float(rng.uniform(6.0, 16.0))
    inches = float(rng.choice([4.0, 6.0, 8.0] if receiver.dwt_t < 5000 else [6.0, 8.0, 10.0]))
    hose = pi / 4 * (0.0254 * inches) ** 2 * float(rng.uniform(3.0, 9.0)) * 3600.0
    rate = min(pump, takes, hose) * float(rng.uniform(0.75, 0.97))
    return float(rng.uniform(1.0, 3.0)) + cargo_t / density / rate + float(rng.uniform(0.6, 2.0))


def _typed(rng: np.random.Generator, level_m: float) -> float:
    kind = rng.random()
    step, error = (0.1, 0.08) if kind < 0.7 else (0.5, 0.05) if kind < 0.9 else (0.1, 0.4)
    return round(step * round(max(level_m + float(rng.normal(0.0, error)), 0.5) / step), 1)


def _declared(
    rng: np.random.Generator, mmsi: int, levels: tuple[float, float], start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """What a crew types: most read to a decimetre, one in five rounds to half a metre, one in ten guesses."""
    told = [_typed(rng, level) for level in levels]
    if told[0] == told[1]:
        told[1] = round(told[1] + (0.1 if levels[1] > levels[0] else -0.1), 1)
    waits = float(rng.choice([rng.uniform(0.5, 20.0), rng.uniform(24.0, 70.0)], p=[0.8, 0.2]))
    changed = end + timedelta(hours=waits)
    spans = ((start - timedelta(days=2), changed - timedelta(minutes=6)), (changed, changed + timedelta(hours=30)))
    return [
        {"time": first, "last_time": last, "reports": 40, "mmsi": mmsi, "draught_m": draught}
        for draught, (first, last) in zip(told, spans, strict=True)
    ]
