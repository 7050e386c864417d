"""One trial: a fleet on a ground, heard in one way, with its truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tracker.simulate.falsehoods import KINDS, some_falsehoods, tell
from tracker.simulate.fleet import Fleet
from tracker.simulate.motion import Place, Rng
from tracker.simulate.radio import fixes_of
from tracker.simulate.stage import Stage
from tracker.simulate.trials.apart import anchorage, pool, quay, standoff, waiting
from tracker.simulate.trials.cast import Play
from tracker.simulate.trials.ears import Ears, hear
from tracker.simulate.trials.ground import ROADS, SITES, Ground, road
from tracker.simulate.trials.passing import assist, convoy, fishing, launch, overtaking, pilot, tow, traffic
from tracker.simulate.trials.roads import ACTS
from tracker.simulate.trials.together import meet
from tracker.tables.fixes import Fixes

HOURS = 48.0
MEETINGS = {"barge": 3, "drift": 3, "anchor": 2, "underway": 3, "raft": 1, "handover": 1, "dark": 3}
LIKENESSES: dict[Callable[[Play, Place, Rng], None], int] = {
    anchorage: 2,
    quay: 1,
    tow: 2,
    assist: 1,
    pilot: 1,
    launch: 2,
    convoy: 1,
    overtaking: 2,
    fishing: 2,
    pool: 2,
    standoff: 3,
    waiting: 1,
}
TRAFFIC = 24


@dataclass(frozen=True)
class Cast:
    """How many of what a fleet stages."""

    meetings: Mapping[str, int]
    likenesses: Mapping[Callable[[Play, Place, Rng], None], int]
    traffic: int
    falsehoods: tuple[str, ...] = ()
    """False positions, one stretch of each kind."""
    roads: Mapping[Callable[[Play, Place, Rng], None], int] = field(default_factory=dict)
    """What is staged amid the sites."""


EVERYTHING = Cast(MEETINGS, LIKENESSES, TRAFFIC, KINDS, ACTS)
"""What detection is measured on."""
DARK = Cast(
    {"dark": 8, "drift": 3, "barge": 2},
    {waiting: 10, anchorage: 1, pool: 1, standoff: 2, launch: 1, pilot: 1},
    36,
)
"""Many dark meetings among ships that wait alone: what the weights of dark partners are fitted on."""


@dataclass(frozen=True)
class Trial:
    """What was heard, what ships said of themselves, what is true, and which anchorages and berths there are."""

    name: str
    fixes: Fixes
    statics: Any
    truth: Any
    quays: list[Place]
    reception: str
    interval_s: float


def stage_trial(ground: Ground, /, *, seed: int, cast: Cast = EVERYTHING) -> Play:
    """Put a fleet on a ground: every meeting and every likeness at a site of its own, and traffic across all of them."""
    rng = np.random.default_rng([seed, 30])
    # a start at any second of any day: no method may profit from round numbers
    start_s = datetime(2021, 3, 1, tzinfo=UTC).timestamp() + float(rng.integers(0, 300 * 86_400))
    play = Play(Stage(Fleet(start_s, start_s + 3600.0 * HOURS), seed), ground)
    sites = rng.permutation(SITES).tolist()
    for label, count in cast.meetings.items():
        for _ in range(count):
            meet(play, label, play.site(sites.pop()), rng)
    for put, count in cast.likenesses.items():
        for _ in range(count):
            put(play, play.site(sites.pop()), rng)
    for _ in range(cast.traffic):
        traffic(play, play.near(rng, play.site(int(rng.integers(SITES)))), rng)
    _declare_without_meeting(play, rng)
    play.falsehoods += some_falsehoods(play.stage, cast.falsehoods, rng=np.random.default_rng([seed, 33]))
    for false in play.falsehoods:
        tell(play.stage, false)
    # last, and with numbers of its own: the rest of the fleet is as it would be without
    own = np.random.default_rng([seed, 34])
    spots = own.permutation(ROADS).tolist()
    for put, count in cast.roads.items():
        for _ in range(count):
            put(play, road(ground, spots.pop()), own)
    return play


def _declare_without_meeting(play: Play, rng: Rng) -> None:
    """One in twelve of the ships that meet nobody sets her draught anew, for ballast or because it was wrong."""
    fleet = play.stage.fleet
    met = {row[name] for row in fleet.truth if row["type"] != "decoy" for name in ("mmsi_1", "mmsi_2")}
    for n, voyage in enumerate(fleet.voyages):
        ship = voyage.hull
        if ship.mmsi not in met and ship.declared and rng.random() < 1 / 12:
            since = float(rng.uniform(fleet.start_s, fleet.end_s))
            said = round(ship.declared[-1][1] + float(rng.normal(0.0, 0.8)), 1)
            fleet.voyages[n] = replace(voyage, hull=replace(ship, declared=(*ship.declared, (since, max(said, 1.0)))))


def hear_trial(play: Play, ears: Ears, /, *, seed: int) -> Trial:
    """Hear a fleet in one way."""
    return Trial(
        name=f"{play.ground.name}, seed {seed}, {ears.reception}, {ears.interval_s:g} s",
        fixes=fixes_of(hear(play.stage.fleet, ears, seed=seed, falsehoods=play.falsehoods)),
        statics=play.statics(),
        truth=play.stage.fleet.truth_table(),
        quays=play.quays,
        reception=ears.reception,
        interval_s=ears.interval_s,
    )
