"""The closing words of a run: what was read, what was set aside and why, what was found, where it lies."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracker.tables.rejects import REASONS
from tracker.tables.segments import SET_ASIDE_REASONS

if TYPE_CHECKING:
    from tracker.pipeline.run import Summary

FOREMOST = 10
SHORT_H = 1.0
"""Positions over less time than this hold no meeting worth the name."""


def summary_lines(summary: "Summary", /) -> list[str]:
    """Lines for standard error; the rows add up to those read."""
    read = summary.record["read"]
    set_aside = sum(read["rejects"].values())
    lines = []
    if summary.record.get("synthetic"):
        lines.append("SYNTHETIC DATA: nothing below is evidence of anything.")
    if summary.known:
        lines.append(f"Already in the case: {len(summary.known)} input(s); first: {summary.known[0]}")
    if read["rows"] or not summary.known:
        lines += _read_lines(read, set_aside)
    if summary.skipped:
        lines.append(f"Passed over, not AIS by name: {len(summary.skipped)} file(s); first: {summary.skipped[0]}")
    if summary.events is not None:
        lines += _found_lines(summary)
    return lines


def _read_lines(read: dict[str, Any], set_aside: int) -> list[str]:
    """What became of the rows; nothing when no input was read."""
    if not read["rows"]:
        return []
    lines = [
        f"Read {read['rows']:,} rows = {read['positions']:,} positions + {read['static_reports']:,} identity reports"
        f" + {set_aside:,} set aside + {read['duplicates']:,} duplicates."
    ]
    lines += [f"  {count:>9,}  {reason}: {REASONS.get(reason, '')}" for reason, count in _by_size(read["rejects"])]
    if read["field_faults"]:
        faults = ", ".join(f"{count:,} {column}" for column, count in _by_size(read["field_faults"]))
        lines.append(f"Malformed single fields left unknown: {faults}.")
    return lines


def _found_lines(summary: "Summary") -> list[str]:
    verdicts = summary.record["verdicts"]
    told = ", ".join(f"{verdicts.get(v, 0):,} {v}" for v in ("likely", "possible", "unlikely"))
    searched = summary.record["searched"]
    first, last = (datetime.fromisoformat(searched[key]) for key in ("first_time", "last_time"))
    lines = [
        f"Searched {searched['positions']:,} positions over {(last - first).total_seconds() / 3600:,.1f} h,"
        f" {first:%Y-%m-%d %H:%MZ} to {last:%Y-%m-%d %H:%MZ}."
    ]
    if (last - first).total_seconds() < SHORT_H * 3600:
        lines.append("That is too short for a meeting to be told from passing by.")
    lines += [f"Found {sum(verdicts.values()):,} meetings: {told}, {verdicts.get('in_port', 0):,} in port."]
    others = {kind: n for kind, n in summary.record["types"].items() if kind not in {"encounter", "dark_encounter"}}
    if others:
        lines.append("Ships alone: " + ", ".join(f"{n:,} {kind.replace('_', ' ')}" for kind, n in others.items()) + ".")
    if summary.record["spoofing"]:
        kinds = ", ".join(f"{n:,} {kind.replace('_', ' ')}" for kind, n in _by_size(summary.record["spoofing"]))
        lines.append(f"False positions: {kinds}.")
    if summary.record["set_aside"]:
        lines.append('Not used as evidence, kept in the case (tracker sql CASE "FROM set_aside"):')
        lines += [
            f"  {count:>9,}  {reason}: {SET_ASIDE_REASONS[reason]}"
            for reason, count in _by_size(summary.record["set_aside"])
        ]
    lines.append(summary.record["coverage"]["statement"])
    for row in foremost(summary.events, FOREMOST):
        lines.append("  " + event_line(row))
    lines.append(f"Case: {summary.case}   Map: {summary.case / 'map.html'}   ({summary.seconds:.1f} s)")
    return lines


def foremost(events: Any, count: int, /) -> list[dict[str, Any]]:
    """Rows of the most confident events outside ports that are at least possible."""
    rows = [row for row in events.to_pylist() if row["verdict"] in {"likely", "possible"} and not row["in_port"]]
    return sorted(rows, key=lambda row: (-row["confidence"], row["start_time"]))[:count]


def event_line(row: dict[str, Any], /) -> str:
    """One event in one line."""
    ships = " and ".join(_ship(row, n) for n in (1, 2) if row[f"mmsi_{n}"] is not None)
    where = ", ".join(str(part).replace("_", " ") for part in (row["waters"], row["state"], row["sea"]) if part)
    start = row["start_time"].strftime("%Y-%m-%d %H:%MZ")
    return f"{row['confidence']:.2f} {row['verdict']:<8} {start} {row['duration_h']:>5.1f} h  {ships}  [{where}]"


def _ship(row: dict[str, Any], n: int) -> str:
    """A ship and its flag; the second of a dark encounter is a guess, and is called one."""
    named = f"{row[f'name_{n}'] or 'MMSI ' + str(row[f'mmsi_{n}'])} ({row[f'flag_{n}'] or 'flag unknown'})"
    is_guess = n == 2 and row["type"] == "dark_encounter"
    return f"a ship not heard (best candidate: {named})" if is_guess else named


def event_cell(name: str, value: Any, /) -> str:
    """A value of an event as a cell of a table for people."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%MZ")
    if isinstance(value, float):
        return f"{value:,.0f}" if name.endswith(("_t", "_m", "_bbl")) else f"{value:.2f}"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return str(value)


def _by_size(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
