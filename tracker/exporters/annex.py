"""Annex-style tables in the manner of the UN Panel of Experts: transfers (T2), ships (T3), months (T4), by flag state (T5).

Totals count events worded ``likely`` by verdict; what adding the possible ones would change stands beside them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tracker.tables.wording import level_of

Columns = list[tuple[str, int]]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, columns (title, width in signs), rows, and what it is made from."""

    name: str
    columns: Columns
    rows: list[list[Any]] = field(default_factory=list)
    about: str = "made from the events given to this file"


def transfer_sheet(events: Any, /) -> Sheet:
    """T2: one row for each meeting; silences, slow spells and port calls stand in the sheet of all events alone."""
    columns: Columns = [("event id", 18), ("wording", 26), ("verdict", 10), ("confidence", 10)]
    columns += [("start (UTC)", 19), ("end (UTC)", 19), ("duration h", 9), ("lat", 10), ("lon", 11)]
    columns += [("sea", 20), ("waters", 16), ("state", 7), ("distance to coast nm", 10)]
    for ship in ("A", "B"):
        columns += [(f"ship {ship}", 22), (f"IMO {ship}", 10), (f"MMSI {ship}", 11), (f"flag {ship}", 7)]
        columns += [(f"type {ship}", 7), (f"LOA {ship} m", 8), (f"DWT {ship} t", 10), (f"draught change {ship} m", 10)]
    columns += [("min distance m", 10), ("median SOG kn", 9), ("longest silence min", 10)]
    columns += [("low t", 10), ("central t", 10), ("high t", 10), ("grade", 7), ("rules fired", 20), ("score", 7)]
    columns += [("legal rules", 20), ("reasons", 70), ("run", 18)]
    rows = []
    for e in events.to_pylist():
        if e["verdict"] is None:
            continue
        row: list[Any] = [e["event_id"], level_of(e).phrase, e["verdict"], e["confidence"]]
        row += [e[name] for name in ("start_time", "end_time", "duration_h", "lat", "lon", "sea", "waters", "state")]
        row.append(e["coast_distance_nm"])
        for n in (1, 2):
            row += [e[f"{name}_{n}"] for name in ("name", "imo", "mmsi", "flag", "ship_type")]
            row += [_rounded(e[f"length_m_{n}"]), e[f"dwt_t_{n}"], _rounded(e[f"draught_change_{n}_m"])]
        row += [e["min_distance_m"], e["median_speed_kn"], e["longest_silence_min"]]
        row += [e["cargo_low_t"], e["cargo_best_t"], e["cargo_high_t"], e["cargo_grade"], _joined(e["risk_reasons"])]
        row += [e["risk_score"], _joined(e["legal_flags"]), " ".join(e["why"] or []) or None, e["run_id"]]
        rows.append(row)
    return Sheet("T2 transfers", columns, rows)


def ship_sheet(events: Any, /) -> Sheet:
    """T3: one row for each MMSI, with what it was called and how often it was met."""
    columns: Columns = [("MMSI", 11), ("names", 30), ("IMO", 16), ("call signs", 14), ("flag", 7), ("type", 7)]
    columns += [("LOA m", 8), ("beam m", 8), ("DWT t", 10), ("DWT from", 12), ("list hits", 24)]
    columns += [("events likely", 8), ("events possible", 9), ("first (UTC)", 19), ("last (UTC)", 19)]
    by_mmsi: dict[int, list[tuple[int, dict[str, Any]]]] = {}
    for event in events.to_pylist():
        for n in (1, 2):
            if event[f"mmsi_{n}"] is not None:
                by_mmsi.setdefault(event[f"mmsi_{n}"], []).append((n, event))
    rows = []
    for mmsi, met in sorted(by_mmsi.items()):

        def said(name: str, met: Any = met) -> list[Any]:
            return _distinct(e[f"{name}_{n}"] for n, e in met)

        row: list[Any] = [mmsi, _joined(said("name")), _joined(said("imo")), _joined(said("callsign"))]
        row += [_joined(said("flag")), _joined(said("ship_type")), _first(said("length_m")), _first(said("beam_m"))]
        row += [_first(said("dwt_t")), _joined(said("dwt_basis"))]
        row.append(_joined(_distinct(hit for n, e in met for hit in e[f"listed_{n}"] or [])))
        row += [sum(e["verdict"] == verdict for _, e in met) for verdict in ("likely", "possible")]
        row += [min(e["start_time"] for _, e in met), max(e["end_time"] for _, e in met)]
        rows.append(row)
    return Sheet("T3 ships", columns, rows)


