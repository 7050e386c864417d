"""Changes of identity as events, and what they link: one hull id over both identities, one group over its contacts."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from tracker.detectors.identities import Handover
from tracker.detectors.rows import event_row
from tracker.tables.ship import Ship
from tracker.units import MILLISECONDS_PER_HOUR


def handover_events(found: Sequence[Handover], /) -> list[dict[str, Any]]:
    """Event rows: vessel 1 is the earlier identity; the hull keeps one id."""
    rows = []
    for one in found:
        row = event_row(
            "identity_change",
            one.before,
            one.after,
            start_ms=one.end_ms,
            end_ms=one.begin_ms,
            lon=one.lon,
            lat=one.lat,
        )
        row |= {
            "confidence": one.confidence,
            "min_distance_m": round(one.distance_m, 1),
            "why": [f"Consistent with one hull under two identities: confidence {one.confidence:.2f}.", *one.why],
        }
        rows.append(row)
    return link_hulls(rows, found)


def link_hulls(rows: Sequence[Mapping[str, Any]], found: Sequence[Handover], /) -> list[dict[str, Any]]:
    """Rows with one ``hull_id`` over both identities, and one ``group_id`` over the contacts of a hull on both sides.

    Contacts with the same other ship that end at the handover and begin at it are two parts of one contact.
    """
    hulls = _hulls(found)
    linked = [
        dict(row) | {f"hull_id_{n}": hulls[row[f"mmsi_{n}"]] for n in (1, 2) if row[f"mmsi_{n}"] in hulls}
        for row in rows
    ]
    for one in found:
        for before in [row for row in linked if _ends_at(row, one)]:
            for after in [
                row for row in linked if _begins_at(row, one) and _other(row, one.after) == _other(before, one.before)
            ]:
                names = sorted({row["group_id"] for row in (before, after) if row["group_id"]})
                text = f"{before['event_id']};{after['event_id']}"
                group = names[0] if names else sha256(text.encode()).hexdigest()[:12]
                for row in linked:
                    if row is before or row is after or (row["group_id"] and row["group_id"] in names):
                        row["group_id"] = group
    return linked


def splits_a_contact(rows: Sequence[Mapping[str, Any]], one: Handover, /) -> bool:
    """Whether a meeting at sea ends at a handover and goes on with the new identity: sets in port are not switched there."""
    at_sea = [row for row in rows if row["type"] == "encounter" and not row["in_port"] and row["verdict"] != "unlikely"]
    partners = {_other(row, one.before) for row in at_sea if _ends_at(row, one)}
    return any(_begins_at(row, one) and _other(row, one.after) in partners for row in at_sea)


def _hulls(found: Sequence[Handover]) -> dict[int, str]:
    """Hull id of every MMSI in a handover: that of the first identity of the chain."""
    hulls: dict[int, str] = {}
    for one in found:
        own = f"MMSI{one.before.mmsi:09d}" if one.before.imo is None else f"IMO{one.before.imo}"
        hulls.setdefault(one.before.mmsi, own)
        hulls[one.after.mmsi] = hulls[one.before.mmsi]
    return hulls


def _other(row: Mapping[str, Any], ship: Ship) -> int | None:
    other: int | None = row["mmsi_2"] if row["mmsi_1"] == ship.mmsi else row["mmsi_1"]
    return other


def _ends_at(row: Mapping[str, Any], one: Handover) -> bool:
    ends_ms = row["end_time"].timestamp() * 1000.0
    return (
        row["type"] == "encounter"
        and one.before.mmsi in (row["mmsi_1"], row["mmsi_2"])
        and bool(abs(ends_ms - one.end_ms) <= MILLISECONDS_PER_HOUR)
    )


def _begins_at(row: Mapping[str, Any], one: Handover) -> bool:
    begins_ms = row["start_time"].timestamp() * 1000.0
    return (
        row["type"] == "encounter"
        and one.after.mmsi in (row["mmsi_1"], row["mmsi_2"])
        and bool(abs(begins_ms - one.begin_ms) <= MILLISECONDS_PER_HOUR)
    )
