"""Which ship is an MMSI at a given time? From static reports, the content said most often near that time.

A static report repeats every six minutes; a slip of the crew or a decoding error is rare. So near a time the
content with most reports is believed, field by field: a message 5 that lacks dimensions does not hide those another
sent.
"""

from bisect import bisect_right
from collections.abc import Sequence
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
        first = statics["time"].cast("int64").to_numpy()
        self._first, self._last = first.tolist(), statics["last_time"].cast("int64").to_pylist()
        order = np.lexsort((first, mmsi))
        ids, starts = np.unique(mmsi[order], return_index=True)
        bounds = [*starts.tolist(), len(order)]
        rows = order.tolist()
        self._rows = {ship: rows[bounds[n] : bounds[n + 1]] for n, ship in enumerate(ids.tolist())}
        self._only: dict[int, Ship] = {}
        self._cuts: dict[int, list[int]] = {}
        self._known: dict[tuple[int, int], Ship] = {}
        self._read_of: dict[tuple[int, ...], Ship] = {}

    def ship_at(self, mmsi: int, time_ms: int, /) -> Ship:
        """Identity and hull of an MMSI at a time; an MMSI that never sent any gives a ship of unknowns."""
        only = self._only.get(mmsi)
        if only is not None:
            return only
        cuts = self._cuts.get(mmsi)
        if cuts is None:
            rows = self._rows.get(mmsi)
            if rows is None or self._say_one(rows):
                self._only[mmsi] = Ship(mmsi) if rows is None else self._said_in(mmsi, rows[0])
                return self._only[mmsi]
            # from one of these times to the next the same reports are near
            first, last = self._first, self._last
            cuts = sorted({*(first[row] - NEAR_MS for row in rows), *(last[row] + NEAR_MS + 1 for row in rows)})
            self._cuts[mmsi] = cuts
        place = bisect_right(cuts, time_ms)
        ship = self._known.get((mmsi, place))
        if ship is None:
            near = self._near(mmsi, time_ms)
            chosen = near or self._nearest(mmsi, time_ms)
            ship = self._read_of.get(chosen)
            if ship is None:
                ship = self._read_of[chosen] = self._read(mmsi, chosen)
            if near:
                self._known[mmsi, place] = ship
        return ship

    def _near(self, mmsi: int, time_ms: int) -> tuple[int, ...]:
        """Static reports within `NEAR_MS` of a time."""
        since_ms, until_ms = time_ms - NEAR_MS, time_ms + NEAR_MS
        first, last = self._first, self._last
        return tuple(row for row in self._rows[mmsi] if first[row] <= until_ms and last[row] >= since_ms)

    def _nearest(self, mmsi: int, time_ms: int) -> tuple[int, ...]:
        """Static reports nearest to a time."""
        away = {row: max(self._first[row] - time_ms, time_ms - self._last[row], 0) for row in self._rows[mmsi]}
        least = min(away.values())
        return tuple(row for row, ms in away.items() if ms == least)

    def _say_one(self, rows: list[int]) -> bool:
        """Whether static reports say the same at any time."""
        first = rows[0]
        return all(said[row] == said[first] for row in rows[1:] for said in self._said)

    def _said_in(self, mmsi: int, row: int) -> Ship:
        """What one static report says."""
        name, callsign, imo, ship_type, length_m, beam_m, draught_m, *four = (said[row] for said in self._said)
        bow, stern, port, starboard = four if None not in four else (None, None, None, None)
        return Ship(mmsi, name, imo, callsign, ship_type, length_m, beam_m, bow, stern, port, starboard, draught_m)

    def _read(self, mmsi: int, rows: Sequence[int]) -> Ship:
        if len(rows) == 1:
            return self._said_in(mmsi, rows[0])
        values = {name: self._most_said(name, rows) for name in (*TEXTS, *NUMBERS)}
        return Ship(mmsi, **values, **self._antenna(rows))

    def _most_said(self, name: str, rows: Sequence[int]) -> Any:
        votes: dict[Any, int] = {}
        for row in rows:
            value = self._columns[name][row]
            if value is not None:
                votes[value] = votes.get(value, 0) + self._columns["reports"][row]
        # a tie goes to the smaller value, so that the answer does not depend on the order of reading
        return min(votes, key=lambda value: (-votes[value], value)) if votes else None

    def _antenna(self, rows: Sequence[int]) -> dict[str, Any]:
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
