"""What a report of a region and a period says: composed from events, run and notes; every total states what it counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from tracker.cargo.ledger import LedgerParams
from tracker.cargo.transfers import span_of
from tracker.exporters.annex import Sheet as Annex
from tracker.pipeline.layers import map_layers
from tracker.tables.wording import LEVELS, STATEMENT, level_of
from tracker.views.monthly import STACK, draw_months
from tracker.views.region_map import draw_region
from tracker.views.report import Block, Grid, Heading, Picture, Points, Report, Words

Rows = Sequence[Mapping[str, Any]]

MOST_EVENTS = 40
MOST_SHIPS = 40
MOST_DRAWN = 5_000
TOTALS = (("likely", ("likely",)), ("likely and possible", ("likely", "possible")))


def compose_report(
    events: Any, /, *, record: Mapping[str, Any], provenance: Mapping[str, Any], asked: Mapping[str, Any]
) -> Report:
    """The report of some events of a run.

    Parameters
    ----------
    events
        Arrow table, `EVENTS`, as a query chose them.
    record, provenance
        Of the run.
    asked
        The filters of the query by name, as the user wrote them.
    """
    rows = events.to_pylist()
    met = [row for row in rows if row["verdict"] is not None and not row["in_port"]]
    where = str(asked.get("region") or asked.get("state") or "all waters of the case")
    blocks: list[Block] = [Heading("Summary"), *_summary(rows, met, record, asked)]
    blocks += [Heading("Where"), _chart(met or rows, where), Heading("When"), *_when(met)]
    blocks += [Heading("Meetings"), *_meetings(met), Heading("Ships"), _ships(met)]
    blocks += [Heading("By flag state"), *_flags(met), Heading("Waters"), _waters(met)]
    blocks += [*_notes(rows), Heading("Method and limits"), *_method(record, provenance)]
    return Report(
        title=f"Suspected ship-to-ship transfers: {where}",
        subtitle=f"{_period(rows, asked)}. Run {record['run_id']}, tracker {record['version']}. All times UTC.",
        is_synthetic=bool(record.get("synthetic")),
        blocks=tuple(blocks),
    )


def summary_sheets(report: Report, rows: Rows, /) -> list[Annex]:
    """The same summary and months as sheets of a workbook."""
    told = [[block.text] for block in report.blocks[1:4] if isinstance(block, Words)]
    months, counts = _months([row for row in rows if row["verdict"] is not None and not row["in_port"]])
    monthly: list[list[Any]] = [[m, *(counts[v][i] for v in STACK)] for i, m in enumerate(months)]
    summary = Annex("summary", [("summary", 120)], [[report.title], [report.subtitle], *told])
    return [summary, Annex("T4 monthly events", [("month (UTC)", 14), *((v, 12) for v in STACK)], monthly)]


def _summary(rows: Rows, met: Rows, record: Mapping[str, Any], asked: Mapping[str, Any]) -> list[Block]:
    verdicts = Counter(row["verdict"] for row in met)
    hidden = sum(bool(row["in_port"]) for row in rows)
    levels = Counter(level_of(row).name for row in met if row["verdict"] != "unlikely")
    told = ", ".join(f"{levels[name]:,} “{LEVELS[name].phrase}”" for name in LEVELS if levels[name])
    words = [
        f"{verdicts['likely']:,} likely and {verdicts['possible']:,} possible transfer-like meetings at sea were found"
        f" ({verdicts['unlikely']:,} more were judged unlikely"
        + (f", {hidden:,} in port are left out)." if hidden else ").")
        + (f" By the strength of their evidence: {told}." if told else ""),
        _totals(met),
        _coverage(record),
    ]
    if asked:
        words.append("Chosen by: " + ", ".join(f"{name} {value}" for name, value in sorted(asked.items())) + ".")
    return [Words(text) for text in words if text]


def _totals(met: Rows) -> str:
    params = LedgerParams()
    parts = []
    for name, verdicts in TOTALS:
        weighed = [row for row in met if row["verdict"] in verdicts and row["cargo_best_t"] is not None]
        if not weighed:
            continue
        low, best, high = span_of(weighed, correlation=params.correlation, seed=params.seed, draws=params.draws)
        n = sum(row["verdict"] in verdicts for row in met)
        parts.append(
            f"{name}: {best:,.0f} t (P10 {low:,.0f}, P90 {high:,.0f}; {len(weighed):,} of {n:,} could be weighed)"
        )
    if not parts:
        return "No meeting could be weighed."
    return (
        "Cargo moved between ships, if each was a transfer: "
        + "; ".join(parts)
        + ". These are legs between ships, not "
        "deliveries: the same cargo may pass several hulls."
    )


def _coverage(record: Mapping[str, Any]) -> str:
    coverage = record.get("coverage")
    return str(coverage.get("statement", "")) if isinstance(coverage, Mapping) else ""


def _chart(rows: Rows, where: str) -> Picture:
    shown = list(rows)[:MOST_DRAWN]
    lon, lat = (np.array([row[name] for row in shown], np.float64) for name in ("lon", "lat"))
    sheet = draw_region(
        lon, lat, [row["verdict"] or "" for row in shown], map_layers(lon, lat), title=f"Events, {where}"
    )
    left = f" The first {MOST_DRAWN:,} of {len(rows):,} are drawn." if len(rows) > MOST_DRAWN else ""
    return Picture(sheet, f"Each dot is one event at its middle, by verdict.{left} Coast: GSHHG and Natural Earth.")


def _when(met: Rows) -> list[Block]:
    months, counts = _months(met)
    if not months:
        return [Words("No meeting.")]
    return [Picture(draw_months(months, counts, title="Meetings by month"), "Meetings by month of their start (UTC).")]


def _months(met: Rows) -> tuple[list[str], dict[str, list[int]]]:
    """Months from the first to the last, those without an event too, and the number of each verdict."""
    starts = sorted(row["start_time"] for row in met)
    if not starts:
        return [], {verdict: [] for verdict in STACK}
    first, last = (moment.year * 12 + moment.month - 1 for moment in (starts[0], starts[-1]))
    months = [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(first, last + 1)]
    found = Counter((f"{row['start_time']:%Y-%m}", row["verdict"]) for row in met)
    return months, {verdict: [found[month, verdict] for month in months] for verdict in STACK}


def _meetings(met: Rows) -> list[Block]:
    told = [row for row in met if row["verdict"] in ("likely", "possible")]
    if not told:
        return [Words("No meeting was likely or possible.")]
    told = sorted(told, key=lambda row: (-row["confidence"], row["start_time"]))
    titles = ("event", "start", "h", "ships (flag)", "waters", "confidence", "cargo t", "wording", "mark")
    grid = Grid(titles, tuple(_meeting(row) for row in told[:MOST_EVENTS]))
    if len(told) <= MOST_EVENTS:
        return [grid]
    return [Words(f"The {MOST_EVENTS} of most confidence of {len(told):,}; the export lists all."), grid]


def _meeting(row: Mapping[str, Any]) -> tuple[str, ...]:
    cargo = "" if row["cargo_best_t"] is None else f"{row['cargo_low_t']:,.0f}–{row['cargo_high_t']:,.0f}"
    waters = ", ".join(part for part in ((row["waters"] or "").replace("_", " "), row["state"], row["sea"]) if part)
    return (
        row["event_id"][:8],
        f"{row['start_time']:%Y-%m-%d %H:%M}",
        f"{row['duration_h']:.1f}",
        f"{_ship(row, 1)} and {_ship(row, 2)}",
        waters,
        f"{row['confidence']:.2f} {row['verdict']}",
        cargo,
        level_of(row).phrase,
        row.get("analyst_mark") or "",
    )


def _ship(row: Mapping[str, Any], n: int) -> str:
    if row[f"mmsi_{n}"] is None:
        return "a ship not heard"
    name = row[f"name_{n}"] or f"MMSI {row[f'mmsi_{n}']}"
    listed = ", LISTED" if row[f"listed_{n}"] else ""
    told = f"{name} ({row[f'flag_{n}'] or 'flag unknown'}{listed})"
    return f"a ship not heard (perhaps {told})" if n == 2 and row["type"] == "dark_encounter" else told


def _ships(met: Rows) -> Block:
    """Ships of likely and possible meetings; the guessed partner of a dark meeting is not one of them."""
    counts: dict[int, Counter[str]] = {}
    last: dict[int, tuple[Mapping[str, Any], int]] = {}
    for row in met:
        if row["verdict"] not in ("likely", "possible"):
            continue
        for n in (1, 2):
            mmsi = row[f"mmsi_{n}"]
            if mmsi is None or (n == 2 and row["type"] == "dark_encounter"):
                continue
            counts.setdefault(mmsi, Counter())[row["verdict"]] += 1
            last[mmsi] = (row, n)
    order = sorted(counts, key=lambda m: (-counts[m]["likely"], -counts[m]["possible"], m))
    rows = []
    for mmsi in order[:MOST_SHIPS]:
        row, n = last[mmsi]
        hits = ", ".join(row[f"listed_{n}"] or [])
        size = "" if row[f"length_m_{n}"] is None else f"{row[f'length_m_{n}']:.0f} m"
        imo = row[f"imo_{n}"]
        told = (row[f"name_{n}"] or "", str(mmsi), "" if imo is None else str(imo), row[f"flag_{n}"] or "", size)
        rows.append((*told, str(counts[mmsi]["likely"]), str(counts[mmsi]["possible"]), hits))
    if not rows:
        return Words("No ship took part in a likely or possible meeting.")
    return Grid(("name", "MMSI", "IMO", "flag on the day", "length", "likely", "possible", "list hits"), tuple(rows))


def _flags(met: Rows) -> list[Block]:
    likely, possible = Counter[str](), Counter[str]()
    for row in met:
        flags = {row[f"flag_{n}"] or "unknown" for n in (1, 2) if not (n == 2 and row["type"] == "dark_encounter")}
        for flag in flags:
            likely[flag] += row["verdict"] == "likely"
            possible[flag] += row["verdict"] == "possible"
    named = sorted(
        {f for f in (*likely, *possible) if likely[f] or possible[f]}, key=lambda f: (-likely[f], -possible[f], f)
    )
    if not named:
        return [Words("None.")]
    grid = Grid(("flag", "likely", "possible"), tuple((f, str(likely[f]), str(possible[f])) for f in named))
    return [Words("A meeting counts once for each flag in it; flags are those of the day, where known."), grid]


def _waters(met: Rows) -> Block:
    found = Counter(
        ((row["waters"] or "not known").replace("_", " "), row["state"] or "", row["verdict"])
        for row in met
        if row["verdict"] in ("likely", "possible")
    )
    places = sorted({key[:2] for key in found}, key=lambda p: (-found[*p, "likely"], -found[*p, "possible"], p))
    rows = tuple((*place, str(found[*place, "likely"]), str(found[*place, "possible"])) for place in places)
    return Grid(("waters", "state", "likely", "possible"), rows) if rows else Words("None.")


def _notes(rows: Rows) -> list[Block]:
    marked = [row for row in rows if row.get("analyst_note")]
    if not marked:
        return []
    told = tuple(
        (row["event_id"][:8], row["analyst_mark"] or "", row["analyst_note"].replace("\n", " | ")) for row in marked
    )
    return [Heading("Notes of analysts"), Grid(("event", "mark", "notes"), told)]


def _method(record: Mapping[str, Any], provenance: Mapping[str, Any]) -> list[Block]:
    limits = (
        "A meeting is found from positions that ships sent. What is not sent or not received is not found; a ship may send false positions.",
        "The verdict is a cut on confidence, which is about whether a transfer-like contact occurred; it is no probability that cargo moved.",
        "Waters are computed from a coast index and declared baselines; they are cartography, not law.",
        "Cargo is a range from deadweight and, where crews declared them, draughts; it is no measurement.",
    )
    inputs = tuple(str(name) for name in provenance.get("inputs", []))
    sources = tuple(str(name) for name in provenance.get("licences", []))
    return [Words(STATEMENT), Points(limits), Words("Inputs (with SHA-256) and sources:"), Points((*inputs, *sources))]


def _period(rows: Rows, asked: Mapping[str, Any]) -> str:
    if not rows:
        return "No event"
    first = min(row["start_time"] for row in rows)
    last = max(row["end_time"] for row in rows)
    return f"Events from {_day(first)} to {_day(last)}" + (" (as asked)" if {"since", "until"} & set(asked) else "")


def _day(moment: datetime) -> str:
    return f"{moment:%-d %B %Y}"
