"""Meetings of a ship with a copy of herself: found among contacts, told as a replayed track, and never as a transfer.

Contacts are few, so each is asked whether its two tracks are one (`tracker.detectors.spoofing.copies`). The later of the
two is the copy, for nobody sends a place before the ship has been there; what the copy then meets, it met in her wake.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.detectors.found import Found
from tracker.detectors.hearing import Hearing
from tracker.detectors.spoofing.copies import FINE_M, OneTrack, Side, find_one_track
from tracker.detectors.spoofing.falsehood import Falsehood
from tracker.detectors.spoofing.lags import SAME_TIME_MS, may_be_one_track
from tracker.engine.watch_again import Echo
from tracker.pipeline.source import PositionSource
from tracker.pipeline.spoofed import spoofing_rows
from tracker.tables.column import UTC_MS
from tracker.tables.events import event_id
from tracker.tables.fixes import Fixes
from tracker.tables.positions import LOW_ACCURACY
from tracker.tables.ship import Ship
from tracker.tables.tracks import HullTracks

CAP = 0.05
"""Highest confidence of a meeting whose one side is a copy (judgement: that she was there is known of the other side)."""
OPEN_CAP = 0.79
"""Highest confidence of a meeting of what may be one track: below likely."""
MOST_PAIRS = 20
"""Whose whole tracks are read at a time: bounds memory, not the answer."""
MEETINGS = ("encounter", "dark_encounter")
ALONE = ("loitering", "gap", "port_call", "identity_change")


@dataclass(frozen=True)
class Copied:
    """One stretch of a track that another MMSI said again."""

    source: int
    """MMSI that said it first."""
    mmsi: int
    """MMSI that said it again."""
    start_ms: int
    """Of the copy."""
    end_ms: int
    lon: float
    lat: float
    reports: int
    same: OneTrack

    @property
    def lag_s(self) -> float:
        """How long after the source the copy speaks, s; never negative."""
        return abs(self.same.lag_ms) / 1000.0

    @property
    def is_at_once(self) -> bool:
        """Whether both speak at one time: who copied whom is not told."""
        return abs(self.same.lag_ms) <= SAME_TIME_MS

    @property
    def group(self) -> str:
        """Joins the event of the copy with the meetings it explains."""
        return sha256(f"copied|{self.source}|{self.mmsi}|{self.start_ms}".encode()).hexdigest()[:12]

    def covers(self, row: Mapping[str, Any], /) -> bool:
        """Whether an event of the copy's MMSI overlaps in time."""
        start, end = (round(row[name].timestamp() * 1000) for name in ("start_time", "end_time"))
        return self.mmsi in (row["mmsi_1"], row["mmsi_2"]) and start <= self.end_ms and end >= self.start_ms

    def how(self) -> str:
        """What the tracks show, as a clause."""
        moved = "at the same places" if self.same.offset_m == 0.0 else f"{self.same.offset_m:,.0f} m off, always alike"
        long = f"{self.lag_s:,.0f} s" if self.lag_s < 7200 else f"{self.lag_s / 3600:,.2f} h"
        when = "at the same seconds" if self.is_at_once else f"{long} later"
        return f"{when} and {moved}"


