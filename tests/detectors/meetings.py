"""Run the detectors on a scene as the pipeline does, with every pair of ships a candidate."""

from typing import Any

import numpy as np

from tests.scenes import Scene
from tracker.cleaning.hulls import HullParams, split_hulls
from tracker.detectors.berths import Setting
from tracker.detectors.encounters import EncounterParams, refine, to_events, windows_of
from tracker.detectors.readings import Draughts
from tracker.engine.scan import scan
from tracker.identity.cards import Cards
from tracker.tables.fixes import Fixes

PARAMS = EncounterParams()
OPEN_SEA = Setting(coast_distance_nm=40.0)


def events_of(
    fixes: Fixes, statics: Any, /, *, setting: Setting = OPEN_SEA, params: EncounterParams = PARAMS
) -> list[dict[str, Any]]:
    """Event rows of all pairs of ships, at least ten minutes together."""
    vessels = np.unique(fixes.mmsi).tolist()
    tracks = {mmsi: fixes.take(np.flatnonzero(fixes.mmsi == mmsi)) for mmsi in vessels}
    hulls = {mmsi: [h.fixes for h in split_hulls(track, params=HullParams())[0]] for mmsi, track in tracks.items()}
    begin, end = int(fixes.time_ms[0]), int(fixes.time_ms[-1])
    windows = [(a, b, begin, end) for i, a in enumerate(vessels) for b in vessels[i + 1 :]]
    found = list(refine(windows, hulls, Cards(statics).ship_at, params=params))
    return to_events(found, [setting] * len(found), params=params, span_ms=(begin, end))


def events_in(scene: Scene, /, *, antenna_known: bool = True, setting: Setting = OPEN_SEA) -> list[dict[str, Any]]:
    """Event rows of a scene."""
    return events_of(scene.fixes(), scene.statics(antenna_known=antenna_known), setting=setting)


def scanned_events_of(
    fixes: Fixes,
    statics: Any,
    /,
    *,
    setting: Setting = OPEN_SEA,
    params: EncounterParams = PARAMS,
    draughts: Draughts | None = None,
) -> list[dict[str, Any]]:
    """Event rows as a run finds them: candidates of the streaming pass, refined, judged in one setting."""
    cards = Cards(statics)
    windows = windows_of(scan([fixes]).candidates, cards.ship_at, params=params)
    vessels = np.unique(fixes.mmsi).tolist()
    tracks = {mmsi: fixes.take(np.flatnonzero(fixes.mmsi == mmsi)) for mmsi in vessels}
    hulls = {mmsi: [h.fixes for h in split_hulls(track, params=HullParams())[0]] for mmsi, track in tracks.items()}
    found = list(refine(windows, hulls, cards.ship_at, params=params))
    said = [draughts or Draughts()] * len(found)
    return to_events(found, [setting] * len(found), params=params, draughts=said)
