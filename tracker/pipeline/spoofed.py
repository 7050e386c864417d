"""False positions: from the marks of the pass to segments, reports set aside with their reasons, and spoofing events.

Only ships that the pass marked are read again: whole tracks of those that jumped or repeat themselves, some hours
around the marks of the others. What is false here is no evidence in meetings.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.cleaning.hulls import OUTLIER, HullParams
from tracker.detectors.hearing import Hearing
from tracker.detectors.rows import event_row
from tracker.detectors.spoofing.falsehood import Falsehood, SpoofingParams
from tracker.detectors.spoofing.jamming import Disturbed, find_jamming
from tracker.engine.watch import CONFINED, JUMP, REPLAY, WILD, Marks, hours_of
from tracker.pipeline.ashore import Ashore
from tracker.pipeline.batches import in_batches, within
from tracker.pipeline.closer import Seen, look_closer
from tracker.pipeline.mending import mended
from tracker.pipeline.setaside import segment_table, set_aside_table
from tracker.pipeline.shared_numbers import Twins
from tracker.pipeline.source import PositionSource
from tracker.tables.column import UTC_MS
from tracker.tables.scan import SILENCES
from tracker.tables.segments import REASON_CODES, REASON_NAMES, SEGMENTS, SET_ASIDE
from tracker.tables.ship import Ship
from tracker.tables.tracks import Tracks
from tracker.units import MILLISECONDS_PER_HOUR

AROUND_MS = 3 * MILLISECONDS_PER_HOUR
"""How far around a mark a track is read."""
MOST_LOOKED = 300_000
"""Reports looked at a time."""
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
    twins: dict[int, Twins] = {}
    whole = marks.of(JUMP | REPLAY)
    silences = [SILENCES.empty()]
    marked, ashore = _requests(marks, hearing), Ashore(hearing, hulls=hulls, params=params)
    requests = pa.concat_tables([marked, ashore.requests])
    reports = np.zeros(len(REASON_NAMES), np.int64)
    for tracks in _read(source, requests, hearing):
        ships = np.fromiter(tracks, np.int64, len(tracks))
        ashore.look(within(tracks, _of(ashore.requests, ships)))
        seen = look_closer(
            within(tracks, _of(marked, ships)),
            confined,
            odd,
            whole.tolist(),
            hulls=hulls,
            params=params,
            silence_min_s=silence_min_s,
        )
        found += seen.found
        aside.append(set_aside_table(seen.tracks.fixes, seen.reason))
        split.append(segment_table(seen.tracks, seen.label))
        disturbed.append(_disturbed(seen))
        _note_false(false_ms, seen)
        for one in seen.found:
            if one.kind == "two_places":
                track = seen.of(one.mmsi)
                twins[one.mmsi] = Twins(track.fixes.time_ms.copy(), track.label.copy())
        silences.append(seen.silences)
        reports += np.bincount(seen.reason, minlength=len(reports))
    counts = {name: int(number) for name, number in zip(REASON_NAMES, reports, strict=True) if name}
    # the pass counts repeats of every ship; the closer look only those of ships that it reads
    counts["repeated_report"] = max(counts.get("repeated_report", 0), marks.repeated)
    found += find_jamming(_joined(disturbed), hearing, params=params)
    found += ashore.found(found)
    return Spoofed(
        spoofing_rows(found, ship_at),
        pa.concat_tables([SET_ASIDE.empty(), *aside]),
        pa.concat_tables([SEGMENTS.empty(), *split]),
        {reason: counts[reason] for reason in sorted(counts) if counts[reason]},
        false_ms,
        pa.concat_tables(silences),
        tuple(whole.tolist()),
        twins,
    )


def _read(source: PositionSource, requests: Any, hearing: Hearing) -> Iterator[Tracks]:
    """Reports in windows, of some ships and then of others; read for many, looked at for few: bounds memory."""
    for ships in in_batches(requests, hearing):
        yield from Tracks.of(source.windows(_of(requests, ships))).in_parts(MOST_LOOKED)


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
    """Those from one ship to another."""
    mmsi = requests["mmsi"].to_numpy()
    return requests.filter(pa.array((mmsi >= ships.min()) & (mmsi <= ships.max())))


def _note_false(false_ms: dict[int, npt.NDArray[np.int64]], seen: Seen) -> None:
    is_false = np.isin(seen.reason, [REASON_CODES["spoofed_position"], REASON_CODES["clock_shifted"]])
    fixes = seen.tracks.fixes
    for mmsi in np.unique(fixes.mmsi[is_false]).tolist():
        own = seen.tracks.rows_of(mmsi)
        false_ms[mmsi] = np.unique(fixes.time_ms[own][is_false[own]])


def _disturbed(seen: Seen) -> Disturbed:
    """Reports of ships that went astray, each at the last good place of the ship; none of an MMSI that is two ships."""
    fixes = seen.tracks.fixes
    rows = np.flatnonzero(np.isin(seen.reason, [REASON_CODES[name] for name in DISTURBED]))
    rows = rows[~np.isin(fixes.mmsi[rows], [one.mmsi for one in seen.found if one.kind == "two_places"])]
    good = np.flatnonzero(seen.label != OUTLIER)
    ship = np.searchsorted(seen.tracks.starts, rows, side="right") - 1
    first, end = (np.searchsorted(good, seen.tracks.starts[ship + step]) for step in (0, 1))
    at, has_any = np.maximum(np.searchsorted(good, rows) - 1, first), first < end
    rows, at = rows[has_any], good[at[has_any]]
    return Disturbed(fixes.mmsi[rows].astype(np.int64), fixes.time_ms[rows], fixes.lon[at], fixes.lat[at])


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