class Copies:
    """The copies found among contacts; `look` is asked while the reports of the contacts are at hand."""

    def __init__(self) -> None:
        self.found: list[Copied] = []
        self._open: dict[str, str] = {}

    def seek(self, source: PositionSource, echoes: Sequence[Echo], hearing: Hearing, /) -> None:
        """Ask the pairs of which the pass heard one say the other's places, at whatever distance in place and time."""
        for start in range(0, len(echoes), MOST_PAIRS):
            some = echoes[start : start + MOST_PAIRS]
            ships = sorted({mmsi for one in some for mmsi in (one.first, one.again)})
            bounds = [pa.array([ms] * len(ships), pa.int64()).cast(UTC_MS) for ms in (hearing.begin_ms, hearing.end_ms)]
            tracks = source.windows(
                pa.table({"mmsi": pa.array(ships, pa.int32()), "start": bounds[0], "end": bounds[1]})
            )
            for one in some:
                if one.first in tracks and one.again in tracks:
                    first, again = tracks[one.first], tracks[one.again]
                    times = one.start_ms, one.end_ms
                    same = find_one_track(Side.of(first), Side.of(again), about_ms=times, lag_ms=one.lag_ms)
                    if same is not None:
                        self._add(_copied(first, again, same))

    def look(self, contacts: Sequence[Found], hulls: HullTracks, /) -> None:
        """Ask each pair of contacts once for each stretch of time that no copy explains yet."""
        sides: dict[int, list[Side]] = {}
        for one in _may_be_copies(contacts, hulls):
            times = _times_of(one)
            if any({c.source, c.mmsi} == {one.mmsi_1, one.mmsi_2} and _overlap(c, times) for c in self.found):
                continue
            for mmsi in {one.mmsi_1, one.mmsi_2} - sides.keys():
                sides[mmsi] = [Side.of(fixes) for fixes in hulls.get(mmsi, ())]
            first, again = (_of_contact(sides[mmsi], times) for mmsi in (one.mmsi_1, one.mmsi_2))
            if first is None or again is None:
                continue
            same = find_one_track(first, again, about_ms=times, or_open=True)
            if same is None:
                continue
            copy = _copied(first.fixes, again.fixes, same)
            if same.is_sure:
                self._add(copy)
            elif not (one.evidence.came or one.evidence.left):
                start_ms = round(one.contact.start_s) * 1000
                self._open[event_id("encounter", one.mmsi_1, one.mmsi_2, start_ms)] = copy.how()

    def _add(self, copy: Copied) -> None:
        """Stretches of one copy that overlap are one, with the numbers of the longer."""
        for n, other in enumerate(self.found):
            is_one = (other.source, other.mmsi) == (copy.source, copy.mmsi)
            is_one &= abs(other.same.lag_ms - copy.same.lag_ms) <= 2 * SAME_TIME_MS
            if is_one and _overlap(other, (copy.start_ms, copy.end_ms)):
                longer = copy if copy.reports > other.reports else other
                start, end = min(copy.start_ms, other.start_ms), max(copy.end_ms, other.end_ms)
                self.found[n] = replace(longer, start_ms=start, end_ms=end)
                return
        self.found.append(copy)

    def explain(self, one: Found, /) -> bool:
        """Whether a copy takes part in a contact."""
        times = _times_of(one)
        return any(c.mmsi in (one.mmsi_1, one.mmsi_2) and _overlap(c, times) for c in self.found)

    def tell(self, rows: Sequence[Mapping[str, Any]], /) -> list[dict[str, Any]]:
        """Rows in which events of a copy say so, and meetings of it are no transfers."""
        told = []
        for row in rows:
            new = dict(row)
            for copy in self.found:
                if copy.covers(row):
                    _mark(new, copy)
            if row["event_id"] in self._open and row["verdict"] == "likely":
                _doubt(new, self._open[row["event_id"]])
            told.append(new)
        return told

    def rows(self, ship_at: Callable[[int, int], Ship], /) -> list[dict[str, Any]]:
        """The copies as events of type spoofing."""
        rows = []
        for copy in self.found:
            source = ship_at(copy.source, copy.start_ms)
            for row in spoofing_rows([_falsehood(copy, source)], ship_at):
                rows.append(row | {"group_id": copy.group})
        return rows


def _times_of(one: Found) -> tuple[int, int]:
    return round(one.contact.start_s * 1000), round(one.contact.end_s * 1000)


def _may_be_copies(contacts: Sequence[Found], hulls: HullTracks) -> list[Found]:
    """The contacts whose sides share moments, and those of an MMSI that is several hulls."""
    split = hulls.split.keys()
    asked = [n for n, one in enumerate(contacts) if split.isdisjoint((one.mmsi_1, one.mmsi_2))]
    if not asked:
        return list(contacts)
    tracks = hulls.single
    fine = tracks.keep((tracks.fixes.flags & LOW_ACCURACY) == 0)
    place_1, place_2 = (
        np.array([fine.place[mmsi] for mmsi in side])
        for side in ([contacts[n].mmsi_1 for n in asked], [contacts[n].mmsi_2 for n in asked])
    )
    about_ms = np.array([_times_of(contacts[n]) for n in asked], np.int64)
    may = may_be_one_track((fine.fixes.time_ms, fine.starts), place_1, place_2, about_ms)
    left_out = {n for n, may_be in zip(asked, may.tolist(), strict=True) if not may_be}
    return [one for n, one in enumerate(contacts) if n not in left_out]


