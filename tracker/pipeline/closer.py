"""A closer look at the ships that the pass marked, many at once.

Bounds over all their reports tell which ships may hold anything false; only those are looked at one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.cleaning.hulls import OUTLIER, HullParams, Labels, segment_tracks
from tracker.detectors.spoofing.bounds import may_circle, may_freeze, may_grid, may_repeat
from tracker.detectors.spoofing.falsehood import Falsehood, Rows, SpoofingParams, Track
from tracker.detectors.spoofing.grids import find_grids
from tracker.detectors.spoofing.inland import find_on_land
from tracker.detectors.spoofing.places import Leap, find_leaps, find_two_places, jump_of
from tracker.detectors.spoofing.replays import find_copy, judge_copy, shifted_rows
from tracker.detectors.spoofing.shapes import find_circles, find_frozen, find_frozen_stays
from tracker.pipeline.mending import silences_of_hulls
from tracker.tables.segments import REASON_CODES
from tracker.tables.tracks import Tracks
from tracker.zones.inland import inland_nm

UNREAL = ("circle", "grid", "frozen", "replayed", "on_land")
Reasons = npt.NDArray[np.uint8]
Hours = Mapping[int, npt.NDArray[np.int64]]
"""Hours since 1970 by MMSI."""


@dataclass(frozen=True)
class Seen:
    """What became of the reports of some ships."""

    tracks: Tracks
    label: Labels
    """Of each report its hull, or `OUTLIER`."""
    reason: Reasons
    found: list[Falsehood]
    silences: Any
    """Between reports of one hull, of the ships that were read whole."""

    def of(self, mmsi: int, /) -> Track:
        """One of the ships."""
        own = self.tracks.rows_of(mmsi)
        return Track(mmsi, self.tracks.fixes.take(own), self.label[own])


def look_closer(
    tracks: Tracks,
    confined: Hours,
    odd: Hours,
    whole: Sequence[int],
    /,
    *,
    hulls: HullParams,
    params: SpoofingParams,
    silence_min_s: int,
) -> Seen:
    """Segment the reports of ships, find what is false among them, and set it aside.

    Parameters
    ----------
    confined, odd : hours in which ships went a long way in a small space; in which anything about their ways was marked
    whole : MMSIs of ships all of whose reports are among the tracks: what is heard of the others is not all of it
    silence_min_s : shortest silence that is recorded, s
    """
    label, reason = segment_tracks(tracks, params=hulls)
    most = np.maximum.reduceat(label, tracks.starts[:-1]) if len(tracks) else np.empty(0, np.int32)
    rings = may_circle(tracks, label, confined, params=params)
    repeats, freezes = may_repeat(tracks, params=params), may_freeze(tracks, params=params)
    grids = may_grid(tracks, odd, params=params)
    looked = (most > 0) | repeats | freezes | grids
    looked[[tracks.place[mmsi] for mmsi in rings]] = True
    shifted, found, vessels = label.copy(), list[Falsehood](), list(tracks)
    for place in np.flatnonzero(looked).tolist():
        mmsi = vessels[place]
        own = tracks.rows_of(mmsi)
        track = Track(mmsi, tracks.fixes.take(own), label[own])
        bounds = _Bounds(repeats[place], freezes[place], rings.get(mmsi), odd[mmsi] if grids[place] else None)
        found += _look(track, reason[own], shifted[own], bounds, params)
    # what is spoofed was heard all the same: no silence
    silences = silences_of_hulls(tracks, shifted, whole, min_ms=1000 * silence_min_s)
    return Seen(tracks, label, reason, found, silences)


@dataclass(frozen=True)
class _Bounds:
    """What a ship may hold: copies of her own track, frozen places, rings and lattices (hours since 1970)."""

    repeats: bool
    freezes: bool
    rings: npt.NDArray[np.int64] | None
    grids: npt.NDArray[np.int64] | None


def _look(track: Track, reason: Reasons, shifted: Labels, may: _Bounds, params: SpoofingParams) -> list[Falsehood]:
    """What is false of one ship; its labels and reasons are filled, and the labels without reports of a shifted clock."""
    copy = find_copy(track, params=params) if may.repeats else None
    _set_aside(track, reason, shifted_rows(track, copy, params=params), "clock_shifted")
    shifted[:] = track.label
    found = [] if copy is None else judge_copy(track, copy, params=params)
    if may.freezes:
        found += find_frozen(track, params=params)
    if may.rings is not None:
        found += find_circles(track, may.rings, params=params)
    if may.grids is not None:
        found += find_grids(track, may.grids, params=params)
    places = find_two_places(track, params=params)
    leaps = [] if places else find_leaps(track, params=params)
    found += places
    found += find_frozen_stays(track, [leap.stay for leap in leaps], params=params)
    found += find_on_land(track, leaps, inland_nm, params=params)
    for leap in leaps:
        # a jump into a circle, a frozen place or the land is told there
        covering = [n for n, f in enumerate(found) if _is_part_of(leap, f)]
        if not covering:
            found.append(jump_of(track, leap))
        for n in covering:
            more = jump_of(track, leap).why[0]
            if found[n].kind not in {"on_land", "frozen", "grid"} or more not in found[n].why:
                found[n] = replace(
                    found[n], why=(*found[n].why, more), confidence=round(min(0.97, found[n].confidence + 0.1), 3)
                )
    for one in found:
        if one.kind in UNREAL:
            # a lattice explains what only looked wild before
            rows = one.rows if one.kind == "grid" else one.rows[reason[one.rows] == 0]
            _set_aside(track, reason, rows, "spoofed_position")
    return found


def _is_part_of(leap: Leap, one: Falsehood) -> bool:
    """Whether a jump leads into false places, or out of them."""
    return bool(np.isin(leap.before, one.rows)) or 2 * len(np.intersect1d(one.rows, leap.stay)) >= len(leap.stay)


def _set_aside(track: Track, reason: Reasons, rows: Rows, why: str) -> None:
    track.label[rows] = OUTLIER
    reason[rows] = REASON_CODES[why]