def month_sheet(events: Any, /) -> Sheet:
    """T4: one row for each month (UTC) in which a meeting at sea began."""
    columns: Columns = [("month (UTC)", 12), ("likely", 9), ("possible", 9), ("unlikely", 9)]
    columns += [("ships, likely and possible", 12), ("central t, likely", 12), ("central t, with possible", 12)]
    months: dict[str, list[dict[str, Any]]] = {}
    for event in events.to_pylist():
        if event["verdict"] is not None and not event["in_port"]:
            months.setdefault(f"{event['start_time']:%Y-%m}", []).append(event)
    rows: list[list[Any]] = []
    for month, met in sorted(months.items()):
        counted = [e for e in met if e["verdict"] in ("likely", "possible")]
        ships = {e[f"mmsi_{n}"] for e in counted for n in (1, 2)} - {None}
        row: list[Any] = [month, *(sum(e["verdict"] == v for e in met) for v in ("likely", "possible", "unlikely"))]
        row.append(len(ships))
        row += [
            sum(e["cargo_best_t"] or 0.0 for e in counted if e["verdict"] in verdicts) or None
            for verdicts in (("likely",), ("likely", "possible"))
        ]
        rows.append(row)
    return Sheet("T4 monthly", columns, rows)


def flag_sheet(events: Any, /) -> Sheet:
    """T5: one row for each flag on the day; an event counts once for each flag in it."""
    columns: Columns = [("flag", 8), ("events likely", 9), ("events likely and possible", 12), ("ships", 8)]
    columns += [("central t, likely", 12), ("central bbl, likely", 12), ("central t, with possible", 12)]
    by_flag: dict[str, dict[str, Any]] = {}
    for event in events.to_pylist():
        if event["verdict"] not in ("likely", "possible"):
            continue
        flags = {event[f"flag_{n}"] or "unknown" for n in (1, 2) if event[f"mmsi_{n}"] is not None}
        for flag in flags:
            tally = by_flag.setdefault(
                flag, {"likely": 0, "all": 0, "ships": set(), "t": 0.0, "bbl": 0.0, "t_all": 0.0}
            )
            tally["all"] += 1
            tally["t_all"] += event["cargo_best_t"] or 0.0
            if event["verdict"] == "likely":
                tally["likely"] += 1
                tally["t"] += event["cargo_best_t"] or 0.0
                tally["bbl"] += event["cargo_best_bbl"] or 0.0
            tally["ships"] |= {event[f"mmsi_{n}"] for n in (1, 2) if (event[f"flag_{n}"] or "unknown") == flag}
    rows: list[list[Any]] = [
        [flag, t["likely"], t["all"], len(t["ships"] - {None}), t["t"] or None, t["bbl"] or None, t["t_all"] or None]
        for flag, t in sorted(by_flag.items())
    ]
    return Sheet("T5 by flag", columns, rows)


def _distinct(values: Iterable[Any]) -> list[Any]:
    return sorted({value for value in values if value is not None}, key=str)


def _joined(values: Any) -> str | int | None:
    values = list(values or [])
    if len(values) == 1 and isinstance(values[0], int):
        return values[0]
    return "; ".join(str(value) for value in values) or None


def _first(values: list[Any]) -> Any:
    return _rounded(values[0]) if values else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
