"""Analysts' marks beside the events they hold on to, and how often rules were right by them.

A note was written on one event of one run. It holds on to every event of another run that has its type and vessels
and overlaps it in time: new parameters move a start, and a judgement must survive that.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.notes import MARKS

FOR = ("confirmed", "seen")
AGAINST = ("dismissed", "not_seen")


def with_marks(events: Any, notes: Any, /) -> Any:
    """Events with ``analyst_mark`` (the last one wins) and ``analyst_note`` (all texts, oldest first).

    Parameters
    ----------
    events
        Arrow table, `EVENTS`.
    notes
        Arrow table, `NOTES`, oldest first.
    """
    if not notes.num_rows or not events.num_rows:
        return events
    by_ships: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for note in notes.to_pylist():
        by_ships[note["type"], note["mmsi_1"], note["mmsi_2"]].append(note)
    keys = events.select(["type", "mmsi_1", "mmsi_2", "start_time", "end_time"]).to_pylist()
    found = [_notes_of(row, by_ships) for row in keys]
    marks = [next((n["mark"] for n in reversed(notes) if n["mark"]), None) for notes in found]
    texts = ["\n".join(map(told, notes)) or None for notes in found]
    for name, values in (("analyst_mark", marks), ("analyst_note", texts)):
        place = events.schema.get_field_index(name)
        events = events.set_column(place, events.schema.field(place), pa.array(values, pa.string()))
    return events


def noted(latest: Any, retracted: Any, notes: Any, /) -> Any:
    """Events that notes hold on to, of the last run and those that it no longer finds.

    Returns
    -------
    pyarrow.Table
        `EVENTS` with ``retracted_by``: the run that did not find the event, null for one of the last run. A retracted
        event that another took the place of is left out: its notes went over to that one.
    """
    gone = retracted.filter(pc.is_null(retracted.column("replaced_by"))).drop_columns(["reason", "replaced_by"])
    latest = latest.append_column(gone.schema.field("retracted_by"), pa.nulls(latest.num_rows, pa.string()))
    every = with_marks(pa.concat_tables([latest, gone]), notes)
    return every.filter(pc.is_valid(every.column("analyst_note")))


def told(note: Mapping[str, Any], /) -> str:
    """A note in one line: day, author, mark, text and source."""
    head = f"{note['written_at']:%Y-%m-%d}"
    parts = [head, note["author"], note["mark"], note["text"], note["source"] and f"source: {note['source']}"]
    return "; ".join(part for part in parts if part)


def precision(events: Iterable[Mapping[str, Any]], /) -> list[dict[str, Any]]:
    """How often marked events were right, by verdict, rule, sea and state.

    Returns
    -------
    list
        Rows of ``by``, ``value``, ``n`` (judged), ``right``, ``wrong``, ``precision`` (0..1); most judged first.
    """
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for event in events:
        if event["analyst_mark"] not in (*FOR, *AGAINST):
            continue
        is_wrong = event["analyst_mark"] in AGAINST
        groups = [("all", "")] + [(name, event[name]) for name in ("verdict", "sea", "state") if event[name]]
        groups += [("rule", code) for code in sorted(set(event["risk_reasons"] or ()))]
        for group in groups:
            counts[group][is_wrong] += 1
    rows = [
        {
            "by": by,
            "value": value,
            "n": right + wrong,
            "right": right,
            "wrong": wrong,
            "precision": right / (right + wrong),
        }
        for (by, value), (right, wrong) in counts.items()
    ]
    order = {"all": 0, "verdict": 1, "rule": 2, "sea": 3, "state": 4}
    return sorted(rows, key=lambda row: (order[row["by"]], -row["n"], row["value"]))


def _notes_of(event: Mapping[str, Any], by_ships: Mapping[Any, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    notes = by_ships.get((event["type"], event["mmsi_1"], event["mmsi_2"]), ())
    return [n for n in notes if n["start_time"] <= event["end_time"] and n["end_time"] >= event["start_time"]]


__all__ = ["MARKS", "noted", "precision", "told", "with_marks"]