def _overlap(copy: Copied, times: tuple[int, int]) -> bool:
    return times[0] <= copy.end_ms and times[1] >= copy.start_ms


def _of_contact(hulls: Sequence[Side], times: tuple[int, int]) -> Side | None:
    """The hull of an MMSI that was heard most in a time; None when none was."""
    best, most = None, 0
    for side in hulls:
        begin, stop = np.searchsorted(side.fixes.time_ms, times)
        if int(stop - begin) > most:
            best, most = side, int(stop - begin)
    return best


def _copied(one: Fixes, two: Fixes, same: OneTrack) -> Copied:
    # the one heard later is the copy; of two that speak at once, the higher number
    is_first = same.lag_ms > SAME_TIME_MS or (abs(same.lag_ms) <= SAME_TIME_MS and one.mmsi[0] < two.mmsi[0])
    source, copy, rows = (one, two, same.again) if is_first else (two, one, same.first)
    middle = int(rows[len(rows) // 2])
    return Copied(
        int(source.mmsi[0]),
        int(copy.mmsi[0]),
        int(copy.time_ms[rows[0]]),
        int(copy.time_ms[rows[-1]]),
        float(copy.lon[middle]),
        float(copy.lat[middle]),
        len(rows),
        same,
    )


def _falsehood(copy: Copied, source: Ship) -> Falsehood:
    same = copy.same
    which = (
        " Which of the two numbers is hers the tracks do not tell."
        if copy.is_at_once
        else " The later one is taken for the copy: nobody sends a place before a ship was there."
    )
    why = (
        f"{copy.reports} reports say the track of {source.label} ({copy.source}) {copy.how()}: alike within "
        f"{same.error_m:.1f} m, which is what the digits leave open, over {same.extent_m / 1852.0:.1f} nm; "
        f"{100 * min(same.share, 1.0):.0f} % of what was heard of the side heard less.",
        "Consistent with a recorded track sent under another number, or with one hull that sends under two: two ships "
        f"do not share the moments of their reports and the errors of their receivers.{which}",
    )
    confidence = (0.8 if same.error_m < FINE_M else 0.7) + 0.15 * min(copy.reports / 100.0, 1.0)
    return Falsehood(
        "replayed",
        copy.mmsi,
        copy.start_ms,
        copy.end_ms,
        copy.lon,
        copy.lat,
        round(confidence, 3),
        why,
        np.empty(0, np.int64),
    )


def _doubt(row: dict[str, Any], how: str) -> None:
    row["confidence"], row["verdict"] = min(row["confidence"], OPEN_CAP), "possible"
    row["why"] = [
        f"Possibly a transfer: confidence {row['confidence']:.2f}.",
        f"One says the other's track {how}, within what the digits leave open, and they were never seen apart: one track "
        "said twice looks the same as two ships in company here, so it is not called likely.",
        *list(row["why"] or [])[1:],
    ]


def _mark(row: dict[str, Any], copy: Copied) -> None:
    why = list(row["why"] or [])
    if row["type"] in MEETINGS:
        is_with_source = copy.source in (row["mmsi_1"], row["mmsi_2"])
        words = (
            f"The two tracks are one: {copy.mmsi} says the reports of {copy.source} {copy.how()}."
            if is_with_source
            else f"The track of {copy.mmsi} is that of {copy.source}, said {copy.how()}: "
            + (f"what met here is told under {copy.source}." if copy.is_at_once else "it was not she who met here.")
        )
        if words in why:
            return
        row["confidence"], row["verdict"] = min(row["confidence"], CAP), "unlikely"
        row["group_id"] = copy.group if is_with_source else row["group_id"]
        # the sentence that led with the verdict it had
        row["why"] = [f"Not taken for a transfer: confidence {row['confidence']:.2f}.", words, *why[1:]]
    elif row["type"] in ALONE:
        words = f"Her track is that of {copy.source}, said {copy.how()}."
        row["why"] = why if words in why else [words, *why]
