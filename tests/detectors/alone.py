"""Run the detectors of silences, slow spells and dark meetings on a scene, with one setting for every place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.detectors.listening import Listener
from tests.detectors.meetings import OPEN_SEA, PARAMS
from tests.scenes import Scene
from tracker.detectors.berths import Setting
from tracker.detectors.both_dark import BothDarkParams, join_both_dark
from tracker.detectors.dark import DarkParams, join_dark
from tracker.detectors.gaps import GapParams, gap_events, gaps_among
from tracker.detectors.hearing import Hearing
from tracker.detectors.loitering import (
    Loiter,
    LoiteringParams,
    find_loiterers,
    loitering_events,
    spells_to_place,
)
from tracker.detectors.partners import PartnerParams
from tracker.detectors.receivers import NO_RECEIVERS, Receivers
from tracker.detectors.reception import SilenceParams, Stories, tell_stories
from tracker.detectors.silences import Silences, silences_of
from tracker.detectors.slow import spells_of
from tracker.detectors.way import Way
from tracker.engine.scan import scan
from tracker.identity.cards import Cards
from tracker.pipeline.alone import is_class_b
from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import pass_by
from tracker.simulate.motion import away
from tracker.tables.fixes import Fixes


@dataclass(frozen=True)
class Alone:
    """What was found, by kind."""

    gaps: list[dict[str, Any]]
    loitering: list[dict[str, Any]]
    dark: list[dict[str, Any]]
    both_dark: list[dict[str, Any]]
    loiterers: list[Loiter]
    silences: Silences
    stories: Stories
    hearing: Hearing

    def gap_of(self, ship: Hull) -> dict[str, Any]:
        """The one gap of a ship."""
        (row,) = [row for row in self.gaps if row["mmsi_1"] == ship.mmsi]
        return row


def alone_in(scene: Scene, /, *, setting: Setting = OPEN_SEA, receivers: Receivers = NO_RECEIVERS) -> Alone:
    """Events of ships alone in a scene."""
    return alone_among(scene.fixes(), scene.statics(), setting=setting, receivers=receivers)


def alone_among(
    fixes: Fixes, statics: Any, /, *, setting: Setting = OPEN_SEA, receivers: Receivers = NO_RECEIVERS
) -> Alone:
    """Events of ships alone among reports."""
    listener, berths = Listener(), PARAMS.berths
    seen = scan(listener.overhear([fixes]))
    hearing, ship_at = listener.hearing(), Cards(statics).ship_at
    silences = silences_of(seen.silences, hearing)
    stories = tell_stories(
        silences, hearing, Way(hearing), is_class_b(statics), params=SilenceParams(), receivers=receivers
    )
    gaps = gaps_among(silences, params=GapParams())
    docked = np.zeros(len(silences), np.bool_)
    spells = spells_of(seen.slow_spells)
    rows = spells_to_place(spells, ship_at, params=LoiteringParams(), berths=berths)
    loiterers = find_loiterers(
        rows, spells, [setting] * len(rows), silences, ship_at, params=LoiteringParams(), berths=berths
    )
    return Alone(
        gap_events(gaps, silences, stories, [setting] * len(gaps), docked, ship_at, params=GapParams(), berths=berths),
        loitering_events(loiterers, params=LoiteringParams()),
        join_dark(loiterers, silences, stories, docked, ship_at, params=DarkParams(), judge=PARAMS.judge),
        join_both_dark(silences, stories, docked, ship_at, params=BothDarkParams(), partners=PartnerParams()),
        loiterers,
        silences,
        stories,
        hearing,
    )


def put_traffic(scene: Scene, /, *, count: int = 8, silent: Sequence[tuple[float, float]] = ()) -> list[Hull]:
    """Cargo ships that pass within 20 nm of the scene's place all through it, heard but in the hours given."""
    ships = []
    for n in range(count):
        ship = scene.ship("cargo", length_m=120.0)
        spot = away(scene.place, bearing_deg=360.0 * n / count, distance_nm=6.0 + 1.5 * n)
        track = pass_by(
            spot,
            time_s=scene.time_s(scene.hours / 2),
            course_deg=20.0 + 40.0 * n,
            speed_kn=4.0,
            hours=scene.hours / 2,
            rng=scene.rng(20, n),
        )
        ships.append(scene.add(ship, track, silent=silent))
    return ships
