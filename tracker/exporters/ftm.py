"""FollowTheMoney entities, one JSON object a line, as the tools of OpenSanctions and Aleph read them.

A meeting is an ``Event``; each ship is a ``Vessel``, joined to it by an ``UnknownLink`` with the role ``participant``,
because ``Event.involved`` accepts legal entities only. ``Vessel.deadweightTonnage`` is described upstream as the weight
without freight; what stands there is the carrying capacity, and ``notes`` says so. A ship's entity gets no topic: a
finding of ours is no sanction. Ids come from the IMO number, else from the MMSI, so that files of several runs join.
Source: the schema of followthemoney 4, checked against it.
"""

from typing import Any

from tracker.exporters.cells import plain_values, strip_unseen, to_json
from tracker.exporters.exporter import Target, open_target
from tracker.exporters.statement import statement
from tracker.geo.states import alpha2
from tracker.tables.wording import level_of

CAPACITY = "deadweightTonnage is the carrying capacity in tonnes, estimated by tracker"


class FtmExporter:
    """FollowTheMoney JSON lines; see the module."""

    name = "FollowTheMoney"
    suffixes = ("ftm.json",)
    media_type = "application/json+ftm"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write ships once each, then meetings with their links; lines are in the order of the events."""
        columns = plain_values(events)
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        told = [f"{name}: {text}" for name, text in statement(provenance)]
        vessels: dict[str, dict[str, set[str]]] = {}
        for row in rows:
            for n in (1, 2):
                if row[f"mmsi_{n}"] is not None:
                    _add(vessels.setdefault(vessel_id(row, n), {}), _vessel(row, n))
        with open_target(target) as stream:
            for ident, properties in vessels.items():
                stream.write(_line(ident, "Vessel", {name: sorted(values) for name, values in properties.items()}))
            for row in rows:
                stream.writelines(_meeting(row, told))


def vessel_id(row: dict[str, Any], n: int, /) -> str:
    """Id of a ship's entity: by IMO number where it is known, else by MMSI."""
    imo = row[f"imo_{n}"]
    return f"tracker-imo-{imo}" if imo is not None else f"tracker-mmsi-{row[f'mmsi_{n}']:09d}"


def _vessel(row: dict[str, Any], n: int) -> dict[str, list[str | None]]:
    imo, dwt, flag = row[f"imo_{n}"], row[f"dwt_t_{n}"], row[f"flag_{n}"]
    properties: dict[str, list[str | None]] = {
        "name": [row[f"name_{n}"] or f"MMSI {row[f'mmsi_{n}']:09d}"],
        "imoNumber": [None if imo is None else f"IMO{imo}"],
        "mmsi": [f"{row[f'mmsi_{n}']:09d}"],
        "callSign": [row[f"callsign_{n}"]],
        "flag": [alpha2(flag) if flag else None],
        "type": [None if row[f"ship_type_{n}"] is None else f"AIS type {row[f'ship_type_{n}']}"],
        "deadweightTonnage": [None if dwt is None else f"{dwt:.0f}"],
        "notes": [None if dwt is None else f"{CAPACITY} ({row[f'dwt_basis_{n}'] or 'basis unknown'})."],
    }
    return properties


def _meeting(row: dict[str, Any], told: list[str]) -> list[bytes]:
    ident = f"tracker-event-{row['event_id']}"
    level = level_of(row)
    ships = [n for n in (1, 2) if row[f"mmsi_{n}"] is not None]
    names = " and ".join(row[f"name_{n}"] or f"MMSI {row[f'mmsi_{n}']:09d}" for n in ships)
    zone = (row["waters"] or "").replace("_", " ")
    event: dict[str, list[str | None]] = {
        "name": [f"{row['type'].replace('_', ' ').capitalize()}: {names or 'ships masked'}"],
        "startDate": [_second(row["start_time"])],
        "endDate": [_second(row["end_time"])],
        "location": [f"{row['lat']:.5f}, {row['lon']:.5f}"],
        "country": [alpha2(row["state"]) if row["state"] and zone not in ("", "high seas") else None],
        "summary": [f"{level.phrase} (needs: {level.needs})"],
        "description": [" ".join(row["why"] or []) or None],
        "keywords": [row["type"], row["verdict"], zone or None],
        "recordId": [row["event_id"]],
        "notes": list(told),
    }
    lines = [_line(ident, "Event", event)]
    for n in ships:
        link: dict[str, list[str | None]] = {
            "subject": [vessel_id(row, n)],
            "object": [ident],
            "role": ["participant"],
            "startDate": [_second(row["start_time"])],
            "endDate": [_second(row["end_time"])],
            "summary": [level.phrase],
        }
        lines.append(_line(f"{ident}-{n}", "UnknownLink", link))
    return lines


def _line(ident: str, schema: str, properties: Any) -> bytes:
    kept: dict[str, list[str]] = {}
    for name, values in properties.items():
        texts = [text for value in values if value is not None and (text := strip_unseen(str(value)).strip())]
        if texts:
            kept[name] = list(dict.fromkeys(texts))
    return to_json({"id": ident, "schema": schema, "properties": kept}) + b"\n"


def _second(moment: str) -> str:
    """FollowTheMoney dates end at the second, without a zone; they are UTC."""
    return moment[:19]


def _add(properties: dict[str, set[str]], more: dict[str, list[str | None]]) -> None:
    for name, values in more.items():
        properties.setdefault(name, set()).update(value for value in values if value is not None)


FTM = FtmExporter()
