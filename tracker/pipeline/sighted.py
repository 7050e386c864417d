"""Detections of the user's files against the ships of a case: matched once, then asked beside slow ships."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.cleaning.hull_params import HullParams
from tracker.cleaning.hulls import split_hulls
from tracker.detectors.hearing import Hearing
from tracker.detectors.loitering import Loiter
from tracker.detectors.sightings import (
    Detections,
    Matches,
    Sighting,
    SightingParams,
    match_detections,
    read_detections,
    ships_to_ask,
    sightings_beside,
)
from tracker.pipeline.source import PositionSource
from tracker.tables.column import UTC_MS
from tracker.tables.detections import DETECTIONS, MATCHED, UNASKED, UNMATCHED
from tracker.tables.fixes import Fixes
from tracker.tables.given import SEEN, GivenTable
from tracker.tables.ship import Ship

ShipAt = Callable[[int, int], Ship]


@dataclass
class Sighted:
    """Matches of every file, and the hulls they were matched with."""

    matches: list[Matches] = field(default_factory=list)
    hulls: dict[int, list[Fixes]] = field(default_factory=dict)
    params: SightingParams = field(default_factory=SightingParams)
    evidence: dict[tuple[int, int], str] = field(default_factory=dict)
    """(file, detection) -> event that it is evidence for."""

    def beside(self, one: Loiter, /) -> list[Sighting]:
        """Unmatched detections beside a slow ship."""
        host = self.hulls.get(one.ship.mmsi, [])
        return sightings_beside(self.matches, host, one.ship.mmsi, one.start_ms, one.end_ms, params=self.params)

    def note(
        self,
        dark: Sequence[Mapping[str, Any]],
        loiterers: Sequence[Loiter],
        beside: Sequence[Sequence[Sighting]] | None,
        /,
    ) -> None:
        """Remember for which event each sighting is evidence."""
        ids = {(row["mmsi_1"], round(row["start_time"].timestamp() * 1000)): row["event_id"] for row in dark}
        for one, sightings in zip(loiterers, beside or [[]] * len(loiterers), strict=True):
            event = ids.get((one.ship.mmsi, one.start_ms))
            if event is not None:
                self.evidence |= {(s.file, s.index): event for s in sightings}

    def table(self, run_id: str, /) -> Any:
        """All detections as a `DETECTIONS` table."""
        rows: list[dict[str, Any]] = []
        for number, m in enumerate(self.matches):
            d = m.detections
            for i in range(len(d.time_ms)):
                near = int(m.nearest[i]) or None
                status = MATCHED if m.mmsi[i] else UNMATCHED if near else UNASKED
                rows.append(
                    {
                        "file": d.name,
                        "row": int(d.rows[i]),
                        "time": int(d.time_ms[i]),
                        "lon": float(d.lon[i]),
                        "lat": float(d.lat[i]),
                        "length_m": _or_none(d.length_m[i]),
                        "source": d.source[i] or None,
                        "status": status,
                        "mmsi": near,
                        "distance_m": _or_none(m.distance_m[i]),
                        "uncertainty_m": _or_none(m.uncertainty_m[i]),
                        "event_id": self.evidence.get((number, i)),
                        "run_id": run_id,
                    }
                )
        return DETECTIONS.from_rows(rows)


def match_given(
    tables: Sequence[GivenTable],
    hearing: Hearing,
    source: PositionSource,
    ship_at: ShipAt,
    /,
    *,
    hulls: HullParams,
    params: SightingParams,
) -> Sighted:
    """Match the detections of the user's files with the ships that were heard near them."""
    found = Sighted(params=params)
    for table in tables:
        if table.role != SEEN:
            continue
        detections = read_detections(table)
        tracks = _tracks(detections, hearing, source, hulls, params)
        lengths = {mmsi: ship_at(mmsi, int(parts[0].time_ms[0])).length_m for mmsi, parts in tracks.items()}
        found.matches.append(match_detections(detections, tracks, lengths, params=params))
        for mmsi, parts in tracks.items():
            found.hulls.setdefault(mmsi, []).extend(parts)
    return found


def _tracks(
    detections: Detections, hearing: Hearing, source: PositionSource, hulls: HullParams, params: SightingParams
) -> Mapping[int, list[Fixes]]:
    asked = np.array(ships_to_ask(detections, hearing, params=params), np.int64).reshape(-1, 3)
    if not len(asked):
        return {}
    requests = pa.table(
        {
            "mmsi": pa.array(asked[:, 0], pa.int32()),
            "start": pa.array(asked[:, 1], pa.int64()).cast(UTC_MS),
            "end": pa.array(asked[:, 2], pa.int64()).cast(UTC_MS),
        }
    )
    found = source.windows(requests)
    return {mmsi: [hull.fixes for hull in split_hulls(track, params=hulls)[0]] for mmsi, track in found.items()}


def _or_none(value: Any) -> float | None:
    return None if not np.isfinite(value) else float(value)
