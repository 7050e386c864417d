"""Coverage: for each cell and hour what was heard against what was there, and receivers and feeds that were down.

Ships heard before and after an hour in which nothing came from them were there all the same (`hearing.Hearing`). How
often each of them is heard otherwise says how many of those there should have been heard. An hour in which several
should have been and hardly any was, is an outage; cells and hours that touch are one. What no ship crossed is not in
the table: nothing can be said of it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.detectors.hearing import Hearing
from tracker.params import Params, param
from tracker.tables.column import UTC_MS
from tracker.tables.coverage import COVERAGE, OUTAGES, STATES
from tracker.units import MILLISECONDS_PER_HOUR

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
HEARD, THIN, DOWN, UNKNOWN = range(4)
JUDGED = "engineering judgement; see the module's note"


class CoverageParams(Params):
    """How reception is laid out and judged."""

    cell_deg: float = param(1.0, "height of a cell, degrees", ge=0.01, le=30, source="range of a shore station: 40 nm")
    max_rows: int = param(
        200_000, "most rows of the table; cells grow until they fit", ge=1000, source="size of a case"
    )
    least_expected: float = param(3.0, "ships expected before silence means anything", gt=0, source=JUDGED)
    down_share: float = param(0.1, "heard of expected, less is down, share", ge=0, lt=1, source=JUDGED)
    thin_share: float = param(0.6, "heard of expected, less is thin, share", gt=0, le=1, source=JUDGED)


@dataclass(frozen=True)
class Coverage:
    """Tables `COVERAGE` and `OUTAGES`, and the totals with a sentence that every total can carry."""

    cells: Any
    outages: Any
    totals: dict[str, Any]


@dataclass(frozen=True)
class _Grid:
    """One row for each cell and hour: row and column of the cell, hours counted from 1970."""

    hour: Ints
    row: Ints
    column: Ints
    ships: Ints
    expected: Floats
    heard: Ints
    reports: Ints
    cell_deg: float
    span_h: int

    def edges(self) -> tuple[Any, Any, Any, Any]:
        """West, east, south, north; degrees."""
        width = 360.0 / _columns(self.row, self.cell_deg)
        south = self.row * self.cell_deg - 90.0
        return (
            self.column * width - 180.0,
            (self.column + 1) * width - 180.0,
            south,
            np.minimum(south + self.cell_deg, 90.0),
        )


def measure_coverage(hearing: Hearing, /, *, params: CoverageParams) -> Coverage:
    """Coverage of all that was heard; cells grow, then hours, until the table fits."""
    grid = _lay(hearing, params.cell_deg, 1)
    while len(grid.hour) > params.max_rows:
        cell_deg, span_h = (2 * grid.cell_deg, grid.span_h) if grid.cell_deg < 8 else (grid.cell_deg, 2 * grid.span_h)
        grid = _lay(hearing, cell_deg, span_h)
    state = _judge(grid, params)
    west, east, south, north = grid.edges()
    cells = COVERAGE.conform(
        pa.table(
            {
                "hour": pa.array(grid.hour * MILLISECONDS_PER_HOUR, pa.int64()).cast(UTC_MS),
                "hours": pa.array(np.full(len(grid.hour), grid.span_h), pa.int32()),
                "west": west,
                "east": east,
                "south": south,
                "north": north,
                "ships": pa.array(grid.ships, pa.int32()),
                "expected": np.round(grid.expected, 2),
                "heard": pa.array(grid.heard, pa.int32()),
                "reports": grid.reports,
                "state": pa.array(STATES).take(pa.array(state)),
            }
        )
    )
    outages = _outages(hearing, grid, state, params)
    return Coverage(cells, outages, _totals(hearing, grid, state, outages))


def _columns(row: Ints, cell_deg: float) -> Ints:
    middle = np.radians(np.clip((row + 0.5) * cell_deg - 90.0, -90.0, 90.0))
    return np.asarray(np.maximum(np.rint(360.0 / cell_deg * np.cos(middle)), 1), np.int64)


def _lay(hearing: Hearing, cell_deg: float, span_h: int) -> _Grid:
    row = np.floor((hearing.lat + 90.0) / cell_deg).astype(np.int64).clip(0, int(np.ceil(180.0 / cell_deg)) - 1)
    columns = _columns(np.arange(row.max(initial=0) + 1), cell_deg)[row]
    column = np.floor((hearing.lon + 180.0) % 360.0 / 360.0 * columns).astype(np.int64) % columns
    hour = hearing.hour // span_h * span_h
    keys, at = _told_apart((hour << 32) | (row << 16) | column)
    is_heard = hearing.reports > 0
    n = len(keys)
    return _Grid(
        keys >> 32,
        (keys >> 16) & 0xFFFF,
        keys & 0xFFFF,
        np.bincount(at, minlength=n),
        np.bincount(at, weights=_usual(hearing), minlength=n).astype(np.float64),
        np.bincount(at, weights=is_heard, minlength=n).astype(np.int64),
        np.bincount(at, weights=hearing.reports, minlength=n).astype(np.int64),
        cell_deg,
        span_h,
    )


def _usual(hearing: Hearing) -> Floats:
    """For each ship and hour, share of her hours in which she is heard, shrunk towards that of all ships."""
    if not len(hearing.mmsi):
        return np.empty(0)
    is_heard = hearing.reports > 0
    heard, present = np.bincount(hearing.ship, weights=is_heard), np.bincount(hearing.ship)
    common = float(is_heard.mean())
    return np.asarray(((heard + 2.0 * common) / (present + 2.0))[hearing.ship])


def _told_apart(key: Ints) -> tuple[Ints, Ints]:
    """Numbers once and in order, and the place of each among them; few of them are sorted, not all."""
    codes = pa.array(key).dictionary_encode()
    found = np.asarray(codes.dictionary.to_numpy(), np.int64)
    order = np.argsort(found)
    place = np.empty(len(found), np.int64)
    place[order] = np.arange(len(found))
    return found[order], place[codes.indices.to_numpy()]


def _judge(grid: _Grid, params: CoverageParams) -> npt.NDArray[np.int8]:
    share = grid.heard / np.maximum(grid.expected, 1e-9)
    state = np.select([share < params.down_share, share < params.thin_share], [DOWN, THIN], HEARD)
    few = grid.expected < params.least_expected
    return np.where(few & (state != HEARD), UNKNOWN, state).astype(np.int8)


def _outages(hearing: Hearing, grid: _Grid, state: npt.NDArray[np.int8], params: CoverageParams) -> Any:
    """Feed outages: hours in which no ship at all was heard; area outages: cells down that touch."""
    rows: list[dict[str, Any]] = []
    feed = _feed_hours(hearing, params.least_expected)
    for begin, end in _runs(feed):
        unheard = (hearing.hour >= begin) & (hearing.hour < end)
        rows.append(_row(begin, end, "feed", ship_hours=int(np.count_nonzero(unheard))))
    down = np.flatnonzero((state == DOWN) & ~np.isin(grid.hour, feed))
    west, east, south, north = grid.edges()
    for group in _touching(grid, down):
        begin, end = int(grid.hour[group].min()), int(grid.hour[group].max()) + grid.span_h
        # across the antimeridian the box runs from the eastern side to the western
        across = west[group].min() < -90.0 and east[group].max() > 90.0 and np.ptp(west[group]) > 180.0
        left = west[group][west[group] > 0].min() if across else west[group].min()
        right = east[group][east[group] <= 0].max() if across else east[group].max()
        rows.append(
            _row(begin, end, "area", ship_hours=int((grid.ships[group] - grid.heard[group]).sum()))
            | {
                "cells": len(np.unique(np.stack([grid.row[group], grid.column[group]]), axis=1).T),
                "west": float(left),
                "east": float(right),
                "south": float(south[group].min()),
                "north": float(north[group].max()),
            }
        )
    rows.sort(key=lambda r: (r["start_time"], r["scope"], r["west"] or 0.0, r["south"] or 0.0))
    return OUTAGES.from_rows(rows)


def _row(begin: int, end: int, scope: str, /, *, ship_hours: int) -> dict[str, Any]:
    from datetime import UTC, datetime

    times = [datetime.fromtimestamp(hour * 3600, UTC) for hour in (begin, end)]
    empty = dict.fromkeys(("cells", "west", "east", "south", "north"))
    return {"start_time": times[0], "end_time": times[1], "scope": scope, "ship_hours": ship_hours, **empty}


def _feed_hours(hearing: Hearing, least: float) -> Ints:
    """Hours between the first and the last report in which nobody was heard; none where few are heard at any time."""
    # they are in order
    hours = hearing.hour[hearing.reports > 0]
    first = np.flatnonzero(np.append(len(hours) > 0, hours[1:] != hours[:-1]))
    heard, ships = hours[first], np.diff(np.append(first, len(hours)))
    if not len(heard) or float(np.median(ships)) < least:
        return heard[:0]
    return np.setdiff1d(np.arange(heard[0], heard[-1] + 1), heard, assume_unique=True)


def _runs(hours: Ints) -> list[tuple[int, int]]:
    """Runs of successive hours as (first, one after the last)."""
    if not len(hours):
        return []
    cut = np.flatnonzero(np.diff(hours) > 1) + 1
    return [(int(run[0]), int(run[-1]) + 1) for run in np.split(hours, cut)]


def _touching(grid: _Grid, rows: Ints) -> list[Ints]:
    """Cell-hours that touch in space and time, together."""
    if not len(rows):
        return []
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    width = 360.0 / _columns(grid.row[rows], grid.cell_deg)
    lon = (grid.column[rows] + 0.5) * width
    lat = grid.row[rows] * grid.cell_deg
    # neighbours by hour and row within one, and by longitude within a cell and a half; around the globe by a torus
    scaled = np.column_stack([grid.hour[rows] / grid.span_h, lat / grid.cell_deg, lon / (1.5 * width)])
    pairs = []
    for shift in (0.0, 360.0):
        moved = scaled.copy()
        moved[:, 2] = (lon + shift) / (1.5 * width)
        found = cKDTree(scaled).query_ball_tree(cKDTree(moved), 1.01, p=np.inf)
        pairs += [(i, j) for i, near in enumerate(found) for j in near]
    i, j = np.array(pairs).T
    _, label = connected_components(
        coo_matrix((np.ones(len(i), np.int8), (i, j)), shape=(len(rows), len(rows))), directed=False
    )
    return [rows[label == n] for n in range(int(label.max()) + 1)]


def _totals(hearing: Hearing, grid: _Grid, state: npt.NDArray[np.int8], outages: Any) -> dict[str, Any]:
    ship_hours, heard = len(hearing.hour), int(np.count_nonzero(hearing.reports))
    scopes = outages["scope"].to_pylist()
    times = zip(outages["start_time"].to_pylist(), outages["end_time"].to_pylist(), scopes, strict=True)
    feed_h = sum((end - start).total_seconds() / 3600.0 for start, end, scope in times if scope == "feed")
    cells = len(np.unique((grid.row << 16) | grid.column))
    totals: dict[str, Any] = {
        "ship_hours": ship_hours,
        "ship_hours_heard": heard,
        "heard_share": round(heard / ship_hours, 4) if ship_hours else None,
        "cells": cells,
        "cell_deg": grid.cell_deg,
        "hours": grid.span_h,
        "cell_hours": len(grid.hour),
        "cell_hours_by_state": {name: int(np.count_nonzero(state == n)) for n, name in enumerate(STATES)},
        "area_outages": scopes.count("area"),
        "feed_outages": scopes.count("feed"),
        "feed_down_h": round(feed_h, 1),
    }
    return totals | {"statement": coverage_statement(totals)}


def coverage_statement(totals: dict[str, Any], /) -> str:
    """One or two sentences that a total can carry: what share was heard, and that the rest is not in it."""
    if not totals.get("ship_hours"):
        return "Coverage: nothing was heard."
    words = (
        f"Coverage: {100 * totals['heard_share']:.0f} % of {totals['ship_hours']:,} ship-hours known to lie in the area "
        f"were heard, in {totals['cells']:,} cell{'' if totals['cells'] == 1 else 's'} of {totals['cell_deg']:g} degree"
    )
    outages = []
    if totals["feed_outages"]:
        outages.append(f"the whole feed was silent for {totals['feed_down_h']:g} h")
    if totals["area_outages"]:
        outages.append(f"{totals['area_outages']:,} area outage(s)")
    words += "; " + " and ".join(outages) if outages else "; no outage found"
    return words + ". Ships and places that were never heard are in no figure."
