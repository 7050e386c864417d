"""Changes of identity as events, and what they link: one hull id over both identities, one group over its contacts."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from tracker.detectors.identities import Handover
from tracker.detectors.rows import event_row
from tracker.tables.ship import Ship
from tracker.units import MILLISECONDS_PER_HOUR

Row = TypeVar("Row", bound=Mapping[str, Any])


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
    linked = [dict(row) for row in rows]
    for row in linked if hulls else ():
        for n in (1, 2):
            if row[f"mmsi_{n}"] in hulls:
                row[f"hull_id_{n}"] = hulls[row[f"mmsi_{n}"]]
    contacts = contacts_by_ship(linked)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in linked if hulls else ():
        if row["group_id"]:
            groups.setdefault(row["group_id"], []).append(row)
    for one in found:
        for before in _ending_at(contacts, one):
            for after in _beginning_at(contacts, one):
                if _other(after, one.after) != _other(before, one.before):
                    continue
                names = sorted({row["group_id"] for row in (before, after) if row["group_id"]})
                text = f"{before['event_id']};{after['event_id']}"
                group = names[0] if names else sha256(text.encode()).hexdigest()[:12]
                members = [row for name in names for row in groups.pop(name)]
                members += [row for row in (before, after) if not row["group_id"]]
                for row in members:
                    row["group_id"] = group
                groups[group] = members
    return linked


def contacts_by_ship(rows: Iterable[Row], /) -> dict[int, list[Row]]:
    """Encounters of each MMSI."""
    contacts: dict[int, list[Row]] = {}
    for row in rows:
        if row["type"] == "encounter":
            for n in (1, 2):
                contacts.setdefault(row[f"mmsi_{n}"], []).append(row)
    return contacts


def splits_a_contact(contacts: Mapping[int, Sequence[Mapping[str, Any]]], one: Handover, /) -> bool:
    """Whether a meeting at sea ends at a handover and goes on with the new identity: sets in port are not switched there.

    Parameters
    ----------
    contacts : of `contacts_by_ship`
    """
    partners = {_other(row, one.before) for row in _ending_at(contacts, one) if _is_at_sea(row)}
    return any(_is_at_sea(row) and _other(row, one.after) in partners for row in _beginning_at(contacts, one))


def _is_at_sea(row: Mapping[str, Any]) -> bool:
    return not row["in_port"] and row["verdict"] != "unlikely"


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


def _ending_at(contacts: Mapping[int, Sequence[Row]], one: Handover) -> list[Row]:
    """Contacts of the earlier identity that end where it does."""
    mine = contacts.get(one.before.mmsi, ())
    return [row for row in mine if abs(row["end_time"].timestamp() * 1000.0 - one.end_ms) <= MILLISECONDS_PER_HOUR]


def _beginning_at(contacts: Mapping[int, Sequence[Row]], one: Handover) -> list[Row]:
    """Contacts of the later identity that begin where it does."""
    mine = contacts.get(one.after.mmsi, ())
    return [row for row in mine if abs(row["start_time"].timestamp() * 1000.0 - one.begin_ms) <= MILLISECONDS_PER_HOUR]
