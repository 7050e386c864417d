"""A network as nodes and edges for a file: hulls and ports, meetings and calls."""

from typing import Any

from tracker.query.links import Links, is_transfer

Values = dict[str, str | int | float | bool | None]


def graph_of(links: Links, /) -> tuple[dict[str, Values], list[tuple[str, str, Values]]]:
    """Nodes by id, and edges: one for each pair and direction, and one for each vessel and port."""
    met = {key for t in links.transfers for key in (t.one, t.two)} | {a.vessel for a in links.arrivals}
    nodes: dict[str, Values] = {}
    for key in sorted(met):
        ship = links.vessels[key]
        nodes[key] = {
            "label": ship.label,
            "kind": "vessel",
            "mmsi": ship.mmsi,
            "imo": ship.imo,
            "flag": ship.flag,
            "ship_type": ship.ship_type,
            "dwt_t": ship.dwt_t,
            "listed": "; ".join(ship.listed) or None,
        }
    for port in sorted({a.port for a in links.arrivals}):
        nodes[f"port-{port}"] = {"label": port, "kind": "port", "flag": "PRK"}
    return nodes, [*_meetings(links), *_calls(links)]


def _meetings(links: Links) -> list[tuple[str, str, Values]]:
    groups: dict[tuple[str, str, bool], list[Any]] = {}
    for t in links.transfers:
        one, two = (t.one, t.two) if t.is_directed else sorted((t.one, t.two))
        groups.setdefault((one, two, t.is_directed), []).append(t)
    edges: list[tuple[str, str, Values]] = []
    for (one, two, is_directed), every in sorted(groups.items()):
        tonnes = [t.best_t for t in every if t.best_t is not None]
        values: Values = {
            "kind": "transfer" if is_directed else "meeting",
            "direction_known": is_directed,
            "meetings": len({t.group_id or t.event_id for t in every}),
            "likely": len({t.group_id or t.event_id for t in every if t.verdict == "likely"}),
            "guess": all(t.is_guess for t in every),
            "confidence": round(max(t.confidence for t in every), 3),
            "first_time": min(t.start for t in every).isoformat().replace("+00:00", "Z"),
            "last_time": max(t.end for t in every).isoformat().replace("+00:00", "Z"),
            "cargo_best_t": float(round(sum(tonnes))) if tonnes else None,
            "event_ids": " ".join(t.event_id for t in every),
        }
        edges.append((one, two, values))
    return edges


def _calls(links: Links) -> list[tuple[str, str, Values]]:
    groups: dict[tuple[str, str], list[Any]] = {}
    for call in links.arrivals:
        groups.setdefault((call.vessel, call.port), []).append(call)
    edges: list[tuple[str, str, Values]] = []
    for (ship, port), every in sorted(groups.items()):
        values: Values = {
            "kind": "delivery",
            "direction_known": True,
            "meetings": len(every),
            "guess": all(call.basis == "feasible" for call in every),
            "confidence": round(max(call.probability for call in every), 3),
            "first_time": min(call.arrival for call in every).isoformat().replace("+00:00", "Z"),
            "last_time": max(call.departure for call in every).isoformat().replace("+00:00", "Z"),
            "event_ids": " ".join(call.delivery_id for call in every),
        }
        edges.append((ship, f"port-{port}", values))
    return edges


def network_events(events: Any, links: Links, /) -> Any:
    """Events that are links: meetings that count, and calls in the DPRK."""
    import pyarrow as pa

    calls = {a.delivery_id for a in links.arrivals}
    keep = [is_transfer(row) or row["event_id"] in calls for row in events.to_pylist()]
    return events.filter(pa.array(keep, pa.bool_()))
