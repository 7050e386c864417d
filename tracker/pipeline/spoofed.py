"""False positions: from the marks of the pass to segments, reports set aside with their reasons, and spoofing events.

Only ships that the pass marked are read again: whole tracks of those that jumped or repeat themselves, some hours
around the marks of the others. What is false here is no evidence in meetings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.cleaning.hulls import OUTLIER, HullParams, segment
from tracker.detectors.hearing import Hearing
from tracker.detectors.rows import event_row
from tracker.detectors.spoofing.falsehood import Falsehood, Rows, SpoofingParams, Track
from tracker.detectors.spoofing.grids import find_grids
from tracker.detectors.spoofing.inland import find_on_land
from tracker.detectors.spoofing.jamming import Disturbed, find_jamming
from tracker.detectors.spoofing.places import Leap, find_leaps, find_two_places, jump_of
from tracker.detectors.spoofing.replays import find_copy, judge_copy, shifted_rows
from tracker.detectors.spoofing.shapes import find_circles, find_frozen, find_frozen_stays
from tracker.engine.watch import CONFINED, JUMP, REPLAY, WILD, Marks, hours_of
from tracker.pipeline.ashore import Ashore
from tracker.pipeline.batches import in_batches, within
from tracker.pipeline.mending import mended, silences_of_hulls
from tracker.pipeline.setaside import segment_table, set_aside_table
from tracker.pipeline.shared_numbers import Twins
from tracker.pipeline.source import PositionSource
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.tables.scan import SILENCES
from tracker.tables.segments import REASON_CODES, REASON_NAMES
from tracker.tables.ship import Ship
from tracker.tables.tracks import Tracks
from tracker.units import MILLISECONDS_PER_HOUR
from tracker.zones.inland import inland_nm

AROUND_MS = 3 * MILLISECONDS_PER_HOUR
"""How far around a mark a track is read."""
UNREAL = ("circle", "grid", "frozen", "replayed", "on_land")
DISTURBED = ("wild_position", "lone_position", "far_after_silence", "far_before_silence")


@dataclass(frozen=True)
class Spoofed:
    """What was false: event rows, tables, counts, and by MMSI the times of reports that are no evidence."""

    rows: list[dict[str, Any]]
    set_aside: Any
    segments: Any
    counts: dict[str, int]
    false_ms: dict[int, npt.NDArray[np.int64]]
    silences: Any
    """Silences of the ships that were read whole: bad fixes neither end nor begin one."""
    whole: tuple[int, ...]
    twins: dict[int, Twins]
    """MMSIs that several hulls bore at once."""

    def mend(self, silences: Any, /) -> Any:
        """Silences of the pass, better where whole tracks were read."""
        return mended(silences, self.whole, self.silences)

    def believed(self, tracks: Tracks, /) -> Tracks:
        """The reports of ships without those that are false."""
        kept = np.ones(len(tracks.fixes), np.bool_)
        for mmsi, times in self.false_ms.items():
            if mmsi in tracks:
                place = tracks.place[mmsi]
                own = slice(tracks.starts[place], tracks.starts[place + 1])
                kept[own] = ~np.isin(tracks.fixes.time_ms[own], times)
        return tracks.keep(kept)


@dataclass(frozen=True)
class _Seen:
    """What became of one track."""

    track: Track
    reason: npt.NDArray[np.uint8]
    found: list[Falsehood]
    silences: Any
    """Of a ship that was read whole, else None."""


def find_spoofed(
    source: PositionSource,
    marks: Marks,
    hearing: Hearing,
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    hulls: HullParams,
    params: SpoofingParams,
    silence_min_s: int,
) -> Spoofed:
    """Look closer at ships that the pass marked.

    Parameters
    ----------
    marks : of the watch over the whole source
    silence_min_s : shortest silence that is recorded, s
    """
    confined, odd = hours_of(marks, CONFINED), hours_of(marks, CONFINED | JUMP | WILD)
    found: list[Falsehood] = []
    aside, split, disturbed = [], [], []
    false_ms: dict[int, npt.NDArray[np.int64]] = {}
    counts: dict[str, int] = {}
    twins: dict[int, Twins] = {}
    whole = marks.of(JUMP | REPLAY)
    silences, read_whole = [SILENCES.empty()], set(whole.tolist())
    marked, ashore = _requests(marks, hearing), Ashore(hearing, hulls=hulls, params=params)
    requests = pa.concat_tables([marked, ashore.requests])
    for chosen in in_batches(requests, hearing):
        # one reading for both
        tracks = Tracks.of(source.windows(_of(requests, chosen)))
        ashore.look(within(tracks, _of(ashore.requests, chosen)))
        for mmsi, fixes in within(tracks, _of(marked, chosen)).items():
            # what is heard of the others is not all of it: their silences are those of the pass
            min_s = silence_min_s if mmsi in read_whole else None
            seen = _look(mmsi, fixes, confined.get(mmsi), odd.get(mmsi), hulls, params, min_s)
            found += seen.found
            aside.append(set_aside_table(mmsi, fixes, seen.reason))
            split.append(segment_table(mmsi, fixes, seen.track.label))
            disturbed.append(_disturbed(seen))
            _note_false(false_ms, seen)
            if any(one.kind == "two_places" for one in seen.found):
                twins[mmsi] = Twins(fixes.time_ms, seen.track.label)
            if seen.silences is not None:
                silences.append(seen.silences)
            for code, number in zip(*np.unique(seen.reason, return_counts=True), strict=True):
                if code:
                    counts[REASON_NAMES[code]] = counts.get(REASON_NAMES[code], 0) + int(number)
    # the pass counts repeats of every ship; the closer look only those of ships that it reads
    counts["repeated_report"] = max(counts.get("repeated_report", 0), marks.repeated)
    found += find_jamming(_joined(disturbed), hearing, params=params)
    found += ashore.found(found)
    return Spoofed(
        spoofing_rows(found, ship_at),
        pa.concat_tables([set_aside_table(0, None, np.empty(0, np.uint8)), *aside]),
        pa.concat_tables([segment_table(0, None, np.empty(0, np.int32)), *split]),
        {reason: counts[reason] for reason in sorted(counts) if counts[reason]},
        false_ms,
        pa.concat_tables(silences),
        tuple(whole.tolist()),
        twins,
    )


def _requests(marks: Marks, hearing: Hearing) -> Any:
    """Windows to read: all of the ships that jumped or repeat themselves, some hours around other marks."""
    whole = marks.of(JUMP | REPLAY)
    chosen = ~np.isin(marks.mmsi, whole)
    mmsi = np.concatenate([whole, marks.mmsi[chosen]])
    start = np.concatenate([np.full(len(whole), hearing.begin_ms), marks.time_ms[chosen] - AROUND_MS])
    end = np.concatenate([np.full(len(whole), hearing.end_ms), marks.time_ms[chosen] + AROUND_MS])
    times = [pa.array(np.maximum(t, 0), pa.int64()).cast(UTC_MS) for t in (start, end)]
    return pa.table({"mmsi": pa.array(mmsi, pa.int32()), "start": times[0], "end": times[1]})


def _of(requests: Any, ships: npt.NDArray[np.int64]) -> Any:
    """Those of neighbouring ships."""
    mmsi = requests["mmsi"].to_numpy()
    return requests.filter(pa.array((mmsi >= ships[0]) & (mmsi <= ships[-1])))


def _look(
    mmsi: int,
    fixes: Fixes,
    confined: npt.NDArray[np.int64] | None,
    odd: npt.NDArray[np.int64] | None,
    hulls: HullParams,
    params: SpoofingParams,
    silence_min_s: int | None,
) -> _Seen:
    segments = segment(fixes, params=hulls)
    track, reason = Track(mmsi, fixes, segments.label.copy()), segments.reason.copy()
    copy = find_copy(track, params=params)
    shifted = shifted_rows(track, copy, params=params)
    _set_aside(track, reason, shifted, "clock_shifted")
    # what is spoofed was heard all the same: no silence
    silences = None
    if silence_min_s is not None:
        silences = silences_of_hulls(mmsi, fixes, track.label, min_ms=1000 * silence_min_s)
    found = [] if copy is None else judge_copy(track, copy, params=params)
    found += find_frozen(track, params=params)
    if confined is not None:
        found += find_circles(track, confined, params=params)
    if odd is not None:
        found += find_grids(track, odd, params=params)
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
    return _Seen(track, reason, found, silences)


def _is_part_of(leap: Leap, one: Falsehood) -> bool:
    """Whether a jump leads into false places, or out of them."""
    return bool(np.isin(leap.before, one.rows)) or 2 * len(np.intersect1d(one.rows, leap.stay)) >= len(leap.stay)


def _set_aside(track: Track, reason: npt.NDArray[np.uint8], rows: Rows, why: str) -> None:
    track.label[rows] = OUTLIER
    reason[rows] = REASON_CODES[why]


def _note_false(false_ms: dict[int, npt.NDArray[np.int64]], seen: _Seen) -> None:
    is_false = np.isin(seen.reason, [REASON_CODES["spoofed_position"], REASON_CODES["clock_shifted"]])
    if is_false.any():
        false_ms[seen.track.mmsi] = np.unique(seen.track.fixes.time_ms[is_false])


def _disturbed(seen: _Seen) -> Disturbed:
    """Reports of a ship that went astray, at her last good place; none of an MMSI that is two ships."""
    track, fixes = seen.track, seen.track.fixes
    rows = np.flatnonzero(np.isin(seen.reason, [REASON_CODES[name] for name in DISTURBED]))
    good = np.flatnonzero(track.label != OUTLIER)
    if any(f.kind == "two_places" for f in seen.found) or not len(good):
        rows = rows[:0]
    at = good[np.maximum(np.searchsorted(good, rows) - 1, 0)] if len(rows) else rows
    return Disturbed(np.full(len(rows), track.mmsi, np.int64), fixes.time_ms[rows], fixes.lon[at], fixes.lat[at])


def _joined(parts: Sequence[Disturbed]) -> Disturbed:
    if not parts:
        return Disturbed(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))
    return Disturbed(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("mmsi", "time_ms", "lon", "lat"))
    )


def spoofing_rows(found: Sequence[Falsehood], ship_at: Callable[[int, int], Ship], /) -> list[dict[str, Any]]:
    """Event rows in order of time; events of ships that were jammed together carry the group of the jamming."""
    jams = [(one, sha256(f"jamming|{one.mmsi}|{one.start_ms}".encode()).hexdigest()[:12]) for one in found if one.ships]
    rows = []
    for one in sorted(found, key=lambda f: (f.start_ms, f.mmsi, f.kind)):
        row: dict[str, Any] = event_row(
            "spoofing",
            ship_at(one.mmsi, one.start_ms),
            None,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            lon=one.lon,
            lat=one.lat,
        )
        row |= {"spoofing_type": one.kind, "confidence": one.confidence, "why": list(one.why)}
        for jam, name in jams:
            if one is jam or (one.mmsi in jam.ships and one.start_ms < jam.end_ms and one.end_ms > jam.start_ms):
                row["group_id"] = name
        rows.append(row)
    return _one_id_each(rows)


def _one_id_each(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two findings about one ship that begin in one minute are one event: the surer, with the other's words."""
    kept: dict[str, dict[str, Any]] = {}
    for row in rows:
        other = kept.get(row["event_id"])
        if other is None:
            kept[row["event_id"]] = row
            continue
        better, lesser = (row, other) if row["confidence"] > other["confidence"] else (other, row)
        better["why"] = [*better["why"], f"Also {lesser['spoofing_type']}:", *lesser["why"]]
        kept[row["event_id"]] = better
    return list(kept.values())
