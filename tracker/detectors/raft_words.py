"""Rafts in words: who lies against whom, and which ship is the mother.

The mother ship is the one with most ships alongside; among equals the longest. A raft of two is a pair and has none.
"""

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def tell_rafts(rows: Sequence[Row], /) -> list[Row]:
    """Rows of encounters with a sentence in ``why`` for those in a raft of three or more ships."""
    groups: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        if row["type"] == "encounter" and row["group_id"] and row["verdict"] != "unlikely" and not row["in_port"]:
            groups.setdefault(row["group_id"], []).append(i)
    told = [dict(row) for row in rows]
    for members in groups.values():
        names: dict[int, str] = {}
        length: dict[int, float] = {}
        beside: dict[int, set[int]] = {}
        for i in members:
            row = rows[i]
            for n, other in ((1, 2), (2, 1)):
                mmsi = row[f"mmsi_{n}"]
                names[mmsi] = row[f"name_{n}"] or f"MMSI {mmsi:09d}"
                length[mmsi] = max(length.get(mmsi, 0.0), row[f"length_m_{n}"] or 0.0)
                beside.setdefault(mmsi, set()).add(row[f"mmsi_{other}"])
        if len(names) < 3:
            continue
        mother = min(beside, key=lambda m: (-len(beside[m]), -length[m], m))
        for i in members:
            told[i]["why"] = [*(told[i]["why"] or []), _words(mother, beside, names)]
    return told


def _words(mother: int, beside: dict[int, set[int]], names: dict[int, str]) -> str:
    alongside = _and([names[m] for m in sorted(beside[mother])])
    words = f"Raft of {len(names)} ships: mother ship {names[mother]}, with {alongside} against her"
    outer = [
        f"{names[one]} against {_and([names[m] for m in sorted(beside[one] - {mother}) if m > one])}"
        for one in sorted(beside)
        if one != mother and any(m > one for m in beside[one] - {mother})
    ]
    return f"{words}; {', '.join(outer)}." if outer else f"{words}."


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
