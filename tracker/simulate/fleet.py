"""A fleet: hulls with their tracks and their silences, and the truth about what they did."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.geo.kernels import midpoint
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import Track
from tracker.simulate.truth import TRUTH
from tracker.tables.statics import STATICS
from tracker.units import MILLISECONDS_PER_DAY

DAY_S = MILLISECONDS_PER_DAY // 1000


@dataclass(frozen=True)
class Voyage:
    """One hull over the time of the scenario, and when she keeps silent (start, end; seconds since 1970)."""

    hull: Hull
    track: Track
    silences: tuple[tuple[float, float], ...] = ()


@dataclass
class Fleet:
    """Everything that moves between two times, and what is true about it."""

    start_s: float
    end_s: float
    voyages: list[Voyage] = field(default_factory=list)
    truth: list[dict[str, Any]] = field(default_factory=list)

    def add(self, ship: Hull, track: Track, /, *, silences: Sequence[tuple[float, float]] = ()) -> Voyage | None:
        """Take the part of a track that lies in the fleet's time; None when there is none."""
        inside = track.within(self.start_s, self.end_s)
        if len(inside.time_s) < 2:
            return None
        self.voyages.append(Voyage(ship, inside, tuple(silences)))
        return self.voyages[-1]

    def tell(
        self,
        kind: str,
        label: str,
        one: Hull,
        two: Hull | None,
        /,
        *,
        start_s: float,
        end_s: float,
        track: Track,
        other: Track | None = None,
        cargo_t: float | None = None,
        donor: Hull | None = None,
        group_id: str | None = None,
    ) -> dict[str, Any]:
        """Put a row into the truth: its place is the middle between the two hulls at half time.

        Vessel 1 is the lower MMSI, but in a ``dark_encounter`` the ship that was heard, which is `one`.
        """
        start, end = max(start_s, self.start_s), min(end_s, self.end_s)
        here = track.at(0.5 * (start + end))
        there = here if other is None else other.at(0.5 * (start + end))
        lon, lat = midpoint(here.lon, here.lat, there.lon, there.lat)
        ships = [one.mmsi, None if two is None else two.mmsi]
        if kind != "dark_encounter" and two is not None:
            ships.sort()
        row = {
            "truth_id": f"T{len(self.truth) + 1:03d}",
            "type": kind,
            "mmsi_1": ships[0],
            "mmsi_2": ships[1],
            "start_time": _utc(start),
            "end_time": _utc(end),
            "lon": float(lon[0]),
            "lat": float(lat[0]),
            "class": label,
            "cargo_t": cargo_t,
            "donor_mmsi": None if donor is None else donor.mmsi,
            "group_id": group_id,
        }
        self.truth.append(row)
        return row

    def truth_table(self) -> Any:
        """The truth, conforming to `TRUTH`."""
        return TRUTH.conform(pa.Table.from_pylist(self.truth, schema=TRUTH.schema))

    def hulls(self) -> list[Hull]:
        """The hulls in the order of the voyages."""
        return [voyage.hull for voyage in self.voyages]


def statics_of(fleet: Fleet, /, *, reports_an_hour: float = 10.0, antenna_known: bool = True) -> Any:
    """Identity reports of a fleet as a ``STATICS`` table: a row per hull, day and declared draught."""
    rows = []
    for voyage in fleet.voyages:
        ship, track = voyage.hull, voyage.track
        start, end = float(track.time_s[0]), float(track.time_s[-1])
        changes = [since for since, _ in ship.declared]
        cuts = sorted(
            {start, *(c for c in changes if start < c < end), *np.arange(start // DAY_S + 1, end // DAY_S + 1) * DAY_S}
        )
        for begin, finish in zip(cuts, [*cuts[1:], end], strict=True):
            if finish <= begin and end > start:
                continue
            sized = {
                "to_bow_m": ship.to_bow_m,
                "to_stern_m": ship.to_stern_m,
                "to_port_m": ship.to_port_m,
                "to_starboard_m": ship.to_starboard_m,
            }
            rows.append(
                {
                    "time": _utc(begin),
                    "last_time": _utc(max(begin, finish - 1.0)),
                    "reports": max(1, round((finish - begin) / 3600.0 * reports_an_hour)),
                    "mmsi": ship.mmsi,
                    "name": ship.name,
                    "callsign": ship.callsign,
                    "imo": ship.imo,
                    "ship_type": ship.ship_type,
                    "length_m": ship.length_m,
                    "beam_m": ship.beam_m,
                    "draught_m": ship.draught_at(begin),
                    "ais_class": ship.ais_class,
                }
                | (sized if antenna_known else {})
            )
    rows.sort(key=lambda row: (row["time"], row["mmsi"]))
    return STATICS.from_rows(rows)


def _utc(time_s: float, /) -> datetime:
    return datetime.fromtimestamp(round(time_s), UTC)
