"""Events: one row each. The groups and names are the public contract of the project.

A value that is not known is null, never 0. Lists are lists here and ``;``-joined text where a format is flat.
"""

from dataclasses import dataclass

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table

TEXTS = pa.list_(pa.string())

EVENT_TYPES = ("encounter", "dark_encounter", "loitering", "gap", "spoofing", "port_call", "identity_change")
SPOOFING_TYPES = ("circle", "grid", "frozen", "replayed", "jump", "two_places", "on_land", "jamming")
VERDICTS = ("likely", "possible", "unlikely")
WATERS = ("internal_waters", "archipelagic_waters", "territorial_sea", "contiguous_zone", "eez", "high_seas")
TWO_SHIP_TYPES = ("encounter", "dark_encounter", "identity_change")


@dataclass(frozen=True)
class Group:
    """Columns that answer one question."""

    name: str
    columns: tuple[Column, ...]


def _ship(n: int) -> tuple[Column, ...]:
    return (
        Column(f"mmsi_{n}", pa.int32(), f"MMSI of vessel {n}", required=n == 1),
        Column(f"name_{n}", pa.string(), f"name of vessel {n} at the time, as sent or as registered"),
        Column(f"imo_{n}", pa.int32(), f"IMO number of vessel {n}, check digit right"),
        Column(f"callsign_{n}", pa.string(), f"call sign of vessel {n}"),
        Column(f"flag_{n}", pa.string(), f"flag state of vessel {n} on the day, ISO 3166 alpha-3"),
        Column(
            f"flag_basis_{n}",
            pa.string(),
            "where the flag comes from: 'mid', 'history', 'registry'; with ', false' where that source calls it false",
        ),
        Column(f"ship_type_{n}", pa.int16(), "type of ship and cargo, AIS code", source="ITU-R M.1371-5, table 53"),
        Column(f"length_m_{n}", pa.float32(), "length overall, m"),
        Column(f"beam_m_{n}", pa.float32(), "beam, m"),
        Column(f"dwt_t_{n}", pa.float64(), "deadweight, t"),
        Column(f"dwt_basis_{n}", pa.string(), "where the deadweight comes from: registry, watchlist, hull, length"),
        Column(f"hull_id_{n}", pa.string(), "one hull under several identities keeps one id"),
        Column(f"listed_{n}", TEXTS, "watchlist hits, 'list:entry:strength'"),
        Column(
            f"owners_{n}",
            TEXTS,
            "owners, managers, parents and addresses on the day, each with the way, its dates and its list",
        ),
    )


