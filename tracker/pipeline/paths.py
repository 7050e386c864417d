"""Where ships were along events, and how they lay in loitering: their reports read once, for all who ask.

A path is the place of a ship at `SAMPLES` moments from the start to the end of an event; between reports she is taken
to have gone straight and steadily. Reports are read a few hours at a time and all events of these hours are worked on
together; what is held of an event is its path, and of loitering one report in five minutes while it lasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.detectors.posture import Lying, Posture, postures_of
from tracker.pipeline.stretches import SLICE_MS, Stretch, Windowed, requests_of
from tracker.tables.tracks import Tracks
from tracker.units import DEGREE_E7

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SAMPLES: Final = 101
"""Moments at which a path is asked: shares to a hundredth."""
HALF_TURN: Final = 180 * DEGREE_E7
STRIDE: Final = np.int64(1) << 42
"""More milliseconds than lie between 1970 and 2109: a vessel's number times this plus the time is one key."""


@dataclass(frozen=True)
class Walked:
    """Paths of some stretches, in the order asked."""

    lon_e7: npt.NDArray[np.int32]
    """(n, `SAMPLES`), 1e-7 degree; 0 where nothing was heard."""
    lat_e7: npt.NDArray[np.int32]
    reports: Ints
    """Reports in each stretch; with fewer than two there is no path."""
    postures: list[Posture | None]
    """How she lay, where that was asked and enough was heard."""


class Paths:
    """Paths of events, each read from positions once."""

    def __init__(self, positions: Windowed, /) -> None:
        self._positions = positions
        self._number: dict[Stretch, tuple[int, int]] = {}
        self._walked: list[Walked] = []
        self.stay: set[Stretch] = set()
        """Stretches that need no path: the ship stayed where the waters are the same."""

    def read(self, asked: Sequence[Stretch], /, *, lying: Sequence[Stretch] = ()) -> dict[Stretch, Posture]:
        """Read the paths of stretches not read yet, and say how ships lay in some of them."""
        new = sorted(({*asked} | {*lying}) - self._number.keys())
        if not new:
            return {}
        wanted = set(lying)
        walked = walk(new, self._positions, is_lying=np.array([one in wanted for one in new], np.bool_))
        self._number |= {one: (len(self._walked), i) for i, one in enumerate(new)}
        self._walked.append(walked)
        return {one: lay for one, lay in zip(new, walked.postures, strict=True) if lay is not None}

    def of(self, asked: Sequence[Stretch], /) -> Walked:
        """Paths of stretches, read now where they have not been."""
        self.read(asked)
        place = np.array([self._number[one] for one in asked], np.int64).reshape(-1, 2)
        lon, lat = (np.zeros((len(asked), SAMPLES), np.int32) for _ in range(2))
        reports = np.zeros(len(asked), np.int64)
        for part, walked in enumerate(self._walked):
            own = np.flatnonzero(place[:, 0] == part)
            rows = place[own, 1]
            lon[own], lat[own], reports[own] = walked.lon_e7[rows], walked.lat_e7[rows], walked.reports[rows]
        return Walked(lon, lat, reports, [None] * len(asked))


def walk(asked: Sequence[Stretch], positions: Windowed, /, *, is_lying: Bools) -> Walked:
    """Paths of stretches, and how ships lay in those of `is_lying`."""
    mmsi, start, end = np.array(asked, np.int64).reshape(-1, 3).T
    steps = _Steps(mmsi, start, end)
    lying = _LyingReports(start, is_lying)
    order = np.argsort(start, kind="stable")
    open_, at, begin = np.empty(0, np.int64), 0, 0
    while at < len(order) or len(open_):
        if not len(open_):
            begin = int(start[order[at]]) // SLICE_MS * SLICE_MS
        last = begin + SLICE_MS - 1
        until = int(np.searchsorted(start[order], last, side="right"))
        open_, at = np.concatenate([open_, order[at:until]]), until
        first, final = np.maximum(start[open_], begin), np.minimum(end[open_], last)
        tracks = Tracks.of(positions.windows(requests_of(mmsi[open_], first, final)))
        place, key = _keyed(tracks, mmsi[open_])
        rows = np.searchsorted(key, place * STRIDE + first), np.searchsorted(key, place * STRIDE + final + 1)
        heard = np.flatnonzero((place >= 0) & (rows[1] > rows[0]))
        heard_rows = rows[0][heard], rows[1][heard]
        steps.go_on(open_[heard], tracks.fixes, key, place[heard], *heard_rows)
        lying.note(open_[heard], tracks.fixes, *heard_rows)
        is_over = end[open_] <= last
        lying.close(open_[is_over])
        open_ = open_[~is_over]
        begin += SLICE_MS
    lon, lat = steps.closed()
    return Walked(lon, lat, steps.reports, lying.postures)


