"""Write reports in the column layout that NOAA MarineCadastre used from 2009 to 2023: one file a day, by time.

The layout has length and width but not the antenna's place; static fields stand on every row, as joined by the
archive; heading 511 and the blank are its words for unknown.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.simulate.fleet import DAY_S
from tracker.simulate.hulls import Hull
from tracker.simulate.radio import Signals

HEADER = (
    "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,"
    "Status,Length,Width,Draft,Cargo,TransceiverClass"
)
LEVEL = 10
"""Zstandard level: a fifth larger than the smallest, in a fortieth of the time (8 MB of CSV, measured)."""


def day_files(
    signals: Signals, hulls: list[Hull], /, *, said: Mapping[int, Mapping[str, Any]] | None = None
) -> dict[str, bytes]:
    """Compressed CSV of each UTC day that has reports: ISO date to bytes.

    Parameters
    ----------
    said : by MMSI, what a ship says of herself other than what she is: ship_type, length_m, beam_m; None: nothing
    """
    days = signals.time_s // DAY_S
    files = {}
    for day in np.unique(days):
        rows = signals.take(days == day)
        date = datetime.fromtimestamp(int(day) * DAY_S, UTC).date().isoformat()
        files[date] = _compressed("\n".join([HEADER, *_lines(rows, hulls, said or {})]) + "\n")
    return files


def _compressed(text: str, /) -> bytes:
    raw = text.encode("utf-8")
    return bytes(pa.Codec("zstd", compression_level=LEVEL).compress(raw, asbytes=True))


def _lines(rows: Signals, hulls: list[Hull], said: Mapping[int, Mapping[str, Any]], /) -> list[str]:
    stamps = np.datetime_as_string(rows.time_s.astype("datetime64[s]"), unit="s").tolist()
    known: dict[tuple[int, float | None], str] = {}
    lines = []
    for n, stamp in enumerate(stamps):
        ship = hulls[rows.hull[n]]
        draught = ship.draught_at(float(rows.time_s[n]))
        key = (int(rows.hull[n]), draught)
        if key not in known:
            known[key] = _static(ship, draught, said.get(ship.mmsi, {}))
        name_to_type, sizes = known[key].split("|")
        heading = rows.heading_deg[n]
        status = rows.status[n]
        lines.append(
            f"{rows.mmsi[n]},{stamp},{rows.lat[n]:.5f},{rows.lon[n]:.5f},{rows.sog_kn[n]:.1f},{rows.cog_deg[n]:.1f},"
            f"{511 if np.isnan(heading) else int(heading)},{name_to_type},{'' if status < 0 else status},{sizes}"
        )
    return lines


def _static(ship: Hull, draught_m: float | None, said: Mapping[str, Any], /) -> str:
    card = {"ship_type": ship.ship_type, "length_m": ship.length_m, "beam_m": ship.beam_m} | dict(said)
    kind, length, beam = (
        "" if card[name] is None else f"{card[name]:g}" for name in ("ship_type", "length_m", "beam_m")
    )
    imo = "" if ship.imo is None else f"IMO{ship.imo}"
    draught = "" if draught_m is None else f"{draught_m:.1f}"
    return f"{ship.name},{imo},{ship.callsign or ''},{kind}|{length},{beam},{draught},{kind},{ship.ais_class}"