GROUPS = (
    Group(
        "what",
        (
            Column("event_id", pa.string(), "hash of type, MMSIs and start to the minute", required=True),
            Column("type", pa.string(), "one of EVENT_TYPES", required=True),
            Column("verdict", pa.string(), "cut on confidence: likely, possible, unlikely; null for one-ship types"),
            Column(
                "confidence",
                pa.float64(),
                "probability that the contact (or event) is what its type says",
                low=0,
                high=1,
            ),
            Column("group_id", pa.string(), "same raft, or contacts that belong together"),
            Column(
                "activity",
                pa.string(),
                "of a port call: berth, buoy, roadstead, feasible (inferred); of loitering: anchored, drifting, waiting",
            ),
            Column("in_port", pa.bool_(), "at a berth, in a marina, at a fuel pier or in a fishing harbour"),
            Column("spoofing_type", pa.string(), "of spoofing: one of SPOOFING_TYPES"),
        ),
    ),
    Group(
        "when, where",
        (
            Column("start_time", UTC_MS, "start, UTC", required=True),
            Column("end_time", UTC_MS, "end, UTC", required=True),
            Column("duration_h", pa.float64(), "duration, hours", required=True, low=0),
            Column(
                "lon", pa.float64(), "longitude of the middle of the event, degrees", required=True, low=-180, high=180
            ),
            Column(
                "lat", pa.float64(), "latitude of the middle of the event, degrees", required=True, low=-90, high=90
            ),
        ),
    ),
    Group("who", (*_ship(1), *_ship(2))),
    Group(
        "how close",
        (
            Column(
                "min_distance_m",
                pa.float64(),
                "smallest distance between the antennas, m, at moments when both ships were heard, where there are some",
                low=0,
            ),
            Column(
                "median_distance_m",
                pa.float64(),
                "median distance between the antennas over the time of contact, m",
                low=0,
            ),
            Column("hull_gap_m", pa.float64(), "median gap between the hulls, m; 0 when they touch", low=0),
            Column("median_speed_kn", pa.float64(), "median speed over ground of the pair, kn", low=0),
            Column("relative_speed_kn", pa.float64(), "median speed of one relative to the other, kn", low=0),
            Column(
                "heading_difference_deg",
                pa.float64(),
                "median angle between the keels, 0 (parallel or opposed) to 90",
                low=0,
                high=90,
            ),
            Column("reports_1", pa.int32(), "reports of vessel 1 inside the event", low=0),
            Column("reports_2", pa.int32(), "reports of vessel 2 inside the event", low=0),
            Column("longest_silence_min", pa.float64(), "longest time without a report of either ship, min", low=0),
        ),
    ),
    Group(
        "waters",
        (
            Column("waters", pa.string(), "zone of the sea under UNCLOS, one of WATERS"),
            Column("state", pa.string(), "controlling or nearest state, ISO 3166 alpha-3"),
            Column("claimants", TEXTS, "all states with a published claim"),
            Column("special_zones", TEXTS, "joint zones and treaty areas that hold the place"),
            Column("sea", pa.string(), "smallest named sea that holds the place"),
            Column("is_international", pa.bool_(), "beyond every territorial sea"),
            Column("coast_distance_nm", pa.float64(), "distance to the nearest coast, nm", low=0),
            Column("baseline_distance_nm", pa.float64(), "distance to the nearest baseline, nm", low=0),
            Column("margin_nm", pa.float64(), "distance to the nearest limit between zones, nm", low=0),
            Column("port", pa.string(), "nearest port"),
            Column("port_distance_nm", pa.float64(), "distance to it, nm", low=0),
            Column(
                "waters_uncertain",
                pa.bool_(),
                "the limit or a second state is nearer than the method's error, the place is on land, several states claim it, or lines that move the limits are not known",
            ),
            Column("waters_share", pa.string(), "time share of each zone, JSON, when the path crosses a limit"),
        ),
    ),
    Group(
        "risk",
        (
            Column("risk_score", pa.float64(), "0..100", low=0, high=100),
            Column("risk_band", pa.string(), "low, watch, high, severe"),
            Column("risk_reasons", TEXTS, "codes of the rules that fired"),
            Column(
                "risk_missing", TEXTS, "rules that lacked data, each with what it lacks; they are not counted as clean"
            ),
            Column("legal_flags", TEXTS, "legal rules that apply on this date"),
        ),
    ),
    Group(
        "cargo",
        (
            Column("donor_mmsi", pa.int32(), "the ship that gave, where known"),
            Column("receiver_mmsi", pa.int32(), "the ship that received, or the base of the estimate"),
            Column("product", pa.string(), "product assumed"),
            Column("cargo_low_t", pa.float64(), "P10, t", low=0),
            Column("cargo_best_t", pa.float64(), "P50, t", low=0),
            Column("cargo_high_t", pa.float64(), "P90, t", low=0),
            Column("cargo_low_bbl", pa.float64(), "P10, barrels by factor_set", low=0),
            Column("cargo_best_bbl", pa.float64(), "P50, barrels by factor_set", low=0),
            Column("cargo_high_bbl", pa.float64(), "P90, barrels by factor_set", low=0),
            Column("factor_set", pa.string(), "name of the tonnes-to-barrels set"),
            Column("cargo_s33_t", pa.float64(), "deadweight x 0.33, t (UN Panel low scenario)", low=0),
            Column("cargo_s50_t", pa.float64(), "deadweight x 0.50, t (UN Panel middle scenario)", low=0),
            Column("cargo_s90_t", pa.float64(), "deadweight x 0.90, t (UN Panel high scenario)", low=0),
            Column("cargo_method", pa.string(), "methods that made the estimate"),
            Column("cargo_grade", pa.string(), "A..D: two draughts agree, one draught, weak, deadweight only"),
            Column("draught_change_1_m", pa.float64(), "declared draught after minus before, vessel 1, m"),
            Column("draught_change_2_m", pa.float64(), "declared draught after minus before, vessel 2, m"),
        ),
    ),
    Group(
        "evidence",
        (
            Column("why", TEXTS, "plain sentences made by the machine"),
            Column(
                "silence_causes",
                pa.string(),
                "of a gap: probabilities of switched_off, receiver_down, out_of_range and missed, which sum to 1, JSON",
            ),
            Column("candidates", pa.string(), "of a dark encounter: MMSI and probability, ranked, JSON"),
            Column("analyst_mark", pa.string(), "judgement of an analyst, one of tracker.tables.notes.MARKS"),
            Column("analyst_note", pa.string(), "what analysts wrote, oldest first"),
            Column("run_id", pa.string(), "hash of inputs, parameters and version"),
        ),
    ),
)

EVENTS = Table(
    "events",
    "One row for each event.",
    tuple(column for group in GROUPS for column in group.columns),
)


def event_id(kind: str, mmsi_1: int, mmsi_2: int | None, start_ms: int, /) -> str:
    """Content hash of an event: type, MMSIs and start to the minute; 16 hexadecimal digits."""
    import hashlib

    text = f"{kind}|{mmsi_1}|{'' if mmsi_2 is None else mmsi_2}|{start_ms // 60_000}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