def _keyed(tracks: Tracks, mmsi: Ints) -> tuple[Ints, Ints]:
    """Place of vessels among the tracks (-1 for none), and vessel and time of each report as one rising key."""
    vessels = np.fromiter(tracks.place, np.int64, len(tracks))
    if not len(vessels):
        return np.full(len(mmsi), -1), np.empty(0, np.int64)
    order = np.argsort(vessels)
    found = order[np.searchsorted(vessels, mmsi, sorter=order).clip(max=len(order) - 1)]
    key = np.repeat(np.arange(len(vessels)) * STRIDE, np.diff(tracks.starts)) + tracks.fixes.time_ms
    return np.where(vessels[found] == mmsi, found, -1), key


def _turned(lon_e7: Ints) -> Ints:
    """Longitudes brought into [-180, 180)."""
    return (lon_e7 + HALF_TURN) % (2 * HALF_TURN) - HALF_TURN


class _Steps:
    """Places at the moments of stretches, written as far as reports have come."""

    def __init__(self, mmsi: Ints, start: Ints, end: Ints) -> None:
        n = len(mmsi)
        self._start, self._step = start.astype(np.float64), (end - start) / (SAMPLES - 1)
        self._places = np.zeros((2, n, SAMPLES), np.int32)
        self._done = np.zeros(n, np.int64)
        self._last = np.zeros((3, n), np.int64)
        self.reports = np.zeros(n, np.int64)

    def go_on(self, which: Ints, fixes: Any, key: Ints, place: Ints, first: Ints, stop: Ints) -> None:
        """Go on with stretches over the next reports of each: rows ``first..stop`` of fixes, one at least."""
        # reports and moments are whole and broken milliseconds: one ended before the other began
        until = fixes.time_ms[stop - 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            reached = np.ceil((until - self._start[which]) / self._step[which])
        reached = np.nan_to_num(reached, nan=0.0, posinf=0.0).clip(0, SAMPLES).astype(np.int64)
        moments = np.maximum(reached - self._done[which], 0)
        own = np.repeat(np.arange(len(which)), moments)
        k = np.arange(len(own)) - np.repeat(np.cumsum(moments) - moments - self._done[which], moments)
        moment = self._start[which[own]] + k * self._step[which[own]]
        after = np.searchsorted(key, place[own] * STRIDE + np.floor(moment).astype(np.int64), side="right")
        after = np.clip(after, first[own], stop[own] - 1)
        before = np.maximum(after - 1, first[own])
        is_carried = (after == first[own]) & (self.reports[which[own]] > 0)
        two = [column[after].astype(np.int64) for column in (fixes.time_ms, fixes.lon_e7, fixes.lat_e7)]
        one = [column[before].astype(np.int64) for column in (fixes.time_ms, fixes.lon_e7, fixes.lat_e7)]
        one = [np.where(is_carried, last[which[own]], now) for last, now in zip(self._last, one, strict=True)]
        share = ((moment - one[0]) / np.maximum(two[0] - one[0], 1)).clip(0.0, 1.0)
        east = _turned(two[1] - one[1])
        lon = _turned(one[1] + np.rint(share * east).astype(np.int64))
        lat = one[2] + np.rint(share * (two[2] - one[2])).astype(np.int64)
        self._places[0, which[own], k], self._places[1, which[own], k] = lon, lat
        self._done[which] = np.maximum(reached, self._done[which])
        self.reports[which] += stop - first
        self._last[:, which] = fixes.time_ms[stop - 1], fixes.lon_e7[stop - 1], fixes.lat_e7[stop - 1]

    def closed(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Longitudes and latitudes; after her last report a ship is where that was."""
        left = np.arange(SAMPLES) >= self._done[:, None]
        for places, last in zip(self._places, self._last[1:], strict=True):
            np.copyto(places, last[:, None].astype(np.int32), where=left)
        return self._places[0], self._places[1]


class _LyingReports:
    """One report in five minutes of ships that lay, until the stretch is over."""

    def __init__(self, start: Ints, is_lying: Bools) -> None:
        self._is_lying = is_lying
        self._counts = np.zeros((3, len(start)), np.int64)
        self._held = Lying.nothing()
        self.postures: list[Posture | None] = [None] * len(start)

    def note(self, which: Ints, fixes: Any, first: Ints, stop: Ints) -> None:
        """Take what rows ``first..stop`` of fixes say of stretches."""
        asked = self._is_lying[which]
        which, first, size = which[asked], first[asked], (stop - first)[asked]
        own = np.repeat(which, size)
        rows = np.arange(len(own)) - np.repeat(np.cumsum(size) - size - first, size)
        more, counts = Lying.thinned(own, fixes, rows)
        self._held = Lying.joined([self._held, more])
        for n, new in enumerate(counts):
            self._counts[n] += np.bincount(own[new], minlength=len(self._is_lying))

    def close(self, over: Ints) -> None:
        """Say how ships lay in stretches that are over, and let go of their reports."""
        is_over = np.zeros(len(self._is_lying), np.bool_)
        is_over[over] = True
        mine = is_over[self._held.spell]
        ended, self._held = self._held.at(mine), self._held.at(~mine)
        for spell, posture in postures_of(ended, *self._counts).items():
            self.postures[spell] = posture
