"""Meetings of ships whose MMSI another hull bears at the same time: whose name and size are they?

A static report bears the number and no place. It is one hull's where she was heard about its time and no other hull of
the number was; said when both were heard, it may be either's. A meeting of such a hull carries what is surely hers, and
nothing of the rest: a length of the twin would give a wrong gap and a wrong cargo.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detectors.encounters import EncounterParams, refine
from tracker.detectors.found import Found
from tracker.identity.cards import NEAR_MS, Cards
from tracker.identity.hull_ids import twin_id
from tracker.tables.events import event_id
from tracker.tables.fixes import Fixes
from tracker.tables.ship import Ship

ABOUT_MS = 600_000
"""A hull whose static report was heard is heard by its positions too: within this, ms (reports come every 3 min at anchor)."""
AWAY_MS = 3_600_000
"""The other hulls were out of hearing when none of them was heard within this of it, ms (judgement)."""
SAID = ("imo", "name", "callsign", "ship_type", "length_m", "beam_m")
Window = tuple[int, int, int, int]


@dataclass(frozen=True)
class Twins:
    """Reports of an MMSI that several hulls bear: times in order, and the number of the hull (-1: set aside)."""

    time_ms: npt.NDArray[np.int64]
    hull: npt.NDArray[np.int32]

    def heard(self, moment_ms: int, within_ms: int, /) -> list[int]:
        """Numbers of the hulls that were heard about a moment."""
        begin, stop = np.searchsorted(self.time_ms, [moment_ms - within_ms, moment_ms + within_ms + 1])
        hulls = np.unique(self.hull[begin:stop])
        return [int(hull) for hull in hulls if hull >= 0]

    def hull_of(self, fixes: Fixes, /) -> int:
        """Number of the hull that most reports of a stretch belong to."""
        at = np.clip(np.searchsorted(self.time_ms, fixes.time_ms), 0, len(self.time_ms) - 1)
        hulls = self.hull[at[self.time_ms[at] == fixes.time_ms]]
        hulls = hulls[hulls >= 0]
        return int(np.bincount(hulls).argmax()) if len(hulls) else -1

    def speaker_at(self, moment_ms: int, /) -> int:
        """Number of the one hull whose static report it can be; -1 where none or another was heard too."""
        hulls = self.heard(moment_ms, AWAY_MS)
        return hulls[0] if len(hulls) == 1 and self.heard(moment_ms, ABOUT_MS) else -1


class SharedNumbers:
    """MMSIs that several hulls bear at once.

    Parameters
    ----------
    twins : by MMSI
    statics : table of `tracker.tables.statics.STATICS`
    """

    def __init__(self, twins: Mapping[int, Twins], statics: Any, /) -> None:
        self._twins = twins
        self._statics = statics
        self._cards: dict[tuple[int, int], Cards] = {}
        self._one_card: dict[int, bool] = {}
        self._hulls: dict[str, dict[int, int]] = {}

    def is_shared(self, mmsi: int, time_ms: int, /) -> bool:
        """Whether static reports that tell about a time can be of several hulls."""
        return mmsi in self._twins and len(self._twins[mmsi].heard(time_ms, NEAR_MS)) > 1

    def theirs(self) -> Any:
        """Static reports without those of shared numbers: the draughts of two hulls are no change of either."""
        if not self._twins:
            return self._statics
        mmsi = self._statics["mmsi"].to_numpy()
        begin, end = (self._statics[name].cast("int64").to_numpy() for name in ("time", "last_time"))
        kept = np.ones(len(mmsi), np.bool_)
        for row in np.flatnonzero(np.isin(mmsi, list(self._twins))).tolist():
            kept[row] = not any(self.is_shared(int(mmsi[row]), int(t[row])) for t in (begin, end))
        return self._statics.filter(kept)

    def refine(
        self,
        windows: Sequence[Window],
        hulls: Mapping[int, Sequence[Fixes]],
        ship_at: Callable[[int, int], Ship],
        /,
        *,
        params: EncounterParams,
    ) -> Iterator[Found]:
        """Contacts in candidate windows, as `tracker.detectors.encounters.refine`, each hull with what is surely hers."""
        shared = {w: [mmsi for mmsi in w[:2] if self.is_shared(mmsi, (w[2] + w[3]) // 2)] for w in windows}
        yield from refine([w for w in windows if not shared[w]], hulls, ship_at, params=params)
        for window in (w for w in windows if shared[w]):
            tracks: list[Sequence[Sequence[Fixes]]] = [
                [[hull] for hull in hulls.get(mmsi, ())] if mmsi in shared[window] else [hulls.get(mmsi, ())]
                for mmsi in window[:2]
            ]
            for one, two in product(*tracks):
                own = dict(zip(window[:2], (one, two), strict=True))
                numbers = {mmsi: self._twins[mmsi].hull_of(own[mmsi][0]) for mmsi in shared[window]}
                for found in refine([window], own, self._asked(numbers, ship_at), params=params):
                    start_ms = round(found.contact.start_s) * 1000
                    self._hulls[event_id("encounter", found.mmsi_1, found.mmsi_2, start_ms)] = numbers
                    yield found

    def tell(self, rows: Sequence[Mapping[str, Any]], /) -> list[dict[str, Any]]:
        """Rows that say of which hull they are, and what of a shared number is not known."""
        return [self._told(dict(row)) for row in rows] if self._twins else [dict(row) for row in rows]

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        numbers = self._hulls.get(row["event_id"], {}) if row["type"] == "encounter" else None
        for n in (1, 2):
            mmsi = row[f"mmsi_{n}"]
            if mmsi is None or row["type"] == "spoofing":
                continue
            middle_ms = round(500.0 * (row["start_time"].timestamp() + row["end_time"].timestamp()))
            if not self.is_shared(mmsi, middle_ms) or (numbers is not None and mmsi not in numbers):
                continue
            count = len(self._twins[mmsi].heard(middle_ms, NEAR_MS))
            words = f"{count} hulls were heard under MMSI {mmsi:09d} in these days"
            if numbers is None:
                words += ": name, numbers and size may be those of another of them."
            elif self._say_one_card(mmsi):
                words += f", this is number {numbers[mmsi]}: all of them say this name and size."
            elif row[f"imo_{n}"] is None and row[f"length_m_{n}"] is None:
                words += f", this is number {numbers[mmsi]}: which static reports are hers was not told, so her size is left open."
            else:
                words += f", this is number {numbers[mmsi]}: what is told of her was said while no other was heard."
            if numbers is not None and row[f"imo_{n}"] is None:
                row[f"hull_id_{n}"] = twin_id(mmsi, numbers[mmsi])
            row["why"] = [*(row["why"] or []), words]
        return row

    def _asked(self, numbers: Mapping[int, int], ship_at: Callable[[int, int], Ship]) -> Callable[[int, int], Ship]:
        def of_hull(mmsi: int, time_ms: int, /) -> Ship:
            if mmsi not in numbers:
                return ship_at(mmsi, time_ms)
            return self._card(mmsi, numbers[mmsi]).ship_at(mmsi, time_ms)

        return of_hull

    def _card(self, mmsi: int, number: int) -> Cards:
        """What was surely said by one hull of an MMSI."""
        if (mmsi, number) not in self._cards:
            rows = np.flatnonzero(self._statics["mmsi"].to_numpy() == mmsi)
            times = [self._statics[name].cast("int64").to_numpy()[rows].tolist() for name in ("time", "last_time")]
            speak = self._twins[mmsi].speaker_at
            is_hers = [{speak(first), speak(last)} - {-1} == {number} for first, last in zip(*times, strict=True)]
            kept = rows if self._say_one_card(mmsi) else rows[np.array(is_hers, np.bool_)]
            self._cards[mmsi, number] = Cards(self._statics.take(kept))
        return self._cards[mmsi, number]

    def _say_one_card(self, mmsi: int) -> bool:
        """Whether all hulls of an MMSI say the same of themselves: whichever it is, that is said of her."""
        if mmsi not in self._one_card:
            rows = np.flatnonzero(self._statics["mmsi"].to_numpy() == mmsi)
            said = zip(*(self._statics[name].take(rows).to_pylist() for name in SAID), strict=True)
            self._one_card[mmsi] = len(set(said)) == 1
        return self._one_card[mmsi]
