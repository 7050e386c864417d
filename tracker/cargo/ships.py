"""T3: the ships of a ledger, one row each, with what they did: names and flags as they appeared, calls, transfers."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.cargo.deliveries import Delivery

Row = dict[str, Any]


def ships_of_deliveries(rows: Sequence[Delivery], /) -> list[Row]:
    """One row for each ship that delivered, most deliveries first."""
    ships: dict[str, list[Delivery]] = {}
    for d in rows:
        ships.setdefault(d.ship or "(not named)", []).append(d)
    return [
        {
            "ship": ship,
            "names": _joined(d.vessel_name for d in calls),
            "imo": _joined(d.imo for d in calls),
            "mmsi": _joined(d.mmsi for d in calls),
            "flags": _joined(d.flag for d in calls),
            "ship_type": _joined(d.ship_type for d in calls),
            "dwt_t": _joined("" if d.dwt_t is None else f"{d.dwt_t:g}" for d in calls),
            "deliveries": len(calls),
            "transfers": len({leg for d in calls for leg in d.legs}),
            "first": min(d.day for d in calls).isoformat(),
            "last": max(d.day for d in calls).isoformat(),
            "ports": _joined(d.port for d in calls),
        }
        for ship, calls in sorted(ships.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def ships_of_events(
    events: Sequence[Mapping[str, Any]], deliveries: Sequence[Delivery], others: Sequence[Delivery], /
) -> list[Row]:
    """One row for each ship of transfers or calls in the DPRK in a case, with hours silent.

    Parameters
    ----------
    deliveries, others : calls that count as deliveries, and those that do not
    """
    found: dict[int, Row] = {}
    for e in events:
        for n in (1, 2):
            mmsi = e[f"mmsi_{n}"]
            if mmsi is None or (e["type"] != "gap" and (e["in_port"] or e["verdict"] not in {"likely", "possible"})):
                continue
            one = found.setdefault(mmsi, _empty(mmsi))
            for key in ("name", "imo", "callsign", "flag", "ship_type", "length_m", "dwt_t", "listed"):
                value = e.get(f"{key}_{n}")
                for text in value if isinstance(value, list) else [value]:
                    if text is not None:
                        one[_PLURAL.get(key, key)][str(text)] = None
            if e["type"] == "gap":
                one["hours_silent"] = round(one["hours_silent"] + e["duration_h"], 1)
            else:
                one["as_donor"] += e["donor_mmsi"] == mmsi
                one["as_receiver"] += e["receiver_mmsi"] == mmsi and e["donor_mmsi"] is not None
                one["transfers"] += 1
    for n, d in enumerate((*deliveries, *others)):
        one = found.setdefault(int(d.mmsi), _empty(int(d.mmsi)))
        one["deliveries" if n < len(deliveries) else "other_calls"] += 1
        for key, text in (("names", d.vessel_name), ("imo", d.imo), ("flags", d.flag)):
            if text:
                one[key][text] = None
    met = [one for one in found.values() if one["transfers"] or one["deliveries"] or one["other_calls"]]
    met.sort(key=lambda one: (-one["deliveries"], -one["transfers"], one["mmsi"]))
    return [{key: ";".join(value) if isinstance(value, dict) else value for key, value in one.items()} for one in met]


_PLURAL = {"name": "names", "flag": "flags"}


def _empty(mmsi: int) -> Row:
    texts: Row = {key: {} for key in ("names", "imo", "callsign", "flags", "ship_type", "length_m", "dwt_t", "listed")}
    counts = {"transfers": 0, "as_donor": 0, "as_receiver": 0, "deliveries": 0, "other_calls": 0, "hours_silent": 0.0}
    return {"mmsi": mmsi} | texts | counts


def _joined(values: Any) -> str:
    return ";".join(dict.fromkeys(value for value in values if value))
