"""Made-up events and tracks for the map: East China Sea, two ships each, deterministic."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.tables.events import EVENTS, event_id
from tracker.tables.fixes import Fixes

DAY = dt.datetime(2020, 1, 10, tzinfo=dt.UTC)
HUBS = ((123.4, 30.2), (124.9, 29.0), (125.6, 31.4), (122.7, 38.0), (121.1, 25.6), (124.4, 34.6), (129.6, 33.3))
FLAGS = ("CHN", "PRK", "TGO", "SLE", "PAN", "KOR", "MNG", "COM")
TYPES = ("encounter",) * 6 + ("dark_encounter", "loitering", "gap", "spoofing", "port_call", "identity_change")
WATERS = ("territorial_sea", "contiguous_zone", "eez", "eez", "high_seas")
NAMES = (
    "SAM JONG 1",
    "KUM UN SAN",
    "SHANG YUAN BAO",
    "MYONG RYU 1",
    "NEW REGENT",
    "CHON MA SAN",
    "RI SONG 7",
    "HUA FU",
)


def made_up_event(k: int, **change: Any) -> dict[str, Any]:
    """One row of EVENTS; the same `k` gives the same row."""
    rng = np.random.default_rng(k)
    hub = HUBS[k % len(HUBS)]
    lon, lat = hub[0] + rng.normal(0, 0.55), hub[1] + rng.normal(0, 0.4)
    kind = TYPES[k % len(TYPES)]
    two = kind in {"encounter", "identity_change"}
    start = DAY + dt.timedelta(minutes=int(rng.integers(0, 60 * 24 * 45)))
    hours = float(rng.gamma(3, 1.6)) + 0.4
    confidence = float(np.clip(rng.beta(2, 1.7), 0.02, 0.99))
    mmsi_1, mmsi_2 = 412000000 + 10 * k, 445000001 + 10 * k
    dwt = float(rng.integers(1500, 12000))
    row: dict[str, Any] = {
        "event_id": event_id(kind, mmsi_1, mmsi_2 if two else None, int(start.timestamp() * 1000)),
        "type": kind,
        "verdict": ("likely" if confidence > 0.7 else "possible" if confidence > 0.4 else "unlikely") if two else None,
        "confidence": confidence,
        "in_port": k % 17 == 16,
        "start_time": start,
        "end_time": start + dt.timedelta(hours=hours),
        "duration_h": hours,
        "lon": lon,
        "lat": lat,
        "mmsi_1": mmsi_1,
        "name_1": NAMES[k % len(NAMES)],
        "imo_1": 8600000 + k,
        "flag_1": FLAGS[k % len(FLAGS)],
        "flag_basis_1": "mid",
        "ship_type_1": 80,
        "length_m_1": 105.0,
        "beam_m_1": 16.0,
        "dwt_t_1": dwt,
        "dwt_basis_1": "hull",
        "listed_1": ["un1718:S.016:exact"] if k % 9 == 1 else [],
        "min_distance_m": float(rng.uniform(18, 180)),
        "waters": WATERS[k % len(WATERS)],
        "state": ("CHN", "KOR", "JPN", "TWN")[k % 4],
        "special_zones": ["Provisional Measures Zone (KOR-CHN)"] if k % 6 == 5 else [],
        "claimants": ["CHN", "KOR"] if k % 6 == 5 else ["CHN"],
        "sea": "Yellow Sea" if lat > 33 else "East China Sea",
        "is_international": k % 5 > 0,
        "coast_distance_nm": 43.2,
        "margin_nm": 12.7,
        "port": "Shanghai",
        "port_distance_nm": 96.4,
        "waters_uncertain": k % 6 == 5,
        "reports_1": 412,
        "longest_silence_min": float(rng.integers(3, 140)),
        "why": [
            f"Two ships lay within {int(rng.integers(20, 90))} m of each other for {hours:.1f} h.",
            "Their keels were parallel and they moved as one.",
            "The place is far from any berth. The track is consistent with a transfer.",
        ],
        "run_id": "a1b2c3d4e5f60718",
    }
    if two:
        row |= {
            "mmsi_2": mmsi_2,
            "name_2": NAMES[(k * 3 + 1) % len(NAMES)],
            "flag_2": FLAGS[(k * 5 + 1) % len(FLAGS)],
            "flag_basis_2": "mid",
            "ship_type_2": 80 if k % 2 else 70,
            "length_m_2": 92.0,
            "beam_m_2": 14.5,
            "dwt_t_2": dwt * 0.7,
            "dwt_basis_2": "length",
            "listed_2": [],
            "median_distance_m": 46.0,
            "hull_gap_m": 3.5,
            "median_speed_kn": 0.6,
            "relative_speed_kn": 0.05,
            "heading_difference_deg": 4.0,
            "reports_2": 230,
            "receiver_mmsi": mmsi_2,
            "product": "refined petroleum",
            "cargo_low_t": dwt * 0.3,
            "cargo_best_t": dwt * 0.55,
            "cargo_high_t": dwt * 0.85,
            "cargo_low_bbl": dwt * 0.3 * 7.5,
            "cargo_best_bbl": dwt * 0.55 * 7.5,
            "cargo_high_bbl": dwt * 0.85 * 7.5,
            "factor_set": "committee",
            "cargo_s33_t": dwt * 0.33,
            "cargo_s50_t": dwt * 0.5,
            "cargo_s90_t": dwt * 0.9,
            "cargo_method": "dwt x laden fraction",
            "cargo_grade": "D",
        }
    return row | change


def made_up_events(count: int) -> pa.Table:
    """A table of `count` made-up events."""
    return EVENTS.from_rows(made_up_event(k) for k in range(count))


def approach(row: dict[str, Any], n: int) -> Fixes:
    """Ship `n` of an event comes from a side, lies alongside, and leaves; with two silences, one long."""
    start, end = (row[name].timestamp() for name in ("start_time", "end_time"))
    time = np.arange(start - 12 * 3600, end + 12 * 3600, 180.0)
    before, after = np.clip((start - time) / 3600, 0, None), np.clip((time - end) / 3600, 0, None)
    bearing = math.radians(40 + 130 * n + 17 * (row["mmsi_1"] % 13))
    away = 8.5 * before  # nautical miles at 8.5 kn
    leave = 9.2 * after
    wobble = 0.35 * np.sin(before * 1.3 + n) + 0.25 * np.sin(after * 1.1)
    north = away * math.cos(bearing) + leave * math.cos(bearing + 2.1 - n) + wobble + 0.0004 * n
    east = away * math.sin(bearing) + leave * math.sin(bearing + 2.1 - n) - wobble + 0.025 * (n - 1)
    drift = 0.5 * (time - (start + end) / 2) / 3600
    lat = row["lat"] + (north + drift * 0.3) / 60
    lon = row["lon"] + (east + drift) / 60 / math.cos(math.radians(row["lat"]))
    heading = np.where((before == 0) & (after == 0), 72.0, np.nan)
    sog = np.where((before == 0) & (after == 0), 0.5, 8.6)
    keep = np.ones(len(time), dtype=bool)
    if n == 2:
        keep &= ~((time > start - 9 * 3600) & (time < start - 4.2 * 3600))  # dark
    keep &= ~((time > end + 3 * 3600) & (time < end + 4 * 3600))  # a short silence
    count = int(keep.sum())
    return Fixes(
        time_ms=(time[keep] * 1000).astype(np.int64),
        mmsi=np.full(count, row[f"mmsi_{n}"], dtype=np.int32),
        lon_e7=np.rint(((lon[keep] + 180) % 360 - 180) * 1e7).astype(np.int32),
        lat_e7=np.rint(lat[keep] * 1e7).astype(np.int32),
        sog_kn=sog[keep].astype(np.float32),
        cog_deg=np.full(count, np.nan, dtype=np.float32),
        heading_deg=heading[keep].astype(np.float32),
        nav_status=np.full(count, -1, dtype=np.int8),
        flags=np.zeros(count, dtype=np.uint8),
    )


def made_up_tracks(events: pa.Table) -> dict[str | int, Fixes]:
    """Tracks by MMSI of both ships of every event."""
    tracks: dict[str | int, Fixes] = {}
    for row in events.to_pylist():
        for n in (1, 2):
            if row[f"mmsi_{n}"] is not None:
                tracks[row[f"mmsi_{n}"]] = approach(row, n)
    return tracks


PROVENANCE: dict[str, Any] = {
    "run_id": "a1b2c3d4e5f60718",
    "version": "0.1.0",
    "case": "cases/demo",
    "inputs": [{"file": "ais.csv.zst", "sha256": "0" * 64, "rows": 123456}],
    "parameters": {"encounters": {"max_distance_m": 500, "min_duration_h": 0.33}},
    "licences": ["AIS: made up for tests"],
    "synthetic": True,
}
