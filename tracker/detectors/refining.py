"""Candidate windows to measured contacts: all windows at once, on the raw reports of both ships."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tracker.detectors.contact import ContactParams, bounds_of, contacts_in, opening_distance_m
from tracker.detectors.evidence import APART_LEG_S, APART_M, weigh
from tracker.detectors.found import Found
from tracker.detectors.paths import EAST, NORTH, paths_of
from tracker.tables.fixes import Fixes, concat_fixes, frozen
from tracker.tables.positions import LOW_ACCURACY
from tracker.tables.ship import Ship
from tracker.tables.tracks import HullTracks, Tracks

MOST_ROWS = 100_000
"""Room for report times of pairs held at a time, unless two tracks have more: bounds memory, not the answer."""
MOST_PAIRS = 256
"""Pairs, and contacts, measured at a time; the same."""
Window = tuple[int, int, int, int]
"""Two MMSIs, begin and end, ms."""


def found_in(
    windows: Sequence[Window],
    hulls: Mapping[int, Sequence[Fixes]],
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: ContactParams,
) -> Iterator[Found]:
    """Find and measure the contacts in candidate windows, as `tracker.detectors.encounters.refine` says."""
    if not isinstance(hulls, HullTracks):
        hulls = HullTracks(Tracks.of({}), {mmsi: list(hulls[mmsi]) for w in windows for mmsi in w[:2] if mmsi in hulls})
    single = hulls.single.keep(_is_fine(hulls.single.fixes))
    places = {mmsi: (place,) for mmsi, place in single.place.items()}
    is_split = np.array([not hulls.split.keys().isdisjoint(w[:2]) for w in windows], np.bool_)
    found = list(_refined(windows, np.flatnonzero(~is_split), (single.fixes, single.starts), places, ship_at, params))
    if is_split.any():
        apart = np.flatnonzero(is_split)
        theirs = {mmsi: list(hulls.get(mmsi, ())) for n in apart.tolist() for mmsi in windows[n][:2]}
        found += _refined(windows, apart, *_one_after_another(theirs), ship_at, params)
        found.sort(key=lambda one: one[0])
    yield from (one for _, one in found)


def _is_fine(fixes: Fixes) -> npt.NDArray[np.bool_]:
    """Coarse reports (type 27) cannot tell who lies alongside."""
    return np.asarray((fixes.flags & LOW_ACCURACY) == 0)


def _one_after_another(
    hulls: Mapping[int, Sequence[Fixes]],
) -> tuple[tuple[Fixes, npt.NDArray[np.int64]], dict[int, tuple[int, ...]]]:
    """The fine reports of hulls, where those of each begin, and by MMSI which hulls are hers."""
    tracks, places = list[Fixes](), dict[int, tuple[int, ...]]()
    for mmsi, own in hulls.items():
        places[mmsi] = tuple(range(len(tracks), len(tracks) + len(own)))
        tracks += [track.take(_is_fine(track)) for track in own]
    starts = np.append(0, np.cumsum([len(track) for track in tracks], dtype=np.int64))
    return (concat_fixes(tracks) if tracks else Tracks.of({}).fixes, starts), places


def _refined(
    windows: Sequence[Window],
    asked: npt.NDArray[np.int64],
    tracks: tuple[Fixes, npt.NDArray[np.int64]],
    places: Mapping[int, tuple[int, ...]],
    ship_at: Callable[[int, int], Ship],
    params: ContactParams,
) -> Iterator[tuple[int, Found]]:
    """Contacts in those of the windows that are asked for, and in which of them each is.

    Parameters
    ----------
    tracks : the reports of hulls, one after another, and where those of each begin (one more: the end)
    places : which of the tracks are of the hulls of an MMSI
    """
    from tracker.geo.kernels.pairing import COLUMNS, pair_windows

    jobs = [
        (n, one, two)
        for n in asked.tolist()
        for one in places.get(windows[n][0], ())
        for two in places.get(windows[n][1], ())
    ]
    if not jobs:
        return
    ships = _ships_in(windows, [n for n, *_ in jobs], ship_at)
    job_windows = np.array([(one, two, *windows[n][2:]) for n, one, two in jobs], np.int64)
    limits_m = np.array([opening_distance_m(*(ship.length_m for ship in ships[n]), params=params) for n, *_ in jobs])
    fixes, starts = tracks
    columns = [frozen(column) for column in (fixes.time_ms, fixes.lon_e7, fixes.lat_e7)]
    # a second less, so that nothing hangs on rounding
    least_ms = max(60.0 * params.min_duration_min - 1.0, 0.0) * 1000.0
    path = np.empty((max(MOST_ROWS, 2 * int(np.diff(starts).max())), COLUMNS))
    pairs, bounds, job = np.empty((MOST_PAIRS, 6), np.int64), bounds_of(params), 0
    bounds = np.append(bounds, [min(bounds[0], APART_LEG_S), APART_M])
    while job < len(jobs):
        job, count, end = pair_windows(starts, *columns, job, job_windows, limits_m, least_ms, bounds, path, pairs)
        if not count:
            break
        some = pairs[:count]
        paths = paths_of(fixes, some, path[:end])
        contacts = contacts_in(
            paths.lanes,
            paths.columns[EAST],
            paths.columns[NORTH],
            paths.is_straight,
            limits_m[some[:, 0]],
            params=params,
        )
        for begin in range(0, len(contacts), MOST_PAIRS):
            own = contacts.take(slice(begin, begin + MOST_PAIRS))
            which = [jobs[n][0] for n in some[own.pair, 0].tolist()]
            evidence = weigh(paths, own, [ships[n] for n in which])
            for n, contact, seen in zip(which, own.each(), evidence, strict=True):
                yield n, Found(ships[n][0].mmsi, ships[n][1].mmsi, *ships[n], contact, seen)


def _ships_in(
    windows: Sequence[Window], asked: Sequence[int], ship_at: Callable[[int, int], Ship]
) -> dict[int, tuple[Ship, Ship]]:
    """Both ships of windows, as they were in the middle of them."""
    middles = {n: (windows[n][2] + windows[n][3]) // 2 for n in asked}
    return {n: (ship_at(windows[n][0], at), ship_at(windows[n][1], at)) for n, at in middles.items()}
