"""Which ship is an MMSI at a given time? From static reports, the content said most often near that time.

A static report repeats every six minutes; a slip of the crew or a decoding error is rare. So near a time the
content with most reports is believed, field by field: a message 5 that lacks dimensions does not hide those another
sent.
"""

from bisect import bisect_right
from typing import Any

import numpy as np

from tracker.tables.ship import Ship

NEAR_MS = 3 * 86_400_000
"""Reports within three days of the time are preferred; beyond, the nearest ones serve (judgement)."""

TEXTS = ("name", "callsign")
NUMBERS = ("imo", "ship_type", "length_m", "beam_m", "draught_m")
ANTENNA = ("to_bow_m", "to_stern_m", "to_port_m", "to_starboard_m")


class Cards:
    """Static reports by MMSI; `ship_at` answers who an MMSI was."""

    def __init__(self, statics: Any, /) -> None:
        self._columns = {name: statics[name].to_pylist() for name in (*TEXTS, *NUMBERS, *ANTENNA, "reports")}
        self._said = [self._columns[name] for name in (*TEXTS, *NUMBERS, *ANTENNA)]
        mmsi = statics["mmsi"].to_numpy()
        self._first = statics["time"].cast("int64").to_numpy()
        self._last = statics["last_time"].cast("int64").to_numpy()
        order = np.lexsort((self._first, mmsi))
        ids, starts = np.unique(mmsi[order], return_index=True)
        self._rows = dict(zip(ids.tolist(), np.split(order, starts[1:]), strict=True)) if len(ids) else {}
        self._only: dict[int, Ship] = {}
        self._cuts: dict[int, list[int]] = {}
        self._known: dict[tuple[int, int], Ship] = {}
        self._read_of: dict[tuple[int, bytes], Ship] = {}

    def ship_at(self, mmsi: int, time_ms: int, /) -> Ship:
        """Identity and hull of an MMSI at a time; an MMSI that never sent any gives a ship of unknowns."""
        only = self._only.get(mmsi)
        if only is not None:
            return only
        cuts = self._cuts.get(mmsi)
        if cuts is None:
            rows = self._rows.get(mmsi)
            if rows is None or self._say_one(rows.tolist()):
                self._only[mmsi] = Ship(mmsi) if rows is None else self._said_in(mmsi, int(rows[0]))
                return self._only[mmsi]
            # from one of these times to the next the same reports are near
            cuts = sorted({*(self._first[rows] - NEAR_MS).tolist(), *(self._last[rows] + (NEAR_MS + 1)).tolist()})
            self._cuts[mmsi] = cuts
        place = bisect_right(cuts, time_ms)
        ship = self._known.get((mmsi, place))
        if ship is None:
            rows = self._rows[mmsi]
            away = np.maximum(np.maximum(self._first[rows] - time_ms, time_ms - self._last[rows]), 0)
            near = rows[away <= NEAR_MS]
            is_near = len(near) > 0
            chosen = near if is_near else rows[away == away.min()]
            key = (mmsi, chosen.tobytes())
            if key not in self._read_of:
                self._read_of[key] = self._read(mmsi, chosen.tolist())
            ship = self._read_of[key]
            if is_near:
                self._known[mmsi, place] = ship
        return ship

    def _say_one(self, rows: list[int]) -> bool:
        """Whether static reports say the same at any time."""
        first = rows[0]
        return all(said[row] == said[first] for row in rows[1:] for said in self._said)

    def _said_in(self, mmsi: int, row: int) -> Ship:
        """What one static report says."""
        name, callsign, imo, ship_type, length_m, beam_m, draught_m, *four = (said[row] for said in self._said)
        bow, stern, port, starboard = four if None not in four else (None, None, None, None)
        return Ship(mmsi, name, imo, callsign, ship_type, length_m, beam_m, bow, stern, port, starboard, draught_m)

    def _read(self, mmsi: int, rows: list[int]) -> Ship:
        values = {name: self._most_said(name, rows) for name in (*TEXTS, *NUMBERS)}
        return Ship(mmsi, **values, **self._antenna(rows))

    def _most_said(self, name: str, rows: list[int]) -> Any:
        votes: dict[Any, int] = {}
        for row in rows:
            value = self._columns[name][row]
            if value is not None:
                votes[value] = votes.get(value, 0) + self._columns["reports"][row]
        # a tie goes to the smaller value, so that the answer does not depend on the order of reading
        return min(votes, key=lambda value: (-votes[value], value)) if votes else None

    def _antenna(self, rows: list[int]) -> dict[str, Any]:
        """The four antenna distances together, as one report gave them."""
        votes: dict[tuple[int, ...], int] = {}
        for row in rows:
            four = tuple(self._columns[name][row] for name in ANTENNA)
            if None not in four:
                votes[four] = votes.get(four, 0) + self._columns["reports"][row]
        if not votes:
            return {}
        best = min(votes, key=lambda four: (-votes[four], four))
        return dict(zip(ANTENNA, best, strict=True))
